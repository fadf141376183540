//! The one error type, and the kinds that it comes in.
//!
//! Facts only: an error says what happened and where, in the user's words; it does not guess whether a second try
//! would help.

use std::error::Error as StdError;
use std::fmt;

use tokio_postgres::error::SqlState;

/// What went wrong, coarsely.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// No connection could be had: the server is unreachable, refused the login, or the pool gave none in time.
    Connect,
    /// The connection was lost while it was in use.
    Closed,
    /// The server answered a statement with an error that has no kind of its own here.
    Database,
    /// A table that an entity is mapped to is not there.
    MissingTable,
    /// A column that an entity is mapped to is not there.
    MissingColumn,
    /// A column's value is not of the field's type.
    Decode,
    /// A column is NULL and its field is not an `Option`.
    UnexpectedNull,
    /// A parameter does not fit the type that the statement gives it.
    Encode,
    /// `one` found no row.
    NotFound,
    /// `one`, `at_most_one` or a to-one relation found more rows than one.
    SeveralRows,
    /// A relation promises a row, and the row is not there.
    MissingTarget,
    /// The database compares a key in another way than the client, or may: see `docs/adr/0002-keys-as-bytes.md`.
    KeyEqualityDiffers,
    /// The server ended the statement: cancelled, or over its time limit.
    Cancelled,
    /// A prepared statement no longer fits the schema, inside a transaction, where it cannot be tried again.
    StaleStatement,
    /// The query asks for what PostgreSQL cannot answer, where the types could not tell. Nothing was sent.
    InvalidQuery,
    /// A cursor is not one that this query gave: forged, cut off, or of another order. See `docs/adr/0013-pages.md`.
    InvalidCursor,
}

/// The error of every fallible call of this crate.
///
/// [`Display`](fmt::Display) says what happened, without its cause; the cause is the
/// [`source`](StdError::source). A row that is missing or double is named by its key, and what the server says of a
/// statement is told in its words; no other value is part of the message.
pub struct Error {
    inner: Box<Inner>,
}

struct Inner {
    kind: ErrorKind,
    message: String,
    path: Option<String>,
    sql: Option<String>,
    cause: Option<Box<dyn StdError + Send + Sync>>,
}

impl Error {
    pub(crate) fn new(kind: ErrorKind, message: impl Into<String>) -> Self {
        Error { inner: Box::new(Inner { kind, message: message.into(), path: None, sql: None, cause: None }) }
    }

    pub(crate) fn with_cause(mut self, cause: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        self.inner.cause = Some(cause.into());
        self
    }

    pub(crate) fn with_sql(mut self, sql: &str) -> Self {
        self.inner.sql = Some(sql.to_owned());
        self
    }

    /// Sets the path unless the error has one: the innermost caller knows best.
    pub(crate) fn at(mut self, path: &str) -> Self {
        self.inner.path.get_or_insert_with(|| path.to_owned());
        self
    }

    /// Says of which field of a view it is.
    pub(crate) fn in_field(mut self, field: &str) -> Self {
        self.inner.message = format!("field `{field}`: {}", self.inner.message);
        self
    }

    /// What went wrong, coarsely.
    pub fn kind(&self) -> ErrorKind {
        self.inner.kind
    }

    /// The entity or relation that was being loaded, in the program's words: `User` or `User.posts.comments`.
    pub fn path(&self) -> Option<&str> {
        self.inner.path.as_deref()
    }

    /// The SQL text of the statement that failed, without its parameters.
    pub fn sql(&self) -> Option<&str> {
        self.inner.sql.as_deref()
    }

    /// The server's code, where the server answered with an error.
    pub fn sqlstate(&self) -> Option<&SqlState> {
        self.database().map(tokio_postgres::error::DbError::code)
    }

    /// The name of the constraint that was violated, where the server named one.
    pub fn constraint(&self) -> Option<&str> {
        self.database().and_then(tokio_postgres::error::DbError::constraint)
    }

    /// Whether a unique constraint was violated (SQLSTATE 23505).
    pub fn is_unique_violation(&self) -> bool {
        self.sqlstate() == Some(&SqlState::UNIQUE_VIOLATION)
    }

    /// The server's answer, anywhere in the chain of causes.
    fn database(&self) -> Option<&tokio_postgres::error::DbError> {
        let mut cause = StdError::source(self);
        while let Some(error) = cause {
            if let Some(answer) = error.downcast_ref() {
                return Some(answer);
            }
            cause = error.source();
        }
        None
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.inner.path {
            Some(path) => write!(f, "{path}: {}", self.inner.message),
            None => f.write_str(&self.inner.message),
        }
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Error")
            .field("kind", &self.inner.kind)
            .field("path", &self.inner.path)
            .field("message", &self.inner.message)
            .field("sql", &self.inner.sql)
            .field("cause", &self.inner.cause)
            .finish()
    }
}

impl StdError for Error {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.inner.cause.as_deref().map(|cause| cause as &(dyn StdError + 'static))
    }
}
