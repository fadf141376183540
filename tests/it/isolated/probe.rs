//! What these tests ask of every failure: its kind, its words, and that the connection is none the worse for it.

use std::fmt::Debug;
use std::time::Duration;

use deadpool_postgres::Pool;
use relata::prelude::*;
use relata::{Error, ErrorKind};
use tokio_postgres::Client;

use crate::support::blog::User;

/// The error that it is, with its kind and its whole message.
#[track_caller]
pub(super) fn refused<T: Debug>(result: Result<T, Error>, kind: ErrorKind, says: &str) -> Error {
    let error = result.unwrap_err();
    assert_eq!((error.kind(), error.to_string().as_str()), (kind, says), "{error:?}");
    error
}

/// One connection of the pool answers, and loads the blog of `support::blog`.
pub(super) async fn usable(pool: &Pool) {
    answers(pool).await;
    let users = User::query().with(User.posts).all(pool).await.unwrap();
    assert_eq!((users.len(), users[0].posts().len()), (4, 2));
}

/// One connection of the pool answers.
pub(super) async fn answers(pool: &Pool) {
    let row = pool.get().await.unwrap().query_one("SELECT 1", &[]).await.unwrap();
    assert_eq!(row.get::<_, i32>(0), 1);
}

/// Asks until the first column of the first row is what is waited for.
pub(super) async fn until(client: &Client, question: &str, wanted: i64) {
    let mut found = 0;
    for _ in 0..2000 {
        found = client.query_one(question, &[]).await.unwrap().get(0);
        if found == wanted {
            return;
        }
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    panic!("waited for {wanted}, and there are {found}: {question}");
}

/// Waits until so many connections of this application wait for a lock.
pub(super) async fn until_blocked(client: &Client, application: &str, wanted: i64) {
    let question = format!(
        "SELECT count(*) FROM pg_stat_activity WHERE application_name = '{application}' AND wait_event_type = 'Lock'"
    );
    until(client, &question, wanted).await;
}

/// The number of statements that are prepared on this connection.
pub(super) async fn prepared(client: &Client) -> i64 {
    client.query_one("SELECT count(*) FROM pg_prepared_statements", &[]).await.unwrap().get(0)
}
