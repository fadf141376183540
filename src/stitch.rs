//! Children to parents: by ordinal, moved where one parent has them and cloned where several do.
//!
//! It knows positions only, no entity and no SQL. What is generic here is compiled once a load, so it is written in
//! plain loops.

use std::sync::Arc;

use tokio_postgres::Row;

use crate::error::{Error, ErrorKind};
use crate::key::{Batch, KeyArray, NO_KEY};
use crate::page::KeyPart;
use crate::schema::RelationDef;

/// A row that several parents may share: all but the last are given a copy.
///
/// It is `Clone` for an entity; a view needs none, since its parts are copied one by one.
pub trait Copied: Sized {
    /// The same row once more.
    fn copied(&self) -> Self;
}

impl<T: Copied> Copied for Vec<T> {
    fn copied(&self) -> Self {
        let mut all = Vec::with_capacity(self.len());
        for one in self {
            all.push(one.copied());
        }
        all
    }
}

impl<T: Copied> Copied for Option<T> {
    fn copied(&self) -> Self {
        self.as_ref().map(T::copied)
    }
}

/// What connects the rows of an edge: the parents' keys, and the ordinal of each child.
#[derive(Debug)]
pub(crate) struct Links {
    path: Arc<str>,
    relation: &'static RelationDef,
    parents: Parents,
    ordinals: Vec<u32>,
}

/// The side that the children are put to.
#[derive(Debug)]
enum Parents {
    /// Those of a batch of keys.
    Batch(Box<Batch>, Stitch),
    /// So many, each with its own children: the rows came with theirs.
    Joined(usize),
}

/// How a child finds its key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Stitch {
    /// By the key that it carries.
    Key,
    /// By the ordinal that this column of its row carries.
    Ordinal(usize),
    /// There is one key.
    Only,
}

impl Links {
    /// Links of children that are asked for by a batch of keys.
    pub(crate) fn new(path: Arc<str>, relation: &'static RelationDef, batch: Batch, stitch: Stitch) -> Self {
        let ordinals = Vec::with_capacity(batch.len().clamp(16, 4096));
        Links { path, relation, parents: Parents::Batch(Box::new(batch), stitch), ordinals }
    }

    /// Links of children that come in their parents' rows.
    pub(crate) fn joined(path: Arc<str>, relation: &'static RelationDef) -> Self {
        Links { path, relation, parents: Parents::Joined(0), ordinals: Vec::new() }
    }

    pub(crate) fn relation(&self) -> &'static RelationDef {
        self.relation
    }

    /// The keys to send, one array a column.
    pub(crate) fn arrays(&self) -> &[KeyArray] {
        match &self.parents {
            Parents::Batch(batch, _) => batch.arrays(),
            Parents::Joined(_) => &[],
        }
    }

    /// The ordinal of the key that the next child belongs to.
    #[inline]
    pub(crate) fn ordinal_of(&mut self, row: &Row) -> Result<u32, Error> {
        let found = match &mut self.parents {
            Parents::Batch(batch, Stitch::Key) => batch.ordinal_of(row)?,
            Parents::Batch(batch, Stitch::Ordinal(at)) => batch.carried(row, *at)?,
            Parents::Batch(_, Stitch::Only) => Some(0),
            Parents::Joined(_) => None,
        };
        found.ok_or_else(|| self.differs())
    }

    /// Takes the next child.
    #[inline]
    pub(crate) fn add_child(&mut self, ordinal: u32) {
        self.ordinals.push(ordinal);
    }

    /// All rows are in; there are so many parents, where the children came in their rows.
    pub(crate) fn close(&mut self, count: usize) {
        if let Parents::Joined(parents) = &mut self.parents {
            *parents = count;
        }
    }

    /// The number of rows that there will be at least, most likely.
    pub(crate) fn expected(&self) -> usize {
        self.groups()
    }

    fn groups(&self) -> usize {
        match &self.parents {
            Parents::Batch(batch, _) => batch.len(),
            Parents::Joined(count) => *count,
        }
    }

    /// The ordinal of each parent, or `None` where parent *i* has ordinal *i*.
    fn of_parent(&self) -> Option<&[u32]> {
        match &self.parents {
            Parents::Batch(batch, _) => batch.of_parent(),
            Parents::Joined(_) => None,
        }
    }

    /// The key of this ordinal, for an error message.
    pub(crate) fn describe(&self, ordinal: u32) -> String {
        match &self.parents {
            Parents::Batch(batch, _) => batch.describe(ordinal),
            Parents::Joined(_) => String::new(),
        }
    }

    /// The server sent a row for a key that the client did not ask for.
    #[cold]
    fn differs(&self) -> Error {
        let columns: Vec<String> = self.relation.key_columns().map(|column| format!("`{}`", column.name)).collect();
        let message = format!(
            "the database compares {} of table `{}` in another way than the client does: it returned a row whose key \
             equals none that was asked for, byte by byte (a collation that ignores case does that); \
             `#[column(compare = database)]` on the field leaves the comparison to the database",
            columns.join(" and "),
            self.relation.key_table(),
        );
        Error::new(ErrorKind::KeyEqualityDiffers, message).at(&self.path)
    }

    /// The ordinal of a parent's key; `None` if it has none.
    pub(crate) fn ordinal_of_parent(&self, parent: usize) -> Option<u32> {
        let ordinal = match self.of_parent() {
            Some(of_parent) => *of_parent.get(parent)?,
            None => parent as u32,
        };
        (ordinal != NO_KEY).then_some(ordinal)
    }

    /// The key of this ordinal, column by column.
    pub(crate) fn key(&self, ordinal: u32) -> Vec<KeyPart> {
        match &self.parents {
            Parents::Batch(batch, _) => batch.parts(ordinal),
            Parents::Joined(_) => Vec::new(),
        }
    }

    fn check<T>(&self, rows: &[T]) -> Result<(), Error> {
        if rows.len() == self.ordinals.len() {
            return Ok(());
        }
        let message = format!("{} rows were decoded, and {} were linked", rows.len(), self.ordinals.len());
        Err(Error::new(ErrorKind::Decode, message).at(&self.path))
    }
}

/// A second row where a relation allows one, for this key.
#[cold]
pub(crate) fn several(path: &str, key: &str) -> Error {
    let message = format!("more than one row for key {key}, where the relation allows one");
    Error::new(ErrorKind::SeveralRows, message).at(path)
}

/// No row where a relation promises one, for this key; `None` if the key is NULL.
#[cold]
pub(crate) fn missing(path: &str, key: Option<&str>) -> Error {
    let message = match key {
        None => String::from("the relation promises a row, and its key is NULL"),
        Some(key) => format!("the relation promises a row, and there is none with key {key}"),
    };
    Error::new(ErrorKind::MissingTarget, message).at(path)
}

/// One list a parent, in the order in which the rows came.
pub(crate) fn many<T: Copied>(links: &Links, rows: Vec<T>) -> Result<Vec<Vec<T>>, Error> {
    links.check(&rows)?;
    let mut counts = vec![0_usize; links.groups()];
    for &ordinal in &links.ordinals {
        counts[ordinal as usize] += 1;
    }
    let mut groups: Vec<Vec<T>> = Vec::with_capacity(counts.len());
    for &count in &counts {
        groups.push(Vec::with_capacity(count));
    }
    for (row, &ordinal) in rows.into_iter().zip(&links.ordinals) {
        groups[ordinal as usize].push(row);
    }
    Ok(spread(links, groups))
}

/// At most one row a parent.
pub(crate) fn maybe_one<T: Copied>(links: &Links, rows: Vec<T>) -> Result<Vec<Option<T>>, Error> {
    links.check(&rows)?;
    let mut groups: Vec<Option<T>> = Vec::with_capacity(links.groups());
    for _ in 0..links.groups() {
        groups.push(None);
    }
    for (at, row) in rows.into_iter().enumerate() {
        let ordinal = links.ordinals[at];
        if groups[ordinal as usize].replace(row).is_some() {
            return Err(several(&links.path, &links.describe(ordinal)));
        }
    }
    Ok(spread(links, groups))
}

/// Exactly one row a parent.
pub(crate) fn one<T: Copied>(links: &Links, rows: Vec<T>) -> Result<Vec<T>, Error> {
    let found = maybe_one(links, rows)?;
    let mut all = Vec::with_capacity(found.len());
    for (parent, row) in found.into_iter().enumerate() {
        match row {
            Some(row) => all.push(row),
            None => {
                let ordinal = links.of_parent().map_or(parent as u32, |of_parent| of_parent[parent]);
                let key = (ordinal != NO_KEY).then(|| links.describe(ordinal));
                return Err(missing(&links.path, key.as_deref()));
            }
        }
    }
    Ok(all)
}

/// From one value a key to one value a parent: the last parent of a key takes the value, earlier ones clone it.
fn spread<V: Copied + Default>(links: &Links, mut groups: Vec<V>) -> Vec<V> {
    let Some(of_parent) = links.of_parent() else { return groups };
    // How many parents each key still has to serve.
    let mut uses = vec![0_u32; groups.len()];
    for &ordinal in of_parent {
        if ordinal != NO_KEY {
            uses[ordinal as usize] += 1;
        }
    }
    let mut all = Vec::with_capacity(of_parent.len());
    for &ordinal in of_parent {
        if ordinal == NO_KEY {
            all.push(V::default());
            continue;
        }
        let at = ordinal as usize;
        uses[at] -= 1;
        all.push(if uses[at] == 0 { std::mem::take(&mut groups[at]) } else { groups[at].copied() });
    }
    all
}

/// There are not as many values as parents: a defect of this crate, reported rather than hidden.
#[cold]
pub(crate) fn miscounted(relation: &RelationDef, values: usize, parents: usize) -> Error {
    let message = format!("{values} values of relation `{}` for {parents} parents", relation.name);
    Error::new(ErrorKind::Decode, message)
}
