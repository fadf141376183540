//! A client with a bounded cache of prepared statements, for programs without a pool.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use foldhash::fast::RandomState;
use tokio_postgres::{Client, Statement};

/// A `tokio_postgres::Client` and the statements that it has prepared, at most 256 of them.
///
/// The statement that was not used for the longest time is dropped first, on the server too.
///
/// ```no_run
/// # async fn connect() -> Result<(), tokio_postgres::Error> {
/// let (client, connection) = tokio_postgres::connect("host=localhost", tokio_postgres::NoTls).await?;
/// tokio::spawn(connection);
/// let db = relata::Connection::new(client);
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
pub struct Connection {
    client: Client,
    cache: Mutex<Cache>,
}

/// The statements, each with the time of its last use.
#[derive(Debug, Default)]
struct Cache {
    clock: u64,
    statements: HashMap<String, (Statement, u64), RandomState>,
}

const CACHED: usize = 256;

impl Connection {
    /// Takes a client. Its connection has to be driven elsewhere, as tokio-postgres says.
    pub fn new(client: Client) -> Self {
        Connection { client, cache: Mutex::default() }
    }

    /// The client, for statements of your own.
    pub fn client(&self) -> &Client {
        &self.client
    }

    /// The client, for a transaction.
    pub fn client_mut(&mut self) -> &mut Client {
        &mut self.client
    }

    /// Gives the client back; the prepared statements are dropped.
    pub fn into_client(self) -> Client {
        self.client
    }

    /// A poisoned lock holds a whole cache all the same: no code panics while it is held.
    fn cache(&self) -> MutexGuard<'_, Cache> {
        self.cache.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn cached(&self, text: &str) -> Option<Statement> {
        self.cache().get(text)
    }

    pub(super) async fn prepare(&self, text: &str) -> Result<Statement, tokio_postgres::Error> {
        if let Some(statement) = self.cached(text) {
            return Ok(statement);
        }
        let statement = self.client.prepare(text).await?;
        self.cache().put(text, statement.clone());
        Ok(statement)
    }

    pub(super) fn evict(&self, text: &str) {
        self.cache().statements.remove(text);
    }
}

impl Cache {
    fn get(&mut self, text: &str) -> Option<Statement> {
        self.clock += 1;
        let (statement, used) = self.statements.get_mut(text)?;
        *used = self.clock;
        Some(statement.clone())
    }

    fn put(&mut self, text: &str, statement: Statement) {
        if self.statements.len() >= CACHED {
            let oldest = self.statements.iter().min_by_key(|(_, (_, used))| *used).map(|(text, _)| text.clone());
            if let Some(oldest) = oldest {
                self.statements.remove(&oldest);
            }
        }
        self.statements.insert(text.to_owned(), (statement, self.clock));
    }
}
