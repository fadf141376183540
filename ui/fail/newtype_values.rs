//! A newtype holds what PostgreSQL has a type for and is `Debug`; it compares with itself, and a relation equates it with
//! itself.
use relata::prelude::*;

#[derive(Debug, Clone)]
struct Opaque;

#[derive(Newtype, Debug, Clone)]
struct Around(Opaque);

#[derive(Newtype, Clone)]
struct Silent(i32);

type Maybe = Option<i32>;

#[derive(Newtype, Debug, Clone)]
struct Alias(Maybe);

#[derive(Newtype, Debug, Clone)]
struct UserId(i32);

#[derive(Entity, Clone)]
#[entity(table = "users")]
#[has_many(posts: Vec<Post>, by = user_id)]
struct User {
    #[key]
    id: UserId,
}

#[derive(Entity, Clone)]
#[entity(table = "posts")]
#[belongs_to(author: User, by = user_id)]
struct Post {
    #[key]
    id: i32,
    user_id: i32,
}

fn main() {
    let _ = User.id.like("5%");
    let _ = User.id.eq(5_i64);
}
