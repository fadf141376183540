//! Columns, and the comparisons that SQL users expect of them.
//!
//! Every method takes the column by value (it is `Copy`) and gives a predicate or an order of the path's root.

use std::fmt;
use std::marker::PhantomData;

use tokio_postgres::types::ToSql;

use super::{ColumnRef, Erased, Expr, Operand, Operator, Order, Path, Perhaps, Predicate, Single};
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
        let mut path = Vec::new();
        P::steps(&mut path);
        path.iter().try_for_each(|step| write!(f, ".{}", step.name))?;
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

/// A type whose values are text to PostgreSQL, so that `LIKE` applies. Implement it for newtypes of `String`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not text",
    note = "`like` and its kin are for text columns; a newtype of `String` can implement `relata::Text`"
)]
pub trait Text {}

impl Text for String {}

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
    fn binary(self, operator: Operator, right: Expr) -> Erased {
        Erased(Expr::Binary(operator, Box::new(self.0), Box::new(right)))
    }
}

/// A pattern for `LIKE` that stands for this very text, between `before` and `after`.
fn pattern(before: &str, text: &str, after: &str) -> Expr {
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
        let mut path = Vec::new();
        P::steps(&mut path);
        Expr::Column(ColumnRef { path, column: self.column })
    }

    fn compare(self, operator: Operator, right: Expr) -> Predicate<P::Root> {
        Predicate::new(Erased(self.expr()).binary(operator, right).0)
    }
}

impl<P: Path, T, N> Col<P, T, N> {
    /// SQL: `column = value`.
    pub fn eq<V: Operand<P::Root, T>>(self, value: V) -> Predicate<P::Root>
    where
        P: Single<V>,
    {
        self.compare(Operator::Eq, value.erased().0)
    }

    /// SQL: `column <> value`. As in SQL, a NULL is not unequal to a value: see
    /// [`is_distinct_from`](Self::is_distinct_from).
    pub fn ne<V: Operand<P::Root, T>>(self, value: V) -> Predicate<P::Root>
    where
        P: Single<V>,
    {
        self.compare(Operator::Ne, value.erased().0)
    }

    /// SQL: `column < value`.
    pub fn lt<V: Operand<P::Root, T>>(self, value: V) -> Predicate<P::Root>
    where
        P: Single<V>,
    {
        self.compare(Operator::Lt, value.erased().0)
    }

    /// SQL: `column <= value`.
    pub fn le<V: Operand<P::Root, T>>(self, value: V) -> Predicate<P::Root>
    where
        P: Single<V>,
    {
        self.compare(Operator::Le, value.erased().0)
    }

    /// SQL: `column > value`.
    pub fn gt<V: Operand<P::Root, T>>(self, value: V) -> Predicate<P::Root>
    where
        P: Single<V>,
    {
        self.compare(Operator::Gt, value.erased().0)
    }

    /// SQL: `column >= value`.
    pub fn ge<V: Operand<P::Root, T>>(self, value: V) -> Predicate<P::Root>
    where
        P: Single<V>,
    {
        self.compare(Operator::Ge, value.erased().0)
    }

    /// SQL: `column BETWEEN low AND high`; both ends are included.
    pub fn between<V: Operand<P::Root, T>, W: Operand<P::Root, T>>(self, low: V, high: W) -> Predicate<P::Root>
    where
        P: Single<V>,
    {
        Predicate::new(Expr::Between {
            item: Box::new(self.expr()),
            low: Box::new(low.erased().0),
            high: Box::new(high.erased().0),
        })
    }

    /// Equal, where NULL equals NULL. SQL: `column IS NOT DISTINCT FROM value`.
    pub fn is_not_distinct_from<V: Perhaps<P::Root, T>>(self, value: V) -> Predicate<P::Root>
    where
        P: Single<V>,
    {
        self.compare(Operator::IsNotDistinctFrom, value.erased().0)
    }

    /// Unequal, where NULL equals NULL and nothing else. SQL: `column IS DISTINCT FROM value`.
    pub fn is_distinct_from<V: Perhaps<P::Root, T>>(self, value: V) -> Predicate<P::Root>
    where
        P: Single<V>,
    {
        self.compare(Operator::IsDistinctFrom, value.erased().0)
    }

    /// Equal to one of the values; to none of them if there are none. The values are one parameter, an array.
    /// SQL: `column = ANY($1)`.
    pub fn is_in<V: Into<T>>(self, values: impl IntoIterator<Item = V>) -> Predicate<P::Root>
    where
        P: Single<V>,
        T: ToSql + Send + Sync + 'static,
    {
        self.in_array(values, false)
    }

    /// Unequal to each of the values; as in SQL, a NULL is not. SQL: `column <> ALL($1)`.
    pub fn is_not_in<V: Into<T>>(self, values: impl IntoIterator<Item = V>) -> Predicate<P::Root>
    where
        P: Single<V>,
        T: ToSql + Send + Sync + 'static,
    {
        self.in_array(values, true)
    }

    fn in_array<V: Into<T>>(self, values: impl IntoIterator<Item = V>, negated: bool) -> Predicate<P::Root>
    where
        T: ToSql + Send + Sync + 'static,
    {
        let values: Vec<T> = values.into_iter().map(Into::into).collect();
        Predicate::new(Expr::In { item: Box::new(self.expr()), values: Value::new(values), negated })
    }

    /// SQL: `column IS NULL`. Also where an optional step of the path leads to no row.
    pub fn is_null(self) -> Predicate<P::Root>
    where
        P: Single<T>,
        (N, P::Nulls): CanBeNull,
    {
        Predicate::new(Expr::IsNull { item: Box::new(self.expr()), negated: false })
    }

    /// SQL: `column IS NOT NULL`.
    pub fn is_not_null(self) -> Predicate<P::Root>
    where
        P: Single<T>,
        (N, P::Nulls): CanBeNull,
    {
        Predicate::new(Expr::IsNull { item: Box::new(self.expr()), negated: true })
    }

    /// Text that contains this text, an array that contains these elements, `jsonb` that contains this JSON.
    ///
    /// SQL: `column LIKE '%' || text || '%'` with the text's `%`, `_` and `\` escaped, or `column @> value`.
    pub fn contains<V>(self, value: V) -> Predicate<P::Root>
    where
        P: Single<V>,
        T: Contains<V>,
    {
        Predicate::new(T::contains(Erased(self.expr()), value).0)
    }

    /// Smallest value first. SQL: `column ASC`; NULLs come last unless said otherwise.
    pub fn asc(self) -> Order<P::Root>
    where
        P: Single<T>,
    {
        Order::new(self.expr(), false)
    }

    /// Greatest value first. SQL: `column DESC`; NULLs come first unless said otherwise.
    pub fn desc(self) -> Order<P::Root>
    where
        P: Single<T>,
    {
        Order::new(self.expr(), true)
    }
}

impl<P: Path, T, N> Col<P, T, N> {
    /// SQL: `column LIKE pattern`; `%` and `_` are wildcards, `\` escapes them.
    pub fn like(self, pattern: impl Into<String>) -> Predicate<P::Root>
    where
        P: Single<T>,
        T: Text,
    {
        self.compare(Operator::Like, Expr::Value(Value::new(pattern.into())))
    }

    /// SQL: `column NOT LIKE pattern`.
    pub fn not_like(self, pattern: impl Into<String>) -> Predicate<P::Root>
    where
        P: Single<T>,
        T: Text,
    {
        self.compare(Operator::NotLike, Expr::Value(Value::new(pattern.into())))
    }

    /// [`like`](Self::like), whatever the case. SQL: `column ILIKE pattern`.
    pub fn ilike(self, pattern: impl Into<String>) -> Predicate<P::Root>
    where
        P: Single<T>,
        T: Text,
    {
        self.compare(Operator::ILike, Expr::Value(Value::new(pattern.into())))
    }

    /// SQL: `column NOT ILIKE pattern`.
    pub fn not_ilike(self, pattern: impl Into<String>) -> Predicate<P::Root>
    where
        P: Single<T>,
        T: Text,
    {
        self.compare(Operator::NotILike, Expr::Value(Value::new(pattern.into())))
    }

    /// Text that starts with this very text. SQL: `column LIKE text || '%'`, escaped.
    pub fn starts_with(self, text: impl AsRef<str>) -> Predicate<P::Root>
    where
        P: Single<T>,
        T: Text,
    {
        self.compare(Operator::Like, pattern("", text.as_ref(), "%"))
    }

    /// Text that ends with this very text. SQL: `column LIKE '%' || text`, escaped.
    pub fn ends_with(self, text: impl AsRef<str>) -> Predicate<P::Root>
    where
        P: Single<T>,
        T: Text,
    {
        self.compare(Operator::Like, pattern("%", text.as_ref(), ""))
    }
}

impl<P: Path, T: Element, N> Col<P, Vec<T>, N> {
    /// An array that has an element in common with these. SQL: `column && value`.
    pub fn overlaps<V: Into<T>>(self, elements: impl IntoIterator<Item = V>) -> Predicate<P::Root>
    where
        P: Single<Vec<T>>,
    {
        let elements: Vec<T> = elements.into_iter().map(Into::into).collect();
        self.compare(Operator::Overlaps, Expr::Value(Value::new(elements)))
    }
}
