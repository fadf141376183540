//! What is no newtype: one message each, with its fix, and none for the entity that has such a column.
use relata::prelude::*;

#[derive(Newtype, Debug, Clone)]
struct Generic<T>(T);

#[derive(Newtype, Debug, Clone)]
struct Borrowed<'a>(&'a str);

#[derive(Newtype, Debug, Clone)]
struct Named {
    id: i32,
}

#[derive(Newtype, Debug, Clone)]
struct Two(i32, i32);

#[derive(Newtype, Debug, Clone)]
struct Address {
    city: String,
    street: String,
}

#[derive(Newtype, Debug, Clone)]
struct Nothing;

#[derive(Newtype, Debug, Clone)]
enum Color {
    Red,
}

#[derive(Newtype, Debug, Clone)]
struct Perhaps(Option<i32>);

#[derive(Newtype, Debug, Clone)]
struct Static(&'static str);

#[derive(Newtype, Debug, Clone)]
#[newtype(table = "ids")]
struct Argument(i32);

#[derive(Newtype, Debug, Clone)]
#[newtype(crate = "relata")]
struct Quoted(i32);

#[derive(Entity, Clone)]
#[entity(table = "users")]
struct User {
    #[key]
    id: Named,
    two: Two,
    address: Address,
    nothing: Nothing,
    color: Color,
    perhaps: Perhaps,
    fixed: Static,
    argument: Option<Argument>,
    quoted: Vec<Quoted>,
}

fn main() {}
