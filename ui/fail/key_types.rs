//! Columns that a relation equates have one type.
use relata::prelude::*;

#[derive(Entity, Clone)]
#[entity(table = "users")]
#[has_many(posts: Vec<Post>, by = author)]
struct User {
    #[key]
    id: i32,
}

#[derive(Entity, Clone)]
#[entity(table = "posts")]
#[belongs_to(writer: User, by = author)]
struct Post {
    #[key]
    id: i32,
    author: String,
}

fn main() {}
