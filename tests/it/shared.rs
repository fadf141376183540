//! Tests on a schema of their own.

mod check;
mod chinook;
mod conformance;
mod contract;
mod hunted;
mod northwind;
mod oracle;
mod pages;
mod paths_found;
mod predicates;
mod refused;
mod relations;
mod snapshots;
mod types;
mod verbs;
mod views;
