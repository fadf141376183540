//! What is loaded into a view's field is an entity or a view, and ends somewhere.
use relata::prelude::*;
use relata_ui::{Comment, LoadedComment, Post, User};

struct Forgotten {
    body: String,
}

#[derive(View)]
#[view(Post)]
struct NoView {
    #[view(load)]
    comments: Vec<Forgotten>,
}

#[derive(View)]
#[view(Post)]
struct Loaded {
    #[view(load)]
    comments: Vec<LoadedComment>,
}

fn main() {
    let _ = (User::query(), Comment::query());
}
