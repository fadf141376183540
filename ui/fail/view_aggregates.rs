//! Aggregates that are no field of a view.
use relata::prelude::*;
use relata_ui::{Post, User};

#[derive(View)]
#[view(Post)]
struct OfAllRows {
    #[view(expr = relata::count())]
    all: i64,
    #[view(expr = id.max())]
    last: Option<i32>,
}

#[derive(View)]
#[view(Post)]
struct OfAColumn {
    #[view(count = title)]
    titles: i64,
}

#[derive(View)]
#[view(User)]
struct OfText {
    #[view(sum = posts.title)]
    titles: Option<i64>,
}

#[derive(View)]
#[view(User)]
struct Filtered {
    #[view(count = posts, filter = User.name.eq("a"))]
    posts: i64,
}

fn main() {}
