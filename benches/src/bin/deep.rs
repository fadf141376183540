//! Builds and runs a query of twenty nested loads.
//!
//! Must not know how the loads are fetched. A chain this long is where types and futures that grow with the tree fail,
//! some of them in `cargo build` alone; so this program is built, and run.

use relata::prelude::*;
use relata_benches::model::Post;
use relata_benches::{Outcome, from_post, levels};

fn main() -> Outcome<()> {
    levels::run(20, Post::query().with(from_post!(_ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _)))
}
