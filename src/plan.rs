//! Plans: the tree of levels that a query becomes, with a strategy for each load, before any SQL is written.
//!
//! Pure: a plan follows from the query's shape alone; it does no I/O and knows no rows.

mod display;
mod valid;

use std::sync::Arc;

use crate::entity::{Entity, Shape};
use crate::expr::{ColumnRef, Expr, Item, Operator, OrderTerm, Rows};
use crate::page::Cursor;
use crate::query::{Combined, LoadSpec, Query, Select, Spec, Strategy};
use crate::schema::{Column, Link, Reach, RelationDef, Table};

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
    /// Their order is complete: where rows are counted off, the key ends it. A limit is for each parent, where the level
    /// has one.
    pub(crate) rows: Rows,
    /// What is selected for the plan's sake, after what was asked for.
    pub(crate) hidden: Vec<Expr>,
    /// The rows are a page; one row more is asked for.
    pub(crate) page: Option<PageOf>,
    pub(crate) edges: Vec<Edge>,
}

/// A page of a level's rows.
#[derive(Debug, Clone)]
pub(crate) struct PageOf {
    /// The number of its rows.
    pub(crate) size: u64,
    /// The positions of what the rows are ordered by.
    pub(crate) order: Vec<usize>,
}

/// One load, from level to level.
#[derive(Debug, Clone)]
pub(crate) struct Edge {
    pub(crate) relation: &'static RelationDef,
    /// Where its rows go, among the loads of its parent.
    pub(crate) slot: usize,
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
    /// Where the pages of some parents begin.
    pub(crate) after: Option<Vec<Cursor>>,
    /// The positions among the parent's columns of those that lead here.
    pub(crate) parents: Vec<usize>,
    pub(crate) level: Level,
}

impl<T: Shape> Query<T> {
    /// The plan of this query, as its verb [`all`](Self::all) runs it. Does no I/O.
    pub fn plan(&self) -> Plan {
        let (spec, table) = (self.spec(), T::Entity::TABLE);
        let single = spec.rows.has_window() || spec.rows.has_doubles();
        let place = Place { one_row: one_row(&spec.rows, table), at_root: true, inside: 0, single };
        Plan { root: Level::new(spec, table, table.entity.to_owned(), None, place, &mut 0) }
    }
}

impl<E: Entity, S> Select<E, S> {
    /// The plan of this query: one statement, one round trip. Does no I/O.
    pub fn plan(&self) -> Plan {
        Plan { root: Level::selection(self.rows()) }
    }
}

impl<O> Combined<O> {
    /// The plan of this query: one statement, one round trip. Does no I/O.
    pub fn plan(&self) -> Plan {
        Plan { root: Level::selection(self.rows()) }
    }
}

impl<T: Shape> Query<T> {
    /// The plan of a page: one row more is asked for than the query's limit, which tells whether there is a next page.
    pub(crate) fn plan_of_page(&self) -> Plan {
        let mut plan = self.plan();
        plan.root.page();
        plan
    }

    /// The plan of all rows, whatever the limit.
    pub(crate) fn plan_of_all(&self) -> Plan {
        let mut plan = self.plan();
        plan.root.rows.limit = None;
        plan.root.rows.offset = None;
        plan.root.rows.after = None;
        plan.root.edges.clear();
        plan
    }
}

/// What leads to a level from its parent.
#[derive(Clone, Copy)]
struct Lead {
    relation: &'static RelationDef,
    joined: bool,
    /// Rows carry the ordinals of their keys.
    ordinals: bool,
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
    /// Nothing that multiplies the statement's rows may be joined: a window function would see them, or rows that come twice
    /// could not be told from those that a join gives twice.
    single: bool,
}

impl Level {
    /// `collections` counts those that are joined in the statement that the level is part of; `lead` is what
    /// leads here.
    fn new(
        spec: &Spec,
        table: &'static Table,
        path: String,
        lead: Option<Lead>,
        place: Place,
        collections: &mut usize,
    ) -> Self {
        let apart = spec.loads.iter().any(is_apart);
        let mut edges = Vec::with_capacity(spec.loads.len());
        for load in &spec.loads {
            edges.push(Edge::new(load, &path, place, apart, collections));
        }
        let mut rows = spec.rows.clone();
        if rows.after.is_some() {
            // A cursor is a place already: the offset was the first page's.
            rows.offset = None;
        }
        if rows.is_limited() || rows.after.is_some() {
            rows.complete();
        }
        let mut level = Level { path: path.into(), table, rows, hidden: Vec::new(), page: None, edges };
        if level.rows.items.is_some() {
            level.hide(lead);
        }
        for at in 0..level.edges.len() {
            let columns = level.edges[at].relation.source_columns();
            level.edges[at].parents = columns.filter_map(|column| level.position(column)).collect();
        }
        level
    }

    /// A level whose rows are not entities.
    fn selection(rows: &Rows) -> Self {
        let (table, rows) = (rows.table, rows.clone());
        Level { path: table.entity.into(), table, rows, hidden: Vec::new(), page: None, edges: Vec::new() }
    }

    /// Has the rows be a page: what they are ordered by is read, and one row more than there is room for.
    fn page(&mut self) {
        self.rows.complete();
        let Some(size) = self.rows.limit else { return };
        self.rows.limit = Some(size.saturating_add(1));
        let mut order = Vec::with_capacity(self.rows.order.len());
        for term in &self.rows.order {
            let known = self.position_of(&term.by);
            order.push(match known {
                Some(at) => at,
                None => {
                    self.hidden.push(term.by.clone());
                    self.width() - 1
                }
            });
        }
        self.page = Some(PageOf { size, order });
    }

    /// Selects the columns that stitching needs and a view leaves out: those that lead to the loads below, those that lead
    /// here, and the key where one row may come several times.
    fn hide(&mut self, lead: Option<Lead>) {
        let mut needed: Vec<&'static Column> = Vec::new();
        for edge in &self.edges {
            needed.extend(edge.relation.source_columns());
        }
        if let Some(Lead { relation, joined, ordinals }) = lead {
            match &relation.link {
                Link::Direct(pairs) if !ordinals => needed.extend(pairs.iter().map(|pair| pair.target)),
                Link::Through(association) if joined => {
                    needed.extend(association.target.iter().map(|pair| pair.target));
                }
                _ => {}
            }
        }
        if self.has_joined() || lead.is_some_and(|lead| lead.joined || lead.relation.repeats()) {
            needed.extend(self.table.key.iter().map(|&at| &self.table.columns[at]));
        }
        for column in needed {
            if self.position(column).is_none() {
                self.hidden.push(Expr::Column(ColumnRef { path: Vec::new(), column }));
            }
        }
    }

    /// The position of one of the table's own columns among those that are selected.
    pub(crate) fn position(&self, column: &Column) -> Option<usize> {
        self.position_where(Some(column), &|expr| expr.own_column().is_some_and(|own| own.name == column.name))
    }

    /// The position of an expression among those that are selected.
    fn position_of(&self, expr: &Expr) -> Option<usize> {
        match expr.own_column() {
            Some(column) => self.position(column),
            None => self.position_where(None, &|known| known == expr),
        }
    }

    fn position_where(&self, own: Option<&Column>, is: &dyn Fn(&Expr) -> bool) -> Option<usize> {
        let mut at = 0;
        match &self.rows.items {
            None => {
                let own = own.and_then(|column| self.table.position(column.name));
                if own.is_some() {
                    return own;
                }
                at = self.table.columns.len();
            }
            Some(items) => {
                for item in items {
                    if matches!(item, Item::Expr(expr) if is(expr)) {
                        return Some(at);
                    }
                    at += item.width();
                }
            }
        }
        self.hidden.iter().position(is).map(|hidden| at + hidden)
    }

    /// The positions of the key's columns; empty where they are not all selected.
    pub(crate) fn key(&self) -> Vec<usize> {
        let key = self.table.key.iter().map(|&at| self.position(&self.table.columns[at]));
        key.collect::<Option<_>>().unwrap_or_default()
    }

    /// The number of columns that are selected.
    pub(crate) fn width(&self) -> usize {
        let asked = match &self.rows.items {
            None => self.table.columns.len(),
            Some(items) => items.iter().map(Item::width).sum(),
        };
        asked + self.hidden.len()
    }

    /// Whether anything is joined to it.
    pub(crate) fn has_joined(&self) -> bool {
        self.edges.iter().any(Edge::is_joined)
    }

    /// Whether a path in its filters or its order crosses a relation to one row that may have several, which then give one
    /// of its rows again.
    pub(crate) fn is_multiplied(&self) -> bool {
        self.rows.expressions().any(|expr| expr.crosses(|step| !step.relation.is_unique()))
    }

    /// Whether rows are counted off.
    pub(crate) fn is_limited(&self) -> bool {
        self.rows.is_limited()
    }
}

/// Whether a load has a statement of its own unless the plan finds a reason to join it.
fn is_apart(load: &LoadSpec) -> bool {
    match load.how.strategy {
        Some(strategy) => strategy == Strategy::SelectIn,
        None => load.relation.reach == Reach::Many || !load.spec.rows.filters.is_empty(),
    }
}

impl Edge {
    fn new(load: &LoadSpec, path: &str, place: Place, apart: bool, collections: &mut usize) -> Self {
        let relation = load.relation;
        let table = (relation.target)();
        let to_many = relation.reach == Reach::Many;
        let joined = match load.how.strategy {
            Some(strategy) => strategy == Strategy::Joined,
            // To-one below a to-many: only where that saves a round trip.
            None => !is_apart(load) && (place.at_root || !apart),
        };
        // Two collections side by side would multiply each other; one inside the other does not.
        let joined = joined && (!to_many || *collections == place.inside) && !load.how.is_paged();
        let joined = joined && !(place.single && (to_many || !relation.is_unique()));
        let one_row = place.one_row && (!to_many || load.spec.rows.limit.is_some_and(|limit| limit <= 1));
        let at_root = place.at_root && !to_many;
        let path = format!("{path}.{}", relation.name);
        let ordered;
        let spec = if load.spec.rows.order.is_empty() && !relation.order.is_empty() {
            ordered = with_order_of(relation, &load.spec);
            &ordered
        } else {
            &load.spec
        };
        let database = relation.compares_in_database();
        let ordinals = !joined && (database || spec.rows.is_limited() || load.how.is_paged());
        let lead = Lead { relation, joined, ordinals };
        let below = match joined {
            true => Place { one_row, at_root, inside: place.inside + usize::from(to_many), single: place.single },
            false => Place { one_row, at_root: false, inside: 0, single: false },
        };
        let mut own = 0;
        *collections += usize::from(joined && to_many);
        let mut level = Level::new(spec, table, path, Some(lead), below, if joined { collections } else { &mut own });
        if load.how.is_paged() {
            level.page();
        }
        let one_key = place.one_row && !load.how.is_paged();
        Edge {
            relation,
            slot: load.slot,
            strategy: if joined { Strategy::Joined } else { Strategy::SelectIn },
            one_key,
            ordinals,
            // One parent's rows need no window to be counted off; the window of a join would part rows by the children's
            // comparison of keys, which may be another than the join's.
            window: load.how.window
                && level.is_limited()
                && !load.how.is_paged()
                && if joined { !database } else { !one_key },
            promised: load.how.promised,
            through: load.how.through.clone(),
            after: load.how.after.clone(),
            parents: Vec::new(),
            level,
        }
    }

    /// Whether it is part of its parent's statement.
    pub(crate) fn is_joined(&self) -> bool {
        self.strategy == Strategy::Joined
    }

    /// Whether a parent may be given the same row twice.
    pub(crate) fn repeats(&self) -> bool {
        self.relation.repeats()
    }
}

/// The load with the order that is part of its relation.
fn with_order_of(relation: &RelationDef, spec: &Spec) -> Spec {
    let mut spec = spec.clone();
    for by in relation.order {
        let mut term = OrderTerm::column(by.column);
        term.descending = by.descending;
        spec.rows.order.push(term);
    }
    spec
}

/// Whether the query can give one row at most: it asks for the whole key, or for one row.
fn one_row(rows: &Rows, table: &Table) -> bool {
    let mut fixed = Vec::new();
    rows.filters.iter().for_each(|filter| fixed_columns(filter, &mut fixed));
    rows.limit.is_some_and(|limit| limit <= 1) || table.key.iter().all(|&at| fixed.contains(&table.columns[at].name))
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
