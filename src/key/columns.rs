//! The columns of a key in a row: how each type's values are compared, and the key as it is read.

use tokio_postgres::Row;
use tokio_postgres::types::{Kind, Type};

use crate::error::{Error, ErrorKind};
use crate::row::raw;

/// Where a level's key columns stand in its rows, and how each is compared.
#[derive(Debug, Clone, Default)]
pub(super) struct KeyColumns {
    pub(super) at: Vec<usize>,
    /// Filled by the first row.
    pub(super) forms: Vec<Form>,
    /// The database alone compares them: for the client, keys that differ in a byte are two.
    database: bool,
}

/// How a key column's values are compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    /// As numbers, whatever their width.
    Integer,
    /// Byte by byte, without the blanks that `char(n)` is padded with.
    Padded,
    /// Byte by byte.
    Bytes,
}

impl KeyColumns {
    pub(super) fn new(at: Vec<usize>, database: bool) -> Self {
        KeyColumns { at, forms: Vec::new(), database }
    }

    #[cold]
    pub(super) fn resolve(&mut self, row: &Row) -> Result<(), Error> {
        for &at in &self.at {
            let Some(column) = row.columns().get(at) else {
                return Err(Error::new(ErrorKind::Decode, "a key column is not in the row"));
            };
            let known = Form::of(column.type_());
            let fallback = || (self.database && !is_array(column.type_())).then_some(Form::Bytes);
            self.forms.push(known.or_else(fallback).ok_or_else(|| inexact(column))?);
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
            // A text inside has a collation that the catalog is not asked for.
            Kind::Range(of) | Kind::Multirange(of) => return Form::inside(of).then_some(Form::Bytes),
            Kind::Composite(fields) => {
                return fields.iter().all(|field| Form::inside(field.type_())).then_some(Form::Bytes);
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

    /// Whether a value of this type, as a part of another, has equal bytes wherever it is equal.
    fn inside(ty: &Type) -> bool {
        !is_text(ty) && matches!(Form::of(ty), Some(Form::Integer | Form::Bytes))
    }

    pub(super) fn trim(self, value: &[u8]) -> &[u8] {
        let mut value = value;
        while let (Form::Padded, [rest @ .., b' ']) = (self, value) {
            value = rest;
        }
        value
    }
}

/// Whether the database holds keys of this type equal just where the client does, collations apart.
pub(crate) fn is_exact(ty: &Type) -> bool {
    Form::of(ty).is_some()
}

/// Whether a column of this type has a collation, which decides when two of its values are equal.
pub(crate) fn is_text(ty: &Type) -> bool {
    match ty.kind() {
        Kind::Domain(of) | Kind::Array(of) => is_text(of),
        _ => matches!(*ty, Type::TEXT | Type::VARCHAR | Type::BPCHAR),
    }
}

pub(crate) fn is_array(ty: &Type) -> bool {
    match ty.kind() {
        Kind::Domain(of) => is_array(of),
        Kind::Array(_) => true,
        _ => false,
    }
}

/// Such keys would be missed where they are equal and look different; an array would be taken for a batch of keys.
fn inexact(column: &tokio_postgres::Column) -> Error {
    let (name, ty) = (column.name(), column.type_());
    if is_array(ty) {
        let message = format!("key column `{name}` is an array, `{}`, and arrays cannot be sent as keys", ty.name());
        return Error::new(ErrorKind::Encode, message);
    }
    let message = format!(
        "key column `{name}` is `{}`, whose values can be equal to the database and differ byte by byte, which is how \
         the client compares keys: `#[column(compare = database)]` on the field leaves the comparison to the database",
        ty.name()
    );
    Error::new(ErrorKind::KeyEqualityDiffers, message)
}

/// One key, borrowed from a row or from the scratch space of a composite one.
pub(super) enum KeyRef<'r> {
    Integer(i64),
    Bytes(&'r [u8]),
}

/// Reads a key. A single column is the common case; as part of its two callers it costs a third of what
/// a call with this result does.
#[inline(always)]
pub(super) fn read<'r>(
    columns: &KeyColumns,
    row: &'r Row,
    scratch: &'r mut Vec<u8>,
) -> Result<Option<KeyRef<'r>>, Error> {
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
pub(super) fn integer_of(raw: &[u8]) -> Result<i64, Error> {
    match *raw {
        [a, b, c, d] => Ok(i64::from(i32::from_be_bytes([a, b, c, d]))),
        [a, b, c, d, e, f, g, h] => Ok(i64::from_be_bytes([a, b, c, d, e, f, g, h])),
        [a, b] => Ok(i64::from(i16::from_be_bytes([a, b]))),
        _ => Err(Error::new(ErrorKind::Decode, "an integer key is neither 2, 4 nor 8 bytes long")),
    }
}
