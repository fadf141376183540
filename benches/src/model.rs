//! The measured rows: 1,000 users, each with ten posts, each with five comments.
//!
//! Must not know how they are loaded. Children lie as a program writes them, in the order of time: neighbouring rows
//! have different parents.

use relata::prelude::*;

/// The sizes at which loads are measured, in parents of ten children each.
pub const PARENTS: [i32; 3] = [10, 100, 1000];

/// The posts of one user.
pub const POSTS: usize = 10;

/// The comments on one post.
pub const COMMENTS: usize = 5;

/// Who writes.
#[derive(Entity, Debug, Clone, PartialEq)]
#[entity(table = "users")]
#[has_many(posts: Vec<Post>, by = user_id)]
pub struct User {
    /// The key.
    #[key]
    pub id: i32,
    /// Some 9 bytes.
    pub name: String,
    /// Some 20 bytes.
    pub email: String,
    /// Always true.
    pub active: bool,
}

/// What is written.
#[derive(Entity, Debug, Clone, PartialEq)]
#[entity(table = "posts")]
#[belongs_to(author: User, by = user_id)]
#[has_many(comments: Vec<Comment>, by = post_id)]
pub struct Post {
    /// The key.
    #[key]
    pub id: i32,
    /// The author's key.
    pub user_id: i32,
    /// Some 25 bytes.
    pub title: String,
    /// Two of three are.
    pub published: bool,
}

/// What is said about it.
#[derive(Entity, Debug, Clone, PartialEq)]
#[entity(table = "comments")]
#[belongs_to(post: Post, by = post_id)]
pub struct Comment {
    /// The key.
    #[key]
    pub id: i32,
    /// The key of its post.
    pub post_id: i32,
    /// Some 14 bytes.
    pub body: String,
}

/// Makes the tables.
pub const TABLES: &str = "
CREATE TABLE users (id int PRIMARY KEY, name text NOT NULL, email text NOT NULL, active boolean NOT NULL);
CREATE TABLE posts (id int PRIMARY KEY, user_id int NOT NULL REFERENCES users, title text NOT NULL,
    published boolean NOT NULL);
CREATE TABLE comments (id int PRIMARY KEY, post_id int NOT NULL REFERENCES posts, body text NOT NULL);
CREATE INDEX ON posts (user_id);
CREATE INDEX ON comments (post_id);
";

/// Fills them.
pub const ROWS: &str = "
INSERT INTO users SELECT i, 'user ' || i, 'user' || i || '@example.org', true FROM generate_series(1, 1000) i;
INSERT INTO posts SELECT i, 1 + i % 1000, 'what happened on day ' || i, i % 3 > 0 FROM generate_series(1, 10000) i;
INSERT INTO comments SELECT i, 1 + i % 10000, 'comment ' || i FROM generate_series(1, 50000) i;
ANALYZE;
";
