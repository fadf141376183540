//! How a check runs: its statements, its executors, and what keeps it from a report.

use std::time::Duration;

use relata::prelude::*;
use relata::{Connection, ErrorKind};

use super::{report, texts};
use crate::support::blog::User;
use crate::support::trace::listen;
use crate::support::{World, blog, pool};

#[derive(Entity, Debug, Clone)]
#[entity(table = "papers")]
struct Paper {
    #[key]
    id: i32,
    mood: Mood,
    size: i32,
}

/// Reads any enum.
#[derive(Debug, Clone)]
struct Mood;

impl<'a> tokio_postgres::types::FromSql<'a> for Mood {
    fn from_sql(
        _: &tokio_postgres::types::Type,
        _: &'a [u8],
    ) -> Result<Self, Box<dyn std::error::Error + Sync + Send>> {
        Ok(Mood)
    }

    fn accepts(ty: &tokio_postgres::types::Type) -> bool {
        matches!(ty.kind(), tokio_postgres::types::Kind::Enum(_))
    }
}

#[tokio::test]
async fn the_number_of_statements_does_not_depend_on_the_number_of_entities() {
    let world = blog::world().await;
    let listener = listen();
    assert!(report::<User>(&world).await.is_empty());
    let ran = listener.take();
    assert_eq!(ran.len(), 5);
    assert!(ran.iter().all(|ran| ran.path == "check" && ran.error.is_none()));
    assert_eq!(listener.spans(), ["check"]);
    assert_eq!(report::<Paper>(&world).await.errors().count(), 1);
    assert_eq!(listener.take().len(), 5);
}

#[tokio::test]
async fn types_that_are_not_built_in_are_asked_for_and_leave_nothing_prepared() {
    let script = "CREATE TYPE \"Mo.od\" AS ENUM ('glad'); CREATE DOMAIN size AS int;
        CREATE TABLE papers (id int PRIMARY KEY, mood \"Mo.od\" NOT NULL, size size NOT NULL)";
    let world = World::new(script).await;
    let one = pool(&world.config, 1);
    assert!(relata::check::<Paper>(&one).await.unwrap().is_empty());
    let client = one.get().await.unwrap();
    let prepared = "SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE 'SELECT NULL%'";
    assert_eq!(client.query_one(prepared, &[]).await.unwrap().get::<_, i64>(0), 0);
    assert_eq!(client.statement_cache.size(), 0);
    drop(client);
    world.execute("ALTER TABLE papers ALTER mood TYPE text").await;
    let expected =
        ["error: field `Paper.mood`: column `mood` of table `papers` is `text`, which cannot be read as `Mood`"];
    assert_eq!(texts(&relata::check::<Paper>(&one).await.unwrap()), expected);
}

#[tokio::test]
async fn every_executor_can_be_checked() {
    let world = blog::world().await;
    assert!(relata::check::<User>(&world.pool).await.unwrap().is_empty());
    let mut pooled = world.pool.get().await.unwrap();
    assert!(relata::check::<User>(&pooled).await.unwrap().is_empty());
    assert!(relata::check::<User>(&pooled.transaction().await.unwrap()).await.unwrap().is_empty());
    let mut client = world.client().await;
    assert!(relata::check::<User>(&client).await.unwrap().is_empty());
    let connection = Connection::new(world.client().await);
    assert!(relata::check::<User>(&connection).await.unwrap().is_empty());
    // What a transaction has changed is what it finds, and a check with findings does not end it.
    let transaction = client.transaction().await.unwrap();
    transaction.batch_execute("ALTER TABLE users DROP name; DROP TABLE profiles").await.unwrap();
    assert_eq!(relata::check::<User>(&transaction).await.unwrap().errors().count(), 2);
    transaction.batch_execute("SELECT 1").await.unwrap();
    transaction.rollback().await.unwrap();
    assert!(relata::check::<User>(&client).await.unwrap().is_empty());
}

#[tokio::test]
async fn a_check_can_be_spawned() {
    let world = blog::world().await;
    let pool = world.pool.clone();
    let report = tokio::spawn(async move { relata::check::<User>(&pool).await }).await.unwrap().unwrap();
    assert!(report.is_empty());
}

#[tokio::test]
async fn a_failure_of_the_server_is_an_error_of_its_kind() {
    let world = blog::world().await;
    let mut client = world.client().await;
    let transaction = client.transaction().await.unwrap();
    transaction.batch_execute("SELECT 1 / 0").await.unwrap_err();
    let error = relata::check::<User>(&transaction).await.unwrap_err();
    assert_eq!((error.kind(), error.path()), (ErrorKind::Database, Some("check")));
    assert!(relata::check::<User>(&transaction).await.unwrap_err().sql().is_some_and(|sql| sql.contains("pg_class")));
    transaction.rollback().await.unwrap();

    client.batch_execute("SET statement_timeout = 200").await.unwrap();
    let other = world.client().await;
    other.batch_execute("BEGIN; LOCK TABLE pg_partitioned_table IN ACCESS EXCLUSIVE MODE").await.unwrap();
    let error =
        tokio::time::timeout(Duration::from_secs(10), relata::check::<User>(&client)).await.unwrap().unwrap_err();
    other.batch_execute("ROLLBACK").await.unwrap();
    assert_eq!((error.kind(), error.path()), (ErrorKind::Cancelled, Some("check")));
    client.batch_execute("RESET statement_timeout").await.unwrap();
    assert!(relata::check::<User>(&client).await.unwrap().is_empty(), "the connection is idle again");

    let pid: i32 = client.query_one("SELECT pg_backend_pid()", &[]).await.unwrap().get(0);
    world.execute(&format!("SELECT pg_terminate_backend({pid})")).await;
    let mut kind = None;
    for _ in 0..100 {
        match relata::check::<User>(&client).await {
            Ok(_) => tokio::time::sleep(Duration::from_millis(10)).await,
            Err(error) => {
                kind = Some(error.kind());
                break;
            }
        }
    }
    assert_eq!(kind, Some(ErrorKind::Closed));
}
