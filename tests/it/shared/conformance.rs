//! The conformance cases that can be reached now, each under its number.
//!
//! `docs/conformance.md` has a verdict for every number; it is checked here against the tests that it names.

mod absent;
mod batches;
mod classes;
mod composite;
mod criteria;
mod cycles;
mod duplicates;
mod identity;
mod keys;
mod limits;
mod operators;
mod orders;
mod paths;
mod table;
