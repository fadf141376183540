//! The oracle of selections: filters across relations, aggregates, rows that are multiplied, and groups.
//!
//! All rows of all tables are fetched once for a data set, and what a query means is worked out on them in memory, with
//! SQL's three-valued logic. What the crate can say of an entity is written down once, each column, expression and path
//! beside what it means; queries are drawn among it.

pub mod values;
pub mod tables;
pub mod meaning;
mod by;
mod held;
pub mod catalog;
pub mod term;
pub mod ask;
mod tuple;
mod run;
pub mod sight;
pub mod across;
pub mod naive;
mod grouped;
pub mod query;
mod school;
mod staff;
mod goods;

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::test_runner::TestCaseError;
use relata::ErrorKind;
use tokio::runtime::Builder;

use self::ask::{Ask, ask};
use self::query::Made;
use self::tables::Tables;
use self::values::same;
use super::case::{Data, fill, world};
use super::{fail, property};
use crate::support::World;

/// Makes a query, with the values that were drawn or with others.
type Make = fn(&Ask, bool) -> Made;

/// The roots of the school.
pub const SCHOOL: &[Make] = &[
    query::make::<super::school::model::Student>,
    query::make::<super::school::model::Course>,
    query::make::<super::school::model::Lecturer>,
    query::make::<super::school::model::Visit>,
];

/// The roots of the staff.
pub const STAFF: &[Make] = &[
    query::make::<super::staff::model::Employee>,
    query::make::<super::staff::model::Room>,
    query::make::<super::staff::model::Follow>,
];

/// The roots of the goods.
pub const GOODS: &[Make] = &[
    query::make::<super::goods::model::Branch>,
    query::make::<super::goods::model::Item>,
    query::make::<super::goods::model::Stock>,
];

/// Runs the property, and panics with its smallest counterexample. Each data set meets one to four queries.
pub fn run(share: u32, tables: &str, data: BoxedStrategy<Data>, roots: &'static [Make]) {
    let runtime = Builder::new_current_thread().enable_all().build().unwrap();
    let world = runtime.block_on(world(tables));
    let client = runtime.block_on(world.client());
    property(share, &(vec(ask(), 1..=4), data), |(asks, data)| {
        runtime.block_on(async {
            fill(&client, &data).await;
            let tables = Tables::fetch(&client, &data).await;
            for ask in &asks {
                one(&world, &tables, ask, *ask.root.from(roots)).await?;
            }
            Ok(())
        })
    });
}

/// One query: its rows, its first row, what `count` and `exists` say, and its text.
async fn one(world: &World, tables: &Tables, ask: &Ask, make: Make) -> Result<(), TestCaseError> {
    let Made { query, naive } = make(ask, false);
    let sql = query.to_sql();
    let failed = |error: String| fail(format!("{error}\n{}\n{sql}", naive.told()));
    let expected = naive.rows(tables);
    let rows = match query.all(&world.pool).await {
        Err(error) if error.kind() == ErrorKind::UnexpectedNull && naive.breaks_a_promise(&expected) => return Ok(()),
        rows => rows.map_err(|error| failed(format!("{error:?}")))?.map_err(failed)?,
    };
    naive.check(&rows, &expected).map_err(failed)?;
    let first = query.first(&world.pool).await.map_err(|error| failed(format!("first: {error:?}")))?.map_err(failed)?;
    let right = match (&first, expected.first()) {
        (None, None) => true,
        (Some(first), Some(expected)) if naive.total => same(first, expected),
        (Some(first), Some(_)) => expected.iter().any(|expected| same(first, expected)),
        _ => false,
    };
    if !right {
        return Err(failed(format!("{first:?} is the first of {expected:?}")));
    }
    let count = query.count(&world.pool).await.map_err(|error| failed(format!("count: {error:?}")))?;
    let exists = query.exists(&world.pool).await.map_err(|error| failed(format!("exists: {error:?}")))?;
    if (count, exists) != (rows.len() as u64, !rows.is_empty()) {
        return Err(failed(format!("{} rows, {count} are counted, and there is one: {exists}", rows.len())));
    }
    let other = make(ask, true).query.to_sql();
    if other.text() != sql.text() {
        return Err(failed(format!("with other values the text is another: {other}")));
    }
    Ok(())
}
