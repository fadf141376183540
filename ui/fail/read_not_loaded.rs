//! A relation that the query did not load cannot be read.
use relata::prelude::*;
use relata_ui::User;

fn profile(user: &loaded!(User { posts })) -> bool {
    user.profile().is_some()
}

fn by_value(user: loaded!(User { posts })) {
    let _ = user.into_profile();
}

fn main() {}
