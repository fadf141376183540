//! Window functions: where they may stand, and what they take.

use relata::prelude::*;
use relata::{Window, count, lag, ntile, outer, rank, row_number};

use super::{refused, runs};
use crate::support::blog::{Comment, Post, User, world};

/// The types tell a window function where it stands alone, and in a calculation with a column they do not.
fn numbered() -> relata::Expression<Post, i64> {
    row_number().over(Window::new().order_by(Post.id.desc())) + Post.id * 0
}

#[tokio::test]
async fn a_window_function_is_no_condition_and_makes_no_groups() {
    let world = world().await;
    let db = &world.pool;
    let message = "Post: a window function has its value when rows are filtered and grouped already, so `filter`, `group_by` \
         and `having` cannot use it: select it or order by it; `from_sql` takes a query that filters by it";
    refused!(Post::query().filter(numbered().le(2)), message);
    refused!(Post::query().filter(Post.id.gt(1) & (numbered() + 1_i64).le(2)), message);
    refused!(Post::query().group_by(numbered()).select(count()), message);
    refused!(Post::query().group_by(Post.id).having(row_number().over(Window::new()).le(2)).select(count()), message);

    assert_eq!(runs!(db, Post::query().select((Post.id, numbered())).order_by(numbered().asc()).limit(1)), [(5, 1)]);
    let two = "SELECT * FROM (SELECT *, row_number() OVER (ORDER BY id DESC) AS n FROM posts) AS p WHERE n <= {}";
    let two = runs!(db, Post::from_sql(two, (2,)).order_by(Post.id.asc()));
    assert_eq!(two.iter().map(|post| post.id).collect::<Vec<_>>(), [4, 5]);
    assert_eq!(runs!(db, Post::query().order_by(numbered().asc()).limit(1))[0].id, 5);
}

#[tokio::test]
async fn a_window_function_takes_none_and_is_no_part_of_another_query() {
    let world = world().await;
    let db = &world.pool;
    let within = "Post: a window function within another: `from_sql` takes a query that selects the inner one";
    refused!(Post::query().select(lag(numbered()).over(Window::new())), within);
    refused!(Post::query().select(lag(numbered()).over(Window::new()) + numbered()), within);
    refused!(Post::query().select(rank().over(Window::new().partition_by(numbered()))), within);
    refused!(Post::query().select(rank().over(Window::new().order_by(numbered().asc()))), within);
    let message = "User: a window function is of a query's own rows, not of those at the end of a path: select it in a query \
         that starts from them";
    refused!(User::query().filter(User.posts.any(numbered().eq(1))), message);
    refused!(
        User::query().select(User.posts.max(numbered())),
        "User: `max` of a window function, which has its value only when aggregates have theirs: `from_sql` takes a query that \
         selects it"
    );
    refused!(
        User::query().with(User.posts.order_by(numbered().asc())),
        "User.posts: a window function in a load would see the rows of all parents: load the rows, and number them in the \
         program; or ask for it in a query that starts from them"
    );
    refused!(
        User::query().with(User.posts.filter(numbered().eq(1))),
        "User.posts: a window function has its value when rows are filtered and grouped already, so `filter`, `group_by` and \
         `having` cannot use it: select it or order by it; `from_sql` takes a query that filters by it"
    );

    let before = lag(Post.id).over(Window::new().partition_by(Post.user_id).order_by(Post.id.asc()));
    let before = Post::query().select((Post.id, before)).order_by(Post.id.asc());
    assert_eq!(runs!(db, before), [(1, None), (2, None), (3, Some(1)), (4, None), (5, Some(2))]);
    let newest = Post::query().select(numbered()).filter(Post.user_id.eq(outer(User.id))).limit(1);
    let newest = User::query().select((User.id, relata::scalar(newest))).order_by(User.id.asc());
    assert_eq!(runs!(db, newest), [(1, Some(1)), (2, Some(1)), (3, Some(1)), (4, None)]);
}

#[tokio::test]
async fn an_aggregate_over_a_window_has_neither_different_values_nor_an_order_of_its_own() {
    let world = world().await;
    let db = &world.pool;
    refused!(
        Post::query().select(Post.title.count_distinct().over(Window::new())),
        "Post: PostgreSQL aggregates different values of groups only, not of a window: leave out `over`, or count by \
         `dense_rank`"
    );
    refused!(
        Post::query().select(Post.title.array_agg().order_by(Post.id.asc()).over(Window::new())),
        "Post: an aggregate over a window is in the window's order: `Window::new().order_by(…)`"
    );
    refused!(Post::query().select(ntile(0).over(Window::new())), "Post: `ntile` makes one part or more");

    let so_far = Post.title.string_agg(",").filter(Post.published.eq(true)).over(Window::new().order_by(Post.id.asc()));
    let so_far = runs!(db, Post::query().select(so_far).order_by(Post.id.asc()).limit(3));
    assert_eq!(so_far.last(), Some(&Some("Rust,Advanced Rust".to_owned())));
    let parts = Post::query().select(ntile(2).over(Window::new().order_by(Post.id.asc()))).order_by(Post.id.asc());
    assert_eq!(runs!(db, parts), [1, 1, 1, 2, 2]);
}

#[tokio::test]
async fn pages_are_in_an_order_of_all_rows() {
    let world = world().await;
    let db = &super::nowhere();
    let trace = crate::support::trace::listen();
    let windowed = Post::query().order_by(numbered().asc()).limit(2);
    let error = windowed.page(db).await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "Post: a window function counts the rows of one page, so it is no order of all of them: pages are ordered by columns, \
         or counted off by `offset`"
    );
    let distinct = Post::query().distinct_on(Post.title).order_by(Post.title.asc()).limit(2);
    let error = distinct.page(db).await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "Post: rows that are `distinct_on` something are chosen anew for each page, so a cursor gives some of them twice: \
         count them off by `offset`"
    );
    assert!(trace.take().is_empty());

    let second = runs!(&world.pool, windowed.offset(2));
    assert_eq!(second.iter().map(|post| post.id).collect::<Vec<_>>(), [3, 2]);
    let second = runs!(&world.pool, distinct.offset(2));
    assert_eq!(second.iter().map(|post| post.id).collect::<Vec<_>>(), [1]);
    let counted = Comment::query().order_by(Comment.body.asc()).limit(1).page(&world.pool).await.unwrap();
    assert_eq!((counted.rows.len(), counted.next.is_some()), (1, true));
}
