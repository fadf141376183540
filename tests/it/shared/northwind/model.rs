//! The trader's fourteen tables, every column of them, and each relation from both sides.
//!
//! An entity's fields have the names of its columns, so that a row as JSON is what `to_jsonb` makes of it.

pub mod goods;
pub mod people;
pub mod sales;
