//! A column is compared with values of its type.
use relata::prelude::*;
use relata_ui::{Post, User};

fn main() {
    let _ = User::query().filter(User.name.eq(1));
    let _ = User::query().filter(User.id.eq("a"));
    let _ = Post::query().filter(Post.user_id.eq(Post.title));
    let _ = User::query().filter(User.name.is_in([1, 2]));
}
