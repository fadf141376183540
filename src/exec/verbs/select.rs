//! The verbs of selections, and of two of them as one.

use std::future::Future;

use tokio_postgres::Row;
use tracing::Instrument;

use super::{Executor, checked, execute, existence, not_found, number, single, span};
use crate::entity::{Entity, Rows, Sink, Split};
use crate::error::{Error, ErrorKind};
use crate::expr::Selectable;
use crate::plan::Plan;
use crate::query::{Combined, Select};
use crate::row::Items;
use crate::stitch::Links;

macro_rules! verbs {
    ([$($generics:tt)*] $type:ty, [$($param:ident),*], $out:ty, $decode:expr) => {
        impl<$($generics)*> $type {
            /// All rows. One statement, one round trip.
            ///
            /// # Errors
            /// [`ErrorKind::InvalidQuery`](crate::ErrorKind::InvalidQuery) before anything is sent; else as
            /// [`Query::all`](crate::Query::all).
            pub fn all<'x, X: Executor>(
                &self,
                db: &'x X,
            ) -> impl Future<Output = Result<Vec<$out>, Error>> + Send + use<'x, X, $($param),*> {
                rows(self.plan(), $decode(self), db)
            }

            /// The first row by the query's order; `None` if there is no row. Without an order it is any of the rows.
            ///
            /// SQL: with `LIMIT 1`.
            ///
            /// # Errors
            /// As [`all`](Self::all).
            pub fn first<'x, X: Executor>(
                &self,
                db: &'x X,
            ) -> impl Future<Output = Result<Option<$out>, Error>> + Send + use<'x, X, $($param),*> {
                let rows = self.at_most(1).all(db);
                async move { Ok(rows.await?.pop()) }
            }

            /// The one row that there is.
            ///
            /// SQL: with `LIMIT 2`, to see a second row.
            ///
            /// # Errors
            /// [`ErrorKind::NotFound`](crate::ErrorKind::NotFound) without a row, [`ErrorKind::SeveralRows`](crate::ErrorKind::SeveralRows) with more than one; else as
            /// [`all`](Self::all).
            pub fn one<'x, X: Executor>(
                &self,
                db: &'x X,
            ) -> impl Future<Output = Result<$out, Error>> + Send + use<'x, X, $($param),*> {
                let path = self.rows().table.entity;
                let row = self.at_most_one(db);
                async move { row.await?.ok_or_else(|| not_found(path)) }
            }

            /// The row, if there is one.
            ///
            /// SQL: with `LIMIT 2`, to see a second row.
            ///
            /// # Errors
            /// [`ErrorKind::SeveralRows`](crate::ErrorKind::SeveralRows) with more than one row; else as [`all`](Self::all).
            pub fn at_most_one<'x, X: Executor>(
                &self,
                db: &'x X,
            ) -> impl Future<Output = Result<Option<$out>, Error>> + Send + use<'x, X, $($param),*> {
                let path = self.rows().table.entity;
                let rows = self.at_most(2).all(db);
                async move { single(rows.await?, path) }
            }

            /// The number of rows that the query gives.
            ///
            /// SQL: `SELECT COUNT(*) FROM (query)`. One statement, one round trip.
            ///
            /// # Errors
            /// As [`all`](Self::all).
            pub fn count<'x, X: Executor>(
                &self,
                db: &'x X,
            ) -> impl Future<Output = Result<u64, Error>> + Send + use<'x, X, $($param),*> {
                number(db, self.plan())
            }

            /// Whether the query gives a row.
            ///
            /// SQL: `SELECT EXISTS (query)`. One statement, one round trip.
            ///
            /// # Errors
            /// As [`all`](Self::all).
            pub fn exists<'x, X: Executor>(
                &self,
                db: &'x X,
            ) -> impl Future<Output = Result<bool, Error>> + Send + use<'x, X, $($param),*> {
                existence(db, self.plan())
            }
        }
    };
}

verbs!([E: Entity, S: Selectable<E>] Select<E, S>, [E, S], S::Out, |_: &Select<E, S>| S::decode);
verbs!([O: Send + 'static] Combined<O>, [O], O, Combined::<O>::decode);

type Decode<O> = fn(&mut Items<'_>) -> Result<O, Error>;

async fn rows<O: Send + 'static, X: Executor>(plan: Plan, decode: Decode<O>, db: &X) -> Result<Vec<O>, Error> {
    let width = plan.root.width();
    let tree = checked(plan)?;
    let mut selected = Selected { rows: Decoded { rows: Vec::new(), decode, width }, links: None };
    let mut conn = db.acquire().await?;
    execute(&mut conn, &tree, &mut selected).instrument(span(&tree)).await?;
    Ok(selected.rows.rows)
}

/// The rows of a selection.
struct Selected<O> {
    rows: Decoded<O>,
    links: Option<Links>,
}

struct Decoded<O> {
    rows: Vec<O>,
    decode: Decode<O>,
    /// The number of columns that are read.
    width: usize,
}

impl<O: Send> Rows for Decoded<O> {
    fn accept(&mut self, row: &Row, start: usize) -> Result<(), Error> {
        if row.len() > start + self.width {
            // Only a text of the program's own can give others than those that are asked for.
            let message = format!("the query gives {} columns, and {} are read", row.len(), self.width);
            return Err(Error::new(ErrorKind::Decode, message));
        }
        self.rows.push((self.decode)(&mut Items::new(row, start))?);
        Ok(())
    }
}

impl<O: Send> Sink for Selected<O> {
    fn split<'s>(&'s mut self, _: &mut Vec<(usize, &'s mut dyn Sink)>) -> Split<'s> {
        Split { rows: &mut self.rows, links: &mut self.links, ends: None }
    }
}
