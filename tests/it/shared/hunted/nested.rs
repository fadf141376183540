//! Pages within pages, pages of parents whose keys are equal and have other bytes, and what is asked of a union.

use relata::prelude::*;
use relata::{Cursor, ErrorKind, count, exists, outer};

use crate::support::World;
use crate::support::blog::{self, Comment, Post, User};

#[derive(Entity, Debug, Clone, PartialEq)]
#[entity(table = "rates")]
#[has_many(uses: Vec<Use>, by = rate, references = rate)]
struct Rate {
    #[key]
    id: i32,
    rate: f64,
}

#[derive(Entity, Debug, Clone, PartialEq)]
#[entity(table = "uses")]
struct Use {
    #[key]
    id: i32,
    rate: f64,
}

#[tokio::test]
async fn parents_of_equal_keys_in_other_bytes_go_on_at_the_same_place() {
    let script = "CREATE TABLE rates (id int PRIMARY KEY, rate float8 NOT NULL);
        CREATE TABLE uses (id int PRIMARY KEY, rate float8 NOT NULL);
        INSERT INTO rates VALUES (1, 0), (2, '-0'), (3, 'NaN'), (4, 1), (5, 0);
        INSERT INTO uses VALUES (1, 0), (2, '-0'), (3, 'NaN'), (4, 'NaN'), (5, 1), (6, 0);";
    let world = World::new(script).await;
    let db = &world.pool;
    let counts = Rate::query().select(Rate.uses.count()).order_by(Rate.id.asc()).all(db).await.unwrap();
    assert_eq!(counts, [3, 3, 2, 1, 3]);
    let groups = Use::query().group_by(Use.rate).select((Use.rate, count())).order_by(Use.rate.asc()).all(db).await;
    assert_eq!(groups.unwrap().iter().map(|group| group.1).collect::<Vec<_>>(), [3, 1, 2]);
    for by in [Use.id.asc(), Use.rate.desc()] {
        let load = Rate.uses.order_by(by);
        let rates = |load| Rate::query().with(load).order_by(Rate.id.asc());
        let first = rates(load.clone().first(1)).all(db).await.unwrap();
        let next: Vec<Cursor> = first.iter().filter_map(|rate| rate.uses().next.clone()).collect();
        let rest = rates(load.after(next).first(9)).all(db).await.unwrap();
        let ids: Vec<Vec<i32>> = rest.iter().map(|rate| rate.uses().iter().map(|one| one.id).collect()).collect();
        // The fourth has no cursor, and so begins anew.
        assert_eq!(ids, [vec![2, 6], vec![2, 6], vec![4], vec![5], vec![2, 6]]);
    }
}

#[tokio::test]
async fn pages_within_pages_have_cursors_of_their_own() {
    let world = blog::world().await;
    let db = &world.pool;
    let posts = || User.posts.order_by(Post.comments.count().filter(Comment.body.ne("x")).desc());
    let users = User::query().with(posts().with(Post.comments.first(1)).first(1)).order_by(User.id.asc()).limit(2);
    let page = users.page(db).await.unwrap();
    assert_eq!((page.rows.len(), page.next.is_some()), (2, true));
    let outer_ones: Vec<Cursor> = page.rows.iter().filter_map(|user| user.posts().next.clone()).collect();
    let all = page.rows.iter().flat_map(|user| user.posts().iter());
    let inner: Vec<Cursor> = all.filter_map(|post| post.comments().next.clone()).collect();
    assert_eq!((outer_ones.len(), inner.len()), (2, 2));
    // Of the outer pages the second, and of the inner ones.
    let rest =
        User::query().with(posts().after(outer_ones.clone()).first(1)).order_by(User.id.asc()).all(db).await.unwrap();
    let ids: Vec<Vec<i32>> = rest.iter().map(|user| user.posts().iter().map(|post| post.id).collect()).collect();
    assert_eq!(ids, [vec![3], vec![2], vec![4], vec![]]);
    let rest = User::query().with(posts().with(Post.comments.after(inner.clone()).first(9))).order_by(User.id.asc());
    let rest = rest.all(db).await.unwrap();
    let comments = |user: usize| rest[user].posts()[0].comments().iter().map(|comment| comment.id).collect::<Vec<_>>();
    assert_eq!((comments(0), comments(1)), (vec![2], vec![5]));
    // Neither is the other's, nor that of the users, nor of the same order by another value.
    let other = User.posts.order_by(Post.comments.count().filter(Comment.body.ne("y")).desc());
    for error in [
        User::query().with(posts().after(inner.clone()).first(1)).all(db).await.map(drop).unwrap_err(),
        User::query().with(other.after(outer_ones.clone()).first(1)).all(db).await.map(drop).unwrap_err(),
        User::query().after(&outer_ones[0]).limit(1).page(db).await.map(drop).unwrap_err(),
        User::query().with(posts().after(page.next).first(1)).all(db).await.map(drop).unwrap_err(),
    ] {
        assert_eq!(error.kind(), ErrorKind::InvalidCursor, "{error:?}");
    }
}

#[tokio::test]
async fn a_union_is_asked_and_grouped_as_a_table_is() {
    let world = blog::world().await;
    let db = &world.pool;
    let either = || Post::query().filter(Post.id.lt(4)).union(Post::query().filter(Post.id.gt(2)));
    let groups =
        either().group_by(Post.author.name).select((Post.author.name, count())).order_by(Post.author.name.asc());
    assert_eq!(groups.all(db).await.unwrap(), [("Alice".to_owned(), 3), ("Bob".to_owned(), 2)]);
    let authors =
        User::query().filter(User.id.is_in_rows(either().filter(Post.published.eq(true)).select(Post.user_id)));
    assert_eq!(authors.select(User.id).order_by(User.id.asc()).all(db).await.unwrap(), [1, 2]);
    let mine =
        Post::query().filter(Post.user_id.eq(outer(User.id))).union(Post::query().filter(Post.id.eq(outer(User.id))));
    assert_eq!(
        User::query().filter(!exists(mine.filter(Post.published.eq(true)))).select(User.id).all(db).await.unwrap(),
        [3, 4]
    );
    let users = User::query().filter(User.id.lt(3)).union(User::query().filter(User.id.gt(2)));
    assert_eq!(users.select((User.id, User.posts.each().comments.each_or_null().id)).count(db).await.unwrap(), 7);
    let few = User::from_sql("SELECT * FROM users WHERE id < {}", (3,)).select((User.posts.each().title, User.name));
    assert_eq!(few.all(db).await.unwrap().len(), 4);
}
