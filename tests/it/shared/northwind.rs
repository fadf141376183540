//! The trader of the Northwind database, mapped whole and asked questions: each answer, under every mixture of
//! strategies, against SQL written by hand.
//!
//! No foreign key of it has an index, its texts are keys, and two of its tables came empty: those have rows of ours.

mod values;
mod model;
mod sales;
mod goods;
mod through;
mod nested;
mod staff;
mod lines;
mod padded;
mod indexes;
mod paths;

use std::fs;
use std::path::PathBuf;
use std::sync::OnceLock;
use std::thread;

use deadpool_postgres::Pool;
use relata::{Query, Shape};
use serde::Serialize;
use serde_json::Value;
use tokio::runtime::Builder;
use tokio_postgres::Config;
use tokio_postgres::types::ToSql;

use crate::support::twins::{SelectIn, Strategy};
use crate::support::{World, data, pool, trace};

const FILE: &str = "northwind/northwind.sql";

/// Two kinds for each German customer, a third for one of these, one for two others, and a kind that nobody is of.
const DEMOGRAPHICS: &str = "
INSERT INTO customer_demographics VALUES ('far', 'from overseas'), ('old', NULL), ('rich', 'buys much'), ('none', 'x');
INSERT INTO customer_customer_demo SELECT customer_id, kind FROM customers, (VALUES ('old'), ('rich')) AS kinds (kind)
    WHERE country = 'Germany';
INSERT INTO customer_customer_demo VALUES ('ANATR', 'far'), ('ALFKI', 'far'), ('PARIS', 'old');";

fn file() -> Option<PathBuf> {
    data::file(FILE)
}

/// The database's script, with the rows of ours.
fn script(file: PathBuf) -> String {
    fs::read_to_string(file).unwrap() + DEMOGRAPHICS
}

/// The trader's database, loaded once. Each test has connections of its own: they end with its runtime.
fn shop() -> Option<Pool> {
    static SHOP: OnceLock<Config> = OnceLock::new();
    let file = file()?;
    let load = move || {
        let script = script(file);
        Builder::new_current_thread().enable_all().build().unwrap().block_on(World::new(&script)).config
    };
    // On a thread of its own, since the test's may have a runtime already.
    Some(pool(SHOP.get_or_init(|| thread::spawn(load).join().unwrap()), 2))
}

/// The statements of a query whose loads have these strategies: one of its own, and one for each that is not joined.
fn statements(strategies: &[Strategy]) -> usize {
    1 + strategies.iter().filter(|strategy| **strategy == SelectIn).count()
}

/// A row with one more member.
fn with(row: &str, name: &str, value: &str) -> String {
    format!("{row} || jsonb_build_object('{name}', {value})")
}

/// The rows of a subquery as an array; none is the empty array.
fn list(row: &str, rest: &str, order: &str) -> String {
    format!("(SELECT coalesce(jsonb_agg({row} ORDER BY {order}), '[]') FROM {rest})")
}

/// The rows that the SQL gives, each of these as JSON.
async fn answer(db: &Pool, sql: &str, params: &[&(dyn ToSql + Sync)]) -> Vec<Value> {
    let rows = db.get().await.unwrap().query(&format!("SELECT row::text FROM ({sql}) AS rows (row)"), params).await;
    rows.unwrap().iter().map(|row| serde_json::from_str(row.get(0)).unwrap()).collect()
}

/// Asserts that a query gives these rows; returns the number of statements that it took.
async fn gives<T: Shape + Serialize>(db: &Pool, query: &Query<T>, expected: &[Value]) -> usize {
    let told = || format!("{}{}", query.plan(), query.to_sql());
    let trace = trace::listen();
    let rows = query.all(db).await.unwrap_or_else(|error| panic!("{error}: {}", told()));
    let ran = trace.take().len();
    for (at, (row, expected)) in rows.iter().zip(expected).enumerate() {
        assert_eq!(&serde_json::to_value(row).unwrap(), expected, "row {at} of\n{}", told());
    }
    assert_eq!(rows.len(), expected.len(), "{}", told());
    assert_eq!(query.count(db).await.unwrap(), expected.len() as u64);
    assert_eq!(query.exists(db).await.unwrap(), !expected.is_empty());
    let first = query.first(db).await.unwrap();
    assert_eq!(
        first.map(|row| serde_json::to_value(row).unwrap()).as_ref(),
        expected.first(),
        "the first of\n{}",
        told()
    );
    ran
}

/// The same, for a query none of whose levels is empty: it takes all the statements that its plan says, so many.
async fn same<T: Shape + Serialize>(db: &Pool, query: &Query<T>, expected: &[Value], statements: usize) {
    let ran = gives(db, query, expected).await;
    assert_eq!((query.plan().statements(), ran), (statements, statements), "{}{}", query.plan(), query.to_sql());
}
