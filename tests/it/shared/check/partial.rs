//! Partial indexes, and the conditions of relations that they follow from.

use relata::prelude::*;

use super::mended;

#[derive(Entity, Debug, Clone)]
#[entity(table = "users")]
#[has_many(posts: Vec<Post>, by = user_id, only = (Kind = "it's", rank = -1, deleted_at = None, open = true, hidden = false))]
struct User {
    #[key]
    id: i32,
}

#[derive(Entity, Debug, Clone)]
#[entity(table = "posts")]
#[allow(non_snake_case)]
struct Post {
    #[key]
    id: i32,
    user_id: i32,
    Kind: String,
    rank: i16,
    deleted_at: Option<i64>,
    open: bool,
    hidden: bool,
}

/// Whether an index of these rows counts, and whether the planner uses it.
async fn index(rows: &str, counts: bool, serves: bool) {
    let script = format!(
        "CREATE TABLE users (id int PRIMARY KEY);
        CREATE TABLE posts (id int PRIMARY KEY, user_id int NOT NULL, \"Kind\" varchar(9) NOT NULL, rank int2 NOT NULL,
            deleted_at int8, open bool NOT NULL, hidden bool NOT NULL);
        CREATE INDEX few ON posts (user_id) WHERE {rows};"
    );
    let world = crate::support::World::new(&script).await;
    let client = world.client().await;
    let says = "SELECT pg_get_expr(indpred, indrelid) FROM pg_index WHERE indexrelid = 'few'::regclass";
    let says: String = client.query_one(says, &[]).await.unwrap().get(0);
    let expected = format!(
        "warning: User.posts: no index of table `posts` begins with `user_id`, by which it is searched; index `few` does, \
         and is known to have the rows of {says} only\n    CREATE INDEX ON \"posts\" (\"user_id\");"
    );
    let expected: &[&str] = if counts { &[] } else { &[&expected] };
    mended::<User>(&script, expected).await;
    // The planner's opinion of the load's own statement, whatever its parameters.
    let load = User::query().with(User.posts).to_sql();
    let statement = load.iter().last().unwrap().text();
    world.execute("DROP INDEX IF EXISTS posts_user_id_idx").await;
    let alone = "SET plan_cache_mode = force_generic_plan; SET enable_seqscan = off; SET enable_bitmapscan = off";
    client.batch_execute(&format!("{alone}; PREPARE load AS {statement}")).await.unwrap();
    let lines = client.query("EXPLAIN EXECUTE load ('{1}')", &[]).await.unwrap();
    let plan = lines.iter().map(|line| line.get::<_, &str>(0)).collect::<Vec<_>>().join("\n");
    assert_eq!(plan.contains("using few on posts"), serves, "{rows}: {plan}");
}

#[tokio::test]
async fn a_partial_index_counts_if_the_relation_has_its_condition() {
    for rows in [
        "deleted_at IS NULL",
        "open",
        "open = true",
        "NOT hidden",
        "hidden = false",
        "\"Kind\" = 'it''s'",
        "rank = -1",
        "rank IS NOT NULL",
        "user_id IS NOT NULL",
        "deleted_at IS NULL AND open AND rank = -1 AND NOT hidden",
    ] {
        index(rows, true, true).await;
    }
}

#[tokio::test]
async fn any_other_partial_index_does_not_count() {
    for rows in [
        "deleted_at IS NOT NULL",
        "NOT open",
        "open IS TRUE",
        "hidden IS NOT TRUE",
        "hidden",
        "\"Kind\" = 'its'",
        "rank = 1",
        "rank = -10",
        "user_id = 1",
        "id IS NOT NULL",
        "user_id IS NULL",
        "deleted_at IS NULL AND id > 0",
        "lower(\"Kind\") = 'it''s'",
        "id BETWEEN 1 AND 2",
        "\"Kind\" = '\"open\"'",
        "(open AND NOT hidden) IS FALSE",
        "NOT (open AND NOT hidden)",
    ] {
        index(rows, false, false).await;
    }
}

#[tokio::test]
async fn a_predicate_that_is_not_understood_does_not_count_and_is_told() {
    for rows in ["open OR id = 1", "rank < 0", "\"Kind\" IN ('it''s', 'its')"] {
        index(rows, false, true).await;
    }
}
