//! Round trips, counted by a proxy: what a plan promises is what the wire shows.

use relata::Connection;
use relata::prelude::*;
use relata::{Executor, Query, Shape};

use super::proxy::Proxy;
use crate::contract::c01_blog::{Comment, Post, Profile, User};
use crate::support::{World, blog, connect, pool};

/// Runs it twice on a fresh connection: once cold, once warm.
async fn count<T: Shape>(proxy: &Proxy, db: &impl Executor, query: &Query<T>) {
    proxy.round_trips();
    query.all(db).await.unwrap();
    assert_eq!(proxy.round_trips(), query.plan().cold_round_trips(), "cold\n{}", query.plan());
    query.all(db).await.unwrap();
    assert_eq!(proxy.round_trips(), query.plan().round_trips(), "warm\n{}", query.plan());
}

/// On a pool, on a connection of ours, and on a client without a cache, each of them fresh.
async fn everywhere<T: Shape>(query: Query<T>, warm: usize) {
    assert_eq!((query.plan().round_trips(), query.plan().cold_round_trips()), (warm, warm + 1));
    let world = blog::world().await;
    let proxy = Proxy::holding(&world.config).await;
    let pool = pool(&proxy.config, 1);
    drop(pool.get().await.unwrap());
    count(&proxy, &pool, &query).await;
    count(&proxy, &Connection::new(connect(&proxy.config).await), &query).await;

    let bare = connect(&proxy.config).await;
    proxy.round_trips();
    for _ in 0..2 {
        query.all(&bare).await.unwrap();
        assert_eq!(proxy.round_trips(), warm + 1, "a client without a cache is never warm");
    }
}

#[tokio::test]
async fn a_tree_of_one_level_takes_one_round_trip() {
    everywhere(User::query(), 1).await;
    everywhere(Comment::query().filter(Comment.post.author.name.eq("Bob")), 1).await;
}

#[tokio::test]
async fn a_tree_of_two_levels_takes_two() {
    everywhere(User::query().with(User.posts), 2).await;
    everywhere(User::query().with(User.posts).with(User.profile.select_in()), 2).await;
}

#[tokio::test]
async fn a_tree_of_four_levels_with_siblings_takes_four() {
    let comments = Post.comments.with(Comment.author.select_in());
    let author = Post.author.select_in().with(User.profile.select_in());
    let profile = User.profile.select_in().with(Profile.user.select_in());
    everywhere(User::query().with(User.posts.with(comments).with(author)).with(profile), 4).await;
}

/// To-one below the root, and where nothing else is asked for: the plan's own choice.
#[tokio::test]
async fn a_joined_level_takes_none() {
    everywhere(Post::query().with(Post.author.with(User.profile)), 1).await;
    everywhere(User::query().with(User.posts.joined().with(Post.comments.joined())), 1).await;
    let posts = User.posts.with(Post.comments.with(Comment.author)).with(Post.author.with(User.profile));
    everywhere(User::query().with(posts).with(User.profile.with(Profile.user)), 3).await;
    // Two collections side by side: one of them is fetched apart.
    let both = Post::query().with(Post.comments.joined()).with(Post.author.with(User.posts.joined()));
    everywhere(both, 2).await;
    everywhere(User::query().limit(2).with(User.posts.limit(1).joined()), 1).await;
    everywhere(User::query().with(User.posts.limit(1)).with(User.profile), 2).await;
}

#[tokio::test]
async fn a_load_from_one_row_takes_as_many() {
    everywhere(User::find(1).with(User.posts.with(Post.comments)).with(User.profile.select_in()), 3).await;
}

#[tokio::test]
async fn verbs_without_loads_take_one_round_trip() {
    let world = blog::world().await;
    let proxy = Proxy::holding(&world.config).await;
    let pool = pool(&proxy.config, 1);
    drop(pool.get().await.unwrap());
    let query = User::query().with(User.posts);
    proxy.round_trips();
    for (cold, trips) in [(true, 2), (false, 1)] {
        assert_eq!(query.count(&pool).await.unwrap(), 4);
        assert_eq!(proxy.round_trips(), trips, "count, cold: {cold}");
        assert!(query.exists(&pool).await.unwrap());
        assert_eq!(proxy.round_trips(), trips, "exists, cold: {cold}");
        assert!(User::query().first(&pool).await.unwrap().is_some());
        assert_eq!(proxy.round_trips(), trips, "first, cold: {cold}");
    }
}

/// The bound is reached when no level is empty, and is less when one is.
#[tokio::test]
async fn an_empty_level_takes_no_round_trip() {
    let world = World::new(blog::TABLES).await;
    let proxy = Proxy::holding(&world.config).await;
    let db = Connection::new(connect(&proxy.config).await);
    let query = User::query().with(User.posts.with(Post.comments));
    query.all(&db).await.unwrap();
    proxy.round_trips();
    query.all(&db).await.unwrap();
    assert_eq!((proxy.round_trips(), query.plan().round_trips()), (1, 3));
}
