//! Queries within queries, fragments of SQL, and bare values.

use relata::prelude::*;
use relata::{count, exists, literal, outer, raw, raw_predicate, scalar, value};

use super::{refused, runs};
use crate::support::blog::{Comment, Post, User, world};

#[tokio::test]
async fn outer_names_a_query_that_is_around_it() {
    let world = world().await;
    let db = &world.pool;
    refused!(
        User::query().filter(User.name.eq(outer(Post.title))),
        "User: `outer` names `Post`, and there is no query around this one: it is for conditions of `any`, `every` and \
         `count`, and for queries within a query"
    );
    refused!(
        User::query().with(User.posts.filter(Post.title.eq(outer(User.name)))),
        "User.posts: `outer` names `User`, and there is no query around this one: it is for conditions of `any`, `every` and \
         `count`, and for queries within a query"
    );
    refused!(
        User::query().filter(User.posts.any(Post.comments.any(Comment.body.eq(outer(Comment.body))))),
        "User: `outer` names `Comment`, and no query around this one starts from it, but from `Post` and `User`"
    );
    refused!(
        User::query()
            .filter(User.id.is_in_rows(Post::query().select(Post.user_id).filter(Post.title.eq(outer(Post.title))))),
        "User: `outer` names `Post`, and no query around this one starts from it, but from `User`"
    );

    let own =
        User.posts.any(Post.comments.any(Comment.user_id.eq(outer(User.id)) | Comment.body.eq(outer(Post.title))));
    assert_eq!(runs!(db, User::query().filter(own)), []);
    let others = User.posts.every(Post.comments.every(Comment.user_id.ne(outer(User.id))));
    assert_eq!(runs!(db, User::query().filter(others)).len(), 3);
    let latest =
        Post::query().select(Post.title).filter(Post.user_id.eq(outer(User.id))).order_by(Post.id.desc()).limit(1);
    let latest = User::query().select(scalar(latest)).order_by(User.id.asc());
    assert_eq!(
        runs!(db, latest),
        [Some("Rust"), Some("Rust"), Some("Drafts"), None].map(|title| title.map(str::to_owned))
    );
}

#[tokio::test]
async fn an_aggregate_of_the_query_around_is_refused() {
    let world = world().await;
    let db = &world.pool;
    let message = "User: `max` of `outer` alone would be an aggregate of the query around this one: aggregate something of \
         `Post`";
    refused!(User::query().select(User.posts.max(outer::<Post, User, _>(User.id))), message);
    refused!(User::query().select(scalar(Post::query().select(outer::<Post, User, _>(User.id).max()))), message);
    refused!(User::query().filter(User.posts.max(outer::<Post, User, _>(User.id) + 1).gt(2)), message);

    let sums = User.posts.max(outer::<Post, User, _>(User.id) * 10 + Post.id);
    let sums = User::query().select(sums).order_by(User.id.asc());
    assert_eq!(runs!(db, sums), [Some(13), Some(25), Some(34), None]);
    let counted = User.posts.count().filter(Post.id.gt(outer::<Post, User, _>(User.id)));
    assert_eq!(runs!(db, User::query().select(counted).order_by(User.id.asc())), [1, 1, 1, 0]);
}

#[tokio::test]
async fn queries_within_a_query_lock_no_rows() {
    let world = world().await;
    let db = &world.pool;
    let message = "User: rows of a query within another cannot be locked: lock those of the query around it";
    refused!(User::query().filter(exists(Post::query().for_update())), message);
    refused!(User::query().filter(User.id.is_in_rows(Post::query().for_share().select(Post.user_id))), message);
    let writers = User::query().filter(User.id.is_in_rows(Post::query().select(Post.user_id))).for_update();
    assert_eq!(runs!(db, writers).len(), 3);
}

#[tokio::test]
async fn a_fragment_has_an_argument_for_each_gap() {
    let world = world().await;
    let db = &world.pool;
    refused!(
        User::query().filter(raw_predicate("{} ~ {}", (User.name,))),
        "User: the SQL `{} ~ {}` has 2 gaps, `{}`, and is given 1 argument: braces that are no gap are written apart, \
         `{ }`"
    );
    refused!(
        User::query().select(raw::<_, i32>("1", (User.id, 2))),
        "User: the SQL `1` has 0 gaps, `{}`, and is given 2 arguments"
    );
    refused!(
        User::query().filter(raw_predicate("{} = '{}'", (User.name,))),
        "User: the SQL `{} = '{}'` has 2 gaps, `{}`, and is given 1 argument: braces that are no gap are written apart, \
         `{ }`"
    );
    refused!(
        User::from_sql("SELECT * FROM users WHERE name = {} AND id BETWEEN {} AND {} ORDER BY id", ("Bob", 1)),
        "User: the SQL `SELECT * FROM users WHERE name = {} AND id BETWEEN {} AND {}…` has 3 gaps, `{}`, and is given 2 \
         arguments: braces that are no gap are written apart, `{ }`"
    );
    refused!(User::query().filter(raw_predicate(" ", ())), "User: a fragment of SQL is empty");
    refused!(
        User::from_sql("SELECT * FROM users; ", ()),
        "User: the SQL `SELECT * FROM users;` is part of a statement: leave out the `;` at its end"
    );

    assert_eq!(runs!(db, User::query().filter(raw_predicate("{} ~ {}", (User.name, "^B")))).len(), 1);
    assert_eq!(runs!(db, User::query().filter(raw_predicate("{} <> ALL ('{ }')", (User.name,)))).len(), 4);
    assert_eq!(runs!(db, User::query().filter(raw_predicate("'{\"a\": { }}'::jsonb ? 'a'", ()))).len(), 4);
    assert_eq!(runs!(db, User::from_sql("SELECT * FROM users WHERE name = {}", ("Bob",))).len(), 1);
}

#[tokio::test]
async fn a_query_of_the_programs_own_takes_values() {
    let world = world().await;
    let db = &world.pool;
    let message = "User: the arguments of `from_sql` are values: there are no rows yet, whose columns they could be, so name \
         those in the text";
    refused!(User::from_sql("SELECT * FROM users WHERE name = {}", (User.name,)), message);
    refused!(User::from_sql("SELECT * FROM users WHERE id > {}", (User.posts.count(),)), message);
    refused!(User::from_sql("SELECT * FROM users WHERE id > {}", (count(),)), message);
    refused!(User::from_sql("SELECT * FROM users WHERE {}", (User.posts.exists(),)), message);

    assert_eq!(runs!(db, User::from_sql("SELECT * FROM users WHERE id > {}", (2,))).len(), 2);
    // Within another query it may name that one.
    let same = User::from_sql("SELECT * FROM users WHERE name = {}", (outer::<User, Post, _>(Post.author.name),));
    let same = runs!(db, Post::query().select((Post.id, scalar(same.select(count())))).order_by(Post.id.asc()));
    assert_eq!(same, [(1, Some(2)), (2, Some(1)), (3, Some(2)), (4, Some(2)), (5, Some(1))]);
}

#[tokio::test]
async fn a_bare_value_has_something_beside_it() {
    let world = world().await;
    let db = &world.pool;
    let message = "Post: `value(…)` has the type of what stands beside it, and nothing does that has one: `literal(…)` says a \
         value with its type";
    refused!(Post::query().select(value::<Post, i32>(1)), message);
    refused!(Post::query().select((Post.id, value::<Post, i32>(1) + value::<Post, i32>(1))), message);
    refused!(Post::query().select((Post.id, value::<Post, i32>(1).eq(1))), message);
    refused!(Post::query().select((Post.id, value::<Post, i32>(1).is_in([1, 2]))), message);
    refused!(Post::query().select((Post.id, value::<Post, i32>(1).between(1, 2))), message);
    refused!(Post::query().select(value::<Post, i32>(1).or(value::<Post, i32>(2))), message);
    refused!(Post::query().select(relata::case(Post.id.gt(1), value::<Post, i32>(1)).end()), message);
    refused!(Post::query().select(Post.id).order_by(value::<Post, i32>(1).asc()), message);

    assert_eq!(runs!(db, Post::query().select(literal(1)).limit(1)), [1]);
    assert_eq!(runs!(db, Post::query().select(1).limit(1)), [1]);
    assert_eq!(runs!(db, Post::query().select(value::<Post, i32>(1) + Post.id).order_by(Post.id.asc()).limit(1)), [2]);
    assert_eq!(runs!(db, Post::query().select(literal::<Post, i32>(1).is_in([1, 2])).limit(1)), [Some(true)]);
    let case = relata::case(Post.id.gt(4), value::<Post, i32>(1)).otherwise(0);
    assert_eq!(runs!(db, Post::query().select(case).order_by(Post.id.desc()).limit(2)), [1, 0]);
    assert_eq!(runs!(db, Post::query().select(value::<Post, i32>(7).cast::<i32>()).limit(1)), [7]);
}
