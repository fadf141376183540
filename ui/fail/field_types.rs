//! Columns are what tokio-postgres reads; embedded structs derive `Embed`; an entity is `Clone`.
use relata::prelude::*;

#[derive(Clone)]
struct Opaque;

#[derive(Entity, Clone)]
#[entity(table = "users")]
struct User {
    #[key]
    id: i32,
    opaque: Opaque,
    #[column(embed)]
    address: String,
}

#[derive(Entity)]
#[entity(table = "posts")]
#[belongs_to(author: User, by = user_id)]
struct Post {
    #[key]
    id: i32,
    user_id: i32,
}

fn main() {}
