//! A fragment has a text of the program, and a tuple of expressions over the rows of its query.
use relata::prelude::*;
use relata::raw_predicate;
use relata_ui::{Post, User};

struct Mine;

fn main() {
    let _ = User::query().filter(raw_predicate("{} ~ 'a'", User.name));
    let _ = User::query().filter(raw_predicate("{} ~ {}", (User.name, Post.title)));
    let _ = User::query().filter(raw_predicate("{} ~ {}", (User.name, Mine)));
    let _ = User::query().filter(raw_predicate(format!("{} = 1", "id"), ()));
    let _ = User::from_sql("SELECT * FROM users WHERE id = {}", 1);
}
