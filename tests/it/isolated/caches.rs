//! Prepared statements that go stale, and the bounds of the caches that hold them.

use std::collections::HashSet;

use relata::prelude::*;
use relata::{Connection, ErrorKind, Predicate, Query};

use super::probe::{prepared, refused};
use crate::contract::c01_blog::{Post, Profile, User};
use crate::support::{World, blog, connect, pool};

type Tree = relata::loaded!(User { posts { comments }, profile });

fn tree() -> Query<Tree> {
    User::query()
        .order_by(User.id.asc())
        .with(User.posts.order_by(Post.id.asc()).with(Post.comments))
        .with(User.profile.select_in())
}

/// The same tree in one statement.
fn joined() -> Query<Tree> {
    User::query()
        .order_by(User.id.asc())
        .with(User.posts.order_by(Post.id.asc()).joined().with(Post.comments.joined()))
        .with(User.profile.joined())
}

/// Changes that no field minds, and that make the prepared statements of three of the tree's four levels stale, two of
/// them siblings.
const CHANGE: &str = "ALTER TABLE users ALTER name TYPE varchar(100); ALTER TABLE posts ALTER title TYPE varchar(100);
    ALTER TABLE profiles ALTER bio TYPE varchar(100);";
const CHANGE_BACK: &str = "ALTER TABLE users ALTER name TYPE text; ALTER TABLE posts ALTER title TYPE text;
    ALTER TABLE profiles ALTER bio TYPE text;";
const STALE: &str = "a prepared statement no longer fits the schema, and the transaction is aborted by it: run the \
                     transaction again";

#[tokio::test]
async fn stale_statements_are_prepared_again() {
    let world = blog::world().await;
    let one = pool(&world.config, 1);
    let connection = Connection::new(connect(&world.config).await);
    let expected = tree().all(&one).await.unwrap();
    assert_eq!(tree().all(&connection).await.unwrap(), expected);
    assert_eq!(joined().all(&one).await.unwrap().len(), expected.len());
    for change in
        [CHANGE, CHANGE_BACK, "ALTER TABLE users ADD more int; ALTER TABLE posts ADD more int", "DEALLOCATE ALL"]
    {
        one.get().await.unwrap().batch_execute(change).await.unwrap();
        if change == "DEALLOCATE ALL" {
            connection.client().batch_execute(change).await.unwrap();
        }
        assert_eq!(tree().all(&one).await.unwrap(), expected, "on a pool, after {change}");
        assert_eq!(tree().all(&connection).await.unwrap(), expected, "on a connection, after {change}");
        let posts = |rows: &[Tree]| rows.iter().map(|user| user.posts().len()).collect::<Vec<_>>();
        assert_eq!(posts(&joined().all(&one).await.unwrap()), posts(&expected), "joined, after {change}");
        let known = prepared(&one.get().await.unwrap()).await;
        assert_eq!(known, 6, "four of the tree, one that is joined, and this question itself");
    }
    assert_eq!(one.status().size, 1);
}

#[tokio::test]
async fn a_stale_statement_ends_its_transaction_once() {
    let world = blog::world().await;
    let one = pool(&world.config, 1);
    let expected = tree().all(&one).await.unwrap();
    for change in [CHANGE, CHANGE_BACK, "DEALLOCATE ALL"] {
        let mut client = one.get().await.unwrap();
        client.batch_execute(change).await.unwrap();
        let transaction = client.transaction().await.unwrap();
        refused(tree().all(&transaction).await, ErrorKind::StaleStatement, &format!("User: {STALE}"));
        transaction.rollback().await.unwrap();
        let transaction = client.transaction().await.unwrap();
        assert_eq!(tree().all(&transaction).await.unwrap(), expected, "the next transaction, after {change}");
        transaction.commit().await.unwrap();
    }
}

/// Of siblings in a transaction the stale one speaks, not the ones that follow it.
#[tokio::test]
async fn stale_siblings_end_their_transaction_once() {
    let world = blog::world().await;
    let mut client = world.pool.get().await.unwrap();
    let expected = tree().all(&client).await.unwrap();
    let change = "ALTER TABLE posts ALTER title TYPE varchar(9999); ALTER TABLE profiles ALTER bio TYPE varchar(9999)";
    client.batch_execute(change).await.unwrap();
    let transaction = client.transaction().await.unwrap();
    let error = tree().all(&transaction).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::StaleStatement);
    assert!(["User.posts", "User.profile"].contains(&error.path().unwrap()), "{error}");
    transaction.rollback().await.unwrap();
    let transaction = client.transaction().await.unwrap();
    assert_eq!(tree().all(&transaction).await.unwrap(), expected);
}

/// The crate does not see a transaction that was begun by hand, and says the same of it.
#[tokio::test]
async fn a_transaction_begun_by_hand_is_ended_once_as_well() {
    let world = blog::world().await;
    let connection = Connection::new(connect(&world.config).await);
    let expected = tree().all(&connection).await.unwrap();
    connection.client().batch_execute(&format!("{CHANGE} BEGIN")).await.unwrap();
    refused(tree().all(&connection).await, ErrorKind::StaleStatement, &format!("User: {STALE}"));
    connection.client().batch_execute("ROLLBACK; BEGIN").await.unwrap();
    assert_eq!(tree().all(&connection).await.unwrap(), expected);
}

/// A change that a field does mind is an error of its own, at every try.
#[tokio::test]
async fn a_column_that_changed_its_type_is_named() {
    let world = blog::world().await;
    let one = pool(&world.config, 1);
    tree().all(&one).await.unwrap();
    one.get().await.unwrap().batch_execute("ALTER TABLE posts ALTER title TYPE int USING id").await.unwrap();
    let says = "User.posts: field `Post.title`: column `title` of table `posts` is `int4`, which cannot be read as \
                `String`";
    refused(tree().all(&one).await, ErrorKind::Decode, says);
    refused(tree().all(&one).await, ErrorKind::Decode, says);
    one.get().await.unwrap().batch_execute("ALTER TABLE posts DROP COLUMN title").await.unwrap();
    let says = "User.posts: `Post` is mapped to column `title` of table `posts`, which the database does not have";
    refused(tree().all(&one).await, ErrorKind::MissingColumn, says);
    assert_eq!(User::query().with(User.profile).all(&one).await.unwrap().len(), 4);
}

/// A query of its own text for each number.
fn query(number: usize) -> Query<User> {
    let conditions = (0..10).map(|bit| if number >> bit & 1 == 1 { User.id.gt(0) } else { User.id.ge(1) });
    User::query().filter(Predicate::all(conditions))
}

#[tokio::test]
async fn a_connection_keeps_256_statements() {
    let world = blog::world().await;
    let connection = Connection::new(connect(&world.config).await);
    let texts: HashSet<String> = (0..300).map(|number| query(number).to_sql().text().to_owned()).collect();
    assert_eq!(texts.len(), 300);
    assert_eq!(Profile::query().count(&connection).await.unwrap(), 2);
    let question = "SELECT name FROM pg_prepared_statements WHERE statement LIKE 'SELECT COUNT(*) FROM \"profiles\"%'";
    let used: String = connection.client().query_one(question, &[]).await.unwrap().get(0);
    for number in 0..300 {
        assert_eq!(query(number).count(&connection).await.unwrap(), 4);
        assert_eq!(Profile::query().count(&connection).await.unwrap(), 2);
    }
    assert_eq!(prepared(connection.client()).await, 256 + 1, "and this question itself");
    let kept: String = connection.client().query_one(question, &[]).await.unwrap().get(0);
    assert_eq!(kept, used, "what is used all the time is never what was unused for the longest time");
}

#[tokio::test]
async fn a_pooled_connection_keeps_1000_statements() {
    let world = blog::world().await;
    let one = pool(&world.config, 1);
    for number in 0..1000 {
        query(number).count(&one).await.unwrap();
    }
    let client = one.get().await.unwrap();
    assert_eq!((client.statement_cache.size(), prepared(&client).await), (1000, 1001));
    drop(client);
    query(1000).count(&one).await.unwrap();
    let client = one.get().await.unwrap();
    assert_eq!((client.statement_cache.size(), prepared(&client).await), (1, 2), "emptied on the server, too");
}

#[tokio::test]
async fn one_text_serves_every_number_of_parents() {
    let world = World::new(blog::TABLES).await;
    let one = pool(&world.config, 1);
    let mut ran = Vec::new();
    for count in [2, 1000] {
        world.execute("TRUNCATE users, profiles, posts, comments").await;
        let users = format!("INSERT INTO users SELECT id, 'x' FROM generate_series(1, {count}) AS id");
        world.execute(&users).await;
        world.execute("INSERT INTO posts SELECT id, 'x', true, id FROM users").await;
        let listener = crate::support::trace::listen();
        assert_eq!(User::query().with(User.posts).all(&one).await.unwrap().len(), count);
        ran.push(listener.take().into_iter().map(|ran| ran.sql).collect::<Vec<_>>());
    }
    assert_eq!(ran[0].len(), 2);
    assert_eq!(ran[0], ran[1]);
    assert_eq!(prepared(&one.get().await.unwrap()).await, 3, "two, and this question itself");
}
