//! What has an end: how deep a query is nested, what a limit counts, numbers in fragments, and types without an operation.

use relata::prelude::*;
use relata::{Predicate, Window, count, first_value, lag, raw, raw_predicate, value};

use tokio_postgres::types::{FromSql, Type};

use super::{refused, runs};
use crate::support::World;
use crate::support::blog::{Post, User, world};

#[tokio::test]
async fn a_limit_before_groups_or_several_rows_for_one_is_refused() {
    let world = world().await;
    let db = &world.pool;
    let message = |entity: &str| {
        format!(
            "{entity}: `limit` and `offset` count what is selected, and were given before that was groups, or several rows for \
             one: give them after `select`; to take some of the rows first, ask for their keys by `is_in_rows`"
        )
    };
    refused!(Post::query().limit(2).select(count()), message("Post"));
    refused!(Post::query().offset(2).select((Post.id.max(), count())), message("Post"));
    refused!(Post::query().limit(2).group_by(Post.title).select(Post.title), message("Post"));
    refused!(User::query().limit(1).select((User.id, User.posts.each().id)), message("User"));

    assert_eq!(runs!(db, Post::query().limit(2).select(Post.id)).len(), 2);
    assert_eq!(runs!(db, Post::query().select(count()).limit(2)), [5]);
    let grouped = Post::query().group_by(Post.title).select(Post.title).limit(2).order_by(Post.title.asc());
    assert_eq!(runs!(db, grouped), ["Advanced Rust", "Drafts"]);
    let two = Post::query().order_by(Post.id.asc()).limit(2).select(Post.id);
    assert_eq!(runs!(db, Post::query().filter(Post.id.is_in_rows(two)).select(count())), [2]);
}

#[tokio::test]
async fn what_is_nested_too_deep_is_refused_and_flat_lists_are_not() {
    let world = world().await;
    let message = "it is nested more than 100 deep: join many conditions by `Predicate::all` and `Predicate::any`, which are \
         flat";
    let mut both = User.id.ne(0);
    let mut sum = User.id + 0;
    let mut query = User::query();
    let mut within = User::query().select(User.id);
    for at in 1..=400 {
        both = if at % 2 == 0 { both & User.id.ne(-at) } else { both | User.id.eq(-at) };
        sum = sum + 1;
        query = query.union(User::query());
        within = User::query().filter(User.id.is_in_rows(within)).select(User.id);
    }
    refused!(User::query().filter(both), format!("User: {message}"));
    refused!(User::query().filter(sum.gt(0)), format!("User: {message}"));
    refused!(query, format!("User: {message}"));
    refused!(within, format!("User: {message}"));
    let load = |depth: i32| {
        let mut condition = Post.id.ne(0);
        for at in 0..depth {
            condition = !(condition & Post.id.ne(-at));
        }
        User::query().with(User.posts.filter(condition))
    };
    let told = load(300).to_sql().to_string();
    assert!(told.contains("User.posts: it is nested more than 100 deep"), "{told}");
    assert_eq!(load(300).all(&world.pool).await.unwrap_err().path(), Some("User.posts"));

    // As deep as it may be, on the stack that a thread of the runtime has.
    load(45).all(&world.pool).await.unwrap();
    let mut deepest = User::query();
    for _ in 0..90 {
        deepest = deepest.union(User::query());
    }
    assert_eq!(runs!(&world.pool, deepest).len(), 4);
    let mut sum = User.id + 0;
    for _ in 0..90 {
        sum = sum + 1;
    }
    assert_eq!(runs!(&world.pool, User::query().filter(sum.gt(92))).len(), 2);
    let many = Predicate::any((0..5000).map(|id| User.id.eq(id)));
    assert_eq!(runs!(&world.pool, User::query().filter(many)).len(), 4);
}

#[tokio::test]
async fn conditions_are_put_together_one_by_one() {
    let world = world().await;
    let mut all = Predicate::always();
    let mut any = Predicate::never();
    for id in [1, 2, 3] {
        all &= Post.id.ne(id);
        any |= Post.id.eq(id);
    }
    assert_eq!(runs!(&world.pool, Post::query().filter(all)).len(), 2);
    assert_eq!(runs!(&world.pool, Post::query().filter(any)).len(), 3);
}

#[tokio::test]
async fn a_fragment_has_no_numbers_of_its_own() {
    let world = world().await;
    let db = &world.pool;
    let message = |text: &str| {
        format!(
            "Post: the SQL `{text}` numbers a parameter: in its place stands a gap, `{{}}`, which is numbered with those of the \
             whole statement"
        )
    };
    refused!(Post::query().filter(raw_predicate("{} = $1", (Post.id,))), message("{} = $1"));
    refused!(Post::query().filter(raw_predicate("'$2' = '' OR {}=$12", (Post.id,))), message("'$2' = '' OR {}=$12"));
    refused!(Post::from_sql("SELECT * FROM posts WHERE id = $1", ()), message("SELECT * FROM posts WHERE id = $1"));
    for text in [
        "{} = '$1'",
        "{} = \"title\" || '$1'",
        "{} = $$ $1 $$",
        "{} = $tag$ $1 $tag$",
        "{} = '' /* $1 */",
        "{} = '' -- $1",
    ] {
        assert_eq!(runs!(db, Post::query().filter(raw_predicate(text, (Post.title,)))).len(), 0, "{text}");
    }
}

#[tokio::test]
async fn a_gap_touches_whatever_it_likes() {
    let world = world().await;
    let db = &world.pool;
    assert_eq!(runs!(db, Post::query().filter(raw_predicate("{}IS NOT NULL", (Post.title,)))).len(), 5);
    assert_eq!(runs!(db, Post::query().filter(raw_predicate("NOT{}", (Post.published,)))).len(), 2);
    assert_eq!(runs!(db, Post::query().filter(raw_predicate("3 >{}AND{}>0", (Post.id, Post.id - 1)))).len(), 1);
    let texts = Post::query().select(raw::<_, String>("{}{}", (Post.title, raw::<_, String>("|| ''", ()))));
    assert!(texts.to_sql().text().contains(r#""title" "#), "one gap beside another: {}", texts.to_sql());
    assert!(texts.to_sql().text().contains("|| ''"), "one gap beside another: {}", texts.to_sql());
    let numbers = Post::query().select(raw::<_, i32>("CASE WHEN{}THEN 0 ELSE{}END", (Post.published, Post.id)));
    assert_eq!(runs!(db, numbers.order_by(Post.id.asc())), [Some(0), Some(0), Some(3), Some(4), Some(0)]);
}

/// `jsonb`, as its text.
#[derive(Debug, Clone)]
struct Document(#[allow(dead_code)] String);

impl<'r> FromSql<'r> for Document {
    fn from_sql(_: &Type, raw: &'r [u8]) -> Result<Self, Box<dyn std::error::Error + Sync + Send>> {
        Ok(Document(String::from_utf8(raw.get(1..).unwrap_or_default().to_vec())?))
    }

    fn accepts(ty: &Type) -> bool {
        *ty == Type::JSONB
    }
}

impl relata::Json for Document {}

#[derive(Entity, Debug, Clone)]
#[entity(table = "tagged")]
struct Tagged {
    #[key]
    id: i32,
    tags: Vec<String>,
    about: Document,
}

#[tokio::test]
async fn an_operation_that_a_type_has_not_is_refused() {
    let tables = "CREATE TABLE tagged (id int PRIMARY KEY, tags text[] NOT NULL, about jsonb NOT NULL);
        INSERT INTO tagged VALUES (1, '{a,b}', '{\"a\": 1}'), (2, '{c}', '{}')";
    let world = World::new(tables).await;
    let db = &world.pool;
    refused!(
        Tagged::query().select(Tagged.tags.array_agg()),
        "Tagged: an array of arrays has no type of its own in PostgreSQL: load the rows, and put them together there"
    );
    refused!(
        Tagged::query().filter(Tagged.tags.is_in([vec!["a".to_owned()]])),
        "Tagged: PostgreSQL has no array of arrays to send: compare by `eq`, one value at a time"
    );
    refused!(
        Tagged::query().select(Tagged.about.max()),
        "Tagged: PostgreSQL has no `max` of JSON: take a value out of it by `json_text`"
    );
    refused!(
        User::query().select(User.posts.max(Post.id.gt(2))),
        "User: PostgreSQL has no `max` of true and false: `bool_or` says the same"
    );
    let bare = "User: `value(…)` has the type of what stands beside it, and nothing does that has one: `literal(…)` says a value \
         with its type";
    refused!(User::query().select(lag(value(1)).over(Window::new())), bare);
    refused!(User::query().select(first_value(value(1)).over(Window::new())), bare);

    assert_eq!(runs!(db, Tagged::query().filter(Tagged.tags.eq(vec!["c".to_owned()]))).len(), 1);
    assert_eq!(runs!(db, Tagged::query().select(Tagged.about.json_text("a").max())), [Some("1".to_owned())]);
}

#[derive(Entity, Debug, Clone)]
#[entity(table = "boxes")]
#[has_many(content: Vec<InCrate>, by = box_id)]
struct Crate {
    #[key]
    id: i32,
}

#[derive(Entity, Debug, Clone)]
#[entity(table = "in_boxes")]
struct InCrate {
    #[key]
    id: i32,
    box_id: i32,
    tags: Vec<String>,
}

#[tokio::test]
async fn pages_of_each_parent_begin_with_its_first_row_and_are_in_an_order_that_can_be_sent() {
    let tables =
        "CREATE TABLE boxes (id int PRIMARY KEY); CREATE TABLE in_boxes (id int PRIMARY KEY, box_id int NOT NULL,
        tags text[] NOT NULL); INSERT INTO boxes VALUES (1); INSERT INTO in_boxes VALUES (1, 1, '{b}'), (2, 1, '{a}')";
    let world = World::new(tables).await;
    let refused = |load| async { Crate::query().with(load).all(&world.pool).await.unwrap_err().to_string() };
    assert_eq!(
        refused(Crate.content.offset(1).first(2)).await,
        "Crate.content: the pages of each parent begin with its first row, or after a cursor: leave out the `offset`"
    );
    assert_eq!(
        refused(Crate.content.order_by(InCrate.tags.asc()).first(2)).await,
        "Crate.content: the pages of each parent are in no order of arrays: PostgreSQL takes no array of arrays, which their \
         cursors would be"
    );
    let crates =
        Crate::query().with(Crate.content.order_by(InCrate.tags.asc()).limit(1)).all(&world.pool).await.unwrap();
    assert_eq!(crates[0].content().iter().map(|one| one.id).collect::<Vec<_>>(), [2]);
    let one = InCrate::query().order_by(InCrate.tags.asc()).limit(1).page(&world.pool).await.unwrap();
    let two = InCrate::query().order_by(InCrate.tags.asc()).limit(1).after(one.next).page(&world.pool).await.unwrap();
    assert_eq!((one.rows[0].id, two.rows[0].id), (2, 1));
}
