//! The entities of a statement that may give one of them in several rows.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use foldhash::fast::RandomState;
use tokio_postgres::Row;

use crate::error::Error;
use crate::row::raw;

/// A parent, and a key of up to eight bytes with its length.
type Small = (u32, u8, [u8; 8]);

/// The ordinals of the entities of one level in a statement that may give one of them in several rows, each found
/// again by its parent and its key.
///
/// Rows of one entity are the same row of its table, so bytes are compared whatever their type.
#[derive(Debug, Default)]
pub(crate) struct Instances {
    at: Vec<usize>,
    small: HashMap<Small, u32, RandomState>,
    large: HashMap<Box<[u8]>, u32, RandomState>,
    scratch: Vec<u8>,
    len: u32,
}

impl Instances {
    /// None yet; the key stands at these positions of a row.
    pub(crate) fn new(at: Vec<usize>) -> Self {
        Instances { at, ..Instances::default() }
    }

    /// The ordinal of this parent's entity in the row, if it came before.
    pub(crate) fn known(&mut self, parent: u32, row: &Row) -> Result<Option<u32>, Error> {
        Ok(match self.name(parent, row)? {
            Some(small) => self.small.get(&small).copied(),
            None => self.large.get(self.scratch.as_slice()).copied(),
        })
    }

    /// The ordinal of this parent's entity in the row, and whether it is a new one.
    pub(crate) fn find(&mut self, parent: u32, row: &Row) -> Result<(u32, bool), Error> {
        let new = self.len;
        match self.name(parent, row)? {
            Some(small) => match self.small.entry(small) {
                Entry::Occupied(known) => return Ok((*known.get(), false)),
                Entry::Vacant(entry) => {
                    entry.insert(new);
                }
            },
            None => match self.large.get(self.scratch.as_slice()) {
                Some(known) => return Ok((*known, false)),
                None => {
                    self.large.insert(self.scratch.as_slice().into(), new);
                }
            },
        }
        self.len += 1;
        Ok((new, true))
    }

    /// What tells this parent's entity from all others: small enough to be a value, or else in `scratch`.
    #[inline]
    fn name(&mut self, parent: u32, row: &Row) -> Result<Option<Small>, Error> {
        if let [at] = *self.at.as_slice() {
            let key = raw(row, at)?.unwrap_or_default();
            if key.len() <= 8 {
                let mut bytes = [0; 8];
                bytes[..key.len()].copy_from_slice(key);
                return Ok(Some((parent, key.len() as u8, bytes)));
            }
        }
        self.scratch.clear();
        self.scratch.extend_from_slice(&parent.to_be_bytes());
        for &at in &self.at {
            let key = raw(row, at)?;
            self.scratch.extend_from_slice(&key.map_or(-1, |key| key.len() as i64).to_be_bytes());
            self.scratch.extend_from_slice(key.unwrap_or_default());
        }
        Ok(None)
    }
}
