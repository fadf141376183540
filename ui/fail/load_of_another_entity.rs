//! A load starts from the entity that it is given to.
use relata::prelude::*;
use relata_ui::{Post, User};

fn main() {
    let _ = User::query().with(Post.comments);
    let _ = User::query().with(User.posts.comments);
    let _ = User::query().with(User.posts.with(User.profile));
    let _ = User::query().with(User.name);
}
