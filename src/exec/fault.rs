//! From the driver's errors to this crate's, with the entity, table and column that they are about.

use std::io;

use tokio_postgres::error::{DbError, ErrorPosition, Severity, SqlState};
use tokio_postgres::types::private::BytesMut;
use tokio_postgres::types::{Kind, ToSql, Type};

use crate::error::{Error, ErrorKind};
use crate::schema::Table;
use crate::sql::{Param, Statement};
use crate::stitch::Links;

/// No connection from the pool.
#[cfg(feature = "deadpool")]
pub(super) fn checkout(error: deadpool_postgres::PoolError) -> Error {
    use deadpool_postgres::{PoolError, TimeoutType};
    if let PoolError::Backend(cause) = &error
        && let Some(answer) = cause.as_db_error()
    {
        let message = format!("the server refused the connection: {}", answer.message());
        return Error::new(ErrorKind::Connect, message).with_cause(error);
    }
    let message = match &error {
        PoolError::Timeout(TimeoutType::Wait) => "no connection of the pool became free in time",
        PoolError::Timeout(_) => "no connection could be opened in time",
        PoolError::Closed => "the pool is closed",
        PoolError::NoRuntimeSpecified => "the pool has time-outs and no runtime to measure them",
        PoolError::Backend(_) | PoolError::PostCreateHook(_) => "no connection to the server could be opened",
    };
    Error::new(ErrorKind::Connect, message).with_cause(error)
}

/// A statement failed.
pub(super) fn statement(error: tokio_postgres::Error, statement: &Statement) -> Error {
    let (kind, message) = match error.as_db_error() {
        Some(answer) if statement.has_cursor() && is_unreadable(answer) => {
            let message = "the cursor's values are not of the types that the rows are ordered by now";
            (ErrorKind::InvalidCursor, message.to_owned())
        }
        Some(answer) => database(answer, statement),
        None if error.is_closed() => (ErrorKind::Closed, String::from("the connection was lost")),
        None => driver(&error),
    };
    Error::new(kind, message).with_cause(error).with_sql(statement.text()).at(statement.path())
}

/// Whether the server could not read a parameter: the same codes are those of values that an expression cannot cast, so the
/// routine counts, which no server translates.
fn is_unreadable(answer: &DbError) -> bool {
    let codes = [
        SqlState::INVALID_BINARY_REPRESENTATION,
        SqlState::INVALID_TEXT_REPRESENTATION,
        SqlState::PROTOCOL_VIOLATION,
        SqlState::CHARACTER_NOT_IN_REPERTOIRE,
        SqlState::DATETIME_FIELD_OVERFLOW,
    ];
    let reads = |routine: &str| {
        routine.ends_with("recv")
            || routine.starts_with("pq_")
            || routine.starts_with("report_invalid_encoding")
            || matches!(routine, "exec_bind_message" | "json_ereport_error" | "json_errsave_error")
    };
    codes.contains(answer.code()) && answer.routine().is_some_and(reads)
}

/// A statement of the crate's own failed, which asks the catalog.
pub(super) fn own(error: tokio_postgres::Error, text: &str) -> Error {
    let (kind, message) = match error.as_db_error() {
        Some(answer) => refused(answer),
        None if error.is_closed() => (ErrorKind::Closed, String::from("the connection was lost")),
        None => driver(&error),
    };
    Error::new(kind, message).with_cause(error).with_sql(text)
}

/// The driver's own errors have no public kind. A cause from the operating system is a broken connection, unless it
/// says that the message itself is one that the protocol cannot carry; the other error that a statement can meet is a
/// parameter that does not fit.
fn driver(error: &tokio_postgres::Error) -> (ErrorKind, String) {
    let mut cause = std::error::Error::source(error);
    while let Some(inner) = cause {
        if let Some(system) = inner.downcast_ref::<io::Error>()
            && system.kind() != io::ErrorKind::InvalidInput
        {
            return (ErrorKind::Closed, String::from("the connection was lost"));
        }
        cause = inner.source();
    }
    (ErrorKind::Encode, format!("the statement cannot be sent: {error}"))
}

/// A statement with parameters failed; one of them may not fit the type that the statement gives it. Which one, the
/// driver keeps to itself, so each is written once more.
pub(super) fn sent(
    error: tokio_postgres::Error,
    statement: &Statement,
    types: &[Type],
    params: &[&(dyn ToSql + Sync)],
    links: Option<&Links>,
) -> Error {
    if error.as_db_error().is_some() || error.is_closed() {
        return self::statement(error, statement);
    }
    let unfit =
        params.iter().zip(types).position(|(param, ty)| param.to_sql_checked(ty, &mut BytesMut::new()).is_err());
    let Some(at) = unfit else { return self::statement(error, statement) };
    let ty = match types[at].kind() {
        Kind::Array(element) => element.name(),
        _ => types[at].name(),
    };
    let pair = match (statement.bound().get(at), links) {
        (Some(Param::Keys(column)), Some(links)) => {
            let relation = links.relation();
            relation.key_columns().zip(relation.source_columns()).nth(*column)
        }
        _ => None,
    };
    let message = match (pair, links) {
        (Some((key, source)), Some(links)) => format!(
            "column `{}` of table `{}` is compared as `{ty}`, and the values of column `{}` of table `{}` cannot be \
             sent as that",
            key.name,
            links.relation().key_table(),
            source.name,
            (links.relation().source)().qualified(),
        ),
        _ => format!("parameter ${} of the statement is `{ty}`, and its value cannot be sent as that", at + 1),
    };
    Error::new(ErrorKind::Encode, message).with_cause(error).with_sql(statement.text()).at(statement.path())
}

fn database(answer: &DbError, statement: &Statement) -> (ErrorKind, String) {
    let code = answer.code();
    if *code == SqlState::UNDEFINED_TABLE {
        return (ErrorKind::MissingTable, missing_table(answer, statement));
    }
    if *code == SqlState::UNDEFINED_COLUMN {
        return (ErrorKind::MissingColumn, missing_column(answer, statement));
    }
    refused(answer)
}

/// What the server's answer is, whatever the statement.
fn refused(answer: &DbError) -> (ErrorKind, String) {
    if *answer.code() == SqlState::QUERY_CANCELED {
        return (ErrorKind::Cancelled, format!("the server ended the statement: {}", answer.message()));
    }
    if matches!(answer.parsed_severity(), Some(Severity::Fatal | Severity::Panic)) {
        return (ErrorKind::Closed, format!("the server closed the connection: {}", answer.message()));
    }
    (ErrorKind::Database, format!("the server refused the statement: {}", answer.message()))
}

fn missing_table(answer: &DbError, statement: &Statement) -> String {
    let named = names_at(answer, statement.text());
    let is_named = |table: &Table| match (named.as_slice(), table.schema) {
        ([name], None) => name == table.name,
        ([schema, name], Some(of)) => schema == of && name == table.name,
        _ => false,
    };
    match statement.tables().iter().flatten().find(|table| is_named(table)) {
        Some(table) => {
            let name = table.qualified();
            format!("`{}` is mapped to table `{name}`, which the database does not have", table.entity)
        }
        None => format!("the database lacks a table: {}", answer.message()),
    }
}

fn missing_column(answer: &DbError, statement: &Statement) -> String {
    let named = names_at(answer, statement.text());
    let found = match named.as_slice() {
        [alias, column, ..] => alias
            .strip_prefix('t')
            .and_then(|number| number.parse::<usize>().ok())
            .and_then(|number| *statement.tables().get(number)?)
            .map(|table| (table, column)),
        // Without an alias: the batch of a composite key, typed from the columns of the level's own table.
        [column] => statement.tables().first().copied().flatten().map(|table| (table, column)),
        [] => None,
    };
    match found {
        Some((table, column)) => {
            let name = table.qualified();
            format!(
                "`{}` is mapped to column `{column}` of table `{name}`, which the database does not have",
                table.entity
            )
        }
        None => format!("the database lacks a column: {}", answer.message()),
    }
}

/// The quoted names, joined by points, that stand where the server says that the error is.
fn names_at(answer: &DbError, text: &str) -> Vec<String> {
    let Some(ErrorPosition::Original(position)) = answer.position() else { return Vec::new() };
    let mut rest = text.chars().skip((*position as usize).saturating_sub(1)).peekable();
    let mut names = Vec::new();
    while rest.next() == Some('"') {
        let mut name = String::new();
        while let Some(character) = rest.next() {
            if character != '"' {
                name.push(character);
            } else if rest.peek() == Some(&'"') {
                rest.next();
                name.push('"');
            } else {
                break;
            }
        }
        names.push(name);
        if rest.next() != Some('.') {
            break;
        }
    }
    names
}

/// Whether the prepared statement is out of date: the schema changed, or a pooler moved us to another server
/// connection. The first has a code of many meanings, so its sentence counts; servers translate no sentence of this
/// severity that is in the protocol's untranslated routine name.
pub(super) fn is_stale(error: &tokio_postgres::Error) -> bool {
    error.as_db_error().is_some_and(|answer| {
        *answer.code() == SqlState::INVALID_SQL_STATEMENT_NAME
            || (*answer.code() == SqlState::FEATURE_NOT_SUPPORTED && answer.routine() == Some("RevalidateCachedQuery"))
    })
}

/// A stale statement inside a transaction, which the server has ended.
pub(super) fn stale(error: tokio_postgres::Error, statement: &Statement) -> Error {
    let message = "a prepared statement no longer fits the schema, and the transaction is aborted by it: run the \
                   transaction again";
    Error::new(ErrorKind::StaleStatement, message).with_cause(error).with_sql(statement.text()).at(statement.path())
}

/// Whether the server refused the statement because one before it had aborted the transaction.
pub(super) fn is_aborted(error: &Error) -> bool {
    error.sqlstate() == Some(&SqlState::IN_FAILED_SQL_TRANSACTION)
}

/// Of siblings' results, the error of the first that failed for a reason of its own.
pub(super) fn first(results: Vec<Result<(), Error>>) -> Result<(), Error> {
    let mut echo = None;
    for result in results {
        if let Err(error) = result {
            if !is_aborted(&error) {
                return Err(error);
            }
            echo.get_or_insert(error);
        }
    }
    echo.map_or(Ok(()), Err)
}
