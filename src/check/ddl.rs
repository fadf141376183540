//! The SQL that mends a finding.
//!
//! Text only: names are quoted, and no value but a relation's own constants is part of it.

use tokio_postgres::types::Type;

use super::catalog::Catalog;
use super::wanted::{Place, Wanted, Wish};
use crate::schema::{Column, Constant};

/// `"name"`.
pub(super) fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

/// `"a", "b"`.
pub(super) fn list<S: AsRef<str>>(names: &[S]) -> String {
    names.iter().map(|name| quoted(name.as_ref())).collect::<Vec<_>>().join(", ")
}

/// `"schema"."table"`.
pub(super) fn table(schema: Option<&str>, name: &str) -> String {
    match schema {
        Some(schema) => format!("{}.{}", quoted(schema), quoted(name)),
        None => quoted(name),
    }
}

/// A constant, as a literal.
pub(super) fn literal(constant: Constant) -> String {
    match constant {
        Constant::Null => String::from("NULL"),
        Constant::Bool(value) => value.to_string(),
        Constant::Integer(value) => value.to_string(),
        Constant::Text(text) => {
            let quoted = text.replace('\'', "''");
            if text.contains('\\') { format!("E'{}'", quoted.replace('\\', "\\\\")) } else { format!("'{quoted}'") }
        }
    }
}

/// `CREATE TABLE` with what the entities read of it; `None` where the type of a column cannot be told.
pub(super) fn create_table(wanted: &Wanted, catalog: &Catalog, place: &Place, no_schema: bool) -> Option<String> {
    let mut parts = Vec::new();
    for wish in &place.columns {
        parts.push(column(catalog, wish, is_nullable(wanted, place, wish.column))?);
    }
    parts.push(format!("PRIMARY KEY ({})", list(&place.key)));
    let name = table(place.schema, place.name);
    let create = format!("CREATE TABLE {name} ({})", parts.join(", "));
    Some(match place.schema {
        Some(schema) if no_schema => format!("CREATE SCHEMA IF NOT EXISTS {}; {create}", quoted(schema)),
        _ => create,
    })
}

/// `"name" type NOT NULL`, as in `CREATE TABLE` and `ADD COLUMN`; `None` where the type cannot be told.
pub(super) fn column(catalog: &Catalog, wish: &Wish, nullable: bool) -> Option<String> {
    // What a bare association's column equals is there in most cases, with its type.
    let like = || {
        let (place, column) = wish.like?;
        let known = catalog.column(place, column.name);
        known.map(|known| known.declared.clone()).or_else(|| type_of(column).map(str::to_owned))
    };
    let ty = type_of(wish.column).map(str::to_owned).or_else(like)?;
    let not_null = if nullable { "" } else { " NOT NULL" };
    Some(format!("{} {ty}{not_null}", quoted(wish.column.name)))
}

/// Whether every entity that reads the column can read a NULL.
pub(super) fn is_nullable(wanted: &Wanted, place: &Place, column: &Column) -> bool {
    let mut known = false;
    for mapped in &wanted.mapped {
        if (mapped.table.schema, mapped.table.name) == (place.schema, place.name) {
            for read in mapped.table.columns.iter().filter(|read| read.name == column.name) {
                known = true;
                if !read.nullable {
                    return false;
                }
            }
        }
    }
    known
}

/// The SQL type that the program names for a column, else the first built-in one that its Rust type reads.
fn type_of(column: &Column) -> Option<&'static str> {
    column.sql_type.or_else(|| read_by(column))
}

/// The first built-in type that the column's Rust type reads; `None` if there is none, or if it takes whatever comes.
pub(super) fn read_by(column: &Column) -> Option<&'static str> {
    if column.rust_type.is_empty() || (column.accepts)(&Type::VOID) {
        return None;
    }
    BUILT_IN.iter().find(|(ty, _)| (column.accepts)(ty)).map(|(_, name)| *name)
}

/// Where a Rust type reads several, the one to choose stands first.
const BUILT_IN: [(Type, &str); 46] = [
    (Type::INT4, "integer"),
    (Type::INT8, "bigint"),
    (Type::INT2, "smallint"),
    (Type::TEXT, "text"),
    (Type::BOOL, "boolean"),
    (Type::UUID, "uuid"),
    (Type::TIMESTAMPTZ, "timestamptz"),
    (Type::TIMESTAMP, "timestamp"),
    (Type::DATE, "date"),
    (Type::TIME, "time"),
    (Type::TIMETZ, "timetz"),
    (Type::INTERVAL, "interval"),
    (Type::NUMERIC, "numeric"),
    (Type::FLOAT8, "double precision"),
    (Type::FLOAT4, "real"),
    (Type::BYTEA, "bytea"),
    (Type::JSONB, "jsonb"),
    (Type::JSON, "json"),
    (Type::INET, "inet"),
    (Type::CIDR, "cidr"),
    (Type::MACADDR, "macaddr"),
    (Type::VARBIT, "bit varying"),
    (Type::POINT, "point"),
    (Type::BOX, "box"),
    (Type::PATH, "path"),
    (Type::CHAR, "\"char\""),
    (Type::OID, "oid"),
    (Type::PG_LSN, "pg_lsn"),
    (Type::INT4_ARRAY, "integer[]"),
    (Type::INT8_ARRAY, "bigint[]"),
    (Type::INT2_ARRAY, "smallint[]"),
    (Type::TEXT_ARRAY, "text[]"),
    (Type::BOOL_ARRAY, "boolean[]"),
    (Type::UUID_ARRAY, "uuid[]"),
    (Type::TIMESTAMPTZ_ARRAY, "timestamptz[]"),
    (Type::TIMESTAMP_ARRAY, "timestamp[]"),
    (Type::DATE_ARRAY, "date[]"),
    (Type::TIME_ARRAY, "time[]"),
    (Type::NUMERIC_ARRAY, "numeric[]"),
    (Type::FLOAT8_ARRAY, "double precision[]"),
    (Type::FLOAT4_ARRAY, "real[]"),
    (Type::BYTEA_ARRAY, "bytea[]"),
    (Type::JSONB_ARRAY, "jsonb[]"),
    (Type::JSON_ARRAY, "json[]"),
    (Type::INET_ARRAY, "inet[]"),
    (Type::OID_ARRAY, "oid[]"),
];
