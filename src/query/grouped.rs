//! Groups of rows, before it is said what is selected of them.

use std::fmt;
use std::marker::PhantomData;

use super::Select;
use crate::entity::Entity;
use crate::expr::{Expr, OfRows, Order, Predicate, Rows, Selectable, Single};

/// Groups of the rows of `E`.
#[must_use = "groups are a query once something of them is selected"]
pub struct Grouped<E> {
    rows: Rows,
    root: PhantomData<fn() -> E>,
}

impl<E: Entity> Grouped<E> {
    pub(super) fn new(mut rows: Rows, groups: Vec<Expr>) -> Self {
        rows.groups = Some(groups);
        rows.limited_first = rows.is_limited();
        Grouped { rows, root: PhantomData }
    }

    /// Keeps the rows that meet the condition, before they are grouped.
    ///
    /// SQL: `WHERE condition`.
    pub fn filter<K: OfRows>(mut self, condition: Predicate<E, K>) -> Self {
        self.rows.filter(condition.into_expr());
        self
    }

    /// Keeps the groups that meet the condition; a second one narrows the first.
    ///
    /// SQL: `HAVING first AND second`.
    pub fn having<K>(mut self, condition: Predicate<E, K>) -> Self {
        self.rows.having(condition.into_expr());
        self
    }

    /// Sorts the groups, by what their rows have in common or by an aggregate; a second order breaks the ties of the first.
    pub fn order_by<K>(mut self, order: Order<E, K>) -> Self {
        self.rows.order.push(order.into_term());
        self
    }

    /// At most so many groups. The last limit holds.
    pub fn limit(mut self, groups: u64) -> Self {
        self.rows.limit = Some(groups);
        self
    }

    /// Leaves out the first groups.
    pub fn offset(mut self, groups: u64) -> Self {
        self.rows.offset = Some(groups);
        self
    }

    /// Selects this of each group: what its rows have in common, and aggregates of them.
    ///
    /// A column that the rows of a group do not have in common is [`InvalidQuery`](crate::ErrorKind::InvalidQuery) when the
    /// query runs; as in SQL, groups by the whole key of an entity have all of its columns in common.
    pub fn select<X: Selectable<E>>(self, items: X) -> Select<E, X>
    where
        X::Paths: Single<()>,
    {
        Select::new(self.rows, items)
    }
}

impl<E> Clone for Grouped<E> {
    fn clone(&self) -> Self {
        Grouped { rows: self.rows.clone(), root: PhantomData }
    }
}

impl<E> fmt::Debug for Grouped<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Grouped").field("rows", &self.rows).finish()
    }
}
