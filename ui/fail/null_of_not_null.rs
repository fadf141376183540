//! A column that cannot be NULL is not asked for it.
use relata::prelude::*;
use relata_ui::{Post, User};

fn main() {
    let _ = User::query().filter(User.name.is_null());
    let _ = Post::query().filter(Post.author.name.is_not_null());
}
