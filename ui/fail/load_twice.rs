//! A relation is loaded once by a query.
use relata::prelude::*;
use relata_ui::{Post, User};

fn main() {
    let _ = User::query().with(User.posts).with(User.posts.filter(Post.published.eq(true)));
    let _ = User::query().with(User.posts.with(Post.author).with(Post.author));
}
