//! `CASE`: a value by the first condition that is met.

use std::fmt;
use std::marker::PhantomData;

use super::{AsExpression, Expr, Expression, Kind, PerRow, Predicate};
use crate::entity::{NotNull, Null, Nulls};

/// A value by the first condition that is met: `case(condition, value).when(…).otherwise(value)`.
#[must_use = "a case is an expression once it says what is `otherwise`, or `end`"]
pub struct Case<E, T, N = NotNull, K = PerRow> {
    whens: Vec<(Expr, Expr)>,
    types: PhantomData<fn() -> (E, T, N, K)>,
}

/// Where the condition is met, this value. SQL: `CASE WHEN condition THEN value …`.
pub fn case<E, K: Kind, X: AsExpression<E>>(
    condition: Predicate<E, K>,
    then: X,
) -> Case<E, X::Type, X::Nulls, K::And<X::Kind>> {
    Case { whens: vec![(condition.into_expr(), then.erased().0)], types: PhantomData }
}

impl<E, T, N: Nulls, K: Kind> Case<E, T, N, K> {
    /// Where no condition before is met and this one is, this value.
    pub fn when<L: Kind, X: AsExpression<E, Type = T>>(
        mut self,
        condition: Predicate<E, L>,
        then: X,
    ) -> Case<E, T, N::Or<X::Nulls>, <K::And<L> as Kind>::And<X::Kind>> {
        self.whens.push((condition.into_expr(), then.erased().0));
        Case { whens: self.whens, types: PhantomData }
    }

    /// Where no condition is met, this value. SQL: `ELSE value END`.
    pub fn otherwise<X: AsExpression<E, Type = T>>(
        self,
        value: X,
    ) -> Expression<E, T, N::Or<X::Nulls>, K::And<X::Kind>> {
        Expression::new(Expr::Case { whens: self.whens, otherwise: Some(Box::new(value.erased().0)) })
    }

    /// Where no condition is met, NULL. SQL: `END`.
    pub fn end(self) -> Expression<E, T, Null, K> {
        Expression::new(Expr::Case { whens: self.whens, otherwise: None })
    }
}

impl<E, T, N, K> Clone for Case<E, T, N, K> {
    fn clone(&self) -> Self {
        Case { whens: self.whens.clone(), types: PhantomData }
    }
}

impl<E, T, N, K> fmt::Debug for Case<E, T, N, K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Case").field("whens", &self.whens).finish()
    }
}
