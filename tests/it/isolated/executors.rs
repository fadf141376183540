//! One load on everything that it can run on, with equal results and as many statements as its plan says.

use std::future::Future;

use relata::prelude::*;
use relata::{Connection, Executor, Query, Shape};

use super::probe::until_blocked;
use crate::contract::c01_blog::{Comment, Post, User};
use crate::support::trace::listen;
use crate::support::{World, blog, connect, pool};

type Tree = relata::loaded!(User { posts { comments { author } }, profile });

/// Siblings with statements of their own, and one that is joined.
fn tree() -> Query<Tree> {
    let comments = Post.comments.order_by(Comment.id.asc()).with(Comment.author);
    let posts = User.posts.order_by(Post.id.asc()).with(comments);
    User::query().order_by(User.id.asc()).with(User.profile.select_in()).with(posts)
}

/// The tree, and that it took the statements that its plan promises, each with its path.
async fn load(db: &impl Executor) -> Vec<Tree> {
    let listener = listen();
    let rows = tree().all(db).await.unwrap();
    let ran = listener.take();
    assert_eq!(ran.len(), tree().plan().statements());
    let mut paths: Vec<&str> = ran.iter().map(|ran| ran.path.as_str()).collect();
    paths.sort_unstable();
    assert_eq!(paths, ["User", "User.posts", "User.posts.comments", "User.profile"]);
    rows
}

#[tokio::test]
async fn every_executor_gives_the_same_tree() {
    let world = blog::world().await;
    let expected = load(&world.pool).await;
    assert_eq!(expected.len(), 4);
    assert_eq!(expected[1].posts()[1].comments()[1].author().map(|author| author.id), Some(3));

    assert_eq!(load(&&world.pool).await, expected, "a reference, as a struct has it");
    assert_eq!(load(&std::sync::Arc::new(world.pool.clone())).await, expected, "a pool that is shared");
    let mut pooled = world.pool.get().await.unwrap();
    assert_eq!(load(&pooled).await, expected, "deadpool's client");
    let transaction = pooled.transaction().await.unwrap();
    assert_eq!(load(&transaction).await, expected, "deadpool's transaction");
    transaction.rollback().await.unwrap();
    let mut client = connect(&world.config).await;
    assert_eq!(load(&client).await, expected, "the driver's client");
    let transaction = client.transaction().await.unwrap();
    assert_eq!(load(&transaction).await, expected, "the driver's transaction");
    transaction.rollback().await.unwrap();
    let mut connection = Connection::new(client);
    assert_eq!(load(&connection).await, expected, "a connection of ours");
    let transaction = connection.client_mut().transaction().await.unwrap();
    assert_eq!(load(&transaction).await, expected, "a transaction of a connection of ours");
}

#[tokio::test]
async fn a_transaction_sees_its_own_rows() {
    let world = blog::world().await;
    let script = "INSERT INTO users VALUES (9, 'Eve'); INSERT INTO posts VALUES (9, 'New', true, 9)";
    let query = User::find(9).with(User.posts);

    let mut pooled = world.pool.get().await.unwrap();
    let transaction = pooled.transaction().await.unwrap();
    transaction.batch_execute(script).await.unwrap();
    assert_eq!(query.one(&transaction).await.unwrap().posts()[0].title, "New");
    assert!(query.at_most_one(&world.pool).await.unwrap().is_none(), "and nobody else does");
    transaction.rollback().await.unwrap();
    assert!(query.at_most_one(&pooled).await.unwrap().is_none());

    let mut client = connect(&world.config).await;
    let transaction = client.transaction().await.unwrap();
    transaction.batch_execute(script).await.unwrap();
    assert_eq!(query.one(&transaction).await.unwrap().posts()[0].title, "New");
    transaction.rollback().await.unwrap();
    assert!(query.at_most_one(&client).await.unwrap().is_none());
}

#[tokio::test]
async fn loads_side_by_side_on_one_connection_are_all_right() {
    let world = blog::world().await;
    let expected = tree().all(&world.pool).await.unwrap();
    let client = connect(&world.config).await;
    let connection = Connection::new(connect(&world.config).await);
    let queries: Vec<Query<Tree>> = (0..20).map(|_| tree()).collect();
    let bare = futures::future::join_all(queries.iter().map(|query| query.all(&client)));
    let cached = futures::future::join_all(queries.iter().map(|query| query.all(&connection)));
    let (bare, cached) = tokio::join!(bare, cached);
    for rows in bare.into_iter().chain(cached) {
        assert_eq!(rows.unwrap(), expected);
    }
}

/// A pool of one connection is enough for a tree of any width: all of its statements share it.
#[tokio::test]
async fn a_load_takes_one_connection_of_the_pool() {
    let world = blog::world().await;
    let one = pool(&world.config, 1);
    load(&one).await;
    assert_eq!((one.status().size, one.status().available), (1, 1));
}

/// Loads wait for a connection of the pool, and all get one in the end.
#[tokio::test]
async fn more_loads_than_connections_take_turns() {
    let world = blog::world().await;
    let mut config = world.config.clone();
    config.application_name("turns");
    let two = pool(&config, 2);
    tree().all(&two).await.unwrap();
    let blocker = connect(&world.config).await;
    blocker.batch_execute("BEGIN; LOCK TABLE posts").await.unwrap();
    let loads: Vec<_> = (0..20).map(|_| tokio::spawn(owned(two.clone()))).collect();
    until_blocked(&world.client().await, "turns", 2).await;
    blocker.batch_execute("COMMIT").await.unwrap();
    for load in loads {
        assert_eq!(load.await.unwrap().len(), 4);
    }
    assert_eq!((two.status().size, two.status().available, two.status().waiting), (2, 2, 0));
}

async fn owned(pool: deadpool_postgres::Pool) -> Vec<Tree> {
    tree().all(&pool).await.unwrap()
}

fn sendable<T>(future: impl Future<Output = T> + Send) {
    drop(future);
}

/// The verbs' futures can be moved to other threads, whatever they run on and whatever they load.
fn every_verb_is_sendable<T: Shape, X: Executor>(query: &Query<T>, db: &X) {
    sendable(query.all(db));
    sendable(query.first(db));
    sendable(query.one(db));
    sendable(query.at_most_one(db));
    sendable(query.count(db));
    sendable(query.exists(db));
}

#[tokio::test]
async fn futures_of_every_verb_are_sendable_and_do_nothing_unpolled() {
    let world = World::new("").await;
    let mut client = connect(&world.config).await;
    every_verb_is_sendable(&tree(), &client);
    every_verb_is_sendable(&tree(), &client.transaction().await.unwrap());
    every_verb_is_sendable(&tree(), &Connection::new(client));
    let mut pooled = world.pool.get().await.unwrap();
    every_verb_is_sendable(&tree(), &pooled);
    every_verb_is_sendable(&tree(), &pooled.transaction().await.unwrap());
    let untouched = pool(&world.config, 1);
    every_verb_is_sendable(&tree(), &untouched);
    assert_eq!(untouched.status().size, 0, "an unpolled load takes no connection");
}
