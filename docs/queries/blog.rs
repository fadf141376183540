// The entities of the README's first program, for those after it.

use relata::prelude::*;

#[derive(Entity, Debug, Clone)]
#[entity(table = "users")]
#[has_many(posts: Vec<Post>, by = user_id)]
pub struct User {
    #[key(generated)]
    pub id: i32,
    pub name: String,
}

#[derive(Entity, Debug, Clone)]
#[entity(table = "posts")]
#[belongs_to(author: User, by = user_id)]
pub struct Post {
    #[key(generated)]
    pub id: i32,
    pub title: String,
    pub user_id: i32,
}
