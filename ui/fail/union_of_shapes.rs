//! Set operations are of queries of one shape.
use relata::prelude::*;
use relata_ui::{Comment, Post, User};

fn main() {
    let _ = Post::query().union(User::query());
    let _ = Post::query().with(Post.author).union(Post::query());
    let _ = Post::query().select(Post.title).union(Post::query().select(Post.id));
    let _ = Post::query().select(Post.user_id).union_all(Comment::query().select(Comment.user_id));
    let _ = Post::query().select(Post.title).intersect(Post::query());
}
