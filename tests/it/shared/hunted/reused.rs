//! Queries are values: the same one twice, clones of one, from several tasks at once, built up by loops.

use futures::future::join_all;
use relata::prelude::*;
use relata::{ErrorKind, Query, Select, Selectable, case, count};

use crate::support::blog::{self, Post, User};
use crate::support::{pool, trace};

fn board() -> Select<User, impl Selectable<User, Out = (String, i64, Option<String>)>> {
    let posts = User.posts.count().filter(Post.published.eq(true));
    User::query().select((User.name, posts, User.posts.max(Post.title))).order_by(User.id.asc()).limit(3)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_query_runs_in_many_tasks_at_once() {
    let world = blog::world().await;
    let (board, page) = (board(), Post::query().order_by(Post.title.desc()).limit(2).with(Post.comments.first(1)));
    let expected = (board.all(&world.pool).await.unwrap(), page.page(&world.pool).await.unwrap().rows.len());
    let tasks = (0..50).map(|at| {
        let (pool, board, page) = (world.pool.clone(), board.clone(), page.clone());
        tokio::spawn(async move {
            if at % 2 == 0 {
                (board.all(&pool).await.unwrap(), 2)
            } else {
                (Vec::new(), page.page(&pool).await.unwrap().rows.len())
            }
        })
    });
    for (at, done) in join_all(tasks).await.into_iter().enumerate() {
        let (rows, length) = done.unwrap();
        assert!(length == expected.1 && (at % 2 == 1 || rows == expected.0));
    }
    // From one task, of one value, at once.
    let both = join_all((0..8).map(|_| board.all(&world.pool))).await;
    assert!(both.into_iter().all(|rows| rows.unwrap() == expected.0));
}

#[tokio::test]
async fn a_clone_is_none_the_wiser_of_what_becomes_of_its_original() {
    let world = blog::world().await;
    let db = &world.pool;
    let listener = trace::listen();
    let one = board();
    let texts = (one.to_sql().to_string(), one.plan().to_string());
    let other = one.clone().filter(User.id.gt(2)).offset(1).distinct();
    assert_eq!(other.all(db).await.unwrap_err().kind(), relata::ErrorKind::InvalidQuery);
    assert!(listener.take().is_empty());
    assert_eq!((one.to_sql().to_string(), one.plan().to_string()), texts);
    let first = one.all(db).await.unwrap();
    assert_eq!(one.all(db).await.unwrap(), first);
    let text = listener.take();
    assert_eq!((text.len(), &text[0].sql), (2, &text[1].sql));
    assert_eq!(
        (one.count(db).await.unwrap(), one.first(db).await.unwrap(), one.exists(db).await.unwrap()),
        (3, first.first().cloned(), true)
    );
    let many = User.posts.each();
    let shared = User::query().filter(many.published.eq(true)).select((User.id, many.id));
    assert_eq!(shared.clone().order_by(many.id.asc()).all(db).await.unwrap(), [(1, 1), (2, 2), (2, 5)]);
    assert_eq!(shared.order_by(many.id.desc()).all(db).await.unwrap(), [(2, 5), (2, 2), (1, 1)]);
}

#[tokio::test]
async fn lists_that_loops_build_are_as_long_as_they_like() {
    let world = blog::world().await;
    let db = &world.pool;
    let any = Predicate::any((0..5_000).map(|id| User.id.eq(id)));
    let mut other = Predicate::never();
    for id in 0..2_000 {
        other = User.id.eq(id) | other;
    }
    let mut all: Query<User> = User::query();
    for id in 5..2_000 {
        all = all.filter(User.id.ne(id));
    }
    let mut named = case(User.id.eq(0), 0);
    for id in 1..1_000 {
        named = named.when(User.id.eq(id), id * 2);
    }
    let named = all.clone().filter(any & other).select(named.end()).order_by(User.id.asc());
    assert_eq!(named.all(db).await.unwrap(), [Some(2), Some(4), Some(6), Some(8)]);
    assert_eq!(all.filter(User.id.is_in(0..100_000)).group_by(User.name).select(count()).count(db).await.unwrap(), 3);
    let ordered = (0..200).fold(User::query(), |query, _| query.order_by(User.name.asc()));
    let page = ordered.clone().limit(2).page(db).await.unwrap();
    let text = page.next.unwrap().to_string();
    let rest = ordered.after(text.parse::<relata::Cursor>().unwrap()).limit(9).page(db).await.unwrap();
    assert_eq!(rest.rows.iter().map(|user| user.id).collect::<Vec<_>>(), [2, 4]);
}

#[tokio::test]
async fn a_cursor_of_more_terms_than_anybody_writes_is_read_back() {
    let world = blog::world().await;
    let ordered = (0..300).fold(User::query(), |query, _| query.order_by(User.name.asc())).limit(2);
    let page = ordered.page(&world.pool).await.unwrap();
    let next: relata::Cursor = page.next.unwrap().to_string().parse().unwrap();
    assert_eq!(ordered.after(next).page(&world.pool).await.unwrap().len(), 2);
}

/// A tree of conditions, as a client sends them: an error, if not an answer, and never the end of the process. It runs in
/// a process of its own, which an overflow of the stack would end.
#[test]
fn a_tree_of_conditions_is_answered_or_refused() {
    const OWN: &str = "RELATA_TEST_TREE";
    if std::env::var_os(OWN).is_none() {
        let test = "a_tree_of_conditions_is_answered_or_refused";
        let ran =
            std::process::Command::new(std::env::current_exe().unwrap()).arg(test).env(OWN, "1").output().unwrap();
        let said = String::from_utf8_lossy(&ran.stderr);
        assert!(ran.status.success(), "{}", said.lines().rev().take(3).collect::<Vec<_>>().join(" "));
        return;
    }
    let (mut tree, mut sum) = (User.id.gt(0), User.id + 0);
    let mut rows = User::query();
    for id in 0..500 {
        tree = (tree & User.id.ne(-id)) | User.id.eq(-id);
        sum = sum + 1;
        rows = rows.union(User::query().filter(User.id.eq(id)));
    }
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        // Nobody is there: what can be sent fails at that.
        let nobody = pool(tokio_postgres::Config::new().host("127.0.0.1").port(1), 1);
        let errors = [
            User::query().filter(tree).all(&nobody).await.map(drop).unwrap_err(),
            User::query().select(sum).all(&nobody).await.map(drop).unwrap_err(),
            rows.all(&nobody).await.map(drop).unwrap_err(),
        ];
        for error in errors {
            assert!(matches!(error.kind(), ErrorKind::InvalidQuery | ErrorKind::Connect), "{error:?}");
        }
    });
}
