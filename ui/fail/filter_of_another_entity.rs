//! A filter is about the entity of its query.
use relata::prelude::*;
use relata_ui::{Post, User};

fn main() {
    let _ = User::query().filter(Post.title.eq("a"));
    let _ = User::query().filter(User.posts.any(User.name.eq("a")));
    let _ = User::query().order_by(Post.title.asc());
    let _ = User::query().filter(User.name.eq(Post.title));
}
