//! Static descriptors of tables, columns and relations.
//!
//! Data only: they know no query and no row. Two descriptors are the same when their names are the same; an address of
//! a constant is not an identity.

use tokio_postgres::types::Type;

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
    /// The entity's relations, in the order of their declaration.
    pub relations: fn() -> &'static [&'static RelationDef],
}

impl Table {
    /// The position of the column of this name.
    pub fn position(&self, name: &str) -> Option<usize> {
        self.columns.iter().position(|column| column.name == name)
    }
}

impl Table {
    /// The table's name, with its schema where the entity names one.
    pub fn qualified(&self) -> String {
        qualified(self.schema, self.name)
    }
}

fn qualified(schema: Option<&str>, name: &str) -> String {
    schema.map_or_else(|| name.to_owned(), |schema| format!("{schema}.{name}"))
}

impl PartialEq for Table {
    fn eq(&self, other: &Self) -> bool {
        self.schema == other.schema && self.name == other.name && self.entity == other.entity
    }
}

/// One column that an entity reads, or that an association table has.
#[derive(Debug, Clone, Copy)]
pub struct Column {
    /// The field's name in the program.
    pub field: &'static str,
    /// The column's name in the database.
    pub name: &'static str,
    /// The column's SQL type, where the program names it.
    pub sql_type: Option<&'static str>,
    /// Whether the field is an `Option`.
    pub nullable: bool,
    /// The field's Rust type as it is written, without its `Option`. Empty for a column of a bare association table.
    pub rust_type: &'static str,
    /// Where its values are compared when it is part of a key.
    pub compare: Compare,
    /// Whether the field's Rust type reads a column of this SQL type.
    pub accepts: fn(&Type) -> bool,
}

impl PartialEq for Column {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name && self.field == other.field && self.rust_type == other.rust_type
    }
}

impl Eq for Column {}

/// Where the values of a key column are compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Compare {
    /// By the client, byte by byte: children find their parents by the key that they carry.
    Client,
    /// By the database alone: children carry the ordinal of the key that they were found with.
    Database,
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
    /// How the rows of both sides find each other.
    pub link: Link,
    /// Conditions on the target's rows that are part of the relation: `only = (…)`.
    pub only: &'static [Condition],
    /// The order of the target's rows where a load asks for none: `order_by = (…)`.
    pub order: &'static [OrderBy],
}

impl PartialEq for RelationDef {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name && (self.source)() == (other.source)()
    }
}

impl RelationDef {
    /// The columns of the source that lead to the target.
    pub fn source_columns(&self) -> impl Iterator<Item = &'static Column> + Clone {
        let (pairs, through) = match &self.link {
            Link::Direct(pairs) => (*pairs, false),
            Link::Through(association) => (association.source, true),
        };
        pairs.iter().map(move |pair| if through { pair.target } else { pair.source })
    }

    /// The columns that equal those of the source: of the target, or of the association table.
    pub fn key_columns(&self) -> impl Iterator<Item = &'static Column> + Clone {
        let (pairs, through) = match &self.link {
            Link::Direct(pairs) => (*pairs, false),
            Link::Through(association) => (association.source, true),
        };
        pairs.iter().map(move |pair| if through { pair.source } else { pair.target })
    }

    /// The name of the table that has the [`key_columns`](Self::key_columns).
    pub fn key_table(&self) -> String {
        match &self.link {
            Link::Direct(_) => (self.target)().qualified(),
            Link::Through(association) => qualified(association.schema, association.table),
        }
    }

    /// Whether the program leaves it to the database to compare its keys.
    pub fn compares_in_database(&self) -> bool {
        self.source_columns().chain(self.key_columns()).any(|column| column.compare == Compare::Database)
    }

    /// Whether the target's key is among the columns that lead to it, so that no source row can have two.
    pub fn is_unique(&self) -> bool {
        let Link::Direct(pairs) = &self.link else { return false };
        let target = (self.target)();
        target.key.iter().all(|&at| pairs.iter().any(|pair| pair.target.name == target.columns[at].name))
    }

    /// Whether one row may lead to the same target twice: through an association that may have a pair twice.
    pub fn repeats(&self) -> bool {
        self.association().is_some_and(|association| !association.is_distinct())
    }

    /// The association table, where there is one.
    pub fn association(&self) -> Option<&Association> {
        match &self.link {
            Link::Direct(_) => None,
            Link::Through(association) => Some(association),
        }
    }
}

/// How the rows of both sides of a relation find each other.
#[derive(Debug)]
pub enum Link {
    /// Columns of the source equal columns of the target, at least one pair.
    Direct(&'static [KeyPair]),
    /// By the rows of an association table.
    Through(Association),
}

/// A column of the side that a link starts from, and the column of the other side that equals it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct KeyPair {
    /// The column on the side that the link starts from.
    pub source: &'static Column,
    /// The column on the side that the link leads to.
    pub target: &'static Column,
}

/// An association table, and its links to both sides of a many-to-many.
#[derive(Debug)]
pub struct Association {
    /// The schema that qualifies the table's name, if one was given.
    pub schema: Option<&'static str>,
    /// The table's name in the database.
    pub table: &'static str,
    /// The entity that is mapped to it; `None` for a bare table.
    pub entity: Option<fn() -> &'static Table>,
    /// From the association table to the entity that the relation starts from.
    pub source: &'static [KeyPair],
    /// From the association table to the target.
    pub target: &'static [KeyPair],
    /// Conditions on the association's rows that are part of the relation: `through_only = (…)`.
    pub only: &'static [Condition],
}

impl Association {
    /// Whether a key of the association table says that it has each pair once.
    pub fn is_distinct(&self) -> bool {
        let Some(entity) = self.entity else { return false };
        let table = entity();
        let links = |column: &Column| self.source.iter().chain(self.target).any(|pair| pair.source == column);
        table.key.iter().all(|&at| links(&table.columns[at]))
    }
}

/// A condition that is part of a relation: a column equals a constant of the program.
#[derive(Debug, Clone, Copy)]
pub struct Condition {
    /// The column.
    pub column: &'static Column,
    /// What it equals.
    pub equals: Constant,
}

/// A constant that a relation's declaration names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Constant {
    /// The column is NULL.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// An integer.
    Integer(i64),
    /// A text, or a value of any type that is written as one, such as an enum's.
    Text(&'static str),
}

/// One term of a relation's own order.
#[derive(Debug, Clone, Copy)]
pub struct OrderBy {
    /// The target's column.
    pub column: &'static Column,
    /// Whether the greatest value comes first.
    pub descending: bool,
}

/// Joins the columns of an entity and of its embedded structs into one list.
///
/// `N` is the sum of the parts' lengths; the derive computes it. Runs while compiling only.
#[doc(hidden)]
pub const fn concat<const N: usize>(parts: &[&[Column]]) -> [Column; N] {
    let mut all = [Column::bare(""); N];
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

impl Column {
    /// Whether its values are arrays: of a type that is built in, or a `Vec` as it is written.
    pub(crate) fn is_array(&self) -> bool {
        const ARRAYS: [Type; 16] = [
            Type::TEXT_ARRAY,
            Type::INT4_ARRAY,
            Type::INT8_ARRAY,
            Type::INT2_ARRAY,
            Type::BOOL_ARRAY,
            Type::FLOAT4_ARRAY,
            Type::FLOAT8_ARRAY,
            Type::NUMERIC_ARRAY,
            Type::UUID_ARRAY,
            Type::DATE_ARRAY,
            Type::TIME_ARRAY,
            Type::TIMESTAMP_ARRAY,
            Type::TIMESTAMPTZ_ARRAY,
            Type::JSONB_ARRAY,
            Type::JSON_ARRAY,
            Type::BYTEA_ARRAY,
        ];
        let written = self.rust_type.starts_with("Vec") && !self.takes(&Type::BYTEA);
        written || ARRAYS.iter().any(|ty| self.takes(ty))
    }

    /// Whether its type reads this one, and not whatever there is.
    pub(crate) fn takes(&self, ty: &Type) -> bool {
        (self.accepts)(ty) && !(self.accepts)(&Type::RECORD)
    }

    /// A column of an association table that no entity is mapped to.
    #[doc(hidden)]
    pub const fn bare(name: &'static str) -> Self {
        Column {
            field: name,
            name,
            sql_type: None,
            nullable: false,
            rust_type: "",
            compare: Compare::Client,
            accepts: |_| true,
        }
    }
}
