//! Values that stand for each other are of one type.
use relata::case;
use relata::prelude::*;
use relata_ui::{Comment, Post};

fn main() {
    let _ = Comment::query().select(Comment.user_id.or("none"));
    let _ = Comment::query().select(Comment.author.name.or(Comment.id));
    let _ = Post::query().select(case(Post.id.gt(1), "a").otherwise(1));
    let _ = Post::query().select(case(Post.id.gt(1), Post.id).when(Post.id.gt(0), Post.title).end());
    let _ = Post::query().select(case(Post.id, "a").end());
    let _ = Post::query().select(case(Post.id.gt(1), "a"));
}
