//! Views that load each other.
use relata::prelude::*;
use relata_ui::{Post, User};

#[derive(View)]
#[view(Post)]
struct Article {
    title: String,
    #[view(load)]
    author: Writer,
}

#[derive(View)]
#[view(User)]
struct Writer {
    name: String,
    #[view(load)]
    posts: Vec<Article>,
}

fn main() {}
