//! The program that `deep` is, without loads.
//!
//! Must not differ from it in anything else: `mono.sh` takes the difference.

use relata::prelude::*;
use relata_benches::model::Post;
use relata_benches::{Outcome, levels};

fn main() -> Outcome<()> {
    levels::run(0, Post::query())
}
