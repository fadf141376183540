//! What is selected, compared, grouped and ordered begins with the entity of the query.
use relata::count;
use relata::prelude::*;
use relata_ui::{Comment, Post, User};

fn main() {
    let _ = User::query().select(Post.title);
    let _ = User::query().select((User.name, Post.author));
    let _ = User::query().select(User.name).filter(Post.title.eq("a"));
    let _ = User::query().select(User.name).order_by(Post.title.asc());
    let _ = User::query().filter((User.id + Post.id).gt(1));
    let _ = Post::query().group_by(User.name).select(count());
    let _ = Post::query().group_by(Post.title).having(User.id.max().gt(1)).select(Post.title);
    let _ = User::query().select(User.posts.sum(Comment.id));
    let _ = User::query().select(User.posts.count().filter(Comment.body.eq("a")));
    let _ = User::query().filter(User.posts.any(Post.title.eq(User.name)));
}
