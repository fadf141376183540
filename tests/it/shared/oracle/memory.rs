//! The naive loader that goes over rows in memory: a loop a relation, and three-valued logic of its own.

mod filter;
mod naive;
mod tree;

use proptest::test_runner::TestCaseError;
use serde_json::Value;
use tokio::runtime::Builder;

use super::{case, fail, property};
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

pub fn run(share: u32) {
    let runtime = Builder::new_current_thread().enable_all().build().unwrap();
    // Without its foreign keys, so that a comment can name an author who is not there.
    let tables = blog::TABLES.replace("REFERENCES users", "").replace("REFERENCES posts", "");
    let world = runtime.block_on(case::world(&tables));
    property(share, &(tree::data(), tree::tree()), |(data, tree)| {
        let query = tree.query();
        let loaded = runtime.block_on(async {
            fill(&world, &data).await;
            let rows = query.all(&world.pool).await.map_err(|error| fail(format!("{error:?}")))?;
            let counted = query.count(&world.pool).await.unwrap();
            assert_eq!(counted, rows.len() as u64);
            assert_eq!(query.exists(&world.pool).await.unwrap(), counted > 0);
            Ok::<_, TestCaseError>(serde_json::to_value(rows).unwrap())
        })?;
        let (loaded, expected) = (tree.normalize(loaded), naive::load(&data, &tree));
        if loaded == expected {
            return Ok(());
        }
        Err(fail(format!("loaded   {loaded}\nexpected {expected}\n{}{}", query.plan(), query.to_sql())))
    });
}

/// Replaces all rows, through JSON so that one statement a table does it.
async fn fill(world: &World, data: &Data) {
    let client = world.pool.get().await.unwrap();
    client
        .batch_execute("DELETE FROM users; DELETE FROM profiles; DELETE FROM posts; DELETE FROM comments")
        .await
        .unwrap();
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
