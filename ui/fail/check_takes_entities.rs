//! A check takes entities and tuples of them.
use relata::check::Entities;
use relata_ui::{Comment, Post, User};

fn check<S: Entities>() {}

fn main() {
    check::<(User, (Post, Comment))>();
    check::<String>();
    check::<(User, Vec<Post>)>();
}
