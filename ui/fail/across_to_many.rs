//! A path over a to-many relation is no single value.
use relata::prelude::*;
use relata_ui::{Post, User};

fn main() {
    let _ = User::query().filter(User.posts.title.eq("a"));
    let _ = Post::query().filter(Post.author.posts.title.like("a%"));
    let _ = User::query().order_by(User.posts.title.asc());
}
