//! One row has no limit.
use relata::prelude::*;
use relata_ui::{Post, Profile, User};

fn main() {
    let _ = Post::query().with(Post.author.limit(1));
    let _ = User::query().with(User.profile.filter(Profile.bio.eq("a")).offset(1));
}
