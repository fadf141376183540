//! Aggregates: of the rows of a group, and of the rows at the end of a path for each row.

use std::fmt;
use std::marker::PhantomData;

use super::path::{Target, Whole, steps};
use super::{
    Across, Aggregated, AsExpression, Average, Col, Erased, Expr, Expression, Kind, OfRows, Order, Path, PathStep,
    PerGroup, PerRow, Predicate, Rel, Root, Single, Sum, Text, Window, Windowed,
};
use crate::entity::{Entity, NotNull, Null, Nulls};
use crate::value::Value;

/// An aggregate of type `T`: of the rows of `O`, with a value for each `K` of `E`.
pub struct Aggregate<E, T, N = NotNull, K = PerGroup, O = E> {
    aggregate: Aggregated,
    /// Where the rows are, if they are not the query's own.
    path: Option<Vec<super::Step>>,
    types: PhantomData<fn() -> (E, T, N, K, O)>,
}

impl<E, T, N, K, O> Aggregate<E, T, N, K, O> {
    pub(super) fn new(function: &'static str, arguments: Vec<Expr>) -> Self {
        Aggregate { aggregate: Aggregated::new(function, arguments), path: None, types: PhantomData }
    }

    pub(super) fn cast_to(mut self, cast: Option<&'static str>) -> Self {
        self.aggregate.cast = cast;
        self
    }

    /// Of different values only. With an order, PostgreSQL asks that it is by the value itself.
    ///
    /// SQL: `STRING_AGG(DISTINCT column, …)`.
    pub fn distinct(mut self) -> Self {
        self.aggregate.distinct = true;
        self
    }

    fn across(mut self, path: Vec<super::Step>) -> Self {
        self.path = Some(path);
        self
    }

    pub(crate) fn expr(self) -> Expr {
        match self.path {
            None => Expr::Aggregate(Box::new(self.aggregate)),
            Some(path) => Expr::Across(Box::new(Across { path, aggregate: self.aggregate })),
        }
    }

    /// Only the rows that meet the condition; a second filter narrows the first.
    ///
    /// SQL: `FILTER (WHERE condition)`, and across a path a condition of its subquery.
    pub fn filter<L: OfRows>(mut self, condition: Predicate<O, L>) -> Self {
        super::rows::conjoin(&mut self.aggregate.filter, condition.into_expr());
        self
    }

    /// Sorts what an aggregate of several values is made of. SQL: `ARRAY_AGG(column ORDER BY …)`.
    pub fn order_by(mut self, order: Order<O>) -> Self {
        self.aggregate.order.push(order.into_term());
        self
    }
}

impl<E, T, N> Aggregate<E, T, N> {
    /// For each row, the aggregate of the rows that the window gives it.
    ///
    /// SQL: `SUM(column) OVER (PARTITION BY … ORDER BY …)`.
    pub fn over<L: Kind>(self, window: Window<E, L>) -> Expression<E, T, N, <PerRow as Kind>::And<L>> {
        Expression::new(Expr::Over(Box::new(Windowed::new(self.aggregate, window))))
    }
}

impl<E, T, N, K, O> Clone for Aggregate<E, T, N, K, O> {
    fn clone(&self) -> Self {
        Aggregate { aggregate: self.aggregate.clone(), path: self.path.clone(), types: PhantomData }
    }
}

impl<E, T, N, K, O> fmt::Debug for Aggregate<E, T, N, K, O> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Aggregate").field(&self.aggregate).field(&self.path).finish()
    }
}

#[diagnostic::do_not_recommend]
impl<E, T, N: Nulls, K: Kind, O> AsExpression<E> for Aggregate<E, T, N, K, O> {
    type Type = T;
    type Nulls = N;
    type Kind = K;

    fn erased(self) -> Erased {
        Erased(self.expr())
    }
}

/// The number of rows of a group. SQL: `COUNT(*)`.
pub fn count<E>() -> Aggregate<E, i64> {
    Aggregate::new("COUNT", Vec::new())
}

/// Aggregates of the rows at the end of a path, for each row of the root: one subquery each, correlated with the row.
///
/// A path over several relations counts its targets once for each way that leads to them; an association that has a pair
/// twice leads to its target once.
impl<P: Path, S: PathStep> Rel<P, S> {
    /// The number of rows at the end of this path. SQL: `(SELECT COUNT(*) FROM … WHERE …)`.
    pub fn count(self) -> Aggregate<P::Root, i64, NotNull, PerRow, Target<S>>
    where
        S: Whole,
    {
        Aggregate::new("COUNT", Vec::new()).across(steps::<(S, P)>())
    }

    /// The sum over the rows at the end of this path; NULL without a row. SQL: `(SELECT SUM(…) FROM … WHERE …)`.
    pub fn sum<X: AsExpression<Target<S>>, D>(self, of: X) -> Aggregate<P::Root, D, Null, PerRow, Target<S>>
    where
        S: Whole,
        X::Kind: OfRows,
        X::Type: Sum<D>,
    {
        Aggregate::new("SUM", vec![of.erased().0]).cast_to(<X::Type as Sum<D>>::cast()).across(steps::<(S, P)>())
    }

    /// The average over the rows at the end of this path; NULL without a row. SQL: `(SELECT AVG(…) FROM … WHERE …)`.
    pub fn avg<X: AsExpression<Target<S>>, D>(self, of: X) -> Aggregate<P::Root, D, Null, PerRow, Target<S>>
    where
        S: Whole,
        X::Kind: OfRows,
        X::Type: Average<D>,
    {
        Aggregate::new("AVG", vec![of.erased().0]).cast_to(<X::Type as Average<D>>::cast()).across(steps::<(S, P)>())
    }

    /// The smallest value at the end of this path; NULL without a row. SQL: `(SELECT MIN(…) FROM … WHERE …)`.
    pub fn min<X: AsExpression<Target<S>>>(self, of: X) -> Aggregate<P::Root, X::Type, Null, PerRow, Target<S>>
    where
        S: Whole,
        X::Kind: OfRows,
    {
        Aggregate::new("MIN", vec![of.erased().0]).across(steps::<(S, P)>())
    }

    /// The greatest value at the end of this path; NULL without a row. SQL: `(SELECT MAX(…) FROM … WHERE …)`.
    pub fn max<X: AsExpression<Target<S>>>(self, of: X) -> Aggregate<P::Root, X::Type, Null, PerRow, Target<S>>
    where
        S: Whole,
        X::Kind: OfRows,
    {
        Aggregate::new("MAX", vec![of.erased().0]).across(steps::<(S, P)>())
    }

    /// The number of different values at the end of this path, NULL not counted.
    /// SQL: `(SELECT COUNT(DISTINCT …) FROM … WHERE …)`.
    pub fn count_distinct<X: AsExpression<Target<S>>>(
        self,
        of: X,
    ) -> Aggregate<P::Root, i64, NotNull, PerRow, Target<S>>
    where
        S: Whole,
        X::Kind: OfRows,
    {
        Aggregate::new("COUNT", vec![of.erased().0]).distinct().across(steps::<(S, P)>())
    }
}

/// The aggregates of a value that each row has.
macro_rules! aggregates {
    ([$($generics:tt)*] $type:ty, $path:ty, $root:ty, $nulls:ty, $kind:ty) => {
        impl<$($generics)*> $type {
            /// The sum over the rows of a group; NULL without a row. Its type is PostgreSQL's: `i64` for `i32`.
            ///
            /// SQL: `SUM(column)`.
            pub fn sum<D>(self) -> Aggregate<$root, D, Null>
            where
                $path: Single<T>,
                $kind: OfRows,
                T: Sum<D>,
            {
                Aggregate::new("SUM", vec![self.expr()]).cast_to(T::cast())
            }

            /// The average over the rows of a group; NULL without a row. Of integers it is a numeric, read as any type
            /// that reads one, or as `f64`.
            ///
            /// SQL: `AVG(column)`, cast to `float8` for an `f64`.
            pub fn avg<D>(self) -> Aggregate<$root, D, Null>
            where
                $path: Single<T>,
                $kind: OfRows,
                T: Average<D>,
            {
                Aggregate::new("AVG", vec![self.expr()]).cast_to(T::cast())
            }

            /// The smallest value of a group; NULL without a row. Of types that PostgreSQL has it for:
            /// not of `jsonb`, and of `uuid` and `bytea` from PostgreSQL 18 on. SQL: `MIN(column)`.
            pub fn min(self) -> Aggregate<$root, T, Null>
            where
                $path: Single<T>,
                $kind: OfRows,
            {
                Aggregate::new("MIN", vec![self.expr()])
            }

            /// The greatest value of a group; NULL without a row; of the types that have a smallest. SQL:
            /// `MAX(column)`.
            pub fn max(self) -> Aggregate<$root, T, Null>
            where
                $path: Single<T>,
                $kind: OfRows,
            {
                Aggregate::new("MAX", vec![self.expr()])
            }

            /// The number of a group's rows in which it is not NULL. SQL: `COUNT(column)`.
            pub fn count(self) -> Aggregate<$root, i64>
            where
                $path: Single<T>,
                $kind: OfRows,
            {
                Aggregate::new("COUNT", vec![self.expr()])
            }

            /// The number of different values in a group, NULL not counted. SQL: `COUNT(DISTINCT column)`.
            pub fn count_distinct(self) -> Aggregate<$root, i64>
            where
                $path: Single<T>,
                $kind: OfRows,
            {
                Aggregate::new("COUNT", vec![self.expr()]).distinct()
            }

            /// The values of a group; NULL without a row. A column that can be NULL gives `Vec<Option<T>>`. Arrays of arrays
            /// are [`InvalidQuery`](crate::ErrorKind::InvalidQuery) when the query runs: PostgreSQL's have no `Vec<Vec<T>>`.
            ///
            /// SQL: `ARRAY_AGG(column)`; [`order_by`](Aggregate::order_by) sorts them.
            pub fn array_agg(self) -> Aggregate<$root, Vec<<$nulls as Nulls>::Of<T>>, Null>
            where
                $path: Single<T>,
                $kind: OfRows,
                T: Send + 'static,
            {
                Aggregate::new("ARRAY_AGG", vec![self.expr()])
            }

            /// The texts of a group, one after the other with this between them; NULL without a row.
            ///
            /// SQL: `STRING_AGG(column, separator)`; [`order_by`](Aggregate::order_by) sorts them.
            pub fn string_agg(self, separator: impl Into<String>) -> Aggregate<$root, String, Null>
            where
                $path: Single<T>,
                $kind: OfRows,
                T: Text,
            {
                let separator = Expr::Literal(Value::new(separator.into()), "text");
                Aggregate::new("STRING_AGG", vec![self.expr(), separator])
            }

            /// Whether it is true in all rows of a group; NULL without a row. SQL: `BOOL_AND(column)`.
            pub fn bool_and(self) -> Aggregate<$root, bool, Null>
            where
                $path: Single<T>,
                $kind: OfRows,
                T: Truth,
            {
                Aggregate::new("BOOL_AND", vec![self.expr()])
            }

            /// Whether it is true in a row of a group; NULL without a row. SQL: `BOOL_OR(column)`.
            pub fn bool_or(self) -> Aggregate<$root, bool, Null>
            where
                $path: Single<T>,
                $kind: OfRows,
                T: Truth,
            {
                Aggregate::new("BOOL_OR", vec![self.expr()])
            }
        }
    };
}

aggregates!([P: Path, T, N: Nulls] Col<P, T, N>, P, P::Root, N::Or<P::Nulls>, PerRow);
aggregates!([E: Entity, T, N: Nulls, K: Kind] Expression<E, T, N, K>, Root<E>, E, N, K);
aggregates!([E: Entity, T, N: Nulls, K: Kind, O] Aggregate<E, T, N, K, O>, Root<E>, E, N, K);

impl<E: Entity> Predicate<E> {
    /// Whether all rows of a group meet it; NULL without a row. SQL: `BOOL_AND(condition)`.
    pub fn bool_and(self) -> Aggregate<E, bool, Null> {
        Aggregate::new("BOOL_AND", vec![self.into_expr()])
    }

    /// Whether a row of a group meets it; NULL without a row. SQL: `BOOL_OR(condition)`.
    pub fn bool_or(self) -> Aggregate<E, bool, Null> {
        Aggregate::new("BOOL_OR", vec![self.into_expr()])
    }
}

/// A type of conditions.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is neither true nor false",
    label = "not of type `bool`",
    note = "a condition is: `Post.id.gt(5).bool_and()`"
)]
pub trait Truth {}

impl Truth for bool {}
