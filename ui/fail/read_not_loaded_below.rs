//! The same one level down.
use relata::prelude::*;
use relata_ui::User;

fn likes(user: &loaded!(User { posts { author } })) -> usize {
    user.posts().iter().map(|post| post.comments().len()).sum()
}

fn main() {}
