//! The application over HTTP: what it answers, and what is left of requests that were given up.

#![allow(missing_docs, clippy::unwrap_used, clippy::print_stdout)]

mod support;

use std::time::{Duration, Instant};

use relata::prelude::*;
use relata_web::{Post, Reader, User};
use serde_json::json;
use support::{Blog, Site};
use tokio::io::AsyncWriteExt;

const ROUNDS: u32 = 200;

#[tokio::test]
async fn a_loaded_tree_is_the_answer() {
    let site = Site::new(Blog::quick().await, Duration::from_secs(30)).await;
    let (status, body) = site.get("/users").await;
    let alice = json!({"id": 1, "name": "Alice", "posts": [
        {"id": 1, "title": "Rust", "user_id": 1, "comments": [
            {"id": 1, "body": "thanks", "post_id": 1}, {"id": 2, "body": "no", "post_id": 1}]},
        {"id": 3, "title": "Rust", "user_id": 1, "comments": []}]});
    let bob = json!({"id": 2, "name": "Bob", "posts": [
        {"id": 2, "title": "Advanced Rust", "user_id": 2, "comments": [{"id": 3, "body": "thanks", "post_id": 2}]}]});
    let dora = json!({"id": 3, "name": "Dora", "posts": []});
    assert_eq!((status, body), (200, json!([alice, bob, dora])));
    assert_eq!(site.get("/users/2").await, (200, bob));
    assert_eq!(site.get("/users?name=o").await.1.as_array().map(Vec::len), Some(2));
    assert_eq!(site.get("/users?name=%25").await, (200, json!([])));
    assert_eq!(site.get("/users?page=18446744073709551615").await, (200, json!([])));
    assert_eq!(site.get("/users/9").await.0, 404);
}

#[tokio::test]
async fn a_database_that_is_changed_or_gone_is_the_servers_fault() {
    let blog = Blog::private().await;
    let site = Site::new(blog, Duration::from_secs(30)).await;
    assert_eq!(site.get("/users").await.0, 200);
    site.blog.execute("ALTER TABLE posts RENAME title TO headline").await;
    assert_eq!(site.get("/users").await.0, 500);
    site.blog.execute("ALTER TABLE posts RENAME headline TO title; CHECKPOINT").await;
    assert_eq!(site.get("/users").await.0, 200);
    site.blog.scratch().kill().unwrap();
    assert_eq!(site.get("/users").await.0, 503);
    site.blog.scratch().restart().unwrap();
    assert_eq!(site.get("/users").await.0, 200);
}

/// The limit of time drops the handler, and with it its load.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn requests_over_their_time_leave_nothing_behind() {
    let site = Site::new(Blog::slow("over_time").await, Duration::from_millis(50)).await;
    let mut longest = Duration::ZERO;
    for _ in 0..ROUNDS {
        assert_eq!(site.get("/users").await.0, 504);
        longest = longest.max(site.blog.answers().await);
    }
    println!("after a time-out, the pool answers in {longest:?} at most");
    site.blog.is_quiet(longest).await;
}

/// A client that hangs up drops the handler as well.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn clients_that_hang_up_leave_nothing_behind() {
    let site = Site::new(Blog::slow("hung_up").await, Duration::from_secs(60)).await;
    let mut longest = Duration::ZERO;
    for _ in 0..ROUNDS {
        let mut client = site.send("/users").await;
        site.blog.until("wait_event = 'PgSleep'", 1).await;
        client.shutdown().await.unwrap();
        drop(client);
        longest = longest.max(site.blog.answers().await);
        site.blog.until("state = 'active'", 0).await;
    }
    println!("after a client hung up, the pool answers in {longest:?} at most");
    site.blog.is_quiet(longest).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn loads_can_be_spawned_and_shared() {
    let blog = Blog::quick().await;
    let query = User::query().with(User.posts.with(Post.comments));
    let start = Instant::now();
    let tasks: Vec<_> = (0..50)
        .map(|_| {
            let (query, pool) = (query.clone(), blog.pool.clone());
            tokio::spawn(async move { query.all(&pool).await })
        })
        .collect();
    for task in tasks {
        let users: Vec<Reader> = task.await.unwrap().unwrap();
        assert_eq!(users.len(), 3);
    }
    println!("50 loads on two connections took {:?}", start.elapsed());
}
