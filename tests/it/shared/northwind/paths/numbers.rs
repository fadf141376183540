//! What can be calculated with the trader's days and its money.
//!
//! Its prices are `real`, whose sums depend on the order of the rows. Cast to money they are exact.

use relata::{Expression, Number, SqlType, Temporal, literal};

use super::super::super::chinook::cents::Cents;
use super::super::model::sales::OrderDetail;
use super::super::values::Day;

impl SqlType for Day {
    const SQL_TYPE: &'static str = "date";
}

impl Temporal for Day {}

/// The days from one to the other.
impl Number<Day> for Day {
    type Out = i32;
}

impl Number<i16> for Cents {
    type Out = Cents;
}

/// What a line costs, to the cent.
pub(super) fn amount() -> Expression<OrderDetail, Cents> {
    let kept = literal(Cents(100)) - OrderDetail.discount.cast::<Cents>();
    (OrderDetail.unit_price.cast::<Cents>() * OrderDetail.quantity * kept).cast()
}

/// The same in SQL, of the line `d`.
pub(super) const AMOUNT: &str = "round(d.unit_price::numeric(12,2) * d.quantity * (1 - d.discount::numeric(12,2)), 2)";
