//! Columns that `references` names have the type of those that `by` names.
use relata::prelude::*;

#[derive(Entity, Clone)]
#[entity(table = "users")]
#[has_many(posts: Vec<Post>, by = author, references = name)]
struct User {
    #[key]
    id: i32,
    name: String,
}

#[derive(Entity, Clone)]
#[entity(table = "posts")]
#[belongs_to(writer: User, by = title, references = id)]
#[belongs_to(editor: User, by = published, references = name)]
struct Post {
    #[key]
    id: i32,
    title: String,
    published: bool,
    author: i64,
}

fn main() {}
