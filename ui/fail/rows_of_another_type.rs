//! A query within another gives one column, of a type that compares.
use relata::prelude::*;
use relata::{exists, scalar};
use relata_ui::{Post, User};

fn main() {
    let _ = User::query().filter(User.id.is_in_rows(Post::query().select(Post.title)));
    let _ = User::query().filter(User.id.is_in_rows(Post::query()));
    let _ = User::query().filter(User.id.is_in_rows([1, 2]));
    let _ = User::query().select(scalar(Post::query().select((Post.id, Post.title))));
    let _ = User::query().filter(exists(User.posts));
}
