//! The contract's cards: columns, a column along a path, a count, and the last two comments of each post.

use relata::prelude::*;

use super::same;
use crate::contract::c03_paths::{CommentLine, PostCard, cards, paths};
use crate::support::blog::{Post, world};

const CARDS: &str = "SELECT jsonb_build_object('title', p.title, 'author', u.name,
        'replies', (SELECT count(*) FROM comments WHERE post_id = p.id),
        'comments', (SELECT coalesce(jsonb_agg(jsonb_build_object('body', body) ORDER BY id DESC), '[]')
            FROM (SELECT * FROM comments WHERE post_id = p.id ORDER BY id DESC LIMIT 2) AS c))
    FROM posts p JOIN users u ON u.id = p.user_id WHERE p.published ORDER BY p.id DESC LIMIT 20";

#[tokio::test]
async fn contract_c03_paths_runs_as_it_stands() {
    let world = world().await;
    paths(&world.pool).await.unwrap();
    let query = || PostCard::query().filter(Post.published.eq(true)).order_by(Post.id.desc()).limit(20);
    let found = same(&world, &query(), CARDS, 2).await;
    let given = cards(&world.pool).await.unwrap();
    assert_eq!(serde_json::to_value(&given).unwrap(), serde_json::to_value(&found).unwrap());
    let read: Vec<_> = given.iter().map(|card| (card.title.as_str(), card.author.as_str(), card.replies)).collect();
    assert_eq!(read, [("Rust", "Bob", 2), ("Advanced Rust", "Bob", 1), ("Rust", "Alice", 2)]);
    let bodies: Vec<_> = given[0].comments.iter().map(|line: &CommentLine| line.body.as_str()).collect();
    assert_eq!(bodies, ["thanks", "hm"]);
}

/// The same card, with its comments by one strategy, or without saying which.
macro_rules! card {
    ($card:ident, $line:ident, $($strategy:ident)?) => {
        #[derive(View, Debug, serde::Serialize)]
        #[view(Post)]
        struct $card {
            title: String,
            #[view(path = author.name)]
            author: String,
            #[view(count = comments)]
            replies: i64,
            #[view($($strategy,)? order_by = id.desc(), limit = 2)]
            comments: Vec<$line>,
        }

        #[derive(View, Debug, serde::Serialize)]
        #[view(crate::support::blog::Comment)]
        struct $line {
            body: String,
        }
    };
}

card!(SelectedCard, SelectedLine, select_in);
card!(JoinedCard, JoinedLine, joined);

#[tokio::test]
async fn a_view_gives_the_same_under_both_strategies() {
    let world = world().await;
    let query = SelectedCard::query().filter(Post.published.eq(true)).order_by(Post.id.desc()).limit(20);
    same(&world, &query, CARDS, 2).await;
    let query = JoinedCard::query().filter(Post.published.eq(true)).order_by(Post.id.desc()).limit(20);
    same(&world, &query, CARDS, 1).await;
    // A limit of the cards counts cards, whatever their comments.
    let two = CARDS.replace("LIMIT 20", "LIMIT 2");
    same(&world, &JoinedCard::query().filter(Post.published.eq(true)).order_by(Post.id.desc()).limit(2), &two, 1).await;
}

/// The card's own statement; its key is read for the comments.
const CARD: &str = concat!(
    r#"SELECT "t0"."title", "t1"."name", "#,
    r#"(SELECT COUNT(*) FROM "comments" AS "t2" WHERE "t0"."id" = "t2"."post_id"), "t0"."id" "#,
    r#"FROM "posts" AS "t0" LEFT JOIN "users" AS "t1" ON "t0"."user_id" = "t1"."id" "#,
    r#"WHERE "t0"."published" = $1 ORDER BY "t0"."id" DESC LIMIT $2"#,
);

#[tokio::test]
async fn only_what_a_view_names_is_selected() {
    let query = SelectedCard::query().filter(Post.published.eq(true)).order_by(Post.id.desc()).limit(20);
    let sql = query.to_sql();
    let texts: Vec<&str> = sql.iter().map(|statement| statement.text()).collect();
    assert_eq!(texts[0], CARD);
    // Of a comment its text is read, and what leads to its post and sorts it.
    assert!(texts[1].contains(r#""body""#) && !texts[1].contains("user_id"), "{}", texts[1]);
    assert_eq!(texts.len(), 2);
    let joined = JoinedCard::query().to_sql();
    let read = joined.text().split(r#" FROM "posts""#).next().unwrap();
    assert!(joined.iter().count() == 1 && read.starts_with(r#"SELECT "t0"."title", "t1"."name", "#), "{read}");
    assert!(!read.contains("published") && !read.contains("user_id"), "{read}");
    // No text of it is a row's: the same shape gives the same text.
    let other = SelectedCard::query().filter(Post.published.eq(false)).order_by(Post.id.desc()).limit(3);
    assert_eq!(other.to_sql().text(), query.to_sql().text());
}
