//! Asks the catalog what entities find in the database: the I/O of a check.
//!
//! It decides nothing: it fills a `Catalog`, which is compared elsewhere.

mod text;
mod read;

use std::future::Future;
use std::time::Instant;

use futures::future::join_all;
use tokio_postgres::Row;
use tokio_postgres::types::{ToSql, Type};
use tracing::Instrument;

use super::executor::{Conn, Executor};
use super::fault;
use crate::check::{Catalog, Entities, Report, Wanted, compare};
use crate::error::{Error, ErrorKind};

/// Compares entities, and those that they lead to over relations, with the database that they are to run on.
///
/// It reads the catalog and no row of a table, and changes nothing. Names mean what they mean in the entities' own
/// statements: by the search path of the connection, with the rights of its role.
///
/// Statements: five at most, whatever the number of entities; where a column has a type that is not built in, one more
/// that is prepared and never run, and what the driver asks to know such types. Round trips: three, likewise.
///
/// What the report can hold: [`FindingKind`](crate::check::FindingKind); an example of its text: [`mod@crate::check`].
///
/// ```
/// # use relata::prelude::*;
/// # #[derive(Entity, Clone)] #[entity(table = "users")] struct User { #[key] id: i32 }
/// # #[derive(Entity, Clone)] #[entity(table = "tags")] struct Tag { #[key] id: i32 }
/// async fn start(db: &deadpool_postgres::Pool) -> Result<(), relata::Error> {
///     let report = relata::check::<(User, Tag)>(db).await?;
///     println!("{report}");
///     Ok(())
/// }
/// ```
///
/// # Errors
/// What entities and database differ in is in the report. An error is what kept it from being written:
/// [`ErrorKind::Connect`], [`ErrorKind::Closed`], [`ErrorKind::Cancelled`] or [`ErrorKind::Database`].
pub fn check<S: Entities>(db: &impl Executor) -> impl Future<Output = Result<Report, Error>> + Send {
    let mut tables = Vec::new();
    S::tables(&mut tables);
    async move {
        let wanted = Wanted::new(tables);
        let span = tracing::debug_span!(target: "relata", "check", entities = wanted.mapped.len());
        let mut conn = db.acquire().await?;
        let result = inspect(&conn, &wanted).instrument(span).await;
        // A connection that is lost does not go back to its pool.
        if !result.as_ref().is_err_and(|error| error.kind() == ErrorKind::Closed) {
            conn.release();
        }
        Ok(compare(&wanted, &result?))
    }
}

/// A parameter of a statement of the crate's own, with its type.
type Param<'p> = (&'p (dyn ToSql + Sync), Type);

async fn inspect(conn: &Conn<'_>, wanted: &Wanted) -> Result<Catalog, Error> {
    let mut catalog = Catalog::default();
    let schemas: Vec<Option<&str>> = wanted.places.iter().map(|place| place.schema.map(sendable)).collect();
    let names: Vec<&str> = wanted.places.iter().map(|place| sendable(place.name)).collect();
    let rows = ask(conn, text::TABLES, &[(&schemas, Type::TEXT_ARRAY), (&names, Type::TEXT_ARRAY)]).await?;
    read::tables(&rows, wanted, &mut catalog)?;

    let columns = wanted.columns();
    let columns: Vec<_> = columns.into_iter().filter(|(place, _)| catalog.relation(*place).is_some()).collect();
    let tables: Vec<Option<u32>> = columns.iter().map(|(place, _)| Some(catalog.relation(*place)?.0)).collect();
    let names: Vec<&str> = columns.iter().map(|(_, name)| sendable(name)).collect();
    let numbers: Vec<u32> = catalog.relations.keys().copied().collect();
    let by_name: [Param<'_>; 2] = [(&tables, Type::OID_ARRAY), (&names, Type::TEXT_ARRAY)];
    let by_table: [Param<'_>; 1] = [(&numbers, Type::OID_ARRAY)];
    let asked: [(&str, &[Param<'_>]); 3] =
        [(text::COLUMNS, &by_name), (text::INDEXES, &by_table), (text::FOREIGN_KEYS, &by_table)];
    let [described, indexes, foreign_keys] = together(conn, asked).await?;
    read::columns(&described, &columns, &mut catalog)?;
    read::indexes(&indexes, &mut catalog)?;
    read::foreign_keys(&foreign_keys, &mut catalog)?;

    let (sources, targets): (Vec<u32>, Vec<u32>) = catalog.compared(wanted).into_iter().unzip();
    let by_type: [Param<'_>; 2] = [(&sources, Type::OID_ARRAY), (&targets, Type::OID_ARRAY)];
    let unknown = catalog.unknown_types();
    let (compared, types) = futures::future::join(ask(conn, text::COMPARISONS, &by_type), types(conn, &unknown)).await;
    read::comparisons(&compared?, &sources, &targets, &mut catalog)?;
    catalog.learn(&types?);
    Ok(catalog)
}

/// No identifier of a database has a zero byte in it or is empty, and the server takes no text with such a byte.
fn sendable(name: &'static str) -> &'static str {
    if name.contains('\0') { "" } else { name }
}

/// Several statements in one flush. All are awaited, so that the connection is idle afterwards.
async fn together<const N: usize>(
    conn: &Conn<'_>,
    statements: [(&str, &[Param<'_>]); N],
) -> Result<[Vec<Row>; N], Error> {
    let results = join_all(statements.map(|(text, params)| ask(conn, text, params))).await;
    let mut answers = std::array::from_fn(|_| Vec::new());
    for (answer, result) in answers.iter_mut().zip(results) {
        *answer = result?;
    }
    Ok(answers)
}

/// Runs a statement, with the event that every statement of the crate has.
async fn ask(conn: &Conn<'_>, text: &str, params: &[Param<'_>]) -> Result<Vec<Row>, Error> {
    let start = Instant::now();
    let result = conn.query_typed(text, params).await.map_err(|error| fault::own(error, text).at("check"));
    let micros = u64::try_from(start.elapsed().as_micros()).unwrap_or(u64::MAX);
    match &result {
        Ok(rows) => {
            let rows = rows.len();
            tracing::debug!(target: "relata::statement", path = "check", sql = text, rows, micros, "statement");
        }
        Err(error) => {
            let error = error.kind();
            tracing::debug!(target: "relata::statement", path = "check", sql = text, micros, ?error, "statement");
        }
    }
    result
}

/// A statement has 1,664 columns at most.
const TYPES: usize = 1000;

/// What the driver makes of types that it does not know by heart: a statement that is prepared and not run tells it.
///
/// A row's description gives a domain as the type below it, so this is how a row's columns are met too.
async fn types(conn: &Conn<'_>, names: &[String]) -> Result<Vec<Type>, Error> {
    let mut types = Vec::with_capacity(names.len());
    for names in names.chunks(TYPES) {
        let columns: Vec<String> = names.iter().map(|name| format!("NULL::{name}")).collect();
        let text = format!("SELECT {}", columns.join(", "));
        let prepared = conn.prepare(&text).await;
        // Nobody asks this a second time.
        conn.evict(&text);
        let prepared = prepared.map_err(|error| fault::own(error, &text).at("check"))?;
        types.extend(prepared.columns().iter().map(|column| column.type_().clone()));
    }
    Ok(types)
}
