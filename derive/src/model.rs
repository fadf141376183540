//! What `expand` writes code for: everything is decided, nothing can be missing.
//!
//! It carries the user's identifiers and types, for their spans.

use syn::{Attribute, Ident, Path, Type, Visibility};

use crate::ast::{Compare, Condition, Order, Serde};

/// An entity, or an embedded struct: one without a table, a key and relations.
pub(crate) struct Model {
    pub(crate) ident: Ident,
    /// Whether it has columns only, in its owners' tables.
    pub(crate) is_embed: bool,
    /// Whether a constant of the same name exists already, as for a tuple struct. Only after an error.
    pub(crate) has_constructor: bool,
    /// The struct's own visibility.
    pub(crate) own_vis: Visibility,
    /// The visibility of what is generated.
    pub(crate) vis: Visibility,
    /// Whether that is less than the struct's.
    pub(crate) narrowed: bool,
    pub(crate) krate: Path,
    pub(crate) table: String,
    pub(crate) schema: Option<String>,
    pub(crate) serde: Serde,
    pub(crate) fields: Vec<Field>,
    /// The fields of the key; empty only after an error.
    pub(crate) key: Vec<usize>,
    pub(crate) relations: Vec<Relation>,
    /// There was an error, so the code is there only to spare the user errors that follow from it.
    pub(crate) broken: bool,
}

/// A field of the struct.
pub(crate) struct Field {
    pub(crate) ident: Ident,
    /// Without its `Option`.
    pub(crate) ty: Type,
    /// With its `Option`.
    pub(crate) written: Type,
    pub(crate) docs: Vec<Attribute>,
    pub(crate) kind: Kind,
    pub(crate) nullable: bool,
    pub(crate) column: String,
    pub(crate) sql_type: Option<String>,
    pub(crate) compare: Compare,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Column,
    /// A struct whose columns stand here.
    Embed,
    /// Not in the table.
    Skip,
}

pub(crate) struct Relation {
    pub(crate) ident: Ident,
    /// Without `r#`.
    pub(crate) name: String,
    pub(crate) target: Type,
    pub(crate) reach: Reach,
    pub(crate) link: Link,
    /// Conditions on the target's fields.
    pub(crate) only: Vec<Condition>,
    pub(crate) order: Vec<Order>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Reach {
    Exactly,
    MaybeOne,
    Many,
}

/// How the rows of both sides find each other.
pub(crate) enum Link {
    Direct(Pairs),
    Through(Box<Association>),
}

/// What stands between the two sides of a many-to-many.
pub(crate) struct Association {
    pub(crate) by: Sides,
    /// Conditions on its fields, or on its columns.
    pub(crate) only: Vec<Condition>,
}

/// How an association leads to both sides.
pub(crate) enum Sides {
    /// It is an entity: its relations, back to this one and on to the target. None only after an error.
    Entity(Type, Option<(Ident, Ident)>),
    /// It is a table.
    Table(Table),
}

/// An association table without an entity.
pub(crate) struct Table {
    pub(crate) schema: Option<String>,
    pub(crate) name: String,
    /// Its columns and the own fields that they equal.
    pub(crate) here: Vec<(Ident, Ident)>,
    /// Its columns that equal the target's key.
    pub(crate) there: Vec<Ident>,
}

/// The columns that are equal on both sides.
pub(crate) enum Pairs {
    /// Own fields, and fields of the target. None only after an error.
    Fields(Vec<(Ident, Ident)>),
    /// Own fields and their types without `Option`, and the target's key.
    Key(Vec<(Ident, Type)>),
}
