//! The programs of the contract, as they stand there, run on real tables.

// It joins conditions by `&`, as they stand there.
#[allow(clippy::assign_op_pattern)]
pub mod c01_blog;
pub mod c02_kinds;
pub mod c03_paths;
mod kinds;
