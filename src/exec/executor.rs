//! Executors: what a query can run on, and how each prepares and sends a statement.
//!
//! They know no query; they take text and parameters.

use std::future::Future;

use tokio_postgres::types::{ToSql, Type};
use tokio_postgres::{Row, RowStream, Statement};

use super::connection::Connection;
#[cfg(feature = "deadpool")]
use super::lease::Lease;
use crate::error::Error;

/// The number of prepared statements that one pooled connection keeps. A program has few texts, since none depends
/// on the number of rows; one that writes texts without end has its cache emptied each time it is full.
#[cfg(feature = "deadpool")]
const CACHED: usize = 1000;

/// What a query can run on: a pool, a client or a transaction.
///
/// | executor | statements are prepared | a dropped load |
/// |---|---|---|
/// | `deadpool_postgres::Pool` | once a connection | its connection leaves the pool, its statement is cancelled |
/// | `deadpool_postgres::{Client, Transaction}` | once a connection | its statement ends by itself first |
/// | [`Connection`](crate::Connection) | once a connection | its statement ends by itself first |
/// | `tokio_postgres::{Client, Transaction}` | each time: one round trip more a load | its statement ends by itself first |
#[diagnostic::on_unimplemented(
    message = "a query cannot run on `{Self}`",
    label = "not an executor",
    note = "give it a reference to a `deadpool_postgres::{{Pool, Client, Transaction}}`, to a \
            `tokio_postgres::{{Client, Transaction}}` or to a `relata::Connection`"
)]
pub trait Executor: sealed::Executor {}

impl<X: sealed::Executor> Executor for X {}

pub(super) mod sealed {
    use super::{Conn, Error, Future};

    pub trait Executor: Sync {
        fn acquire<'x>(&'x self) -> impl Future<Output = Result<Conn<'x>, Error>> + Send + 'x;
    }
}

/// A connection to run on, of any kind.
// One a load, and the largest is the common one.
#[allow(clippy::large_enum_variant)]
pub enum Conn<'x> {
    #[cfg(feature = "deadpool")]
    Lease(Lease),
    #[cfg(feature = "deadpool")]
    Pooled(&'x deadpool_postgres::ClientWrapper),
    #[cfg(feature = "deadpool")]
    PooledTransaction(&'x deadpool_postgres::Transaction<'x>),
    Connection(&'x Connection),
    Client(&'x tokio_postgres::Client),
    Transaction(&'x tokio_postgres::Transaction<'x>),
}

#[cfg(feature = "deadpool")]
impl sealed::Executor for deadpool_postgres::Pool {
    async fn acquire(&self) -> Result<Conn<'_>, Error> {
        let object = self.get().await.map_err(super::fault::checkout)?;
        Ok(Conn::Lease(Lease::new(object)))
    }
}

#[cfg(feature = "deadpool")]
impl sealed::Executor for deadpool_postgres::Client {
    async fn acquire(&self) -> Result<Conn<'_>, Error> {
        Ok(Conn::Pooled(self))
    }
}

#[cfg(feature = "deadpool")]
impl sealed::Executor for deadpool_postgres::Transaction<'_> {
    async fn acquire(&self) -> Result<Conn<'_>, Error> {
        Ok(Conn::PooledTransaction(self))
    }
}

impl<X: sealed::Executor + ?Sized> sealed::Executor for &X {
    async fn acquire(&self) -> Result<Conn<'_>, Error> {
        X::acquire(self).await
    }
}

impl<X: sealed::Executor + Send + ?Sized> sealed::Executor for std::sync::Arc<X> {
    async fn acquire(&self) -> Result<Conn<'_>, Error> {
        X::acquire(self).await
    }
}

impl sealed::Executor for Connection {
    async fn acquire(&self) -> Result<Conn<'_>, Error> {
        Ok(Conn::Connection(self))
    }
}

impl sealed::Executor for tokio_postgres::Client {
    async fn acquire(&self) -> Result<Conn<'_>, Error> {
        Ok(Conn::Client(self))
    }
}

impl sealed::Executor for tokio_postgres::Transaction<'_> {
    async fn acquire(&self) -> Result<Conn<'_>, Error> {
        Ok(Conn::Transaction(self))
    }
}

impl Conn<'_> {
    /// A prepared statement of this text, from the connection's cache where it has one.
    pub(super) async fn prepare(&self, text: &str) -> Result<Statement, tokio_postgres::Error> {
        match self {
            #[cfg(feature = "deadpool")]
            Conn::Lease(lease) => pooled(lease.client()?, text).await,
            #[cfg(feature = "deadpool")]
            Conn::Pooled(client) => pooled(client, text).await,
            #[cfg(feature = "deadpool")]
            Conn::PooledTransaction(transaction) => {
                bound(&transaction.statement_cache);
                transaction.prepare_cached(text).await
            }
            Conn::Connection(connection) => connection.prepare(text).await,
            Conn::Client(client) => client.prepare(text).await,
            Conn::Transaction(transaction) => transaction.prepare(text).await,
        }
    }

    /// The prepared statement of this text, where that is known without waiting; deadpool's cache can only be awaited.
    pub(super) fn cached(&self, text: &str) -> Option<Statement> {
        if let Conn::Connection(connection) = self { connection.cached(text) } else { None }
    }

    /// Sends the statement with its parameters; the rows follow in the stream.
    pub(super) async fn query(
        &self,
        statement: &Statement,
        params: Vec<&(dyn ToSql + Sync)>,
    ) -> Result<RowStream, tokio_postgres::Error> {
        match self {
            #[cfg(feature = "deadpool")]
            Conn::Lease(lease) => lease.client()?.query_raw(statement, params).await,
            #[cfg(feature = "deadpool")]
            Conn::Pooled(client) => client.query_raw(statement, params).await,
            #[cfg(feature = "deadpool")]
            Conn::PooledTransaction(transaction) => transaction.query_raw(statement, params).await,
            Conn::Connection(connection) => connection.client().query_raw(statement, params).await,
            Conn::Client(client) => client.query_raw(statement, params).await,
            Conn::Transaction(transaction) => transaction.query_raw(statement, params).await,
        }
    }

    /// Runs a statement of the crate's own, whose types are built in, in one round trip.
    pub(super) async fn query_typed(
        &self,
        text: &str,
        params: &[(&(dyn ToSql + Sync), Type)],
    ) -> Result<Vec<Row>, tokio_postgres::Error> {
        match self {
            #[cfg(feature = "deadpool")]
            Conn::Lease(lease) => lease.client()?.query_typed(text, params).await,
            #[cfg(feature = "deadpool")]
            Conn::Pooled(client) => client.query_typed(text, params).await,
            #[cfg(feature = "deadpool")]
            Conn::PooledTransaction(transaction) => transaction.query_typed(text, params).await,
            Conn::Connection(connection) => connection.client().query_typed(text, params).await,
            Conn::Client(client) => client.query_typed(text, params).await,
            Conn::Transaction(transaction) => transaction.query_typed(text, params).await,
        }
    }

    /// Forgets the prepared statement of this text.
    pub(super) fn evict(&self, text: &str) {
        match self {
            #[cfg(feature = "deadpool")]
            Conn::Lease(lease) => {
                if let Ok(client) = lease.client() {
                    client.statement_cache.remove(text, &[]);
                }
            }
            #[cfg(feature = "deadpool")]
            Conn::Pooled(client) => {
                client.statement_cache.remove(text, &[]);
            }
            #[cfg(feature = "deadpool")]
            Conn::PooledTransaction(transaction) => {
                transaction.statement_cache.remove(text, &[]);
            }
            Conn::Connection(connection) => connection.evict(text),
            Conn::Client(_) | Conn::Transaction(_) => {}
        }
    }

    /// Whether a failed statement ends more than itself.
    pub(super) fn in_transaction(&self) -> bool {
        match self {
            #[cfg(feature = "deadpool")]
            Conn::PooledTransaction(_) => true,
            Conn::Transaction(_) => true,
            _ => false,
        }
    }

    /// Every statement has been answered to its end.
    pub(super) fn release(&mut self) {
        #[cfg(feature = "deadpool")]
        if let Conn::Lease(lease) = self {
            lease.release();
        }
    }
}

#[cfg(feature = "deadpool")]
async fn pooled(client: &deadpool_postgres::ClientWrapper, text: &str) -> Result<Statement, tokio_postgres::Error> {
    bound(&client.statement_cache);
    client.prepare_cached(text).await
}

#[cfg(feature = "deadpool")]
fn bound(cache: &deadpool_postgres::StatementCache) {
    if cache.size() >= CACHED {
        cache.clear();
    }
}
