//! An `Option` under another name is a column that the derive takes for one that cannot be NULL.
use relata::prelude::*;

type Maybe<T> = Option<T>;

#[derive(Entity, Clone)]
#[entity(table = "users")]
struct User {
    #[key]
    id: i32,
    name: Maybe<String>,
}

fn main() {}
