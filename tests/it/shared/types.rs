//! Every type that PostgreSQL and tokio-postgres have in common: as a column, in arrays, as a key, in filters.
//!
//! What needs a feature has a crate of its own, `types/`, with the same questions.

mod cell;
mod macros;
mod page;
mod own;
mod table;
mod inexact;
mod newtypes;

use crate::support::{World, connect};

/// What needs a feature or a crate is compared by the crate `types/`.
#[test]
fn the_page_of_types_says_what_is_tested() {
    let page = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/types.md");
    page::check(&page, true, &[("–", table::ROWS)]);
}
