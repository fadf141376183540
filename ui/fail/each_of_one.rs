//! `each` is of relations to many, `is_absent` of one that may lead to none, and `any` and `count` are of all rows.
use relata::prelude::*;
use relata_ui::{Comment, Post, User};

fn main() {
    let _ = Post::query().select(Post.author.each().name);
    let _ = Comment::query().select(Comment.author.each_or_null().name);
    let _ = Post::query().filter(Post.author.is_absent());
    let _ = User::query().filter(User.posts.is_absent());
    let _ = User::query().filter(User.posts.each().any(Post.id.gt(1)));
    let _ = User::query().select(User.posts.each().count());
}
