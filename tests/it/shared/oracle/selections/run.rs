//! Queries of any type, run, and their rows as JSON.

use std::future::Future;
use std::pin::Pin;
use std::rc::Rc;

use deadpool_postgres::Pool;
use relata::expr::{ErasedRows, HasRows, Kind};
use relata::sql::Statements;
use relata::{Combined, Entity, Error, Query, Select, Selectable, Shape};
use serde::Serialize;
use serde_json::Value as Json;

use super::catalog::{Chosen, Read};
use super::held::Drawn;
use super::values::Cell;

pub type Answer<'a, T> = Pin<Box<dyn Future<Output = Result<T, Error>> + 'a>>;

/// A query whose type is forgotten. A row is a list of what was selected.
pub trait Asks {
    fn to_sql(&self) -> Statements;
    /// As it stands within another query.
    fn rows(&self) -> ErasedRows;
    fn all<'a>(&'a self, pool: &'a Pool) -> Answer<'a, Result<Vec<Json>, String>>;
    fn first<'a>(&'a self, pool: &'a Pool) -> Answer<'a, Result<Option<Json>, String>>;
    fn count<'a>(&'a self, pool: &'a Pool) -> Answer<'a, u64>;
    fn exists<'a>(&'a self, pool: &'a Pool) -> Answer<'a, bool>;
}

/// A query, and how a row of it is read.
pub struct Selected<Q, O> {
    pub query: Q,
    pub read: Rc<dyn Fn(O) -> Result<Json, String>>,
}

macro_rules! asks {
    ([$($generics:tt)*] $query:ty, $out:ty, |$this:ident| $rows:expr) => {
        impl<$($generics)*> Asks for Selected<$query, $out> {
            fn to_sql(&self) -> Statements {
                self.query.to_sql()
            }

            fn rows(&self) -> ErasedRows {
                let $this = self;
                $rows
            }

            fn all<'a>(&'a self, pool: &'a Pool) -> Answer<'a, Result<Vec<Json>, String>> {
                Box::pin(async move { Ok(self.query.all(pool).await?.into_iter().map(|row| (self.read)(row)).collect()) })
            }

            fn first<'a>(&'a self, pool: &'a Pool) -> Answer<'a, Result<Option<Json>, String>> {
                Box::pin(async move { Ok(self.query.first(pool).await?.map(|row| (self.read)(row)).transpose()) })
            }

            fn count<'a>(&'a self, pool: &'a Pool) -> Answer<'a, u64> {
                Box::pin(self.query.count(pool))
            }

            fn exists<'a>(&'a self, pool: &'a Pool) -> Answer<'a, bool> {
                Box::pin(self.query.exists(pool))
            }
        }
    };
}

asks!([T: Shape] Query<T>, T, |this| this.query.clone().erased_rows());
asks!([E: Entity, S: Selectable<E>] Select<E, S>, S::Out, |this| this.query.clone().erased_rows());
asks!([] Combined<Vec<Cell>>, Vec<Cell>, |_this| unreachable!("no query has it within it"));

/// A query for entities, as they are or in another shape.
pub fn entities<T: Shape + Serialize + 'static>(query: Query<T>) -> Box<dyn Asks> {
    let read = |row: T| Ok(Json::Array(vec![serde_json::to_value(row).unwrap()]));
    Box::new(Selected { query, read: Rc::new(read) })
}

/// A query for tuples.
pub fn tuples<E: Entity, S: Selectable<E> + 'static>(query: Select<E, S>) -> Box<dyn Asks>
where
    S::Out: Serialize,
{
    let read = |row: S::Out| Ok(serde_json::to_value(row).unwrap());
    Box::new(Selected { query, read: Rc::new(read) })
}

/// A query for items that were drawn.
pub fn drawn<E: Entity, K: Kind>(query: Select<E, Drawn<E, K>>, items: &[Chosen<E>]) -> Box<dyn Asks> {
    let reads = items.iter().map(|item| (item.width, Rc::clone(&item.read))).collect();
    Box::new(Selected { query, read: reader(reads) })
}

/// Selections as one.
pub fn combined(query: Combined<Vec<Cell>>, reads: Vec<(usize, Read)>) -> Box<dyn Asks> {
    Box::new(Selected { query, read: reader(reads) })
}

/// Reads the cells of a row, item by item.
fn reader(reads: Vec<(usize, Read)>) -> Rc<dyn Fn(Vec<Cell>) -> Result<Json, String>> {
    Rc::new(move |cells: Vec<Cell>| {
        let (mut rest, mut row) = (cells.as_slice(), Vec::new());
        for (width, read) in &reads {
            let Some((cells, more)) = rest.split_at_checked(*width) else {
                return Err(format!("{} columns are too few", cells.len()));
            };
            row.push(read(cells)?);
            rest = more;
        }
        if rest.is_empty() { Ok(Json::Array(row)) } else { Err(format!("{} columns are too many", cells.len())) }
    })
}
