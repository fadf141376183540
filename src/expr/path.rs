//! Paths: an entity, then relations, as a type.
//!
//! A path is a type and no value: it costs nothing until it is written into an expression.

use std::fmt;
use std::marker::PhantomData;
use std::ops::Deref;

use super::{Expr, Predicate, Quantifier};
use crate::entity::{Entity, Fields, NotNull, Nulls, Reach, Relation, SingleValued};
use crate::schema::RelationDef;

/// The path of no step: the entity itself.
#[derive(Debug)]
pub struct Root<E>(PhantomData<fn() -> E>);

/// A path: [`Root<E>`](Root), or a pair of a relation and the path before it.
pub trait Path: 'static {
    /// The entity that it starts from.
    type Root: Entity;
    /// Whether a step may lead to no row.
    type Nulls: Nulls;
    /// Appends the steps, the first one first.
    #[doc(hidden)]
    fn steps(out: &mut Vec<&'static RelationDef>);
}

impl<E: Entity> Path for Root<E> {
    type Root = E;
    type Nulls = NotNull;

    fn steps(_: &mut Vec<&'static RelationDef>) {}
}

impl<R: Relation, P: Path> Path for (R, P) {
    type Root = P::Root;
    type Nulls = <R::Reach as Reach>::After<P::Nulls>;

    fn steps(out: &mut Vec<&'static RelationDef>) {
        P::steps(out);
        out.push(R::DEF);
    }
}

/// A path that leads to at most one row. (`M` only lets the compiler say so at the right place.)
#[doc(hidden)]
#[diagnostic::on_unimplemented(
    message = "this path crosses a to-many relation, so it has many values for one row",
    label = "many values",
    note = "say which of them count: `.any(…)`, `.none(…)` or `.every(…)` on the relation"
)]
pub trait Single<M> {}

#[diagnostic::do_not_recommend]
impl<E, M> Single<M> for Root<E> {}
#[diagnostic::do_not_recommend]
impl<R: Relation, P: Single<M>, M> Single<M> for (R, P) where R::Reach: SingleValued {}

/// A relation at the end of the path `P`: a field of the entity's constant, as in `User.posts`.
///
/// Its own fields are its target's: `Post.author.name` is a column across a join.
/// On a relation of the entity itself (not further down a path) the methods of a load are available:
/// [`filter`](Self::filter), [`order_by`](Self::order_by), [`with`](Self::with).
pub struct Rel<P, R>(PhantomData<fn() -> (P, R)>);

impl<P, R> Rel<P, R> {
    #[doc(hidden)]
    pub const NEW: Self = Rel(PhantomData);
}

impl<P, R> Clone for Rel<P, R> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<P, R> Copy for Rel<P, R> {}

impl<P: Path, R: Relation> fmt::Debug for Rel<P, R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(<P::Root as Entity>::TABLE.entity)?;
        let mut path = Vec::new();
        <(R, P)>::steps(&mut path);
        path.iter().try_for_each(|step| write!(f, ".{}", step.name))
    }
}

impl<P: 'static, R: Relation> Deref for Rel<P, R> {
    type Target = <R::Target as Entity>::Fields<(R, P)>;

    fn deref(&self) -> &Self::Target {
        Fields::REF
    }
}

impl<P: Path, R: Relation> Rel<P, R> {
    /// At least one row at the end of this path meets the condition.
    ///
    /// SQL: `EXISTS (SELECT 1 FROM … WHERE … AND (condition))`.
    pub fn any(self, condition: Predicate<R::Target>) -> Predicate<P::Root> {
        self.quantified(Quantifier::Any, condition)
    }

    /// No row at the end of this path meets the condition; so also where there is no row.
    ///
    /// SQL: `NOT EXISTS (SELECT 1 FROM … WHERE … AND (condition))`.
    pub fn none(self, condition: Predicate<R::Target>) -> Predicate<P::Root> {
        self.quantified(Quantifier::None, condition)
    }

    /// Every row at the end of this path meets the condition; so also where there is no row. A condition that is
    /// NULL for a row is not met by it.
    ///
    /// SQL: `NOT EXISTS (SELECT 1 FROM … WHERE … AND (condition) IS NOT TRUE)`.
    pub fn every(self, condition: Predicate<R::Target>) -> Predicate<P::Root> {
        self.quantified(Quantifier::Every, condition)
    }

    fn quantified(self, quantifier: Quantifier, condition: Predicate<R::Target>) -> Predicate<P::Root> {
        let mut path = Vec::new();
        <(R, P)>::steps(&mut path);
        let condition = Box::new(condition.into_expr());
        Predicate::new(Expr::Quantified { path, quantifier, through: Vec::new(), condition })
    }
}
