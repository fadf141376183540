//! Tests without a database.

mod plan;
