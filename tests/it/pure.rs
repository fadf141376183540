//! Tests without a database.

mod check;
mod plan;
pub mod snapshots;
mod strategies;
