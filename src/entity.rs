//! Entities, relations, and the shapes of the rows that queries give.
//!
//! The derive implements these traits; nothing here does I/O or knows how a query is written.

mod key;
mod page;
mod reach;
mod slot;

use tokio_postgres::Row;

use crate::error::Error;
use crate::row::Cursor;
use crate::schema::{RelationDef, Table};
use crate::stitch::Links;

pub use crate::stitch::Copied;

pub use key::{IntoKey, KeyTuple};
pub(crate) use page::Ends;
pub use reach::{Exactly, Many, MaybeOne, NotNull, Null, Nulls, Reach, SingleValued};
pub use slot::{If, Level, NotLoaded, One, Presence, Put, Read, Slot, ValueOf};

/// A struct that is mapped to one table; `#[derive(Entity)]` implements it.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not an entity",
    label = "not an entity",
    note = "an entity is a struct with `#[derive(Entity)]` and `#[entity(table = \"…\")]`"
)]
pub trait Entity: Clone + Shape<Entity = Self, Row = Self> {
    /// The entity's columns and relations, reached over the path `P`.
    type Fields<P: 'static>: Fields;
    /// The key's columns, always as a tuple.
    type KeyColumns: KeyTuple;
    /// The table.
    const TABLE: &'static Table;

    /// Reads one row, column by column in the order of the table's columns.
    ///
    /// # Errors
    /// As [`Cursor::next`].
    fn decode(row: &mut Cursor<'_>) -> Result<Self, Error>;
}

/// A struct whose columns are part of its owner's table; `#[derive(Embed)]` implements it.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be embedded",
    label = "not an embedded struct",
    note = "an embedded struct has `#[derive(Embed)]`"
)]
pub trait Embed: Clone + Send + 'static {
    /// Its columns, reached over the path `P` to its owner.
    type Fields<P: 'static>: Fields;
    /// Its columns, in the order in which they are read.
    const COLUMNS: &'static [crate::schema::Column];

    /// Reads its columns from its owner's row.
    ///
    /// # Errors
    /// As [`Cursor::next`].
    fn decode(row: &mut Cursor<'_>) -> Result<Self, Error>;
}

/// The struct of an entity's columns and relations as values; its one instance is a constant.
#[doc(hidden)]
pub trait Fields: 'static {
    const REF: &'static Self;
}

/// A relation's marker type; its identity, together with its name.
pub trait Relation: Copy + Send + Sync + 'static {
    /// The entity that it starts from.
    type Source: Entity;
    /// The entity that it leads to.
    type Target: Entity;
    /// How many targets one source leads to.
    type Reach: Reach;
    /// Its descriptor.
    const DEF: &'static RelationDef;
}

/// A many-to-many whose association table is mapped to an entity, so that its rows can be filtered and sorted by it.
#[diagnostic::on_unimplemented(
    message = "`{Self}` has no association entity",
    label = "not a many-to-many through an entity",
    note = "conditions and orders on the association need a `#[many_to_many(…, through = Entity, by = (here, there))]`"
)]
pub trait Through: Relation {
    /// The entity of the association table.
    type Association: Entity;
}

/// Gives an entity's relation by (the hash of) its name; `loaded!` reads it.
#[doc(hidden)]
#[diagnostic::on_unimplemented(
    message = "`{Self}` has no relation of this name",
    label = "no such relation",
    note = "`loaded!` takes relations as the entity declares them; where an entity has `vis = …`, its loaded type is \
            named instead: `LoadedUser<Vec<Post>>`"
)]
pub trait Named<const NAME: u64>: Entity {
    type Relation: Relation<Source = Self>;
}

/// What one row of a query is: an entity, or an entity with some of its relations loaded.
///
/// The entity itself is the shape without loads. The derive makes a second type for the others, for example
/// `LoadedUser<Vec<Post>>` for a `User` whose posts are loaded.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not what a row of a query can be",
    label = "neither an entity, a loaded entity nor a view"
)]
pub trait Shape: Copied + Send + 'static {
    /// The entity.
    type Entity: Entity;
    /// What one row of its own statement is decoded to: the entity, or the part of a view that is no load.
    #[doc(hidden)]
    type Row: Decode;
    /// What its loads gather while they run.
    #[doc(hidden)]
    type State: Default + Send + 'static;
    /// The loads' sinks, each with its relation's index.
    #[doc(hidden)]
    fn sinks<'s>(state: &'s mut Self::State, out: &mut Vec<(usize, &'s mut dyn Sink)>);
    /// Puts the loaded values beside the rows.
    #[doc(hidden)]
    fn finish(rows: Vec<Self::Row>, state: Self::State) -> Result<Vec<Self>, Error>;
}

/// What a row of a level is decoded to.
#[doc(hidden)]
pub trait Decode: Send + Sized + 'static {
    /// Decodes what begins at the row's column `start`.
    ///
    /// # Errors
    /// As [`Cursor::next`].
    fn decode_at(row: &Row, start: usize) -> Result<Self, Error>;
}

impl<E: Entity> Decode for E {
    #[inline]
    fn decode_at(row: &Row, start: usize) -> Result<Self, Error> {
        E::decode(&mut Cursor::new(row, E::TABLE, start))
    }
}

/// What takes the rows of one level: all that the executor knows of an entity.
#[doc(hidden)]
pub trait Sink: Send {
    /// The parts that are filled while the level's statement runs; the sinks of the loads below it, each with its
    /// relation's index, are appended.
    fn split<'s>(&'s mut self, below: &mut Vec<(usize, &'s mut dyn Sink)>) -> Split<'s>;
}

/// A level's sink in parts, so that a level and those joined to it can be filled by one row.
#[doc(hidden)]
pub struct Split<'s> {
    pub(crate) rows: &'s mut dyn Rows,
    /// Where the links to the level above go once all rows are in.
    pub(crate) links: &'s mut Option<Links>,
    /// Where it goes how pages end, where there are pages.
    pub(crate) ends: Option<&'s mut Ends>,
}

/// What decodes the rows of one level.
pub(crate) trait Rows: Send {
    /// Decodes the entity whose first column is the row's column `start`.
    fn accept(&mut self, row: &Row, start: usize) -> Result<(), Error>;

    /// So many rows are to be expected.
    fn expect(&mut self, _rows: usize) {}
}
