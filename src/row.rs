//! A cursor over one row of a level, and the decoding of its columns.
//!
//! It knows a table's columns and where they start in the row; it knows no entity, no relation and no query.

use std::error::Error as StdError;

use tokio_postgres::Row;
use tokio_postgres::types::{FromSql, Type, WasNull, WrongType};

use crate::error::{Error, ErrorKind};
use crate::schema::Table;

/// Walks over the columns of one entity in a row, in the order of [`Table::columns`].
#[derive(Debug)]
pub struct Cursor<'r> {
    row: &'r Row,
    table: &'static Table,
    start: usize,
    at: usize,
}

impl<'r> Cursor<'r> {
    /// A cursor over the columns of `table`, the first of which is the row's column `start`.
    pub(crate) fn new(row: &'r Row, table: &'static Table, start: usize) -> Self {
        Cursor { row, table, start, at: start }
    }

    /// Decodes the next column.
    ///
    /// # Errors
    /// [`ErrorKind::Decode`] if the column is of another type, [`ErrorKind::UnexpectedNull`] if it is NULL and `T`
    /// cannot be; both name the entity's field, its table and its column.
    #[inline]
    #[allow(clippy::should_implement_trait)]
    pub fn next<T: FromSql<'r>>(&mut self) -> Result<T, Error> {
        let at = self.at;
        self.at += 1;
        match self.row.try_get(at) {
            Ok(value) => Ok(value),
            Err(error) => Err(self.explain(at, error)),
        }
    }

    #[cold]
    fn explain(&self, at: usize, error: tokio_postgres::Error) -> Error {
        let (Some(column), Some(sent)) = (self.table.columns.get(at - self.start), self.row.columns().get(at)) else {
            let message = format!("`{}` reads more columns than the statement returns", self.table.entity);
            return Error::new(ErrorKind::Decode, message).with_cause(error);
        };
        let (entity, table) = (self.table.entity, self.table.name);
        let place = format!("column `{}` of table `{table}`", column.name);
        let cause = StdError::source(&error);
        if cause.is_some_and(|cause| cause.is::<WasNull>()) {
            let message =
                format!("field `{entity}.{}`: {place} is NULL, and the field is not an `Option`", column.field);
            return Error::new(ErrorKind::UnexpectedNull, message).with_cause(error);
        }
        let (field, rust_type) = (column.field, column.rust_type);
        let message = if cause.is_some_and(|cause| cause.is::<WrongType>()) {
            let sql_type = sent.type_().name();
            format!("field `{entity}.{field}`: {place} is `{sql_type}`, which cannot be read as `{rust_type}`")
        } else {
            format!("field `{entity}.{field}`: {place} has a value that cannot be read as `{rust_type}`")
        };
        Error::new(ErrorKind::Decode, message).with_cause(error)
    }
}

/// Walks over what a selection selected, item by item.
#[derive(Debug)]
pub struct Items<'r> {
    row: &'r Row,
    at: usize,
}

impl<'r> Items<'r> {
    pub(crate) fn new(row: &'r Row, start: usize) -> Self {
        Items { row, at: start }
    }

    /// Decodes the next item; `None` for NULL.
    ///
    /// # Errors
    /// [`ErrorKind::Decode`] if it is of another type; the message names its place in the selection.
    #[inline]
    #[allow(clippy::should_implement_trait)]
    pub fn next<T: FromSql<'r>>(&mut self) -> Result<Option<T>, Error> {
        let at = self.at;
        self.at += 1;
        match self.row.try_get(at) {
            Ok(value) => Ok(value),
            Err(error) => Err(self.explain::<T>(at, error)),
        }
    }

    /// Decodes the next item, whose type says whether it can be NULL.
    ///
    /// # Errors
    /// As [`next`](Self::next), and [`ErrorKind::UnexpectedNull`].
    pub(crate) fn any<T: FromSql<'r>>(&mut self) -> Result<T, Error> {
        let at = self.at;
        self.at += 1;
        match self.row.try_get(at) {
            Ok(value) => Ok(value),
            Err(error) if StdError::source(&error).is_some_and(|cause| cause.is::<WasNull>()) => Err(self.null()),
            Err(error) => Err(self.explain::<T>(at, error)),
        }
    }

    /// The next item is NULL, and its type is not an `Option`.
    #[cold]
    pub fn null(&self) -> Error {
        let message = format!("column {} of the selection is NULL, and its type is not an `Option`", self.at);
        Error::new(ErrorKind::UnexpectedNull, message)
    }

    /// Decodes an entity, whose columns are the next ones; `None` if its key is NULL, which no row's is.
    pub(crate) fn entity<D>(
        &mut self,
        table: &'static Table,
        decode: impl FnOnce(&mut Cursor<'_>) -> Result<D, Error>,
    ) -> Result<Option<D>, Error> {
        let start = self.at;
        self.at += table.columns.len();
        for &column in table.key {
            if raw(self.row, start + column)?.is_none() {
                return Ok(None);
            }
        }
        decode(&mut Cursor::new(self.row, table, start)).map(Some)
    }

    #[cold]
    fn explain<T>(&self, at: usize, error: tokio_postgres::Error) -> Error {
        let Some(sent) = self.row.columns().get(at) else {
            let message = "the selection reads more columns than the statement returns";
            return Error::new(ErrorKind::Decode, message).with_cause(error);
        };
        let (item, sql_type, rust_type) = (at + 1, sent.type_().name(), std::any::type_name::<T>());
        let wrong = StdError::source(&error).is_some_and(|cause| cause.is::<WrongType>());
        let message = if wrong {
            format!("column {item} of the selection is `{sql_type}`, which cannot be read as `{rust_type}`")
        } else {
            format!("column {item} of the selection has a value that cannot be read as `{rust_type}`")
        };
        Error::new(ErrorKind::Decode, message).with_cause(error)
    }
}

/// The bytes of a column as the server sent them, or `None` for NULL.
pub(crate) struct Raw<'r>(pub(crate) Option<&'r [u8]>);

impl<'r> FromSql<'r> for Raw<'r> {
    fn from_sql(_: &Type, raw: &'r [u8]) -> Result<Self, Box<dyn StdError + Sync + Send>> {
        Ok(Raw(Some(raw)))
    }

    fn from_sql_null(_: &Type) -> Result<Self, Box<dyn StdError + Sync + Send>> {
        Ok(Raw(None))
    }

    fn accepts(_: &Type) -> bool {
        true
    }
}

/// The bytes of the row's column `at`; `None` for NULL.
#[inline]
pub(crate) fn raw(row: &Row, at: usize) -> Result<Option<&[u8]>, Error> {
    match row.try_get::<_, Raw<'_>>(at) {
        Ok(raw) => Ok(raw.0),
        Err(error) => Err(Error::new(ErrorKind::Decode, "a key column is not in the row").with_cause(error)),
    }
}
