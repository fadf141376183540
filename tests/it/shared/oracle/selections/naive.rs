//! The naive evaluator: what a query means, done step by step on rows in memory.

use std::cmp::Ordering;
use std::rc::Rc;

use serde_json::Value as Json;

use super::catalog::Step;
use super::meaning::{Env, Meaning};
use super::pane::Pane;
use super::source::{Around, Sourced};
use super::tables::Tables;
use super::values::{Val, same};

/// What a query means.
pub struct Naive {
    pub table: &'static str,
    pub source: Sourced,
    pub steps: Rc<[Step]>,
    pub filters: Vec<Meaning<Option<bool>>>,
    /// What the rows of a group have in common, nothing where all rows are one; `None` where they are not grouped.
    pub groups: Option<Vec<Meaning>>,
    pub having: Vec<Meaning<Option<bool>>>,
    pub items: Vec<Meaning>,
    /// Those items that are functions over a window, and the terms of the order that are the same.
    pub panes: Vec<(usize, Option<usize>, Pane)>,
    pub distinct: bool,
    /// Of the rows that have these in common, the first one.
    pub distinct_on: Vec<Meaning>,
    pub order: Vec<Sorted>,
    /// The order leaves no ties.
    pub total: bool,
    pub limit: Option<u64>,
    pub offset: Option<u64>,
}

/// A term of an order.
#[derive(Clone)]
pub struct Sorted {
    pub by: Meaning,
    pub descending: bool,
    pub nulls_first: bool,
}

/// A row that is given, and what it is sorted by and told apart by.
#[derive(Debug, Clone)]
pub struct Row {
    /// The root's row, where rows are not grouped.
    pub root: Option<usize>,
    pub items: Vec<Val>,
    pub order: Vec<Val>,
    on: Vec<Val>,
}

impl Naive {
    /// The steps that something names, a bit each, with those that they start from.
    pub fn named(&self) -> u8 {
        let groups = self.groups.iter().flatten();
        let order = self.order.iter().map(|sorted| &sorted.by);
        let values = self.items.iter().chain(groups).chain(&self.distinct_on).chain(order);
        let conditions = self.filters.iter().chain(&self.having);
        let named = values.map(|is| is.steps).chain(conditions.map(|is| is.steps)).fold(0, |all, steps| all | steps);
        let mut named = named;
        for (at, step) in self.steps.iter().enumerate().rev() {
            if named & (1 << at) != 0 {
                named |= step.from.steps();
            }
        }
        named
    }

    /// All rows, as JSON.
    pub fn rows(&self, tables: &Tables) -> Vec<Json> {
        let rows = self.given(tables, &[]).into_iter();
        rows.map(|row| row.items.iter().map(Val::json).collect()).collect()
    }

    /// The numbers of the root's rows.
    pub fn roots(&self, tables: &Tables, around: &Around) -> Vec<usize> {
        self.given(tables, around).into_iter().filter_map(|row| row.root).collect()
    }

    /// All rows, within those of the queries around them.
    pub fn given(&self, tables: &Tables, around: &Around) -> Vec<Row> {
        let mut rows = self.found_within(tables, around);
        if self.distinct {
            rows = once(rows, |row| &row.items);
        } else if !self.distinct_on.is_empty() {
            rows = once(rows, |row| &row.on);
        }
        let rows = rows.into_iter().skip(self.offset.unwrap_or(0) as usize);
        rows.take(self.limit.unwrap_or(u64::MAX) as usize).collect()
    }

    /// All rows in their order, before equal ones are left out and others are counted off.
    pub fn found(&self, tables: &Tables) -> Vec<Row> {
        self.found_within(tables, &[])
    }

    fn found_within(&self, tables: &Tables, around: &Around) -> Vec<Row> {
        let mut envs = self.multiplied(tables, around);
        envs.retain(|env| self.filters.iter().all(|filter| filter.one(tables, env) == Some(true)));
        let mut groups = match &self.groups {
            None => envs.into_iter().map(|env| vec![env]).collect(),
            Some(by) if by.is_empty() => vec![envs],
            Some(by) => grouped(tables, envs, by),
        };
        groups.retain(|group| self.having.iter().all(|having| (having.of)(tables, group) == Some(true)));
        let panes: Vec<Vec<Val>> = self.panes.iter().map(|(.., pane)| pane.values(tables, &groups)).collect();
        // A window's value is of all rows or groups.
        let values = |of: &[Meaning], group: usize, pane: &dyn Fn(usize) -> Option<usize>| {
            let value = |(at, is): (usize, &Meaning)| {
                pane(at).map_or_else(|| (is.of)(tables, &groups[group]), |pane| panes[pane][group].clone())
            };
            of.iter().enumerate().map(value).collect::<Vec<Val>>()
        };
        let by: Vec<Meaning> = self.order.iter().map(|sorted| sorted.by.clone()).collect();
        let row = |at: usize| Row {
            root: groups[at].first().and_then(|env| env.rows[0]),
            items: values(&self.items, at, &|item| self.panes.iter().position(|(known, ..)| *known == item)),
            order: values(&by, at, &|term| self.panes.iter().position(|(_, known, _)| *known == Some(term))),
            on: values(&self.distinct_on, at, &|_| None),
        };
        let mut rows: Vec<Row> = (0..groups.len()).map(row).collect();
        rows.sort_by(|one, other| compare(&self.order, &one.order, &other.order));
        rows
    }

    /// A row for each way along the steps that are named.
    fn multiplied(&self, tables: &Tables, around: &Around) -> Vec<Env> {
        let named = self.named();
        let rows = self.source.rows(self.table, tables, around).into_iter().map(|row| {
            let mut rows = vec![None; self.steps.len() + 1];
            rows[0] = Some(row);
            Env { rows, around: around.to_vec() }
        });
        let mut envs: Vec<Env> = rows.collect();
        for (at, step) in self.steps.iter().enumerate().filter(|(at, _)| named & (1 << at) != 0) {
            let mut all = Vec::new();
            for env in envs {
                let from = step.from.row(tables, &env);
                let found = from.map_or_else(Vec::new, |row| tables.reached(step.relation, row));
                if found.is_empty() && step.or_null {
                    all.push(env.clone());
                }
                all.extend(found.into_iter().map(|row| {
                    let mut env = env.clone();
                    env.rows[at + 1] = Some(row);
                    env
                }));
            }
            envs = all;
        }
        envs
    }

    /// Whether something is NULL because a row is missing that a relation promises: where the type has no room for it,
    /// the query is an error.
    pub fn breaks_a_promise(&self, expected: &[Json]) -> bool {
        let promised = |row: &Json| {
            let mut items = self.items.iter().enumerate();
            items.any(|(at, item)| item.promised && row[at].is_null())
        };
        expected.iter().any(promised)
    }

    /// In words.
    pub fn told(&self) -> String {
        let naive = self;
        let list = |all: &[Meaning]| all.iter().map(|is| is.text.as_str()).collect::<Vec<_>>().join(", ");
        let conditions =
            |all: &[Meaning<Option<bool>>]| all.iter().map(|is| is.text.as_str()).collect::<Vec<_>>().join(" & ");
        let order: Vec<String> = naive
            .order
            .iter()
            .map(|sorted| {
                let (desc, nulls) = (sorted.descending, sorted.nulls_first);
                let nulls = if desc == nulls { "" } else { " (NULLs elsewhere)" };
                format!("{}{}{nulls}", sorted.by.text, if desc { " desc" } else { "" })
            })
            .collect();
        let mut text = format!("{} where {}", naive.source, conditions(&naive.filters));
        if let Some(groups) = &naive.groups {
            text += &format!("\n  group by {} having {}", list(groups), conditions(&naive.having));
        }
        text += &format!("\n  select {}", list(&naive.items));
        if naive.distinct {
            text += " distinct";
        }
        if !naive.distinct_on.is_empty() {
            text += &format!("\n  distinct on {}", list(&naive.distinct_on));
        }
        text + &format!("\n  order by {} limit {:?} offset {:?}", order.join(", "), naive.limit, naive.offset)
    }
}

/// Where and how rows differ from those that are expected, in this order if it is total.
pub fn check(total: bool, rows: &[Json], expected: &[Json]) -> Result<(), String> {
    let mut left: Vec<&Json> = expected.iter().collect();
    let mut alike = rows.len() == expected.len();
    for row in rows.iter().take(if alike { rows.len() } else { 0 }) {
        let candidates = if total { 1 } else { left.len() };
        match left.iter().take(candidates).position(|expected| same(row, expected)) {
            Some(at) => drop(left.remove(at)),
            None => alike = false,
        }
    }
    if alike {
        return Ok(());
    }
    let list = |rows: &[Json]| rows.iter().map(|row| format!("\n  {row}")).collect::<String>();
    let order = if total { "" } else { ", in any order" };
    Err(format!("{} rows:{}\nexpected {}{order}:{}", rows.len(), list(rows), expected.len(), list(expected)))
}

/// How two places in an order stand to each other.
pub fn compare(order: &[Sorted], one: &[Val], other: &[Val]) -> Ordering {
    let terms = order.iter().zip(one.iter().zip(other));
    terms.fold(Ordering::Equal, |order, (sorted, (one, other))| {
        order.then_with(|| {
            let nulls = if sorted.nulls_first { Ordering::Less } else { Ordering::Greater };
            match (one.is_null(), other.is_null()) {
                (true, true) => Ordering::Equal,
                (true, false) => nulls,
                (false, true) => nulls.reverse(),
                (false, false) if sorted.descending => other.compare(one).unwrap(),
                (false, false) => one.compare(other).unwrap(),
            }
        })
    })
}

fn alike(one: &[Val], other: &[Val]) -> bool {
    one.iter().zip(other).all(|(one, other)| one.same(other))
}

/// The first row of those that have these in common.
fn once(rows: Vec<Row>, of: impl Fn(&Row) -> &Vec<Val>) -> Vec<Row> {
    let mut all: Vec<Row> = Vec::new();
    for row in rows {
        if all.iter().all(|known| !alike(of(known), of(&row))) {
            all.push(row);
        }
    }
    all
}

fn grouped(tables: &Tables, envs: Vec<Env>, by: &[Meaning]) -> Vec<Vec<Env>> {
    let mut groups: Vec<(Vec<Val>, Vec<Env>)> = Vec::new();
    for env in envs {
        let key: Vec<Val> = by.iter().map(|is| is.one(tables, &env)).collect();
        match groups.iter_mut().find(|(known, _)| alike(known, &key)) {
            Some((_, group)) => group.push(env),
            None => groups.push((key, vec![env])),
        }
    }
    groups.into_iter().map(|(_, group)| group).collect()
}
