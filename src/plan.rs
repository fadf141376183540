//! Plans: the tree of levels that a query becomes, with a strategy for each load, before any SQL is written.
//!
//! Pure: a plan follows from the query's shape alone; it does no I/O and knows no rows.

use std::fmt;
use std::sync::Arc;

use crate::entity::{Entity, Shape};
use crate::expr::{ColumnRef, Expr, Operator, OrderTerm};
use crate::query::{LoadSpec, Query, Spec};
use crate::schema::{Column, Reach, RelationDef, Table};

/// What a query will do: its statements and its round trips, known before it runs.
///
/// [`Display`](fmt::Display) prints the tree:
///
/// ```
/// # use relata::prelude::*;
/// # #[derive(Entity, Clone)]
/// # #[entity(table = "users")]
/// # #[has_many(posts: Vec<Post>, by = user_id)]
/// # struct User { #[key] id: i32 }
/// # #[derive(Entity, Clone)]
/// # #[entity(table = "posts")]
/// # struct Post { #[key] id: i32, user_id: i32 }
/// assert_eq!(
///     User::query().with(User.posts).plan().to_string(),
///     "\
/// User: 2 statements in 2 round trips (3 on a fresh connection)
/// users
/// └─ posts: many of posts, select-in by user_id = ANY(id)
/// ",
/// );
/// ```
#[derive(Debug, Clone)]
pub struct Plan {
    pub(crate) root: Level,
}

/// One set of entities: a statement of its own.
#[derive(Debug, Clone)]
pub(crate) struct Level {
    /// The way here in the user's words: `User.posts.comments`.
    pub(crate) path: Arc<str>,
    pub(crate) table: &'static Table,
    pub(crate) filters: Vec<Expr>,
    /// Complete: where rows are counted off, the key ends it.
    pub(crate) order: Vec<OrderTerm>,
    pub(crate) limit: Option<u64>,
    pub(crate) offset: Option<u64>,
    pub(crate) edges: Vec<Edge>,
}

/// One load, from level to level.
#[derive(Debug, Clone)]
pub(crate) struct Edge {
    pub(crate) relation: &'static RelationDef,
    pub(crate) strategy: Strategy,
    /// At most one key can be asked for, so that it is sent as a value and no array.
    pub(crate) one_key: bool,
    /// The key's positions among the parent's columns.
    pub(crate) parents: Vec<usize>,
    /// The key's positions among the child's columns.
    pub(crate) children: Vec<usize>,
    pub(crate) level: Level,
}

/// How a load is fetched.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub(crate) enum Strategy {
    /// A statement for the level, which asks for the children of all parents by their keys.
    SelectIn,
}

impl<T: Shape> Query<T> {
    /// The plan of this query, as its verb [`all`](Self::all) runs it. Does no I/O.
    pub fn plan(&self) -> Plan {
        let table = T::Entity::TABLE;
        Plan { root: Level::new(self.spec(), table, table.entity.to_owned(), one_row(self.spec(), table)) }
    }
}

impl Level {
    fn new(spec: &Spec, table: &'static Table, path: String, one_row: bool) -> Self {
        let mut edges = Vec::with_capacity(spec.loads.len());
        for load in &spec.loads {
            edges.push(Edge::new(load, table, &path, one_row));
        }
        let mut order = spec.order.clone();
        if spec.limit.is_some() || spec.offset.is_some() {
            complete(&mut order, table);
        }
        Level {
            path: path.into(),
            table,
            filters: spec.filters.clone(),
            order,
            limit: spec.limit,
            offset: spec.offset,
            edges,
        }
    }
}

impl Edge {
    fn new(load: &LoadSpec, parent: &'static Table, path: &str, one_parent: bool) -> Self {
        let relation = load.relation;
        let table = (relation.target)();
        let find = |table: &Table, column: &Column| table.position(column.name);
        let path = format!("{path}.{}", relation.name);
        let one_row = one_parent && relation.reach != Reach::Many;
        Edge {
            relation,
            strategy: Strategy::SelectIn,
            one_key: one_parent,
            parents: relation.pairs.iter().filter_map(|pair| find(parent, pair.source)).collect(),
            children: relation.pairs.iter().filter_map(|pair| find(table, pair.target)).collect(),
            level: Level::new(&load.spec, table, path, one_row),
        }
    }
}

/// Whether the query can give one row at most: it asks for the whole key, or for one row.
fn one_row(spec: &Spec, table: &Table) -> bool {
    let mut fixed = Vec::new();
    spec.filters.iter().for_each(|filter| fixed_columns(filter, &mut fixed));
    spec.limit.is_some_and(|limit| limit <= 1) || table.key.iter().all(|&at| fixed.contains(&table.columns[at].name))
}

/// The root's own columns that a condition holds equal to a value.
fn fixed_columns(condition: &Expr, out: &mut Vec<&'static str>) {
    match condition {
        Expr::All(all) => all.iter().for_each(|one| fixed_columns(one, out)),
        Expr::Binary(Operator::Eq, left, right) => {
            if let (Expr::Column(ColumnRef { path, column }), Expr::Value(_)) = (&**left, &**right)
                && path.is_empty()
            {
                out.push(column.name);
            }
        }
        _ => {}
    }
}

/// Ends an order with the key's columns that are not in it, so that equal rows have one order.
fn complete(order: &mut Vec<OrderTerm>, table: &'static Table) {
    for &at in table.key {
        let column = &table.columns[at];
        let known = order
            .iter()
            .any(|term| matches!(&term.by, Expr::Column(by) if by.path.is_empty() && by.column.name == column.name));
        if !known {
            let by = Expr::Column(ColumnRef { path: Vec::new(), column });
            order.push(OrderTerm { by, descending: false, nulls: None });
        }
    }
}

impl Plan {
    /// The number of statements, at most; it is reached whenever no level is empty.
    pub fn statements(&self) -> usize {
        fn count(level: &Level) -> usize {
            1 + level.edges.iter().map(|edge| count(&edge.level)).sum::<usize>()
        }
        count(&self.root)
    }

    /// The number of round trips to the server, at most, on a connection that has run the query before.
    ///
    /// The pool's checkout is not among them, nor the transaction's begin and end. Executors without a cache of
    /// prepared statements (`tokio_postgres::Client` and `Transaction`) never get warm: for them
    /// [`cold_round_trips`](Self::cold_round_trips) holds every time.
    pub fn round_trips(&self) -> usize {
        fn depth(level: &Level) -> usize {
            1 + level.edges.iter().map(|edge| depth(&edge.level)).max().unwrap_or(0)
        }
        depth(&self.root)
    }

    /// The number of round trips, at most, on a fresh connection: one more, in which all statements are prepared.
    ///
    /// The first use of a user-defined type (an enum, a domain) on a connection looks the type up, and the first load
    /// by a text key its collation; that is not counted here.
    pub fn cold_round_trips(&self) -> usize {
        self.round_trips() + 1
    }
}

impl fmt::Display for Plan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (statements, trips) = (self.statements(), self.round_trips());
        writeln!(
            f,
            "{}: {statements} {} in {trips} {} ({} on a fresh connection)",
            self.root.path,
            if statements == 1 { "statement" } else { "statements" },
            if trips == 1 { "round trip" } else { "round trips" },
            self.cold_round_trips(),
        )?;
        f.write_str(self.root.table.name)?;
        self.root.details(f)?;
        self.root.draw(f, "")
    }
}

impl Level {
    fn details(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.filters.is_empty() {
            f.write_str(", filtered")?;
        }
        if !self.order.is_empty() {
            f.write_str(", ordered")?;
        }
        if self.limit.is_some() {
            f.write_str(", limited")?;
        }
        if self.offset.is_some() {
            f.write_str(", from an offset")?;
        }
        writeln!(f)
    }

    fn draw(&self, f: &mut fmt::Formatter<'_>, indent: &str) -> fmt::Result {
        for (at, edge) in self.edges.iter().enumerate() {
            let last = at + 1 == self.edges.len();
            write!(f, "{indent}{}{}: ", if last { "└─ " } else { "├─ " }, edge.relation.name)?;
            edge.describe(f)?;
            edge.level.details(f)?;
            edge.level.draw(f, &format!("{indent}{}", if last { "   " } else { "│  " }))?;
        }
        Ok(())
    }
}

impl Edge {
    fn describe(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let reach = match self.relation.reach {
            Reach::One => "one of",
            Reach::MaybeOne => "maybe one of",
            Reach::Many => "many of",
        };
        let Strategy::SelectIn = self.strategy;
        write!(f, "{reach} {}, select-in by ", self.level.table.name)?;
        for (at, pair) in self.relation.pairs.iter().enumerate() {
            let (child, parent) = (pair.target.name, pair.source.name);
            let and = if at == 0 { "" } else { " and " };
            if self.one_key {
                write!(f, "{and}{child} = {parent}")?;
            } else {
                write!(f, "{and}{child} = ANY({parent})")?;
            }
        }
        Ok(())
    }
}
