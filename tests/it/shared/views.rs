//! Views: structs whose fields are the query, beside SQL written by hand, under every mixture of strategies.

mod cards;
mod fields;
mod keys;
mod loads;
mod deep;
mod rows;
mod faults;

use relata::{Query, Shape};
use serde::Serialize;
use serde_json::Value;

use crate::support::{World, trace};

/// Asserts that a query gives the rows that the SQL gives, each as JSON in its one column, by so many statements; that its
/// plan says as many, and that the other verbs agree.
async fn same<T: Shape + Serialize>(world: &World, query: &Query<T>, sql: &str, statements: usize) -> Vec<T> {
    let (db, told) = (&world.pool, format!("{}{}", query.plan(), query.to_sql()));
    let rows = db.get().await.unwrap().query(&format!("SELECT row::text FROM ({sql}) AS rows (row)"), &[]).await;
    let expected: Vec<Value> = rows.unwrap().iter().map(|row| serde_json::from_str(row.get(0)).unwrap()).collect();
    assert!(!expected.is_empty(), "a test of no rows shows nothing: {sql}");
    let trace = trace::listen();
    let rows = query.all(db).await.unwrap_or_else(|error| panic!("{error:?}\n{told}"));
    let ran = trace.take().len();
    for (at, (row, expected)) in rows.iter().zip(&expected).enumerate() {
        assert_eq!(&serde_json::to_value(row).unwrap(), expected, "row {at} of\n{told}");
    }
    assert_eq!(rows.len(), expected.len(), "{told}");
    assert_eq!((query.plan().statements(), ran), (statements, statements), "{told}");
    assert_eq!(query.count(db).await.unwrap(), expected.len() as u64, "the count of\n{told}");
    assert!(query.exists(db).await.unwrap(), "whether there is a row of\n{told}");
    let first = query.first(db).await.unwrap().map(|row| serde_json::to_value(row).unwrap());
    assert_eq!(first.as_ref(), expected.first(), "the first of\n{told}");
    rows
}
