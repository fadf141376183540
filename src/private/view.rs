//! What the output of `#[derive(View)]` names: the fields of a view, selected or loaded.
//!
//! The expression of a field is written once, in a function of its own, and checked there; everything else knows the
//! function and asks its result. So no type of an expression is ever named, and one mistake gives one message.

#[path = "view/load.rs"]
mod load;

use std::marker::PhantomData;

use crate::entity::{Entity, Fields, Relation, Through};
use crate::error::Error;
use crate::expr::{Col, Constant, PathStep, PerRow, Rel, Root, Selectable, Single};
use crate::row::Items;

pub use crate::entity::Level;
pub use crate::query::{Described, Description, View};
pub use load::{Giving, Holds, Loaded, Place, copied_load, load, place, sink, values};
pub use tokio_postgres::Row;

/// The fields of the view's entity.
pub fn fields<E: Entity>() -> &'static E::Fields<Root<E>> {
    Fields::REF
}

/// A relation at the end of a path, and nothing else.
pub fn relation<P, S: PathStep>(relation: Rel<P, S>) -> Rel<P, S> {
    relation
}

/// The fields of the entity that it leads to.
pub fn target<P, S: PathStep>(_: Rel<P, S>) -> &'static Target<S::Relation> {
    Fields::REF
}

type Target<R> = <<R as Relation>::Target as Entity>::Fields<Root<<R as Relation>::Target>>;

/// The fields of the entity that it leads through.
pub fn association<P, R: Through>(_: Rel<P, R>) -> &'static <R::Association as Entity>::Fields<Root<R::Association>> {
    Fields::REF
}

/// What is selected has a value for each row.
#[diagnostic::on_unimplemented(
    message = "an aggregate of all rows has no value for each of them",
    label = "one value for all rows",
    note = "a field of a view aggregates the rows of a relation: `#[view(count = comments)]`, or `Post.comments.count()` in \
            an expression"
)]
pub trait EachRow {}

#[diagnostic::do_not_recommend]
impl EachRow for PerRow {}
#[diagnostic::do_not_recommend]
impl EachRow for Constant {}

/// What is at the end of a path, and can be selected. (Its type is told by this trait, so that where there is none the
/// compiler says this and no more.)
#[diagnostic::on_unimplemented(
    message = "this path leads to no single value for each row",
    label = "many rows, or several columns",
    note = "the rows of a to-many relation are loaded, `#[view(load)]`, or aggregated, `#[view(count = comments)]` and \
            `#[view(max = comments.id)]`",
    note = "an embedded struct is several columns: name one of them, `#[view(path = address.city)]`"
)]
pub trait AtEnd<E> {
    type Out;
    type Item: Selectable<E, Out = Self::Out>;
    fn item(self) -> Self::Item;
}

macro_rules! at_end {
    ([$($generics:ident),*] $type:ty, $path:ty) => {
        #[diagnostic::do_not_recommend]
        impl<E, $($generics),*> AtEnd<E> for $type
        where
            Self: Selectable<E>,
            $path: Single<()>,
        {
            type Out = <Self as Selectable<E>>::Out;
            type Item = Self;

            fn item(self) -> Self {
                self
            }
        }
    };
}

at_end!([P, T, N] Col<P, T, N>, P);
at_end!([P, S] Rel<P, S>, (S, P));
at_end!([T] T, Never<T>);

/// On no path. Where more than one impl is in question, the compiler asks for their conditions before it takes one; so it
/// says that a path has no end, and not what type the end would have.
pub struct Never<T>(PhantomData<T>);

/// What is selected fits a view's field.
#[diagnostic::on_unimplemented(
    message = "a field of type `{F}` cannot hold what is selected for it, `{Self}`",
    label = "the query gives `{Self}`",
    note = "a nullable column, a path through an optional relation and an aggregate of no rows are an `Option`; a relation's \
            rows are loaded as views with `#[view(load)]`"
)]
pub trait Fits<F> {
    fn fit(self) -> F;
    fn copied(field: &F) -> F;
}

impl<T: Clone> Fits<T> for T {
    #[inline]
    fn fit(self) -> T {
        self
    }

    fn copied(field: &T) -> T {
        field.clone()
    }
}

impl<T: Clone> Fits<Option<T>> for T {
    #[inline]
    fn fit(self) -> Option<T> {
        Some(self)
    }

    fn copied(field: &Option<T>) -> Option<T> {
        field.clone()
    }
}

/// A field of type `F` that is selected.
pub trait Selected<E, F>: Sized {
    fn select(self, view: &mut Description<E>);
    fn decode(row: &mut Items<'_>) -> Result<F, Error>;
    fn copied(field: &F) -> F;
}

struct Item<S>(S);

impl<E, F, S: Selectable<E, Out: Fits<F>>> Selected<E, F> for Item<S> {
    fn select(self, view: &mut Description<E>) {
        view.select(self.0);
    }

    #[inline]
    fn decode(row: &mut Items<'_>) -> Result<F, Error> {
        S::decode(row).map(Fits::fit)
    }

    fn copied(field: &F) -> F {
        S::Out::copied(field)
    }
}

/// Selects what is at the end of a path into a field of type `F`.
pub fn path<E, F, S: AtEnd<E, Out: Fits<F>>>(path: S) -> impl Selected<E, F> {
    Item(path.item())
}

/// Selects an expression into a field of type `F`.
pub fn expression<E, F, S: Selectable<E, Out: Fits<F>, Kind: EachRow, Paths: Single<()>>>(
    expression: S,
) -> impl Selected<E, F> {
    Item(expression)
}

/// The items of a row that begin at its column `start`.
#[inline]
pub fn items(row: &Row, start: usize) -> Items<'_> {
    Items::new(row, start)
}

/// Decodes a field; an error names it.
#[inline]
pub fn decode<E, F, S: Selected<E, F>>(_: fn() -> S, row: &mut Items<'_>, field: &'static str) -> Result<F, Error> {
    match S::decode(row) {
        Ok(value) => Ok(value),
        Err(error) => Err(error.in_field(field)),
    }
}

/// A copy of a field that is selected.
pub fn copied<E, F, S: Selected<E, F>>(_: fn() -> S, field: &F) -> F {
    S::copied(field)
}
