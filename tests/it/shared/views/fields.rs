//! What a field of a view can hold besides a column: aggregates, expressions, entities along a path, columns of another
//! name, of an embedded struct, and in an `Option`.

use relata::prelude::*;
use relata::{Page, case};
use serde::Serialize;

use super::same;
use crate::support::World;
use crate::support::blog::{Comment, Post, User, world};

#[derive(View, Debug, Serialize)]
#[view(User)]
struct Writer {
    #[view(column = name)]
    r#type: String,
    #[view(count = posts)]
    posts: i64,
    #[view(count = posts, filter = published.eq(true) & title.ne("Drafts"))]
    published: i64,
    #[view(count = posts.comments)]
    comments: i64,
    #[view(sum = posts.id, filter = Post.author.name.eq("Bob") | published.eq(false))]
    sum: Option<i64>,
    // A whole average is no integer in Rust's JSON, and one in PostgreSQL's.
    #[view(avg = posts.comments.id)]
    #[serde(skip)]
    avg: Option<f64>,
    #[view(min = posts.title)]
    first: Option<String>,
    #[view(max = posts.title)]
    last: Option<String>,
    #[view(count_distinct = posts.title)]
    titles: i64,
}

#[tokio::test]
async fn aggregates_of_relations_are_fields() {
    let world = world().await;
    let sql = "SELECT jsonb_build_object('type', name,
            'posts', (SELECT count(*) FROM posts WHERE user_id = u.id),
            'published', (SELECT count(*) FROM posts WHERE user_id = u.id AND published AND title <> 'Drafts'),
            'comments', (SELECT count(*) FROM posts p JOIN comments c ON c.post_id = p.id WHERE p.user_id = u.id),
            'sum', (SELECT sum(id) FROM posts WHERE user_id = u.id AND (name = 'Bob' OR NOT published)),
            'first', (SELECT min(title) FROM posts WHERE user_id = u.id),
            'last', (SELECT max(title) FROM posts WHERE user_id = u.id),
            'titles', (SELECT count(DISTINCT title) FROM posts WHERE user_id = u.id))
        FROM users u ORDER BY name DESC, id";
    let query = Writer::query().order_by(User.name.desc()).order_by(User.id.asc());
    let rows = same(&world, &query, sql, 1).await;
    assert_eq!((rows[0].r#type.as_str(), rows[0].posts, rows[0].sum), ("Dora", 0, None));
    assert_eq!((rows[1].sum, rows[1].comments, rows[1].titles), (Some(7), 3, 2));
    assert_eq!(rows.iter().map(|row| row.avg).collect::<Vec<_>>(), [None, Some(4.0), Some(3.0), None]);
}

#[derive(View, Debug, Serialize)]
#[view(Post)]
struct Shouted {
    #[view(expr = title.upper().concat("!"))]
    title: String,
    #[view(expr = (id + user_id) * 10)]
    number: i32,
    #[view(expr = case(Post.published.eq(true), "out").otherwise("in"))]
    state: String,
    #[view(expr = case(Post.published.eq(true), "out").end())]
    published: Option<String>,
    #[view(expr = comments.any(Comment.body.contains("%")))]
    odd: Option<bool>,
    #[view(expr = comments.count().gt(1) & author.name.ne("Bob"))]
    busy: Option<bool>,
    #[view(expr = Post.comments.sum(Comment.id).or(0_i64))]
    sum: i64,
    #[view(expr = 7)]
    seven: i32,
    #[view(expr = (id, author.name))]
    pair: (i32, String),
}

#[tokio::test]
async fn whatever_can_be_selected_can_be_a_field() {
    let world = world().await;
    let sql = "SELECT jsonb_build_object('title', upper(title) || '!', 'number', (p.id + user_id) * 10,
            'state', CASE WHEN published THEN 'out' ELSE 'in' END, 'published', CASE WHEN published THEN 'out' END,
            'odd', EXISTS (SELECT FROM comments WHERE post_id = p.id AND body LIKE '%\\%%'),
            'busy', (SELECT count(*) FROM comments WHERE post_id = p.id) > 1 AND name <> 'Bob',
            'sum', coalesce((SELECT sum(id) FROM comments WHERE post_id = p.id), 0), 'seven', 7,
            'pair', jsonb_build_array(p.id, name))
        FROM posts p JOIN users u ON u.id = user_id ORDER BY p.id";
    same(&world, &Shouted::query().order_by(Post.id.asc()), sql, 1).await;
}

#[derive(View, Debug, Serialize)]
#[view(Comment)]
struct Remark {
    /// A column that is never NULL, in an `Option`.
    body: Option<String>,
    user_id: Option<i32>,
    #[view(path = author)]
    author: Option<User>,
    #[view(path = author.name)]
    name: Option<String>,
    #[view(path = post.author)]
    writer: User,
    #[view(path = post)]
    post: Option<Post>,
    #[view(path = post.author.profile.bio)]
    bio: Option<String>,
}

#[tokio::test]
async fn entities_and_columns_along_paths_are_fields() {
    let world = world().await;
    let sql = "SELECT jsonb_build_object('body', body, 'user_id', c.user_id, 'author', to_jsonb(a), 'name', a.name,
            'writer', to_jsonb(w), 'post', to_jsonb(p), 'bio', r.bio)
        FROM comments c LEFT JOIN users a ON a.id = c.user_id JOIN posts p ON p.id = c.post_id
        JOIN users w ON w.id = p.user_id LEFT JOIN profiles r ON r.user_id = w.id ORDER BY c.id";
    let rows = same(&world, &Remark::query().order_by(Comment.id.asc()), sql, 1).await;
    assert_eq!((rows[1].author.as_ref(), rows[1].name.as_deref(), rows[2].bio.as_deref()), (None, None, None));
    assert_eq!((rows[0].writer.name.as_str(), rows[0].bio.as_deref()), ("Alice", Some("writes")));
}

mod houses {
    use relata::prelude::*;
    use serde::Serialize;

    #[derive(Entity, Clone)]
    #[entity(table = "houses", rename_all = "camelCase")]
    pub struct House {
        #[key]
        pub house_no: i32,
        #[column(embed)]
        pub address: Address,
    }

    #[derive(Embed, Clone)]
    pub struct Address {
        pub city: String,
        #[column(name = "str")]
        pub street: Option<String>,
    }

    #[derive(View, Debug, Serialize)]
    #[view(House)]
    #[serde(rename_all = "UPPERCASE")]
    pub struct Door {
        #[view(path = address.city)]
        pub city: String,
        #[view(path = address.street)]
        pub street: Option<String>,
        pub house_no: i32,
    }
}

#[tokio::test]
async fn columns_keep_their_names_and_embedded_ones_are_along_a_path() {
    let script = "CREATE TABLE houses (\"houseNo\" int PRIMARY KEY, city text NOT NULL, str text);
        INSERT INTO houses VALUES (1, 'Rome', NULL), (2, 'Oslo', 'Gate')";
    let world = World::new(script).await;
    let query = houses::Door::query().order_by(houses::House.address.city.asc());
    assert_eq!(
        query.to_sql().text(),
        r#"SELECT "t0"."city", "t0"."str", "t0"."houseNo" FROM "houses" AS "t0" ORDER BY "t0"."city" ASC"#,
    );
    let sql =
        "SELECT jsonb_build_object('CITY', city, 'STREET', str, 'HOUSE_NO', \"houseNo\") FROM houses ORDER BY city";
    same(&world, &query, sql, 1).await;
}

#[derive(View, Debug, PartialEq, Serialize)]
#[view(Post)]
struct Title {
    title: String,
}

#[tokio::test]
async fn a_view_is_asked_as_its_entity_is() {
    let world = world().await;
    let titles = |rows: Vec<Title>| rows.into_iter().map(|row| row.title).collect::<Vec<_>>();
    let query = Title::query().filter(Post.author.name.eq("Bob")).order_by(Post.id.desc());
    assert_eq!(titles(query.clone().limit(1).offset(1).all(&world.pool).await.unwrap()), ["Advanced Rust"]);
    assert_eq!(query.first(&world.pool).await.unwrap().unwrap().title, "Rust");
    let one = Title::query().filter(Post.id.eq(4));
    assert_eq!(one.one(&world.pool).await.unwrap().title, "Drafts");
    assert_eq!(one.at_most_one(&world.pool).await.unwrap().unwrap().title, "Drafts");
    assert!(Title::query().filter(Post.id.eq(9)).at_most_one(&world.pool).await.unwrap().is_none());
    assert!(!Title::query().filter(Predicate::never()).exists(&world.pool).await.unwrap());
    // Equal rows once, as the view has them.
    let distinct = Title::query().distinct();
    assert_eq!(distinct.to_sql().text(), r#"SELECT DISTINCT "t0"."title" FROM "posts" AS "t0""#);
    let mut found = titles(distinct.all(&world.pool).await.unwrap());
    found.sort();
    assert_eq!(found, ["Advanced Rust", "Drafts", "Rust"]);
}

#[tokio::test]
async fn a_query_of_entities_becomes_one_of_a_view_without_its_loads() {
    let world = world().await;
    let entities = Post::query().filter(Post.published.eq(true)).order_by(Post.id.desc()).limit(2).with(Post.comments);
    let query = entities.view::<Title>();
    assert_eq!((query.plan().statements(), query.all(&world.pool).await.unwrap().len()), (1, 2));
    let raw =
        Post::from_sql("SELECT *, 1 AS more FROM posts WHERE id > {}", (2,)).order_by(Post.id.asc()).view::<Title>();
    let found: Vec<String> = raw.all(&world.pool).await.unwrap().into_iter().map(|row| row.title).collect();
    assert_eq!(found, ["Rust", "Drafts", "Rust"]);
    let found = Post::find(2).view::<Title>().one(&world.pool).await.unwrap();
    assert_eq!(found.title, "Advanced Rust");
}

#[tokio::test]
async fn a_view_comes_in_pages_by_columns_that_it_does_not_have() {
    let world = world().await;
    let (mut cursor, mut found) = (None, Vec::new());
    loop {
        let query = Title::query().order_by(Post.user_id.desc()).limit(2).after(cursor);
        let page: Page<Title> = query.page(&world.pool).await.unwrap();
        found.push(page.rows.into_iter().map(|row| row.title).collect::<Vec<_>>());
        match page.next {
            Some(next) => cursor = Some(next),
            None => break,
        }
    }
    assert_eq!(found, [vec!["Drafts", "Advanced Rust"], vec!["Rust", "Rust"], vec!["Rust"]]);
    let counted = Title::query().order_by(Post.id.asc()).limit(2).offset(1).counted(&world.pool).await.unwrap();
    assert_eq!((counted.rows.len(), counted.total), (2, 5));
}
