//! What the tests stand on: a schema of one's own, the statements that ran, and the blog.

pub mod blog;
pub mod data;
pub mod selected;
pub mod stock;
pub mod trace;
pub mod twins;

use std::sync::atomic::{AtomicUsize, Ordering};

use deadpool_postgres::{Manager, ManagerConfig, Pool, RecyclingMethod};
use relata_scratch::Scratch;
use tokio_postgres::{Config, NoTls};

/// A schema of the test's own on the shared server. It is dropped with the server's database.
pub struct World {
    pub pool: Pool,
    pub config: Config,
}

impl World {
    /// Makes a schema and runs the script in it.
    pub async fn new(script: &str) -> World {
        World::on(relata_scratch::shared(), script).await
    }

    pub async fn on(scratch: &Scratch, script: &str) -> World {
        static COUNT: AtomicUsize = AtomicUsize::new(0);
        let schema = format!("world_{}", COUNT.fetch_add(1, Ordering::Relaxed));
        let mut config = scratch.config();
        let client = connect(&config).await;
        client.batch_execute(&format!("CREATE SCHEMA {schema}; SET search_path = {schema}; {script}")).await.unwrap();
        let options = format!("{} -c search_path={schema}", config.get_options().unwrap_or_default());
        config.options(options);
        World { pool: pool(&config, 4), config }
    }

    /// A client of its own in the schema.
    pub async fn client(&self) -> tokio_postgres::Client {
        connect(&self.config).await
    }

    /// Runs statements in the schema.
    pub async fn execute(&self, script: &str) {
        self.pool.get().await.unwrap().batch_execute(script).await.unwrap();
    }
}

pub fn pool(config: &Config, size: usize) -> Pool {
    let manager = ManagerConfig { recycling_method: RecyclingMethod::Fast };
    Pool::builder(Manager::from_config(config.clone(), NoTls, manager)).max_size(size).build().unwrap()
}

pub async fn connect(config: &Config) -> tokio_postgres::Client {
    let (client, connection) = config.connect(NoTls).await.unwrap();
    tokio::spawn(connection);
    client
}
