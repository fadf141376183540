//! Paths: an entity, then relations, as a type.
//!
//! A path is a type and no value: it costs nothing until it is written into an expression.

use std::fmt;
use std::marker::PhantomData;
use std::ops::Deref;

use super::{Expr, OfRows, Predicate, Quantifier, StepKind};
use crate::entity::{Entity, Exactly, Fields, Many, NotNull, Null, Nulls, Reach, Relation, SingleValued};

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
    fn steps(out: &mut Vec<ErasedStep>);
}

/// A step as the public traits hand it on; its content is the crate's own.
#[doc(hidden)]
#[derive(Debug, Clone, Copy)]
pub struct ErasedStep(pub(crate) super::Step);

impl<E: Entity> Path for Root<E> {
    type Root = E;
    type Nulls = NotNull;

    fn steps(_: &mut Vec<ErasedStep>) {}
}

impl<S: Step, P: Path> Path for (S, P) {
    type Root = P::Root;
    type Nulls = S::After<P::Nulls>;

    fn steps(out: &mut Vec<ErasedStep>) {
        P::steps(out);
        out.push(S::step());
    }
}

/// The steps of a path.
pub(crate) fn steps<P: Path>() -> Vec<super::Step> {
    let mut out = Vec::new();
    P::steps(&mut out);
    out.into_iter().map(|step| step.0).collect()
}

/// One step of a path: a relation, or [`Each`], [`EachOrNull`] or [`Alias`] of one.
pub trait Step: Copy + Send + Sync + 'static {
    /// The relation.
    type Relation: Relation;
    /// How many rows one row before it leads to.
    type Reach: Reach;
    /// The nullability of what is behind it.
    type After<Before: Nulls>: Nulls;
    #[doc(hidden)]
    fn step() -> ErasedStep;
}

impl<R: Relation> Step for R {
    type Relation = R;
    type Reach = R::Reach;
    type After<Before: Nulls> = <R::Reach as Reach>::After<Before>;

    fn step() -> ErasedStep {
        ErasedStep(super::Step::plain(R::DEF))
    }
}

/// A step that gives a row for each target.
#[derive(Debug)]
pub struct Each<S>(PhantomData<fn() -> S>);

/// A step that gives a row for each target, and one where there is none.
#[derive(Debug)]
pub struct EachOrNull<S>(PhantomData<fn() -> S>);

/// A step under a name of its own.
#[derive(Debug)]
pub struct Alias<S, const NAME: char>(PhantomData<fn() -> S>);

impl<S> Clone for Each<S> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<S> Copy for Each<S> {}

impl<S> Clone for EachOrNull<S> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<S> Copy for EachOrNull<S> {}

impl<S, const NAME: char> Clone for Alias<S, NAME> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<S, const NAME: char> Copy for Alias<S, NAME> {}

impl<S: Step> Step for Each<S> {
    type Relation = S::Relation;
    type Reach = Exactly;
    type After<Before: Nulls> = Before;

    fn step() -> ErasedStep {
        ErasedStep(super::Step { kind: StepKind::Each, ..S::step().0 })
    }
}

impl<S: Step> Step for EachOrNull<S> {
    type Relation = S::Relation;
    type Reach = Exactly;
    type After<Before: Nulls> = Null;

    fn step() -> ErasedStep {
        ErasedStep(super::Step { kind: StepKind::EachOrNull, ..S::step().0 })
    }
}

impl<S: Step, const NAME: char> Step for Alias<S, NAME> {
    type Relation = S::Relation;
    type Reach = S::Reach;
    type After<Before: Nulls> = S::After<Before>;

    fn step() -> ErasedStep {
        ErasedStep(super::Step { alias: Some(NAME), ..S::step().0 })
    }
}

/// A path that leads to at most one row. (`M` only lets the compiler say so at the right place.)
#[doc(hidden)]
#[diagnostic::on_unimplemented(
    message = "this path crosses a to-many relation, so it has many values for one row",
    label = "many values",
    note = "say which of them count: `.any(…)`, `.none(…)`, `.every(…)` or `.count()` on the relation; or one row for each \
            of them: `.each()`"
)]
pub trait Single<M> {}

#[diagnostic::do_not_recommend]
impl<E, M> Single<M> for Root<E> {}
/// What stands at the end of no path.
#[diagnostic::do_not_recommend]
impl<M> Single<M> for () {}
#[diagnostic::do_not_recommend]
impl<A: Single<M>, B: Single<M>, M> Single<M> for Both<A, B> {}
#[diagnostic::do_not_recommend]
impl<S: Step, P: Single<M>, M> Single<M> for (S, P) where S::Reach: SingleFor<M> {}

/// [`SingleValued`], as the compiler says it of an operator: it looks at both sides only where there could be one.
#[doc(hidden)]
pub trait SingleFor<M> {}

#[diagnostic::do_not_recommend]
impl<R: SingleValued, M> SingleFor<M> for R {}
#[diagnostic::do_not_recommend]
impl SingleFor<Nothing<true>> for Many {}
#[diagnostic::do_not_recommend]
impl SingleFor<Nothing<false>> for Many {}

/// No expression.
#[doc(hidden)]
#[derive(Debug)]
pub enum Nothing<const SO: bool> {}

/// Two paths, or more.
#[doc(hidden)]
#[derive(Debug)]
pub struct Both<A, B>(PhantomData<fn() -> (A, B)>);

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

impl<P: Path, S: Step> fmt::Debug for Rel<P, S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(<P::Root as Entity>::TABLE.entity)?;
        steps::<(S, P)>().iter().try_for_each(|step| write!(f, ".{step}"))
    }
}

impl fmt::Display for super::Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.relation.name)?;
        if let Some(name) = self.alias {
            write!(f, ".alias::<{name:?}>()")?;
        }
        f.write_str(match self.kind {
            StepKind::Plain => "",
            StepKind::Each => ".each()",
            StepKind::EachOrNull => ".each_or_null()",
        })
    }
}

impl<P: 'static, S: Step> Deref for Rel<P, S> {
    type Target = <<S::Relation as Relation>::Target as Entity>::Fields<(S, P)>;

    fn deref(&self) -> &Self::Target {
        Fields::REF
    }
}

impl<P: Path, S: Step> Rel<P, S> {
    /// One row for each row at the end of this path: what is selected behind it, and beside it, is given once for each.
    /// Rows without a target are left out.
    ///
    /// Named twice, it is one join; [`alias`](Self::alias) makes a second.
    ///
    /// SQL: `INNER JOIN target ON …`.
    pub fn each(self) -> Rel<P, Each<S>>
    where
        S::Reach: Several,
    {
        Rel::NEW
    }

    /// As [`each`](Self::each), and one row where there is no target: what is behind it is an `Option`.
    ///
    /// SQL: `LEFT JOIN target ON …`.
    pub fn each_or_null(self) -> Rel<P, EachOrNull<S>>
    where
        S::Reach: Several,
    {
        Rel::NEW
    }
}

impl<P: Path, S: Step> Rel<P, S> {
    /// The same relation, joined a second time under this name: `Order.lines.alias::<'b'>().each()`.
    ///
    /// The name is a `char` in the path's type, since a path has no value; it is not part of the SQL.
    pub fn alias<const NAME: char>(self) -> Rel<P, Alias<S, NAME>> {
        Rel::NEW
    }
}

/// The entity that a step leads to.
pub(super) type Target<S> = <<S as Step>::Relation as Relation>::Target;

impl<P: Path, S: Step> Rel<P, S> {
    /// At least one row at the end of this path meets the condition.
    ///
    /// SQL: `EXISTS (SELECT 1 FROM … WHERE … AND (condition))`.
    pub fn any<K: OfRows>(self, condition: Predicate<Target<S>, K>) -> Predicate<P::Root>
    where
        S: Whole,
    {
        self.quantified(Quantifier::Any, condition)
    }

    /// No row at the end of this path meets the condition; so also where there is no row.
    ///
    /// SQL: `NOT EXISTS (SELECT 1 FROM … WHERE … AND (condition))`.
    pub fn none<K: OfRows>(self, condition: Predicate<Target<S>, K>) -> Predicate<P::Root>
    where
        S: Whole,
    {
        self.quantified(Quantifier::None, condition)
    }

    /// Every row at the end of this path meets the condition; so also where there is no row. A condition that is
    /// NULL for a row is not met by it.
    ///
    /// SQL: `NOT EXISTS (SELECT 1 FROM … WHERE … AND (condition) IS NOT TRUE)`.
    pub fn every<K: OfRows>(self, condition: Predicate<Target<S>, K>) -> Predicate<P::Root>
    where
        S: Whole,
    {
        self.quantified(Quantifier::Every, condition)
    }

    /// There is a row at the end of this path.
    ///
    /// SQL: `EXISTS (SELECT 1 FROM … WHERE …)`.
    pub fn exists(self) -> Predicate<P::Root>
    where
        S: Whole,
    {
        self.quantified(Quantifier::Any, Predicate::<_>::always())
    }

    fn quantified<K>(self, quantifier: Quantifier, condition: Predicate<Target<S>, K>) -> Predicate<P::Root> {
        let condition = Box::new(condition.into_expr());
        Predicate::new(Expr::Quantified { path: steps::<(S, P)>(), quantifier, through: Vec::new(), condition })
    }

    /// There is no row at the end of this path, which promises none.
    ///
    /// SQL: `NOT EXISTS (SELECT 1 FROM … WHERE …)`.
    pub fn is_absent(self) -> Predicate<P::Root>
    where
        S: Whole,
        S::Reach: Optional,
    {
        self.quantified(Quantifier::None, Predicate::<_>::always())
    }
}

/// A relation of which no `each()` has made single rows.
#[doc(hidden)]
#[diagnostic::on_unimplemented(
    message = "this asks for all rows of a relation, of which `each()` has made single ones",
    label = "a single row already",
    note = "without `each()` it is of all of them, `User.posts.count()`; with it their columns are the row's, \
            `User.posts.each().title.eq(…)`"
)]
pub trait Whole: Step {}

#[diagnostic::do_not_recommend]
impl<R: Relation> Whole for R {}
#[diagnostic::do_not_recommend]
impl<S: Whole, const N: char> Whole for Alias<S, N> {}

/// A relation that leads to any number of rows, and of which no `each()` has made single ones.
#[doc(hidden)]
#[diagnostic::on_unimplemented(
    message = "`each()` is of relations to many, and this one leads to one row at most",
    label = "one row at most, as it is",
    note = "columns behind it are named without more: `Post.author.name`; they are an `Option` where there may be no row"
)]
pub trait Several {}

#[diagnostic::do_not_recommend]
impl Several for Many {}

/// A relation that leads to one row or none.
#[diagnostic::on_unimplemented(
    message = "only a relation to one row or none can be absent",
    label = "this relation promises a row, or leads to many",
    note = "a relation to many has no row where `.none(Predicate::always())`; one that promises a row has it, unless it is \
            declared with `Option`: `#[belongs_to(author: Option<User>, by = user_id)]`"
)]
pub trait Optional {}

#[diagnostic::do_not_recommend]
impl Optional for crate::entity::MaybeOne {}
