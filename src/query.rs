//! Queries and loads: what to fetch, as immutable values.
//!
//! They carry their types in front and one erased specification behind. Building does no I/O and writes no SQL.

mod load;

use std::fmt;
use std::marker::PhantomData;

use crate::entity::{Entity, If, IntoKey, KeyTuple, Put, Shape};
use crate::expr::{Expr, Order, OrderTerm, Predicate, Quantifier};
use crate::schema::RelationDef;

pub use load::{IntoLoad, Load, ToMany};

/// What a query or a load asks for, without its types.
#[derive(Debug, Clone, Default)]
pub(crate) struct Spec {
    pub(crate) filters: Vec<Expr>,
    pub(crate) order: Vec<OrderTerm>,
    pub(crate) limit: Option<u64>,
    pub(crate) offset: Option<u64>,
    /// In the order of the relations' declaration.
    pub(crate) loads: Vec<LoadSpec>,
}

/// A load, without its types.
#[derive(Debug, Clone)]
pub(crate) struct LoadSpec {
    pub(crate) relation: &'static RelationDef,
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
    fn filter(&mut self, condition: Expr) {
        match condition {
            Expr::Constant(true) => {}
            Expr::All(all) => self.filters.extend(all),
            one => self.filters.push(one),
        }
    }

    /// Keeps the rows that have a child which the load would give.
    fn matching(&mut self, load: &LoadSpec) {
        let LoadSpec { relation, spec, how } = load;
        self.filters.push(Expr::Quantified {
            path: vec![relation],
            quantifier: Quantifier::Any,
            through: how.through.clone(),
            condition: Box::new(match spec.filters.as_slice() {
                [] => Expr::Constant(true),
                filters => Expr::All(filters.to_vec()),
            }),
        });
    }

    fn load(&mut self, load: LoadSpec) {
        let at = self.loads.partition_point(|known| known.relation.index < load.relation.index);
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
        Query::from_spec(Spec::default())
    }

    /// A query for the row with this key: at most one. A composite key is a tuple.
    ///
    /// SQL: `SELECT columns FROM table WHERE key = $1`; a load from its one row asks with `=` instead of an array.
    fn find(key: impl IntoKey<Self::KeyColumns>) -> Query<Self> {
        let mut spec = Spec::default();
        for (&at, value) in Self::TABLE.key.iter().zip(key.into_key().into_values()) {
            spec.filters.push(Expr::column_equals(&Self::TABLE.columns[at], value));
        }
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
        query.spec.limit = Some(query.spec.limit.map_or(rows, |limit| limit.min(rows)));
        query
    }

    /// Keeps the rows that meet the condition; a second filter narrows the first.
    ///
    /// SQL: `WHERE first AND second`.
    pub fn filter(mut self, condition: Predicate<T::Entity>) -> Self {
        self.spec.filter(condition.into_expr());
        self
    }

    /// Sorts the rows; a second order breaks the ties of the first.
    ///
    /// Without an order the rows come as the database gives them, except where `limit`, `offset` or `first` need
    /// one: then the key orders them, or completes the order given.
    pub fn order_by(mut self, order: Order<T::Entity>) -> Self {
        self.spec.order.push(order.into_term());
        self
    }

    /// At most so many rows. Loads neither count nor lose rows. The last limit holds.
    pub fn limit(mut self, rows: u64) -> Self {
        self.spec.limit = Some(rows);
        self
    }

    /// Leaves out the first rows.
    pub fn offset(mut self, rows: u64) -> Self {
        self.spec.offset = Some(rows);
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
