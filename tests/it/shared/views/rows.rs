//! Where the rows of a view come from: other queries, SQL, pages; and what is no row of one.

use relata::ErrorKind;
use relata::prelude::*;
use serde::Serialize;

use super::same;
use crate::support::blog::{Comment, Post, Profile, User, world};
use crate::support::trace;

/// A writer with a row for each post, and loads by this strategy.
macro_rules! multiplied {
    ($($module:ident $strategy:ident)*) => {
        $(mod $module {
            use super::*;

            #[derive(View, Debug, Serialize)]
            #[view(User)]
            pub struct Titled {
                pub name: String,
                #[view(expr = posts.each().title)]
                pub title: String,
                #[view($strategy)]
                pub profile: Option<Profile>,
            }

            #[derive(View, Debug, Serialize)]
            #[view(Post)]
            pub struct Card {
                pub title: String,
                #[view($strategy)]
                pub author: Name,
                #[view($strategy, order_by = id)]
                pub comments: Vec<Comment>,
            }

            #[derive(View, Debug, Serialize)]
            #[view(User)]
            pub struct Name {
                pub name: String,
            }

            /// A load below which each row is given several times.
            #[derive(View, Debug, Serialize)]
            #[view(User)]
            pub struct Read {
                pub name: String,
                #[view($strategy, order_by = id)]
                pub posts: Vec<Remarked>,
            }

            #[derive(View, Debug, Serialize)]
            #[view(Post)]
            pub struct Remarked {
                pub title: String,
                #[view(expr = comments.each().body)]
                pub body: String,
            }
        })*
    };
}

multiplied!(selected select_in joined joined);

/// A row of a view is one of its entity, also where a field would make several of it: loads find their parents by key.
#[tokio::test]
async fn a_row_for_each_match_is_no_row_of_a_view() {
    let world = world().await;
    let trace = trace::listen();
    macro_rules! refused {
        ($query:expr, $path:literal, $step:literal) => {{
            let error = $query.all(&world.pool).await.map(|rows| rows.len()).unwrap_err();
            assert_eq!((error.kind(), error.path()), (ErrorKind::InvalidQuery, Some($path)), "{error}");
            assert!(error.to_string().contains(concat!("`", $step, "` gives several rows for one")), "{error}");
        }};
    }
    refused!(selected::Titled::query(), "User", "User.posts.each()");
    refused!(joined::Titled::query(), "User", "User.posts.each()");
    refused!(selected::Read::query(), "User.posts", "Post.comments.each()");
    refused!(joined::Read::query(), "User.posts", "Post.comments.each()");
    assert!(trace.take().is_empty(), "nothing is sent");
}

#[tokio::test]
async fn rows_of_two_queries_and_of_sql_are_views_with_loads() {
    let world = world().await;
    let card = |rows: &str| {
        format!(
            "SELECT jsonb_build_object('title', title, 'author', jsonb_build_object('name', name),
                'comments', (SELECT coalesce(jsonb_agg(to_jsonb(c) ORDER BY id), '[]') FROM comments c
                    WHERE post_id = p.id)) FROM ({rows}) AS p JOIN users u ON u.id = p.user_id ORDER BY title, p.id"
        )
    };
    let both = || {
        let published = Post::query().filter(Post.published.eq(true));
        published
            .union(Post::query().filter(Post.title.eq("Drafts")))
            .order_by(Post.title.asc())
            .order_by(Post.id.asc())
    };
    let sql = card("SELECT * FROM posts WHERE published OR title = 'Drafts'");
    same(&world, &both().view::<selected::Card>(), &sql, 3).await;
    same(&world, &both().view::<joined::Card>(), &sql, 1).await;
    same(&world, &both().limit(3).view::<selected::Card>(), &format!("{sql} LIMIT 3"), 3).await;
    same(&world, &both().limit(3).view::<joined::Card>(), &format!("{sql} LIMIT 3"), 1).await;

    let raw = || {
        Post::from_sql("SELECT *, 1 AS c0 FROM posts WHERE id <> {}", (3,))
            .order_by(Post.title.asc())
            .order_by(Post.id.asc())
    };
    let sql = card("SELECT * FROM posts WHERE id <> 3");
    same(&world, &raw().view::<selected::Card>(), &sql, 3).await;
    // The rows of SQL may come twice, so no collection is joined to them.
    same(&world, &raw().view::<joined::Card>(), &sql, 2).await;
    same(&world, &raw().limit(2).offset(1).view::<joined::Card>(), &format!("{sql} LIMIT 2 OFFSET 1"), 2).await;
}

#[tokio::test]
async fn pages_of_views_with_loads() {
    let world = world().await;
    macro_rules! walk {
        ($module:ident) => {{
            let (mut cursor, mut found) = (None, Vec::new());
            loop {
                let query = $module::Card::query().order_by(Post.author.name.desc()).limit(2).after(cursor);
                let page = query.page(&world.pool).await.unwrap();
                found.push(page.iter().map(|card| (card.author.name.clone(), card.comments.len())).collect::<Vec<_>>());
                match page.next {
                    Some(next) => cursor = Some(next),
                    None => break found,
                }
            }
        }};
    }
    let expected = [vec![("Bob", 1), ("Bob", 2)], vec![("Alice", 2), ("Alice", 1)], vec![("Alice", 0)]];
    let expected =
        expected.map(|page| page.into_iter().map(|(name, count)| (name.to_owned(), count)).collect::<Vec<_>>());
    assert_eq!(walk!(selected), expected);
    assert_eq!(walk!(joined), expected);
    let counted = joined::Card::query().order_by(Post.id.desc()).limit(1).counted(&world.pool).await.unwrap();
    assert_eq!((counted.rows[0].comments.len(), counted.total), (2, 5));
}

#[tokio::test]
async fn distinct_rows_have_no_hidden_keys() {
    let world = world().await;
    let refused = selected::Card::query().distinct().all(&world.pool).await.map(|rows| rows.len()).unwrap_err();
    assert_eq!(refused.kind(), ErrorKind::InvalidQuery, "{refused}");
    let refused = joined::Card::query().distinct().all(&world.pool).await.map(|rows| rows.len()).unwrap_err();
    assert_eq!(refused.kind(), ErrorKind::InvalidQuery, "{refused}");
    // The first row of each title, and its loads.
    let query = selected::Card::query().distinct_on(Post.title).order_by(Post.title.asc()).order_by(Post.id.desc());
    let found = query.all(&world.pool).await.unwrap();
    let found: Vec<_> = found.iter().map(|card| (card.title.as_str(), card.comments.len())).collect();
    assert_eq!(found, [("Advanced Rust", 1), ("Drafts", 0), ("Rust", 2)]);
}
