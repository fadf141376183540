//! The contract's first program, run on its tables.

use relata::prelude::*;
use relata::{NotLoaded, Query};

use crate::contract::c01_blog::{comments_on, front_page, headlines, search};
use crate::support::blog::{self, Comment, Post, User};
use crate::support::twins::{Under, mixtures};

#[tokio::test]
async fn contract_c01_blog_runs_as_it_stands() {
    let world = blog::world().await;
    front_page(&world.pool).await.unwrap();

    let bodies = |comments: Vec<Comment>| comments.into_iter().map(|comment| comment.body).collect::<Vec<_>>();
    assert_eq!(bodies(comments_on(&world.pool, "Alice").await.unwrap()), ["thanks", "no", "100%"]);
    assert_eq!(bodies(comments_on(&world.pool, "Nobody").await.unwrap()), [""; 0]);

    let ids = |posts: Vec<Post>| posts.into_iter().map(|post| post.id).collect::<Vec<_>>();
    assert_eq!(ids(search(&world.pool, None, None).await.unwrap()), [1, 2, 3, 4, 5]);
    assert_eq!(ids(search(&world.pool, Some("Rust"), None).await.unwrap()), [1, 2, 3, 5]);
    assert_eq!(ids(search(&world.pool, Some("Rust"), Some("Alice")).await.unwrap()), [1, 3]);
    assert_eq!(ids(search(&world.pool, None, Some("Alice")).await.unwrap()), [1, 3, 4]);
}

#[tokio::test]
async fn a_signature_names_what_it_needs_whatever_the_order_of_with() {
    let world = blog::world().await;
    let one: Query<relata::prelude::loaded!(User { posts { comments }, profile })> =
        User::query().with(User.profile).with(User.posts.with(Post.comments)).order_by(User.id.asc());
    let other: Query<relata::prelude::loaded!(User { profile, posts { comments } })> =
        User::query().with(User.posts.with(Post.comments)).with(User.profile).order_by(User.id.asc());
    let (one, other) = (one.all(&world.pool).await.unwrap(), other.all(&world.pool).await.unwrap());
    assert_eq!(one.iter().map(|user| headlines(user).len()).collect::<Vec<_>>(), [2, 2, 0, 0]);
    assert_eq!(one, other);
}

#[tokio::test]
async fn a_loaded_tree_is_one_flat_object_a_row_and_reads_back() {
    let world = blog::world().await;
    let query = User::query()
        .filter(User.id.is_in([1, 4]))
        .order_by(User.id.asc())
        .with(User.profile)
        .with(User.posts.order_by(Post.id.asc()).with(Post.author));
    let users = query.all(&world.pool).await.unwrap();
    let json = serde_json::to_value(&users).unwrap();
    let expected = serde_json::json!([
        {"id": 1, "name": "Alice", "profile": {"user_id": 1, "bio": "writes"}, "posts": [
            {"id": 1, "title": "Rust", "published": true, "user_id": 1, "author": {"id": 1, "name": "Alice"}},
            {"id": 3, "title": "Rust", "published": false, "user_id": 1, "author": {"id": 1, "name": "Alice"}},
        ]},
        {"id": 4, "name": "Dora", "profile": null, "posts": []},
    ]);
    assert_eq!(json, expected);
    // `#[derive(Deserialize)]` is what the contract's entities lack; the ones below have it.
    let read: Vec<json::LoadedBook<Vec<json::Page>>> =
        serde_json::from_str(r#"[{"bookId": 1, "allPages": [{"no": 2, "book_id": 1}]}]"#).unwrap();
    assert_eq!(read[0].all_pages()[0].no, 2);
    assert_eq!(serde_json::to_string(&read).unwrap(), r#"[{"bookId":1,"allPages":[{"no":2,"book_id":1}]}]"#);
    let missing = serde_json::from_str::<json::LoadedBook<Vec<json::Page>>>(r#"{"bookId": 1}"#).unwrap_err();
    assert!(missing.to_string().contains("missing field `allPages`"), "{missing}");
    // What was decided at run time reads back as it was, also where the decision was no.
    let read = serde_json::from_str::<json::LoadedPage<relata::If<Option<json::Book>>>>;
    for text in [r#"{"no":1,"book_id":2}"#, r#"{"no":1,"book_id":2,"book":null}"#] {
        assert_eq!(serde_json::to_string(&read(text).unwrap()).unwrap(), text);
    }
    assert_eq!(read(r#"{"no":1,"book_id":2}"#).unwrap().book(), None);
    assert_eq!(read(r#"{"no":1,"book_id":2,"book":null}"#).unwrap().book(), Some(None));
    let surplus = serde_json::from_str::<json::LoadedBook<NotLoaded>>(r#"{"bookId": 1, "allPages": []}"#).unwrap_err();
    assert!(surplus.to_string().contains("not loaded"), "{surplus}");
}

/// Entities with serde's renaming.
mod json {
    use relata::prelude::*;
    use serde::{Deserialize, Serialize};

    #[derive(Entity, Debug, Clone, PartialEq, Serialize, Deserialize)]
    #[entity(table = "books")]
    #[serde(rename_all = "camelCase")]
    #[has_many(all_pages: Vec<Page>, by = book_id)]
    pub struct Book {
        #[key]
        pub book_id: i32,
    }

    #[derive(Entity, Debug, Clone, PartialEq, Serialize, Deserialize)]
    #[entity(table = "pages")]
    #[belongs_to(book: Option<Book>, by = book_id)]
    pub struct Page {
        #[key]
        pub no: i32,
        pub book_id: i32,
    }
}

#[tokio::test]
async fn parts_are_taken_out_by_value() {
    let world = blog::world().await;
    let user = User::find(1).with(User.posts).with(User.profile).one(&world.pool).await.unwrap();
    let (user, posts, profile) = user.into_parts();
    let titles: Vec<String> = posts.into_iter().map(|post| post.title).collect();
    assert_eq!((user.name.as_str(), titles.len(), profile.unwrap().bio.as_str()), ("Alice", 2, "writes"));

    let user = User::find(2).with(User.posts).one(&world.pool).await.unwrap();
    let posts: Vec<Post> = user.into_posts();
    assert_eq!(posts.len(), 2);
}

#[tokio::test]
async fn a_load_decided_at_run_time_reads_as_an_option() {
    let world = blog::world().await;
    for decided in [true, false] {
        for ([posts, author], statements) in mixtures().into_iter().zip([3, 2, 2, 1]) {
            let load = User.posts.under(posts).with(Post.author.under(author));
            let query = User::query().order_by(User.id.asc()).with_if(decided, load);
            assert_eq!(query.plan().statements(), if decided { statements } else { 1 });
            let users = query.all(&world.pool).await.unwrap();
            assert_eq!(users[0].posts().map(<[_]>::len), decided.then_some(2));
            assert_eq!(users[3].posts().map(<[_]>::len), decided.then_some(0));
            // At the second level, below rows that are there.
            let load = User.posts.under(posts).with_if(decided, Post.author.under(author));
            let users = User::query().order_by(User.id.asc()).with(load).all(&world.pool).await.unwrap();
            let authors: Vec<_> = users[0].posts().iter().map(|post| post.author().map(|user| user.id)).collect();
            assert_eq!(authors, [decided.then_some(1); 2]);
        }
    }
}

#[tokio::test]
async fn queries_are_values_that_are_cloned_kept_and_run_again() {
    let world = blog::world().await;
    let all = Post::query().order_by(Post.id.asc()).with(Post.author);
    let mut narrowed = all.clone();
    for word in ["Rust", "Advanced"] {
        narrowed = narrowed.filter(Post.title.contains(word));
    }
    for _ in 0..2 {
        assert_eq!(all.all(&world.pool).await.unwrap().len(), 5);
        assert_eq!(narrowed.all(&world.pool).await.unwrap().len(), 1);
    }
    assert!(format!("{all:?}").contains("Post"));
    let secret = User::query().filter(User.name.eq("secret"));
    assert!(!format!("{secret:?}").contains("secret"), "a query's Debug shows no value");
}

#[tokio::test]
async fn a_filtered_to_one_load_is_an_option() {
    let world = blog::world().await;
    for [strategy] in mixtures() {
        let bob = Post.author.filter(User.name.eq("Bob")).under(strategy);
        let posts = Post::query().order_by(Post.id.asc()).with(bob).all(&world.pool).await.unwrap();
        let authors: Vec<Option<&str>> =
            posts.iter().map(|post| post.author().map(|user| user.name.as_str())).collect();
        assert_eq!(authors, [None, Some("Bob"), None, None, Some("Bob")]);
    }
}
