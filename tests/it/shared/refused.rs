//! What the types cannot tell, and PostgreSQL would refuse: refused before anything is sent, with a message that says what
//! to write instead; and beside each the query next to it that runs.

mod groups;
mod limits;
mod lines;
mod nested;
mod rows;
mod windows;

use deadpool_postgres::Pool;
use tokio_postgres::Config;

use crate::support::pool;

/// A pool to a place where there is no server: what asks it for a connection fails in another way.
fn nowhere() -> Pool {
    let mut config = Config::new();
    config.host("127.0.0.1").port(1).user("nobody").connect_timeout(std::time::Duration::from_secs(2));
    pool(&config, 1)
}

/// Every verb refuses the query with this message, and sends nothing.
macro_rules! refused {
    ($query:expr, $message:expr) => {{
        let query = $query;
        let db = super::nowhere();
        let trace = crate::support::trace::listen();
        let text = query.to_sql().text().to_owned();
        let mut errors = Vec::new();
        errors.extend(query.all(&db).await.err());
        errors.extend(query.first(&db).await.err());
        errors.extend(query.one(&db).await.err());
        errors.extend(query.count(&db).await.err());
        errors.extend(query.exists(&db).await.err());
        assert_eq!(errors.len(), 5, "not refused by every verb: {text}");
        for error in errors {
            assert_eq!(error.to_string(), $message, "{text}");
            assert_eq!(error.kind(), relata::ErrorKind::InvalidQuery, "{text}");
        }
        assert!(trace.take().is_empty(), "something was sent: {text}");
    }};
}

/// The server takes the query; gives its rows.
macro_rules! runs {
    ($db:expr, $query:expr) => {{
        let query = $query;
        let rows = query.all($db).await.unwrap_or_else(|error| panic!("{error:?}\n{}", query.to_sql()));
        let told = query.to_sql();
        let count = query.count($db).await.unwrap_or_else(|error| panic!("the count of {told}: {error:?}"));
        assert_eq!(count, rows.len() as u64, "the count of {told}");
        let exists =
            query.exists($db).await.unwrap_or_else(|error| panic!("whether there is a row of {told}: {error:?}"));
        assert_eq!(exists, !rows.is_empty(), "whether there is a row of {told}");
        rows
    }};
}

use {refused, runs};
