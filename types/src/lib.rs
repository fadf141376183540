//! The table of types of relata's own tests, for the types that need a feature or a crate.
//!
//! The questions are the same file. They are asked from another crate, as a program asks them: relata's features are
//! all that brings the types, and tokio-postgres's are not named.

#![allow(missing_docs, missing_debug_implementations, clippy::unwrap_used)]

use std::sync::atomic::{AtomicUsize, Ordering};

use deadpool_postgres::{Manager, Pool};
use relata_scratch::Scratch;
use tokio_postgres::{Client, Config, NoTls};

#[path = "../../tests/it/shared/types/cell.rs"]
pub mod cell;
#[path = "../../tests/it/shared/types/macros.rs"]
mod macros;
#[path = "../../tests/it/shared/types/page.rs"]
pub mod page;

/// A schema of the test's own.
pub struct World {
    pub pool: Pool,
}

impl World {
    /// Makes a schema and runs the script in it.
    pub async fn on(scratch: &Scratch, script: &str) -> World {
        static COUNT: AtomicUsize = AtomicUsize::new(0);
        let schema = format!("world_{}", COUNT.fetch_add(1, Ordering::Relaxed));
        let mut config = scratch.config();
        let client = connect(&config).await;
        client.batch_execute(&format!("CREATE SCHEMA {schema}; SET search_path = {schema}; {script}")).await.unwrap();
        let options = format!("{} -c search_path={schema}", config.get_options().unwrap_or_default());
        config.options(options);
        World { pool: Pool::builder(Manager::new(config, NoTls)).max_size(2).build().unwrap() }
    }
}

pub async fn connect(config: &Config) -> Client {
    let (client, connection) = config.connect(NoTls).await.unwrap();
    tokio::spawn(connection);
    client
}
