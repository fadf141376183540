//! The way to the server: a runtime of one thread, on which the driver's connection runs too.
//!
//! Must not know what is measured. One thread, so that all of a client's work is in what is measured.

use deadpool_postgres::{Manager, ManagerConfig, Pool, RecyclingMethod};
use relata::Connection;
use relata_scratch::Scratch;
use tokio::runtime::{Builder, Runtime};
use tokio_postgres::{Config, NoTls};

use crate::{Outcome, model};

/// A runtime of one thread.
///
/// # Errors
/// The operating system refuses.
pub fn runtime() -> Outcome<Runtime> {
    Ok(Builder::new_current_thread().enable_all().build()?)
}

/// A connection; its driver runs in the background.
///
/// # Errors
/// The server cannot be reached.
pub async fn connect(config: &Config) -> Outcome<Connection> {
    let (client, connection) = config.connect(NoTls).await?;
    tokio::spawn(connection);
    Ok(Connection::new(client))
}

/// A pool of one connection.
///
/// # Errors
/// None that is known.
pub fn pool(config: Config) -> Outcome<Pool> {
    let settings = ManagerConfig { recycling_method: RecyclingMethod::Fast };
    Ok(Pool::builder(Manager::from_config(config, NoTls, settings)).max_size(1).build()?)
}

/// A database with all of the rows.
///
/// # Errors
/// No server can be had.
pub fn filled() -> Outcome<Scratch> {
    let scratch = Scratch::start()?;
    runtime()?.block_on(async {
        let connection = connect(&scratch.config()).await?;
        connection.client().batch_execute(model::TABLES).await?;
        connection.client().batch_execute(model::ROWS).await?;
        Outcome::Ok(())
    })?;
    Ok(scratch)
}
