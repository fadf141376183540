//! An entity that derives `SimpleObject`, too, which makes a method for each field.
#![deny(warnings)]
use async_graphql::SimpleObject;
use relata::prelude::*;

#[derive(Entity, SimpleObject, Debug, Clone, PartialEq)]
#[entity(table = "users")]
#[has_many(posts: Vec<Post>, by = user_id)]
#[graphql(complex)]
pub struct User {
    #[key]
    pub id: i32,
    pub name: String,
}

#[derive(Entity, SimpleObject, Debug, Clone, PartialEq)]
#[entity(table = "posts")]
#[belongs_to(author: User, by = user_id)]
pub struct Post {
    #[key]
    pub id: i32,
    pub title: String,
    pub user_id: i32,
}

#[async_graphql::ComplexObject]
impl User {
    async fn posts(&self) -> Vec<Post> {
        Vec::new()
    }
}

fn main() {
    let _ = User::query().filter(User.name.eq("Alice")).with(User.posts.filter(Post.title.like("A%")).with(Post.author));
}
