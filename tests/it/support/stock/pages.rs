//! Parts of collections: a limit and an offset, for a query, for a load, and for a list that says what is right.

use relata::entity::{Reach, Relation};
use relata::query::{Load, ToMany};
use relata::{Query, Shape};

/// A limit and an offset, where they are given.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Page {
    pub limit: Option<u64>,
    pub offset: Option<u64>,
}

impl Page {
    /// Everything.
    pub const ALL: Page = Page { limit: None, offset: None };

    /// At most so many rows.
    pub const fn first(rows: u64) -> Page {
        Page { limit: Some(rows), offset: None }
    }

    /// The rows after so many.
    pub const fn after(rows: u64) -> Page {
        Page { limit: None, offset: Some(rows) }
    }

    /// At most so many rows after so many.
    pub const fn part(offset: u64, limit: u64) -> Page {
        Page { limit: Some(limit), offset: Some(offset) }
    }

    /// This part of a list.
    pub fn cut<T>(self, rows: Vec<T>) -> Vec<T> {
        let (offset, limit) = (self.offset.unwrap_or(0), self.limit.unwrap_or(u64::MAX));
        rows.into_iter().skip(offset as usize).take(limit as usize).collect()
    }

    /// This part of the query's rows.
    pub fn of<T: Shape>(self, mut query: Query<T>) -> Query<T> {
        if let Some(rows) = self.limit {
            query = query.limit(rows);
        }
        if let Some(rows) = self.offset {
            query = query.offset(rows);
        }
        query
    }

    /// This part of each parent's rows.
    pub fn of_each<R, T, K>(self, mut load: Load<R, T, K>, window: bool) -> Load<R, T, K>
    where
        R: Relation,
        T: Shape<Entity = R::Target>,
        K: Reach + ToMany,
    {
        if let Some(rows) = self.limit {
            load = load.limit(rows);
        }
        if let Some(rows) = self.offset {
            load = load.offset(rows);
        }
        if window { load.window() } else { load }
    }
}
