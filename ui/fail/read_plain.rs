//! A plain entity has no relations to read.
use relata_ui::User;

fn posts(user: &User) -> usize {
    user.posts().len()
}

fn below(user: &relata::loaded!(User { posts })) -> usize {
    user.posts()[0].comments().len()
}

fn main() {}
