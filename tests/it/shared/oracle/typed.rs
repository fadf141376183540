//! From a tree to the crate's query, and to what runs it.

use std::future::Future;
use std::pin::Pin;
use std::rc::Rc;

use deadpool_postgres::Pool;
use relata::entity::{Many, Reach, Relation, Through};
use relata::expr::{Rel, Root};
use relata::prelude::*;
use relata::query::Load as Loads;
use relata::sql::Statements;
use relata::{Error, Order, Plan, Query, Shape};
use serde::Serialize;
use serde_json::Value;

use super::asked::{Filter, Load, Sort, Tree};
use crate::support::twins::Strategy;

/// A query whose type is forgotten.
pub trait Runs {
    fn plan(&self) -> Plan;
    fn to_sql(&self) -> Statements;
    fn all<'a>(&'a self, pool: &'a Pool) -> Answer<'a, Value>;
    fn count<'a>(&'a self, pool: &'a Pool) -> Answer<'a, u64>;
    fn exists<'a>(&'a self, pool: &'a Pool) -> Answer<'a, bool>;
}

pub type Answer<'a, T> = Pin<Box<dyn Future<Output = Result<T, Error>> + 'a>>;

impl<T: Shape + Serialize> Runs for Query<T> {
    fn plan(&self) -> Plan {
        self.plan()
    }

    fn to_sql(&self) -> Statements {
        self.to_sql()
    }

    fn all<'a>(&'a self, pool: &'a Pool) -> Answer<'a, Value> {
        Box::pin(async move { Ok(serde_json::to_value(self.all(pool).await?).unwrap()) })
    }

    fn count<'a>(&'a self, pool: &'a Pool) -> Answer<'a, u64> {
        Box::pin(self.count(pool))
    }

    fn exists<'a>(&'a self, pool: &'a Pool) -> Answer<'a, bool> {
        Box::pin(self.exists(pool))
    }
}

fn predicate<E: 'static>(filter: Option<&Filter>) -> Predicate<E> {
    filter.map_or_else(Predicate::always, |filter| filter.predicate.downcast_ref::<Predicate<E>>().unwrap().clone())
}

fn order<E: 'static>(sort: &Sort) -> Order<E> {
    Rc::clone(&sort.order).downcast::<Order<E>>().unwrap().as_ref().clone()
}

/// The query of the root's rows, without its loads.
pub fn root<E: Entity>(tree: &Tree) -> Query<E> {
    let mut query = match &tree.find {
        Some(find) => find.query.downcast_ref::<Query<E>>().unwrap().clone(),
        None => E::query(),
    };
    if tree.rows.filter.is_some() {
        query = query.filter(predicate(tree.rows.filter.as_ref()));
    }
    for sort in &tree.rows.order {
        query = query.order_by(order(sort));
    }
    if let Some(limit) = tree.rows.limit {
        query = query.limit(limit);
    }
    if let Some(offset) = tree.rows.offset {
        query = query.offset(offset);
    }
    query
}

/// A load below a load that may be absent.
pub fn below<'a>(load: Option<&'a Load>, name: &str) -> Option<&'a Load> {
    load.and_then(|load| load.rows.load(name))
}

/// A to-one load, with its filter.
pub fn one<R: Relation>(
    relation: Rel<Root<R::Source>, R>,
    load: Option<&Load>,
) -> Loads<R, R::Target, <R::Reach as Reach>::Filtered> {
    let loads = relation.filter(predicate(load.and_then(|load| load.rows.filter.as_ref())));
    loads.told(load)
}

/// A to-many load, with its filter, its order and its limit.
pub fn many<R: Relation<Reach = Many>>(relation: Rel<Root<R::Source>, R>, load: Option<&Load>) -> Loads<R, R::Target> {
    counted(relation.filter(Predicate::always()), load, |loads, sort| loads.order_by(order(sort)))
}

/// A many-to-many through an entity, with what is asked of the association's rows.
pub fn through<R: Relation<Reach = Many> + Through>(
    relation: Rel<Root<R::Source>, R>,
    load: Option<&Load>,
) -> Loads<R, R::Target> {
    let mut loads = relation.filter(Predicate::always());
    if let Some(filter) = load.and_then(|load| load.through.as_ref()) {
        loads = loads.filter_through(predicate(Some(filter)));
    }
    counted(
        loads,
        load,
        |loads, sort| {
            if sort.through { loads.order_by_through(order(sort)) } else { loads.order_by(order(sort)) }
        },
    )
}

fn counted<R: Relation<Reach = Many>>(
    mut loads: Loads<R, R::Target>,
    load: Option<&Load>,
    sorted: impl Fn(Loads<R, R::Target>, &Sort) -> Loads<R, R::Target>,
) -> Loads<R, R::Target> {
    let Some(load) = load else { return loads };
    if load.rows.filter.is_some() {
        loads = loads.filter(predicate(load.rows.filter.as_ref()));
    }
    for sort in &load.rows.order {
        loads = sorted(loads, sort);
    }
    if let Some(limit) = load.rows.limit {
        loads = loads.limit(limit);
    }
    if let Some(offset) = load.rows.offset {
        loads = loads.offset(offset);
    }
    if load.window {
        loads = loads.window();
    }
    loads.told(Some(load))
}

/// Tells a load the strategy of the tree, if it names one.
pub trait Told: Sized {
    fn under(self, strategy: Strategy) -> Self;

    fn told(self, load: Option<&Load>) -> Self {
        match load.and_then(|load| load.strategy) {
            Some(strategy) => self.under(strategy),
            None => self,
        }
    }
}

impl<R: Relation, T: Shape<Entity = R::Target>, K: Reach> Told for Loads<R, T, K> {
    fn under(self, strategy: Strategy) -> Self {
        match strategy {
            Strategy::SelectIn => self.select_in(),
            Strategy::Joined => self.joined(),
        }
    }
}

/// A place for a load: how it is given, its relation, and the places below it.
macro_rules! site {
    ($given:ident $relation:ident $($below:tt)*) => {
        Site { relation: &$relation, given: Given::$given, sites: &[$($below)*] }
    };
}
pub(super) use site;

/// `with_matching` where the tree says so, and `with` where it does not.
macro_rules! given {
    ($above:expr, $tree:expr, $load:expr) => {
        if $tree.is_some_and(|load| load.matching) { $above.with_matching($load) } else { $above.with($load) }
    };
}
pub(super) use given;
