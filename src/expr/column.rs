//! Columns, and what a column can be asked to contain.
//!
//! Every method takes the column by value: it is `Copy`.

use std::fmt;
use std::marker::PhantomData;

use tokio_postgres::types::ToSql;

use super::path::steps;
use super::{ColumnRef, Erased, Expr, Operator, Path, Predicate, Single, Text};
use crate::entity::{Entity, NotNull, Null};
use crate::schema::Column;
use crate::value::Value;

/// A column of type `T` at the end of the path `P`: a field of the entity's constant, as in `User.name`.
///
/// `N` says whether the column itself can be NULL; `T` is its type without the `Option`.
pub struct Col<P, T, N = NotNull> {
    column: &'static Column,
    types: PhantomData<fn() -> (P, T, N)>,
}

impl<P, T, N> Col<P, T, N> {
    #[doc(hidden)]
    pub const fn new(column: &'static Column) -> Self {
        Col { column, types: PhantomData }
    }

    /// The column's descriptor.
    pub const fn column(&self) -> &'static Column {
        self.column
    }
}

impl<P, T, N> Clone for Col<P, T, N> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<P, T, N> Copy for Col<P, T, N> {}

impl<P: Path, T, N> fmt::Debug for Col<P, T, N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(<P::Root as Entity>::TABLE.entity)?;
        steps::<P>().iter().try_for_each(|step| write!(f, ".{step}"))?;
        write!(f, ".{}", self.column.field)
    }
}

/// Proof that a column, or the path to it, can be NULL.
#[diagnostic::on_unimplemented(
    message = "this column can never be NULL",
    label = "the field is not an `Option`, and no step of its path is optional"
)]
pub trait CanBeNull {}

#[diagnostic::do_not_recommend]
impl<P> CanBeNull for (Null, P) {}
#[diagnostic::do_not_recommend]
impl CanBeNull for (NotNull, Null) {}

/// What a column of this type can be asked to contain.
#[diagnostic::on_unimplemented(
    message = "a column of type `{Self}` cannot be asked whether it contains `{V}`",
    note = "text contains text, an array contains elements, `jsonb` contains a JSON value"
)]
pub trait Contains<V> {
    #[doc(hidden)]
    fn contains(column: Erased, value: V) -> Erased;
}

#[diagnostic::do_not_recommend]
impl<T: Text> Contains<&str> for T {
    fn contains(column: Erased, value: &str) -> Erased {
        column.binary(Operator::Like, pattern("%", value, "%"))
    }
}

#[diagnostic::do_not_recommend]
impl<T: Text> Contains<String> for T {
    fn contains(column: Erased, value: String) -> Erased {
        column.binary(Operator::Like, pattern("%", &value, "%"))
    }
}

#[diagnostic::do_not_recommend]
impl<T: Text> Contains<&String> for T {
    fn contains(column: Erased, value: &String) -> Erased {
        column.binary(Operator::Like, pattern("%", value, "%"))
    }
}

/// A type that can be the element of an array column.
#[doc(hidden)]
pub trait Element: ToSql + Send + Sync + 'static {}

impl<T: ToSql + Send + Sync + 'static> Element for T {}

#[diagnostic::do_not_recommend]
impl<T: Element, V: Into<T>> Contains<Vec<V>> for Vec<T> {
    fn contains(column: Erased, value: Vec<V>) -> Erased {
        let value: Vec<T> = value.into_iter().map(Into::into).collect();
        column.binary(Operator::Contains, Expr::Value(Value::new(value)))
    }
}

#[diagnostic::do_not_recommend]
impl<T: Element, V: Into<T>, const N: usize> Contains<[V; N]> for Vec<T> {
    fn contains(column: Erased, value: [V; N]) -> Erased {
        let value: Vec<T> = value.into_iter().map(Into::into).collect();
        column.binary(Operator::Contains, Expr::Value(Value::new(value)))
    }
}

#[cfg(feature = "with-serde_json-1")]
impl Contains<serde_json::Value> for serde_json::Value {
    fn contains(column: Erased, value: serde_json::Value) -> Erased {
        column.binary(Operator::Contains, Expr::Value(Value::new(value)))
    }
}

impl Erased {
    pub(super) fn binary(self, operator: Operator, right: Expr) -> Erased {
        Erased(Expr::Binary(operator, Box::new(self.0), Box::new(right)))
    }
}

/// A pattern for `LIKE` that stands for this very text, between `before` and `after`.
pub(super) fn pattern(before: &str, text: &str, after: &str) -> Expr {
    let mut pattern = String::with_capacity(text.len() + 2);
    pattern.push_str(before);
    for character in text.chars() {
        if matches!(character, '\\' | '%' | '_') {
            pattern.push('\\');
        }
        pattern.push(character);
    }
    pattern.push_str(after);
    Expr::Value(Value::new(pattern))
}

impl<P: Path, T, N> Col<P, T, N> {
    pub(crate) fn expr(self) -> Expr {
        Expr::Column(ColumnRef { path: steps::<P>(), column: self.column })
    }
}

impl<P: Path, T: Element, N> Col<P, Vec<T>, N> {
    /// An array that has an element in common with these. SQL: `column && value`.
    pub fn overlaps<V: Into<T>>(self, elements: impl IntoIterator<Item = V>) -> Predicate<P::Root>
    where
        P: Single<Vec<T>>,
    {
        let elements: Vec<T> = elements.into_iter().map(Into::into).collect();
        Predicate::new(Erased(self.expr()).binary(Operator::Overlaps, Expr::Value(Value::new(elements))).0)
    }
}
