//! Rust types that are one SQL type, so that a value of theirs is an expression by itself and a cast has a name.

use tokio_postgres::types::ToSql;

use super::{AsExpression, Constant, Erased, Expr};
use crate::entity::{NotNull, Null};
use crate::value::Value;

/// A Rust type that stands for one SQL type. Implement it for types of the program's own to use their values as
/// expressions and to cast to them.
#[diagnostic::on_unimplemented(
    message = "`{Self}` stands for no SQL type by itself",
    note = "`relata::SqlType` names the SQL type of a type of the program's own; `value(…)` gives a value whose type \
            PostgreSQL tells by what stands beside it"
)]
pub trait SqlType {
    /// The type as SQL writes it: `int4`, `text`, `my_schema.mood`. Part of the statement's text.
    const SQL_TYPE: &'static str;
}

/// SQL: `CAST($1 AS type)`.
#[diagnostic::do_not_recommend]
impl<E, T: SqlType + ToSql + Send + Sync + 'static> AsExpression<E> for T {
    type Type = T;
    type Nulls = NotNull;
    type Kind = Constant;

    fn erased(self) -> Erased {
        Erased(Expr::Literal(Value::new(self), T::SQL_TYPE))
    }
}

/// SQL: `CAST($1 AS type)`; `None` is NULL.
#[diagnostic::do_not_recommend]
impl<E, T: SqlType + ToSql + Send + Sync + 'static> AsExpression<E> for Option<T> {
    type Type = T;
    type Nulls = Null;
    type Kind = Constant;

    fn erased(self) -> Erased {
        Erased(Expr::Literal(Value::new(self), T::SQL_TYPE))
    }
}

/// SQL: `CAST($1 AS text)`.
#[diagnostic::do_not_recommend]
impl<E> AsExpression<E> for &str {
    type Type = String;
    type Nulls = NotNull;
    type Kind = Constant;

    fn erased(self) -> Erased {
        Erased(Expr::Literal(Value::new(self.to_owned()), "text"))
    }
}

/// Hands the types, and the names that SQL has for them, to another macro.
macro_rules! sql_types {
    ($then:ident) => {
        $then! {
            bool: "bool";
            i16: "int2";
            i32: "int4";
            i64: "int8";
            f32: "float4";
            f64: "float8";
            String: "text";
            Vec<u8>: "bytea";
            Vec<i32>: "int4[]";
            Vec<i64>: "int8[]";
            Vec<String>: "text[]";
            #[cfg(feature = "with-chrono-0_4")]
            chrono::NaiveDate: "date";
            #[cfg(feature = "with-chrono-0_4")]
            chrono::NaiveTime: "time";
            #[cfg(feature = "with-chrono-0_4")]
            chrono::NaiveDateTime: "timestamp";
            #[cfg(feature = "with-chrono-0_4")]
            chrono::DateTime<chrono::Utc>: "timestamptz";
            #[cfg(feature = "with-time-0_3")]
            time::Date: "date";
            #[cfg(feature = "with-time-0_3")]
            time::Time: "time";
            #[cfg(feature = "with-time-0_3")]
            time::PrimitiveDateTime: "timestamp";
            #[cfg(feature = "with-time-0_3")]
            time::OffsetDateTime: "timestamptz";
            #[cfg(feature = "with-jiff-0_2")]
            jiff::civil::Date: "date";
            #[cfg(feature = "with-jiff-0_2")]
            jiff::civil::Time: "time";
            #[cfg(feature = "with-jiff-0_2")]
            jiff::civil::DateTime: "timestamp";
            #[cfg(feature = "with-jiff-0_2")]
            jiff::Timestamp: "timestamptz";
            #[cfg(feature = "with-uuid-1")]
            uuid::Uuid: "uuid";
            #[cfg(feature = "with-serde_json-1")]
            serde_json::Value: "jsonb";
            #[cfg(feature = "rust_decimal")]
            rust_decimal::Decimal: "numeric";
        }
    };
}

pub(super) use sql_types;

macro_rules! implement {
    ($($(#[$feature:meta])? $type:ty: $name:literal;)*) => {
        $(
            $(#[$feature])?
            impl SqlType for $type {
                const SQL_TYPE: &'static str = $name;
            }
        )*
    };
}

sql_types!(implement);
