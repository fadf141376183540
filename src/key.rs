//! Owned key values: the distinct keys of one edge, their ordinals, and the arrays in which they are sent.
//!
//! Keys are compared and sent as the server wrote them, so this module knows no Rust type of a column; integers of
//! every width are one kind of key. It knows no relation and no SQL.

mod array;
mod columns;
mod instances;

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use foldhash::fast::RandomState;
use tokio_postgres::Row;

use crate::error::{Error, ErrorKind};
use crate::page::KeyPart;
use crate::row::raw;

use self::columns::{Form, KeyColumns, KeyRef, integer_of, read};

pub(crate) use array::KeyArray;
pub(crate) use columns::{is_array, is_exact, is_text};
pub(crate) use instances::Instances;

/// The ordinal of a row without a key: one of its key columns is NULL.
pub(crate) const NO_KEY: u32 = u32::MAX;

/// The distinct keys of one edge in the order of their first parent, and the ordinal of each parent.
#[derive(Debug, Default)]
pub(crate) struct Batch {
    parents: KeyColumns,
    children: KeyColumns,
    arrays: Vec<KeyArray>,
    integers: HashMap<i64, u32, RandomState>,
    bytes: HashMap<Box<[u8]>, u32, RandomState>,
    /// Neighbouring rows often have the same key: the last one, to save the look-up.
    last: Option<(i64, u32)>,
    scratch: Vec<u8>,
    /// The ordinal of each parent; empty while each parent has a new key of its own.
    of_parent: Vec<u32>,
    parent_count: usize,
    len: u32,
}

impl Batch {
    /// An empty batch: `parents` are the key's positions in a parent's row, `children` those in a child's, unless
    /// the database alone compares the keys.
    pub(crate) fn new(parents: Vec<usize>, children: Option<Vec<usize>>) -> Self {
        let arrays = parents.iter().map(|_| KeyArray::default()).collect();
        let parents = KeyColumns::new(parents, children.is_none());
        let children = KeyColumns::new(children.unwrap_or_default(), false);
        Batch { parents, children, arrays, ..Batch::default() }
    }

    /// Whether no parent has a key.
    pub(crate) fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// The number of distinct keys.
    pub(crate) fn len(&self) -> usize {
        self.len as usize
    }

    /// The ordinal of each parent, or `None` where parent *i* has key *i*.
    pub(crate) fn of_parent(&self) -> Option<&[u32]> {
        if self.of_parent.is_empty() { None } else { Some(&self.of_parent) }
    }

    /// The arrays to send, one a key column.
    pub(crate) fn arrays(&self) -> &[KeyArray] {
        &self.arrays
    }

    /// Takes the key of the next parent.
    pub(crate) fn add_parent(&mut self, row: &Row) -> Result<(), Error> {
        if self.parents.forms.is_empty() {
            self.parents.resolve(row)?;
            if let [Form::Integer] = *self.parents.forms {
                // Growing a small table costs more than a little room that stays empty.
                self.integers.reserve(28);
                self.arrays[0].integers.reserve(28);
            }
        }
        let Batch { parents, scratch, .. } = self;
        let ordinal = match read(parents, row, scratch)? {
            None => NO_KEY,
            Some(KeyRef::Integer(key)) => match self.integers.entry(key) {
                Entry::Occupied(known) => *known.get(),
                Entry::Vacant(new) => {
                    let ordinal = self.len;
                    new.insert(ordinal);
                    self.arrays[0].integers.push(key);
                    self.len += 1;
                    ordinal
                }
            },
            Some(KeyRef::Bytes(key)) => match self.bytes.get(key) {
                Some(known) => *known,
                None => {
                    let ordinal = self.len;
                    self.bytes.insert(key.into(), ordinal);
                    for (column, array) in self.arrays.iter_mut().enumerate() {
                        let value = raw(row, self.parents.at[column])?.unwrap_or_default();
                        array.push(value, self.parents.forms[column])?;
                    }
                    self.len += 1;
                    ordinal
                }
            },
        };
        if !self.of_parent.is_empty() {
            self.of_parent.push(ordinal);
        } else if ordinal as usize != self.parent_count {
            self.of_parent.extend(0..self.parent_count as u32);
            self.of_parent.push(ordinal);
        }
        self.parent_count += 1;
        if self.len == NO_KEY {
            return Err(Error::new(ErrorKind::Encode, "more than 4,294,967,294 distinct keys in one load"));
        }
        Ok(())
    }

    /// The ordinal of the key that a child's row refers to; `None` if no parent has that key.
    pub(crate) fn ordinal_of(&mut self, row: &Row) -> Result<Option<u32>, Error> {
        if self.children.forms.is_empty() {
            self.children.resolve(row)?;
        }
        let Batch { children, scratch, .. } = self;
        Ok(match read(children, row, scratch)? {
            None => None,
            Some(KeyRef::Integer(key)) => match self.last {
                Some((last, ordinal)) if last == key => Some(ordinal),
                _ => {
                    let found = self.integers.get(&key).copied();
                    self.last = found.map(|ordinal| (key, ordinal));
                    found
                }
            },
            Some(KeyRef::Bytes(key)) => self.bytes.get(key).copied(),
        })
    }

    /// The ordinal that a child's row carries in column `at`; `None` if it is none of this batch.
    pub(crate) fn carried(&self, row: &Row, at: usize) -> Result<Option<u32>, Error> {
        let ordinal = match raw(row, at)? {
            Some(ordinal) => integer_of(ordinal)?,
            None => return Ok(None),
        };
        // The server counts from one.
        Ok(u32::try_from(ordinal - 1).ok().filter(|ordinal| *ordinal < self.len))
    }

    /// The key of this ordinal, column by column.
    pub(crate) fn parts(&self, ordinal: u32) -> Vec<KeyPart> {
        self.arrays.iter().filter_map(|array| array.part(ordinal as usize)).collect()
    }

    /// The key of this ordinal, for an error message: integers and text as they are, anything else in hexadecimal.
    pub(crate) fn describe(&self, ordinal: u32) -> String {
        let parts: Vec<String> = self.arrays.iter().map(|array| array.describe(ordinal as usize)).collect();
        if parts.len() == 1 { parts.concat() } else { format!("({})", parts.join(", ")) }
    }
}

/// The key at these positions of a row, for an error message; `None` if a part of it is NULL.
pub(crate) fn describe(row: &Row, at: &[usize]) -> Option<String> {
    let mut columns = KeyColumns::new(at.to_vec(), true);
    columns.resolve(row).ok()?;
    let mut parts = Vec::new();
    for (&at, &form) in columns.at.iter().zip(&columns.forms) {
        let mut array = KeyArray::default();
        array.push(raw(row, at).ok()??, form).ok()?;
        parts.push(array.describe(0));
    }
    Some(if parts.len() == 1 { parts.concat() } else { format!("({})", parts.join(", ")) })
}
