//! The catalog's rows, read into a `Catalog`.
//!
//! It knows the columns of the statements in `text`, in their order.

use tokio_postgres::Row;
use tokio_postgres::types::{FromSql, Type};

use crate::check::{Catalog, Column, Comparison, ForeignKey, Found, Index, IndexColumn, Kind, Relation, Wanted};
use crate::error::{Error, ErrorKind};

/// Reads a row from left to right.
struct Reader<'r> {
    row: &'r Row,
    at: usize,
}

impl<'r> Reader<'r> {
    fn new(row: &'r Row) -> Self {
        Reader { row, at: 0 }
    }

    fn next<T: FromSql<'r>>(&mut self) -> Result<T, Error> {
        let at = self.at;
        self.at += 1;
        self.row.try_get(at).map_err(|error| {
            Error::new(ErrorKind::Decode, "the catalog's answer cannot be read").with_cause(error).at("check")
        })
    }

    /// A position that the server counts from one.
    fn position(&mut self) -> Result<Option<usize>, Error> {
        Ok(self.next::<Option<i64>>()?.and_then(|at| usize::try_from(at).ok()?.checked_sub(1)))
    }
}

pub(super) fn tables(rows: &[Row], wanted: &Wanted, catalog: &mut Catalog) -> Result<(), Error> {
    catalog.places = vec![Found::default(); wanted.places.len()];
    let mut below = Vec::new();
    for row in rows {
        let mut row = Reader::new(row);
        let (place, number, parent) = (row.position()?, row.next::<Option<u32>>()?, row.next::<Option<u32>>()?);
        catalog.role = row.next()?;
        let no_schema = row.next()?;
        if let Some(found) = place.and_then(|place| catalog.places.get_mut(place)) {
            *found = Found { relation: number, no_schema };
        }
        let (Some(number), Some(kind)) = (number, row.next::<Option<&str>>()?) else { continue };
        let (schema, name) = (row.next()?, row.next()?);
        let (usable, partitioned_by) = (row.next::<Option<bool>>()?.unwrap_or(true), row.next()?);
        let (children, indexes, foreign_keys) = (Vec::new(), Vec::new(), Vec::new());
        let kind = kind_of(kind);
        let found = Relation { kind, schema, name, usable, partitioned_by, children, indexes, foreign_keys };
        catalog.relations.entry(number).or_insert(found);
        below.extend(parent.map(|parent| (parent, number)));
    }
    for (parent, child) in below {
        if let Some(parent) = catalog.relations.get_mut(&parent) {
            parent.children.push(child);
        }
    }
    Ok(())
}

fn kind_of(letter: &str) -> Kind {
    match letter {
        "r" => Kind::Table,
        "p" => Kind::Partitioned,
        "v" => Kind::View,
        "m" => Kind::Materialized,
        "f" => Kind::Foreign,
        "S" => Kind::Sequence,
        "i" | "I" => Kind::Unreadable("an index"),
        "c" => Kind::Unreadable("a composite type"),
        _ => Kind::Unreadable("no table"),
    }
}

/// `asked` are the columns that were asked for, each with its table's place.
pub(super) fn columns(rows: &[Row], asked: &[(usize, &'static str)], catalog: &mut Catalog) -> Result<(), Error> {
    for row in rows {
        let mut row = Reader::new(row);
        let Some(asked) = row.position()?.and_then(|at| asked.get(at)) else { continue };
        let (name, not_null, readable, declared) = (row.next()?, row.next()?, row.next()?, row.next()?);
        let (type_number, type_name, nondeterministic) = (row.next()?, row.next()?, row.next()?);
        let ty = Type::from_oid(type_number);
        let column = Column { name, not_null, readable, declared, type_number, type_name, ty, nondeterministic };
        catalog.columns.insert(*asked, column);
    }
    Ok(())
}

pub(super) fn indexes(rows: &[Row], catalog: &mut Catalog) -> Result<(), Error> {
    let mut last = None;
    for row in rows {
        let mut row = Reader::new(row);
        let (table, number) = (row.next::<u32>()?, row.next::<u32>()?);
        let Some(table) = catalog.relations.get_mut(&table) else { continue };
        let (name, unique, primary) = (row.next()?, row.next()?, row.next()?);
        let (valid, immediate, searches, predicate) = (row.next()?, row.next()?, row.next()?, row.next()?);
        if last.replace(number) != Some(number) {
            let columns = Vec::new();
            table.indexes.push(Index { name, unique, primary, valid, immediate, searches, predicate, columns });
        }
        let (name, compares, sorts) = (row.next()?, row.next()?, row.next()?);
        let (descending, nulls_first) = (row.next()?, row.next()?);
        if let Some(index) = table.indexes.last_mut() {
            index.columns.push(IndexColumn { name, compares, sorts, descending, nulls_first });
        }
    }
    Ok(())
}

pub(super) fn foreign_keys(rows: &[Row], catalog: &mut Catalog) -> Result<(), Error> {
    let mut last = None;
    for row in rows {
        let mut row = Reader::new(row);
        let (table, number) = (row.next::<u32>()?, row.next::<u32>()?);
        let Some(table) = catalog.relations.get_mut(&table) else { continue };
        let (name, target, validated, strict) = (row.next()?, row.next()?, row.next()?, row.next()?);
        if last.replace(number) != Some(number) {
            table.foreign_keys.push(ForeignKey { name, target, validated, strict, columns: Vec::new() });
        }
        let pair = (row.next()?, row.next()?);
        if let Some(key) = table.foreign_keys.last_mut() {
            key.columns.push(pair);
        }
    }
    Ok(())
}

/// `sources` and `targets` are the types that were asked for.
pub(super) fn comparisons(rows: &[Row], sources: &[u32], targets: &[u32], catalog: &mut Catalog) -> Result<(), Error> {
    for row in rows {
        let mut row = Reader::new(row);
        let Some(at) = row.position()? else { continue };
        let (Some(source), Some(target)) = (sources.get(at), targets.get(at)) else { continue };
        let comparison = match (row.next()?, row.next()?) {
            (true, _) => Comparison::Indexed,
            (false, true) => Comparison::Converted,
            (false, false) => Comparison::Never,
        };
        catalog.comparisons.insert((*source, *target), comparison);
    }
    Ok(())
}
