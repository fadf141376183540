//! Sums and averages are of numbers, and of a type that can hold them.
use relata::prelude::*;
use relata_ui::{Post, User};

fn main() {
    let _ = Post::query().select(Post.title.sum::<i64>());
    let _ = User::query().select(User.posts.avg::<_, f64>(Post.published));
    let _ = Post::query().select(Post.id.sum::<i32>());
    let _ = Post::query().select(Post.id.avg::<i32>());
}
