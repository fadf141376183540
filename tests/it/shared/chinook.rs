//! The record shop of `examples/chinook`, on its real data: the example's own code against SQL written by hand.

#[path = "../../../examples/chinook/script.rs"]
mod script;
#[path = "../../../examples/chinook/cents.rs"]
pub(super) mod cents;
#[path = "../../../examples/chinook/model.rs"]
mod model;
#[path = "../../../examples/chinook/questions.rs"]
mod questions;
#[path = "../../../examples/chinook/playlists.rs"]
mod playlists;
#[path = "../../../examples/chinook/staff.rs"]
mod staff;

mod money;
mod answers;
mod indexes;
mod program;
mod paths;

use std::sync::OnceLock;
use std::thread;

use deadpool_postgres::Pool;
use relata::{Query, Shape};
use serde::Serialize;
use serde_json::Value;
use tokio::runtime::Builder;
use tokio_postgres::Config;
use tokio_postgres::types::ToSql;

use crate::support::{World, data, pool};

const FILE: &str = "chinook/Chinook_PostgreSql.sql";

/// The shop's database, loaded once. Each test has connections of its own: they end with its runtime.
fn shop() -> Option<Pool> {
    static SHOP: OnceLock<Config> = OnceLock::new();
    let file = data::file(FILE)?;
    let load = move || {
        let script = script::read(&file).unwrap();
        Builder::new_current_thread().enable_all().build().unwrap().block_on(World::new(&script)).config
    };
    // On a thread of its own, since the test's may have a runtime already.
    Some(pool(SHOP.get_or_init(|| thread::spawn(load).join().unwrap()), 2))
}

/// Asserts that a query gives the rows that the SQL gives, each of these as JSON; returns their number.
async fn same<T: Shape + Serialize>(db: &Pool, query: &Query<T>, sql: &str, params: &[&(dyn ToSql + Sync)]) -> usize {
    let rows = query.all(db).await.unwrap();
    let answer = db.get().await.unwrap().query(&format!("SELECT row::text FROM ({sql}) AS rows (row)"), params).await;
    let expected: Vec<Value> = answer.unwrap().iter().map(|row| serde_json::from_str(row.get(0)).unwrap()).collect();
    for (at, (row, expected)) in rows.iter().zip(&expected).enumerate() {
        assert_eq!(&serde_json::to_value(row).unwrap(), expected, "row {at} of\n{}", query.to_sql());
    }
    assert_eq!(rows.len(), expected.len(), "{}", query.to_sql());
    assert_eq!(query.count(db).await.unwrap(), expected.len() as u64);
    assert_eq!(query.exists(db).await.unwrap(), !expected.is_empty());
    let first = query.first(db).await.unwrap();
    assert_eq!(first.map(|row| serde_json::to_value(row).unwrap()), expected.first().cloned());
    rows.len()
}
