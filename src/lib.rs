//! A typed query builder for PostgreSQL whose subject is relationships: joins along relationship paths, and eager
//! loading that fetches a tree of related rows in a known number of statements.
//!
//! ```
//! use relata::prelude::*;
//!
//! #[derive(Entity, Debug, Clone)]
//! #[entity(table = "users")]
//! #[has_many(posts: Vec<Post>, by = user_id)]
//! struct User {
//!     #[key]
//!     id: i32,
//!     name: String,
//! }
//!
//! #[derive(Entity, Debug, Clone)]
//! #[entity(table = "posts")]
//! #[belongs_to(author: User, by = user_id)]
//! struct Post {
//!     #[key]
//!     id: i32,
//!     title: String,
//!     user_id: i32,
//! }
//!
//! // A query is a value; its type says what its rows have loaded.
//! let query: relata::Query<LoadedUser<Vec<Post>>> =
//!     User::query().filter(User.name.eq("Alice")).with(User.posts.order_by(Post.id.desc()));
//! assert_eq!((query.plan().statements(), query.plan().round_trips()), (2, 2));
//!
//! async fn titles(db: &deadpool_postgres::Pool) -> Result<(), relata::Error> {
//!     for user in User::query().with(User.posts).all(db).await? {
//!         println!("{}: {:?}", user.name, user.posts().iter().map(|post| &post.title).collect::<Vec<_>>());
//!     }
//!     // A path across a relation is a join.
//!     let posts = Post::query().filter(Post.author.name.eq("Alice")).all(db).await?;
//!     println!("{}", posts.len());
//!     Ok(())
//! }
//! ```
//!
//! - [`Entity`](derive@Entity) is the derive; it makes a constant of the entity's own name, whose fields are its columns
//!   and relations, and a type for rows with relations loaded.
//! - [`Query`] and [`Load`] say what to fetch, [`Predicate`] and [`Order`] which rows and in what order.
//! - [`Select`] gives tuples of what is selected, [`View`](derive@View) structs whose fields say it; the module [`expr`] shows
//!   every expression with its SQL. [`Page`] and [`Cursor`] walk long lists.
//! - [`Plan`] says what it costs, [`Executor`] what it runs on, [`Error`] what went wrong.
//! - [`check`](fn@check) says what the entities and a live database differ in.
//!
//! The modules are the stages of a query, each above those that use it; the repository's ARCHITECTURE.md tells how they
//! work together.

#![warn(unreachable_pub)]

pub mod error;
pub mod schema;
mod value;
mod page;
pub mod row;
mod key;
mod stitch;
pub mod entity;
pub mod expr;
pub mod query;
mod plan;
pub mod sql;
pub mod check;
mod exec;

pub use entity::{Embed, Entity, If, NotLoaded, One, Shape};
pub use error::{Error, ErrorKind};
pub use exec::{Connection, Executor, check};
pub use expr::{
    Aggregate, AsExpression, Average, Case, Comparable, Expression, Json, Number, Order, Predicate, Remainder,
    Selectable, SqlType, Sum, Temporal, Text, TimeOfDay, Window, case, count, dense_rank, exists, first_value, lag,
    last_value, lead, literal, ntile, outer, rank, raw, raw_predicate, row_number, running_sum, scalar, value,
};
pub use page::{Counted, Cursor, Page};
pub use plan::Plan;
pub use query::{Combined, Grouped, Load, Query, Queryable, Select, View, from_sql};
pub use relata_derive::{Embed, Entity, Newtype, View, loaded};

#[doc(hidden)]
#[path = "private.rs"]
pub mod __private;

/// What a program that uses relata imports.
pub mod prelude {
    pub use crate::entity::{Embed, Entity};
    pub use crate::expr::Predicate;
    pub use crate::query::{Queryable as _, View};
    pub use relata_derive::{Embed, Entity, Newtype, View, loaded};
}

/// The README's program compiles.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
