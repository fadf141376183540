//! One row has no order.
use relata::prelude::*;
use relata_ui::{Post, Profile, User};

fn main() {
    let _ = Post::query().with(Post.author.order_by(User.name.asc()));
    let _ = User::query().with(User.profile.filter(Profile.bio.eq("a")).order_by(Profile.bio.asc()));
}
