//! The programs of the contract, as they stand there, run on real tables.

pub mod c01_blog;
pub mod c02_kinds;
pub mod c03_paths;
mod kinds;
