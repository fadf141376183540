//! Attributes of a view that cannot be read, or do not go together: each mistake has one message, and its fix.
use relata::prelude::*;
use relata_ui::{Comment, Post, User};

#[derive(View)]
struct NoEntity {
    title: String,
}

#[derive(View)]
#[view("posts")]
struct Quoted {
    title: String,
}

#[derive(View)]
#[view(entity = Post)]
struct Argument {
    title: String,
}

#[derive(View)]
#[view(Post)]
struct Generic<T> {
    title: T,
}

#[derive(View)]
#[view(Post)]
struct Tuple(String);

#[derive(View)]
#[view(Post)]
enum Choice {
    One,
}

#[derive(View)]
#[view(Post)]
struct Nothing {}

#[derive(View)]
#[view(Post)]
struct Fields {
    #[view(colum = title)]
    misspelt: String,
    #[view(where = id.gt(1))]
    elsewhere: Vec<Comment>,
    #[view(path = "author.name")]
    quoted: String,
    #[view(path = author.name.lower())]
    called: String,
    #[view(path = author.name, count = comments)]
    both: String,
    #[view(sum = comments)]
    no_column: Option<i64>,
    #[view(count)]
    no_path: i64,
    #[view(expr = title, filter = id.gt(1))]
    filtered: String,
    #[view(count = comments, limit = 2)]
    limited: i64,
    #[view(relation = comments, order_by = id desc)]
    ordered: Vec<Comment>,
    #[view(relation = comments, select_in, joined)]
    twice: Vec<Comment>,
    #[view(relation = comments, window)]
    window: Vec<Comment>,
    #[view(relation = comments, limit)]
    unlimited: Vec<Comment>,
    #[view(relation = comments, limit = 1, limit = 2)]
    limits: Vec<Comment>,
}

// What is broken already brings no error of its use.
#[derive(View)]
#[view(User)]
struct Outer {
    #[view(load)]
    posts: Vec<Fields>,
}

fn main() {
    let _ = Fields::query().filter(Post.id.eq(1));
    let _ = User::query().with(User.posts.view::<Fields>());
}
