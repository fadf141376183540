//! One case: a data set, and queries against it.

use std::fmt;

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::strategy::Union;
use proptest::test_runner::TestCaseError;
use serde_json::Value;
use tokio::runtime::Builder;
use tokio_postgres::Client;

use super::asked::{Skeleton, Tree};
use super::{compare, fail, naive, property, random};
use crate::support::trace::{Listener, listen};
use crate::support::{World, pool};

/// All rows of a database: its tables, and the rows of each as JSON.
#[derive(Clone)]
pub struct Data(pub Vec<(&'static str, Vec<Value>)>);

impl fmt::Debug for Data {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().filter(|(_, rows)| !rows.is_empty()).try_for_each(|(table, rows)| {
            writeln!(f, "{table}:")?;
            rows.iter().try_for_each(|row| writeln!(f, "  {row}"))
        })
    }
}

/// Runs the property, and panics with its smallest counterexample. Each data set meets one to four queries.
pub fn run(share: u32, tables: &str, data: BoxedStrategy<Data>, skeletons: &'static [Skeleton]) {
    let runtime = Builder::new_current_thread().enable_all().build().unwrap();
    let world = runtime.block_on(world(tables));
    let client = runtime.block_on(world.client());
    let listener = listen();
    let trees = Union::new(skeletons.iter().map(random::tree));
    // The queries come first, and so are the first to shrink.
    property(share, &(vec(trees, 1..=4), data), |(trees, data)| {
        runtime.block_on(async {
            fill(&client, &data).await;
            for tree in &trees {
                one(&world, &client, &listener, tree).await?;
            }
            Ok(())
        })
    });
}

/// A world whose server compiles no expressions: with subqueries in all filters that would be most of what it does.
pub async fn world(tables: &str) -> World {
    let World { mut config, .. } = World::new(tables).await;
    let options = format!("{} -c jit=off", config.get_options().unwrap_or_default());
    config.options(options);
    World { pool: pool(&config, 4), config }
}

/// One query: its rows or its error, what `count` and `exists` say, and the statements that ran.
pub async fn one(world: &World, client: &Client, listener: &Listener, tree: &Tree) -> Result<(), TestCaseError> {
    let query = (tree.skeleton.query)(tree);
    let sql = query.to_sql();
    listener.take();
    let loaded = query.all(&world.pool).await;
    let ran = listener.take();
    let found = naive::load(client, tree).await;
    let result = match &loaded {
        Ok(rows) if found.wrong.is_empty() => compare::rows(tree.skeleton.table.entity, rows, &found.rows),
        Ok(rows) => Err(format!("loaded {rows}\nexpected an error: {:?}", found.wrong)),
        Err(error) => compare::errors(error, &found.wrong),
    };
    let result = result.and_then(|()| compare::statements(&*query, tree, &ran, &found));
    result.map_err(|error| fail(format!("{error}\n{tree:?}\n{}{sql}", query.plan())))?;
    let count = query.count(&world.pool).await.map_err(|error| fail(format!("{error:?}")))?;
    let exists = query.exists(&world.pool).await.map_err(|error| fail(format!("{error:?}")))?;
    if (count, exists) != (found.rows.len() as u64, !found.rows.is_empty()) {
        return Err(fail(format!("{count} rows are counted, and there is one: {exists}\n{tree:?}")));
    }
    Ok(())
}

/// Replaces all rows.
pub async fn fill(client: &Client, data: &Data) {
    let mut script: String = data.0.iter().map(|(table, _)| format!("DELETE FROM {table};")).collect();
    for (table, rows) in data.0.iter().filter(|(_, rows)| !rows.is_empty()) {
        // Backwards, so that the order of the heap is not that of the keys.
        let rows: Vec<&Value> = rows.iter().rev().collect();
        let rows = serde_json::to_string(&rows).unwrap().replace('\'', "''");
        script
            .push_str(&format!("INSERT INTO {table} SELECT * FROM json_populate_recordset(NULL::{table}, '{rows}');"));
    }
    client.batch_execute(&script).await.unwrap();
}
