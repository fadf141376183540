//! Names that an entity does not have, in a view.
use relata::prelude::*;
use relata_ui::{Comment, Post, User};

#[derive(View)]
#[view(Post)]
struct Field {
    titel: String,
}

#[derive(View)]
#[view(Post)]
struct AlongAPath {
    #[view(path = author.nam)]
    author: String,
}

#[derive(View)]
#[view(Post)]
struct Relation {
    #[view(relation = coments)]
    comments: Vec<Comment>,
}

#[derive(View)]
#[view(Post)]
struct Aggregates {
    #[view(count = coments)]
    replies: i64,
    #[view(max = comments.idd)]
    last: Option<i32>,
    #[view(count = comments, filter = boddy.ne(""))]
    filled: i64,
}

#[derive(View)]
#[view(Post)]
struct Loads {
    // The target's fields are meant, and not those of the view's entity.
    #[view(order_by = title.desc())]
    comments: Vec<Comment>,
    #[view(relation = comments, filter = bdy.ne(""))]
    others: Vec<Comment>,
}

#[derive(View)]
#[view(Pots)]
struct Entity {
    title: String,
}

#[derive(View)]
#[view(Field)]
struct OfAView {
    titel: String,
}

fn main() {
    let _ = User::query();
}
