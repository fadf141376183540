//! What a selection gives, row by row beside what SQL written by hand gives.

use std::fmt::{Debug, Display};

use deadpool_postgres::Pool;
use relata::{Combined, Entity, Select, Selectable};
use serde::Serialize;
use serde_json::Value;
use tokio_postgres::Row;
use tokio_postgres::types::{FromSqlOwned, ToSql};

use super::trace;

/// A row of plain SQL as a tuple, read by the driver alone.
pub trait Plain: PartialEq + Debug {
    fn plain(row: &Row) -> Self;
}

macro_rules! tuples {
    ($($($item:ident $at:literal)+;)*) => {
        $(
            impl<$($item: FromSqlOwned + PartialEq + Debug),+> Plain for ($($item,)+) {
                fn plain(row: &Row) -> Self {
                    ($(row.get::<_, $item>($at),)+)
                }
            }
        )*
    };
}

tuples! {
    A 0;
    A 0 B 1;
    A 0 B 1 C 2;
    A 0 B 1 C 2 D 3;
    A 0 B 1 C 2 D 3 F 4;
    A 0 B 1 C 2 D 3 F 4 G 5;
    A 0 B 1 C 2 D 3 F 4 G 5 H 6;
    A 0 B 1 C 2 D 3 F 4 G 5 H 6 I 7;
}

/// The rows that the SQL gives.
async fn plain(db: &Pool, sql: &str, params: &[&(dyn ToSql + Sync)]) -> Vec<Row> {
    db.get().await.unwrap().query(sql, params).await.unwrap_or_else(|error| panic!("{error:?}\n{sql}"))
}

/// Asserts that both have the same rows in the same order.
fn equal<T: PartialEq + Debug>(rows: &[T], expected: &[T], told: &dyn Display) {
    for (at, (row, expected)) in rows.iter().zip(expected).enumerate() {
        assert_eq!(row, expected, "row {at} of\n{told}");
    }
    assert_eq!(rows.len(), expected.len(), "{told}");
}

/// All rows of a selection, by one statement, as its plan says; the other verbs agree.
macro_rules! asked {
    ($db:expr, $query:expr) => {{
        let told = $query.to_sql();
        assert_eq!(($query.plan().statements(), $query.plan().round_trips()), (1, 1), "{told}");
        let trace = trace::listen();
        let rows = $query.all($db).await.unwrap_or_else(|error| panic!("{error:?}\n{told}"));
        let ran = trace.take();
        assert_eq!((ran.len(), ran[0].sql.as_str()), (1, told.text()));
        assert_eq!($query.count($db).await.unwrap(), rows.len() as u64, "the count of\n{told}");
        assert_eq!($query.exists($db).await.unwrap(), !rows.is_empty(), "whether there is a row of\n{told}");
        let first = $query.first($db).await.unwrap();
        (rows, first, told)
    }};
}

/// Asserts that a selection gives the rows that the SQL gives, in this order, by one statement; returns them.
pub async fn same<E, S>(db: &Pool, query: &Select<E, S>, sql: &str, params: &[&(dyn ToSql + Sync)]) -> Vec<S::Out>
where
    E: Entity,
    S: Selectable<E>,
    S::Out: Plain,
{
    let (rows, first, told) = asked!(db, query);
    assert_eq!(first.as_ref(), rows.first(), "the first of\n{told}");
    let expected: Vec<S::Out> = plain(db, sql, params).await.iter().map(Plain::plain).collect();
    equal(&rows, &expected, &told);
    rows
}

/// The same, of two selections as one.
pub async fn same_combined<O>(db: &Pool, query: &Combined<O>, sql: &str, params: &[&(dyn ToSql + Sync)]) -> Vec<O>
where
    O: Plain + Send + 'static,
{
    let (rows, first, told) = asked!(db, query);
    assert_eq!(first.as_ref(), rows.first(), "the first of\n{told}");
    let expected: Vec<O> = plain(db, sql, params).await.iter().map(Plain::plain).collect();
    equal(&rows, &expected, &told);
    rows
}

/// The same, where entities are among what is selected: each row as JSON, the SQL's in its one column.
pub async fn same_json<E, S>(db: &Pool, query: &Select<E, S>, sql: &str, params: &[&(dyn ToSql + Sync)]) -> Vec<S::Out>
where
    E: Entity,
    S: Selectable<E>,
    S::Out: Serialize,
{
    let (rows, first, told) = asked!(db, query);
    let json = |row: &S::Out| serde_json::to_value(row).unwrap();
    let given: Vec<Value> = rows.iter().map(json).collect();
    assert_eq!(first.as_ref().map(json).as_ref(), given.first(), "the first of\n{told}");
    let sql = format!("SELECT row::text FROM ({sql}) AS rows (row)");
    let expected = plain(db, &sql, params).await;
    let expected: Vec<Value> = expected.iter().map(|row| serde_json::from_str(row.get(0)).unwrap()).collect();
    equal(&given, &expected, &told);
    rows
}
