//! What can be selected: expressions, entities at the end of paths, and tuples of such.
use relata::prelude::*;
use relata_ui::{Post, User};

struct Mine;

fn main() {
    let _ = User::query().select(Mine);
    let _ = User::query().select((User.name, User.posts.order_by(Post.id.asc())));
    let _ = User::query().select(vec![User.name]);
    let _ = User::query().select(&User.name);
    let _ = User::query().select(User.name == "a");
    let _ = User::query().select(User.name.asc());
    let _ = User::query().group_by(Mine);
}
