//! Loads: a relation, with its filter, its order and its own loads.
//!
//! A load is made from a relation of the entity it belongs to; which strategy fetches it is the plan's business.

use std::fmt;
use std::marker::PhantomData;

use super::{LoadSpec, Spec};
use crate::entity::{Entity, If, Many, Put, Reach, Relation, Shape};
use crate::expr::{Order, Predicate, Rel, Root};

/// A request for relation `R` in the shape `T`, with the reach `K`.
#[must_use = "a load does nothing until it is given to `with`"]
pub struct Load<R: Relation, T, K = <R as Relation>::Reach> {
    spec: Spec,
    types: PhantomData<fn() -> (R, T, K)>,
}

/// A load as [`IntoLoad`] hands it on; its content is the crate's own.
#[doc(hidden)]
#[derive(Debug)]
pub struct ErasedLoad(pub(super) LoadSpec);

/// What can be loaded with the entity `E`: one of its relations, or a load of one.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a relation of `{E}`, nor a load of one",
    label = "does not start from `{E}`",
    note = "a load starts from the entity that it is given to: `.with({E}.relation)`; a relation further down is \
            loaded by the load above it: `.with({E}.first.with(Target.second))`"
)]
pub trait IntoLoad<E> {
    /// The relation.
    type Relation: Relation<Source = E>;
    /// What it gives for one row of `E`.
    type Value;
    #[doc(hidden)]
    fn erased(self) -> ErasedLoad;
}

#[diagnostic::do_not_recommend]
impl<E: Entity, R: Relation<Source = E>> IntoLoad<E> for Rel<Root<E>, R> {
    type Relation = R;
    type Value = <R::Reach as Reach>::Of<R::Target>;

    fn erased(self) -> ErasedLoad {
        ErasedLoad(LoadSpec { relation: R::DEF, spec: Spec::default() })
    }
}

#[diagnostic::do_not_recommend]
impl<E: Entity, R: Relation<Source = E>, T: Shape<Entity = R::Target>, K: Reach> IntoLoad<E> for Load<R, T, K> {
    type Relation = R;
    type Value = K::Of<T>;

    fn erased(self) -> ErasedLoad {
        ErasedLoad(LoadSpec { relation: R::DEF, spec: self.spec })
    }
}

/// A reach that gives several rows, so that an order of them has a meaning.
#[diagnostic::on_unimplemented(
    message = "this relation leads to at most one row, so its load has no order",
    label = "at most one row"
)]
pub trait ToMany {}

#[diagnostic::do_not_recommend]
impl ToMany for Many {}

impl<E: Entity, R: Relation<Source = E>> Rel<Root<E>, R> {
    fn load(self) -> Load<R, R::Target> {
        Load::from_spec(Spec::default())
    }

    /// Loads only the rows that meet the condition. A to-one relation then reads as an `Option`.
    pub fn filter(self, condition: Predicate<R::Target>) -> Load<R, R::Target, <R::Reach as Reach>::Filtered> {
        self.load().filter(condition)
    }

    /// Sorts the rows of each parent.
    pub fn order_by(self, order: Order<R::Target>) -> Load<R, R::Target>
    where
        R::Reach: ToMany,
    {
        self.load().order_by(order)
    }

    /// Loads a relation of the target with it.
    pub fn with<X>(self, load: X) -> Load<R, <X::Relation as Put<R::Target, X::Value>>::Out>
    where
        X: IntoLoad<R::Target>,
        X::Relation: Put<R::Target, X::Value>,
    {
        self.load().with(load)
    }

    /// Loads a relation of the target with it if the condition holds, and reads as an `Option`.
    pub fn with_if<X>(self, condition: bool, load: X) -> Load<R, <X::Relation as Put<R::Target, If<X::Value>>>::Out>
    where
        X: IntoLoad<R::Target>,
        X::Relation: Put<R::Target, If<X::Value>>,
    {
        self.load().with_if(condition, load)
    }
}

impl<R: Relation, T, K> Load<R, T, K> {
    fn from_spec(spec: Spec) -> Self {
        Load { spec, types: PhantomData }
    }
}

impl<R: Relation, T: Shape<Entity = R::Target>, K: Reach> Load<R, T, K> {
    /// Loads only the rows that meet the condition; a second filter narrows the first. A to-one relation then reads
    /// as an `Option`.
    pub fn filter(mut self, condition: Predicate<R::Target>) -> Load<R, T, K::Filtered> {
        self.spec.filter(condition.into_expr());
        Load::from_spec(self.spec)
    }

    /// Sorts the rows of each parent; a second order breaks the ties of the first.
    pub fn order_by(mut self, order: Order<R::Target>) -> Self
    where
        K: ToMany,
    {
        self.spec.order.push(order.into_term());
        self
    }

    /// Loads a relation of the target with it.
    pub fn with<X>(mut self, load: X) -> Load<R, <X::Relation as Put<T, X::Value>>::Out, K>
    where
        X: IntoLoad<R::Target>,
        X::Relation: Put<T, X::Value>,
    {
        self.spec.load(load.erased().0);
        Load::from_spec(self.spec)
    }

    /// Loads a relation of the target with it if the condition holds, and reads as an `Option`.
    pub fn with_if<X>(mut self, condition: bool, load: X) -> Load<R, <X::Relation as Put<T, If<X::Value>>>::Out, K>
    where
        X: IntoLoad<R::Target>,
        X::Relation: Put<T, If<X::Value>>,
    {
        if condition {
            self.spec.load(load.erased().0);
        }
        Load::from_spec(self.spec)
    }
}

impl<R: Relation, T, K> Clone for Load<R, T, K> {
    fn clone(&self) -> Self {
        Load::from_spec(self.spec.clone())
    }
}

impl<R: Relation, T, K> fmt::Debug for Load<R, T, K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Load").field("relation", &R::DEF.name).field("spec", &self.spec).finish()
    }
}
