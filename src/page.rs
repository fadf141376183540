//! Pages: some rows of an order, and the place where the next ones begin.
//!
//! A cursor is data: the values by which its row was sorted, as the server wrote them. It knows no query and no SQL.

use std::error::Error as StdError;
use std::fmt;
use std::ops::Deref;
use std::str::FromStr;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use tokio_postgres::types::private::BytesMut;
use tokio_postgres::types::{IsNull, Kind, ToSql, Type, to_sql_checked};

use crate::error::{Error, ErrorKind};
use crate::value::{array_head, integer_width};

/// Some rows of an order, the first by it or the first after a cursor.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Page<T> {
    /// The rows, in their order.
    pub rows: Vec<T>,
    /// Where the next page begins; `None` where there is no row more.
    pub next: Option<Cursor>,
}

impl<T> Deref for Page<T> {
    type Target = [T];

    fn deref(&self) -> &[T] {
        &self.rows
    }
}

impl<T> IntoIterator for Page<T> {
    type Item = T;
    type IntoIter = std::vec::IntoIter<T>;

    fn into_iter(self) -> Self::IntoIter {
        self.rows.into_iter()
    }
}

/// No rows, and none after them.
impl<T> Default for Page<T> {
    fn default() -> Self {
        Page { rows: Vec::new(), next: None }
    }
}

/// Rows of a query, and how many there are without its limit and its offset.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Counted<T> {
    /// The rows, in their order.
    pub rows: Vec<T>,
    /// The number of rows that there are.
    pub total: u64,
}

/// A place in an order: the row that a page ended with, by the values that it was sorted by.
///
/// It prints as opaque text of letters, digits, `-` and `_`, which fits into a URL, and is read back by
/// [`parse`](str::parse). It carries the values of the order's columns, hidden from no one: it is encoded, not encrypted.
/// A check sum finds a text that was cut off or changed by accident; a cursor that somebody made on purpose can begin a
/// page anywhere in the order, and nowhere else.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Cursor {
    /// Of the order that it was made in.
    order: u64,
    /// The key of the parent whose rows are paged, column by column; empty for the rows of a query.
    parent: Vec<KeyPart>,
    values: Vec<Option<Vec<u8>>>,
}

/// A column of a parent's key.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) enum KeyPart {
    Integer(i64),
    Bytes(Vec<u8>),
}

/// The form that cursors are written in; another one is not read.
const VERSION: u8 = 1;

impl Cursor {
    pub(crate) fn new(order: u64, parent: Vec<KeyPart>, values: Vec<Option<Vec<u8>>>) -> Self {
        Cursor { order, parent, values }
    }

    /// The fingerprint of the order that it was made in.
    pub(crate) fn order(&self) -> u64 {
        self.order
    }

    pub(crate) fn parent(&self) -> &[KeyPart] {
        &self.parent
    }

    pub(crate) fn values(&self) -> &[Option<Vec<u8>>] {
        &self.values
    }

    fn write(&self) -> Vec<u8> {
        let mut out = vec![VERSION];
        out.extend_from_slice(&self.order.to_be_bytes());
        out.push(self.parent.len() as u8);
        for part in &self.parent {
            match part {
                KeyPart::Integer(value) => {
                    out.push(0);
                    out.extend_from_slice(&value.to_be_bytes());
                }
                KeyPart::Bytes(bytes) => {
                    out.push(1);
                    sized(bytes, &mut out);
                }
            }
        }
        out.push(self.values.len() as u8);
        for value in &self.values {
            match value {
                None => out.push(0),
                Some(bytes) => {
                    out.push(1);
                    sized(bytes, &mut out);
                }
            }
        }
        let sum = fingerprint(&out) as u32;
        out.extend_from_slice(&sum.to_be_bytes());
        out
    }

    fn read(bytes: &[u8]) -> Option<Self> {
        let (content, sum) = bytes.split_last_chunk::<4>()?;
        if u32::from_be_bytes(*sum) != fingerprint(content) as u32 {
            return None;
        }
        let mut rest = content;
        if byte(&mut rest)? != VERSION {
            return None;
        }
        let order = u64::from_be_bytes(chunk(&mut rest)?);
        let mut parent = Vec::new();
        for _ in 0..byte(&mut rest)? {
            parent.push(match byte(&mut rest)? {
                0 => KeyPart::Integer(i64::from_be_bytes(chunk(&mut rest)?)),
                _ => KeyPart::Bytes(counted(&mut rest)?),
            });
        }
        let mut values = Vec::new();
        for _ in 0..byte(&mut rest)? {
            values.push(match byte(&mut rest)? {
                0 => None,
                _ => Some(counted(&mut rest)?),
            });
        }
        rest.is_empty().then_some(Cursor { order, parent, values })
    }
}

fn sized(bytes: &[u8], out: &mut Vec<u8>) {
    out.extend_from_slice(&(bytes.len() as u32).to_be_bytes());
    out.extend_from_slice(bytes);
}

fn chunk<const N: usize>(rest: &mut &[u8]) -> Option<[u8; N]> {
    let (chunk, after) = rest.split_first_chunk::<N>()?;
    *rest = after;
    Some(*chunk)
}

fn byte(rest: &mut &[u8]) -> Option<u8> {
    chunk::<1>(rest).map(|[byte]| byte)
}

fn counted(rest: &mut &[u8]) -> Option<Vec<u8>> {
    let length = u32::from_be_bytes(chunk(rest)?) as usize;
    let (bytes, after) = rest.split_at_checked(length)?;
    *rest = after;
    Some(bytes.to_vec())
}

/// A number that tells texts apart, the same in every build: FNV-1a, by Fowler, Noll and Vo.
pub(crate) fn fingerprint(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3))
}

impl fmt::Display for Cursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&URL_SAFE_NO_PAD.encode(self.write()))
    }
}

/// Shows no value, since queries are logged.
impl fmt::Debug for Cursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Cursor(_)")
    }
}

/// # Errors
/// [`ErrorKind::InvalidCursor`] if the text is none that a cursor prints as.
impl FromStr for Cursor {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        let bytes = URL_SAFE_NO_PAD.decode(text).ok();
        bytes.and_then(|bytes| Cursor::read(&bytes)).ok_or_else(|| {
            Error::new(ErrorKind::InvalidCursor, "the text is no cursor: it was cut off, changed or made up")
        })
    }
}

#[cfg(feature = "serde")]
impl serde::Serialize for Cursor {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

#[cfg(feature = "serde")]
impl<'de> serde::Deserialize<'de> for Cursor {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = <String as serde::Deserialize>::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

/// A value of a cursor as it is sent: as the server wrote it.
#[derive(Debug)]
pub(crate) struct AsWritten(pub(crate) Option<Vec<u8>>);

impl ToSql for AsWritten {
    fn to_sql(&self, _: &Type, out: &mut BytesMut) -> Result<IsNull, Box<dyn StdError + Sync + Send>> {
        let Some(bytes) = &self.0 else { return Ok(IsNull::Yes) };
        out.extend_from_slice(bytes);
        Ok(IsNull::No)
    }

    fn accepts(_: &Type) -> bool {
        true
    }

    to_sql_checked!();
}

/// The values of several cursors, as an array.
#[derive(Debug)]
pub(crate) struct ArrayAsWritten(pub(crate) Vec<Option<Vec<u8>>>);

impl ToSql for ArrayAsWritten {
    fn to_sql(&self, ty: &Type, out: &mut BytesMut) -> Result<IsNull, Box<dyn StdError + Sync + Send>> {
        array(ty, self.0.len(), self.0.iter().any(Option::is_none), out, |at, _, out| {
            let Some(bytes) = &self.0[at] else { return Ok(IsNull::Yes) };
            out.extend_from_slice(bytes);
            Ok(IsNull::No)
        })
    }

    fn accepts(_: &Type) -> bool {
        true
    }

    to_sql_checked!();
}

/// One column of the keys of several cursors' parents, as an array.
#[derive(Debug)]
pub(crate) struct ParentKeys(pub(crate) Vec<KeyPart>);

impl ToSql for ParentKeys {
    fn to_sql(&self, ty: &Type, out: &mut BytesMut) -> Result<IsNull, Box<dyn StdError + Sync + Send>> {
        array(ty, self.0.len(), false, out, |at, element, out| {
            match (&self.0[at], integer_width(element)) {
                (KeyPart::Bytes(bytes), None) => out.extend_from_slice(bytes),
                (KeyPart::Integer(key), Some(2)) => out.extend_from_slice(&i16::try_from(*key)?.to_be_bytes()),
                (KeyPart::Integer(key), Some(4)) => out.extend_from_slice(&i32::try_from(*key)?.to_be_bytes()),
                (KeyPart::Integer(key), Some(_)) => out.extend_from_slice(&key.to_be_bytes()),
                _ => return Err(format!("a cursor's key is no `{}`", element.name()).into()),
            }
            Ok(IsNull::No)
        })
    }

    fn accepts(_: &Type) -> bool {
        true
    }

    to_sql_checked!();
}

/// Writes an array in its binary form, element by element.
fn array(
    ty: &Type,
    length: usize,
    nulls: bool,
    out: &mut BytesMut,
    mut element: impl FnMut(usize, &Type, &mut BytesMut) -> Result<IsNull, Box<dyn StdError + Sync + Send>>,
) -> Result<IsNull, Box<dyn StdError + Sync + Send>> {
    let Kind::Array(of) = ty.kind() else {
        return Err(format!("an array of values for a parameter of type `{}`", ty.name()).into());
    };
    array_head(of, nulls, length, out)?;
    for at in 0..length {
        let mut value = BytesMut::new();
        match element(at, of, &mut value)? {
            IsNull::Yes => out.extend_from_slice(&(-1_i32).to_be_bytes()),
            IsNull::No => {
                out.extend_from_slice(&i32::try_from(value.len())?.to_be_bytes());
                out.extend_from_slice(&value);
            }
        }
    }
    Ok(IsNull::No)
}
