//! Entities that the compile tests share, as a crate of their own.
//!
//! A blog as in the contract: nothing here knows which of its uses compile.
#![deny(warnings, missing_docs, unreachable_pub, missing_debug_implementations, missing_copy_implementations)]
#![deny(rust_2018_idioms, clippy::all, clippy::pedantic, clippy::nursery)]

use relata::prelude::*;
use serde::{Deserialize, Serialize};

/// A writer.
#[derive(Entity, Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[entity(table = "users")]
#[has_many(posts: Vec<Post>, by = user_id)]
#[has_one(profile: Option<Profile>, by = user_id)]
pub struct User {
    /// The key.
    #[key(generated)]
    pub id: i32,
    /// The name.
    pub name: String,
}

/// What a writer says about themselves.
#[derive(Entity, Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[entity(table = "profiles")]
#[belongs_to(user: User, by = user_id)]
pub struct Profile {
    /// The key, which is the user's.
    #[key]
    pub user_id: i32,
    /// The text.
    pub bio: String,
}

/// A post.
#[derive(Entity, Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[entity(table = "posts")]
#[belongs_to(author: User, by = user_id)]
#[has_many(comments: Vec<Comment>, by = post_id)]
pub struct Post {
    /// The key.
    #[key(generated)]
    pub id: i32,
    /// The title.
    pub title: String,
    /// Whether readers see it.
    pub published: bool,
    /// Its author.
    pub user_id: i32,
}

/// A comment on a post.
#[derive(Entity, Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[entity(table = "comments")]
#[belongs_to(post: Post, by = post_id)]
#[belongs_to(author: Option<User>, by = user_id)]
pub struct Comment {
    /// The key.
    #[key(generated)]
    pub id: i32,
    /// The text.
    pub body: String,
    /// The post.
    pub post_id: i32,
    /// Its author, if it has one.
    pub user_id: Option<i32>,
}

/// A postal address, embedded.
#[derive(Embed, Debug, Clone, PartialEq, Eq, Default)]
pub struct Address {
    /// The city.
    pub city: String,
    /// The street, if known.
    pub street: Option<String>,
}
