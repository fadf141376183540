//! PostgreSQL compares what is of one type, or of one family of numbers.
use relata::count;
use relata::prelude::*;
use relata_ui::{Comment, Post, User};

fn main() {
    let _ = Post::query().filter(Post.title.eq(Post.id));
    let _ = Post::query().filter(Post.id.between(1, "b"));
    let _ = Post::query().filter(Post.title.length().eq(Post.author.name));
    let _ = Comment::query().filter(Comment.user_id.is_not_distinct_from(Comment.body));
    let _ = Post::query().select(Post.title.null_if(Post.id));
    let _ = User::query().filter(User.posts.count().gt(1_i32));
    let _ = Post::query().group_by(Post.title).having(count().gt("1")).select(Post.title);
    let _ = Post::query().select(Post.title + Post.id);
    let _ = Post::query().select(Post.id + "a");
}
