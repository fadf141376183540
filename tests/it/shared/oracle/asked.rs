//! What is asked: a tree of loads decided at run time, and what the tables and relations are that it is made of.
//!
//! Tables and relations are described here by hand, in SQL, so that the naive loader takes nothing from the derive.

use std::any::Any;
use std::fmt;
use std::rc::Rc;

use proptest::prelude::BoxedStrategy;

use super::typed::Runs;
use crate::support::twins::Strategy;

/// A table, as SQL knows it, and what can be asked of its rows.
pub struct Table {
    pub entity: &'static str,
    pub name: &'static str,
    pub key: &'static [&'static str],
    /// Conditions on its rows, nested at most so deep.
    pub filter: fn(u32) -> BoxedStrategy<Filter>,
    pub sort: fn() -> BoxedStrategy<Sort>,
}

/// A relation: `{p}` stands for the parent's row, `{t}` for the target's, `{a}` for the association's.
pub struct Relation {
    pub name: &'static str,
    pub reach: Reach,
    pub source: &'static Table,
    pub target: &'static Table,
    /// The parent's columns that lead to the target.
    pub from: &'static [&'static str],
    pub link: Link,
    /// The target's own condition that is part of the relation.
    pub only: Option<&'static str>,
    /// The order where a load asks for none, and what it sorts by.
    pub order: &'static [(&'static str, &'static str)],
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Reach {
    Promised,
    Maybe,
    Many,
}

pub enum Link {
    Direct(&'static str),
    Through {
        table: &'static str,
        near: &'static str,
        far: &'static str,
        only: Option<&'static str>,
        /// What can be asked of the association's rows, where an entity is mapped to them.
        entity: Option<&'static Table>,
    },
}

/// A condition, once for each side: SQL on the row `@`, and the crate's predicate with its type hidden.
#[derive(Clone)]
pub struct Filter {
    pub sql: String,
    pub predicate: Rc<dyn Any>,
}

impl fmt::Debug for Filter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.sql)
    }
}

/// A term of an order, once for each side.
#[derive(Clone)]
pub struct Sort {
    /// SQL on the row `@`: what is sorted by, and how.
    pub by: String,
    pub direction: &'static str,
    pub order: Rc<dyn Any>,
    /// It sorts by the association's row.
    pub through: bool,
}

impl fmt::Debug for Sort {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}{}", self.by, self.direction, if self.through { " through" } else { "" })
    }
}

/// The query that `find` gives for one key, with its type hidden.
#[derive(Clone)]
pub struct Find {
    pub sql: String,
    pub query: Rc<dyn Any>,
}

impl fmt::Debug for Find {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "find {}", self.sql)
    }
}

/// What is asked of the rows of one level.
#[derive(Clone, Default)]
pub struct Rows {
    pub filter: Option<Filter>,
    pub order: Vec<Sort>,
    pub limit: Option<u64>,
    pub offset: Option<u64>,
    pub loads: Vec<Load>,
}

impl Rows {
    pub fn load(&self, name: &str) -> Option<&Load> {
        self.loads.iter().find(|load| load.relation.name == name)
    }

    pub fn is_limited(&self) -> bool {
        self.limit.is_some() || self.offset.is_some()
    }
}

/// The load of one relation.
#[derive(Clone)]
pub struct Load {
    pub relation: &'static Relation,
    pub strategy: Option<Strategy>,
    pub window: bool,
    pub through: Option<Filter>,
    /// It is given to `with_matching`.
    pub matching: bool,
    /// Its type promises a row.
    pub promised: bool,
    pub rows: Rows,
}

impl fmt::Debug for Load {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.relation.name)?;
        self.strategy.map_or(Ok(()), |strategy| write!(f, " {strategy:?}"))?;
        self.through.as_ref().map_or(Ok(()), |filter| write!(f, " through {filter:?}"))?;
        f.write_str(if self.window { " window" } else { "" })?;
        f.write_str(if self.matching { " matching" } else { "" })?;
        write!(f, "{:?}", self.rows)
    }
}

impl fmt::Debug for Rows {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.filter.as_ref().map_or(Ok(()), |filter| write!(f, " where {filter:?}"))?;
        self.order.iter().try_for_each(|sort| write!(f, " by {sort:?}"))?;
        self.limit.map_or(Ok(()), |limit| write!(f, " limit {limit}"))?;
        self.offset.map_or(Ok(()), |offset| write!(f, " offset {offset}"))?;
        if self.loads.is_empty() { Ok(()) } else { write!(f, " {:?}", self.loads) }
    }
}

/// A whole query.
#[derive(Clone)]
pub struct Tree {
    pub skeleton: &'static Skeleton,
    pub find: Option<Find>,
    pub rows: Rows,
}

impl fmt::Debug for Tree {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.skeleton.table.entity)?;
        self.find.as_ref().map_or(Ok(()), |find| write!(f, " {find:?}"))?;
        write!(f, "{:?}", self.rows)
    }
}

/// All loads that a query's type has room for.
pub struct Skeleton {
    pub table: &'static Table,
    pub find: fn() -> BoxedStrategy<Find>,
    pub sites: &'static [Site],
    pub query: fn(&Tree) -> Box<dyn Runs>,
}

/// A place for a load.
pub struct Site {
    pub relation: &'static Relation,
    /// How it is given to the level above.
    pub given: Given,
    pub sites: &'static [Site],
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Given {
    /// By `with_if`.
    If,
    /// By `with_if`, and never filtered: its type promises a row.
    Promised,
    /// By `with` or `with_matching`.
    Always,
}
