//! Static descriptors of tables, columns and relations.
//!
//! Data only: they know no Rust type, no query and no row. Two descriptors are the same when their names are the
//! same; an address of a constant is not an identity.

/// A table and the entity that is mapped to it.
#[derive(Debug)]
pub struct Table {
    /// The entity's name in the program.
    pub entity: &'static str,
    /// The schema that qualifies the table's name, if one was given.
    pub schema: Option<&'static str>,
    /// The table's name in the database.
    pub name: &'static str,
    /// The columns that the entity reads, in the order in which they are selected.
    pub columns: &'static [Column],
    /// The positions in `columns` of the key's columns, in the key's order. Never empty.
    pub key: &'static [usize],
}

impl Table {
    /// The position of the column of this name.
    pub fn position(&self, name: &str) -> Option<usize> {
        self.columns.iter().position(|column| column.name == name)
    }
}

impl PartialEq for Table {
    fn eq(&self, other: &Self) -> bool {
        self.schema == other.schema && self.name == other.name && self.entity == other.entity
    }
}

/// One column that an entity reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Column {
    /// The field's name in the program.
    pub field: &'static str,
    /// The column's name in the database.
    pub name: &'static str,
    /// The column's SQL type, where the program names it.
    pub sql_type: Option<&'static str>,
    /// Whether the field is an `Option`.
    pub nullable: bool,
    /// The field's Rust type as it is written, without its `Option`.
    pub rust_type: &'static str,
}

/// How many target rows one row leads to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach {
    /// Exactly one.
    One,
    /// One or none.
    MaybeOne,
    /// Any number.
    Many,
}

/// A relation: a named, directed link from an entity to a target.
#[derive(Debug)]
pub struct RelationDef {
    /// The relation's name.
    pub name: &'static str,
    /// Its position among the relations of its entity, in the order of their declaration.
    pub index: usize,
    /// The table that it starts from.
    pub source: fn() -> &'static Table,
    /// The table that it leads to.
    pub target: fn() -> &'static Table,
    /// How many target rows one source row leads to.
    pub reach: Reach,
    /// The columns that are equal on both sides, at least one pair.
    pub pairs: &'static [KeyPair],
}

impl PartialEq for RelationDef {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name && (self.source)() == (other.source)()
    }
}

/// A column of the source and the column of the target that equals it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct KeyPair {
    /// The column on the side that the relation starts from.
    pub source: &'static Column,
    /// The column on the side that the relation leads to.
    pub target: &'static Column,
}

/// Joins the columns of an entity and of its embedded structs into one list.
///
/// `N` is the sum of the parts' lengths; the derive computes it. Runs while compiling only.
#[doc(hidden)]
pub const fn concat<const N: usize>(parts: &[&[Column]]) -> [Column; N] {
    const NONE: Column = Column { field: "", name: "", sql_type: None, nullable: false, rust_type: "" };
    let mut all = [NONE; N];
    let (mut part, mut at) = (0, 0);
    while part < parts.len() {
        let mut column = 0;
        while column < parts[part].len() {
            all[at] = parts[part][column];
            at += 1;
            column += 1;
        }
        part += 1;
    }
    all
}
