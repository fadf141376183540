//! A column of an embedded struct that the entity has, too.
use relata::prelude::*;

#[derive(Embed, Clone)]
struct Address {
    city: String,
    id: i32,
}

#[derive(Entity, Clone)]
#[entity(table = "users")]
struct User {
    #[key]
    id: i32,
    #[column(embed)]
    address: Address,
}

fn main() {}
