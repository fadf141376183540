//! A `pub` entity that leads to one that is not.
use relata::prelude::*;

#[derive(Entity, Clone)]
#[entity(table = "users")]
#[has_many(posts: Vec<Post>, by = user_id)]
pub struct User {
    #[key]
    pub id: i32,
}

#[derive(Entity, Clone)]
#[entity(table = "posts")]
pub(crate) struct Post {
    #[key]
    pub(crate) id: i32,
    pub(crate) user_id: i32,
}

fn main() {}
