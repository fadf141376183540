//! Servers that cannot be reached, refuse the login, or go away in the middle.

use std::net::TcpListener;
use std::time::Duration;

use deadpool_postgres::{Manager, Pool, Runtime};
use relata::prelude::*;
use relata::{Connection, ErrorKind};
use relata_scratch::Scratch;
use tokio_postgres::{Config, NoTls};

use super::probe::{answers, refused, until_blocked, usable};
use crate::contract::c01_blog::{Post, User};
use crate::support::{World, blog, connect, pool};

const UNREACHABLE: &str = "no connection to the server could be opened";

#[tokio::test]
async fn a_server_that_is_not_there_is_an_error_of_connecting() {
    let mut config = Config::new();
    config.host_path("/nowhere/at/all").user("anyone").dbname("any");
    let error = refused(User::query().all(&pool(&config, 1)).await, ErrorKind::Connect, UNREACHABLE);
    assert!(error.sqlstate().is_none() && error.sql().is_none());

    let closed = TcpListener::bind(("127.0.0.1", 0)).unwrap().local_addr().unwrap().port();
    let mut config = Config::new();
    config.host("127.0.0.1").port(closed).user("anyone").dbname("any");
    let pool = pool(&config, 1);
    refused(User::query().with(User.posts).all(&pool).await, ErrorKind::Connect, UNREACHABLE);
    refused(User::query().count(&pool).await, ErrorKind::Connect, UNREACHABLE);
    refused(User::query().exists(&pool).await, ErrorKind::Connect, UNREACHABLE);
    assert_eq!((pool.status().size, pool.status().waiting), (0, 0));
}

#[tokio::test]
async fn a_refused_login_says_what_the_server_said() {
    let scratch = Scratch::private(&[("listen_addresses", "127.0.0.1")]).unwrap();
    let world = World::on(&scratch, &format!("{}{}", blog::TABLES, blog::ROWS)).await;
    let script = "CREATE ROLE guest LOGIN PASSWORD 'right'; GRANT SELECT ON users TO guest;
        DO $$ BEGIN EXECUTE format('GRANT USAGE ON SCHEMA %I TO guest', current_schema()); END $$";
    world.execute(script).await;
    let mut config = Config::new();
    config.host("127.0.0.1").port(scratch.port()).user("guest").password("wrong");
    config.dbname(world.config.get_dbname().unwrap()).options(world.config.get_options().unwrap());
    let says = "the server refused the connection: password authentication failed for user \"guest\"";
    let error = refused(User::query().all(&pool(&config, 1)).await, ErrorKind::Connect, says);
    assert_eq!(error.sqlstate().map(|state| state.code()), Some("28P01"));
    config.dbname("nothing").password("right");
    let says = "the server refused the connection: database \"nothing\" does not exist";
    refused(User::query().all(&pool(&config, 1)).await, ErrorKind::Connect, says);

    // The same server, with the right password: it may read users, and no posts.
    config.dbname(world.config.get_dbname().unwrap());
    let guest = pool(&config, 1);
    let says = "User.posts: the server refused the statement: permission denied for table posts";
    let error = refused(User::query().with(User.posts).all(&guest).await, ErrorKind::Database, says);
    assert_eq!(error.sqlstate().map(|state| state.code()), Some("42501"));
    assert_eq!(User::query().all(&guest).await.unwrap().len(), 4);
    let mut client = guest.get().await.unwrap();
    let transaction = client.transaction().await.unwrap();
    refused(User::query().with(User.posts).all(&transaction).await, ErrorKind::Database, says);
    transaction.rollback().await.unwrap();
    assert_eq!(User::query().count(&client).await.unwrap(), 4);
}

#[tokio::test]
async fn a_pool_that_gives_no_connection_says_why() {
    let world = blog::world().await;
    let built = |timeout| {
        let manager = Manager::new(world.config.clone(), NoTls);
        Pool::builder(manager).max_size(1).runtime(Runtime::Tokio1).wait_timeout(timeout).build().unwrap()
    };
    let one = built(Some(Duration::from_millis(20)));
    let held = one.get().await.unwrap();
    let says = "no connection of the pool became free in time";
    refused(User::query().all(&one).await, ErrorKind::Connect, says);
    drop(held);
    usable(&one).await;
    one.close();
    refused(User::query().all(&one).await, ErrorKind::Connect, "the pool is closed");
}

/// A backend that is ended while its load waits is an error, and never the next user's.
#[tokio::test]
async fn an_ended_backend_is_replaced() {
    let world = blog::world().await;
    let mut config = world.config.clone();
    config.application_name("ended");
    let (one, watcher) = (pool(&config, 1), world.client().await);
    let end = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'ended'";
    let says = "User.posts: the server closed the connection: terminating connection due to administrator command";
    let blocker = connect(&world.config).await;
    for _ in 0..50 {
        usable(&one).await;
        blocker.batch_execute("BEGIN; LOCK TABLE posts").await.unwrap();
        let query = User::query().with(User.posts);
        let (rows, ()) = tokio::join!(query.all(&one), async {
            until_blocked(&watcher, "ended", 1).await;
            watcher.query(end, &[]).await.unwrap();
        });
        refused(rows, ErrorKind::Closed, says);
        // At once, when the driver may not have seen the end of the connection yet.
        answers(&one).await;
        blocker.batch_execute("COMMIT").await.unwrap();
    }
    usable(&one).await;
}

#[tokio::test]
async fn a_server_that_crashes_in_the_middle_of_a_load_is_an_error() {
    let scratch = Scratch::private(&[]).unwrap();
    let world = World::on(&scratch, &format!("{}{}", blog::TABLES, blog::ROWS)).await;
    // The scratch server does not write commits to disk at once.
    world.execute("CHECKPOINT").await;
    let mut config = world.config.clone();
    config.application_name("crashed");
    let (one, watcher) = (pool(&config, 1), world.client().await);
    let mut connection = Connection::new(connect(&config).await);
    usable(&one).await;
    let blocker = connect(&world.config).await;
    blocker.batch_execute("BEGIN; LOCK TABLE posts").await.unwrap();
    let query = User::query().with(User.posts.with(Post.comments));
    let transaction = connection.client_mut().transaction().await.unwrap();
    let (pooled, borrowed, ()) = tokio::join!(query.all(&one), query.all(&transaction), async {
        until_blocked(&watcher, "crashed", 2).await;
        scratch.kill().unwrap();
    });
    for result in [pooled, borrowed] {
        let error = result.unwrap_err();
        println!("{error}");
        assert_eq!((error.kind(), error.path()), (ErrorKind::Closed, Some("User.posts")), "{error:?}");
    }
    drop(transaction);
    let says = "User: the connection was lost";
    refused(User::query().all(&connection).await, ErrorKind::Closed, says);
    refused(User::query().all(&one).await, ErrorKind::Connect, UNREACHABLE);
    scratch.restart().unwrap();
    usable(&one).await;
    assert_eq!(User::query().all(&Connection::new(connect(&config).await)).await.unwrap().len(), 4);
}
