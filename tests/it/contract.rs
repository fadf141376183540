//! The programs of the contract, as they stand there, run on real tables.

pub mod c01_blog;
pub mod c02_kinds;
mod kinds;
