//! `LIKE` is for text.
use relata::prelude::*;
use relata_ui::User;

fn main() {
    let _ = User::query().filter(User.id.like("1%"));
    let _ = User::query().filter(User.id.contains("1"));
}
