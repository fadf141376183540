//! Findings about indexes: what loads search tables by, and in what order.
//!
//! An index that another finding proposes counts as if it were there.

use std::cmp::Reverse;
use std::rc::Rc;

use super::catalog::{Catalog, Index, IndexColumn};
use super::finding::{Finding, FindingKind};
use super::tables::{Named, about, listed};
use super::wanted::{Edge, Search, Wanted};
use super::{Findings, ddl, predicate, relations};
use crate::schema::{Constant, Reach};

pub(super) fn check(wanted: &Wanted, catalog: &Catalog, out: &mut Findings) {
    let mut wants = Vec::new();
    for edge in &wanted.relations {
        for search in edge.searches() {
            collect(catalog, edge, &search, out, &mut wants);
        }
    }
    // The longest first: what it needs is often good for another one.
    wants.sort_by_key(|want: &Want| Reverse(want.asked.keys.len() + want.asked.order.len()));
    let mut proposals: Vec<Proposal> = Vec::new();
    for want in wants {
        let serves = |known: &&mut Proposal| known.table == want.table && want.asked.is_served(&known.index);
        match proposals.iter_mut().find(serves) {
            Some(known) => known.wants.push(want),
            None => {
                let index = Index::proposed(false, &want.asked.keys, &directed(&want.asked.order));
                let asked = Rc::clone(&want.asked);
                proposals.push(Proposal { table: want.table, asked, index, wants: vec![want] });
            }
        }
    }
    // As the relations are declared.
    proposals.sort_by_key(|proposal| proposal.wants.iter().map(|want| want.number).min());
    for mut proposal in proposals {
        proposal.wants.sort_by_key(|want| want.number);
        if let Some(finding) = proposal.finding(wanted, catalog) {
            out.push(finding);
        }
    }
}

/// How a load asks for rows.
#[derive(Debug)]
struct Asked {
    place: usize,
    /// The columns that it searches by.
    keys: Vec<String>,
    /// The order of the rows of one key, each column with whether it is descending.
    order: Vec<(String, bool)>,
    /// Conditions on the rows.
    only: Vec<(String, Constant)>,
    relation: String,
}

/// An index that a load needs and a table lacks.
#[derive(Debug)]
struct Want {
    /// Its position in the order of the relations.
    number: usize,
    asked: Rc<Asked>,
    /// The table that lacks it: the place's, or one that inherits from it.
    table: u32,
    /// An index finds the rows, and does not give them in order.
    is_found: bool,
}

/// An index, what it is made for, and all that need it.
#[derive(Debug)]
struct Proposal {
    table: u32,
    asked: Rc<Asked>,
    index: Index,
    wants: Vec<Want>,
}

/// What an index does for a load.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Fit {
    /// It finds the rows.
    Finds,
    /// It gives them in order.
    Sorts,
}

/// Adds what a search needs, for each table that lacks it.
fn collect(catalog: &Catalog, edge: &Edge, search: &Search, out: &Findings, wants: &mut Vec<Want>) {
    let Some((number, _)) = catalog.relation(search.place) else { return };
    let mut columns: Vec<&'static str> = Vec::new();
    for column in &search.columns {
        if !columns.contains(&column.name) {
            columns.push(column.name);
        }
    }
    let Some(keys) = catalog.names(search.place, &columns) else { return };
    let only = relations::conditions(catalog, search.place, search.only);
    let order = order(catalog, edge, search, &keys);
    let asked = Rc::new(Asked { place: search.place, keys, order, only, relation: edge.name() });
    let lacking = |needed: Fit| {
        catalog.lacking(number, true, &|table, relation| {
            relation
                .indexes
                .iter()
                .chain(out.proposed(table))
                .any(|index| asked.fit(index).is_some_and(|fit| fit >= needed))
        })
    };
    let unfound = lacking(Fit::Finds);
    for table in lacking(asked.needed()) {
        let is_found = !unfound.contains(&table);
        wants.push(Want { number: wants.len(), asked: Rc::clone(&asked), table, is_found });
    }
}

/// The relation's own order, where an index of the searched table can have it behind the keys.
fn order(catalog: &Catalog, edge: &Edge, search: &Search, keys: &[String]) -> Vec<(String, bool)> {
    if edge.def.reach != Reach::Many || edge.through.is_some() {
        return Vec::new();
    }
    let mut order: Vec<(String, bool)> = Vec::new();
    for by in edge.def.order {
        let Some(column) = catalog.column(search.place, by.column.name) else { return Vec::new() };
        // All rows of one key have the same value there.
        if !keys.contains(&column.name) && !order.iter().any(|(name, _)| *name == column.name) {
            order.push((column.name.clone(), by.descending));
        }
    }
    order
}

impl Asked {
    fn needed(&self) -> Fit {
        if self.order.is_empty() { Fit::Finds } else { Fit::Sorts }
    }

    fn is_served(&self, index: &Index) -> bool {
        self.fit(index).is_some_and(|fit| fit >= self.needed())
    }

    /// What an index does for it, with all rows in it.
    fn fit(&self, index: &Index) -> Option<Fit> {
        let has_all = index.predicate.as_deref().is_none_or(|text| predicate::follows(text, &self.only, &self.keys));
        if index.valid && has_all { self.shape(index) } else { None }
    }

    /// What an index does for it by its columns.
    fn shape(&self, index: &Index) -> Option<Fit> {
        let is_key =
            |column: &IndexColumn| column.compares && column.name.as_ref().is_some_and(|name| self.keys.contains(name));
        if !index.searches {
            return None;
        }
        if index.unique && index.columns.iter().all(is_key) {
            return Some(Fit::Sorts);
        }
        let (first, then) = index.columns.split_at_checked(self.keys.len())?;
        let has = |key: &String| first.iter().any(|column| is_key(column) && column.name.as_ref() == Some(key));
        if !self.keys.iter().all(has) {
            return None;
        }
        // Read forward, or backward.
        let sorts = |backward: bool| {
            then.len() >= self.order.len()
                && self.order.iter().zip(then).all(|((name, descending), column)| {
                    let descending = *descending != backward;
                    column.sorts
                        && column.name.as_ref() == Some(name)
                        && (column.descending, column.nulls_first) == (descending, descending)
                })
        };
        Some(if sorts(false) || sorts(true) { Fit::Sorts } else { Fit::Finds })
    }
}

/// The order as an index has it: one that is descending throughout is an ascending one, read backward.
fn directed(order: &[(String, bool)]) -> Vec<(String, bool)> {
    let backward = order.iter().all(|(_, descending)| *descending);
    order.iter().map(|(name, descending)| (name.clone(), *descending && !backward)).collect()
}

impl Proposal {
    fn finding(&self, wanted: &Wanted, catalog: &Catalog) -> Option<Finding> {
        let asked = &self.asked;
        let relation = catalog.relations.get(&self.table)?;
        let place = &wanted.places[asked.place];
        let (root, _) = catalog.relation(asked.place)?;
        let table = Named::new(place, root, self.table, relation);
        let (keys, behind) =
            (listed(&asked.keys), asked.order.iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>());
        let (kind, mut message) = if self.wants.iter().all(|want| want.is_found) {
            let message = format!(
                "no index of {} has {} behind {keys}: an index finds the rows, and they are sorted each time",
                table.shown,
                listed(&behind)
            );
            (FindingKind::MissingOrderIndex, message)
        } else {
            let message = format!("no index of {} begins with {keys}, by which it is searched", table.shown);
            let order = if behind.is_empty() {
                String::new()
            } else {
                format!("; with {} behind, it gives the rows in order", listed(&behind))
            };
            (FindingKind::MissingIndex, message + &order)
        };
        for index in relation.indexes.iter().filter(|index| asked.shape(index).is_some()) {
            if !index.valid {
                message += &format!("; index `{}` does, and is not valid", index.name);
            } else if let (Some(rows), None) = (&index.predicate, asked.fit(index)) {
                message += &format!("; index `{}` does, and is known to have the rows of {rows} only", index.name);
            }
        }
        let columns: Vec<String> = self.index.columns.iter().filter_map(|column| column.name.clone()).collect();
        let terms = self.index.columns.iter().zip(&columns).map(|(column, name)| {
            if column.descending { format!("{} DESC", ddl::quoted(name)) } else { ddl::quoted(name) }
        });
        let fix = format!("CREATE INDEX ON {} ({})", table.sql, terms.collect::<Vec<_>>().join(", "));
        let mut relations: Vec<String> = Vec::new();
        for want in &self.wants {
            if !relations.contains(&want.asked.relation) {
                relations.push(want.asked.relation.clone());
            }
        }
        let finding = about(place, kind, columns, message);
        Some(Finding { table: table.name, relations, fix: Some(fix), ..finding })
    }
}
