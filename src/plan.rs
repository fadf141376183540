//! Plans: the tree of levels that a query becomes, with a strategy for each load, before any SQL is written.
//!
//! Pure: a plan follows from the query's shape alone; it does no I/O and knows no rows.

mod display;

use std::sync::Arc;

use crate::entity::{Entity, Shape};
use crate::expr::{ColumnRef, Expr, Operator, OrderTerm};
use crate::query::{LoadSpec, Query, Spec, Strategy};
use crate::schema::{Association, Compare, Reach, RelationDef, Table};

/// What a query will do: its statements and its round trips, known before it runs.
///
/// [`Display`](std::fmt::Display) prints the tree:
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

/// One set of entities.
#[derive(Debug, Clone)]
pub(crate) struct Level {
    /// The way here in the user's words: `User.posts.comments`.
    pub(crate) path: Arc<str>,
    pub(crate) table: &'static Table,
    pub(crate) filters: Vec<Expr>,
    /// Complete: where rows are counted off, the key ends it.
    pub(crate) order: Vec<OrderTerm>,
    /// For each parent, where the level has one.
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
    /// Children carry the ordinal of their key, which the database alone compares.
    pub(crate) ordinals: bool,
    /// Rows are counted off by a window function.
    pub(crate) window: bool,
    /// A row is promised: without one the load is an error.
    pub(crate) promised: bool,
    /// Conditions on the association's rows.
    pub(crate) through: Vec<Expr>,
    /// The positions among the parent's columns of those that lead here.
    pub(crate) parents: Vec<usize>,
    pub(crate) level: Level,
}

impl<T: Shape> Query<T> {
    /// The plan of this query, as its verb [`all`](Self::all) runs it. Does no I/O.
    pub fn plan(&self) -> Plan {
        let (spec, table) = (self.spec(), T::Entity::TABLE);
        let place = Place { one_row: one_row(spec, table), at_root: true, inside: 0 };
        Plan { root: Level::new(spec, table, table.entity.to_owned(), place, &mut 0) }
    }
}

/// Where a level stands.
#[derive(Clone, Copy)]
struct Place {
    /// It has one row at most.
    one_row: bool,
    /// There is no to-many between the root and it.
    at_root: bool,
    /// The number of joined collections between it and the level that has the statement.
    inside: usize,
}

impl Level {
    /// `collections` counts those that are joined in the statement that the level is part of.
    fn new(spec: &Spec, table: &'static Table, path: String, place: Place, collections: &mut usize) -> Self {
        let apart = spec.loads.iter().any(is_apart);
        let mut edges = Vec::with_capacity(spec.loads.len());
        for load in &spec.loads {
            edges.push(Edge::new(load, table, &path, place, apart, collections));
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

    /// Whether anything is joined to it.
    pub(crate) fn has_joined(&self) -> bool {
        self.edges.iter().any(Edge::is_joined)
    }

    /// Whether a path in its filters or its order crosses a relation to one row that may have several, which then give one
    /// of its rows again.
    pub(crate) fn is_multiplied(&self) -> bool {
        let orders = self.order.iter().map(|term| &term.by);
        self.filters.iter().chain(orders).any(|expr| expr.crosses(|relation| !relation.is_unique()))
    }

    /// Whether rows are counted off.
    pub(crate) fn is_limited(&self) -> bool {
        self.limit.is_some() || self.offset.is_some()
    }
}

/// Whether a load has a statement of its own unless the plan finds a reason to join it.
fn is_apart(load: &LoadSpec) -> bool {
    match load.how.strategy {
        Some(strategy) => strategy == Strategy::SelectIn,
        None => load.relation.reach == Reach::Many || !load.spec.filters.is_empty(),
    }
}

impl Edge {
    fn new(
        load: &LoadSpec,
        parent: &'static Table,
        path: &str,
        place: Place,
        apart: bool,
        collections: &mut usize,
    ) -> Self {
        let relation = load.relation;
        let table = (relation.target)();
        let to_many = relation.reach == Reach::Many;
        let joined = match load.how.strategy {
            Some(strategy) => strategy == Strategy::Joined,
            // To-one below a to-many: only where that saves a round trip.
            None => !is_apart(load) && (place.at_root || !apart),
        };
        // Two collections side by side would multiply each other; one inside the other does not.
        let joined = joined && (!to_many || *collections == place.inside);
        let one_row = place.one_row && (!to_many || load.spec.limit.is_some_and(|limit| limit <= 1));
        let at_root = place.at_root && !to_many;
        let path = format!("{path}.{}", relation.name);
        let ordered;
        let spec = if load.spec.order.is_empty() && !relation.order.is_empty() {
            ordered = with_order_of(relation, &load.spec);
            &ordered
        } else {
            &load.spec
        };
        let level = if joined {
            *collections += usize::from(to_many);
            let inside = place.inside + usize::from(to_many);
            Level::new(spec, table, path, Place { one_row, at_root, inside }, collections)
        } else {
            Level::new(spec, table, path, Place { one_row, at_root: false, inside: 0 }, &mut 0)
        };
        let one_key = place.one_row;
        let mut columns = relation.source_columns().chain(relation.key_columns());
        let database = columns.any(|column| column.compare == Compare::Database);
        let ordinals = !joined && (database || level.is_limited());
        Edge {
            relation,
            strategy: if joined { Strategy::Joined } else { Strategy::SelectIn },
            one_key,
            ordinals,
            // One parent's rows need no window to be counted off; the window of a join would part rows by the children's
            // comparison of keys, which may be another than the join's.
            window: load.how.window && level.is_limited() && if joined { !database } else { !one_key },
            promised: load.how.promised,
            through: load.how.through.clone(),
            parents: relation.source_columns().filter_map(|column| parent.position(column.name)).collect(),
            level,
        }
    }

    /// Whether it is part of its parent's statement.
    pub(crate) fn is_joined(&self) -> bool {
        self.strategy == Strategy::Joined
    }

    /// Whether a parent may be given the same row twice.
    pub(crate) fn repeats(&self) -> bool {
        self.relation.association().is_some_and(|association| !Association::is_distinct(association))
    }
}

/// The load with the order that is part of its relation.
fn with_order_of(relation: &RelationDef, spec: &Spec) -> Spec {
    let mut spec = spec.clone();
    for by in relation.order {
        let mut term = OrderTerm::column(by.column);
        term.descending = by.descending;
        spec.order.push(term);
    }
    spec
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
        if !order.iter().any(|term| term.own_column().is_some_and(|known| known.name == column.name)) {
            order.push(OrderTerm::column(column));
        }
    }
}

impl Plan {
    /// The number of statements, at most; it is reached whenever no level is empty.
    pub fn statements(&self) -> usize {
        fn count(level: &Level) -> usize {
            let below = |edge: &Edge| usize::from(edge.strategy == Strategy::SelectIn) + count(&edge.level);
            level.edges.iter().map(below).sum()
        }
        1 + count(&self.root)
    }

    /// The number of round trips to the server, at most, on a connection that has run the query before.
    ///
    /// The pool's checkout is not among them, nor the transaction's begin and end. Executors without a cache of
    /// prepared statements (`tokio_postgres::Client` and `Transaction`) never get warm: for them
    /// [`cold_round_trips`](Self::cold_round_trips) holds every time.
    pub fn round_trips(&self) -> usize {
        fn depth(level: &Level) -> usize {
            let below = |edge: &Edge| usize::from(edge.strategy == Strategy::SelectIn) + depth(&edge.level);
            level.edges.iter().map(below).max().unwrap_or(0)
        }
        1 + depth(&self.root)
    }

    /// The number of round trips, at most, on a fresh connection: one more, in which all statements are prepared.
    ///
    /// The first use of a user-defined type (an enum, a domain) on a connection looks the type up, and the first load
    /// by a text key its collation; that is not counted here.
    pub fn cold_round_trips(&self) -> usize {
        self.round_trips() + 1
    }
}
