//! What the catalog says about the collations of key columns.
//!
//! Under a nondeterministic collation (PostgreSQL 12 and later) texts can be equal and differ byte by byte, which is how
//! the client compares keys. The protocol names a column's table and number and not its collation, so the catalog is
//! asked: when a statement with such a key has just been prepared, once a connection, in one round trip.

use tokio_postgres::Statement as Prepared;
use tokio_postgres::types::Type;

use super::executor::Conn;
use super::fault;
use crate::error::{Error, ErrorKind};
use crate::key;
use crate::sql::Tree;

const NONDETERMINISTIC: &str = "SELECT k.at FROM unnest($1, $2) WITH ORDINALITY AS k (tab, col, at) \
     JOIN pg_catalog.pg_attribute a ON a.attrelid = k.tab AND a.attnum = k.col \
     JOIN pg_catalog.pg_collation c ON c.oid = a.attcollation \
     WHERE NOT c.collisdeterministic ORDER BY k.at LIMIT 1";

/// A key column of a level that holds text.
struct Text<'t> {
    tree: &'t Tree,
    name: &'t str,
    table: u32,
    number: i16,
}

/// Refuses loads whose keys the database compares under a nondeterministic collation.
///
/// Without a text among the keys this does nothing.
pub(super) async fn check(conn: &Conn<'_>, tree: &Tree, prepared: &[Prepared]) -> Result<(), Error> {
    let mut texts = Vec::new();
    collect(tree, prepared, &mut texts);
    if texts.is_empty() {
        return Ok(());
    }
    let tables: Vec<u32> = texts.iter().map(|text| text.table).collect();
    let numbers: Vec<i16> = texts.iter().map(|text| text.number).collect();
    let params = [(&tables as _, Type::OID_ARRAY), (&numbers as _, Type::INT2_ARRAY)];
    let rows = conn.query_typed(NONDETERMINISTIC, &params).await;
    let rows = rows.map_err(|error| fault::statement(error, &texts[0].tree.statement))?;
    let found = rows.first().and_then(|row| row.try_get::<_, i64>(0).ok());
    match found.and_then(|at| texts.get(usize::try_from(at).ok()?.checked_sub(1)?)) {
        None => Ok(()),
        Some(text) => {
            // So that the next load asks again.
            conn.evict(text.tree.statement.text());
            Err(refused(text))
        }
    }
}

fn collect<'t>(tree: &'t Tree, prepared: &'t [Prepared], out: &mut Vec<Text<'t>>) {
    for (edge, below) in &tree.edges {
        let columns = prepared[below.number].columns();
        for column in edge.children.iter().filter_map(|&at| columns.get(at)) {
            if let (true, Some(table), Some(number)) =
                (key::is_text(column.type_()), column.table_oid(), column.column_id())
            {
                out.push(Text { tree: below, name: column.name(), table, number });
            }
        }
        collect(below, prepared, out);
    }
}

fn refused(text: &Text<'_>) -> Error {
    let message = format!(
        "the database compares key column `{}` under a nondeterministic collation, where equal texts can differ byte by \
         byte, which is how the client compares keys",
        text.name
    );
    let statement = &text.tree.statement;
    Error::new(ErrorKind::KeyEqualityDiffers, message).with_sql(statement.text()).at(statement.path())
}
