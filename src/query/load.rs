//! Loads: a relation, with its filter, its order and its own loads.
//!
//! A load is made from a relation of the entity it belongs to. Which strategy fetches it is the plan's business, where
//! the load does not say.

mod relation;

use std::collections::HashSet;
use std::fmt;
use std::marker::PhantomData;

use super::{How, LoadSpec, Spec, Strategy, ViewOf};
use crate::entity::{Entity, If, Many, Put, Reach, Relation, Shape, Through};
use crate::expr::{Expr, Order, Predicate, Rel, Root};
use crate::page::{Cursor, Page};
use crate::schema;

/// A request for relation `R` in the shape `T`, with the reach `K`.
#[must_use = "a load does nothing until it is given to `with`"]
pub struct Load<R: Relation, T, K = <R as Relation>::Reach> {
    spec: Spec,
    how: How,
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
        let how = How { promised: is_promised::<R::Reach>(), ..How::default() };
        ErasedLoad(LoadSpec { relation: R::DEF, slot: R::DEF.index, spec: Spec::of((R::DEF.target)()), how })
    }
}

#[diagnostic::do_not_recommend]
impl<E: Entity, R: Relation<Source = E>, T: Shape<Entity = R::Target>, K: Reach> IntoLoad<E> for Load<R, T, K> {
    type Relation = R;
    type Value = K::Of<T>;

    fn erased(self) -> ErasedLoad {
        let how = How { promised: is_promised::<K>(), ..self.how };
        ErasedLoad(LoadSpec { relation: R::DEF, slot: R::DEF.index, spec: self.spec, how })
    }
}

fn is_promised<K: Reach>() -> bool {
    K::REACH == schema::Reach::One
}

/// A reach that gives several rows, so that an order or a limit of them has a meaning.
#[diagnostic::on_unimplemented(
    message = "this relation leads to at most one row, so its load has no order and no limit",
    label = "at most one row"
)]
pub trait ToMany {}

#[diagnostic::do_not_recommend]
impl ToMany for Many {}
#[diagnostic::do_not_recommend]
impl ToMany for Pages {}

/// Any number of rows, a page of them at a time.
#[derive(Debug, Clone, Copy)]
pub struct Pages(());

impl Reach for Pages {
    type Of<T: Shape> = Page<T>;
    type Filtered = Pages;
    type After<Before: crate::entity::Nulls> = crate::entity::Null;
    const REACH: schema::Reach = schema::Reach::Many;
}

impl<R: Relation, T, K> Load<R, T, K> {
    fn new(spec: Spec, how: How) -> Self {
        Load { spec, how, types: PhantomData }
    }
}

impl<R: Relation, T: Shape<Entity = R::Target>, K: Reach> Load<R, T, K> {
    /// Loads only the rows that meet the condition; a second filter narrows the first. A to-one relation then reads
    /// as an `Option`.
    pub fn filter(mut self, condition: Predicate<R::Target>) -> Load<R, T, K::Filtered> {
        self.spec.rows.filter(condition.into_expr());
        Load::new(self.spec, self.how)
    }

    /// Loads only the rows that are reached by a row of the association table which meets the condition.
    pub fn filter_through(mut self, condition: Predicate<R::Association>) -> Self
    where
        R: Through,
    {
        self.how.through.push(condition.into_expr());
        self
    }

    /// Sorts the rows of each parent; a second order breaks the ties of the first. An order that is part of the
    /// relation holds only where its load asks for none.
    pub fn order_by(mut self, order: Order<R::Target>) -> Self
    where
        K: ToMany,
    {
        self.spec.rows.order.push(order.into_term());
        self
    }

    /// Sorts the rows of each parent by the association's row that reaches them; by the first one, where there are
    /// several.
    pub fn order_by_through(mut self, order: Order<R::Association>) -> Self
    where
        R: Through,
        K: ToMany,
    {
        let mut term = order.into_term();
        term.by = Expr::Through(Box::new(term.by));
        self.spec.rows.order.push(term);
        self
    }

    /// At most so many rows for each parent, the first by the load's order, which the key completes. The last limit
    /// holds.
    ///
    /// SQL: `FROM keys CROSS JOIN LATERAL (SELECT … WHERE key = keys.key ORDER BY … LIMIT n)`. It wants an index that
    /// begins with the relation's key columns; without one, and on a large table that was never analyzed, see
    /// [`window`](Self::window).
    pub fn limit(mut self, rows: u64) -> Self
    where
        K: ToMany,
    {
        self.spec.rows.limit = Some(rows);
        self
    }

    /// Leaves out the first rows of each parent.
    pub fn offset(mut self, rows: u64) -> Self
    where
        K: ToMany,
    {
        self.spec.rows.offset = Some(rows);
        self
    }

    /// The first rows of each parent as a page: it reads as [`&Page<T>`](Page), which has the cursor of the next one. It is
    /// fetched by a statement of its own, for all parents at once, whatever strategy was asked for.
    ///
    /// SQL: as [`limit`](Self::limit), with one row more, which tells whether there is a next page.
    pub fn first(mut self, rows: u64) -> Load<R, T, Pages>
    where
        K: ToMany,
    {
        self.spec.rows.limit = Some(rows);
        self.how.paged = true;
        Load::new(self.spec, self.how)
    }

    /// The pages of these parents begin after these places; those of parents without a cursor with their first row. A
    /// cursor comes from a page of the same relation in the same order, and knows its parent.
    ///
    /// SQL: the cursors are arrays, one parameter a column, joined to the parents' keys.
    pub fn after(mut self, cursors: impl IntoIterator<Item = Cursor>) -> Self
    where
        K: ToMany,
    {
        // Parents that share a key have one page, and one cursor.
        let mut known = HashSet::new();
        self.how.after = Some(cursors.into_iter().filter(|cursor| known.insert(cursor.clone())).collect());
        self
    }

    /// Counts the rows of each parent off by a window function, which reads all of them once; of a joined load it reads the
    /// whole table, whichever parents there are. It gives what [`limit`](Self::limit) and [`offset`](Self::offset) give
    /// without it, and changes nothing where there is neither, where there is one parent, and in a join by keys that the
    /// database alone compares.
    ///
    /// SQL: `SELECT … FROM (SELECT …, ROW_NUMBER() OVER (PARTITION BY key ORDER BY …) …) WHERE … <= n`.
    pub fn window(mut self) -> Self
    where
        K: ToMany,
    {
        self.how.window = true;
        self
    }

    /// Fetches the rows by a statement of their own, with the keys of all parents in it. The last strategy holds.
    pub fn select_in(mut self) -> Self {
        self.how.strategy = Some(Strategy::SelectIn);
        self
    }

    /// Fetches the rows in their parent's statement, by a left join: no statement and no round trip more. The last strategy
    /// holds.
    ///
    /// A limit of the parents counts parents. One statement has one line of to-many joins: beside a collection that is
    /// joined already, another is fetched by [`select_in`](Self::select_in), since the join would multiply them;
    /// [`plan`](crate::Query::plan) shows it.
    pub fn joined(mut self) -> Self {
        self.how.strategy = Some(Strategy::Joined);
        self
    }

    /// Loads a relation of the target with it.
    pub fn with<X>(mut self, load: X) -> Load<R, <X::Relation as Put<T, X::Value>>::Out, K>
    where
        X: IntoLoad<R::Target>,
        X::Relation: Put<T, X::Value>,
    {
        self.spec.load(load.erased().0);
        Load::new(self.spec, self.how)
    }

    /// Keeps the rows that have a child which meets the condition of this load of theirs, and loads those children
    /// with them. A to-one relation then reads as an `Option`.
    pub fn with_matching<X>(mut self, load: X) -> Load<R, <X::Relation as Put<T, X::Value>>::Out, K::Filtered>
    where
        X: IntoLoad<R::Target>,
        X::Relation: Put<T, X::Value>,
    {
        let load = load.erased().0;
        self.spec.matching(&load);
        self.spec.load(load);
        Load::new(self.spec, self.how)
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
        Load::new(self.spec, self.how)
    }
}

impl<R: Relation, K: Reach> Load<R, R::Target, K> {
    /// Gives each row as a view of the target.
    pub fn view<V: ViewOf<R::Target>>(mut self) -> Load<R, V, K> {
        super::view::describe::<V>(&mut self.spec);
        Load::new(self.spec, self.how)
    }
}

impl<R: Relation, T, K> Clone for Load<R, T, K> {
    fn clone(&self) -> Self {
        Load::new(self.spec.clone(), self.how.clone())
    }
}

impl<R: Relation, T, K> fmt::Debug for Load<R, T, K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Load")
            .field("relation", &R::DEF.name)
            .field("spec", &self.spec)
            .field("how", &self.how)
            .finish()
    }
}
