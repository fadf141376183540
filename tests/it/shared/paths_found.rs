//! Queries across paths whose rows could be wrong without an error, each beside SQL written by hand.

mod each;
mod groups;
mod locks;
mod many;
mod model;
mod outer;
mod sets;
mod sources;
mod texts;
mod twice;
mod windows;

use deadpool_postgres::Pool;

/// The ids that the SQL gives.
async fn ids(db: &Pool, sql: &str) -> Vec<i32> {
    let rows = db.get().await.unwrap().query(sql, &[]).await.unwrap_or_else(|error| panic!("{error:?}\n{sql}"));
    rows.iter().map(|row| row.get(0)).collect()
}

/// Asserts that a query for entities gives those whose ids the SQL gives, in this order, and that the other verbs agree.
macro_rules! same_ids {
    ($db:expr, $query:expr, $sql:expr) => {{
        let (db, query) = ($db, $query);
        let expected = crate::shared::paths_found::ids(db, $sql).await;
        let told = query.to_sql();
        let rows = query.all(db).await.unwrap_or_else(|error| panic!("{error:?}\n{told}"));
        let given: Vec<i32> = rows.iter().map(|row| row.id).collect();
        assert_eq!(given, expected, "{told}");
        assert_eq!(query.count(db).await.unwrap(), expected.len() as u64, "the count of {told}");
        assert_eq!(query.exists(db).await.unwrap(), !expected.is_empty(), "whether there is a row of {told}");
        assert_eq!(query.first(db).await.unwrap().map(|row| row.id), expected.first().copied(), "the first of {told}");
        rows
    }};
}

use same_ids;
