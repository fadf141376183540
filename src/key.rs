//! Owned key values: the distinct keys of one edge, their ordinals, and the arrays in which they are sent.
//!
//! Keys are compared and sent as the server wrote them, so this module knows no Rust type of a column; integers of
//! every width are one kind of key. It knows no relation and no SQL.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::error::Error as StdError;

use foldhash::fast::RandomState;
use tokio_postgres::Row;
use tokio_postgres::types::private::BytesMut;
use tokio_postgres::types::{IsNull, Kind, ToSql, Type, to_sql_checked};

use crate::error::{Error, ErrorKind};
use crate::row::raw;

/// The ordinal of a row without a key: one of its key columns is NULL.
pub(crate) const NO_KEY: u32 = u32::MAX;

/// Where a level's key columns stand in its rows, and how each is compared.
#[derive(Debug, Clone, Default)]
pub(crate) struct KeyColumns {
    at: Vec<usize>,
    /// Filled by the first row.
    forms: Vec<Form>,
}

/// How a key column's values are compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    /// As numbers, whatever their width.
    Integer,
    /// Byte by byte, without the blanks that `char(n)` is padded with.
    Padded,
    /// Byte by byte.
    Bytes,
}

impl KeyColumns {
    pub(crate) fn new(at: Vec<usize>) -> Self {
        KeyColumns { at, forms: Vec::new() }
    }

    #[cold]
    fn resolve(&mut self, row: &Row) -> Result<(), Error> {
        for &at in &self.at {
            let Some(column) = row.columns().get(at) else {
                return Err(Error::new(ErrorKind::Decode, "a key column is not in the row"));
            };
            self.forms.push(Form::of(column.type_()).ok_or_else(|| inexact(column))?);
        }
        Ok(())
    }
}

impl Form {
    /// `None` for a type with equal values that differ in their bytes.
    fn of(ty: &Type) -> Option<Form> {
        match ty.kind() {
            Kind::Domain(of) => return Form::of(of),
            // A batch of arrays is not a type of PostgreSQL's.
            Kind::Array(_) => return None,
            Kind::Range(of) | Kind::Multirange(of) => return Form::of(of).and(Some(Form::Bytes)),
            Kind::Composite(fields) => {
                let exact =
                    fields.iter().all(|field| matches!(Form::of(field.type_()), Some(Form::Integer | Form::Bytes)));
                return exact.then_some(Form::Bytes);
            }
            _ => {}
        }
        match *ty {
            Type::INT4 | Type::INT8 | Type::INT2 => Some(Form::Integer),
            Type::BPCHAR => Some(Form::Padded),
            Type::NUMERIC | Type::FLOAT4 | Type::FLOAT8 | Type::INTERVAL | Type::TIMETZ | Type::JSONB => None,
            Type::BOX | Type::CIRCLE | Type::LINE | Type::LSEG | Type::PATH | Type::POINT | Type::POLYGON => None,
            _ if ty.name() == "citext" => None,
            _ => Some(Form::Bytes),
        }
    }

    fn trim(self, value: &[u8]) -> &[u8] {
        let mut value = value;
        while let (Form::Padded, [rest @ .., b' ']) = (self, value) {
            value = rest;
        }
        value
    }
}

/// Whether a column of this type has a collation, which decides when two of its values are equal.
pub(crate) fn is_text(ty: &Type) -> bool {
    match ty.kind() {
        Kind::Domain(of) | Kind::Array(of) => is_text(of),
        _ => matches!(*ty, Type::TEXT | Type::VARCHAR | Type::BPCHAR),
    }
}

/// Such keys would be missed where they are equal and look different; an array would be taken for a batch of keys.
fn inexact(column: &tokio_postgres::Column) -> Error {
    let (name, ty) = (column.name(), column.type_());
    if let Kind::Array(_) = ty.kind() {
        let message = format!("key column `{name}` is an array, `{}`, and arrays cannot be sent as keys", ty.name());
        return Error::new(ErrorKind::Encode, message);
    }
    let message = format!(
        "key column `{name}` is `{}`, whose values can be equal to the database and differ byte by byte, which is how \
         the client compares keys",
        ty.name()
    );
    Error::new(ErrorKind::KeyEqualityDiffers, message)
}

/// One key, borrowed from a row or from the scratch space of a composite one.
enum KeyRef<'r> {
    Integer(i64),
    Bytes(&'r [u8]),
}

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
    /// An empty batch: `parents` are the key's positions in a parent's row, `children` those in a child's.
    pub(crate) fn new(parents: Vec<usize>, children: Vec<usize>) -> Self {
        let arrays = parents.iter().map(|_| KeyArray::default()).collect();
        Batch { parents: KeyColumns::new(parents), children: KeyColumns::new(children), arrays, ..Batch::default() }
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

    /// The key's positions in a child's row.
    pub(crate) fn child_columns(&self) -> &[usize] {
        &self.children.at
    }

    /// The arrays to send, one a key column.
    pub(crate) fn arrays(&self) -> &[KeyArray] {
        &self.arrays
    }

    /// Takes the key of the next parent.
    pub(crate) fn add_parent(&mut self, row: &Row) -> Result<(), Error> {
        if self.parents.forms.is_empty() {
            self.parents.resolve(row)?;
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

    /// The key of this ordinal, for an error message: integers and text as they are, anything else in hexadecimal.
    pub(crate) fn describe(&self, ordinal: u32) -> String {
        let parts: Vec<String> = self.arrays.iter().map(|array| array.describe(ordinal as usize)).collect();
        if parts.len() == 1 { parts.concat() } else { format!("({})", parts.join(", ")) }
    }
}

/// Reads a key. A single column is the common case; as part of its two callers it costs a third of what
/// a call with this result does.
#[inline(always)]
fn read<'r>(columns: &KeyColumns, row: &'r Row, scratch: &'r mut Vec<u8>) -> Result<Option<KeyRef<'r>>, Error> {
    if let ([at], [form]) = (columns.at.as_slice(), columns.forms.as_slice()) {
        let Some(value) = raw(row, *at)? else { return Ok(None) };
        return Ok(Some(match form {
            Form::Integer => KeyRef::Integer(integer_of(value)?),
            _ => KeyRef::Bytes(form.trim(value)),
        }));
    }
    Ok(if composite(columns, row, scratch)? { Some(KeyRef::Bytes(scratch)) } else { None })
}

/// Writes a composite key as bytes: each part's length, then the part. False if a part is NULL.
fn composite(columns: &KeyColumns, row: &Row, scratch: &mut Vec<u8>) -> Result<bool, Error> {
    scratch.clear();
    for (&at, &form) in columns.at.iter().zip(&columns.forms) {
        let Some(value) = raw(row, at)? else { return Ok(false) };
        if form == Form::Integer {
            scratch.extend_from_slice(&integer_of(value)?.to_be_bytes());
        } else {
            let value = form.trim(value);
            scratch.extend_from_slice(&(value.len() as u64).to_be_bytes());
            scratch.extend_from_slice(value);
        }
    }
    Ok(true)
}

#[inline]
fn integer_of(raw: &[u8]) -> Result<i64, Error> {
    match *raw {
        [a, b, c, d] => Ok(i64::from(i32::from_be_bytes([a, b, c, d]))),
        [a, b, c, d, e, f, g, h] => Ok(i64::from_be_bytes([a, b, c, d, e, f, g, h])),
        [a, b] => Ok(i64::from(i16::from_be_bytes([a, b]))),
        _ => Err(Error::new(ErrorKind::Decode, "an integer key is neither 2, 4 nor 8 bytes long")),
    }
}

/// One key column of a batch: a parameter, as an array or (where one key is all there can be) as a single value.
#[derive(Debug, Default)]
pub(crate) struct KeyArray {
    integers: Vec<i64>,
    data: Vec<u8>,
    ends: Vec<usize>,
}

impl KeyArray {
    fn push(&mut self, value: &[u8], form: Form) -> Result<(), Error> {
        if form == Form::Integer {
            self.integers.push(integer_of(value)?);
        } else {
            self.data.extend_from_slice(form.trim(value));
            self.ends.push(self.data.len());
        }
        Ok(())
    }

    fn bytes(&self, at: usize) -> Option<&[u8]> {
        let start = if at == 0 { 0 } else { *self.ends.get(at - 1)? };
        self.data.get(start..*self.ends.get(at)?)
    }

    fn describe(&self, at: usize) -> String {
        match (self.integers.get(at), self.bytes(at)) {
            (Some(key), _) => key.to_string(),
            (None, Some(key)) => match std::str::from_utf8(key) {
                Ok(text) if !text.contains(char::is_control) => format!("{text:?}"),
                _ => key.iter().map(|byte| format!("{byte:02x}")).collect(),
            },
            (None, None) => String::from("NULL"),
        }
    }
}

impl ToSql for KeyArray {
    fn to_sql(&self, ty: &Type, out: &mut BytesMut) -> Result<IsNull, Box<dyn StdError + Sync + Send>> {
        let Kind::Array(element) = ty.kind() else { return self.single(ty, out) };
        // The binary format of an array: dimensions, whether there are NULLs, the element's type; of the one
        // dimension the length and the first index; then the elements, each behind its length.
        let count = if self.ends.is_empty() { self.integers.len() } else { self.ends.len() };
        let start = out.len();
        for word in [1, 0, element.oid(), u32::try_from(count)?, 1] {
            out.extend_from_slice(&word.to_be_bytes());
        }
        if self.ends.is_empty() {
            if self.integer_elements(width(element).ok_or_else(|| mismatch("an integer", ty))?, out) {
                out[start + 7] = 1;
            }
            return Ok(IsNull::No);
        }
        if width(element).is_some() {
            return Err(mismatch("no integer", ty));
        }
        for at in 0..count {
            let value = self.bytes(at).unwrap_or_default();
            out.extend_from_slice(&i32::try_from(value.len())?.to_be_bytes());
            out.extend_from_slice(value);
        }
        Ok(IsNull::No)
    }

    fn accepts(_: &Type) -> bool {
        true
    }

    to_sql_checked!();
}

impl KeyArray {
    /// Writes the integers in the child column's width. One that does not fit equals no value of that column, and
    /// becomes NULL, which equals none either. Returns whether there was such a one.
    fn integer_elements(&self, width: usize, out: &mut BytesMut) -> bool {
        const NULL: [u8; 4] = (-1_i32).to_be_bytes();
        out.reserve(self.integers.len() * (4 + width));
        let mut nulls = false;
        for &key in &self.integers {
            let [.., e, f, g, h] = key.to_be_bytes();
            match width {
                4 if i32::try_from(key).is_ok() => out.extend_from_slice(&[0, 0, 0, 4, e, f, g, h]),
                2 if i16::try_from(key).is_ok() => out.extend_from_slice(&[0, 0, 0, 2, g, h]),
                2 | 4 => {
                    out.extend_from_slice(&NULL);
                    nulls = true;
                }
                _ => {
                    out.extend_from_slice(&[0, 0, 0, 8]);
                    out.extend_from_slice(&key.to_be_bytes());
                }
            }
        }
        nulls
    }

    fn single(&self, ty: &Type, out: &mut BytesMut) -> Result<IsNull, Box<dyn StdError + Sync + Send>> {
        if let Some(value) = self.bytes(0) {
            if width(ty).is_some() {
                return Err(mismatch("no integer", ty));
            }
            out.extend_from_slice(value);
            return Ok(IsNull::No);
        }
        let key = self.integers.first().copied().unwrap_or_default();
        match width(ty).ok_or_else(|| mismatch("an integer", ty))? {
            4 => match i32::try_from(key) {
                Ok(key) => out.extend_from_slice(&key.to_be_bytes()),
                Err(_) => return Ok(IsNull::Yes),
            },
            2 => match i16::try_from(key) {
                Ok(key) => out.extend_from_slice(&key.to_be_bytes()),
                Err(_) => return Ok(IsNull::Yes),
            },
            _ => out.extend_from_slice(&key.to_be_bytes()),
        }
        Ok(IsNull::No)
    }
}

/// The width in bytes of an integer type.
fn width(ty: &Type) -> Option<usize> {
    match ty.kind() {
        Kind::Domain(of) => width(of),
        _ if *ty == Type::INT4 => Some(4),
        _ if *ty == Type::INT8 => Some(8),
        _ if *ty == Type::INT2 => Some(2),
        _ => None,
    }
}

fn mismatch(is: &str, ty: &Type) -> Box<dyn StdError + Sync + Send> {
    format!("the parent's key is {is}, and the child's column wants `{}`", ty.name()).into()
}
