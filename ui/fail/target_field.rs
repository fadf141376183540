//! Fields of the target that it does not have, and a target that is no entity.
use relata::prelude::*;

#[derive(Entity, Clone)]
#[entity(table = "users")]
#[has_many(posts: Vec<Post>, by = author)]
#[has_many(strings: Vec<String>, by = author)]
struct User {
    #[key]
    id: i32,
}

#[derive(Entity, Clone)]
#[entity(table = "posts")]
#[belongs_to(author: User, by = user_id, references = key)]
#[belongs_to(missing: Missing, by = user_id)]
struct Post {
    #[key]
    id: i32,
    user_id: i32,
}

fn main() {}
