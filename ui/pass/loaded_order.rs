//! `loaded!` is the query's type, in whatever order things are said; `?` is `with_if`.
use relata::Query;
use relata::prelude::*;
use relata_ui::{Comment, Post, User};

fn both() -> Query<loaded!(User { posts, profile })> {
    User::query().with(User.profile).with(User.posts)
}

fn swapped() -> Query<loaded!(User { profile, posts })> {
    both()
}

fn perhaps(deep: bool) -> Query<loaded!(User { profile, posts? { comments { author }, author? } })> {
    let posts = User.posts.with_if(deep, Post.author).with(Post.comments.with(Comment.author));
    User::query().with_if(deep, posts).with(User.profile)
}

fn none() -> Query<loaded!(User)> {
    User::query()
}

fn nothing() -> Query<loaded!(User {})> {
    User::query()
}

fn main() {
    let _ = (both(), swapped(), perhaps(true), none(), nothing());
    let read = |user: &loaded!(User { posts? })| user.posts().map(<[Post]>::len);
    let _ = read;
}
