//! The verbs that give pages.

use std::future::Future;

use tracing::Instrument;

use super::{Executor, Value, checked, count_of, finished, gather, span};
use crate::entity::{Level, Shape};
use crate::error::Error;
use crate::exec::run::run;
use crate::page::{Counted, Page};
use crate::query::Query;
use crate::sql::{self, Tree};

impl<T: Shape> Query<T> {
    /// The rows up to the query's limit, as a page, with the cursor that the next one begins [`after`](Query::after).
    ///
    /// The order is completed by the key, so that each row has one place in it: rows that are inserted or deleted meanwhile
    /// neither repeat nor hide others. **Without a limit the page has all rows.**
    ///
    /// Statements and round trips: as [`plan`](Self::plan) says. SQL: with a limit of one row more, which tells whether there
    /// is a next page.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidCursor`](crate::ErrorKind::InvalidCursor) if the cursor is of another query, before anything is
    /// sent; else as [`all`](Self::all).
    pub fn page<'x, X: Executor>(
        &self,
        db: &'x X,
    ) -> impl Future<Output = Result<Page<T>, Error>> + Send + use<'x, T, X> {
        let rows = gather::<T, X>(self.plan_of_page(), db);
        async move { rows.await?.into_page() }
    }

    /// The rows, and the number of those that there are without the limit and the offset.
    ///
    /// One statement more than [`plan`](Self::plan) says, and no round trip: it is sent with the first one. Outside a
    /// transaction each of the two sees the rows as they are when it runs.
    ///
    /// SQL: `SELECT COUNT(*) FROM …`.
    ///
    /// # Errors
    /// As [`all`](Self::all).
    pub fn counted<'x, X: Executor>(
        &self,
        db: &'x X,
    ) -> impl Future<Output = Result<Counted<T>, Error>> + Send + use<'x, T, X> {
        let (plan, all) = (self.plan(), self.plan_of_all());
        async move {
            let tree = checked(plan)?;
            let count = Tree::scalar(sql::count(&all.root), &all.root);
            let (mut rows, mut total) = (Level::<T>::default(), Value::default());
            {
                let mut conn = db.acquire().await?;
                let both = futures::future::join(run(&conn, &tree, &mut rows), run(&conn, &count, &mut total));
                let (rows, total) = both.instrument(span(&tree)).await;
                finished(&mut conn, crate::exec::fault::first(vec![rows, total]))?;
            }
            Ok(Counted { rows: rows.finish()?, total: count_of(&total) })
        }
    }
}
