//! Selections that are written down, so that their rows are decoded to the types that the crate gives them.

use std::rc::Rc;

use relata::expr::{PerRow, Single};
use relata::{Entity, Order, Query, Selectable};
use serde::Serialize;

use super::meaning::Meaning;
use super::run::{Asks, tuples};

/// A selection, and what its items mean.
pub trait Tuple<E: Entity> {
    /// The line whose steps it names.
    fn line(&self) -> Option<usize>;
    fn is(&self) -> Vec<Meaning>;
    /// With an order, a limit and an offset.
    fn select(&self, query: Query<E>, order: Vec<Order<E>>, rows: [Option<u64>; 2]) -> Box<dyn Asks>;
}

struct Written<S> {
    line: Option<usize>,
    items: S,
    is: Vec<Meaning>,
}

/// A selection.
pub fn tuple<E: Entity, S: Selectable<E, Kind = PerRow> + Clone + 'static>(
    line: Option<usize>,
    items: S,
    is: impl Into<Vec<Meaning>>,
) -> Rc<dyn Tuple<E>>
where
    S::Out: Serialize,
    S::Paths: Single<()>,
{
    Rc::new(Written { line, items, is: is.into() })
}

impl<E: Entity, S: Selectable<E, Kind = PerRow> + Clone + 'static> Tuple<E> for Written<S>
where
    S::Out: Serialize,
    S::Paths: Single<()>,
{
    fn line(&self) -> Option<usize> {
        self.line
    }

    fn is(&self) -> Vec<Meaning> {
        self.is.clone()
    }

    fn select(&self, query: Query<E>, order: Vec<Order<E>>, [limit, offset]: [Option<u64>; 2]) -> Box<dyn Asks> {
        let select = order.into_iter().fold(query.select(self.items.clone()), |select, order| select.order_by(order));
        let select = limit.into_iter().fold(select, |select, limit| select.limit(limit));
        tuples(offset.into_iter().fold(select, |select, offset| select.offset(offset)))
    }
}
