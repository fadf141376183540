//! Children to parents: by ordinal, moved where one parent has them and cloned where several do.
//!
//! It knows positions only, no entity and no SQL. What is generic here is compiled once a load, so it is written in
//! plain loops.

use std::sync::Arc;

use tokio_postgres::Row;

use crate::error::{Error, ErrorKind};
use crate::key::{Batch, NO_KEY};
use crate::schema::RelationDef;

/// What connects the rows of an edge: the parents' keys, and the ordinal of each child.
#[derive(Debug)]
pub struct Links {
    path: Arc<str>,
    relation: &'static RelationDef,
    batch: Batch,
    ordinals: Vec<u32>,
}

impl Links {
    pub(crate) fn new(path: Arc<str>, relation: &'static RelationDef, batch: Batch) -> Self {
        Links { path, relation, batch, ordinals: Vec::new() }
    }

    pub(crate) fn relation(&self) -> &'static RelationDef {
        self.relation
    }

    pub(crate) fn batch(&self) -> &Batch {
        &self.batch
    }

    /// Takes the next child, whose parents are found by its key.
    pub(crate) fn add_child(&mut self, row: &Row) -> Result<(), Error> {
        match self.batch.ordinal_of(row)? {
            Some(ordinal) => self.ordinals.push(ordinal),
            None => return Err(self.differs()),
        }
        Ok(())
    }

    /// The server sent a row for a key that the client did not ask for.
    #[cold]
    fn differs(&self) -> Error {
        let columns: Vec<String> = self.relation.pairs.iter().map(|pair| format!("`{}`", pair.target.name)).collect();
        let message = format!(
            "the database compares {} of table `{}` in another way than the client does: it returned a row whose key \
             equals none that was asked for, byte by byte (a collation that ignores case does that)",
            columns.join(" and "),
            (self.relation.target)().name,
        );
        Error::new(ErrorKind::KeyEqualityDiffers, message).at(&self.path)
    }

    #[cold]
    fn several(&self, ordinal: u32) -> Error {
        let message =
            format!("more than one row for key {}, where the relation allows one", self.batch.describe(ordinal));
        Error::new(ErrorKind::SeveralRows, message).at(&self.path)
    }

    #[cold]
    fn missing(&self, ordinal: u32) -> Error {
        let message = if ordinal == NO_KEY {
            String::from("the relation promises a row, and its key is NULL")
        } else {
            format!("the relation promises a row, and there is none with key {}", self.batch.describe(ordinal))
        };
        Error::new(ErrorKind::MissingTarget, message).at(&self.path)
    }

    fn check<T>(&self, rows: &[T]) -> Result<(), Error> {
        if rows.len() == self.ordinals.len() {
            return Ok(());
        }
        let message = format!("{} rows were decoded, and {} were linked", rows.len(), self.ordinals.len());
        Err(Error::new(ErrorKind::Decode, message).at(&self.path))
    }
}

/// One list a parent, in the order in which the rows came.
pub(crate) fn many<T: Clone>(links: &Links, rows: Vec<T>) -> Result<Vec<Vec<T>>, Error> {
    links.check(&rows)?;
    let mut counts = vec![0_usize; links.batch.len()];
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
pub(crate) fn maybe_one<T: Clone>(links: &Links, rows: Vec<T>) -> Result<Vec<Option<T>>, Error> {
    links.check(&rows)?;
    let mut groups: Vec<Option<T>> = Vec::with_capacity(links.batch.len());
    for _ in 0..links.batch.len() {
        groups.push(None);
    }
    for (at, row) in rows.into_iter().enumerate() {
        let ordinal = links.ordinals[at];
        if groups[ordinal as usize].replace(row).is_some() {
            return Err(links.several(ordinal));
        }
    }
    Ok(spread(links, groups))
}

/// Exactly one row a parent.
pub(crate) fn one<T: Clone>(links: &Links, rows: Vec<T>) -> Result<Vec<T>, Error> {
    let found = maybe_one(links, rows)?;
    let mut all = Vec::with_capacity(found.len());
    for (parent, row) in found.into_iter().enumerate() {
        match row {
            Some(row) => all.push(row),
            None => {
                let ordinal = links.batch.of_parent().map_or(parent as u32, |of_parent| of_parent[parent]);
                return Err(links.missing(ordinal));
            }
        }
    }
    Ok(all)
}

/// From one value a key to one value a parent: the last parent of a key takes the value, earlier ones clone it.
fn spread<V: Clone + Default>(links: &Links, mut groups: Vec<V>) -> Vec<V> {
    let Some(of_parent) = links.batch.of_parent() else { return groups };
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
        all.push(if uses[at] == 0 { std::mem::take(&mut groups[at]) } else { groups[at].clone() });
    }
    all
}

/// There are not as many values as parents: a defect of this crate, reported rather than hidden.
#[cold]
pub(crate) fn miscounted(relation: &RelationDef, values: usize, parents: usize) -> Error {
    let message = format!("{values} values of relation `{}` for {parents} parents", relation.name);
    Error::new(ErrorKind::Decode, message)
}
