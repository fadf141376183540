//! A foreign key has a column for each of the key that it refers to.
use relata::prelude::*;

#[derive(Entity, Clone)]
#[entity(table = "accounts")]
struct Account {
    #[key]
    bank: i32,
    #[key]
    number: i32,
}

#[derive(Entity, Clone)]
#[entity(table = "entries")]
#[belongs_to(one: Account, by = number)]
#[belongs_to(other: Account, by = (bank, number, id))]
struct Entry {
    #[key]
    id: i32,
    bank: i32,
    number: i32,
}

fn main() {}
