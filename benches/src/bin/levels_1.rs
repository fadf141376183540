//! The program that `deep` is, with one load.
//!
//! Must not differ from it in anything else: `mono.sh` takes the difference.

use relata::prelude::*;
use relata_benches::model::Post;
use relata_benches::{Outcome, from_post, levels};

fn main() -> Outcome<()> {
    levels::run(1, Post::query().with(from_post!(_)))
}
