//! Queries within expressions.

use super::{Expr, Expression, PerRow, Predicate, Rows};
use crate::entity::Null;

/// A query within an expression, as the public traits hand it on.
#[doc(hidden)]
#[derive(Debug, Clone)]
pub struct ErasedRows(pub(crate) Rows);

/// A query that can stand within another one: a selection of one expression.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a query of one column",
    label = "not a selection of one expression",
    note = "say which: `Post::query().select(Post.user_id)`; values are given to `is_in(…)`"
)]
pub trait Subquery {
    /// The type of its column.
    type Type;
    #[doc(hidden)]
    fn erased(self) -> ErasedRows;
}

/// A query whose rows can be asked for.
#[doc(hidden)]
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a query",
    label = "not a query",
    note = "a relation is asked by itself: `User.posts.exists()`"
)]
pub trait HasRows {
    fn erased_rows(self) -> ErasedRows;
}

/// The query has a row. Its filter may name the query around it, by [`outer`](super::outer).
///
/// SQL: `EXISTS (SELECT 1 FROM …)`.
pub fn exists<E>(query: impl HasRows) -> Predicate<E, PerRow> {
    Predicate::new(Expr::Exists(Box::new(query.erased_rows().0)))
}

/// The one value that the query gives; NULL if it gives none. A second row is the server's error.
///
/// SQL: `(SELECT …)`.
pub fn scalar<E, Q: Subquery>(query: Q) -> Expression<E, Q::Type, Null> {
    Expression::new(Expr::OneRow(Box::new(query.erased().0)))
}
