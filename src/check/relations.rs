//! Findings about relations: what they equate, what keeps their rows there, and what keeps them single.
//!
//! It knows no indexes but those that keep rows unique.

use tokio_postgres::types::Type;

use super::catalog::{Catalog, Column, Comparison, ForeignKey, Index, Relation};
use super::finding::{Finding, FindingKind};
use super::tables::{Named, about, is_unique, listed, possible};
use super::wanted::{Edge, Hop, Wanted};
use super::{Findings, ddl, predicate};
use crate::key;
use crate::schema::{self, Condition, Constant, KeyPair, Link, Reach};

pub(super) fn check(wanted: &Wanted, catalog: &Catalog, out: &mut Findings) {
    for edge in &wanted.relations {
        for hop in edge.hops() {
            compared(wanted, catalog, edge, hop, out);
        }
        exact(wanted, catalog, edge, out);
        single(wanted, catalog, edge, out);
    }
    // Which unique indexes will be there is known by now.
    for edge in &wanted.relations {
        for hop in edge.hops() {
            if is_guarded(wanted, catalog, edge, hop) {
                foreign_key(wanted, catalog, edge, hop, out);
            }
        }
    }
}

/// Whether the database compares the columns, and by an operator of an index.
fn compared(wanted: &Wanted, catalog: &Catalog, edge: &Edge, hop: Hop, out: &mut Findings) {
    for pair in hop.pairs {
        let (Some(source), Some(target)) =
            (catalog.column(hop.from, pair.source.name), catalog.column(hop.to, pair.target.name))
        else {
            continue;
        };
        let (from, to) = (&wanted.places[hop.from], &wanted.places[hop.to]);
        let what = format!(
            "column `{}` of table `{}` is `{}`, and column `{}` of table `{}` is `{}`",
            source.name,
            from.qualified(),
            source.declared,
            target.name,
            to.qualified(),
            target.declared,
        );
        let types = (source.type_number, target.type_number);
        let (kind, what) = match catalog.comparisons.get(&types) {
            None | Some(Comparison::Indexed) => continue,
            Some(Comparison::Converted) => {
                (FindingKind::UnlikeKeys, format!("{what}: no operator of an index compares the two"))
            }
            Some(Comparison::Never) => {
                (FindingKind::NotComparable, format!("{what}: the database has no operator that compares the two"))
            }
        };
        let finding = about(from, kind, vec![source.name.clone()], what);
        out.push(Finding { relations: vec![edge.name()], ..finding });
    }
}

/// Whether the client can compare the keys that a load matches.
fn exact(wanted: &Wanted, catalog: &Catalog, edge: &Edge, out: &mut Findings) {
    let searched = edge.through.unwrap_or(edge.target);
    let sides = || edge.def.source_columns().zip(edge.def.key_columns());
    let by_database = edge.def.compares_in_database();
    for (source, target) in sides() {
        for (place, column, other) in [(edge.source, source, target), (searched, target, source)] {
            let Some(known) = catalog.column(place, column.name) else { continue };
            let Some(problem) = problem(known, by_database) else { continue };
            let at = &wanted.places[place];
            let is = format!("column `{}` of table `{}` {}", known.name, at.qualified(), problem.is(known));
            // A bare association's column has no field.
            let field = if column.rust_type.is_empty() {
                format!("{}.{}", (edge.def.source)().entity, other.field)
            } else {
                let mapped = wanted.mapped.iter().find(|mapped| mapped.place == place && owns(mapped.table, column));
                format!("{}.{}", mapped.map_or(at.entity, |mapped| mapped.table.entity), column.field)
            };
            let message = if problem == Problem::Array {
                format!("{is}, and arrays cannot be sent as keys")
            } else {
                format!(
                    "{is}, where equal values can differ byte by byte, which is how the client compares keys: write \
                     `#[column(compare = database)]` on field `{field}`"
                )
            };
            let finding = about(at, FindingKind::KeyEqualityDiffers, vec![known.name.clone()], message);
            out.push(Finding { relations: vec![edge.name()], ..finding });
        }
    }
}

fn owns(table: &schema::Table, column: &schema::Column) -> bool {
    table.columns.contains(column)
}

/// Why a column cannot be a key that the client compares.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Problem {
    Array,
    Type,
    Collation,
}

impl Problem {
    fn is(self, column: &Column) -> String {
        match self {
            Problem::Array | Problem::Type => format!("is `{}`", column.declared),
            Problem::Collation => String::from("has a nondeterministic collation"),
        }
    }
}

fn problem(column: &Column, by_database: bool) -> Option<Problem> {
    let exact = |ty: &Type| key::is_exact(ty);
    if column.ty.as_ref().is_some_and(key::is_array) {
        Some(Problem::Array)
    } else if by_database {
        None
    } else if !column.ty.as_ref().is_none_or(exact) {
        Some(Problem::Type)
    } else {
        column.nondeterministic.then_some(Problem::Collation)
    }
}

/// The columns by which a relation to one row searches, where nothing but an index of its own keeps that row single.
pub(super) fn single_by(edge: &Edge) -> Option<Vec<&'static str>> {
    let Link::Direct(pairs) = &edge.def.link else { return None };
    let table = (edge.def.target)();
    let has = |name: &str| pairs.iter().any(|pair| pair.target.name == name);
    let by_key = table.key.iter().all(|&at| table.columns.get(at).is_some_and(|column| has(column.name)));
    (edge.def.reach != Reach::Many && !by_key).then(|| pairs.iter().map(|pair| pair.target.name).collect())
}

/// A relation's own conditions, by the names that the database has its columns by.
pub(super) fn conditions(catalog: &Catalog, place: usize, only: &[Condition]) -> Vec<(String, Constant)> {
    let known =
        |condition: &Condition| Some((catalog.column(place, condition.column.name)?.name.clone(), condition.equals));
    only.iter().filter_map(known).collect()
}

/// Whether a relation that leads to one row can lead to several.
fn single(wanted: &Wanted, catalog: &Catalog, edge: &Edge, out: &mut Findings) {
    let Some(columns) = single_by(edge) else { return };
    let (Some((number, _)), Some(names)) = (catalog.relation(edge.target), catalog.names(edge.target, &columns)) else {
        return;
    };
    let only = conditions(catalog, edge.target, edge.def.only);
    let follows = |text: &str| predicate::follows(text, &only, &names);
    let has = |_: u32, relation: &Relation| relation.indexes.iter().any(|index| is_unique(index, &names, &follows));
    for lacking in catalog.lacking(number, false, &has) {
        let Some(relation) = catalog.relations.get(&lacking) else { continue };
        let place = &wanted.places[edge.target];
        let table = Named::new(place, number, lacking, relation);
        let by = listed(&names);
        let message = format!("it leads to one row, and nothing keeps {by} unique in {}", table.shown);
        let (message, can_be) = possible(catalog, lacking, &names, message);
        let rows = only_rows(&only);
        let fix = can_be.then(|| {
            let (columns, rows) = (ddl::list(&names), rows.as_ref().map(|rows| format!(" WHERE {rows}")));
            format!("CREATE UNIQUE INDEX ON {} ({columns}){}", table.sql, rows.unwrap_or_default())
        });
        if can_be {
            out.propose(lacking, Index { predicate: rows, ..Index::proposed(true, &names, &[]) });
        }
        let finding = about(place, FindingKind::SeveralRows, names.clone(), message);
        out.push(Finding { table: table.name, relations: vec![edge.name()], fix, ..finding });
    }
}

/// `"a" = 1 AND "b" IS NULL`.
fn only_rows(only: &[(String, Constant)]) -> Option<String> {
    let term = |(name, equals): &(String, Constant)| match equals {
        Constant::Null => format!("{} IS NULL", ddl::quoted(name)),
        equals => format!("{} = {}", ddl::quoted(name), ddl::literal(*equals)),
    };
    let terms: Vec<String> = only.iter().map(term).collect();
    (!terms.is_empty()).then(|| terms.join(" AND "))
}

/// Whether a foreign key should keep the rows there that these columns lead to: those of an association table, and the
/// row that a relation promises, where the foreign key can be on its side.
fn is_guarded(wanted: &Wanted, catalog: &Catalog, edge: &Edge, hop: Hop) -> bool {
    if edge.through.is_some() {
        return true;
    }
    // Of a row that has to fulfil a condition besides, a foreign key to anything but its key says nothing.
    if edge.def.reach != Reach::One || (!edge.def.only.is_empty() && single_by(edge).is_some()) {
        return false;
    }
    // A foreign key the other way round: the promise is about the side that has it, which no constraint can keep.
    let pairs: Vec<KeyPair> =
        hop.pairs.iter().map(|pair| KeyPair { source: pair.target, target: pair.source }).collect();
    if let (Some((to, _)), Some((from, _))) = (catalog.relation(hop.to), catalog.relation(hop.from))
        && let Some(names) = pair_names(catalog, hop.to, hop.from, &pairs)
        && catalog.lacking(to, true, &|_, relation| guard(catalog, relation, from, &names).is_some()).is_empty()
    {
        return false;
    }
    let holds_key = |place: usize, side: fn(&KeyPair) -> &'static schema::Column| {
        wanted.places[place].key.iter().all(|name| hop.pairs.iter().any(|pair| side(pair).name == *name))
    };
    // `belongs_to` leads to a key; `has_one` starts from one.
    holds_key(hop.to, |pair| pair.target) || !holds_key(hop.from, |pair| pair.source)
}

/// Whether a foreign key is there, and holds for every row.
fn foreign_key(wanted: &Wanted, catalog: &Catalog, edge: &Edge, hop: Hop, out: &mut Findings) {
    let (Some((number, from)), Some((to, target))) = (catalog.relation(hop.from), catalog.relation(hop.to)) else {
        return;
    };
    let Some(names) = pair_names(catalog, hop.from, hop.to, hop.pairs) else { return };
    let compared = |pair: &KeyPair| {
        let number = |place: usize, column: &schema::Column| Some(catalog.column(place, column.name)?.type_number);
        let types = number(hop.from, pair.source).zip(number(hop.to, pair.target));
        types.and_then(|types| catalog.comparisons.get(&types)) != Some(&Comparison::Never)
    };
    if !from.is_table() || !target.is_table() || !hop.pairs.iter().all(compared) {
        return;
    }
    let holds = |_: u32, relation: &Relation| guard(catalog, relation, to, &names).is_some_and(|key| key.validated);
    for lacking in catalog.lacking(number, true, &holds) {
        let Some(relation) = catalog.relations.get(&lacking) else { continue };
        let place = &wanted.places[hop.from];
        let table = Named::new(place, number, lacking, relation);
        let (columns, targets): (Vec<String>, Vec<String>) = names.iter().cloned().unzip();
        let (message, fix) = if let Some(key) = guard(catalog, relation, to, &names) {
            let message = format!(
                "foreign key `{}` of {} was not validated, so that rows from before may lead nowhere",
                key.name, table.shown
            );
            (message, Some(format!("ALTER TABLE {} VALIDATE CONSTRAINT {}", table.sql, ddl::quoted(&key.name))))
        } else {
            let other = &wanted.places[hop.to];
            let message = format!(
                "no foreign key leads from {} of {} to {} of table `{}`, so that a row may lead nowhere",
                listed(&columns),
                table.shown,
                listed(&targets),
                other.qualified()
            );
            let fix = referable(catalog, to, &targets, out).map(|first| {
                let (columns, other) = (ddl::list(&columns), ddl::table(other.schema, other.name));
                let targets = ddl::list(&targets);
                let first = if first { format!("CREATE UNIQUE INDEX ON {other} ({targets}); ") } else { String::new() };
                format!("{first}ALTER TABLE {} ADD FOREIGN KEY ({columns}) REFERENCES {other} ({targets})", table.sql)
            });
            (message, fix)
        };
        let finding = about(place, FindingKind::MissingForeignKey, columns, message);
        out.push(Finding { table: table.name, relations: vec![edge.name()], fix, ..finding });
    }
}

/// Whether a unique index has to be made before a foreign key can refer to these columns; `None` if none can be.
///
/// It has to have all of them, and no row may be double for the length of a transaction.
fn referable(catalog: &Catalog, table: u32, names: &[String], out: &mut Findings) -> Option<bool> {
    let relation = catalog.relations.get(&table)?;
    let is_whole =
        |index: &Index| index.immediate && index.columns.len() == names.len() && is_unique(index, names, &|_| false);
    if relation.indexes.iter().chain(out.proposed(table)).any(is_whole) {
        return Some(false);
    }
    let (_, can_be) = possible(catalog, table, names, String::new());
    can_be.then(|| {
        out.propose(table, Index::proposed(true, names, &[]));
        true
    })
}

/// The names of both sides' columns, if all are there.
fn pair_names(catalog: &Catalog, from: usize, to: usize, pairs: &[KeyPair]) -> Option<Vec<(String, String)>> {
    let name = |place: usize, column: &schema::Column| Some(catalog.column(place, column.name)?.name.clone());
    pairs.iter().map(|pair| Some((name(from, pair.source)?, name(to, pair.target)?))).collect()
}

/// The foreign key that has these columns. One that has more of them is as good if it holds for every row.
fn guard<'r>(catalog: &Catalog, relation: &'r Relation, to: u32, names: &[(String, String)]) -> Option<&'r ForeignKey> {
    let has = |key: &&ForeignKey| {
        catalog.is_part_of(key.target, to)
            && names.iter().all(|pair| key.columns.contains(pair))
            && (key.strict || key.columns.iter().all(|pair| names.contains(pair)))
    };
    let mut found: Vec<&ForeignKey> = relation.foreign_keys.iter().filter(has).collect();
    found.sort_by_key(|key| !key.validated);
    found.first().copied()
}
