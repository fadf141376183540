//! Distinct rows and their order, locks, set operations, positions and cursors.

use relata::prelude::*;
use relata::{ErrorKind, Window, count, row_number};

use super::{nowhere, refused, runs};
use crate::support::blog::{Comment, Post, world};
use crate::support::trace;

#[tokio::test]
async fn distinct_rows_are_ordered_by_what_is_selected() {
    let world = world().await;
    let db = &world.pool;
    let message = "Post: rows that are `distinct` are ordered by what is selected, since one of them may stand for several: \
         select what they are ordered by, too; `distinct_on` gives the first of each";
    refused!(Post::query().select(Post.title).distinct().order_by(Post.id.asc()), message);
    refused!(Post::query().select(Post.id + 1).distinct().order_by(((Post.id + 1) * 2).asc()), message);
    refused!(Post::query().distinct().order_by(Post.author.name.asc()), message);

    let titles = Post::query().select(Post.title).distinct().order_by(Post.title.desc());
    assert_eq!(runs!(db, titles), ["Rust", "Drafts", "Advanced Rust"]);
    let next = Post::query().select(Post.id + 1).distinct().order_by((Post.id + 1).desc());
    assert_eq!(runs!(db, next), [6, 5, 4, 3, 2]);
    let authors = Post::query().select((Post.author.name, Post.author)).distinct().order_by(Post.author.name.asc());
    assert_eq!(runs!(db, authors.order_by(Post.author.id.asc())).len(), 3);
}

#[derive(View, Debug, Clone, PartialEq)]
#[view(Post)]
struct Title {
    title: String,
}

#[derive(View, Debug, Clone)]
#[view(Comment)]
struct Line {
    body: String,
}

#[derive(View, Debug, Clone)]
#[view(Post)]
struct Discussed {
    title: String,
    #[view(load)]
    comments: Vec<Line>,
}

#[tokio::test]
async fn distinct_rows_of_a_view_have_no_relations() {
    let world = world().await;
    let db = &world.pool;
    refused!(
        Discussed::query().distinct().order_by(Post.title.asc()),
        "Post: `distinct` rows of a view differ in `Post.id` as well, which leads to its relations: give it a field in the \
         view, or leave out the relations"
    );
    let titles = runs!(db, Title::query().distinct().order_by(Post.title.desc()));
    assert_eq!(titles.iter().map(|row| row.title.as_str()).collect::<Vec<_>>(), ["Rust", "Drafts", "Advanced Rust"]);
    let titles = runs!(db, Title::query().distinct().order_by(Post.title.desc()).limit(2).offset(1));
    assert_eq!(titles.iter().map(|row| row.title.as_str()).collect::<Vec<_>>(), ["Drafts", "Advanced Rust"]);
    assert_eq!(Title::query().distinct().first(db).await.unwrap().unwrap().title, "Advanced Rust");
    let discussed = runs!(db, Discussed::query().order_by(Post.id.asc()).limit(1));
    assert_eq!((discussed[0].title.as_str(), discussed[0].comments[0].body.as_str()), ("Rust", "thanks"));
}

#[tokio::test]
async fn an_order_of_rows_distinct_on_something_begins_with_it() {
    let world = world().await;
    let db = &world.pool;
    let message = "Post: an order of rows that are `distinct_on` something begins with that: what comes after it says which of \
         them is the first";
    refused!(Post::query().distinct_on(Post.title).order_by(Post.id.desc()), message);
    refused!(
        Post::query().distinct_on((Post.title, Post.user_id)).order_by(Post.title.asc()).order_by(Post.id.asc()),
        message
    );
    refused!(Post::query().distinct_on(Post.title).order_by(Post.id.asc()).order_by(Post.title.asc()), message);
    refused!(Post::query().select(Post.id).distinct_on(Post.title).order_by(Post.title.lower().asc()), message);

    let last =
        Post::query().distinct_on(Post.title).order_by(Post.title.asc()).order_by(Post.id.desc()).select(Post.id);
    assert_eq!(runs!(db, last), [2, 4, 5]);
    let turned = Post::query().distinct_on((Post.title, Post.user_id)).order_by(Post.user_id.desc());
    let turned = turned.order_by(Post.title.asc()).order_by(Post.id.desc()).select((Post.user_id, Post.id));
    assert_eq!(runs!(db, turned), [(3, 4), (2, 2), (2, 5), (1, 3)]);
    // PostgreSQL asks for no more than that nothing stands between them.
    let some = Post::query().distinct_on((Post.title, Post.user_id)).order_by(Post.title.desc()).select(Post.title);
    assert_eq!(runs!(db, some), ["Rust", "Rust", "Drafts", "Advanced Rust"]);
    assert_eq!(runs!(db, Post::query().distinct_on(Post.title)).len(), 3);
}

#[tokio::test]
async fn rows_that_are_no_rows_of_a_table_are_not_locked() {
    let world = world().await;
    let db = &world.pool;
    let message =
        |what: &str| format!("Post: rows {what} cannot be locked: lock those of the table in a query of their own");
    refused!(Post::query().for_update().select(count()), message("that are grouped"));
    refused!(Post::query().for_update().select(1).having(count().gt(1)), message("that are grouped"));
    refused!(Post::query().for_update().group_by(Post.title).select(Post.title), message("that are grouped"));
    refused!(Post::query().for_share().select(Post.title).distinct(), message("that are distinct"));
    refused!(Post::query().for_key_share().distinct_on(Post.title), message("that are distinct"));
    let numbered = || row_number().over(Window::new()) + Post.id;
    refused!(Post::query().for_update().select(numbered()), message("beside a window function"));
    refused!(Post::query().for_update().order_by(numbered().asc()), message("beside a window function"));
    refused!(Post::query().union(Post::query()).for_update(), message("of a set operation"));
    refused!(Post::from_sql("SELECT * FROM posts", ()).for_no_key_update(), message("of a raw query"));
    refused!(Post::query().for_update().union(Post::query()), "Post: rows of a set operation cannot be locked");
    refused!(
        Post::query().select(Post.id).union(Post::query().for_update().select(Post.id)),
        "Post: rows of a set operation cannot be locked"
    );
    let alone = "Post: `of`, `skip_locked` and `no_wait` go with a lock: `for_update()`";
    refused!(Post::query().skip_locked(), alone);
    refused!(Post::query().no_wait().select(Post.id), alone);

    let mut client = world.pool.get().await.unwrap();
    let within = client.transaction().await.unwrap();
    let locked = Post::query().for_update().skip_locked().filter(Post.author.name.eq("Bob")).order_by(Post.id.asc());
    assert_eq!(runs!(&within, locked.clone()).len(), 2);
    // Others see that these rows are locked, and no others.
    assert_eq!(locked.all(db).await.unwrap().len(), 0);
    assert_eq!(Post::query().for_update().skip_locked().select(Post.title).all(db).await.unwrap().len(), 3);
    let limited = Post::query().for_update().no_wait().filter(Post.user_id.eq(1)).limit(1).with(Post.comments.joined());
    assert_eq!(runs!(db, limited).len(), 1);
    let error = locked.no_wait().all(db).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Database);
}

#[tokio::test]
async fn a_position_is_one_that_there_is() {
    let world = world().await;
    let pairs =
        || Post::query().select((Post.author, Post.title)).union(Post::query().select((Post.author, Post.title)));
    let message = |position: usize| {
        format!("Post: an order by position {position}, where 3 columns are selected: the first is 1")
    };
    refused!(pairs().order_by_position(0), message(0));
    refused!(pairs().order_by_position(2).order_by_position_desc(4), message(4));
    let pairs = runs!(&world.pool, pairs().order_by_position_desc(3).order_by_position(1));
    let pairs: Vec<_> = pairs.iter().map(|(author, title)| (author.id, title.as_str())).collect();
    assert_eq!(pairs, [(1, "Rust"), (2, "Rust"), (3, "Drafts"), (2, "Advanced Rust")]);
}

#[tokio::test]
async fn a_cursor_is_of_rows_of_entities_that_are_not_counted() {
    let world = world().await;
    let pages = Post::query().order_by(Post.title.asc()).limit(2);
    let next = pages.page(&world.pool).await.unwrap().next.unwrap();
    let (db, listener) = (nowhere(), trace::listen());
    let refused = |error: relata::Error| {
        assert_eq!(error.kind(), ErrorKind::InvalidQuery);
        error.to_string()
    };
    let after = pages.clone().after(&next);
    let counted = "Post: rows after a cursor are not counted: `counted` gives the number of all";
    assert_eq!(refused(after.count(&db).await.unwrap_err()), counted);
    let entities = "Post: a cursor is a place among the rows of entities: it goes with `page` and `all`";
    assert_eq!(refused(after.clone().select(Post.id).all(&db).await.unwrap_err()), entities);
    let united = after.clone().union(Post::query());
    assert_eq!(
        refused(united.all(&db).await.unwrap_err()),
        "Post: a cursor is a place in an order, which the rows of a set operation have not: page the result"
    );
    assert!(listener.take().is_empty());

    assert_eq!(after.all(&world.pool).await.unwrap().len(), 2);
    assert_eq!(pages.counted(&world.pool).await.unwrap().total, 5);
    let united = Post::query().union(Post::query()).order_by(Post.id.asc()).limit(3).page(&world.pool).await.unwrap();
    assert_eq!((united.rows.len(), united.next.is_some()), (3, true));
}
