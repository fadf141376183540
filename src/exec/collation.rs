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
use crate::sql::{Carries, Statement, Tree};

const NONDETERMINISTIC: &str = "SELECT k.at FROM unnest($1, $2) WITH ORDINALITY AS k (tab, col, at) \
     JOIN pg_catalog.pg_attribute a ON a.attrelid = k.tab AND a.attnum = k.col \
     JOIN pg_catalog.pg_collation c ON c.oid = a.attcollation \
     WHERE NOT c.collisdeterministic ORDER BY k.at LIMIT 1";

/// A key column of a statement's rows that holds text.
struct Text<'t> {
    statement: &'t Statement,
    name: &'t str,
    table: u32,
    number: i16,
}

/// Refuses a load if the database compares one of its keys under a nondeterministic collation.
///
/// Without a text among the keys this does nothing.
pub(super) async fn check(conn: &Conn<'_>, tree: &Tree, prepared: &[Prepared]) -> Result<(), Error> {
    fn collect<'t>(tree: &'t Tree, prepared: &'t [Prepared], out: &mut Vec<Text<'t>>) {
        texts(tree, &prepared[tree.number], out);
        tree.below.iter().for_each(|below| collect(&below.tree, prepared, out));
    }
    let mut keys = Vec::new();
    collect(tree, prepared, &mut keys);
    refuse(conn, keys).await
}

/// The same for one statement.
pub(super) async fn check_one(conn: &Conn<'_>, tree: &Tree, prepared: &Prepared) -> Result<(), Error> {
    let mut found = Vec::new();
    texts(tree, prepared, &mut found);
    refuse(conn, found).await
}

/// The keys in a statement's rows that the client will compare, with those of the level above and of those below: a
/// collation on either side decides.
fn texts<'t>(tree: &'t Tree, prepared: &'t Prepared, out: &mut Vec<Text<'t>>) {
    if let Carries::Keys(keys, _) = &tree.carries {
        columns(&tree.statement, keys, prepared, out);
    }
    for below in &tree.below {
        if let Carries::Keys(..) = below.tree.carries {
            columns(&below.tree.statement, &below.keys, prepared, out);
        }
    }
}

fn columns<'t>(statement: &'t Statement, keys: &[usize], prepared: &'t Prepared, out: &mut Vec<Text<'t>>) {
    for column in keys.iter().filter_map(|&at| prepared.columns().get(at)) {
        if let (true, Some(table), Some(number)) =
            (key::is_text(column.type_()), column.table_oid(), column.column_id())
        {
            out.push(Text { statement, name: column.name(), table, number });
        }
    }
}

async fn refuse(conn: &Conn<'_>, texts: Vec<Text<'_>>) -> Result<(), Error> {
    let Some(first) = texts.first() else { return Ok(()) };
    let tables: Vec<u32> = texts.iter().map(|text| text.table).collect();
    let numbers: Vec<i16> = texts.iter().map(|text| text.number).collect();
    let params = [(&tables as _, Type::OID_ARRAY), (&numbers as _, Type::INT2_ARRAY)];
    let rows = conn.query_typed(NONDETERMINISTIC, &params).await;
    let rows = rows.map_err(|error| fault::statement(error, first.statement))?;
    let found = rows.first().and_then(|row| row.try_get::<_, i64>(0).ok());
    let Some(text) = found.and_then(|at| texts.get(usize::try_from(at).ok()?.checked_sub(1)?)) else { return Ok(()) };
    let message = format!(
        "the database compares key column `{}` under a nondeterministic collation, where equal texts can differ byte by \
         byte, which is how the client compares keys: `#[column(compare = database)]` on the field leaves the comparison \
         to the database",
        text.name
    );
    let statement = text.statement;
    Err(Error::new(ErrorKind::KeyEqualityDiffers, message).with_sql(statement.text()).at(statement.path()))
}
