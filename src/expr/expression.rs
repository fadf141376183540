//! Typed expressions, and what can stand where one is meant.

use std::fmt;
use std::marker::PhantomData;

use tokio_postgres::types::ToSql;

use super::{Col, Constant, Erased, Expr, Kind, OfRows, Path, PerRow, Predicate, Single, SqlType};
use crate::entity::{Entity, NotNull, Null, Nulls};
use crate::value::Value;

/// An expression of type `T` over the rows of `E`; `N` says whether it can be NULL, `K` whether it has a value for each
/// row or for each group of them.
pub struct Expression<E, T, N = NotNull, K = PerRow> {
    expr: Expr,
    types: PhantomData<fn() -> (E, T, N, K)>,
}

impl<E, T, N, K> Expression<E, T, N, K> {
    pub(crate) fn new(expr: Expr) -> Self {
        Expression { expr, types: PhantomData }
    }

    pub(crate) fn expr(self) -> Expr {
        self.expr
    }
}

impl<E, T, N, K> Clone for Expression<E, T, N, K> {
    fn clone(&self) -> Self {
        Expression::new(self.expr.clone())
    }
}

impl<E, T, N, K> fmt::Debug for Expression<E, T, N, K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Expression").field(&self.expr).finish()
    }
}

/// What can stand where an expression over the rows of `E` is meant: a column, an expression, an aggregate, a value of a
/// type that PostgreSQL has.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not an expression over the rows of `{E}`",
    label = "neither a column of `{E}`, nor an expression over its rows, nor a value",
    note = "a column begins with the entity of the query; a value of a type of the program's own is given by `value(…)`",
    note = "a path that crosses a to-many relation has many values for one row: `.each()` gives one row for each of them, \
            `.count()`, `.max(…)` and their kin give one value"
)]
pub trait AsExpression<E> {
    /// Its type, without `Option`.
    type Type;
    /// Whether it can be NULL.
    type Nulls: Nulls;
    /// What it has a value for.
    type Kind: Kind;
    #[doc(hidden)]
    fn erased(self) -> Erased;
}

#[diagnostic::do_not_recommend]
impl<E: Entity, P: Path<Root = E> + Single<T>, T, N: Nulls> AsExpression<E> for Col<P, T, N> {
    type Type = T;
    type Nulls = N::Or<P::Nulls>;
    type Kind = PerRow;

    fn erased(self) -> Erased {
        Erased(self.expr())
    }
}

#[diagnostic::do_not_recommend]
impl<E, T, N: Nulls, K: Kind> AsExpression<E> for Expression<E, T, N, K> {
    type Type = T;
    type Nulls = N;
    type Kind = K;

    fn erased(self) -> Erased {
        Erased(self.expr)
    }
}

/// A condition is true, false or NULL.
#[diagnostic::do_not_recommend]
impl<E, K: Kind> AsExpression<E> for Predicate<E, K> {
    type Type = bool;
    type Nulls = Null;
    type Kind = K;

    fn erased(self) -> Erased {
        Erased(self.into_expr())
    }
}

/// A value of any type, where PostgreSQL can tell the type by what stands beside it.
///
/// SQL: `$1`.
pub fn value<E, T: ToSql + Send + Sync + 'static>(value: T) -> Expression<E, T, NotNull, Constant> {
    Expression::new(Expr::Value(Value::new(value)))
}

/// A value of a type that stands for one SQL type, so that nothing beside it has to tell: what a value is wherever an
/// expression may stand, said where the language wants an expression first, `literal(1) - Line.discount`.
///
/// SQL: `CAST($1 AS type)`.
pub fn literal<E, T: SqlType + ToSql + Send + Sync + 'static>(value: T) -> Expression<E, T, NotNull, Constant> {
    Expression::new(Expr::Literal(Value::new(value), T::SQL_TYPE))
}

/// An expression of the query around this one: in a condition of `any` or of a query within a query, a column of the
/// entity that the outer query starts from.
///
/// The nearest query around this one that starts from that entity is meant; where there is none, running the query is
/// [`InvalidQuery`](crate::ErrorKind::InvalidQuery).
pub fn outer<I, E: Entity, X: AsExpression<E>>(expression: X) -> Expression<I, X::Type, X::Nulls>
where
    X::Kind: OfRows,
{
    Expression::new(Expr::Outer(E::TABLE, Box::new(expression.erased().0)))
}
