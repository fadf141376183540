//! A column, or a relation, that an entity does not have.
use relata::prelude::*;
use relata_ui::{Post, User};

fn query() -> relata::Query<loaded!(User { posts { likes } })> {
    User::query().filter(User.nam.eq("a")).filter(User.posts.any(Post.author.title.eq("a"))).with(User.posts)
}

fn main() {}
