//! Tests on a schema of their own.

mod chinook;
mod conformance;
mod contract;
mod oracle;
mod predicates;
mod relations;
mod verbs;
