//! Loads on a pool that are dropped: the pool's next user never waits for them, and the server is rid of them.

use std::time::{Duration, Instant};

use deadpool_postgres::Pool;
use relata::prelude::*;
use relata::{Query, Shape};
use tokio::runtime::Builder;
use tokio::time::timeout;

use super::super::probe::{answers, until, until_blocked, usable};
use super::super::proxy::Proxy;
use super::{Reader, Slow, question, slow_world};
use crate::contract::c01_blog::User;
use crate::support::{blog, connect, pool};

const ROUNDS: usize = 200;

/// Cuts a load off after 50 ms, 200 times; each time the pool answers at once, and in the end nothing is left.
async fn cut_off<T: Shape>(application: &str, query: Query<T>, statements: usize) {
    let (world, config) = slow_world(60.0, application).await;
    let proxy = Proxy::passing(&config).await;
    let two = pool(&proxy.config, 2);
    let watcher = world.client().await;
    let (mut longest, mut sum) = (Duration::ZERO, Duration::ZERO);
    for _ in 0..ROUNDS {
        assert!(timeout(Duration::from_millis(50), query.all(&two)).await.is_err(), "it takes a minute");
        let start = Instant::now();
        answers(&two).await;
        longest = longest.max(start.elapsed());
        sum += start.elapsed();
    }
    let cancels = proxy.cancels();
    println!("{application}: next answer after {longest:?} at most, {:?} on average; {cancels} cancels", sum / 200);
    assert!(longest < Duration::from_secs(1), "{longest:?}");
    until(&watcher, &question(application, "state = 'active'"), 0).await;
    until(&watcher, &question(application, "true"), i64::try_from(two.status().size).unwrap()).await;
    assert!(two.status().size <= 2 && two.status().waiting == 0, "{:?}", two.status());
    usable(&two).await;
    let most = ROUNDS * (statements + 1);
    assert!(cancels + proxy.cancels() <= most, "{cancels} requests for {ROUNDS} times {statements} statements");
}

/// A slow statement at the root, one level down, and twice side by side.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn slow_loads_are_cut_off() {
    tokio::join!(
        cut_off("slow_root", Slow::query(), 1),
        cut_off("slow_level", Reader::query().with(Reader.posts), 1),
        cut_off("slow_siblings", Reader::query().with(Reader.posts).with(Reader.notes), 2),
    );
}

#[tokio::test]
async fn a_load_that_waits_for_a_lock_is_cut_off() {
    let world = blog::world().await;
    let mut config = world.config.clone();
    config.application_name("locked_out");
    let (one, watcher) = (pool(&config, 1), world.client().await);
    let blocker = world.client().await;
    blocker.batch_execute("BEGIN; LOCK TABLE posts").await.unwrap();
    for _ in 0..20 {
        // Cold each time, since each connection is lost to the pool: it waits while it is prepared.
        let query = User::query().with(User.posts);
        let mut load = Box::pin(query.all(&one));
        tokio::select! {
            rows = &mut load => panic!("{rows:?}, through the lock"),
            () = until_blocked(&watcher, "locked_out", 1) => {}
        }
        drop(load);
        let answer = timeout(Duration::from_secs(1), answers(&one)).await;
        assert!(answer.is_ok(), "the pool waits for the lock");
        until_blocked(&watcher, "locked_out", 0).await;
    }
    blocker.batch_execute("COMMIT").await.unwrap();
    usable(&one).await;
}

#[tokio::test]
async fn a_load_that_was_never_polled_leaves_no_trace() {
    let world = blog::world().await;
    let one = pool(&world.config, 1);
    drop(User::query().all(&one));
    assert_eq!(one.status().size, 0);
    usable(&one).await;
}

#[tokio::test]
async fn a_load_that_waits_for_the_pool_leaves_the_queue() {
    let world = blog::world().await;
    let one = pool(&world.config, 1);
    let held = one.get().await.unwrap();
    for _ in 0..20 {
        let query = User::query().with(User.posts);
        assert!(timeout(Duration::from_millis(5), query.all(&one)).await.is_err());
        assert_eq!((one.status().size, one.status().waiting), (1, 0));
    }
    drop(held);
    usable(&one).await;
    assert_eq!((one.status().size, one.status().available), (1, 1));
}

/// Dropped anywhere: at each of its first polls.
#[tokio::test]
async fn a_load_dropped_at_any_poll_leaves_the_pool_usable() {
    let world = blog::world().await;
    let mut config = world.config.clone();
    config.application_name("any_poll");
    let (two, watcher) = (pool(&config, 2), world.client().await);
    for polls in 0..40 {
        let query = User::query().with(User.posts).with(User.profile.select_in());
        let mut load = Box::pin(query.all(&two));
        let mut left = polls;
        std::future::poll_fn(|context| {
            if left == 0 || load.as_mut().poll(context).is_ready() {
                return std::task::Poll::Ready(());
            }
            left -= 1;
            std::task::Poll::Pending
        })
        .await;
        drop(load);
        usable(&two).await;
    }
    until(&watcher, &question("any_poll", "state = 'active'"), 0).await;
    until(&watcher, &question("any_poll", "true"), i64::try_from(two.status().size).unwrap()).await;
}

/// Nobody is there to cancel: the connection is closed, and nothing hangs or panics.
#[test]
fn a_runtime_that_ends_takes_its_loads_with_it() {
    let runtime = Builder::new_current_thread().enable_all().build().unwrap();
    let (world, config) = runtime.block_on(slow_world(60.0, "shut_down"));
    let watcher = runtime.block_on(world.client());
    let two = pool(&config, 2);
    for threads in [1, 2] {
        let other = Builder::new_multi_thread().worker_threads(threads).enable_all().build().unwrap();
        let used = two.clone();
        other.spawn(async move { Reader::query().with(Reader.posts).all(&used).await.map(drop) });
        runtime.block_on(until(&watcher, &question("shut_down", "wait_event = 'PgSleep'"), 1));
        let start = Instant::now();
        drop(other);
        assert!(start.elapsed() < Duration::from_secs(5), "{:?}", start.elapsed());
        let end = "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE application_name = 'shut_down'";
        runtime.block_on(watcher.query(end, &[])).unwrap();
        runtime.block_on(until(&watcher, &question("shut_down", "true"), 0));
        runtime.block_on(usable(&two));
        two.retain(|_, _| false);
        runtime.block_on(until(&watcher, &question("shut_down", "true"), 0));
    }
}

#[tokio::test]
async fn a_load_dropped_after_its_server_is_forgotten() {
    let scratch = relata_scratch::Scratch::private(&[]).unwrap();
    let views = "CREATE VIEW slow_posts AS SELECT posts.* FROM pg_sleep(60), posts";
    let world = crate::support::World::on(&scratch, &format!("{}{}{views}", blog::TABLES, blog::ROWS)).await;
    let one: Pool = pool(&world.config, 1);
    let watcher = connect(&world.config).await;
    let query = Slow::query();
    let mut load = Box::pin(query.all(&one));
    tokio::select! {
        rows = &mut load => panic!("{rows:?}, in no time"),
        () = until(&watcher, "SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'PgSleep'", 1) => {}
    }
    // The scratch server does not write commits to disk at once.
    watcher.batch_execute("CHECKPOINT").await.unwrap();
    scratch.kill().unwrap();
    drop(load);
    tokio::task::yield_now().await;
    assert_eq!(Slow::query().all(&one).await.unwrap_err().kind(), relata::ErrorKind::Connect);
    scratch.restart().unwrap();
    usable(&one).await;
}
