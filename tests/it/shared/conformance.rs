//! The conformance cases that can be reached now, each under its number.
//!
//! `docs/conformance.md` has a verdict for every number; it is checked here against the tests that it names.

mod absent;
mod associations;
mod batches;
mod branches;
mod branches_names;
mod branches_only;
mod classes;
mod composite;
mod criteria;
mod cycles;
mod depth;
mod depth_splicing;
mod duplicates;
mod graphs;
mod graphs_keys;
mod identity;
mod keys;
mod limits;
mod links;
mod many;
mod many_conditions;
mod many_shared;
mod matching;
mod operators;
mod orders;
mod own_conditions;
mod pages;
mod paths;
mod paths_beside;
mod paths_joins;
mod paths_limits;
mod paths_locks;
mod paths_raw;
mod selves;
mod selves_many;
mod table;
mod values;
