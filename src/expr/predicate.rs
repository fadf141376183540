//! Predicates and orders: what filters and sorts the rows of an entity.
//!
//! They know the entity, and whether they are of rows or of groups, so that conditions from anywhere can be joined at run time.

use std::fmt;
use std::marker::PhantomData;
use std::ops::{BitAnd, BitAndAssign, BitOr, BitOrAssign, Not};

use super::{Expr, Kind, NullsAt, OrderTerm, PerRow};

/// A condition on the rows of `E`, or on groups of them (`K`).
///
/// Join conditions with `&`, `|` and `!`; they follow SQL's three-valued logic.
///
/// ```
/// # use relata::prelude::*;
/// # #[derive(Entity, Clone)]
/// # #[entity(table = "users")]
/// # struct User { #[key] id: i32, name: String, active: bool }
/// let mut found = Predicate::always();
/// found &= User.active.eq(true);
/// found &= User.name.starts_with("A") | !User.name.contains("x");
/// assert_eq!(
///     User::query().filter(found).to_sql().text(),
///     r#"SELECT "t0"."id", "t0"."name", "t0"."active" FROM "users" AS "t0" WHERE "t0"."active" = $1 AND ("t0"."name" LIKE $2 OR (NOT "t0"."name" LIKE $3))"#,
/// );
/// ```
#[must_use = "a predicate does nothing until it is given to `filter`"]
pub struct Predicate<E, K = PerRow> {
    expr: Expr,
    root: PhantomData<fn() -> (E, K)>,
}

impl<E, K> Predicate<E, K> {
    pub(crate) fn new(expr: Expr) -> Self {
        Predicate { expr, root: PhantomData }
    }

    pub(crate) fn into_expr(self) -> Expr {
        self.expr
    }
}

impl<E> Predicate<E> {
    /// Met by every row: where a condition that is built up starts. It leaves no trace in the SQL.
    pub fn always() -> Self {
        Predicate::new(Expr::Constant(true))
    }

    /// Met by no row.
    pub fn never() -> Self {
        Predicate::new(Expr::Constant(false))
    }

    /// All of the conditions; with none of them it is [`always`](Self::always).
    pub fn all(conditions: impl IntoIterator<Item = Self>) -> Self {
        conditions.into_iter().fold(Predicate::always(), |all, one| all & one)
    }

    /// At least one of the conditions; with none of them it is [`never`](Self::never).
    pub fn any(conditions: impl IntoIterator<Item = Self>) -> Self {
        conditions.into_iter().fold(Predicate::never(), |any, one| any | one)
    }
}

impl<E, K> Clone for Predicate<E, K> {
    fn clone(&self) -> Self {
        Predicate::new(self.expr.clone())
    }
}

impl<E, K> fmt::Debug for Predicate<E, K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Predicate").field(&self.expr).finish()
    }
}

impl<E, K: Kind, L: Kind> BitAnd<Predicate<E, L>> for Predicate<E, K> {
    type Output = Predicate<E, K::And<L>>;

    fn bitand(self, other: Predicate<E, L>) -> Self::Output {
        Predicate::new(match (self.expr, other.expr) {
            (Expr::Constant(true), other) => other,
            (one, Expr::Constant(true)) => one,
            (Expr::All(mut all), Expr::All(more)) => {
                all.extend(more);
                Expr::All(all)
            }
            (Expr::All(mut all), other) => {
                all.push(other);
                Expr::All(all)
            }
            (one, Expr::All(mut all)) => {
                all.insert(0, one);
                Expr::All(all)
            }
            (one, other) => Expr::All(vec![one, other]),
        })
    }
}

/// `found &= condition`, for conditions that are put together one by one.
impl<E, K: Kind<And<K> = K>> BitAndAssign for Predicate<E, K> {
    fn bitand_assign(&mut self, other: Self) {
        let all = std::mem::replace(&mut self.expr, Expr::Constant(true));
        *self = Predicate::<E, K>::new(all) & other;
    }
}

/// `found |= condition`.
impl<E, K: Kind<And<K> = K>> BitOrAssign for Predicate<E, K> {
    fn bitor_assign(&mut self, other: Self) {
        let any = std::mem::replace(&mut self.expr, Expr::Constant(false));
        *self = Predicate::<E, K>::new(any) | other;
    }
}

impl<E, K: Kind, L: Kind> BitOr<Predicate<E, L>> for Predicate<E, K> {
    type Output = Predicate<E, K::And<L>>;

    fn bitor(self, other: Predicate<E, L>) -> Self::Output {
        Predicate::new(match (self.expr, other.expr) {
            (Expr::Constant(false), other) => other,
            (one, Expr::Constant(false)) => one,
            (Expr::Any(mut any), Expr::Any(more)) => {
                any.extend(more);
                Expr::Any(any)
            }
            (Expr::Any(mut any), other) => {
                any.push(other);
                Expr::Any(any)
            }
            (one, Expr::Any(mut any)) => {
                any.insert(0, one);
                Expr::Any(any)
            }
            (one, other) => Expr::Any(vec![one, other]),
        })
    }
}

impl<E, K> Not for Predicate<E, K> {
    type Output = Self;

    fn not(self) -> Self {
        Predicate::new(match self.expr {
            Expr::Constant(value) => Expr::Constant(!value),
            // Also where it is NULL.
            Expr::Not(inner) => *inner,
            expr => Expr::Not(Box::new(expr)),
        })
    }
}

/// One term of an order of the rows of `E`, or of groups of them (`K`).
#[must_use = "an order does nothing until it is given to `order_by`"]
pub struct Order<E, K = PerRow> {
    term: OrderTerm,
    root: PhantomData<fn() -> (E, K)>,
}

impl<E, K> Order<E, K> {
    pub(crate) fn new(by: Expr, descending: bool, nullable: bool) -> Self {
        Order { term: OrderTerm { by, descending, nulls: None, nullable }, root: PhantomData }
    }

    pub(crate) fn into_term(self) -> OrderTerm {
        self.term
    }

    /// NULLs before all values. SQL: `… NULLS FIRST`.
    pub fn nulls_first(mut self) -> Self {
        self.term.nulls = Some(NullsAt::First);
        self
    }

    /// NULLs after all values. SQL: `… NULLS LAST`.
    pub fn nulls_last(mut self) -> Self {
        self.term.nulls = Some(NullsAt::Last);
        self
    }
}

impl<E, K> Clone for Order<E, K> {
    fn clone(&self) -> Self {
        Order { term: self.term.clone(), root: PhantomData }
    }
}

impl<E, K> fmt::Debug for Order<E, K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Order").field(&self.term).finish()
    }
}
