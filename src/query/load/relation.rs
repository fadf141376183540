//! What a load can be told, on the relation itself: each method starts a load and hands on.

use super::{Load, Pages, ToMany};
use crate::entity::{Entity, If, Put, Reach, Relation, Through};
use crate::expr::{Order, Predicate, Rel, Root};
use crate::page::Cursor;
use crate::query::{How, IntoLoad, Spec, ViewOf};

impl<E: Entity, R: Relation<Source = E>> Rel<Root<E>, R> {
    /// A load of the relation.
    fn load(self) -> Load<R, R::Target> {
        Load::new(Spec::of((R::DEF.target)()), How::default())
    }

    /// Gives each row as a view of the target, as [`Load::view`].
    pub fn view<V: ViewOf<R::Target>>(self) -> Load<R, V> {
        self.load().view()
    }

    /// Loads only the rows that meet the condition. A to-one relation then reads as an `Option`.
    pub fn filter(self, condition: Predicate<R::Target>) -> Load<R, R::Target, <R::Reach as Reach>::Filtered> {
        self.load().filter(condition)
    }

    /// As [`Load::filter_through`].
    pub fn filter_through(self, condition: Predicate<R::Association>) -> Load<R, R::Target>
    where
        R: Through,
    {
        self.load().filter_through(condition)
    }

    /// Sorts the rows of each parent.
    pub fn order_by(self, order: Order<R::Target>) -> Load<R, R::Target>
    where
        R::Reach: ToMany,
    {
        self.load().order_by(order)
    }

    /// As [`Load::order_by_through`].
    pub fn order_by_through(self, order: Order<R::Association>) -> Load<R, R::Target>
    where
        R: Through,
        R::Reach: ToMany,
    {
        self.load().order_by_through(order)
    }

    /// At most so many rows for each parent, as [`Load::limit`].
    pub fn limit(self, rows: u64) -> Load<R, R::Target>
    where
        R::Reach: ToMany,
    {
        self.load().limit(rows)
    }

    /// The first rows of each parent as a page, as [`Load::first`].
    pub fn first(self, rows: u64) -> Load<R, R::Target, Pages>
    where
        R::Reach: ToMany,
    {
        self.load().first(rows)
    }

    /// Where the pages of some parents begin, as [`Load::after`].
    pub fn after(self, cursors: impl IntoIterator<Item = Cursor>) -> Load<R, R::Target>
    where
        R::Reach: ToMany,
    {
        self.load().after(cursors)
    }

    /// Leaves out the first rows of each parent.
    pub fn offset(self, rows: u64) -> Load<R, R::Target>
    where
        R::Reach: ToMany,
    {
        self.load().offset(rows)
    }

    /// Fetches the rows by a statement of their own, as [`Load::select_in`].
    pub fn select_in(self) -> Load<R, R::Target> {
        self.load().select_in()
    }

    /// Fetches the rows in their parent's statement, as [`Load::joined`].
    pub fn joined(self) -> Load<R, R::Target> {
        self.load().joined()
    }

    /// Loads a relation of the target with it.
    pub fn with<X>(self, load: X) -> Load<R, <X::Relation as Put<R::Target, X::Value>>::Out>
    where
        X: IntoLoad<R::Target>,
        X::Relation: Put<R::Target, X::Value>,
    {
        self.load().with(load)
    }

    /// As [`Load::with_matching`].
    pub fn with_matching<X>(
        self,
        load: X,
    ) -> Load<R, <X::Relation as Put<R::Target, X::Value>>::Out, <R::Reach as Reach>::Filtered>
    where
        X: IntoLoad<R::Target>,
        X::Relation: Put<R::Target, X::Value>,
    {
        self.load().with_matching(load)
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
