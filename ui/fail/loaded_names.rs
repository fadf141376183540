//! `loaded!` of what is no entity, and of relations that there are not.
use relata::prelude::*;
use relata_ui::User;

fn no_entity(_: loaded!(String { posts })) {}
fn no_relation(_: loaded!(User { posts, likes })) {}
fn below(_: loaded!(User { posts { likes { author } } })) {}

fn main() {}
