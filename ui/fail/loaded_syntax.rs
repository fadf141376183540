//! `loaded!` says what it expects.
use relata::prelude::*;
use relata_ui::User;

type A = loaded!();
type B = loaded!(User { posts profile });
type C = loaded!(User { posts, posts });
type D = loaded!(User { posts }, Post);
type E = loaded!(User { "posts" });

fn main() {}
