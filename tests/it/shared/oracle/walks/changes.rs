//! Rows that come and go while somebody walks over the pages of an order.

use proptest::prelude::*;
use serde_json::{Map, Value};
use tokio_postgres::Client;

use super::super::asked::Table;
use super::super::selections::values::{Pick, pick};

/// A change of one table's rows.
#[derive(Debug, Clone)]
pub enum Change {
    /// A row that has some columns of one row and the others of another, and a number for its key, if it has one, that is
    /// smaller or greater than all.
    Insert {
        one: Pick,
        other: Pick,
        columns: u16,
        smallest: bool,
    },
    Delete(Pick),
}

pub fn change() -> impl Strategy<Value = Change> {
    let insert = (pick(), pick(), any::<u16>(), any::<bool>())
        .prop_map(|(one, other, columns, smallest)| Change::Insert { one, other, columns, smallest });
    prop_oneof![3 => insert, 1 => pick().prop_map(Change::Delete)]
}

/// Columns that a relation to one row finds its row by, so that no two rows may have the same.
const ALONE: [&str; 3] = ["deputy_of", "best_of", "lecturer_id"];

/// Makes a change of a table with a key; `number` is another one for each.
pub async fn make(client: &Client, table: &Table, change: &Change, number: i64) {
    make_in(client, table.name, table.key, change, number).await;
}

/// Makes a change of a table that may be without a key.
pub async fn make_in(client: &Client, name: &str, key: &[&str], change: &Change, number: i64) {
    let all = format!("SELECT to_json(t)::text FROM {name} t ORDER BY t");
    let rows: Vec<Map<String, Value>> =
        client.query(&all, &[]).await.unwrap().iter().map(|row| serde_json::from_str(row.get(0)).unwrap()).collect();
    if rows.is_empty() {
        return;
    }
    let (row, sql) = match change {
        Change::Insert { one, other, columns, smallest } => {
            let (mut row, other) = (one.from(&rows).clone(), other.from(&rows));
            for (at, (column, value)) in row.iter_mut().enumerate() {
                if columns & (1 << at) != 0 {
                    *value = other[column].clone();
                }
                if ALONE.contains(&column.as_str()) && name != "courses" {
                    *value = Value::Null;
                }
            }
            if let Some(key) = key.iter().find(|key| row[**key].is_number()) {
                row.insert((*key).to_owned(), Value::from(if *smallest { -number } else { 1000 + number }));
            }
            let from = format!("SELECT * FROM json_populate_record(NULL::{name}, $1::text::json)");
            (row, format!("INSERT INTO {name} {from} ON CONFLICT DO NOTHING"))
        }
        Change::Delete(row) => {
            let from = format!("json_populate_record(NULL::{name}, $1::text::json)");
            (row.from(&rows).clone(), format!("DELETE FROM {name} t USING {from} r WHERE t = r"))
        }
    };
    let row = serde_json::to_string(&row).unwrap();
    client.execute(&sql, &[&row]).await.unwrap_or_else(|error| panic!("{error:?} {row}"));
}
