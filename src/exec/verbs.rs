//! The verbs of a query: what is awaited.
//!
//! A verb plans at once, and checks and renders when it is first polled; what it gives is a future that holds no reference to the query, is `Send`
//! whatever is loaded, and does nothing until it is polled.

mod page;
mod select;

use std::future::Future;

use tracing::Instrument;

use super::executor::{Conn, Executor};
use super::run::run;
use crate::entity::{Entity, Level, Rows, Shape, Sink, Split};
use crate::error::{Error, ErrorKind};
use crate::plan::Plan;
use crate::query::Query;
use crate::row::raw;
use crate::sql::{self, Statement, Tree};
use crate::stitch::Links;

impl<T: Shape> Query<T> {
    /// All rows, with what is loaded with them.
    ///
    /// Statements and round trips: as [`plan`](Self::plan) says.
    ///
    /// # Errors
    /// Any [`ErrorKind`] but `NotFound`. The connection stays usable, unless it was lost.
    pub fn all<'x, X: Executor>(
        &self,
        db: &'x X,
    ) -> impl Future<Output = Result<Vec<T>, Error>> + Send + use<'x, T, X> {
        load(self, db)
    }

    /// The first row by the query's order, which the key completes; by the key, if there is no order. `None` if there
    /// is no row.
    ///
    /// SQL: with `LIMIT 1`.
    ///
    /// # Errors
    /// As [`all`](Self::all).
    pub fn first<'x, X: Executor>(
        &self,
        db: &'x X,
    ) -> impl Future<Output = Result<Option<T>, Error>> + Send + use<'x, T, X> {
        let rows = load(&self.at_most(1), db);
        async move { Ok(rows.await?.pop()) }
    }

    /// The one row that there is.
    ///
    /// SQL: with `LIMIT 2`, to see a second row.
    ///
    /// # Errors
    /// [`ErrorKind::NotFound`] without a row, [`ErrorKind::SeveralRows`] with more than one; else as
    /// [`all`](Self::all).
    pub fn one<'x, X: Executor>(&self, db: &'x X) -> impl Future<Output = Result<T, Error>> + Send + use<'x, T, X> {
        let row = self.at_most_one(db);
        async move { row.await?.ok_or_else(|| not_found(T::Entity::TABLE.entity)) }
    }

    /// The row, if there is one.
    ///
    /// SQL: with `LIMIT 2`, to see a second row.
    ///
    /// # Errors
    /// [`ErrorKind::SeveralRows`] with more than one row; else as [`all`](Self::all).
    pub fn at_most_one<'x, X: Executor>(
        &self,
        db: &'x X,
    ) -> impl Future<Output = Result<Option<T>, Error>> + Send + use<'x, T, X> {
        let rows = load(&self.at_most(2), db);
        async move { single(rows.await?, T::Entity::TABLE.entity) }
    }

    /// The number of rows; loads play no part in it, limit and offset do.
    ///
    /// SQL: `SELECT COUNT(*) FROM …`. One statement, one round trip.
    ///
    /// # Errors
    /// As [`all`](Self::all); [`InvalidQuery`](crate::ErrorKind::InvalidQuery) after a cursor, where
    /// [`counted`](Self::counted) gives the number of all rows.
    pub fn count<'x, X: Executor>(&self, db: &'x X) -> impl Future<Output = Result<u64, Error>> + Send + use<'x, T, X> {
        number(db, self.plan())
    }

    /// Whether there is a row.
    ///
    /// SQL: `SELECT EXISTS (SELECT 1 FROM …)`. One statement, one round trip.
    ///
    /// # Errors
    /// As [`all`](Self::all); [`InvalidQuery`](crate::ErrorKind::InvalidQuery) after a cursor: a page has a
    /// [`next`](crate::Page::next) where more rows follow.
    pub fn exists<'x, X: Executor>(
        &self,
        db: &'x X,
    ) -> impl Future<Output = Result<bool, Error>> + Send + use<'x, T, X> {
        existence(db, self.plan())
    }
}

fn load<'x, T: Shape, X: Executor>(
    query: &Query<T>,
    db: &'x X,
) -> impl Future<Output = Result<Vec<T>, Error>> + Send + use<'x, T, X> {
    let plan = query.plan();
    let rows = gather::<T, X>(plan, db);
    async move { rows.await?.finish() }
}

/// The rows of a plan, before they are stitched.
async fn gather<T: Shape, X: Executor>(plan: Plan, db: &X) -> Result<Level<T>, Error> {
    let tree = checked(plan)?;
    let mut rows = Level::<T>::default();
    let mut conn = db.acquire().await?;
    execute(&mut conn, &tree, &mut rows).instrument(span(&tree)).await?;
    Ok(rows)
}

/// The statements of a plan that can be run.
fn checked(plan: Plan) -> Result<Tree, Error> {
    plan.check()?;
    sql::check_cursors(&plan)?;
    Ok(Tree::new(plan))
}

/// Not generic: the same code for every shape and executor.
async fn execute(conn: &mut Conn<'_>, tree: &Tree, sink: &mut dyn Sink) -> Result<(), Error> {
    let result = run(conn, tree, sink).await;
    finished(conn, result)
}

/// The load has ended, and so the connection is idle again.
fn finished(conn: &mut Conn<'_>, result: Result<(), Error>) -> Result<(), Error> {
    // A connection that is lost does not go back to its pool, which could take it for a good one a moment longer.
    if !result.as_ref().is_err_and(|error| error.kind() == ErrorKind::Closed) {
        conn.release();
    }
    result
}

fn not_found(path: &str) -> Error {
    Error::new(ErrorKind::NotFound, "no row, where one was asked for").at(path)
}

fn single<T>(mut rows: Vec<T>, path: &str) -> Result<Option<T>, Error> {
    if rows.len() > 1 {
        return Err(Error::new(ErrorKind::SeveralRows, "more than one row, where one was asked for").at(path));
    }
    Ok(rows.pop())
}

fn number<'x, X: Executor>(db: &'x X, plan: Plan) -> impl Future<Output = Result<u64, Error>> + Send + use<'x, X> {
    let value = scalar(db, sql::count, plan);
    async move { Ok(count_of(&value.await?)) }
}

fn existence<'x, X: Executor>(db: &'x X, plan: Plan) -> impl Future<Output = Result<bool, Error>> + Send + use<'x, X> {
    let value = scalar(db, sql::exists, plan);
    async move { Ok(value.await?.bytes.0.first() == Some(&1)) }
}

fn count_of(value: &Value) -> u64 {
    let count: [u8; 8] = value.bytes.0.as_slice().try_into().unwrap_or_default();
    u64::from_be_bytes(count)
}

/// One value of one row, as bytes.
async fn scalar<X: Executor>(db: &X, render: fn(&crate::plan::Level) -> Statement, plan: Plan) -> Result<Value, Error> {
    plan.check_counted()?;
    let tree = Tree::scalar(render(&plan.root), &plan.root);
    let mut value = Value::default();
    let mut conn = db.acquire().await?;
    execute(&mut conn, &tree, &mut value).instrument(span(&tree)).await?;
    Ok(value)
}

/// The first column of the last row.
#[derive(Default)]
struct Value {
    bytes: Bytes,
    links: Option<Links>,
}

#[derive(Default)]
struct Bytes(Vec<u8>);

impl Rows for Bytes {
    fn accept(&mut self, row: &tokio_postgres::Row, start: usize) -> Result<(), Error> {
        self.0 = raw(row, start)?.unwrap_or_default().to_vec();
        Ok(())
    }
}

impl Sink for Value {
    fn split<'s>(&'s mut self, _: &mut Vec<(usize, &'s mut dyn Sink)>) -> Split<'s> {
        Split { rows: &mut self.bytes, links: &mut self.links, ends: None }
    }
}

fn span(tree: &Tree) -> tracing::Span {
    tracing::debug_span!(target: "relata", "load", entity = %tree.statement.path(), statements = tree.count())
}
