//! Rows are filtered, grouped and ordered before there are aggregates of them.
use relata::count;
use relata::prelude::*;
use relata_ui::{Post, User};

fn main() {
    let _ = Post::query().filter(count().gt(5));
    let _ = Post::query().filter(Post.title.eq("a") & count().gt(5));
    let _ = Post::query().filter(Post.id.gt(Post.id.max()));
    let _ = Post::query().group_by(Post.id.max()).select(count());
    let _ = Post::query().order_by(count().asc());
    let _ = User::query().filter(User.posts.any(count().gt(1)));
    let _ = User::query().select(User.posts.sum::<_, i64>(Post.id.max()));
    let _ = Post::query().select(Post.id.max().max());
}
