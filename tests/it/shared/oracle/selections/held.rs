//! What was drawn, as the crate takes it: an expression of a type, and any number of items.

use std::marker::PhantomData;
use std::rc::Rc;

use relata::Error;
use relata::entity::Null;
use relata::expr::{
    AsExpression, Erased, ErasedRows, HasRows, Kind, Operand, PerRow, Perhaps, Root, Selectable, Selection, Subquery,
};
use relata::row::Items;

use super::values::Cell;

/// Adds what an item selects.
pub type Selects = Rc<dyn Fn(&mut Selection)>;

/// An expression of type `T` that was drawn.
pub struct Held<E, T> {
    erased: Erased,
    types: PhantomData<fn() -> (E, T)>,
}

impl<E, T> Held<E, T> {
    pub fn new(erased: Erased) -> Self {
        Held { erased, types: PhantomData }
    }
}

impl<E, T> AsExpression<E> for Held<E, T> {
    type Type = T;
    type Nulls = Null;
    type Kind = PerRow;

    fn erased(self) -> Erased {
        self.erased
    }
}

impl<E, T, K> Operand<E, T, K> for Held<E, T> {
    fn erased(self) -> Erased {
        self.erased
    }
}

impl<E, T, K> Perhaps<E, T, K> for Held<E, T> {
    fn erased(self) -> Erased {
        self.erased
    }
}

/// A query that was drawn, with one column of type `T`, or for its rows alone.
pub struct HeldRows<T> {
    rows: ErasedRows,
    types: PhantomData<fn() -> T>,
}

impl<T> HeldRows<T> {
    pub fn new(rows: ErasedRows) -> Self {
        HeldRows { rows, types: PhantomData }
    }
}

impl<T> Subquery for HeldRows<T> {
    type Type = T;

    fn erased(self) -> ErasedRows {
        self.rows
    }
}

impl<T> HasRows for HeldRows<T> {
    fn erased_rows(self) -> ErasedRows {
        self.rows
    }
}

/// Any number of items, whose types are seen when they are read.
pub struct Drawn<E, K> {
    items: Vec<Selects>,
    types: PhantomData<fn() -> (E, K)>,
}

impl<E, K> Drawn<E, K> {
    pub fn new(items: impl IntoIterator<Item = Selects>) -> Self {
        Drawn { items: items.into_iter().collect(), types: PhantomData }
    }
}

impl<E, K: Kind> Selectable<E> for Drawn<E, K> {
    type Out = Vec<Cell>;
    type Kind = K;
    type Paths = Root<E>;

    fn items(self, out: &mut Selection) {
        self.items.iter().for_each(|items| items(out));
    }

    fn decode(row: &mut Items<'_>) -> Result<Vec<Cell>, Error> {
        // A cell takes whatever there is, so it is an error only to go on after the last one.
        Ok(std::iter::from_fn(|| Some(row.next().ok()?.unwrap_or(Cell::Null))).collect())
    }
}
