//! The entities of a statement that may give one of them in several rows.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use foldhash::fast::RandomState;
use tokio_postgres::Row;

use crate::error::Error;
use crate::row::raw;

/// The ordinals of the entities of one level in a statement that may give one of them in several rows, each found
/// again by its parent and its key.
///
/// Rows of one entity are the same row of its table, so bytes are compared whatever their type.
#[derive(Debug, Default)]
pub(crate) struct Instances {
    at: Vec<usize>,
    small: HashMap<(u32, u8, [u8; 8]), u32, RandomState>,
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
        let before = self.len;
        let (ordinal, new) = self.find(parent, row)?;
        // What is looked for only is not kept: no entity follows.
        if new {
            self.len = before;
            self.small.retain(|_, known| *known != ordinal);
            self.large.retain(|_, known| *known != ordinal);
        }
        Ok((!new).then_some(ordinal))
    }

    /// The ordinal of this parent's entity in the row, and whether it is a new one.
    pub(crate) fn find(&mut self, parent: u32, row: &Row) -> Result<(u32, bool), Error> {
        let new = self.len;
        if let [at] = *self.at.as_slice() {
            let key = raw(row, at)?.unwrap_or_default();
            if key.len() <= 8 {
                let mut bytes = [0; 8];
                bytes[..key.len()].copy_from_slice(key);
                return Ok(match self.small.entry((parent, key.len() as u8, bytes)) {
                    Entry::Occupied(known) => (*known.get(), false),
                    Entry::Vacant(entry) => {
                        entry.insert(new);
                        self.len += 1;
                        (new, true)
                    }
                });
            }
        }
        self.scratch.clear();
        self.scratch.extend_from_slice(&parent.to_be_bytes());
        for &at in &self.at {
            let key = raw(row, at)?;
            self.scratch.extend_from_slice(&key.map_or(-1, |key| key.len() as i64).to_be_bytes());
            self.scratch.extend_from_slice(key.unwrap_or_default());
        }
        if let Some(known) = self.large.get(self.scratch.as_slice()) {
            return Ok((*known, false));
        }
        self.large.insert(self.scratch.as_slice().into(), new);
        self.len += 1;
        Ok((new, true))
    }
}
