//! Loads that are dropped on a connection of the caller's: it stays his, and their statement ends by itself.

use std::time::{Duration, Instant};

use relata::Connection;
use relata::prelude::*;
use tokio::time::timeout;

use super::{Reader, Slow, slow_world};
use crate::contract::c01_blog::User;
use crate::support::connect;

#[tokio::test]
async fn a_transaction_can_be_ended_after_the_dropped_statement() {
    let (world, _) = slow_world(0.3, "").await;
    let mut pooled = world.pool.get().await.unwrap();
    let start = Instant::now();
    let transaction = pooled.transaction().await.unwrap();
    transaction.batch_execute("INSERT INTO users VALUES (9, 'Eve')").await.unwrap();
    let load = Reader::query().with(Reader.posts).with(Reader.notes);
    assert!(timeout(Duration::from_millis(50), load.all(&transaction)).await.is_err());
    assert_eq!(User::query().count(&transaction).await.unwrap(), 5, "it is still open, and sees its own rows");
    assert!(start.elapsed() >= Duration::from_millis(300), "behind the statement that nobody waits for");
    transaction.rollback().await.unwrap();
    assert_eq!(User::query().count(&pooled).await.unwrap(), 4);

    let transaction = pooled.transaction().await.unwrap();
    assert!(timeout(Duration::from_millis(50), Slow::query().all(&transaction)).await.is_err());
    transaction.rollback().await.unwrap();
    assert_eq!(User::query().with(User.posts).all(&pooled).await.unwrap().len(), 4);
}

#[tokio::test]
async fn clients_of_the_callers_stay_usable() {
    let (world, _) = slow_world(0.2, "").await;
    let pooled = world.pool.get().await.unwrap();
    let client = connect(&world.config).await;
    let connection = Connection::new(connect(&world.config).await);
    let short = Duration::from_millis(50);
    for _ in 0..3 {
        let query = Reader::query().with(Reader.posts).with(Reader.notes);
        assert!(timeout(short, query.all(&pooled)).await.is_err());
        assert!(timeout(short, query.all(&client)).await.is_err());
        assert!(timeout(short, query.all(&connection)).await.is_err());
        assert_eq!(User::query().with(User.posts).all(&pooled).await.unwrap().len(), 4);
        assert_eq!(User::query().with(User.posts).all(&client).await.unwrap().len(), 4);
        assert_eq!(User::query().with(User.posts).all(&connection).await.unwrap().len(), 4);
    }
}
