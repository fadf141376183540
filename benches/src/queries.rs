//! The measured loads, as a program that uses relata writes them.
//!
//! Must not know the floor, which takes its statements' texts from here.

use relata::Query;
use relata::prelude::*;

use crate::model::{Post, User};

/// Users and their posts.
pub fn users_posts(most: i32) -> Query<loaded!(User { posts })> {
    User::query().filter(User.id.le(most)).with(User.posts)
}

/// Users, their posts, the comments on these.
pub fn users_posts_comments(most: i32) -> Query<loaded!(User { posts { comments } })> {
    User::query().filter(User.id.le(most)).with(User.posts.with(Post.comments))
}

/// The same in one statement.
pub fn users_posts_joined(most: i32) -> Query<loaded!(User { posts })> {
    User::query().filter(User.id.le(most)).with(User.posts.joined())
}

/// The posts of so many users, each with its author, in two statements.
pub fn posts_author(most: i32) -> Query<loaded!(Post { author })> {
    Post::query().filter(Post.user_id.le(most)).with(Post.author.select_in())
}

/// The same in one, as it is without a word.
pub fn posts_author_joined(most: i32) -> Query<loaded!(Post { author })> {
    Post::query().filter(Post.user_id.le(most)).with(Post.author)
}
