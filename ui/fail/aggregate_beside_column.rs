//! An aggregate and a column of single rows stand side by side where rows are grouped.
use relata::count;
use relata::prelude::*;
use relata_ui::{Post, User};

fn main() {
    let _ = Post::query().select((Post.title, count()));
    let _ = Post::query().select(Post.id + Post.id.max());
    let _ = User::query().select((User.posts.count(), count()));
}
