//! What the catalog says of the tables that are wanted.
//!
//! Facts only, under the names that the database has them by; what follows from them is not decided here.

use std::collections::HashMap;

use tokio_postgres::types::Type;

use super::wanted::{Edge, Wanted};

/// All that was asked of the catalog.
#[derive(Debug, Default)]
pub(crate) struct Catalog {
    /// The role that asked.
    pub(crate) role: String,
    /// The table of each place, in their order.
    pub(crate) places: Vec<Found>,
    /// Those tables, and the tables below them by inheritance or partition, by their number in the catalog.
    pub(crate) relations: HashMap<u32, Relation>,
    /// By place and name.
    pub(crate) columns: HashMap<(usize, &'static str), Column>,
    /// By the types of both sides.
    pub(crate) comparisons: HashMap<(u32, u32), Comparison>,
}

/// What a place's name means to the database.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Found {
    pub(crate) relation: Option<u32>,
    /// The schema that the name is qualified with is not there.
    pub(crate) no_schema: bool,
}

/// What has a table's name.
#[derive(Debug)]
pub(crate) struct Relation {
    pub(crate) kind: Kind,
    pub(crate) schema: String,
    pub(crate) name: String,
    /// Whether the role may use the schema.
    pub(crate) usable: bool,
    /// The columns that it is partitioned by; `None` for an expression.
    pub(crate) partitioned_by: Vec<Option<String>>,
    /// The tables that inherit from it, or are its partitions.
    pub(crate) children: Vec<u32>,
    pub(crate) indexes: Vec<Index>,
    pub(crate) foreign_keys: Vec<ForeignKey>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Table,
    Partitioned,
    View,
    Materialized,
    Foreign,
    Sequence,
    /// Nothing that can be selected from.
    Unreadable(&'static str),
}

/// A column, its type without the domains around it.
#[derive(Debug)]
pub(crate) struct Column {
    pub(crate) name: String,
    pub(crate) not_null: bool,
    pub(crate) readable: bool,
    /// The declared type, as SQL writes it.
    pub(crate) declared: String,
    pub(crate) type_number: u32,
    /// The type's name, quoted; `None` if the role may not use it.
    pub(crate) type_name: Option<String>,
    /// As the driver knows it; `None` if nobody could be asked.
    pub(crate) ty: Option<Type>,
    /// Whether its collation is a nondeterministic one.
    pub(crate) nondeterministic: bool,
}

#[derive(Debug, Clone)]
pub(crate) struct Index {
    pub(crate) name: String,
    pub(crate) unique: bool,
    pub(crate) primary: bool,
    pub(crate) valid: bool,
    /// It is unique at any time, and not only at the end of a transaction.
    pub(crate) immediate: bool,
    /// The access method is one that finds rows by equality: btree or hash.
    pub(crate) searches: bool,
    pub(crate) predicate: Option<String>,
    /// The key's columns, without those that are only included.
    pub(crate) columns: Vec<IndexColumn>,
}

#[derive(Debug, Clone)]
pub(crate) struct IndexColumn {
    /// `None` for an expression.
    pub(crate) name: Option<String>,
    /// Its collation and operators are those by which the column itself is compared.
    pub(crate) compares: bool,
    /// It has the order that the column itself is sorted in.
    pub(crate) sorts: bool,
    pub(crate) descending: bool,
    pub(crate) nulls_first: bool,
}

#[derive(Debug)]
pub(crate) struct ForeignKey {
    pub(crate) name: String,
    pub(crate) target: u32,
    pub(crate) validated: bool,
    /// No row with a NULL in some of its columns passes it by.
    pub(crate) strict: bool,
    /// Its columns, each with that of the target.
    pub(crate) columns: Vec<(String, String)>,
}

/// How the database compares values of two types.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Comparison {
    /// By an operator of an index.
    Indexed,
    /// By another operator, or after a conversion of one side.
    Converted,
    /// Not at all.
    Never,
}

/// Whether a table, whose number comes first, has something.
pub(crate) type Has<'h> = &'h dyn Fn(u32, &Relation) -> bool;

impl Catalog {
    /// The table of this place, if it is there and can be read.
    pub(crate) fn relation(&self, place: usize) -> Option<(u32, &Relation)> {
        let number = self.places.get(place)?.relation?;
        let relation = self.relations.get(&number)?;
        (!matches!(relation.kind, Kind::Unreadable(_))).then_some((number, relation))
    }

    /// The column of this place, if it is there.
    pub(crate) fn column(&self, place: usize, name: &'static str) -> Option<&Column> {
        self.relation(place)?;
        self.columns.get(&(place, name))
    }

    /// The names that the database has these columns by, if all are there.
    pub(crate) fn names<'n>(
        &self,
        place: usize,
        columns: impl IntoIterator<Item = &'n &'static str>,
    ) -> Option<Vec<String>> {
        columns.into_iter().map(|name| Some(self.column(place, name)?.name.clone())).collect()
    }

    /// The types of the columns that relations equate, each pair once.
    pub(crate) fn compared(&self, wanted: &Wanted) -> Vec<(u32, u32)> {
        let mut pairs = Vec::new();
        for hop in wanted.relations.iter().flat_map(Edge::hops) {
            for pair in hop.pairs {
                let sides = (self.column(hop.from, pair.source.name), self.column(hop.to, pair.target.name));
                if let (Some(source), Some(target)) = sides {
                    pairs.push((source.type_number, target.type_number));
                }
            }
        }
        pairs.sort_unstable();
        pairs.dedup();
        pairs
    }

    /// The names of types that are not known yet, each once.
    pub(crate) fn unknown_types(&self) -> Vec<String> {
        let unknown = self.columns.values().filter(|column| column.ty.is_none());
        let mut names: Vec<String> = unknown.filter_map(|column| column.type_name.clone()).collect();
        names.sort_unstable();
        names.dedup();
        names
    }

    /// Takes what these types are.
    pub(crate) fn learn(&mut self, types: &[Type]) {
        for column in self.columns.values_mut().filter(|column| column.ty.is_none()) {
            column.ty = types.iter().find(|ty| ty.oid() == column.type_number).cloned();
        }
    }

    /// The tables that lack something which all rows need: the table itself, or those that inherit from it.
    ///
    /// What a partitioned table has, its partitions have; `apart` says whether it is as good if each of them has it for
    /// itself. Views have no indexes and no constraints of their own, and lack none.
    pub(crate) fn lacking(&self, number: u32, apart: bool, has: Has<'_>) -> Vec<u32> {
        let mut lacking = Vec::new();
        self.collect(number, apart, has, &mut lacking);
        lacking
    }

    fn collect(&self, number: u32, apart: bool, has: Has<'_>, out: &mut Vec<u32>) {
        let Some(relation) = self.relations.get(&number) else { return };
        match relation.kind {
            Kind::Table => {
                if !has(number, relation) && !out.contains(&number) {
                    out.push(number);
                }
                relation.children.iter().for_each(|&child| self.collect(child, apart, has, out));
            }
            Kind::Partitioned => {
                let each = || {
                    let lacks = |&child: &u32| !self.lacking(child, apart, has).is_empty();
                    apart && !relation.children.is_empty() && !relation.children.iter().any(lacks)
                };
                if !has(number, relation) && !each() {
                    out.push(number);
                }
            }
            Kind::Materialized => {
                if !has(number, relation) {
                    out.push(number);
                }
            }
            Kind::View | Kind::Foreign | Kind::Sequence | Kind::Unreadable(_) => {}
        }
    }

    /// Whether every row of the first table is a row of the second one.
    pub(crate) fn is_part_of(&self, number: u32, of: u32) -> bool {
        number == of
            || self
                .relations
                .get(&of)
                .is_some_and(|relation| relation.children.iter().any(|&child| self.is_part_of(number, child)))
    }

    /// The columns that a unique index of a table has to have: those that it is partitioned by, and its partitions are.
    /// `None` stands for an expression.
    pub(crate) fn partitioned_by(&self, number: u32) -> Vec<Option<&str>> {
        let Some(relation) = self.relations.get(&number) else { return Vec::new() };
        let mut columns: Vec<Option<&str>> = relation.partitioned_by.iter().map(Option::as_deref).collect();
        if relation.kind == Kind::Partitioned {
            for column in relation.children.iter().flat_map(|&child| self.partitioned_by(child)) {
                if !columns.contains(&column) {
                    columns.push(column);
                }
            }
        }
        columns
    }
}

impl Relation {
    /// Whether it can have constraints and indexes of its own.
    pub(crate) fn is_table(&self) -> bool {
        matches!(self.kind, Kind::Table | Kind::Partitioned)
    }
}

impl Index {
    /// An index that a finding proposes, of these columns and then of those, each with whether it is descending.
    pub(crate) fn proposed(unique: bool, columns: &[String], order: &[(String, bool)]) -> Self {
        let column = |name: &String, descending: bool| IndexColumn {
            name: Some(name.clone()),
            compares: true,
            sorts: true,
            descending,
            nulls_first: descending,
        };
        let keys = columns.iter().map(|name| column(name, false));
        let order = order.iter().map(|(name, descending)| column(name, *descending));
        Index {
            name: String::new(),
            unique,
            primary: false,
            valid: true,
            immediate: true,
            searches: true,
            predicate: None,
            columns: keys.chain(order).collect(),
        }
    }
}
