//! Paths in a view that lead to no single value.
use relata::prelude::*;
use relata_ui::{Address, Post, User};

#[derive(Entity, Clone)]
#[entity(table = "houses")]
struct House {
    #[key]
    id: i32,
    #[column(embed)]
    address: Address,
}

#[derive(View)]
#[view(User)]
struct Titles {
    #[view(path = posts.title)]
    title: String,
}

#[derive(View)]
#[view(User)]
struct Unmarked {
    posts: Vec<Post>,
}

#[derive(View)]
#[view(House)]
struct Embedded {
    address: Address,
}

#[derive(View)]
#[view(Post)]
struct OtherRoot {
    #[view(expr = User.name)]
    name: String,
}

#[derive(View)]
#[view(User)]
struct Expression {
    #[view(expr = posts.title.lower())]
    title: Option<String>,
}

fn main() {}
