//! What entities and a live database differ in: findings, as data and as text.
//!
//! Pure: it compares descriptors with what the catalog says, and knows no connection. The function
//! [`relata::check`](fn@crate::check) asks the database.
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
//! async fn fits(db: &deadpool_postgres::Pool) -> Result<bool, relata::Error> {
//!     // `Post` is reached over `User.posts`.
//!     let report = relata::check::<User>(db).await?;
//!     println!("{report}");
//!     for finding in report.findings() {
//!         println!("{:?} in {}: {:?}", finding.kind(), finding.table(), finding.fix());
//!     }
//!     Ok(report.errors().count() == 0)
//! }
//! ```
//!
//! The text has a paragraph for each finding: what differs, where, and the SQL that mends it.
//!
//! ```text
//! error: field `User.name`: column `name` of table `users` can be NULL, and the field is not an `Option`
//!     ALTER TABLE "users" ALTER COLUMN "name" SET NOT NULL;
//!
//! warning: User.posts: no index of table `posts` begins with `user_id`, by which it is searched
//!     CREATE INDEX ON "posts" ("user_id");
//!
//! 2 entities: 1 error, 1 warning
//! ```
//!
//! What the database has and no entity is mapped to (more columns, more tables, more indexes) is no finding.

mod catalog;
mod ddl;
mod finding;
mod wanted;
mod tables;
mod predicate;
mod relations;
mod indexes;

use crate::entity::Entity;
use crate::schema::Table;

pub(crate) use catalog::{Catalog, Column, Comparison, ForeignKey, Found, Index, IndexColumn, Kind, Relation};
pub use finding::{Finding, FindingKind, Report, Severity};
pub(crate) use wanted::Wanted;

/// Entities to be checked: one, or a tuple of such. All that they lead to over relations is checked with them.
///
/// ```
/// # use relata::prelude::*;
/// # #[derive(Entity, Clone)] #[entity(table = "users")] struct User { #[key] id: i32 }
/// # #[derive(Entity, Clone)] #[entity(table = "tags")] struct Tag { #[key] id: i32 }
/// /// Everything that this service is mapped to.
/// type All = (User, Tag);
/// # async fn fits(db: &deadpool_postgres::Pool) -> Result<(), relata::Error> {
/// assert!(relata::check::<All>(db).await?.is_empty());
/// # Ok(())
/// # }
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be compared with a database",
    label = "not an entity, nor a tuple of entities",
    note = "`relata::check` takes entities: `check::<User>(db)`, `check::<(User, Post)>(db)`; tuples can hold tuples"
)]
pub trait Entities {
    /// Appends the tables of these entities.
    fn tables(out: &mut Vec<&'static Table>);
}

#[diagnostic::do_not_recommend]
impl<E: Entity> Entities for E {
    fn tables(out: &mut Vec<&'static Table>) {
        out.push(E::TABLE);
    }
}

macro_rules! tuple {
    ($($name:ident)*) => {
        impl<$($name: Entities),*> Entities for ($($name,)*) {
            fn tables(out: &mut Vec<&'static Table>) {
                $($name::tables(out);)*
            }
        }
    };
}

tuple!(A);
tuple!(A B);
tuple!(A B C);
tuple!(A B C D);
tuple!(A B C D E);
tuple!(A B C D E F);
tuple!(A B C D E F G);
tuple!(A B C D E F G H);
tuple!(A B C D E F G H I);
tuple!(A B C D E F G H I J);
tuple!(A B C D E F G H I J K);
tuple!(A B C D E F G H I J K L);

/// Compares what the entities want with what the catalog says.
pub(crate) fn compare(wanted: &Wanted, catalog: &Catalog) -> Report {
    let mut findings = Findings::default();
    tables::check(wanted, catalog, &mut findings);
    relations::check(wanted, catalog, &mut findings);
    indexes::check(wanted, catalog, &mut findings);
    Report::new(wanted.entities(), findings.found)
}

/// What is found while it is gathered.
#[derive(Debug, Default)]
struct Findings {
    found: Vec<Finding>,
    /// The unique indexes that fixes make, each with its table: what they serve need not be said again.
    proposed: Vec<(u32, Index)>,
}

impl Findings {
    fn push(&mut self, finding: Finding) {
        self.found.push(finding);
    }

    fn propose(&mut self, table: u32, index: Index) {
        self.proposed.push((table, index));
    }

    fn proposed(&self, table: u32) -> impl Iterator<Item = &Index> {
        self.proposed.iter().filter(move |(of, _)| *of == table).map(|(_, index)| index)
    }
}
