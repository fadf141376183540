//! A chain of nested loads, of any length, and the check that it runs as planned.
//!
//! Must not know what is measured. All that is generic here is compiled once a query, so that programs which differ in
//! their levels alone differ in what a level costs.

use relata::{Connection, Query, Shape};
use relata_scratch::Scratch;
use tokio_postgres::SimpleQueryMessage;

use crate::{Outcome, client, model};

/// A post's author, the author's posts, their author: one load for each `_`.
#[macro_export]
macro_rules! from_post {
    (_) => { $crate::model::Post.author.select_in() };
    (_ $($rest:tt)+) => { $crate::model::Post.author.select_in().with($crate::from_user!($($rest)+)) };
}

/// A user's posts, their author, and so on.
#[macro_export]
macro_rules! from_user {
    (_) => { $crate::model::User.posts };
    (_ $($rest:tt)+) => { $crate::model::User.posts.with($crate::from_post!($($rest)+)) };
}

/// Runs the query on the one post of one user.
///
/// # Errors
/// It costs another number of statements than one a level and one for the root, planned or run; or it finds no row.
pub fn run<T: Shape>(levels: usize, query: Query<T>) -> Outcome<()> {
    let planned = query.plan().statements();
    let scratch = Scratch::start()?;
    let (rows, executed) = client::runtime()?.block_on(async {
        let connection = client::connect(&scratch.config()).await?;
        connection.client().batch_execute(model::TABLES).await?;
        let rows = "INSERT INTO users VALUES (1, 'Ann', 'ann@example.org', true);
                    INSERT INTO posts VALUES (1, 1, 'alone', true);";
        connection.client().batch_execute(rows).await?;
        // The first run prepares: statements of equal text are prepared once each, and one of each is kept.
        query.all(&connection).await?;
        let before = executions(&connection).await?;
        let rows = query.all(&connection).await?.len();
        Outcome::Ok((rows, executions(&connection).await? - before))
    })?;
    if (rows, planned, executed) != (1, levels + 1, levels + 1) {
        let found = format!("{rows} rows, {planned} statements planned and {executed} executed");
        return Err(format!("{levels} levels: {found}").into());
    }
    Ok(())
}

/// How often statements that the connection keeps were executed.
async fn executions(connection: &Connection) -> Outcome<usize> {
    let sum = "SELECT COALESCE(sum(generic_plans + custom_plans), 0) FROM pg_prepared_statements";
    for message in connection.client().simple_query(sum).await? {
        if let SimpleQueryMessage::Row(row) = message {
            return Ok(row.get(0).unwrap_or_default().parse()?);
        }
    }
    Err("no answer".into())
}
