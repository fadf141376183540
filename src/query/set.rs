//! Set operations on queries of one shape.

use std::fmt;

use super::{Query, Select};
use crate::entity::Entity;
use crate::error::Error;
use crate::expr::{OrderTerm, Rows, Selectable, SetOperator, Source};
use crate::row::Items;

macro_rules! set_operations {
    ($($method:ident $operator:ident $sql:literal $about:literal;)*) => {
        impl<E: Entity> Query<E> {
            $(
                #[doc = $about]
                ///
                /// The result is a query like any other: its filters, orders, limits and loads are of the rows of both. A
                /// limit of either counts off its own rows first, in its order, which the key completes.
                ///
                #[doc = concat!("SQL: `SELECT … FROM (first ", $sql, " second) AS t0`.")]
                pub fn $method(self, other: Query<E>) -> Query<E> {
                    let rows = combined(SetOperator::$operator, self.spec.rows, other.spec.rows);
                    Query::from_spec(super::Spec { rows, loads: Vec::new() })
                }
            )*
        }

        impl<O> Combined<O> {
            $(
                #[doc = $about]
                ///
                #[doc = concat!("SQL: `SELECT … FROM (first ", $sql, " second) AS t0`.")]
                pub fn $method<F: Entity, X: Selectable<F, Out = O>>(self, other: Select<F, X>) -> Combined<O> {
                    let rows = combined(SetOperator::$operator, self.rows, other.into_rows());
                    Combined { rows, decode: self.decode }
                }
            )*
        }

        impl<E: Entity, S: Selectable<E>> Select<E, S> {
            $(
                #[doc = $about]
                ///
                /// The other query may be of another entity, if it gives the same types. The result has neither a filter nor
                /// an order of its own, which are of the rows of `E`; it can be limited.
                ///
                #[doc = concat!("SQL: `SELECT … FROM (first ", $sql, " second) AS t0`.")]
                pub fn $method<F: Entity, X: Selectable<F, Out = S::Out>>(self, other: Select<F, X>) -> Combined<S::Out> {
                    Combined::new::<E, S>(combined(SetOperator::$operator, self.into_rows(), other.into_rows()))
                }
            )*
        }
    };
}

set_operations! {
    union Union "UNION" "The rows of both queries, equal ones once.";
    union_all UnionAll "UNION ALL" "The rows of both queries.";
    intersect Intersect "INTERSECT" "The rows that both queries have, once.";
    except Except "EXCEPT" "The rows that this query has and the other has not, once.";
}

fn combined(operator: SetOperator, mut first: Rows, mut second: Rows) -> Rows {
    // Of entities the limit counts off the same rows each time; of a selection it takes any.
    for side in [&mut first, &mut second] {
        if !side.selection && side.is_limited() {
            side.complete();
        }
    }
    let mut rows = Rows::of(first.table);
    // What stands in both is read by its position.
    rows.items = first.items.clone();
    rows.selection = first.selection;
    rows.source = Source::Set(operator, Box::new(first), Box::new(second));
    rows
}

/// The rows of two selections as one, or of SQL of the program's own: columns by their positions, and no entity.
#[must_use = "a query does nothing until one of its verbs is awaited"]
pub struct Combined<O> {
    rows: Rows,
    decode: fn(&mut Items<'_>) -> Result<O, Error>,
}

impl<O> Combined<O> {
    fn new<E: Entity, S: Selectable<E, Out = O>>(rows: Rows) -> Self {
        Combined { rows, decode: S::decode }
    }

    /// Rows of a query of the program's own text.
    pub(super) fn of_text(rows: Rows, decode: fn(&mut Items<'_>) -> Result<O, Error>) -> Self {
        Combined { rows, decode }
    }

    pub(crate) fn rows(&self) -> &Rows {
        &self.rows
    }

    /// The same query with at most so many rows.
    pub(crate) fn at_most(&self, rows: u64) -> Self {
        let mut query = self.clone();
        query.rows.at_most(rows);
        query
    }

    pub(crate) fn decode(&self) -> fn(&mut Items<'_>) -> Result<O, Error> {
        self.decode
    }

    /// Sorts by what was selected at this position, the first is 1, smallest value first; a second order breaks the ties of
    /// the first. A position that there is not is [`InvalidQuery`](crate::ErrorKind::InvalidQuery) when the query runs.
    ///
    /// SQL: `ORDER BY 1`.
    pub fn order_by_position(mut self, position: usize) -> Self {
        self.rows.order.push(OrderTerm::position(position, false));
        self
    }

    /// As [`order_by_position`](Self::order_by_position), greatest value first. SQL: `ORDER BY 1 DESC`.
    pub fn order_by_position_desc(mut self, position: usize) -> Self {
        self.rows.order.push(OrderTerm::position(position, true));
        self
    }

    /// At most so many rows. The last limit holds.
    pub fn limit(mut self, rows: u64) -> Self {
        self.rows.limit = Some(rows);
        self
    }

    /// Leaves out the first rows.
    pub fn offset(mut self, rows: u64) -> Self {
        self.rows.offset = Some(rows);
        self
    }
}

impl<O> Clone for Combined<O> {
    fn clone(&self) -> Self {
        Combined { rows: self.rows.clone(), decode: self.decode }
    }
}

impl<O> fmt::Debug for Combined<O> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Combined").field("rows", &self.rows).finish()
    }
}
