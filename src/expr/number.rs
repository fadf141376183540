//! Which types are numbers, what a calculation with two of them gives, and which types compare.
//!
//! The tables are PostgreSQL's: its operators' result types, those of `sum`, and the cross-type comparisons of its
//! integer and float families.

use tokio_postgres::types::{FromSql, Type};

/// A number that can be calculated with one of type `U`. Implement it for number types of the program's own.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be calculated with `{U}`",
    label = "not two numbers that PostgreSQL has an operator for",
    note = "cast one of them: `.cast::<i64>()`; texts are put together by `.concat(…)`; a number type of the program's own \
            implements `relata::Number`"
)]
pub trait Number<U> {
    /// The type of the result.
    type Out;
}

/// A number that has a remainder when it is divided by one of type `U`: integers and decimals, not floats. Implement it for
/// number types of the program's own.
#[diagnostic::on_unimplemented(
    message = "PostgreSQL has no `{Self} % {U}`",
    label = "no remainder of these two",
    note = "integers and decimals have remainders, floats have none: `.cast::<i64>()`; a number type of the program's own \
            implements `relata::Remainder`"
)]
pub trait Remainder<U>: Number<U> {}

/// A number whose sum is read as `Out`.
#[diagnostic::on_unimplemented(
    message = "a sum of `{Self}` is not read as `{Out}`",
    label = "no such sum",
    note = "there are sums of numbers: of `i16` and `i32` it is `i64`, of floats their own type, of `i64` a numeric, which is \
            read as any type that reads one; a number type of the program's own implements `relata::Sum`"
)]
pub trait Sum<Out> {
    /// The SQL type that the sum is cast to, where PostgreSQL gives one that `Out` does not read.
    fn cast() -> Option<&'static str> {
        None
    }
}

/// A number whose average is read as `Out`: a type that reads `numeric` or `float8`.
#[diagnostic::on_unimplemented(
    message = "an average of `{Self}` is not read as `{Out}`",
    label = "no such average",
    note = "there are averages of numbers: of integers they are `numeric`, and read as a type that reads one, or as `f64`; a \
            number type of the program's own implements `relata::Average`"
)]
pub trait Average<Out> {
    /// The SQL type that the average is cast to, where PostgreSQL gives one that `Out` does not read.
    fn cast() -> Option<&'static str> {
        None
    }
}

/// What a `numeric` is cast to so that this type reads it.
fn numeric_as<T: for<'r> FromSql<'r>>() -> Option<&'static str> {
    if !T::accepts(&Type::NUMERIC) && T::accepts(&Type::FLOAT8) { Some("float8") } else { None }
}

/// A type whose values PostgreSQL compares with those of type `U`.
#[diagnostic::on_unimplemented(
    message = "PostgreSQL cannot compare a `{Self}` with a `{U}`",
    label = "types that do not compare",
    note = "select a column of the type, or cast one of them: `.cast::<i64>()`"
)]
pub trait Comparable<U> {}

#[diagnostic::do_not_recommend]
impl<T> Comparable<T> for T {}

/// The very same type: of two expressions one of which is given.
#[diagnostic::on_unimplemented(
    message = "a `{Self}` cannot stand in for a `{T}`",
    label = "a `{Self}`, where a `{T}` is wanted: both are of one type",
    note = "give a `{T}`, or cast one of them: `.cast::<i64>()`; a value of a type of the program's own is given by `value(…)`"
)]
pub trait Same<T> {}

#[diagnostic::do_not_recommend]
impl<T> Same<T> for T {}

macro_rules! numbers {
    ($($one:ty, $other:ty => $out:ty;)*) => {
        $(
            impl Number<$other> for $one {
                type Out = $out;
            }
        )*
    };
}

macro_rules! remainders {
    ($($one:ty, $other:ty;)*) => {
        $(
            #[diagnostic::do_not_recommend]
            impl Remainder<$other> for $one {}
        )*
    };
}

macro_rules! compare {
    ($($one:ty, $other:ty;)*) => {
        $(
            impl Comparable<$other> for $one {}
            impl Comparable<$one> for $other {}
        )*
    };
}

numbers! {
    i16, i16 => i16;
    i16, i32 => i32;
    i16, i64 => i64;
    i32, i16 => i32;
    i32, i32 => i32;
    i32, i64 => i64;
    i64, i16 => i64;
    i64, i32 => i64;
    i64, i64 => i64;
    f32, f32 => f32;
    f32, f64 => f64;
    f64, f32 => f64;
    f64, f64 => f64;
    i16, f32 => f64;
    i16, f64 => f64;
    i32, f32 => f64;
    i32, f64 => f64;
    i64, f32 => f64;
    i64, f64 => f64;
    f32, i16 => f64;
    f32, i32 => f64;
    f32, i64 => f64;
    f64, i16 => f64;
    f64, i32 => f64;
    f64, i64 => f64;
}

remainders! {
    i16, i16;
    i16, i32;
    i16, i64;
    i32, i16;
    i32, i32;
    i32, i64;
    i64, i16;
    i64, i32;
    i64, i64;
}

compare! {
    i16, i32;
    i16, i64;
    i32, i64;
    f32, f64;
}

impl Sum<i64> for i16 {}
impl Sum<i64> for i32 {}
impl Sum<f32> for f32 {}
impl Sum<f64> for f64 {}

/// The sum of `int8` is `numeric`.
impl<D: for<'r> FromSql<'r>> Sum<D> for i64 {
    fn cast() -> Option<&'static str> {
        match numeric_as::<D>() {
            None if !D::accepts(&Type::NUMERIC) && D::accepts(&Type::INT8) => Some("int8"),
            cast => cast,
        }
    }
}

macro_rules! averages {
    ($($type:ty)*) => {
        $(
            impl<D: for<'r> FromSql<'r>> Average<D> for $type {
                fn cast() -> Option<&'static str> {
                    numeric_as::<D>()
                }
            }
        )*
    };
}

averages!(i16 i32 i64);

impl Average<f64> for f32 {}
impl Average<f64> for f64 {}

#[cfg(feature = "rust_decimal")]
mod decimal {
    use rust_decimal::Decimal;

    use super::{Average, Comparable, Number, Remainder, Sum};

    numbers! {
        Decimal, Decimal => Decimal;
        Decimal, i16 => Decimal;
        Decimal, i32 => Decimal;
        Decimal, i64 => Decimal;
        i16, Decimal => Decimal;
        i32, Decimal => Decimal;
        i64, Decimal => Decimal;
    }

    remainders! {
        Decimal, Decimal;
        Decimal, i16;
        Decimal, i32;
        Decimal, i64;
        i16, Decimal;
        i32, Decimal;
        i64, Decimal;
    }

    compare! {
        Decimal, i16;
        Decimal, i32;
        Decimal, i64;
    }

    impl Sum<Decimal> for Decimal {}
    impl Average<Decimal> for Decimal {}
}
