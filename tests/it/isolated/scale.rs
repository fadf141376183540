//! Loads of many rows, of large rows, of none, and of rows that change under them.

use relata::prelude::*;
use relata::{Connection, ErrorKind};

use super::probe::{prepared, refused, until_blocked};
use crate::contract::c01_blog::{Comment, Post, User};
use crate::support::trace::listen;
use crate::support::{World, blog, connect, pool};

#[tokio::test]
async fn a_hundred_thousand_parents_are_one_load() {
    let world = World::new(blog::TABLES).await;
    let rows = "INSERT INTO users SELECT id, 'u' || id FROM generate_series(1, 100000) AS id;
        INSERT INTO posts SELECT id, 'p' || id, true, 1 + id % 70000 FROM generate_series(1, 100000) AS id; ANALYZE;";
    world.execute(rows).await;
    let one = pool(&world.config, 1);
    let listener = listen();
    let users = User::query().with(User.posts).all(&one).await.unwrap();
    let ran = listener.take();
    assert_eq!(ran.iter().map(|ran| ran.rows).collect::<Vec<_>>(), [Some(100_000), Some(100_000)]);
    assert_eq!(users.len(), 100_000);
    for user in &users {
        let posts = user.posts();
        let expected = if (2..=30_001).contains(&user.id) { 2 } else { usize::from(user.id <= 70_000) };
        assert_eq!(posts.len(), expected, "of user {}", user.id);
        assert!(posts.iter().all(|post| post.user_id == user.id && post.title == format!("p{}", post.id)));
    }
    drop(users);

    // Far more keys than a message has parameters, each distinct, and some of them shared by two parents.
    let posts = Post::query().with(Post.author.select_in()).all(&one).await.unwrap();
    assert_eq!(posts.len(), 100_000);
    assert!(posts.iter().all(|post| post.author().id == post.user_id));
    assert_eq!(listener.take().iter().map(|ran| ran.rows).collect::<Vec<_>>(), [Some(100_000), Some(70_000)]);
    let known = User::query().filter(User.id.is_in(0..70_000)).count(&one).await.unwrap();
    assert_eq!(known, 69_999);
    assert_eq!(prepared(&one.get().await.unwrap()).await, 5 + 1, "five texts, and this question itself");
}

/// Each parent stands in as many rows as it has children, and is one parent.
#[tokio::test]
async fn a_hundred_thousand_joined_rows_are_one_load() {
    let world = World::new(blog::TABLES).await;
    let rows = "INSERT INTO users SELECT id, 'u' || id FROM generate_series(1, 100000) AS id;
        INSERT INTO posts SELECT id, 'p' || id, true, 1 + id % 70000 FROM generate_series(1, 100000) AS id; ANALYZE;";
    world.execute(rows).await;
    let one = pool(&world.config, 1);
    let listener = listen();
    let users = User::query().with(User.posts.joined().with(Post.author)).all(&one).await.unwrap();
    let ran = listener.take();
    assert_eq!(ran.iter().map(|ran| ran.rows).collect::<Vec<_>>(), [Some(130_000)]);
    assert_eq!(users.len(), 100_000);
    for user in &users {
        let posts = user.posts();
        let expected = if (2..=30_001).contains(&user.id) { 2 } else { usize::from(user.id <= 70_000) };
        assert_eq!(posts.len(), expected, "of user {}", user.id);
        assert!(posts.iter().all(|post| post.user_id == user.id && post.author().name == user.name));
    }
    // The same, one of each.
    for load in [User.posts.limit(1).joined(), User.posts.limit(1).joined().window(), User.posts.limit(1)] {
        let users = User::query().with(load).all(&one).await.unwrap();
        assert_eq!(users.iter().filter(|user| user.posts().len() == 1).count(), 70_000);
    }
}

#[tokio::test]
async fn ten_megabytes_in_a_row_are_a_row() {
    let world = World::new(blog::TABLES).await;
    let rows = "INSERT INTO users VALUES (1, repeat('x', 10000000)); INSERT INTO posts VALUES (1, repeat('y', 10000000), true, 1);";
    world.execute(rows).await;
    let user = User::query().with(User.posts).one(&world.pool).await.unwrap();
    assert_eq!((user.name.len(), user.posts()[0].title.len()), (10_000_000, 10_000_000));
}

/// A level without keys costs no statement.
#[tokio::test]
async fn empty_levels_ask_nothing() {
    let world = World::new(blog::TABLES).await;
    let listener = listen();
    let comments = || Post.comments.with(Comment.author.select_in());
    let tree = || User::query().with(User.posts.with(comments())).with(User.profile.select_in());
    assert!(tree().all(&world.pool).await.unwrap().is_empty());
    assert_eq!(listener.take().len(), 1);

    world.execute("INSERT INTO users VALUES (1, 'Ada'); INSERT INTO posts VALUES (1, 'Rust', true, 1)").await;
    world.execute("INSERT INTO comments SELECT id, 'x', 1, NULL FROM generate_series(1, 10) AS id").await;
    let comments = Comment::query().with(Comment.author.select_in().with(User.posts)).all(&world.pool).await.unwrap();
    assert_eq!(comments.len(), 10);
    assert!(comments.iter().all(|comment| comment.author().is_none()));
    assert_eq!(listener.take().len(), 1, "all foreign keys are NULL");

    let users = tree().all(&world.pool).await.unwrap();
    assert_eq!(users[0].posts()[0].comments().len(), 10);
    let mut paths: Vec<String> = listener.take().into_iter().map(|ran| ran.path).collect();
    paths.sort_unstable();
    assert_eq!(paths, ["User", "User.posts", "User.posts.comments", "User.profile"]);
}

/// Each statement sees the rows of its own time: what is gone by then is not there, or is missed by name.
#[tokio::test]
async fn rows_deleted_between_two_statements_are_gone_or_missed() {
    let world = blog::world().await;
    let mut config = world.config.clone();
    config.application_name("meanwhile");
    let db = Connection::new(connect(&config).await);
    let (users, posts) =
        (User::query().order_by(User.id.asc()).with(User.posts), Post::query().with(Post.author.select_in()));
    // Warm, so that only the second statement meets the lock.
    users.all(&db).await.unwrap();
    posts.all(&db).await.unwrap();
    let (blocker, watcher) = (world.client().await, world.client().await);

    blocker.batch_execute("BEGIN; LOCK TABLE posts, comments").await.unwrap();
    let (rows, ()) = tokio::join!(users.all(&db), async {
        until_blocked(&watcher, "meanwhile", 1).await;
        let delete =
            "DELETE FROM comments; DELETE FROM posts WHERE user_id = 2; DELETE FROM users WHERE id = 2; COMMIT";
        blocker.batch_execute(delete).await.unwrap();
    });
    let rows = rows.unwrap();
    assert_eq!((rows.len(), rows[1].id, rows[1].posts().len()), (4, 2, 0), "the first statement saw the user");

    blocker.batch_execute("BEGIN; LOCK TABLE users").await.unwrap();
    let (rows, ()) = tokio::join!(posts.all(&db), async {
        until_blocked(&watcher, "meanwhile", 1).await;
        blocker.batch_execute("TRUNCATE users, profiles, posts, comments; COMMIT").await.unwrap();
    });
    let error = rows.unwrap_err();
    assert_eq!((error.kind(), error.path()), (ErrorKind::MissingTarget, Some("Post.author")), "{error}");
    assert!(posts.all(&db).await.unwrap().is_empty());

    // A snapshot is the caller's transaction: there the second statement sees what the first did.
    world.execute(blog::ROWS).await;
    let mut client = connect(&config).await;
    let transaction = client.build_transaction().isolation_level(tokio_postgres::IsolationLevel::RepeatableRead);
    let transaction = transaction.start().await.unwrap();
    assert_eq!(users.all(&transaction).await.unwrap().len(), 4);
    blocker
        .batch_execute("DELETE FROM comments; DELETE FROM posts; DELETE FROM profiles; DELETE FROM users")
        .await
        .unwrap();
    assert_eq!(posts.all(&transaction).await.unwrap().len(), 5);
    transaction.commit().await.unwrap();
    refused(users.one(&client).await, ErrorKind::NotFound, "User: no row, where one was asked for");
}
