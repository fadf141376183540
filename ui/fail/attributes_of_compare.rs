//! Errors in where a key is compared.
use relata::prelude::*;

#[derive(Entity, Clone)]
#[entity(table = "users")]
struct User {
    #[key]
    #[column(compare = server)]
    id: i32,
    #[column(compare = "database")]
    a: i32,
    #[column(compare)]
    b: i32,
    #[column(skip, compare = database)]
    c: i32,
    #[column(embed, compare = client)]
    d: relata_ui::Address,
    #[column(compare = client, compare = database)]
    e: i32,
}

fn main() {}
