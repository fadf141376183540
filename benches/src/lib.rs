//! What the measurements share: the rows, the way to the server, the same loads by relata and by hand, the statistics.
//!
//! Must not know which program measures what: each binary says so in its first lines.

pub mod client;
pub mod floor;
pub mod levels;
pub mod model;
pub mod pair;
pub mod queries;

/// What a measurement ends in: its errors go to the shell.
pub type Outcome<T> = Result<T, Box<dyn std::error::Error + Send + Sync>>;
