//! Every comparison: its SQL, and the rows that it keeps.

use relata::prelude::*;

use crate::support::World;
use crate::support::blog::{self, Comment, Post, User};

/// The condition of the statement, and the ids that it keeps.
macro_rules! keeps {
    ($world:expr, $entity:ident, $condition:expr, $sql:expr, $ids:expr) => {
        let query = $entity::query().filter($condition).order_by($entity.id.asc());
        let statements = query.to_sql();
        let (_, rest) = statements.text().split_once(" AS \"t0\" ").unwrap();
        assert_eq!(rest.strip_suffix(" ORDER BY \"t0\".\"id\" ASC").unwrap(), $sql);
        let ids: Vec<i32> = query.all(&$world.pool).await.unwrap().iter().map(|row| row.id).collect();
        assert_eq!(ids, $ids, "{}", $sql);
    };
}

#[tokio::test]
async fn comparisons_with_values() {
    let world = blog::world().await;
    keeps!(world, User, User.name.eq("Alice"), r#"WHERE "t0"."name" = $1"#, [1, 3]);
    keeps!(world, User, User.name.ne("Alice"), r#"WHERE "t0"."name" <> $1"#, [2, 4]);
    keeps!(world, User, User.id.lt(2), r#"WHERE "t0"."id" < $1"#, [1]);
    keeps!(world, User, User.id.le(2), r#"WHERE "t0"."id" <= $1"#, [1, 2]);
    keeps!(world, User, User.id.gt(2), r#"WHERE "t0"."id" > $1"#, [3, 4]);
    keeps!(world, User, User.id.ge(2), r#"WHERE "t0"."id" >= $1"#, [2, 3, 4]);
    keeps!(world, User, User.id.between(2, 3), r#"WHERE "t0"."id" BETWEEN $1 AND $2"#, [2, 3]);
    keeps!(world, User, User.id.is_in([4, 1, 1]), r#"WHERE "t0"."id" = ANY($1)"#, [1, 4]);
    keeps!(world, User, User.id.is_in([0_i32; 0]), r#"WHERE "t0"."id" = ANY($1)"#, [0; 0]);
    keeps!(world, User, User.name.is_in(["Bob", "Dora"]), r#"WHERE "t0"."name" = ANY($1)"#, [2, 4]);
    keeps!(world, User, User.id.is_not_in([1]), r#"WHERE "t0"."id" <> ALL($1)"#, [2, 3, 4]);
    keeps!(world, User, User.id.is_not_in([0_i32; 0]), r#"WHERE "t0"."id" <> ALL($1)"#, [1, 2, 3, 4]);
    keeps!(world, Post, Post.published.eq(false), r#"WHERE "t0"."published" = $1"#, [3, 4]);
}

#[tokio::test]
async fn nulls_follow_sql_and_have_comparisons_of_their_own() {
    let world = blog::world().await;
    keeps!(world, Comment, Comment.user_id.is_null(), r#"WHERE "t0"."user_id" IS NULL"#, [2]);
    keeps!(world, Comment, Comment.user_id.is_not_null(), r#"WHERE "t0"."user_id" IS NOT NULL"#, [1, 3, 4, 5, 6]);
    keeps!(world, Comment, Comment.user_id.ne(2), r#"WHERE "t0"."user_id" <> $1"#, [3, 4, 5]);
    keeps!(world, Comment, !Comment.user_id.eq(2), r#"WHERE NOT "t0"."user_id" = $1"#, [3, 4, 5]);
    let distinct = r#"WHERE "t0"."user_id" IS DISTINCT FROM $1"#;
    keeps!(world, Comment, Comment.user_id.is_distinct_from(2), distinct, [2, 3, 4, 5]);
    keeps!(world, Comment, Comment.user_id.is_distinct_from(None), distinct, [1, 3, 4, 5, 6]);
    let same = r#"WHERE "t0"."user_id" IS NOT DISTINCT FROM $1"#;
    keeps!(world, Comment, Comment.user_id.is_not_distinct_from(Some(2)), same, [1, 6]);
    keeps!(world, Comment, Comment.user_id.is_not_distinct_from(None), same, [2]);
}

#[tokio::test]
async fn text_is_matched_by_patterns_and_by_itself() {
    let world = blog::world().await;
    let like = r#"WHERE "t0"."title" LIKE $1"#;
    keeps!(world, Post, Post.title.like("%rust"), like, [0; 0]);
    keeps!(world, Post, Post.title.like("_ust"), like, [1, 3, 5]);
    keeps!(world, Post, Post.title.not_like("%Rust"), r#"WHERE "t0"."title" NOT LIKE $1"#, [4]);
    keeps!(world, Post, Post.title.ilike("%rust"), r#"WHERE "t0"."title" ILIKE $1"#, [1, 2, 3, 5]);
    keeps!(world, Post, Post.title.not_ilike("%rust"), r#"WHERE "t0"."title" NOT ILIKE $1"#, [4]);
    keeps!(world, Post, Post.title.starts_with("Ru"), like, [1, 3, 5]);
    keeps!(world, Post, Post.title.ends_with("Rust"), like, [1, 2, 3, 5]);
    let body = r#"WHERE "t0"."body" LIKE $1"#;
    keeps!(world, Comment, Comment.body.contains("han"), body, [1, 3, 5]);
    keeps!(world, Comment, Comment.body.contains("%"), body, [6]);
    keeps!(world, Comment, Comment.body.contains("_"), body, [0; 0]);
    keeps!(world, Comment, Comment.body.ends_with(String::from("0%")), body, [6]);
    keeps!(world, Comment, Comment.body.contains("\\"), body, [0; 0]);
}

#[tokio::test]
async fn columns_are_compared_with_columns_also_across_paths() {
    let world = blog::world().await;
    let sql = r#"LEFT JOIN "posts" AS "t1" ON "t0"."post_id" = "t1"."id" WHERE "t0"."user_id" = "t1"."user_id""#;
    keeps!(world, Comment, Comment.user_id.eq(Comment.post.user_id), sql, [0; 0]);
    keeps!(world, Post, Post.id.lt(Post.user_id), r#"WHERE "t0"."id" < "t0"."user_id""#, [0; 0]);
    keeps!(world, Post, Post.id.ge(Post.user_id), r#"WHERE "t0"."id" >= "t0"."user_id""#, [1, 2, 3, 4, 5]);
}

#[tokio::test]
async fn quantifiers_over_a_many_to_many_ask_the_association_for_the_pair() {
    use crate::support::stock::{self, Item, Keyword, Order, User};
    let world = stock::world().await;
    let any = r#"WHERE EXISTS(SELECT 1 FROM "item_keywords" AS "t2" INNER JOIN "keywords" AS "t1" ON "t2"."keyword_id" = "t1"."id" WHERE "t2"."item_id" = "t0"."id" AND "t1"."name" = $1)"#;
    keeps!(world, Item, Item.keywords.any(Keyword.name.eq("red")), any, [1, 2]);
    let none = any.replace("WHERE EXISTS", "WHERE NOT EXISTS");
    keeps!(world, Item, Item.keywords.none(Keyword.name.eq("red")), none, [3, 4, 5]);
    let every = r#"WHERE NOT EXISTS(SELECT 1 FROM "item_keywords" AS "t2" INNER JOIN "keywords" AS "t1" ON "t2"."keyword_id" = "t1"."id" WHERE "t2"."item_id" = "t0"."id" AND (("t1"."id" > $1) IS NOT TRUE))"#;
    keeps!(world, Item, Item.keywords.every(Keyword.id.gt(2)), every, [3, 4, 5]);
    // Two of them one after the other, each by its table.
    let hops = r#"WHERE EXISTS(SELECT 1 FROM "order_items" AS "t2" INNER JOIN "items" AS "t1" ON "t2"."item_id" = "t1"."id" INNER JOIN "item_keywords" AS "t4" ON "t4"."item_id" = "t1"."id" INNER JOIN "keywords" AS "t3" ON "t4"."keyword_id" = "t3"."id" WHERE "t2"."order_id" = "t0"."id" AND "t3"."name" = $1)"#;
    keeps!(world, Order, Order.items.keywords.any(Keyword.name.eq("green")), hops, [1, 2, 3]);
    // A relation's own condition stands beside the one that is asked.
    let own = r#"WHERE EXISTS(SELECT 1 FROM "orders" AS "t1" WHERE "t0"."id" = "t1"."user_id" AND "t1"."isopen" = 1 AND ("t1"."id" = $1 OR "t1"."id" > $2))"#;
    keeps!(world, User, User.open_orders.any(Order.id.eq(1) | Order.id.gt(3)), own, [9]);
}

#[tokio::test]
async fn an_or_does_not_swallow_a_join_or_another_filter() {
    let world = blog::world().await;
    let either = Post.author.name.eq("Bob") | Post.title.eq("Drafts");
    let sql = r#"LEFT JOIN "users" AS "t1" ON "t0"."user_id" = "t1"."id" WHERE "t1"."name" = $1 OR "t0"."title" = $2"#;
    keeps!(world, Post, either.clone(), sql, [2, 4, 5]);
    let query = Post::query().filter(Post.published.eq(true)).filter(either).order_by(Post.id.asc());
    let ids: Vec<i32> = query.all(&world.pool).await.unwrap().iter().map(|post| post.id).collect();
    assert_eq!(ids, [2, 5]);
    // The load's own join condition stands beside an OR too.
    let users = User::query()
        .order_by(User.id.asc())
        .with(User.posts.filter(Post.title.eq("Drafts") | Post.published.eq(true)).order_by(Post.id.asc()))
        .all(&world.pool)
        .await
        .unwrap();
    let posts: Vec<Vec<i32>> = users.iter().map(|user| user.posts().iter().map(|post| post.id).collect()).collect();
    assert_eq!(posts, [vec![1], vec![2, 5], vec![4], vec![]]);
}

#[tokio::test]
async fn paths_are_joined_once_and_an_optional_step_drops_no_row() {
    let world = blog::world().await;
    let twice = Comment.post.author.name.eq("Alice") & Comment.post.author.profile.bio.is_not_null();
    let sql = r#"LEFT JOIN "posts" AS "t1" ON "t0"."post_id" = "t1"."id" LEFT JOIN "users" AS "t2" ON "t1"."user_id" = "t2"."id" LEFT JOIN "profiles" AS "t3" ON "t2"."id" = "t3"."user_id" WHERE "t2"."name" = $1 AND "t3"."bio" IS NOT NULL"#;
    keeps!(world, Comment, twice, sql, [1, 2, 6]);
    let sql =
        r#"LEFT JOIN "users" AS "t1" ON "t0"."user_id" = "t1"."id" WHERE "t1"."name" IS NULL OR "t1"."name" = $1"#;
    keeps!(world, Comment, Comment.author.name.is_null() | Comment.author.name.eq("Bob"), sql, [1, 2, 6]);
}

#[tokio::test]
async fn quantifiers_over_one_hop_and_several() {
    let world = blog::world().await;
    let any =
        r#"WHERE EXISTS(SELECT 1 FROM "posts" AS "t1" WHERE "t0"."id" = "t1"."user_id" AND "t1"."published" = $1)"#;
    keeps!(world, User, User.posts.any(Post.published.eq(true)), any, [1, 2]);
    let none =
        r#"WHERE NOT EXISTS(SELECT 1 FROM "posts" AS "t1" WHERE "t0"."id" = "t1"."user_id" AND "t1"."published" = $1)"#;
    keeps!(world, User, User.posts.none(Post.published.eq(true)), none, [3, 4]);
    let every = r#"WHERE NOT EXISTS(SELECT 1 FROM "posts" AS "t1" WHERE "t0"."id" = "t1"."user_id" AND (("t1"."published" = $1) IS NOT TRUE))"#;
    keeps!(world, User, User.posts.every(Post.published.eq(true)), every, [2, 4]);
    let hops = r#"WHERE EXISTS(SELECT 1 FROM "posts" AS "t1" INNER JOIN "comments" AS "t2" ON "t1"."id" = "t2"."post_id" WHERE "t0"."id" = "t1"."user_id" AND "t2"."body" = $1)"#;
    keeps!(world, User, User.posts.comments.any(Comment.body.eq("thanks")), hops, [1, 2]);
    // A NULL is not met: the comment without an author does not make `every` true.
    keeps!(
        world,
        Post,
        Post.comments.every(Comment.user_id.gt(0)),
        r#"WHERE NOT EXISTS(SELECT 1 FROM "comments" AS "t1" WHERE "t0"."id" = "t1"."post_id" AND (("t1"."user_id" > $1) IS NOT TRUE))"#,
        [2, 3, 4, 5]
    );
    // With no condition of its own: whether there is a row at all.
    let some = r#"WHERE EXISTS(SELECT 1 FROM "posts" AS "t1" WHERE "t0"."id" = "t1"."user_id")"#;
    keeps!(world, User, User.posts.any(Predicate::always()), some, [1, 2, 3]);
}

#[tokio::test]
async fn conditions_are_joined_from_lists() {
    let world = blog::world().await;
    let words = ["Rust", "Adv"].map(|word| Post.title.contains(word));
    let all = r#"WHERE "t0"."title" LIKE $1 AND "t0"."title" LIKE $2"#;
    keeps!(world, Post, Predicate::all(words.clone()), all, [2]);
    let any = r#"WHERE "t0"."title" LIKE $1 OR "t0"."title" LIKE $2"#;
    keeps!(world, Post, Predicate::any(words), any, [1, 2, 3, 5]);
    keeps!(world, Post, Predicate::any([]), "WHERE FALSE", [0; 0]);
    keeps!(world, Post, !Predicate::<Post>::always(), "WHERE FALSE", [0; 0]);
    assert!(!Post::query().filter(Predicate::all([])).to_sql().text().contains("WHERE"));
}

#[derive(Entity, Debug, Clone)]
#[entity(table = "things")]
struct Thing {
    #[key]
    id: i32,
    tags: Vec<String>,
    numbers: Option<Vec<i32>>,
}

#[tokio::test]
async fn arrays_contain_and_overlap() {
    let script = "CREATE TABLE things (id int PRIMARY KEY, tags text[] NOT NULL, numbers int[]);
        INSERT INTO things VALUES (1, '{a,b}', '{1,2}'), (2, '{b}', NULL), (3, '{}', '{}')";
    let world = World::new(script).await;
    keeps!(world, Thing, Thing.tags.contains(["b"]), r#"WHERE "t0"."tags" @> $1"#, [1, 2]);
    keeps!(world, Thing, Thing.tags.contains(vec!["a", "b"]), r#"WHERE "t0"."tags" @> $1"#, [1]);
    keeps!(world, Thing, Thing.tags.overlaps(["a", "z"]), r#"WHERE "t0"."tags" && $1"#, [1]);
    keeps!(world, Thing, Thing.numbers.contains([2]), r#"WHERE "t0"."numbers" @> $1"#, [1]);
    keeps!(world, Thing, Thing.numbers.is_null(), r#"WHERE "t0"."numbers" IS NULL"#, [2]);
    keeps!(world, Thing, Thing.tags.eq(vec![String::from("b")]), r#"WHERE "t0"."tags" = $1"#, [2]);
}

#[tokio::test]
async fn orders_have_directions_and_places_for_nulls() {
    let world = blog::world().await;
    let ids = async |query: relata::Query<Comment>| {
        query.all(&world.pool).await.unwrap().iter().map(|comment| comment.id).collect::<Vec<_>>()
    };
    let comments = || Comment::query();
    assert_eq!(ids(comments().order_by(Comment.user_id.asc()).order_by(Comment.id.desc())).await, [4, 3, 6, 1, 5, 2]);
    assert_eq!(ids(comments().order_by(Comment.user_id.desc()).order_by(Comment.id.asc())).await, [2, 5, 1, 6, 3, 4]);
    let first = comments().order_by(Comment.user_id.asc().nulls_first()).order_by(Comment.id.asc());
    assert_eq!(ids(first).await, [2, 3, 4, 1, 6, 5]);
    let last = comments().order_by(Comment.user_id.desc().nulls_last()).order_by(Comment.id.asc());
    assert_eq!(ids(last).await, [5, 1, 6, 3, 4, 2]);
    let by_author = comments().order_by(Comment.author.name.desc().nulls_last()).order_by(Comment.id.asc());
    assert_eq!(ids(by_author).await, [1, 6, 3, 4, 5, 2]);
}

#[cfg(feature = "with-serde_json-1")]
mod json {
    use super::*;

    #[derive(Entity, Debug, Clone)]
    #[entity(table = "events")]
    struct Event {
        #[key]
        id: i32,
        data: Option<serde_json::Value>,
    }

    #[tokio::test]
    async fn jsonb_contains_json() {
        let script = r#"CREATE TABLE events (id int PRIMARY KEY, data jsonb);
            INSERT INTO events VALUES (1, '{"a": 1, "b": [1, 2]}'), (2, '{"a": 2}'), (3, NULL)"#;
        let world = World::new(script).await;
        let sql = r#"WHERE "t0"."data" @> $1"#;
        keeps!(world, Event, Event.data.contains(serde_json::json!({"a": 1})), sql, [1]);
        keeps!(world, Event, Event.data.contains(serde_json::json!({"b": [2]})), sql, [1]);
        keeps!(world, Event, Event.data.is_null(), r#"WHERE "t0"."data" IS NULL"#, [3]);
        let first = Event::find(1).one(&world.pool).await.unwrap();
        assert_eq!(first.data, Some(serde_json::json!({"a": 1, "b": [1, 2]})));
    }
}
