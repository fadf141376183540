//! The integration tests, in one binary, filed first by what they need.
//!
//! `pure` needs no database; `shared` has a schema of its own for each test, on one server, in parallel; `isolated`
//! breaks connections and servers.

#![allow(missing_docs, dead_code, clippy::unwrap_used, clippy::print_stdout)]

mod contract;
mod isolated;
mod pure;
mod shared;
mod support;

// The programs of the contract name each other as modules of one crate.
use contract::c01_blog;
