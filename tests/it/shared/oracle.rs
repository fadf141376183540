//! The oracle: for random rows, filters, orders and load trees, a load equals what a naive loader finds.
//!
//! The naive loader goes from row to row in memory and knows no SQL, so it shares no code and no idea with the crate.
//! `PROPTEST_CASES` sets the number of cases, 256 by default.

mod filter;
mod naive;
mod tree;

use proptest::test_runner::{Config, TestCaseError, TestRunner};
use serde_json::Value;
use tokio::runtime::Builder;

use crate::support::blog::{Comment, Post, Profile, User};
use crate::support::{World, blog};

/// All rows of the database.
#[derive(Debug, Clone)]
pub struct Data {
    pub users: Vec<User>,
    pub profiles: Vec<Profile>,
    pub posts: Vec<Post>,
    pub comments: Vec<Comment>,
}

#[test]
fn oracle_a_load_equals_what_a_naive_loader_finds() {
    let runtime = Builder::new_current_thread().enable_all().build().unwrap();
    // Without its foreign keys, so that a comment can name an author who is not there.
    let tables = blog::TABLES.replace("REFERENCES users", "").replace("REFERENCES posts", "");
    let world = runtime.block_on(World::new(&tables));
    let mut runner = TestRunner::new(Config { failure_persistence: None, ..Config::default() });
    let outcome = runner.run(&(tree::data(), tree::tree()), |(data, tree)| {
        let (loaded, expected) = runtime.block_on(async {
            fill(&world, &data).await;
            let query = tree.query();
            let rows = query.all(&world.pool).await.map_err(|error| TestCaseError::fail(format!("{error:?}")))?;
            let counted = query.count(&world.pool).await.unwrap();
            assert_eq!(counted, rows.len() as u64);
            assert_eq!(query.exists(&world.pool).await.unwrap(), counted > 0);
            Ok::<_, TestCaseError>((serde_json::to_value(rows).unwrap(), naive::load(&data, &tree)))
        })?;
        let loaded = tree.normalize(loaded);
        if loaded == expected {
            return Ok(());
        }
        let sql = tree.query().to_sql();
        Err(TestCaseError::fail(format!("\nloaded   {loaded}\nexpected {expected}\n{sql}")))
    });
    if let Err(failure) = outcome {
        panic!("{failure}");
    }
}

/// Replaces all rows, through JSON so that one statement a table does it.
async fn fill(world: &World, data: &Data) {
    let client = world.pool.get().await.unwrap();
    client.batch_execute("TRUNCATE users, profiles, posts, comments").await.unwrap();
    let tables: [(&str, Value); 4] = [
        ("users", serde_json::to_value(&data.users).unwrap()),
        ("profiles", serde_json::to_value(&data.profiles).unwrap()),
        ("posts", serde_json::to_value(&data.posts).unwrap()),
        ("comments", serde_json::to_value(&data.comments).unwrap()),
    ];
    for (table, rows) in tables {
        // Backwards, so that the order of the heap is not that of the keys.
        let rows: Vec<&Value> = rows.as_array().into_iter().flatten().rev().collect();
        let insert =
            format!("INSERT INTO {table} SELECT * FROM json_populate_recordset(NULL::{table}, $1::text::json)");
        client.execute(&insert, &[&serde_json::to_string(&rows).unwrap()]).await.unwrap();
    }
}
