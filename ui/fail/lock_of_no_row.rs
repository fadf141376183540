//! PostgreSQL locks rows that are there: no column, no row that may be absent, no rows of a collection.
use relata::prelude::*;
use relata_ui::{Comment, Post, User};

fn main() {
    let _ = Comment::query().for_update().of(Comment.author);
    let _ = Post::query().for_update().of(Post.title);
    let _ = User::query().for_update().of(User.posts);
    let _ = User::query().for_update().of(User.posts.each_or_null());
}
