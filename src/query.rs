//! Queries and loads: what to fetch, as immutable values.
//!
//! They carry their types in front and one erased specification behind. Building does no I/O and writes no SQL.

mod grouped;
mod load;
mod page;
mod raw;
mod select;
mod set;
mod view;

use std::fmt;
use std::marker::PhantomData;

use crate::entity::{Entity, If, IntoKey, KeyTuple, Put, Shape};
use crate::expr::{
    Arguments, Distinct, ErasedRows, Expr, HasRows, Item, Lockable, OfRows, Order, Plain, Predicate, Quantifier, Rows,
    Selectable, Selection, Single, Source, Step, Strength, Wait, fragment,
};
use crate::page::Cursor;
use crate::schema::{RelationDef, Table};

pub use grouped::Grouped;
pub use load::{IntoLoad, Load, Pages, ToMany};
pub use page::IntoCursor;
pub use raw::{FromColumns, from_sql};
pub use select::Select;
pub use set::Combined;
pub use view::{Described, Description, View, ViewOf};

/// What a query or a load asks for, without its types.
#[derive(Debug, Clone)]
pub(crate) struct Spec {
    pub(crate) rows: Rows,
    /// In the order of their slots.
    pub(crate) loads: Vec<LoadSpec>,
}

/// A load, without its types.
#[derive(Debug, Clone)]
pub(crate) struct LoadSpec {
    pub(crate) relation: &'static RelationDef,
    /// Where its rows go: the relation's place in an entity, the field's in a view.
    pub(crate) slot: usize,
    pub(crate) spec: Spec,
    pub(crate) how: How,
}

/// How a load is fetched, as far as it was said.
#[derive(Debug, Clone, Default)]
pub(crate) struct How {
    pub(crate) strategy: Option<Strategy>,
    /// By its type, a row is promised: without one the load is an error.
    pub(crate) promised: bool,
    /// Rows are counted off by a window function.
    pub(crate) window: bool,
    /// Conditions on the association's rows.
    pub(crate) through: Vec<Expr>,
    /// The rows of each parent are a page.
    pub(crate) paged: bool,
    /// Where the pages of some parents begin; `None` where they all begin with their first row.
    pub(crate) after: Option<Vec<Cursor>>,
}

impl How {
    /// Whether the rows of each parent are a page, or the rest after one.
    pub(crate) fn is_paged(&self) -> bool {
        self.paged || self.after.is_some()
    }
}

/// How a load is fetched.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Strategy {
    /// A statement of its own, which asks for the children of all parents by their keys.
    SelectIn,
    /// Part of the parent's statement, by a left join.
    Joined,
}

impl Spec {
    /// All rows of a table.
    fn of(table: &'static Table) -> Self {
        Spec { rows: Rows::of(table), loads: Vec::new() }
    }

    /// Keeps the rows that have a child which the load would give.
    fn matching(&mut self, load: &LoadSpec) {
        let LoadSpec { relation, spec, how, .. } = load;
        self.rows.filters.push(Expr::Quantified {
            path: vec![Step::plain(relation)],
            quantifier: Quantifier::Any,
            through: how.through.clone(),
            condition: Box::new(match spec.rows.filters.as_slice() {
                [] => Expr::Constant(true),
                filters => Expr::All(filters.to_vec()),
            }),
        });
    }

    fn load(&mut self, load: LoadSpec) {
        let at = self.loads.partition_point(|known| known.slot < load.slot);
        self.loads.insert(at, load);
    }
}

/// A query for rows of the shape `T`: an entity, or an entity with loads.
///
/// A query is a value: clone it, keep it, build it up in a loop, run it more than once. A signature names what it
/// gives: `Query<User>`, or `Query<loaded!(User { posts })>`.
#[must_use = "a query does nothing until one of its verbs is awaited"]
pub struct Query<T: Shape> {
    spec: Spec,
    shape: PhantomData<fn() -> T>,
}

/// Starts queries; every entity has it.
pub trait Queryable: Entity {
    /// A query for all rows of the entity's table.
    ///
    /// SQL: `SELECT columns FROM table`.
    fn query() -> Query<Self> {
        Query::from_spec(Spec::of(Self::TABLE))
    }

    /// A query for the row with this key: at most one. A composite key is a tuple.
    ///
    /// SQL: `SELECT columns FROM table WHERE key = $1`; a load from its one row asks with `=` instead of an array.
    fn find(key: impl IntoKey<Self::KeyColumns>) -> Query<Self> {
        let mut spec = Spec::of(Self::TABLE);
        for (&at, value) in Self::TABLE.key.iter().zip(key.into_key().into_values()) {
            spec.rows.filters.push(Expr::column_equals(&Self::TABLE.columns[at], value));
        }
        Query::from_spec(spec)
    }

    /// A query for the rows that SQL of the program's own gives: all that a query does, filters, orders, limits and loads,
    /// is done with them. The text gives the entity's columns by their names, `SELECT *` or more than them; each `{}` in it
    /// stands for one argument, which is a value.
    ///
    /// Another number of arguments than of gaps is [`InvalidQuery`](crate::ErrorKind::InvalidQuery) when the query runs.
    ///
    /// SQL: `SELECT columns FROM (text) AS t0`.
    fn from_sql(text: &'static str, arguments: impl Arguments<Self>) -> Query<Self> {
        let (texts, gaps) = fragment(text, arguments);
        let mut spec = Spec::of(Self::TABLE);
        spec.rows.source = Source::Raw { texts, gaps };
        Query::from_spec(spec)
    }
}

impl<E: Entity> Queryable for E {}

impl<T: Shape> Query<T> {
    fn from_spec(spec: Spec) -> Self {
        Query { spec, shape: PhantomData }
    }

    pub(crate) fn spec(&self) -> &Spec {
        &self.spec
    }

    /// The same query with at most so many rows.
    pub(crate) fn at_most(&self, rows: u64) -> Self {
        let mut query = self.clone();
        query.spec.rows.at_most(rows);
        query
    }

    /// Keeps the rows that meet the condition; a second filter narrows the first.
    ///
    /// SQL: `WHERE first AND second`.
    pub fn filter<K: OfRows>(mut self, condition: Predicate<T::Entity, K>) -> Self {
        self.spec.rows.filter(condition.into_expr());
        self
    }

    /// Sorts the rows; a second order breaks the ties of the first.
    ///
    /// Without an order the rows come as the database gives them, except where `limit`, `offset` or `first` need
    /// one: then the key orders them, or completes the order given.
    pub fn order_by<K: OfRows>(mut self, order: Order<T::Entity, K>) -> Self {
        self.spec.rows.order.push(order.into_term());
        self
    }

    /// At most so many rows. Loads neither count nor lose rows. The last limit holds.
    pub fn limit(mut self, rows: u64) -> Self {
        self.spec.rows.limit = Some(rows);
        self
    }

    /// Leaves out the first rows.
    pub fn offset(mut self, rows: u64) -> Self {
        self.spec.rows.offset = Some(rows);
        self
    }

    /// Keeps the rows that come after this place in the query's order, which the key completes: the next page. With `None`
    /// it is the first. [`page`](Self::page) gives the rows and the cursor of the next one.
    ///
    /// An offset is the first page's: after a cursor there is none, and a query that has one can be walked over as it is.
    ///
    /// A cursor of a query with another order is [`InvalidCursor`](crate::ErrorKind::InvalidCursor) when the query runs;
    /// other filters are no obstacle.
    ///
    /// SQL: `WHERE (first, second, key) > ($1, $2, $3)` where all columns have one direction and none can be NULL, else the
    /// same written out.
    pub fn after(mut self, cursor: impl IntoCursor) -> Self {
        self.spec.rows.after = cursor.into_cursor();
        self
    }

    /// Gives equal rows once. A row with its key is equal to no other, so this is for views, for raw queries, and for
    /// tables whose declared key is not one.
    ///
    /// SQL: `SELECT DISTINCT`.
    pub fn distinct(mut self) -> Self {
        self.spec.rows.distinct = Distinct::All;
        self
    }

    /// Of the rows that have these in common, gives the first one by the query's order, which has to begin with them: else
    /// running the query is [`InvalidQuery`](crate::ErrorKind::InvalidQuery).
    ///
    /// SQL: `SELECT DISTINCT ON (columns)`.
    pub fn distinct_on<X: Selectable<T::Entity>>(mut self, columns: X) -> Self
    where
        X::Kind: OfRows,
        X::Paths: Single<()>,
    {
        self.spec.rows.distinct = Distinct::On(expressions(columns));
        self
    }

    /// Selects this of each row instead of the row itself: a column, an expression, an entity that a path leads to, or a
    /// tuple of such, of up to twelve items; a tuple can be an item, too. Loads are left out.
    ///
    /// Filters, orders and limits can come before it or after it. A limit counts what is selected, so one that comes before an
    /// aggregate, `group_by` or `each()` is [`InvalidQuery`](crate::ErrorKind::InvalidQuery) when the query runs.
    ///
    /// SQL: `SELECT items FROM …`.
    pub fn select<X: Selectable<T::Entity>>(self, items: X) -> Select<T::Entity, X>
    where
        X::Kind: Plain,
        X::Paths: Single<()>,
    {
        Select::new(self.spec.rows, items)
    }

    /// Makes groups of the rows that have these in common: a column, an expression, or a tuple of such. Loads are left out.
    ///
    /// SQL: `GROUP BY columns`.
    pub fn group_by<X: Selectable<T::Entity>>(self, columns: X) -> Grouped<T::Entity>
    where
        X::Kind: OfRows,
        X::Paths: Single<()>,
    {
        Grouped::new(self.spec.rows, expressions(columns))
    }

    /// Gives each row as a view of the entity. Loads are left out: a view has its own.
    pub fn view<V: ViewOf<T::Entity>>(self) -> Query<V> {
        let mut spec = Spec { rows: self.spec.rows, loads: Vec::new() };
        view::describe::<V>(&mut spec);
        Query::from_spec(spec)
    }

    /// Locks the rows of the entity's own table until the transaction ends, as an update would; [`of`](Self::of) names
    /// others. Those of loads are not locked, and `count` and `exists` lock nothing; rows that an offset leaves out are
    /// locked, too. Without a transaction the lock is gone with the statement.
    ///
    /// SQL: `FOR UPDATE OF t0`.
    pub fn for_update(self) -> Self {
        self.lock(Strength::Update)
    }

    /// As [`for_update`](Self::for_update), but foreign keys may refer to the rows meanwhile.
    ///
    /// SQL: `FOR NO KEY UPDATE OF t0`.
    pub fn for_no_key_update(self) -> Self {
        self.lock(Strength::NoKeyUpdate)
    }

    /// As [`for_update`](Self::for_update), against changes only. SQL: `FOR SHARE OF t0`.
    pub fn for_share(self) -> Self {
        self.lock(Strength::Share)
    }

    /// As [`for_update`](Self::for_update), against changes of the key only. SQL: `FOR KEY SHARE OF t0`.
    pub fn for_key_share(self) -> Self {
        self.lock(Strength::KeyShare)
    }

    fn lock(mut self, strength: Strength) -> Self {
        self.spec.rows.lock.get_or_insert_default().strength = Some(strength);
        self
    }

    /// Locks the rows of this table, and not those of the entity's own: of the one that a path leads to, `Order.customer`,
    /// or of the entity, `Order`, beside another one. Said again, it locks those of both.
    ///
    /// Rows that a promised relation leads to can be locked, and those of `each()` that are selected. It goes with a lock, as
    /// [`skip_locked`](Self::skip_locked). A row whose promise is broken is not found: there is nothing to lock.
    ///
    /// SQL: `INNER JOIN customers AS t1 ON … FOR UPDATE OF t1`.
    pub fn of<X: Selectable<T::Entity>>(mut self, table: X) -> Self
    where
        X::Out: Lockable,
        X::Paths: Single<()>,
    {
        let mut selection = Selection::default();
        table.items(&mut selection);
        let of = selection.0.into_iter().filter_map(|item| match item {
            Item::Entity(path, _) => Some(path),
            Item::Expr(_) | Item::Columns(_) => None,
        });
        self.spec.rows.lock.get_or_insert_default().of.extend(of);
        self
    }

    /// Leaves out the rows that another transaction has locked. It goes with a lock: alone, running the query is
    /// [`InvalidQuery`](crate::ErrorKind::InvalidQuery).
    ///
    /// SQL: `SKIP LOCKED`.
    pub fn skip_locked(self) -> Self {
        self.wait(Wait::Skip)
    }

    /// Fails at a row that another transaction has locked, instead of waiting for it. It goes with a lock, as
    /// [`skip_locked`](Self::skip_locked).
    ///
    /// SQL: `NOWAIT`.
    pub fn no_wait(self) -> Self {
        self.wait(Wait::Fail)
    }

    fn wait(mut self, wait: Wait) -> Self {
        self.spec.rows.lock.get_or_insert_default().wait = wait;
        self
    }

    /// Loads a relation with the rows: the relation itself, as `User.posts`, or a load made from it.
    ///
    /// Loads add statements, never rows; the order in which they are given makes no difference.
    pub fn with<X>(mut self, load: X) -> Query<<X::Relation as Put<T, X::Value>>::Out>
    where
        X: IntoLoad<T::Entity>,
        X::Relation: Put<T, X::Value>,
    {
        self.spec.load(load.erased().0);
        Query::from_spec(self.spec)
    }

    /// Keeps the rows that have a child which meets the load's condition, and loads those children with them: the
    /// condition is written once.
    ///
    /// It is `filter(relation.any(condition))` and [`with`](Self::with); the load's limit, order and own loads play no
    /// part in which rows are kept.
    pub fn with_matching<X>(mut self, load: X) -> Query<<X::Relation as Put<T, X::Value>>::Out>
    where
        X: IntoLoad<T::Entity>,
        X::Relation: Put<T, X::Value>,
    {
        let load = load.erased().0;
        self.spec.matching(&load);
        self.spec.load(load);
        Query::from_spec(self.spec)
    }

    /// Loads a relation if the condition holds, and reads as an `Option`: `None` if it did not.
    pub fn with_if<X>(mut self, condition: bool, load: X) -> Query<<X::Relation as Put<T, If<X::Value>>>::Out>
    where
        X: IntoLoad<T::Entity>,
        X::Relation: Put<T, If<X::Value>>,
    {
        if condition {
            self.spec.load(load.erased().0);
        }
        Query::from_spec(self.spec)
    }
}

impl<T: Shape> Clone for Query<T> {
    fn clone(&self) -> Self {
        Query::from_spec(self.spec.clone())
    }
}

impl<T: Shape> fmt::Debug for Query<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Query").field("entity", &T::Entity::TABLE.entity).field("spec", &self.spec).finish()
    }
}

impl<T: Shape> HasRows for Query<T> {
    fn erased_rows(self) -> ErasedRows {
        ErasedRows(self.spec.rows)
    }
}

/// What was selected, as expressions: an entity's columns for an entity.
fn expressions<E>(items: impl Selectable<E>) -> Vec<Expr> {
    let mut selection = Selection::default();
    items.items(&mut selection);
    selection.0.into_iter().flat_map(crate::expr::Item::into_expressions).collect()
}
