//! A path over a to-many relation is no single value, wherever it stands.
use relata::case;
use relata::prelude::*;
use relata_ui::{Post, User};

fn main() {
    let _ = User::query().select(User.posts.title);
    let _ = User::query().select((User.name, User.posts.author.name));
    let _ = User::query().select(User.posts);
    let _ = User::query().select(User.posts.comments.each().body);
    let _ = Post::query().group_by(Post.comments.body).select(Post.comments.body);
    let _ = User::query().filter(User.name.eq(User.posts.title));
    let _ = User::query().filter((User.posts.id + 1).gt(1));
    let _ = User::query().filter((User.id + User.posts.id).gt(1));
    let _ = User::query().select(User.posts.title.lower());
    let _ = User::query().select(User.posts.id.max());
    let _ = User::query().select(case(User.id.gt(1), User.posts.title).otherwise("none"));
}
