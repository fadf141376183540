//! Walks over the pages of each parent's rows, all parents side by side.

use std::collections::BTreeMap;

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::test_runner::TestCaseError;
use relata::{Cursor, Page};
use serde_json::Value as Json;
use tokio::runtime::Builder;
use tokio_postgres::Client;

use super::super::asked::Link;
use super::super::case::{Data, fill, world};
use super::super::selections::ask::{self, Cond, Expr, Sort};
use super::super::selections::naive::{Row, compare};

use super::super::selections::tables::Tables;
use super::super::selections::values::{Pick, Val, pick};
use super::super::{fail, property};
use super::changes::{Change, change, make, make_in};
use super::children::{Made, Make};
use super::{lost, stay};
use crate::support::World;

/// A walk over the pages of a relation's rows.
#[derive(Debug, Clone)]
pub struct Walk {
    relation: Pick,
    pub filters: Vec<Cond>,
    pub order: Vec<Sort<Expr>>,
    /// What is asked of the association's rows, where an entity is mapped to them.
    pub through_filters: Vec<Cond>,
    pub through: Vec<Sort<Expr>>,
    size: Pick,
    /// How it is fetched.
    pub how: Pick,
    /// What happens before the second page and so on, to the children or to the association.
    changes: Vec<Vec<(bool, Change)>>,
}

fn walk() -> impl Strategy<Value = Walk> {
    let filters = || prop_oneof![3 => vec(ask::condition(1), 0..1), 1 => vec(ask::condition(1), 1..2)];
    let through = vec(ask::sort(pick().prop_map(Expr::Term)), 0..3);
    let changes = vec(vec((any::<bool>(), change()), 0..3), 0..3);
    (pick(), filters(), ask::order(), filters(), through, (pick(), pick(), changes)).prop_map(
        |(relation, filters, order, through_filters, through, (size, how, changes))| Walk {
            relation,
            filters,
            order,
            through_filters,
            through,
            size,
            how,
            changes,
        },
    )
}

/// Runs the property, and panics with its smallest counterexample. Each data set meets one or two walks.
pub fn run(share: u32, tables: &str, data: BoxedStrategy<Data>, makes: &'static [Make]) {
    let runtime = Builder::new_current_thread().enable_all().build().unwrap();
    let world = runtime.block_on(world(tables));
    let client = runtime.block_on(world.client());
    property(share, &(vec(walk(), 1..=2), data), |(walks, data)| {
        runtime.block_on(async {
            for walk in &walks {
                fill(&client, &data).await;
                one(&world, &client, &data, walk, walk.relation.from(makes)(walk)).await?;
            }
            Ok(())
        })
    });
}

/// How far the walk is with one parent's rows.
struct Parent {
    start: Vec<Row>,
    given: Vec<Row>,
    /// Where its last page ended, if rows came after it.
    place: Option<(Vec<Val>, Cursor)>,
    ended: bool,
}

async fn one(world: &World, client: &Client, data: &Data, walk: &Walk, made: Made) -> Result<(), TestCaseError> {
    let size = *walk.size.from(&[1, 2, 1, 3, 40]);
    let failed = |error: String| {
        let (about, query) = (made.relation, (made.query)(size, None));
        let (name, text) = (format!("{}.{}", about.source.entity, about.name), query.text(40, None));
        fail(format!("{error}\npages of {size} of {name} {:?}: {}\n{text}", made.below, made.naive.told()))
    };
    let mut tables = Tables::fetch(client, data).await;
    let mut parents: BTreeMap<usize, Parent> = BTreeMap::new();
    let mut number = 0;
    for round in 0.. {
        let cursors = parents.values().filter_map(|parent| Some(parent.place.as_ref()?.1.clone()));
        let cursors: Vec<Cursor> = cursors.collect();

        if cursors.is_empty() && round > 0 {
            break;
        }
        // No cursors are the same as none of any parent.
        let after = (round > 0 || walk.how.of(3) == 0).then_some(cursors.as_slice());
        let rows = (made.query)(size, after).rows(&world.pool).await.map_err(|error| failed(format!("{error:?}")))?;
        let mut pages: BTreeMap<usize, Json> = BTreeMap::new();
        for row in made.below.iter().fold(rows, |rows, name| rows.iter().flat_map(|row| below(row, name)).collect()) {
            let Some(key) = tables.find(made.relation.source, &row) else {
                return Err(failed(format!("there is no {row}")));
            };
            let page = &row[made.relation.name];
            if pages.insert(key, page.clone()).is_some_and(|other| other != *page) {
                return Err(failed(format!("another page of the same parent: {row}")));
            }
        }
        for (key, page) in &pages {
            let all = children(&made, &tables, *key);
            let parent = parents.entry(*key).or_insert_with(|| Parent {
                start: all.clone(),
                given: Vec::new(),
                place: None,
                ended: false,
            });
            turn(&made, parent, page, all, size as usize).map_err(|error| failed(format!("{key}: {error}")))?;
        }
        // Of a parent that was not reached this time nothing more is asked.
        parents.retain(|key, _| pages.contains_key(key));
        let changes = walk.changes.get(round).map_or(&[][..], Vec::as_slice);
        for (association, change) in changes {
            number += 1;
            match &made.relation.link {
                Link::Through { entity: Some(table), .. } if *association => make(client, table, change, number).await,
                Link::Through { table, .. } if *association => make_in(client, table, &[], change, number).await,
                // Parents keep their numbers: they are not of the children's table, or nothing changes.
                _ if made.relation.source.name == made.relation.target.name => {}
                _ => make(client, made.relation.target, change, number).await,
            }
        }
        if !changes.is_empty() {
            tables = Tables::fetch(client, data).await;
        }
    }
    Ok(())
}

/// The rows that are loaded under this name.
fn below(row: &Json, name: &str) -> Vec<Json> {
    match &row[name] {
        Json::Array(rows) => rows.clone(),
        Json::Null => Vec::new(),
        row => vec![row.clone()],
    }
}

/// A parent's rows in the order of the walk, each with its place.
fn children(made: &Made, tables: &Tables, parent: usize) -> Vec<Row> {
    let reached = tables.reached(made.relation, parent);
    let mut rows = made.naive.found(tables);
    rows.retain(|row| row.root.is_some_and(|root| reached.contains(&root)));
    if let Some((between, terms)) = &made.through {
        let links = tables.links(made.relation, parent);
        let between = between.found(tables);
        rows.retain_mut(|row| {
            // The first row of the association counts.
            let links = links.iter().filter(|(child, _)| Some(*child) == row.root);
            let rows = links.filter_map(|(_, link)| between.iter().find(|row| row.root == Some(*link)));
            let mut places = rows.map(|row| &row.order[..*terms]);
            let Some(first) = places.next() else { return false };
            let first = places.fold(
                first,
                |first, place| {
                    if compare(&made.order, place, first).is_lt() { place } else { first }
                },
            );
            row.order.splice(0..0, first.iter().cloned());
            true
        });
    }
    rows.sort_by(|one, other| compare(&made.order, &one.order, &other.order));
    rows
}

/// Compares a parent's page with the first of its rows that are left, and goes on to its next one.
fn turn(made: &Made, parent: &mut Parent, page: &Json, all: Vec<Row>, size: usize) -> Result<(), String> {
    stay(&made.order, &mut parent.start, &all);
    let after =
        |row: &&Row| parent.place.as_ref().is_none_or(|(place, _)| compare(&made.order, &row.order, place).is_gt());
    let rest: Vec<&Row> = all.iter().filter(after).collect();
    let page: Page<Json> = serde_json::from_value(page.clone()).map_err(|error| error.to_string())?;
    let expected: Vec<Json> = rest.iter().take(size).map(|row| row.items[0].json()).collect();
    if page.rows != expected || page.next.is_some() != (rest.len() > size) {
        let left: Vec<Json> = rest.iter().map(|row| row.items[0].json()).collect();
        return Err(format!("page {page:?}\nexpected {expected:?}\nof all that are left {left:?}"));
    }
    // A parent whose walk has ended has no cursor, and begins again.
    if parent.ended {
        return Ok(());
    }
    parent.given.extend(rest.iter().take(size).map(|row| (*row).clone()));
    parent.place = page.next.zip(rest.get(size - 1)).map(|(next, last)| (last.order.clone(), next));
    parent.ended = parent.place.is_none();
    let lost = if parent.ended { lost(&made.order, &parent.start, &all, &parent.given) } else { Vec::new() };
    if lost.is_empty() { Ok(()) } else { Err(format!("not given once: {lost:?}")) }
}
