//! What can be done with a column, an expression or an aggregate: the comparisons, functions and calculations that SQL
//! users expect, once for all three.

use tokio_postgres::types::ToSql;

use super::column::pattern;
use super::{
    Aggregate, AsExpression, CanBeNull, Col, Comparable, Contains, Erased, Expr, Expression, Json, Kind, Number,
    Operand, Operator, Order, Path, PerRow, Perhaps, Predicate, Root, Same, Single, SqlType, Subquery, Temporal, Text,
    TimeOfDay,
};
use crate::entity::{Entity, Null, Nulls};
use crate::value::Value;

/// The operations of a type over the path `$path`, with values for each `$kind` of the root `$root`.
macro_rules! operations {
    ([$($generics:tt)*] $type:ty, $path:ty, $root:ty, $nulls:ty, $kind:ty) => {
        impl<$($generics)*> $type {
            /// SQL: `column = value`.
            pub fn eq<V: Operand<$root, T, $kind>>(self, value: V) -> Predicate<$root, $kind>
            where
                $path: Single<V>,
            {
                Self::compared(self, Operator::Eq, value.erased().0)
            }

            /// SQL: `column <> value`. As in SQL, a NULL is not unequal to a value: see
            /// [`is_distinct_from`](Self::is_distinct_from).
            pub fn ne<V: Operand<$root, T, $kind>>(self, value: V) -> Predicate<$root, $kind>
            where
                $path: Single<V>,
            {
                Self::compared(self, Operator::Ne, value.erased().0)
            }

            /// SQL: `column < value`.
            pub fn lt<V: Operand<$root, T, $kind>>(self, value: V) -> Predicate<$root, $kind>
            where
                $path: Single<V>,
            {
                Self::compared(self, Operator::Lt, value.erased().0)
            }

            /// SQL: `column <= value`.
            pub fn le<V: Operand<$root, T, $kind>>(self, value: V) -> Predicate<$root, $kind>
            where
                $path: Single<V>,
            {
                Self::compared(self, Operator::Le, value.erased().0)
            }

            /// SQL: `column > value`.
            pub fn gt<V: Operand<$root, T, $kind>>(self, value: V) -> Predicate<$root, $kind>
            where
                $path: Single<V>,
            {
                Self::compared(self, Operator::Gt, value.erased().0)
            }

            /// SQL: `column >= value`.
            pub fn ge<V: Operand<$root, T, $kind>>(self, value: V) -> Predicate<$root, $kind>
            where
                $path: Single<V>,
            {
                Self::compared(self, Operator::Ge, value.erased().0)
            }

            /// SQL: `column BETWEEN low AND high`; both ends are included.
            pub fn between<V: Operand<$root, T, $kind>, W: Operand<$root, T, $kind>>(self, low: V, high: W) -> Predicate<$root, $kind>
            where
                $path: Single<V>,
            {
                Predicate::new(Expr::Between {
                    item: Box::new(self.expr()),
                    low: Box::new(low.erased().0),
                    high: Box::new(high.erased().0),
                })
            }

            /// Equal, where NULL equals NULL. SQL: `column IS NOT DISTINCT FROM value`.
            pub fn is_not_distinct_from<V: Perhaps<$root, T, $kind>>(self, value: V) -> Predicate<$root, $kind>
            where
                $path: Single<V>,
            {
                Self::compared(self, Operator::IsNotDistinctFrom, value.erased().0)
            }

            /// Unequal, where NULL equals NULL and nothing else. SQL: `column IS DISTINCT FROM value`.
            pub fn is_distinct_from<V: Perhaps<$root, T, $kind>>(self, value: V) -> Predicate<$root, $kind>
            where
                $path: Single<V>,
            {
                Self::compared(self, Operator::IsDistinctFrom, value.erased().0)
            }

            /// Equal to one of the values; to none of them if there are none. The values are one parameter, an array.
            /// SQL: `column = ANY($1)`.
            pub fn is_in<V: Into<T>>(self, values: impl IntoIterator<Item = V>) -> Predicate<$root, $kind>
            where
                $path: Single<V>,
                T: ToSql + Send + Sync + 'static,
            {
                self.in_array(values, false)
            }

            /// Unequal to each of the values; as in SQL, a NULL is not. SQL: `column <> ALL($1)`.
            pub fn is_not_in<V: Into<T>>(self, values: impl IntoIterator<Item = V>) -> Predicate<$root, $kind>
            where
                $path: Single<V>,
                T: ToSql + Send + Sync + 'static,
            {
                self.in_array(values, true)
            }

            fn in_array<V: Into<T>>(self, values: impl IntoIterator<Item = V>, negated: bool) -> Predicate<$root, $kind>
            where
                T: ToSql + Send + Sync + 'static,
            {
                let values: Vec<T> = values.into_iter().map(Into::into).collect();
                Predicate::new(Expr::In { item: Box::new(self.expr()), values: Value::new(values), negated })
            }

            /// SQL: `column IS NULL`. Also where an optional step of the path leads to no row.
            pub fn is_null(self) -> Predicate<$root, $kind>
            where
                $path: Single<T>,
                (N, <$path as Path>::Nulls): CanBeNull,
            {
                Predicate::new(Expr::IsNull { item: Box::new(self.expr()), negated: false })
            }

            /// SQL: `column IS NOT NULL`.
            pub fn is_not_null(self) -> Predicate<$root, $kind>
            where
                $path: Single<T>,
                (N, <$path as Path>::Nulls): CanBeNull,
            {
                Predicate::new(Expr::IsNull { item: Box::new(self.expr()), negated: true })
            }

            /// Text that contains this text, an array that contains these elements, `jsonb` that contains this JSON.
            ///
            /// SQL: `column LIKE '%' || text || '%'` with the text's `%`, `_` and `\` escaped, or `column @> value`.
            pub fn contains<V>(self, value: V) -> Predicate<$root, $kind>
            where
                $path: Single<V>,
                T: Contains<V>,
            {
                Predicate::new(T::contains(Erased(self.expr()), value).0)
            }

            /// Smallest value first. SQL: `column ASC`; NULLs come last unless said otherwise.
            pub fn asc(self) -> Order<$root, $kind>
            where
                $path: Single<T>,
            {
                Order::new(self.expr(), false, <$nulls as Nulls>::CAN_BE_NULL)
            }

            /// Greatest value first. SQL: `column DESC`; NULLs come first unless said otherwise.
            pub fn desc(self) -> Order<$root, $kind>
            where
                $path: Single<T>,
            {
                Order::new(self.expr(), true, <$nulls as Nulls>::CAN_BE_NULL)
            }

            /// SQL: `column LIKE pattern`; `%` and `_` are wildcards, `\` escapes them.
            pub fn like(self, pattern: impl Into<String>) -> Predicate<$root, $kind>
            where
                $path: Single<T>,
                T: Text,
            {
                Self::compared(self, Operator::Like, Expr::Value(Value::new(pattern.into())))
            }

            /// SQL: `column NOT LIKE pattern`.
            pub fn not_like(self, pattern: impl Into<String>) -> Predicate<$root, $kind>
            where
                $path: Single<T>,
                T: Text,
            {
                Self::compared(self, Operator::NotLike, Expr::Value(Value::new(pattern.into())))
            }

            /// [`like`](Self::like), whatever the case. What somebody typed in may have wildcards in it: `lower().contains(…)`
            /// takes it for what it is.
            ///
            /// SQL: `column ILIKE pattern`.
            pub fn ilike(self, pattern: impl Into<String>) -> Predicate<$root, $kind>
            where
                $path: Single<T>,
                T: Text,
            {
                Self::compared(self, Operator::ILike, Expr::Value(Value::new(pattern.into())))
            }

            /// SQL: `column NOT ILIKE pattern`.
            pub fn not_ilike(self, pattern: impl Into<String>) -> Predicate<$root, $kind>
            where
                $path: Single<T>,
                T: Text,
            {
                Self::compared(self, Operator::NotILike, Expr::Value(Value::new(pattern.into())))
            }

            /// Text that starts with this very text. SQL: `column LIKE text || '%'`, escaped.
            pub fn starts_with(self, text: impl AsRef<str>) -> Predicate<$root, $kind>
            where
                $path: Single<T>,
                T: Text,
            {
                Self::compared(self, Operator::Like, pattern("", text.as_ref(), "%"))
            }

            /// Text that ends with this very text. SQL: `column LIKE '%' || text`, escaped.
            pub fn ends_with(self, text: impl AsRef<str>) -> Predicate<$root, $kind>
            where
                $path: Single<T>,
                T: Text,
            {
                Self::compared(self, Operator::Like, pattern("%", text.as_ref(), ""))
            }

            /// The first of both that is not NULL.
            ///
            /// SQL: `COALESCE(column, other)`.
            pub fn or<X: AsExpression<$root>>(
                self,
                other: X,
            ) -> Expression<$root, T, <$nulls as Nulls>::And<X::Nulls>, <$kind as Kind>::And<X::Kind>>
            where
                $path: Single<X>,
                X::Type: Same<T>,
            {
                Expression::new(Expr::Function("COALESCE", vec![self.expr(), other.erased().0]))
            }

            /// NULL where both are equal, else the first.
            ///
            /// SQL: `NULLIF(column, other)`.
            pub fn null_if<X: AsExpression<$root>>(
                self,
                other: X,
            ) -> Expression<$root, T, Null, <$kind as Kind>::And<X::Kind>>
            where
                $path: Single<X>,
                X::Type: Same<T>,
            {
                Expression::new(Expr::Function("NULLIF", vec![self.expr(), other.erased().0]))
            }

            /// The value as another type.
            ///
            /// SQL: `CAST(column AS type)`.
            pub fn cast<U: SqlType>(self) -> Expression<$root, U, $nulls, $kind>
            where
                $path: Single<T>,
            {
                Expression::new(Expr::Cast(Box::new(self.expr()), U::SQL_TYPE))
            }

            /// Equal to a value that the query gives.
            ///
            /// SQL: `column IN (SELECT …)`.
            pub fn is_in_rows<Q: Subquery<Type = U>, U>(self, query: Q) -> Predicate<$root, $kind>
            where
                $path: Single<T>,
                T: Comparable<U>,
            {
                Predicate::new(Expr::InRows { item: Box::new(self.expr()), rows: Box::new(query.erased().0), negated: false })
            }

            /// Unequal to all values that the query gives; as in SQL, to none of them if one is NULL.
            ///
            /// SQL: `column NOT IN (SELECT …)`.
            pub fn is_not_in_rows<Q: Subquery<Type = U>, U>(self, query: Q) -> Predicate<$root, $kind>
            where
                $path: Single<T>,
                T: Comparable<U>,
            {
                Predicate::new(Expr::InRows { item: Box::new(self.expr()), rows: Box::new(query.erased().0), negated: true })
            }

            /// Text in lower case. SQL: `LOWER(column)`.
            pub fn lower(self) -> Expression<$root, T, $nulls, $kind>
            where
                $path: Single<T>,
                T: Text,
            {
                Expression::new(Expr::Function("LOWER", vec![self.expr()]))
            }

            /// Text in upper case. SQL: `UPPER(column)`.
            pub fn upper(self) -> Expression<$root, T, $nulls, $kind>
            where
                $path: Single<T>,
                T: Text,
            {
                Expression::new(Expr::Function("UPPER", vec![self.expr()]))
            }

            /// Text without the spaces around it. SQL: `BTRIM(column)`.
            pub fn trim(self) -> Expression<$root, T, $nulls, $kind>
            where
                $path: Single<T>,
                T: Text,
            {
                Expression::new(Expr::Function("BTRIM", vec![self.expr()]))
            }

            /// The number of a text's characters. SQL: `LENGTH(column)`.
            pub fn length(self) -> Expression<$root, i32, $nulls, $kind>
            where
                $path: Single<T>,
                T: Text,
            {
                Expression::new(Expr::Function("LENGTH", vec![self.expr()]))
            }

            /// One text after the other. SQL: `column || other`.
            pub fn concat<X: AsExpression<$root>>(
                self,
                other: X,
            ) -> Expression<$root, String, <$nulls as Nulls>::Or<X::Nulls>, <$kind as Kind>::And<X::Kind>>
            where
                $path: Single<T>,
                T: Text,
                X::Type: Text,
            {
                Expression::new(Erased(self.expr()).binary(Operator::Concatenate, other.erased().0).0)
            }

            /// A number without its sign. SQL: `ABS(column)`.
            pub fn abs(self) -> Expression<$root, T, $nulls, $kind>
            where
                $path: Single<T>,
                T: Number<T>,
            {
                Expression::new(Expr::Function("ABS", vec![self.expr()]))
            }

            /// The year of a date or a time stamp; of a `timestamptz`, as its other parts, in the time zone of the session. SQL: `CAST(EXTRACT(YEAR FROM column) AS int4)`.
            pub fn year(self) -> Expression<$root, i32, $nulls, $kind>
            where
                $path: Single<T>,
                T: Temporal,
            {
                Self::extract(self, "YEAR")
            }

            /// The month of a date or a time stamp, 1 to 12. SQL: `CAST(EXTRACT(MONTH FROM column) AS int4)`.
            pub fn month(self) -> Expression<$root, i32, $nulls, $kind>
            where
                $path: Single<T>,
                T: Temporal,
            {
                Self::extract(self, "MONTH")
            }

            /// The day of the month, 1 to 31. SQL: `CAST(EXTRACT(DAY FROM column) AS int4)`.
            pub fn day(self) -> Expression<$root, i32, $nulls, $kind>
            where
                $path: Single<T>,
                T: Temporal,
            {
                Self::extract(self, "DAY")
            }

            /// The hour of a time or a time stamp, 0 to 23. SQL: `CAST(EXTRACT(HOUR FROM column) AS int4)`.
            pub fn hour(self) -> Expression<$root, i32, $nulls, $kind>
            where
                $path: Single<T>,
                T: TimeOfDay,
            {
                Self::extract(self, "HOUR")
            }

            /// The day of the week, 0 for Sunday to 6. SQL: `CAST(EXTRACT(DOW FROM column) AS int4)`.
            pub fn day_of_week(self) -> Expression<$root, i32, $nulls, $kind>
            where
                $path: Single<T>,
                T: Temporal,
            {
                Self::extract(self, "DOW")
            }

            fn extract(self, field: &'static str) -> Expression<$root, i32, $nulls, $kind> {
                Expression::new(Expr::Cast(Box::new(Expr::Extract(field, Box::new(self.expr()))), "int4"))
            }

            /// The value of a JSON object's key, or NULL. SQL: `column -> 'key'`, the key as a parameter.
            pub fn json(self, key: impl Into<String>) -> Expression<$root, T, Null, $kind>
            where
                $path: Single<T>,
                T: Json,
            {
                let key = Expr::Literal(Value::new(key.into()), "text");
                Expression::new(Erased(self.expr()).binary(Operator::Json, key).0)
            }

            /// An element of a JSON array, the first is 0, or NULL. SQL: `column -> 0`, the position as a parameter.
            pub fn json_at(self, position: i32) -> Expression<$root, T, Null, $kind>
            where
                $path: Single<T>,
                T: Json,
            {
                let position = Expr::Literal(Value::new(position), "int4");
                Expression::new(Erased(self.expr()).binary(Operator::Json, position).0)
            }

            /// The value of a JSON object's key as text, or NULL. SQL: `column ->> 'key'`, the key as a parameter.
            pub fn json_text(self, key: impl Into<String>) -> Expression<$root, String, Null, $kind>
            where
                $path: Single<T>,
                T: Json,
            {
                let key = Expr::Literal(Value::new(key.into()), "text");
                Expression::new(Erased(self.expr()).binary(Operator::JsonText, key).0)
            }

            fn compared(self, operator: Operator, right: Expr) -> Predicate<$root, $kind> {
                Predicate::new(Erased(self.expr()).binary(operator, right).0)
            }
        }
    };
}

operations!([P: Path, T, N: Nulls] Col<P, T, N>, P, P::Root, N::Or<P::Nulls>, PerRow);
operations!([E: Entity, T, N: Nulls, K: Kind] Expression<E, T, N, K>, Root<E>, E, N, K);
operations!([E: Entity, T, N: Nulls, K: Kind, O] Aggregate<E, T, N, K, O>, Root<E>, E, N, K);
