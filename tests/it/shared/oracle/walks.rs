//! The oracle of pages: a walk over all pages of an order is the whole, whatever the order and whoever changes other rows
//! meanwhile.
//!
//! Before each page rows come and go. The naive evaluator then knows all rows, and gives those that come after the place
//! where the page before ended: by the values that its last row had, which may be gone itself.

mod changes;
pub mod pages;
mod roots;
mod parents;
mod children;
mod forged;

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::test_runner::TestCaseError;
use relata::Cursor;
use serde_json::Value as Json;
use tokio::runtime::Builder;
use tokio_postgres::Client;

use self::changes::{Change, change, make};
use super::case::{Data, fill, world};
use super::selections::ask::{self, Cond, Expr, Sort};
use super::selections::naive::{Row, Sorted, compare};

use super::selections::tables::Tables;
use super::selections::values::{Pick, Val, pick};
use super::{fail, property};
use crate::support::World;

pub use children::{GOODS as GOODS_CHILDREN, SCHOOL as SCHOOL_CHILDREN, STAFF as STAFF_CHILDREN};
pub use forged::run as run_forged;
pub use parents::run as run_parents;
pub use roots::{GOODS, GOODS_SHAPES, SCHOOL, SCHOOL_SHAPES, STAFF, STAFF_SHAPES};

/// A walk over the pages of a query.
#[derive(Debug, Clone)]
pub struct Walk {
    pub root: Pick,
    pub filters: Vec<Cond>,
    pub order: Vec<Sort<Expr>>,
    pub size: Pick,
    /// What is loaded with the rows.
    pub loads: Pick,
    /// What happens before the second page, the third and so on.
    pub changes: Vec<Vec<Change>>,
}

fn walk() -> impl Strategy<Value = Walk> {
    let changes = vec(vec(change(), 0..3), 0..4);
    let filters = prop_oneof![3 => vec(ask::condition(1), 0..1), 1 => vec(ask::condition(2), 1..2)];
    let order = ask::order();
    (pick(), filters, order, pick(), pick(), changes).prop_map(|(root, filters, order, size, loads, changes)| Walk {
        root,
        filters,
        order,
        size,
        loads,
        changes,
    })
}

/// Runs the property, and panics with its smallest counterexample. Each data set meets one or two walks.
pub fn run(share: u32, tables: &str, data: BoxedStrategy<Data>, roots: &'static [roots::Make]) {
    let runtime = Builder::new_current_thread().enable_all().build().unwrap();
    let world = runtime.block_on(world(tables));
    let client = runtime.block_on(world.client());
    property(share, &(vec(walk(), 1..=2), data), |(walks, data)| {
        runtime.block_on(async {
            for walk in &walks {
                fill(&client, &data).await;
                one(&world, &client, &data, walk, walk.root.from(roots)(walk)).await?;
            }
            Ok(())
        })
    });
}

async fn one(world: &World, client: &Client, data: &Data, walk: &Walk, made: roots::Made) -> Result<(), TestCaseError> {
    let roots::Made { query, naive, table } = made;
    let size = *walk.size.from(&[1, 2, 1, 3, 1, 2, 5, 40]);
    let failed =
        |error: String| fail(format!("{error}\npages of {size}: {}\n{}", naive.told(), query.text(size, None)));
    let mut start = naive.found(&Tables::fetch(client, data).await);
    let (mut given, mut texts): (Vec<Row>, Vec<String>) = (Vec::new(), Vec::new());
    let (mut last, mut cursor): (Option<Vec<Val>>, Option<Cursor>) = (None, None);
    let mut changes = walk.changes.iter();
    let mut number = 0;
    let mut all = query.all(&world.pool).await.map_err(|error| failed(format!("all: {error:?}")))?;
    let mut found = start.clone();
    loop {
        let (rows, next) =
            query.page(&world.pool, size, cursor.as_ref()).await.map_err(|error| failed(format!("{error:?}")))?;
        let rest: Vec<&Row> = found
            .iter()
            .filter(|row| last.as_ref().is_none_or(|last| compare(&naive.order, &row.order, last).is_gt()))
            .collect();
        page(&rows, next.is_some(), &rest, size as usize, &all).map_err(failed)?;
        let Some(row) = rest.get(rows.len().wrapping_sub(1)) else { break };
        given.extend(rest[..rows.len()].iter().map(|row| (*row).clone()));
        last = Some(row.order.clone());
        let Some(next) = next else { break };
        // Over the wire and back.
        let text = next.to_string();
        if !text.chars().all(|letter| letter.is_ascii_alphanumeric() || letter == '-' || letter == '_') {
            return Err(failed(format!("{text} is no text for an address")));
        }
        let next: Cursor = text.parse().map_err(|error| failed(format!("{error:?}")))?;
        texts.push(query.text(size, Some(&next)));
        cursor = Some(next);
        let now = changes.next().map_or(&[][..], Vec::as_slice);
        for change in now {
            number += 1;
            make(client, table, change, number).await;
        }
        if !now.is_empty() {
            found = naive.found(&Tables::fetch(client, data).await);
            stay(&naive.order, &mut start, &found);
            all = query.all(&world.pool).await.map_err(|error| failed(format!("all: {error:?}")))?;
        }
    }
    texts.dedup();
    if texts.len() > 1 {
        return Err(failed(format!("pages have several texts: {texts:?}")));
    }
    let missed = lost(&naive.order, &start, &found, &given);
    if missed.is_empty() { Ok(()) } else { Err(failed(format!("not given once: {missed:?}"))) }
}

/// Whether a page is the first rows of those that are left, with what is loaded with them.
fn page(rows: &[Json], more: bool, rest: &[&Row], size: usize, all: &[Json]) -> Result<(), String> {
    let expected: Vec<Json> = rest.iter().take(size).map(|row| pages::json(&row.items[0].json())).collect();
    let own = |row: &Json, expected: &Json| {
        expected.as_object().is_some_and(|expected| expected.iter().all(|(column, value)| row[column] == *value))
    };
    let alike = rows.len() == expected.len() && rows.iter().zip(&expected).all(|(row, expected)| own(row, expected));
    if !alike || more != (rest.len() > size) {
        let left: Vec<Json> = rest.iter().map(|row| row.items[0].json()).collect();
        return Err(format!("page {rows:?}, and more: {more}\nexpected {expected:?}\nof all that are left {left:?}"));
    }
    match rows.iter().find(|row| !all.contains(row)) {
        None => Ok(()),
        Some(row) => Err(format!("{row} is loaded otherwise than among {all:?}")),
    }
}

/// Leaves out the rows that are not at their place any more: a row that moves and comes back may be given or not.
fn stay(order: &[Sorted], rows: &mut Vec<Row>, now: &[Row]) {
    rows.retain(|row| now.iter().filter(|known| compare(order, &known.order, &row.order).is_eq()).count() == 1);
}

/// The rows that were there all the time, at one place in the order, and were not given exactly once.
fn lost(order: &[Sorted], start: &[Row], end: &[Row], given: &[Row]) -> Vec<Json> {
    let at =
        |rows: &[Row], row: &Row| rows.iter().filter(|known| compare(order, &known.order, &row.order).is_eq()).count();
    let stayed = start.iter().filter(|row| at(end, row) == 1);
    stayed.filter(|row| at(given, row) != 1).map(|row| row.items[0].json()).collect()
}
