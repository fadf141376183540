//! Queries of any shape, page by page.

use std::future::Future;
use std::pin::Pin;

use deadpool_postgres::Pool;
use relata::{Cursor, Error, Query, Shape};
use serde::Serialize;
use serde_json::Value as Json;

pub type Answer<'a, T> = Pin<Box<dyn Future<Output = Result<T, Error>> + 'a>>;

/// A query whose shape is forgotten. A row is an object.
pub trait Pages {
    fn page<'a>(&'a self, pool: &'a Pool, size: u64, after: Option<&Cursor>)
    -> Answer<'a, (Vec<Json>, Option<Cursor>)>;
    /// All rows, in no order that is certain.
    fn all<'a>(&'a self, pool: &'a Pool) -> Answer<'a, Vec<Json>>;
    /// All rows, with what they have loaded in the order in which it came.
    fn rows<'a>(&'a self, pool: &'a Pool) -> Answer<'a, Vec<Json>>;
    /// The text of a page.
    fn text(&self, size: u64, after: Option<&Cursor>) -> String;
}

impl<T: Shape + Serialize> Pages for Query<T> {
    fn page<'a>(
        &'a self,
        pool: &'a Pool,
        size: u64,
        after: Option<&Cursor>,
    ) -> Answer<'a, (Vec<Json>, Option<Cursor>)> {
        let page = self.clone().limit(size).after(after.cloned()).page(pool);
        Box::pin(async move {
            let page = page.await?;
            Ok((page.rows.iter().map(json).collect(), page.next))
        })
    }

    fn all<'a>(&'a self, pool: &'a Pool) -> Answer<'a, Vec<Json>> {
        Box::pin(async move { Ok(self.all(pool).await?.iter().map(json).collect()) })
    }

    fn rows<'a>(&'a self, pool: &'a Pool) -> Answer<'a, Vec<Json>> {
        Box::pin(
            async move { Ok(self.all(pool).await?.iter().map(|row| serde_json::to_value(row).unwrap()).collect()) },
        )
    }

    fn text(&self, size: u64, after: Option<&Cursor>) -> String {
        self.clone().limit(size).after(after.cloned()).to_sql().to_string()
    }
}

/// A row as JSON, with what it has loaded in an order that is its own.
pub fn json(row: &impl Serialize) -> Json {
    fn sorted(value: &mut Json) {
        match value {
            Json::Array(rows) => {
                rows.iter_mut().for_each(sorted);
                rows.sort_by_key(Json::to_string);
            }
            Json::Object(fields) => fields.values_mut().for_each(sorted),
            _ => {}
        }
    }
    let mut json = serde_json::to_value(row).unwrap();
    sorted(&mut json);
    json
}
