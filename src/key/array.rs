//! Keys as they are sent: one array a key column, or a single value.

use std::error::Error as StdError;

use tokio_postgres::types::private::BytesMut;
use tokio_postgres::types::{IsNull, Kind, ToSql, Type, to_sql_checked};

use super::columns::{Form, integer_of};
use crate::error::Error;
use crate::page::KeyPart;
use crate::value::{array_head, integer_width};

/// One key column of a batch: a parameter, as an array or (where one key is all there can be) as a single value.
#[derive(Debug, Default)]
pub(crate) struct KeyArray {
    pub(super) integers: Vec<i64>,
    data: Vec<u8>,
    ends: Vec<usize>,
}

impl KeyArray {
    pub(super) fn push(&mut self, value: &[u8], form: Form) -> Result<(), Error> {
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

    pub(super) fn part(&self, at: usize) -> Option<KeyPart> {
        match self.integers.get(at) {
            Some(key) => Some(KeyPart::Integer(*key)),
            None => self.bytes(at).map(|bytes| KeyPart::Bytes(bytes.to_vec())),
        }
    }

    pub(super) fn describe(&self, at: usize) -> String {
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
        let count = if self.ends.is_empty() { self.integers.len() } else { self.ends.len() };
        let start = out.len();
        array_head(element, false, count, out)?;
        if self.ends.is_empty() {
            if self.integer_elements(integer_width(element).ok_or_else(|| mismatch("an integer", ty))?, out) {
                out[start + 7] = 1;
            }
            return Ok(IsNull::No);
        }
        if integer_width(element).is_some() {
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
            if integer_width(ty).is_some() {
                return Err(mismatch("no integer", ty));
            }
            out.extend_from_slice(value);
            return Ok(IsNull::No);
        }
        let key = self.integers.first().copied().unwrap_or_default();
        match integer_width(ty).ok_or_else(|| mismatch("an integer", ty))? {
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

fn mismatch(is: &str, ty: &Type) -> Box<dyn StdError + Sync + Send> {
    format!("the parent's key is {is}, and the child's column wants `{}`", ty.name()).into()
}
