//! Execution: the only module that does I/O.
//!
//! Its async code is generic over nothing: it sees statements, and what takes their rows. Types come back once the
//! last row is in.

mod collation;
mod connection;
mod executor;
mod fault;
mod gather;
mod inspect;
mod lease;
mod pager;
mod run;
mod verbs;

pub use connection::Connection;
pub use executor::Executor;
pub use inspect::check;
