//! The verbs, on what they find: nothing, one row, several.

use relata::ErrorKind;
use relata::prelude::*;

use crate::support::blog::{self, Comment, Post, User};
use crate::support::trace::listen;
use crate::support::twins::{Under, mixtures};

#[tokio::test]
async fn first_is_by_the_order_and_by_the_key_without_one() {
    let world = blog::world().await;
    let db = &world.pool;
    assert_eq!(User::query().first(db).await.unwrap().unwrap().id, 1);
    assert_eq!(User::query().order_by(User.name.desc()).first(db).await.unwrap().unwrap().id, 4);
    // Two users are called Alice: the key decides.
    assert_eq!(User::query().order_by(User.name.asc()).first(db).await.unwrap().unwrap().id, 1);
    assert!(User::query().filter(User.id.gt(99)).first(db).await.unwrap().is_none());
    // A narrower limit of the query's own holds.
    assert!(User::query().limit(0).first(db).await.unwrap().is_none());
}

#[tokio::test]
async fn one_is_exactly_one() {
    let world = blog::world().await;
    let db = &world.pool;
    assert_eq!(User::find(3).one(db).await.unwrap().name, "Alice");
    let none = User::find(99).one(db).await.unwrap_err();
    assert_eq!(
        (none.kind(), none.to_string().as_str()),
        (ErrorKind::NotFound, "User: no row, where one was asked for")
    );
    let several = User::query().filter(User.name.eq("Alice")).one(db).await.unwrap_err();
    let message = "User: more than one row, where one was asked for";
    assert_eq!((several.kind(), several.to_string().as_str()), (ErrorKind::SeveralRows, message));
}

#[tokio::test]
async fn at_most_one_is_none_or_one() {
    let world = blog::world().await;
    let db = &world.pool;
    assert!(User::find(99).at_most_one(db).await.unwrap().is_none());
    assert_eq!(User::find(2).at_most_one(db).await.unwrap().unwrap().name, "Bob");
    let several = User::query().at_most_one(db).await.unwrap_err();
    assert_eq!(several.kind(), ErrorKind::SeveralRows);
}

#[tokio::test]
async fn count_and_exists_respect_filters_limits_and_offsets_and_run_no_loads() {
    let world = blog::world().await;
    let db = &world.pool;
    let listener = listen();
    assert_eq!(Post::query().with(Post.comments).count(db).await.unwrap(), 5);
    assert_eq!(Post::query().filter(Post.author.name.eq("Alice")).count(db).await.unwrap(), 3);
    assert_eq!(Post::query().limit(2).count(db).await.unwrap(), 2);
    assert_eq!(Post::query().offset(4).count(db).await.unwrap(), 1);
    assert_eq!(Post::query().order_by(Post.author.name.asc()).limit(9).offset(9).count(db).await.unwrap(), 0);
    assert!(Post::query().order_by(Post.id.asc()).exists(db).await.unwrap());
    assert!(!Post::query().offset(5).exists(db).await.unwrap());
    assert!(!Post::query().limit(0).exists(db).await.unwrap());
    assert_eq!(listener.take().len(), 8);
}

#[tokio::test]
async fn limit_and_offset_count_parents() {
    let world = blog::world().await;
    for [posts, comments] in mixtures() {
        let load = User.posts.under(posts).with(Post.comments.under(comments));
        let users = User::query().limit(2).offset(1).with(load.clone()).all(&world.pool).await.unwrap();
        let shape: Vec<(i32, usize)> = users.iter().map(|user| (user.id, user.posts().len())).collect();
        assert_eq!(shape, [(2, 2), (3, 1)]);
        // The verbs that take one row have all that belongs to it.
        let first = User::query().order_by(User.id.asc()).with(load.clone()).first(&world.pool).await.unwrap().unwrap();
        assert_eq!(first.posts().iter().map(|post| post.comments().len()).sum::<usize>(), 3);
        let one = User::query().filter(User.name.eq("Bob")).with(load.clone()).one(&world.pool).await.unwrap();
        assert_eq!(one.posts().iter().map(|post| post.comments().len()).sum::<usize>(), 3);
        let several = User::query().filter(User.name.eq("Alice")).with(load).at_most_one(&world.pool).await;
        assert_eq!(several.unwrap_err().kind(), ErrorKind::SeveralRows);
    }
}

#[tokio::test]
async fn one_span_a_load_and_one_event_a_statement() {
    let world = blog::world().await;
    let query = Post::query().order_by(Post.id.asc()).with(Post.author).with(Post.comments.with(Comment.author));
    let listener = listen();
    query.all(&world.pool).await.unwrap();
    assert_eq!(listener.spans(), ["load"]);
    let ran = listener.take();
    let mut paths: Vec<(&str, Option<u64>)> = ran.iter().map(|ran| (ran.path.as_str(), ran.rows)).collect();
    paths.sort_unstable();
    assert_eq!(paths, [("Post", Some(5)), ("Post.comments", Some(6))], "both authors are joined");
    assert_eq!(query.plan().statements(), 2);

    let comments = Post.comments.with(Comment.author.select_in());
    let query = Post::query().order_by(Post.id.asc()).with(Post.author.select_in()).with(comments);
    query.all(&world.pool).await.unwrap();
    assert_eq!(listener.spans(), ["load"]);
    let ran = listener.take();
    let mut paths: Vec<(&str, Option<u64>)> = ran.iter().map(|ran| (ran.path.as_str(), ran.rows)).collect();
    paths.sort_unstable();
    let expected =
        [("Post", Some(5)), ("Post.author", Some(3)), ("Post.comments", Some(6)), ("Post.comments.author", Some(3))];
    assert_eq!(paths, expected);
    assert_eq!(query.plan().statements(), 4);
}
