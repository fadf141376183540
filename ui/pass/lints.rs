//! Generated code is clean under every lint that a program is likely to deny.
#![deny(warnings, missing_docs, unreachable_pub, missing_debug_implementations, missing_copy_implementations)]
#![deny(rust_2018_idioms, rust_2024_compatibility, future_incompatible, unused, nonstandard_style)]
#![deny(single_use_lifetimes, unused_lifetimes, unused_qualifications, trivial_casts, trivial_numeric_casts)]
#![deny(let_underscore_drop, explicit_outlives_requirements, redundant_lifetimes, unit_bindings, unnameable_types)]
#![deny(clippy::all, clippy::pedantic, clippy::nursery, clippy::cargo)]
#![forbid(unsafe_code)]

use relata::prelude::*;
use serde::{Deserialize, Serialize};

/// A user.
#[derive(Entity, Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[entity(table = "users", schema = "app")]
#[has_many(posts: Vec<Post>, by = user_id)]
#[has_one(newest: Option<Post>, by = user_id)]
pub struct User {
    /// Key.
    #[key]
    pub id: i32,
    #[deprecated]
    /// Old.
    pub old: i32,
    name: String,
    #[column(embed)]
    address: Address,
    #[column(skip)]
    cached: usize,
}

#[derive(Embed, Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Address {
    city: String,
    street: Option<String>,
}

/// A post.
#[derive(Entity, Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[entity(table = "posts")]
#[belongs_to(author: User, by = user_id)]
pub struct Post {
    #[key]
    id: i32,
    user_id: i32,
    text: String,
}

#[derive(Entity, Debug, Clone)]
#[entity(table = "unused")]
#[belongs_to(user: User, by = user_id)]
#[allow(dead_code)]
struct Unused {
    #[key]
    id: i32,
    user_id: i32,
    text: String,
}

fn main() {
    let query = User::query().filter(User.address.city.eq("Rome")).with(User.posts);
    assert_eq!(format!("{query:?}").is_empty(), false.to_string().is_empty());
}
