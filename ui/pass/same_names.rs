//! The user's own methods and traits, named as relations, columns and generated methods are.
#![deny(warnings)]
use relata::prelude::*;

#[derive(Entity, Debug, Clone)]
#[entity(table = "users")]
#[has_many(posts: Vec<Post>, by = user_id)]
#[has_many(drafts: Vec<Post>, by = user_id)]
pub struct User {
    #[key]
    pub id: i32,
    pub name: String,
    pub query: String,
    pub filter: String,
    pub table: String,
    pub columns: String,
}

#[derive(Entity, Debug, Clone)]
#[entity(table = "posts")]
pub struct Post {
    #[key]
    pub id: i32,
    pub user_id: i32,
    pub filter: String,
}

impl User {
    pub fn name(&self) -> &str {
        &self.name
    }

    pub fn posts(&self) -> usize {
        7
    }

    pub fn into_posts(self) -> usize {
        8
    }

    pub fn decode() -> usize {
        9
    }

    pub fn finish() -> usize {
        10
    }
}

pub trait Titles {
    fn titles(&self) -> usize;
}

impl Titles for LoadedUser<Vec<Post>> {
    fn titles(&self) -> usize {
        self.posts().len()
    }
}

fn main() {
    let user =
        User { id: 1, name: "a".into(), query: "b".into(), filter: "c".into(), table: "d".into(), columns: "e".into() };
    assert_eq!((user.name(), user.posts(), User::decode(), User::finish()), ("a", 7, 9, 10));
    assert_eq!(user.into_posts(), 8);
    let _ = User::query()
        .filter(User.query.eq("b") & User.filter.eq("c") & User.table.eq("d") & User.columns.eq("e"))
        .filter(User.posts.any(Post.filter.eq("c")))
        .with(User.posts.filter(Post.user_id.eq(1)))
        .with(User.drafts);
    let read = |user: &loaded!(User { posts })| (user.posts().iter().map(|post| post.id).sum::<i32>(), user.titles());
    let _ = read;
}
