//! The oracle of selections: filters across relations, aggregates, rows that are multiplied, groups, set operations,
//! queries within queries, windows, views and loads, and rows of the program's own SQL.
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
pub mod source;
pub mod within;
pub mod windows;
mod pane;
pub mod shapes;
pub mod combined;
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
use relata::sql::Statements;
use serde_json::Value as Json;
use tokio::runtime::Builder;

use self::ask::{Ask, ask};
use self::naive::check;
use self::query::Made;
use self::run::Asks;
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

use self::combined::{More, Start, more, start};

/// The first two of selections that are combined, and the others.
pub const SCHOOL_SEVERAL: (&[Start], &[More]) = {
    use super::school::model::{Course, Lecturer, Student, Visit};
    (
        &[
            start::<Student, Student>(),
            start::<Student, Course>(),
            start::<Course, Lecturer>(),
            start::<Visit, Visit>(),
        ],
        &[more::<Student>(), more::<Course>(), more::<Lecturer>()],
    )
};

pub const STAFF_SEVERAL: (&[Start], &[More]) = {
    use super::staff::model::{Employee, Follow, Room};
    (&[start::<Employee, Employee>(), start::<Employee, Room>(), start::<Follow, Employee>()], &[more::<Employee>()])
};

pub const GOODS_SEVERAL: (&[Start], &[More]) = {
    use super::goods::model::{Branch, Item, Stock};
    (
        &[start::<Branch, Item>(), start::<Item, Item>(), start::<Branch, Branch>(), start::<Stock, Item>()],
        &[more::<Item>(), more::<Branch>()],
    )
};

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

/// One query beside what it means.
async fn one(world: &World, tables: &Tables, ask: &Ask, make: Make) -> Result<(), TestCaseError> {
    let Made { query, naive } = make(ask, false);
    let expected = naive.rows(tables);
    if naive.breaks_a_promise(&expected) {
        // Of an entity there is no row, and of a column no value.
        let error = query.all(&world.pool).await.err().map(|error| error.kind());
        if matches!(error, Some(ErrorKind::MissingTarget | ErrorKind::UnexpectedNull)) {
            return Ok(());
        }
    }
    verify(world, &*query, &expected, naive.total, &naive.told(), &make(ask, true).query.to_sql()).await
}

/// One query: its rows, its first row, what `count` and `exists` say, and its text, which is that of a query with other
/// values.
async fn verify(
    world: &World,
    query: &dyn Asks,
    expected: &[Json],
    total: bool,
    told: &str,
    other: &Statements,
) -> Result<(), TestCaseError> {
    let sql = query.to_sql();
    let failed = |error: String| fail(format!("{error}\n{told}\n{sql}"));
    let rows = query.all(&world.pool).await.map_err(|error| failed(format!("{error:?}")))?.map_err(failed)?;
    check(total, &rows, expected).map_err(failed)?;
    let first = query.first(&world.pool).await.map_err(|error| failed(format!("first: {error:?}")))?.map_err(failed)?;
    let right = match (&first, expected.first()) {
        (None, None) => true,
        (Some(first), Some(expected)) if total => same(first, expected),
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
    if other.text() != sql.text() {
        return Err(failed(format!("with other values the text is another: {other}")));
    }
    Ok(())
}
