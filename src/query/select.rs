//! Selections: a query whose rows are not entities, but what is selected of them.

use std::fmt;
use std::marker::PhantomData;

use crate::entity::Entity;
use crate::expr::{
    AsExpression, Distinct, ErasedRows, HasRows, OfRows, Order, Predicate, Rows, Selectable, Selection, Single,
    Subquery,
};

/// A query of the entity `E` that gives what `S` selects: a tuple for a tuple.
///
/// One statement, one round trip. A signature names what it gives by what it selects, which cannot be written out:
/// `fn titles() -> Select<Post, impl Selectable<Post, Out = (i32, String)>>`.
#[must_use = "a query does nothing until one of its verbs is awaited"]
pub struct Select<E, S> {
    rows: Rows,
    types: PhantomData<fn() -> (E, S)>,
}

impl<E, S> Select<E, S> {
    pub(crate) fn from_rows(rows: Rows) -> Self {
        Select { rows, types: PhantomData }
    }

    pub(crate) fn rows(&self) -> &Rows {
        &self.rows
    }

    pub(crate) fn into_rows(self) -> Rows {
        self.rows
    }

    /// The same query with at most so many rows.
    pub(crate) fn at_most(&self, rows: u64) -> Self {
        let mut query = self.clone();
        query.rows.at_most(rows);
        query
    }

    /// At most so many rows. The last limit holds. Without an order they are any of the rows.
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

impl<E: Entity, S: Selectable<E>> Select<E, S> {
    pub(super) fn new(mut rows: Rows, items: S) -> Self {
        let mut selection = Selection::default();
        items.items(&mut selection);
        rows.items = Some(selection.0);
        rows.limited_first |= rows.is_limited() && rows.groups.is_none();
        rows.selection = true;
        Select::from_rows(rows)
    }

    /// Keeps the rows that meet the condition, before they are grouped; a second filter narrows the first.
    ///
    /// SQL: `WHERE first AND second`.
    pub fn filter<K: OfRows>(mut self, condition: Predicate<E, K>) -> Self {
        self.rows.filter(condition.into_expr());
        self
    }

    /// Keeps the groups that meet the condition; without `group_by` all rows are one group.
    ///
    /// SQL: `HAVING condition`.
    pub fn having<K>(mut self, condition: Predicate<E, K>) -> Self {
        self.rows.having(condition.into_expr());
        self
    }

    /// Sorts the rows, by what was selected or by anything else that has a value for each of them; a second order breaks the
    /// ties of the first.
    ///
    /// An order of rows where there are groups, or of what was not selected where rows are distinct, is
    /// [`InvalidQuery`](crate::ErrorKind::InvalidQuery) when the query runs.
    pub fn order_by<K>(mut self, order: Order<E, K>) -> Self {
        self.rows.order.push(order.into_term());
        self
    }

    /// Gives equal rows once.
    ///
    /// SQL: `SELECT DISTINCT`.
    pub fn distinct(mut self) -> Self {
        self.rows.distinct = Distinct::All;
        self
    }

    /// Of the rows that have these in common, gives the first one by the order, which has to begin with them: else running
    /// the query is [`InvalidQuery`](crate::ErrorKind::InvalidQuery).
    ///
    /// SQL: `SELECT DISTINCT ON (columns)`.
    pub fn distinct_on<X: Selectable<E>>(mut self, columns: X) -> Self
    where
        X::Kind: OfRows,
        X::Paths: Single<()>,
    {
        self.rows.distinct = Distinct::On(super::expressions(columns));
        self
    }
}

impl<E, S> Clone for Select<E, S> {
    fn clone(&self) -> Self {
        Select::from_rows(self.rows.clone())
    }
}

impl<E, S> fmt::Debug for Select<E, S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Select").field("rows", &self.rows).finish()
    }
}

impl<E, S> HasRows for Select<E, S> {
    fn erased_rows(self) -> ErasedRows {
        ErasedRows(self.rows)
    }
}

#[diagnostic::do_not_recommend]
impl<E: Entity, S: AsExpression<E>> Subquery for Select<E, S> {
    type Type = S::Type;

    fn erased(self) -> ErasedRows {
        ErasedRows(self.rows)
    }
}
