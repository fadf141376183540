//! Paths that multiply rows: where they may stand, and which of them beside another.

use relata::prelude::*;
use relata::{count, exists, outer};

use super::{refused, runs};
use crate::support::blog::{Comment, Post, User, world};

#[tokio::test]
async fn rows_of_entities_are_not_multiplied() {
    let world = world().await;
    let db = &world.pool;
    let message = "User: `User.posts.each()` gives several rows for one, which a query for entities has not: ask of them by \
         `any`, `every` or `count`; or say by `select` what a row is";
    refused!(User::query().filter(User.posts.each().title.eq("Rust")), message);
    refused!(User::query().order_by(User.posts.each().title.asc()), message);
    refused!(User::query().distinct_on(User.posts.each().title), message);
    // Also where the path goes on, and where a condition within it looks out.
    refused!(User::query().filter(User.posts.each().comments.exists()), message);
    refused!(User::query().order_by(User.posts.each().comments.count().asc()), message);
    refused!(User::query().filter(User.posts.any(Post.title.eq(outer(User.posts.each().title)))), message);
    // And in one of two queries of a set operation, in a query within a query, and in a load.
    refused!(User::query().union_all(User::query().filter(User.posts.each().id.gt(0))), message);
    refused!(User::query().filter(exists(User::query().filter(User.posts.each().id.gt(0)))), message);
    refused!(
        User::query().with(User.posts.filter(Post.comments.each().body.eq("no"))),
        "User.posts: `Post.comments.each()` gives several rows for one, which a query for entities has not: ask of them by \
         `any`, `every` or `count`; or say by `select` what a row is"
    );

    assert_eq!(runs!(db, User::query().filter(User.posts.any(Post.title.eq("Rust")))).len(), 2);
    let multiplied = User::query().filter(User.posts.each().comments.exists()).select(User.name);
    assert_eq!(runs!(db, multiplied.order_by(User.posts.each().id.asc())), ["Alice", "Bob", "Alice", "Bob"]);
}

#[tokio::test]
async fn two_lines_of_a_selection_are_refused_unless_one_has_a_name() {
    let world = world().await;
    let db = &world.pool;
    refused!(
        User::query()
            .select((User.posts.each().title, User.posts.each().comments.each().body))
            .filter(User.posts.each().author.posts.each().published.eq(true)),
        "User: `User.posts.each().comments.each()` and `User.posts.each().author.posts.each()` would multiply each other: \
         select one of them and count the other, or say that it is meant by a name for one, `alias::<'b'>()`"
    );
    refused!(
        User::query().select((User.posts.each().title, User.posts.each_or_null().id)),
        "User: `User.posts.each()` and `User.posts.each_or_null()` are one join that is asked for in two ways: write the same \
         in both places, or name the second, `alias::<'b'>()`"
    );
    refused!(
        User::query().select(User.posts.each()).filter(User.posts.each_or_null().comments.exists()),
        "User: `User.posts.each_or_null()` and `User.posts.each()` are one join that is asked for in two ways: write the same \
         in both places, or name the second, `alias::<'b'>()`"
    );

    let second = User.posts.alias::<'b'>().each();
    let pairs = User::query().select((User.posts.each().id, second.id)).filter(User.posts.each().id.lt(second.id));
    let pairs = pairs.order_by(User.posts.each().id.asc());
    assert_eq!(runs!(db, pairs), [(1, 3), (2, 5)]);
    let counted = User::query().select((User.posts.each().id, User.posts.each().comments.count()));
    let counted = counted.filter(User.posts.each().comments.any(Comment.body.eq("thanks")));
    assert_eq!(runs!(db, counted.order_by(User.posts.each().id.asc())), [(1, 2), (2, 1), (5, 2)]);
}

#[tokio::test]
async fn a_path_that_goes_on_from_several_rows_says_so() {
    let world = world().await;
    let message =
        "User: `User.posts.comments.each()` goes on from `User.posts`, which is several rows: `User.posts.each()`";
    refused!(User::query().select(User.posts.comments.each().author.exists()), message);
    refused!(User::query().select(User.name).filter(User.posts.comments.each().author.exists()), message);
    let by_users = User::query().select(User.posts.each().comments.each().author.exists());
    let by_users = by_users.order_by(User.posts.each().comments.each().id.asc());
    let signed: Vec<Option<bool>> = runs!(&world.pool, by_users);
    assert_eq!(signed, [true, false, true, true, true, true].map(Some));
}

#[tokio::test]
async fn rows_at_the_end_of_a_path_are_not_multiplied() {
    let world = world().await;
    let message = "User: a path with `each()` multiplies the rows of a selection, not those that a condition or an aggregate \
         across a path asks for: use `any` or `count`";
    refused!(User::query().filter(User.posts.any(Post.comments.each().body.eq("no"))), message);
    refused!(User::query().select(User.posts.max(Post.comments.each().body)), message);
    refused!(User::query().select(User.posts.count().filter(Post.comments.each().body.eq("no"))), message);
    refused!(User::query().filter(User.posts.any(Post.comments.each().author.exists())), message);

    let found = User::query().filter(User.posts.any(Post.comments.any(Comment.body.eq("no"))));
    assert_eq!(runs!(&world.pool, found).len(), 1);
    let said = User::query().select(User.posts.comments.count()).order_by(User.id.asc());
    assert_eq!(runs!(&world.pool, said), [3, 3, 0, 0]);
    let by_each = User::query().group_by(User.posts.each().title).select((User.posts.each().title, count()));
    let by_each = runs!(&world.pool, by_each.order_by(User.posts.each().title.asc()));
    assert_eq!(by_each, [("Advanced Rust".to_owned(), 1), ("Drafts".to_owned(), 1), ("Rust".to_owned(), 3)]);
}
