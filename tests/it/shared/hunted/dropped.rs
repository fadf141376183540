//! Pages, counts, selections and views that are dropped before they are done, or fail half-way: the pool's next user never
//! waits for them, and the server is rid of them.

use std::future::{Future, poll_fn};
use std::task::Poll;
use std::time::{Duration, Instant};

use deadpool_postgres::Pool;
use relata::prelude::*;
use relata::{Error, ErrorKind, Window, count, from_sql, raw, row_number};
use tokio::time::timeout;
use tokio_postgres::Client;

use crate::support::{World, blog, pool};

#[derive(Entity, Debug, Clone)]
#[entity(table = "users")]
#[has_many(posts: Vec<Slow>, by = user_id)]
struct Reader {
    #[key]
    id: i32,
    name: String,
}

/// Its rows take their time.
#[derive(Entity, Debug, Clone)]
#[entity(table = "slow_posts")]
#[belongs_to(reader: Reader, by = user_id)]
struct Slow {
    #[key]
    id: i32,
    user_id: i32,
}

#[derive(View, Debug)]
#[view(Reader)]
struct Card {
    name: String,
    #[view(load)]
    posts: Vec<Line>,
}

#[derive(View, Debug)]
#[view(Slow)]
struct Line {
    id: i32,
}

async fn world(sleep: &str, application: &str) -> (World, Pool, Client) {
    let view = format!("CREATE VIEW slow_posts AS SELECT posts.* FROM {sleep} AS sleep, posts;");
    let world = World::new(&format!("{}{}{view}", blog::TABLES, blog::ROWS)).await;
    let mut config = world.config.clone();
    config.application_name(application);
    let (two, watcher) = (pool(&config, 2), world.client().await);
    (world, two, watcher)
}

/// How many connections of an application meet the condition.
async fn connections(watcher: &Client, application: &str, condition: &str) -> i64 {
    let sql = format!("SELECT count(*) FROM pg_stat_activity WHERE application_name = '{application}' AND {condition}");
    watcher.query_one(&sql, &[]).await.unwrap().get(0)
}

/// The pool answers and loads.
async fn usable(pool: &Pool) {
    let users = blog::User::query().with(blog::User.posts).all(pool).await.unwrap();
    assert_eq!((users.len(), users[0].posts().len()), (4, 2));
    let page = blog::User::query().limit(2).counted(pool).await.unwrap();
    assert_eq!((page.rows.len(), page.total), (2, 4));
}

/// Nothing runs any more, and no connection is there that the pool does not know.
async fn quiet(watcher: &Client, application: &str, pool: &Pool) {
    for _ in 0..2000 {
        let active = connections(watcher, application, "state <> 'idle'").await;
        let all = connections(watcher, application, "true").await;
        if active == 0 && all == i64::try_from(pool.status().size).unwrap() {
            return;
        }
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    panic!("{application}: something is left running");
}

/// Each verb as a future that gives nothing, so that they stand in one list.
macro_rules! verbs {
    ($db:expr, $each:ident) => {{
        let db = $db;
        $each!("page", Slow::query().limit(2).page(db));
        $each!("counted", Slow::query().limit(2).counted(db));
        $each!("a page with loads", Reader::query().with(Reader.posts.first(1)).limit(2).page(db));
        $each!("counted with loads", Reader::query().with(Reader.posts).counted(db));
        $each!("a view", Card::query().all(db));
        $each!("a page of views", Card::query().limit(3).page(db));
        $each!("views of a load", Reader::query().with(Reader.posts.view::<Line>()).all(db));
        $each!("a selection", Slow::query().select((Slow.id, Slow.reader.name)).all(db));
        $each!("a selection across", Reader::query().select(Reader.posts.count()).first(db));
        $each!("rows for each", Reader::query().select((Reader, Reader.posts.each())).all(db));
        $each!("groups", Slow::query().group_by(Slow.user_id).select((Slow.user_id, count())).all(db));
        $each!("a count of groups", Slow::query().group_by(Slow.user_id).select(count()).count(db));
        $each!("windows", Slow::query().select(row_number().over(Window::new())).at_most_one(db));
        $each!("a union", Slow::query().select(Slow.id).union(Reader::query().select(Reader.id)).all(db));
        $each!("a union's count", Slow::query().union(Slow::query()).count(db));
        $each!("a raw query", from_sql::<(i32,)>("SELECT id FROM slow_posts", ()).all(db));
        $each!("existence", Slow::query().filter(Slow.reader.posts.exists()).exists(db));
        $each!("a lock", Reader::query().filter(Reader.posts.exists()).for_update().all(db));
    }};
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_verb_that_is_cut_off_is_off_the_server() {
    let (_world, two, watcher) = world("pg_sleep(60)", "hunted_cut").await;
    for _ in 0..3 {
        macro_rules! cut {
            ($what:literal, $verb:expr) => {{
                assert!(timeout(Duration::from_millis(60), $verb).await.is_err(), "{}: it takes a minute", $what);
                let start = Instant::now();
                usable(&two).await;
                assert!(start.elapsed() < Duration::from_secs(2), "{}: {:?}", $what, start.elapsed());
            }};
        }
        verbs!(&two, cut);
    }
    quiet(&watcher, "hunted_cut", &two).await;
    assert!(two.status().size <= 2 && two.status().waiting == 0, "{:?}", two.status());
}

async fn polled<F: Future>(polls: usize, future: F) -> bool {
    let (mut future, mut left) = (Box::pin(future), polls);
    poll_fn(|context| {
        if left == 0 {
            return Poll::Ready(false);
        }
        left -= 1;
        future.as_mut().poll(context).map(|_| true)
    })
    .await
}

#[tokio::test]
async fn a_verb_dropped_at_any_poll_leaves_the_pool_usable() {
    let (_world, two, watcher) = world("pg_sleep(0)", "hunted_polls").await;
    for polls in 0..14 {
        macro_rules! polled {
            ($what:literal, $verb:expr) => {
                polled(polls, $verb).await
            };
        }
        verbs!(&two, polled);
        usable(&two).await;
    }
    quiet(&watcher, "hunted_polls", &two).await;
}

/// Fails at the third row, or at the load of the second level.
#[tokio::test]
async fn a_verb_that_fails_half_way_leaves_the_connection_usable() {
    let (world, _, watcher) = world("generate_series(1, 1)", "nobody").await;
    world.execute("CREATE OR REPLACE VIEW slow_posts AS SELECT id / (id - 3) * 0 + id AS id, title, published, user_id FROM posts").await;
    let mut config = world.config.clone();
    config.application_name("hunted_fails");
    let one = pool(&config, 1);
    macro_rules! fails {
        ($what:literal, $verb:expr) => {{
            let error: Error = timeout(Duration::from_secs(5), $verb).await.expect($what).map(drop).expect_err($what);
            assert_eq!(error.kind(), ErrorKind::Database, "{}: {error:?}", $what);
            assert_eq!(error.sqlstate().map(|state| state.code()), Some("22012"), "{}: {error:?}", $what);
            usable(&one).await;
        }};
    }
    let bad = || raw::<_, i32>("1 / {}", (Slow.id - Slow.id,));
    let db = &one;
    fails!("page", Slow::query().order_by(Slow.id.asc()).limit(9).page(db));
    fails!("counted", Slow::query().filter(Slow.id.gt(0)).counted(db));
    fails!("a page with loads", Reader::query().with(Reader.posts.first(9)).limit(2).page(db));
    fails!("counted with loads", Reader::query().with(Reader.posts).counted(db));
    fails!("a view", Card::query().all(db));
    fails!("a selection", Slow::query().select((bad(), Slow.id)).all(db));
    fails!("across", Reader::query().select(Reader.posts.max(Slow.id)).all(db));
    fails!("for each", Reader::query().select(Reader.posts.each()).all(db));
    fails!("a union", Slow::query().select(Slow.id).union(Reader::query().select(Reader.id)).count(db));
    // In a transaction the first error is told, and not that the transaction is aborted by it.
    let mut client = one.get().await.unwrap();
    let within = client.transaction().await.unwrap();
    let error = Slow::query().filter(Slow.id.gt(0)).counted(&within).await.map(drop).unwrap_err();
    assert_eq!(error.sqlstate().map(|state| state.code()), Some("22012"), "{error:?}");
    within.rollback().await.unwrap();
    drop(client);
    usable(&one).await;
    quiet(&watcher, "hunted_fails", &one).await;
}

/// What cannot be decoded is found while rows still come.
#[tokio::test]
async fn rows_that_cannot_be_decoded_are_read_to_their_end() {
    let world = blog::world().await;
    let one = pool(&world.config, 1);
    let many = "SELECT n, CASE WHEN n > 2 THEN NULL ELSE n END FROM generate_series(1, 50000) AS n";
    for _ in 0..3 {
        let error = from_sql::<(i32, i32)>(many, ()).all(&one).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::UnexpectedNull, "{error:?}");
        let wrong = from_sql::<(i32, String)>(many, ()).all(&one).await.unwrap_err();
        assert_eq!(wrong.kind(), ErrorKind::Decode, "{wrong:?}");
        let wrong = blog::User::query().select(raw::<_, i64>("{}", (blog::User.id,))).all(&one).await.unwrap_err();
        assert_eq!(wrong.kind(), ErrorKind::Decode, "{wrong:?}");
        usable(&one).await;
    }
}
