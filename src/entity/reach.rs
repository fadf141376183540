//! How many rows a relation leads to, as types.
//!
//! A type here decides what a load gives and whether a column behind it can be NULL; it holds no data.

use super::{NotLoaded, One, Shape};
use crate::error::Error;
use crate::schema;

/// How many target rows one source row leads to: [`Exactly`] one, [`MaybeOne`] or [`Many`].
pub trait Reach: Send + Sync + 'static {
    /// What a load gives: `One<T>`, `Option<T>` or `Vec<T>`.
    type Of<T: Shape>;
    /// The reach once a load has a filter: a promised row may then be left out.
    type Filtered: Reach;
    /// The nullability of a column behind this step, where the path before it has nullability `Before`.
    type After<Before: Nulls>: Nulls;
    /// The same, as a value.
    const REACH: schema::Reach;
}

/// One row, promised.
#[derive(Debug, Clone, Copy)]
pub struct Exactly(NotLoaded);

/// One row or none.
#[derive(Debug, Clone, Copy)]
pub struct MaybeOne(NotLoaded);

/// Any number of rows.
#[derive(Debug, Clone, Copy)]
pub struct Many(NotLoaded);

impl Reach for Exactly {
    type Of<T: Shape> = One<T>;
    type Filtered = MaybeOne;
    type After<Before: Nulls> = Before;
    const REACH: schema::Reach = schema::Reach::One;
}

impl Reach for MaybeOne {
    type Of<T: Shape> = Option<T>;
    type Filtered = MaybeOne;
    type After<Before: Nulls> = Null;
    const REACH: schema::Reach = schema::Reach::MaybeOne;
}

impl Reach for Many {
    type Of<T: Shape> = Vec<T>;
    type Filtered = Many;
    type After<Before: Nulls> = Null;
    const REACH: schema::Reach = schema::Reach::Many;
}

/// A relation that leads to at most one row, so that a column behind it is one value.
pub trait SingleValued {}

impl SingleValued for Exactly {}
impl SingleValued for MaybeOne {}

/// Whether a column or a path can be NULL: [`Null`] or [`NotNull`].
pub trait Nulls: Send + Sync + 'static {
    /// NULL where this or the other is.
    type Or<B: Nulls>: Nulls;
    /// NULL where this and the other are.
    type And<B: Nulls>: Nulls;
    /// Whether it can be NULL.
    const CAN_BE_NULL: bool;
    /// `Option<T>` where it can be NULL, else `T`.
    type Of<T: Send + 'static>: Send + 'static;
    /// What was decoded; `None` for NULL.
    #[doc(hidden)]
    fn of<T: Send + 'static>(value: Option<T>, null: impl FnOnce() -> Error) -> Result<Self::Of<T>, Error>;
}

/// Can be NULL.
#[derive(Debug, Clone, Copy)]
pub struct Null(NotLoaded);

/// Cannot be NULL.
#[derive(Debug, Clone, Copy)]
pub struct NotNull(NotLoaded);

impl Nulls for Null {
    type Or<B: Nulls> = Null;
    type And<B: Nulls> = B;
    const CAN_BE_NULL: bool = true;
    type Of<T: Send + 'static> = Option<T>;

    fn of<T: Send + 'static>(value: Option<T>, _: impl FnOnce() -> Error) -> Result<Option<T>, Error> {
        Ok(value)
    }
}

impl Nulls for NotNull {
    type Or<B: Nulls> = B;
    type And<B: Nulls> = NotNull;
    const CAN_BE_NULL: bool = false;
    type Of<T: Send + 'static> = T;

    fn of<T: Send + 'static>(value: Option<T>, null: impl FnOnce() -> Error) -> Result<T, Error> {
        value.ok_or_else(null)
    }
}
