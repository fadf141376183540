//! The engine: prepares the statements of a load, sends them level by level, hands out their rows.
//!
//! One function over erased statements and sinks; siblings are pipelined on one connection. Every statement that was
//! sent is awaited to its end, also after an error, so that the connection is idle when the load returns.

use std::future::{Future, poll_fn};
use std::pin::{Pin, pin};
use std::task::Poll;
use std::time::Instant;

use futures::TryStreamExt;
use futures::future::join_all;
use tokio_postgres::types::ToSql;
use tokio_postgres::{RowStream, Statement as Prepared};

use super::executor::Conn;
use super::gather::{Gather, stitch_of};
use super::{collation, fault};
use crate::entity::Sink;
use crate::error::{Error, ErrorKind};
use crate::sql::{Param, Statement, Tree};
use crate::stitch::{self, Links};

/// Runs all statements of the tree; the rows are in the sinks when it returns.
pub(super) async fn run(conn: &Conn<'_>, tree: &Tree, sink: &mut dyn Sink) -> Result<(), Error> {
    let mut statements = Vec::new();
    tree.statements(&mut statements);
    let known: Option<Vec<Prepared>> = statements.iter().map(|statement| conn.cached(statement.text())).collect();
    if let Some(prepared) = known {
        return level(Run { conn, statements: &statements, prepared: &prepared }, tree, None, sink).await;
    }
    // All in one flush, so that a fresh connection costs one round trip more and not one a level. Each is awaited, also
    // after an error: one that was given up would stay on the server, where nobody could close it.
    let mut unchecked = Unchecked { conn, statements: &statements };
    let mut all = pin!(join_all(statements.iter().map(|statement| prepare(conn, statement))));
    let at_once = poll_fn(|context| Poll::Ready(all.as_mut().poll(context))).await;
    // What was there without waiting came from the cache, and was checked when it went in.
    let (results, fresh) = match at_once {
        Poll::Ready(results) => {
            unchecked.statements = &[];
            (results, false)
        }
        Poll::Pending => (all.await, true),
    };
    let mut prepared = Vec::with_capacity(results.len());
    let mut failed = Vec::new();
    for result in results {
        match result {
            Ok(statement) => prepared.push(statement),
            Err(error) => failed.push(Err(error)),
        }
    }
    fault::first(failed)?;
    if fresh {
        collation::check(conn, tree, &prepared).await?;
        unchecked.statements = &[];
    }
    level(Run { conn, statements: &statements, prepared: &prepared }, tree, None, sink).await
}

/// Statements that may be in the cache and whose keys were not checked yet. They leave it again if the load ends before
/// that, by an error or because it is dropped: what is in the cache was checked.
struct Unchecked<'r> {
    conn: &'r Conn<'r>,
    statements: &'r [&'r Statement],
}

impl Drop for Unchecked<'_> {
    fn drop(&mut self) {
        self.statements.iter().for_each(|statement| self.conn.evict(statement.text()));
    }
}

async fn prepare(conn: &Conn<'_>, statement: &Statement) -> Result<Prepared, Error> {
    conn.prepare(statement.text()).await.map_err(|error| fault::statement(error, statement))
}

/// What all statements of a load share.
#[derive(Clone, Copy)]
struct Run<'r> {
    conn: &'r Conn<'r>,
    /// In the order of their numbers.
    statements: &'r [&'r Statement],
    /// By the statements' numbers.
    prepared: &'r [Prepared],
}

/// Boxed once a statement: the only recursion, and the reason that a load's future does not grow with its tree.
type Level<'r> = Pin<Box<dyn Future<Output = Result<(), Error>> + Send + 'r>>;

fn level<'r>(run: Run<'r>, tree: &'r Tree, links: Option<Links>, sink: &'r mut dyn Sink) -> Level<'r> {
    Box::pin(async move {
        let gathered = rows(run, tree, links, sink).await?;
        // A statement below takes one key. What the plan was told to be one row, by a key or a to-one relation, was more.
        if let Some(key) = gathered.second_row() {
            return Err(several(&tree.statement, key));
        }
        let mut next = Vec::with_capacity(tree.below.len());
        for (below, batch, sink) in gathered.close() {
            let (tree, relation) = (&below.tree, below.edge.relation);
            let empty = batch.is_empty();
            let links = Links::new(tree.statement.shared_path().clone(), relation, batch, stitch_of(tree));
            if empty {
                *sink.split(&mut Vec::new()).links = Some(links);
            } else {
                next.push(level(run, tree, Some(links), sink));
            }
        }
        fault::first(join_all(next).await)
    })
}

/// More rows than one, for the key of the parent where there is one.
#[cold]
fn several(statement: &Statement, key: Option<String>) -> Error {
    let error = match key {
        Some(key) => stitch::several(statement.path(), &key),
        None => {
            let message = "more than one row, where the entity's key allows one";
            Error::new(ErrorKind::SeveralRows, message).at(statement.path())
        }
    };
    error.with_sql(statement.text())
}

/// Runs one statement, and takes its rows and the keys that the statements below ask with.
async fn rows<'r>(
    run: Run<'r>,
    tree: &'r Tree,
    links: Option<Links>,
    sink: &'r mut dyn Sink,
) -> Result<Gather<'r>, Error> {
    let trace = Trace::start(&tree.statement);
    let mut count = 0_u64;
    let mut failed = None;
    let stream = match open(run, tree, links.as_ref()).await {
        Ok(stream) => stream,
        Err(error) => {
            trace.failed(&error);
            return Err(error);
        }
    };
    let mut stream = pin!(stream);
    let mut gather = Gather::new(tree, links, sink)?;
    loop {
        let row = match stream.try_next().await {
            Ok(Some(row)) => row,
            Ok(None) => break,
            Err(error) => {
                failed.get_or_insert(fault::statement(error, &tree.statement));
                break;
            }
        };
        count += 1;
        // After an error of our own the rest is read and left, so that the connection stays usable.
        if failed.is_none()
            && let Err(error) = gather.accept(&row)
        {
            failed = Some(error.with_sql(tree.statement.text()).at(tree.statement.path()));
        }
    }
    if let Some(error) = failed {
        trace.failed(&error);
        return Err(error);
    }
    trace.done(count);
    Ok(gather)
}

async fn open(run: Run<'_>, tree: &Tree, links: Option<&Links>) -> Result<RowStream, Error> {
    let Run { conn, statements, prepared } = run;
    let statement = &tree.statement;
    let stale = match send(conn, &prepared[tree.number], statement, links).await {
        Err(error) if fault::is_stale(&error) => error,
        Err(error) => {
            return Err(fault::sent(
                error,
                statement,
                prepared[tree.number].params(),
                &params(statement, links),
                links,
            ));
        }
        Ok(stream) => return Ok(stream),
    };
    conn.evict(statement.text());
    if !conn.in_transaction() {
        match Box::pin(again(conn, tree, links)).await {
            // A transaction that the caller began with a statement of his own.
            Err(error) if fault::is_aborted(&error) => {}
            result => return result,
        }
    }
    // The transaction is tried again as a whole, and should not find one stale statement at each try.
    statements.iter().for_each(|statement| conn.evict(statement.text()));
    Err(fault::stale(stale, statement))
}

/// Prepares the statement anew and sends it. Boxed by its caller: it is rare, and would take half of a level's future.
async fn again(conn: &Conn<'_>, tree: &Tree, links: Option<&Links>) -> Result<RowStream, Error> {
    let statement = &tree.statement;
    let mut unchecked = Unchecked { conn, statements: &[statement] };
    let prepared = prepare(conn, statement).await?;
    collation::check_one(conn, tree, &prepared).await?;
    unchecked.statements = &[];
    let result = send(conn, &prepared, statement, links).await;
    result.map_err(|error| fault::sent(error, statement, prepared.params(), &params(statement, links), links))
}

async fn send(
    conn: &Conn<'_>,
    prepared: &Prepared,
    statement: &Statement,
    links: Option<&Links>,
) -> Result<RowStream, tokio_postgres::Error> {
    conn.query(prepared, params(statement, links)).await
}

fn params<'r>(statement: &'r Statement, links: Option<&'r Links>) -> Vec<&'r (dyn ToSql + Sync)> {
    let mut params: Vec<&(dyn ToSql + Sync)> = Vec::with_capacity(statement.bound().len());
    for param in statement.bound() {
        match param {
            Param::Value(value) | Param::Cursor(value) => params.push(value.as_sql()),
            Param::Rows(rows) => params.push(rows),
            Param::Keys(column) => {
                if let Some(array) = links.and_then(|links| links.arrays().get(*column)) {
                    params.push(array);
                }
            }
        }
    }
    params
}

/// The event of one statement, and the time that it took where somebody listens.
struct Trace<'r> {
    statement: &'r Statement,
    start: Option<Instant>,
}

impl<'r> Trace<'r> {
    fn start(statement: &'r Statement) -> Self {
        let listening = tracing::enabled!(target: "relata::statement", tracing::Level::DEBUG);
        Trace { statement, start: listening.then(Instant::now) }
    }

    fn micros(&self) -> Option<u64> {
        self.start.map(|start| u64::try_from(start.elapsed().as_micros()).unwrap_or(u64::MAX))
    }

    fn done(&self, rows: u64) {
        if let Some(micros) = self.micros() {
            let (path, sql) = (self.statement.path(), self.statement.text());
            tracing::debug!(target: "relata::statement", path, sql, rows, micros, "statement");
        }
    }

    fn failed(&self, error: &Error) {
        if let Some(micros) = self.micros() {
            let (path, sql) = (self.statement.path(), self.statement.text());
            tracing::debug!(target: "relata::statement", path, sql, micros, error = ?error.kind(), "statement");
        }
    }
}
