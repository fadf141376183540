//! Locks of the tables that paths lead to: what others then find free.

use relata::ErrorKind;
use relata::prelude::*;

use crate::support::World;
use crate::support::blog::{Comment, Post, User, world};

/// What nobody has locked: users, posts and comments.
async fn free(world: &World) -> [Vec<i32>; 3] {
    let db = &world.pool;
    let users = User::query().for_update().skip_locked().select(User.id).order_by(User.id.asc());
    let posts = Post::query().for_update().skip_locked().select(Post.id).order_by(Post.id.asc());
    let comments = Comment::query().for_update().skip_locked().select(Comment.id).order_by(Comment.id.asc());
    [users.all(db).await.unwrap(), posts.all(db).await.unwrap(), comments.all(db).await.unwrap()]
}

/// Asserts that the query's rows are locked so far that this is left.
macro_rules! leaves {
    ($world:expr, $query:expr, $free:expr) => {{
        let (world, query) = ($world, $query);
        let mut client = world.pool.get().await.unwrap();
        let within = client.transaction().await.unwrap();
        let rows = query.all(&within).await.unwrap_or_else(|error| panic!("{error:?}\n{}", query.to_sql()));
        assert_eq!(free(world).await, $free.map(|ids: &[i32]| ids.to_vec()), "{}", query.to_sql());
        within.rollback().await.unwrap();
        rows
    }};
}

#[tokio::test]
async fn a_lock_is_of_the_tables_that_it_names() {
    let world = world().await;
    let all: [&[i32]; 3] = [&[1, 2, 3, 4], &[1, 2, 3, 4, 5], &[1, 2, 3, 4, 5, 6]];
    let of_bob = || Post::query().filter(Post.author.name.eq("Bob")).order_by(Post.id.asc()).for_update();

    leaves!(&world, of_bob(), [all[0], &[1, 3, 4], all[2]]);
    leaves!(&world, of_bob().of(Post), [all[0], &[1, 3, 4], all[2]]);
    leaves!(&world, of_bob().of(Post.author), [&[1, 3, 4], all[1], all[2]]);
    leaves!(&world, of_bob().of(Post.author).of(Post), [&[1, 3, 4], &[1, 3, 4], all[2]]);
    let sql = of_bob().of(Post).of(Post.author).of(Post.author).no_wait().to_sql().text().to_owned();
    let (from, lock) =
        (r#"INNER JOIN "users" AS "t1" ON "t0"."user_id" = "t1"."id""#, r#"FOR UPDATE OF "t0", "t1" NOWAIT"#);
    assert!(sql.contains(from) && sql.ends_with(lock) && sql.matches("JOIN").count() == 1, "{sql}");

    // Over two steps, of which the first is locked not.
    let comment = Comment::find(5).for_no_key_update().of(Comment.post.author);
    leaves!(&world, comment, [&[1, 3, 4], all[1], all[2]]);
}

#[tokio::test]
async fn a_lock_of_a_path_goes_with_loads_limits_and_selections() {
    let world = world().await;
    let all: [&[i32]; 3] = [&[1, 2, 3, 4], &[1, 2, 3, 4, 5], &[1, 2, 3, 4, 5, 6]];
    let last = || Post::query().order_by(Post.id.desc()).limit(2).for_update().of(Post.author);

    let rows = leaves!(&world, last().with(Post.comments.joined()), [&[1, 4], all[1], all[2]]);
    assert_eq!(rows.iter().map(|post| (post.id, post.comments().len())).collect::<Vec<_>>(), [(5, 2), (4, 0)]);
    let rows = leaves!(&world, last().with(Post.author.joined()).with(Post.comments), [&[1, 4], all[1], all[2]]);
    assert_eq!(rows.iter().map(|post| post.author().name.as_str()).collect::<Vec<_>>(), ["Bob", "Alice"]);

    let titles = User::query().for_update().of(User.posts.each()).select((User.id, User.posts.each().title));
    let rows = leaves!(&world, titles.filter(User.id.eq(1)), [all[0], &[2, 4, 5], all[2]]);
    assert_eq!(rows.len(), 2);
    assert_eq!(last().count(&world.pool).await.unwrap(), 2);
    assert!(last().exists(&world.pool).await.unwrap());
}

#[tokio::test]
async fn a_lock_multiplies_no_rows() {
    let world = world().await;
    let all = User::query().for_update().of(User.posts.each());
    for (result, message) in [
        (
            all.all(&world.pool).await.map(drop),
            "User: `User.posts.each()` is locked, and nothing of it is selected: it would only multiply the rows",
        ),
        (
            all.clone().select(User.name).all(&world.pool).await.map(drop),
            "User: `User.posts.each()` is locked, and nothing of it is selected: it would only multiply the rows",
        ),
        (
            User::query().of(User).all(&world.pool).await.map(drop),
            "User: `of`, `skip_locked` and `no_wait` go with a lock: `for_update()`",
        ),
    ] {
        let error = result.unwrap_err();
        assert_eq!((error.kind(), error.to_string().as_str()), (ErrorKind::InvalidQuery, message));
    }
}
