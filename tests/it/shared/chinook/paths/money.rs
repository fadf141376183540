//! What can be calculated with the shop's money: `numeric` in the database, hundredths here.

use relata::{Average, Comparable, Number, SqlType, Sum};

use super::super::cents::Cents;

impl SqlType for Cents {
    const SQL_TYPE: &'static str = "numeric(12,2)";
}

impl Number<Cents> for Cents {
    type Out = Cents;
}

/// A price times a quantity.
impl Number<i32> for Cents {
    type Out = Cents;
}

impl Sum<Cents> for Cents {}

/// An average has more decimals than `Cents` can hold.
impl Average<f64> for Cents {
    fn cast() -> Option<&'static str> {
        Some("float8")
    }
}

/// The server compares a `numeric` with a `float8` as floats.
impl Comparable<f64> for Cents {}
