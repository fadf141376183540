//! A field of a view whose type is not what is selected for it.
use relata::prelude::*;
use relata_ui::{Comment, Post, User};

#[derive(View)]
#[view(Post)]
struct WrongType {
    title: i32,
}

#[derive(View)]
#[view(Comment)]
struct NullableColumn {
    user_id: i32,
}

#[derive(View)]
#[view(Comment)]
struct OptionalPath {
    #[view(path = author.name)]
    author: String,
}

#[derive(View)]
#[view(Comment)]
struct OptionalEntity {
    #[view(path = author)]
    author: User,
}

#[derive(View)]
#[view(Post)]
struct NoRowToSum {
    #[view(sum = comments.id)]
    total: i64,
}

#[derive(View)]
#[view(Post)]
struct WrongExpression {
    #[view(expr = title.length())]
    title: String,
}

fn main() {}
