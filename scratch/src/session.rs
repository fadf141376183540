//! A connection that blocks, for callers inside and outside an asynchronous runtime.
//!
//! Must not know what statements it carries.

use std::io;
use std::thread;
use std::time::Duration;

use tokio::runtime::{Builder, Runtime};
use tokio_postgres::{Client, Config, NoTls, SimpleQueryMessage};

use crate::error::in_words;

/// How long a server may take to let us in.
const PATIENCE: Duration = Duration::from_secs(10);

/// One connection with a runtime of its own. Errors are told in words, with their causes.
#[derive(Debug)]
pub(crate) struct Session {
    client: Client,
    // Only `None` while being dropped.
    runtime: Option<Runtime>,
}

impl Session {
    pub(crate) fn open(config: &Config) -> Result<Session, String> {
        let mut config = config.clone();
        if config.get_connect_timeout().is_none() {
            config.connect_timeout(PATIENCE);
        }
        apart(move || {
            let runtime = Builder::new_current_thread().enable_all().build().map_err(|error| error.to_string())?;
            let (client, connection) = runtime.block_on(config.connect(NoTls)).map_err(|error| in_words(&error))?;
            // Driven whenever `run` blocks on the runtime; an idle connection needs no driving.
            runtime.spawn(connection);
            Ok(Session { client, runtime: Some(runtime) })
        })
    }

    /// The first column of every row that `sql` gives.
    pub(crate) fn run(&self, sql: &str) -> Result<Vec<String>, String> {
        let Some(runtime) = &self.runtime else { return Ok(Vec::new()) };
        apart(|| {
            let messages = runtime.block_on(self.client.simple_query(sql)).map_err(|error| in_words(&error))?;
            let first = |message| match message {
                SimpleQueryMessage::Row(row) => row.get(0).map(str::to_owned),
                _ => None,
            };
            Ok(messages.into_iter().filter_map(first).collect())
        })
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        // A plain drop may block, which tokio forbids on its own threads.
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}

/// On another thread, since a thread of the caller's runtime may not block on ours.
fn apart<T: Send>(work: impl FnOnce() -> Result<T, String> + Send) -> Result<T, String> {
    let gone = || io::Error::other("the helper thread is gone").to_string();
    thread::scope(|scope| {
        let worker = thread::Builder::new().spawn_scoped(scope, work).map_err(|error| error.to_string())?;
        worker.join().unwrap_or_else(|_| Err(gone()))
    })
}
