//! Findings about tables, their columns and their keys, each for itself.
//!
//! Of relations it knows the names only.

use super::Findings;
use super::catalog::{Catalog, Index, Kind, Relation};
use super::ddl;
use super::finding::{Finding, FindingKind};
use super::wanted::{Mapped, Place, Wanted};
use crate::schema;

pub(super) fn check(wanted: &Wanted, catalog: &Catalog, out: &mut Findings) {
    for at in 0..wanted.places.len() {
        place(wanted, catalog, at, out);
    }
    for mapped in &wanted.mapped {
        let Some((number, relation)) = catalog.relation(mapped.place) else { continue };
        for column in mapped.table.columns {
            types(wanted, catalog, mapped, relation, column, out);
        }
        key(wanted, catalog, mapped, number, out);
    }
}

/// A finding about a table.
pub(super) fn about(place: &Place, kind: FindingKind, columns: Vec<String>, message: String) -> Finding {
    let (entity, table) = (place.entity, place.qualified());
    Finding { kind, entity, table, columns, relations: Vec::new(), message, fix: None }
}

/// `a`, `b`.
pub(super) fn listed<S: AsRef<str>>(names: &[S]) -> String {
    names.iter().map(|name| format!("`{}`", name.as_ref())).collect::<Vec<_>>().join(", ")
}

/// Whether the table and its columns are there, and may be read.
fn place(wanted: &Wanted, catalog: &Catalog, at: usize, out: &mut Findings) {
    let place = &wanted.places[at];
    let table = format!("table `{}`", place.qualified());
    let found = catalog.places.get(at).copied().unwrap_or_default();
    let missing = |is: &str, fix: Option<String>| {
        let message = format!("{} {table}, {is}", who(place.entity, &place.through));
        let finding = about(place, FindingKind::MissingTable, Vec::new(), message);
        Finding { relations: place.through.clone(), fix, ..finding }
    };
    let Some(relation) = found.relation.and_then(|number| catalog.relations.get(&number)) else {
        out.push(missing(ABSENT, ddl::create_table(wanted, catalog, place, found.no_schema)));
        return;
    };
    if let Kind::Unreadable(is) = relation.kind {
        out.push(missing(&format!("which is {is} in the database"), None));
        return;
    }
    readable(place, catalog, at, relation, out);
    for wish in &place.columns {
        let name = wish.column.name;
        if catalog.column(at, name).is_some() {
            continue;
        }
        let column = ddl::column(catalog, wish, ddl::is_nullable(wanted, place, wish.column));
        let fix = column
            .filter(|_| relation.is_table())
            .map(|column| format!("ALTER TABLE {} ADD COLUMN {column}", ddl::table(place.schema, place.name)));
        let message = format!("{} column `{name}` of {table}, {ABSENT}", who(wish.entity, &wish.through));
        let finding = about(place, FindingKind::MissingColumn, vec![name.to_owned()], message);
        out.push(Finding { entity: wish.entity, relations: wish.through.clone(), fix, ..finding });
    }
}

const ABSENT: &str = "which the database does not have";

/// Who wants it.
fn who(entity: &str, through: &[String]) -> String {
    if through.is_empty() { format!("`{entity}` is mapped to") } else { String::from("it goes through") }
}

fn readable(place: &Place, catalog: &Catalog, at: usize, relation: &Relation, out: &mut Findings) {
    let (role, to) = (&catalog.role, ddl::quoted(&catalog.role));
    let table = place.qualified();
    if !relation.usable {
        let schema = &relation.schema;
        let message = format!("role `{role}` may not use schema `{schema}`, in which table `{table}` is");
        let fix = Some(format!("GRANT USAGE ON SCHEMA {} TO {to}", ddl::quoted(schema)));
        out.push(Finding { fix, ..about(place, FindingKind::NotReadable, Vec::new(), message) });
    }
    let known = || place.columns.iter().filter_map(|wish| catalog.column(at, wish.column.name));
    let refused: Vec<String> = known().filter(|column| !column.readable).map(|column| column.name.clone()).collect();
    if refused.is_empty() {
        return;
    }
    let name = ddl::table(place.schema, place.name);
    let (columns, message, fix) = if refused.len() == known().count() {
        let message = format!("role `{role}` may not read table `{table}`");
        (Vec::new(), message, format!("GRANT SELECT ON {name} TO {to}"))
    } else {
        let message = format!("role `{role}` may not read {} of table `{table}`", listed(&refused));
        let fix = format!("GRANT SELECT ({}) ON {name} TO {to}", ddl::list(&refused));
        (refused, message, fix)
    };
    out.push(Finding { fix: Some(fix), ..about(place, FindingKind::NotReadable, columns, message) });
}

/// Whether a field can read its column.
fn types(
    wanted: &Wanted,
    catalog: &Catalog,
    mapped: &Mapped,
    relation: &Relation,
    column: &'static schema::Column,
    out: &mut Findings,
) {
    let Some(known) = catalog.column(mapped.place, column.name) else { return };
    let place = &wanted.places[mapped.place];
    let entity = mapped.table.entity;
    let what = format!("field `{entity}.{}`: column `{}` of table `{}`", column.field, column.name, place.qualified());
    let finding = |kind, message| Finding { entity, ..about(place, kind, vec![known.name.clone()], message) };
    if known.ty.as_ref().is_some_and(|ty| !(column.accepts)(ty)) {
        let hint = ddl::read_by(column).map_or_else(String::new, |reads| format!(" (but `{reads}` can)"));
        let (declared, rust_type) = (&known.declared, column.rust_type);
        let message = format!("{what} is `{declared}`, which cannot be read as `{rust_type}`{hint}");
        out.push(finding(FindingKind::TypeDiffers, message));
    }
    // The catalog does not say which columns of a view can be NULL.
    let says = relation.is_table() || relation.kind == Kind::Foreign;
    if says && !known.not_null && !column.nullable {
        let message = format!("{what} can be NULL, and the field is not an `Option`");
        let (table, name) = (ddl::table(place.schema, place.name), ddl::quoted(&known.name));
        let fix = Some(format!("ALTER TABLE {table} ALTER COLUMN {name} SET NOT NULL"));
        out.push(Finding { fix, ..finding(FindingKind::Nullable, message) });
    }
}

/// Whether the entity's key is one of the table.
fn key(wanted: &Wanted, catalog: &Catalog, mapped: &Mapped, number: u32, out: &mut Findings) {
    let place = &wanted.places[mapped.place];
    let columns = mapped.table.key.iter().filter_map(|&at| mapped.table.columns.get(at)).map(|column| column.name);
    let columns: Vec<&'static str> = columns.collect();
    let Some(names) = catalog.names(mapped.place, &columns) else { return };
    // Another entity of the same table may have said it already.
    let has = |table: u32, relation: &Relation| {
        relation.indexes.iter().chain(out.proposed(table)).any(|index| is_unique(index, &names, &|_| false))
    };
    for lacking in catalog.lacking(number, false, &has) {
        let Some(relation) = catalog.relations.get(&lacking) else { continue };
        let table = Named::new(place, number, lacking, relation);
        let (entity, key) = (mapped.table.entity, listed(&names));
        let message = format!("`{entity}` is found by {key}, and nothing keeps that unique in {}", table.shown);
        let (message, can_be) = possible(catalog, lacking, &names, message);
        let primary = relation.is_table() && !relation.indexes.iter().any(|index| index.primary);
        let fix = can_be.then(|| {
            let (table, columns) = (&table.sql, ddl::list(&names));
            if primary {
                format!("ALTER TABLE {table} ADD PRIMARY KEY ({columns})")
            } else {
                format!("CREATE UNIQUE INDEX ON {table} ({columns})")
            }
        });
        if can_be {
            out.propose(lacking, Index::proposed(true, &names, &[]));
        }
        let finding = about(place, FindingKind::KeyNotUnique, names.clone(), message);
        out.push(Finding { entity, table: table.name, fix, ..finding });
    }
}

/// Whether an index keeps these columns unique, or some of them. `follows` says whether a partial index has all rows
/// that count.
pub(super) fn is_unique(index: &Index, names: &[String], follows: &dyn Fn(&str) -> bool) -> bool {
    index.unique
        && index.valid
        && index.predicate.as_deref().is_none_or(follows)
        && index.columns.iter().all(|column| column.name.as_ref().is_some_and(|name| names.contains(name)))
}

/// Whether a unique index of these columns can be made, and the message that says why not.
pub(super) fn possible(catalog: &Catalog, table: u32, names: &[String], message: String) -> (String, bool) {
    let by = catalog.partitioned_by(table);
    if by.iter().all(|column| column.is_some_and(|column| names.iter().any(|name| name == column))) {
        return (message, true);
    }
    let by: Vec<&str> = by.into_iter().map(|column| column.unwrap_or("an expression")).collect();
    (format!("{message}, which is partitioned by {}", listed(&by)), false)
}

/// A table by name: the place's own, or one that inherits from it.
pub(super) struct Named {
    /// As a finding names it.
    pub(super) name: String,
    /// As a sentence names it.
    pub(super) shown: String,
    /// As SQL names it.
    pub(super) sql: String,
}

impl Named {
    pub(super) fn new(place: &Place, root: u32, number: u32, relation: &Relation) -> Self {
        if root == number {
            let name = place.qualified();
            return Named { shown: format!("table `{name}`"), sql: ddl::table(place.schema, place.name), name };
        }
        // Where it stands in the search path is not known.
        let name = format!("{}.{}", relation.schema, relation.name);
        Named {
            shown: format!("table `{name}`, which inherits from `{}`", place.qualified()),
            sql: ddl::table(Some(&relation.schema), &relation.name),
            name,
        }
    }
}
