//! Nothing: no values, no rows, no groups, pages of no rows and pages of tables without any.

use relata::prelude::*;
use relata::{Cursor, Window, case, count, exists, row_number, scalar};

use crate::support::World;
use crate::support::blog::{self, Comment, Post, User};

#[tokio::test]
async fn lists_of_nothing_are_met_by_nothing() {
    let world = blog::world().await;
    let db = &world.pool;
    let none: [i32; 0] = [];
    let of_none = [
        User.id.is_in(none),
        !User.id.is_not_in(none),
        Predicate::any([]),
        !Predicate::all([]),
        User.posts.any(Predicate::never()),
        User.posts.count().filter(Predicate::any([])).gt(0),
        User.id.is_in_rows(Post::query().filter(Predicate::never()).select(Post.user_id)),
        exists(User::query().limit(0)),
        User.id.gt(scalar(User::query().filter(User.id.lt(0)).select(User.id))),
        case(Predicate::never(), 1).when(User.id.is_in(none), 2).end().is_not_null(),
    ];
    for (at, condition) in of_none.into_iter().enumerate() {
        assert_eq!(User::query().filter(condition.clone()).count(db).await.unwrap(), 0, "{at}");
        assert!(User::query().filter(condition.clone()).all(db).await.unwrap().is_empty(), "{at}");
        assert_eq!(User::query().select(count().filter(condition)).one(db).await.unwrap(), 0, "{at}");
    }
    assert_eq!(User::query().filter(User.posts.every(Predicate::never())).select(User.id).all(db).await.unwrap(), [4]);
    assert_eq!(
        User::query().filter(User.id.is_not_in_rows(Post::query().limit(0).select(Post.id))).count(db).await.unwrap(),
        4
    );
}

#[tokio::test]
async fn rows_of_nothing_are_no_groups_and_one_aggregate() {
    let world = blog::world().await;
    let db = &world.pool;
    let nothing = || Post::query().filter(Post.id.lt(0));
    assert!(nothing().select((Post.id, Post.author.name)).all(db).await.unwrap().is_empty());
    assert!(nothing().group_by(Post.title).select((Post.title, count())).all(db).await.unwrap().is_empty());
    assert!(nothing().select(row_number().over(Window::new())).all(db).await.unwrap().is_empty());
    assert!(nothing().select((Post, Post.comments.each())).all(db).await.unwrap().is_empty());
    let all = (
        count(),
        Post.id.sum(),
        Post.id.avg::<f64>(),
        Post.title.string_agg(","),
        Post.id.array_agg(),
        Post.published.bool_and(),
    );
    let all: Vec<(i64, Option<i64>, Option<f64>, Option<String>, Option<Vec<i32>>, Option<bool>)> =
        nothing().select(all).all(db).await.unwrap();
    assert_eq!(all, [(0, None, None, None, None, None)]);
    assert!(nothing().select(count()).having(count().gt(0)).all(db).await.unwrap().is_empty());
    let counts = [
        nothing().select(Post.id).count(db).await.unwrap(),
        nothing().select(count()).count(db).await.unwrap(),
        nothing().group_by(Post.title).select(count()).count(db).await.unwrap(),
        Post::query().select(Post.id).limit(0).count(db).await.unwrap(),
        Post::query().select(Post.id).offset(99).count(db).await.unwrap(),
        Post::query().select(Post.id).except(Post::query().select(Post.id)).count(db).await.unwrap(),
        nothing().union(nothing()).count(db).await.unwrap(),
    ];
    assert_eq!(counts, [0, 1, 0, 0, 0, 0, 0]);
    assert_eq!(Post::query().select(count()).limit(0).first(db).await.unwrap(), None);
    assert!(!Post::query().select(Post.id).offset(99).exists(db).await.unwrap());
    assert!(Post::query().select(count()).offset(1).one(db).await.is_err());
}

#[tokio::test]
async fn pages_of_nothing_end_at_once() {
    let world = blog::world().await;
    let db = &world.pool;
    let by = || Post::query().order_by(Post.title.asc());
    let counted = by().offset(99).limit(2).counted(db).await.unwrap();
    assert_eq!((counted.rows.len(), counted.total), (0, 5));
    let counted = by().limit(0).counted(db).await.unwrap();
    assert_eq!((counted.rows.len(), counted.total), (0, 5));
    let page = by().limit(0).page(db).await.unwrap();
    assert_eq!((page.rows.len(), page.next), (0, None));
    // A cursor outlives its row, and all that come after it.
    let last: Cursor = by().limit(4).page(db).await.unwrap().next.unwrap();
    let first: Cursor = by().limit(1).page(db).await.unwrap().next.unwrap();
    world.execute("DELETE FROM comments; DELETE FROM posts WHERE id <> 2").await;
    let after = by().after(&last).limit(2).page(db).await.unwrap();
    assert_eq!((after.rows.len(), after.next), (0, None));
    world.execute("DELETE FROM posts").await;
    let after = by().after(&first).limit(2).with(Post.comments).page(db).await.unwrap();
    assert_eq!((after.rows.len(), after.next), (0, None));
    assert!(by().after(&first).all(db).await.unwrap().is_empty());
    // Parents without rows have an empty page, and so have cursors of parents that are gone.
    let users = User::query().with(User.posts.first(1)).all(db).await.unwrap();
    assert!(users.iter().all(|user| user.posts().is_empty() && user.posts().next.is_none()));
    let none = User::query().filter(User.id.lt(0)).with(User.posts.first(1)).all(db).await.unwrap();
    assert!(none.is_empty());
}

#[tokio::test]
async fn cursors_of_no_parent_and_of_parents_that_are_gone_begin_nothing() {
    let world = blog::world().await;
    let db = &world.pool;
    let load = |after: Vec<Cursor>| User::query().with(User.posts.after(after).first(1)).order_by(User.id.asc());
    let first = load(Vec::new()).all(db).await.unwrap();
    assert_eq!(first.iter().map(|user| user.posts().len()).collect::<Vec<_>>(), [1, 1, 1, 0]);
    let next: Vec<Cursor> = first.iter().filter_map(|user| user.posts().next.clone()).collect();
    assert_eq!(next.len(), 2);
    // Of two parents, one of which the query leaves out.
    let rest = load(next.clone()).filter(User.id.gt(1)).all(db).await.unwrap();
    assert_eq!(
        rest.iter().map(|user| user.posts().first().map(|post| post.id)).collect::<Vec<_>>(),
        [Some(5), Some(4), None]
    );
    let empty = Comment::query().filter(Comment.id.lt(0)).with(Comment.author.with(User.posts.after(next).first(1)));
    assert!(empty.all(db).await.unwrap().is_empty());
}

#[tokio::test]
async fn the_same_holds_on_tables_without_rows() {
    let world = World::new(blog::TABLES).await;
    let db = &world.pool;
    let page = User::query().with(User.posts.first(2)).limit(5).page(db).await.unwrap();
    assert_eq!((page.rows.len(), page.next), (0, None));
    let counted = User::query().with(User.posts).counted(db).await.unwrap();
    assert_eq!((counted.rows.len(), counted.total), (0, 0));
    assert_eq!(User::query().select((User.posts.each_or_null(), User)).all(db).await.unwrap().len(), 0);
    let windows = row_number().over(Window::new().order_by(User.posts.comments.count().desc()));
    assert!(User::query().select((User.name, windows)).first(db).await.unwrap().is_none());
    assert_eq!(User::query().select(User.name.max()).one(db).await.unwrap(), None);
}
