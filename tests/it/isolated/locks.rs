//! Statements that the server ends: over a limit of time, in a deadlock, by request.

use relata::ErrorKind;
use relata::prelude::*;

use super::probe::{refused, until_blocked, usable};
use crate::contract::c01_blog::{Post, User};
use crate::support::{World, blog, connect, pool};

#[tokio::test]
async fn a_statement_over_its_limit_of_time_is_cancelled() {
    let world = blog::world().await;
    let one = pool(&world.config, 1);
    let blocker = world.client().await;
    blocker.batch_execute("BEGIN; LOCK TABLE posts").await.unwrap();
    let set = |setting: &'static str| async { one.get().await.unwrap().batch_execute(setting).await.unwrap() };

    set("SET statement_timeout = 30").await;
    let says = "User.posts: the server ended the statement: canceling statement due to statement timeout";
    refused(User::query().with(User.posts).all(&one).await, ErrorKind::Cancelled, says);
    let found = User::query().filter(User.posts.any(relata::Predicate::always())).count(&one).await;
    let says = "User: the server ended the statement: canceling statement due to statement timeout";
    refused(found, ErrorKind::Cancelled, says);
    set("SET statement_timeout = 0; SET lock_timeout = 30").await;
    let says = "User.posts: the server refused the statement: canceling statement due to lock timeout";
    let error = refused(User::query().with(User.posts).all(&one).await, ErrorKind::Database, says);
    assert_eq!(error.sqlstate().map(|state| state.code()), Some("55P03"));

    // Of siblings, the one that failed; the other was awaited, so that nothing is left under way.
    let both = User::query().with(User.posts).with(User.profile.select_in()).all(&one).await;
    refused(both, ErrorKind::Database, says);
    assert_eq!(User::query().with(User.profile.select_in()).all(&one).await.unwrap().len(), 4);
    set("RESET lock_timeout").await;
    blocker.batch_execute("COMMIT").await.unwrap();
    usable(&one).await;
}

/// In a transaction the first failure aborts what follows; the first is what is told.
#[tokio::test]
async fn a_failed_sibling_in_a_transaction_is_the_one_that_is_told() {
    let world = blog::world().await;
    let mut client = world.pool.get().await.unwrap();
    User::query().with(User.posts).with(User.profile.select_in()).all(&client).await.unwrap();
    let blocker = world.client().await;
    blocker.batch_execute("BEGIN; LOCK TABLE posts").await.unwrap();
    let transaction = client.transaction().await.unwrap();
    transaction.batch_execute("SET LOCAL statement_timeout = 30").await.unwrap();
    let says = "User.posts: the server ended the statement: canceling statement due to statement timeout";
    let load = User::query().with(User.posts).with(User.profile.select_in()).all(&transaction).await;
    refused(load, ErrorKind::Cancelled, says);
    let says = "User: the server refused the statement: current transaction is aborted, commands ignored until end of \
                transaction block";
    let error = refused(User::query().all(&transaction).await, ErrorKind::Database, says);
    assert_eq!(error.sqlstate().map(|state| state.code()), Some("25P02"));
    transaction.rollback().await.unwrap();
    blocker.batch_execute("COMMIT").await.unwrap();
    assert_eq!(User::query().with(User.posts).all(&client).await.unwrap().len(), 4);
}

/// The failure of a later sibling aborts the level below an earlier one, whose error is only its echo.
#[tokio::test]
async fn an_echo_of_a_failure_is_not_told_in_its_place() {
    let world = blog::world().await;
    let mut client = world.pool.get().await.unwrap();
    let query = User::query().with(User.posts.with(Post.comments)).with(User.profile.select_in());
    query.all(&client).await.unwrap();
    let blocker = world.client().await;
    blocker.batch_execute("BEGIN; LOCK TABLE profiles").await.unwrap();
    let transaction = client.transaction().await.unwrap();
    transaction.batch_execute("SET LOCAL statement_timeout = 30").await.unwrap();
    let says = "User.profile: the server ended the statement: canceling statement due to statement timeout";
    refused(query.all(&transaction).await, ErrorKind::Cancelled, says);
    transaction.rollback().await.unwrap();
    blocker.batch_execute("COMMIT").await.unwrap();
    assert_eq!(query.all(&client).await.unwrap().len(), 4);
}

#[tokio::test]
async fn a_statement_that_somebody_cancels_is_cancelled() {
    let world = blog::world().await;
    let mut config = world.config.clone();
    config.application_name("somebody");
    let (one, watcher, blocker) = (pool(&config, 1), world.client().await, world.client().await);
    usable(&one).await;
    blocker.batch_execute("BEGIN; LOCK TABLE posts").await.unwrap();
    let query = User::query().with(User.posts);
    let (rows, ()) = tokio::join!(query.all(&one), async {
        until_blocked(&watcher, "somebody", 1).await;
        let cancel = "SELECT pg_cancel_backend(pid) FROM pg_stat_activity WHERE application_name = 'somebody'";
        watcher.query(cancel, &[]).await.unwrap();
    });
    let says = "User.posts: the server ended the statement: canceling statement due to user request";
    refused(rows, ErrorKind::Cancelled, says);
    blocker.batch_execute("COMMIT").await.unwrap();
    usable(&one).await;
}

#[tokio::test]
async fn a_deadlock_is_the_databases_error() {
    let world = World::new(&format!("{}{}", blog::TABLES, blog::ROWS)).await;
    let mut config = world.config.clone();
    config.application_name("other_side");
    let (mut client, other, watcher) = (world.client().await, connect(&config).await, world.client().await);
    let transaction = client.transaction().await.unwrap();
    // The side that looks first is the one that is ended.
    transaction.batch_execute("SET LOCAL deadlock_timeout = '20ms'; LOCK TABLE profiles").await.unwrap();
    other.batch_execute("SET deadlock_timeout = '60s'; BEGIN; LOCK TABLE posts").await.unwrap();
    let query = User::query().with(User.posts);
    let (locked, rows) = tokio::join!(other.batch_execute("LOCK TABLE profiles"), async {
        until_blocked(&watcher, "other_side", 1).await;
        let rows = query.all(&transaction).await;
        transaction.rollback().await.unwrap();
        rows
    });
    locked.unwrap();
    let error = refused(rows, ErrorKind::Database, "User.posts: the server refused the statement: deadlock detected");
    assert_eq!(error.sqlstate().map(|state| state.code()), Some("40P01"));
    other.batch_execute("ROLLBACK").await.unwrap();
    assert_eq!(User::query().with(User.posts).all(&client).await.unwrap().len(), 4);
}
