//! Expressions of the crate beside what they mean.
//!
//! What is random is known at run time, and what the crate takes at compile time: so each column, expression and
//! aggregate that can be drawn is written down with its type, and what is done with it is behind a trait.

use std::rc::Rc;

use relata::entity::Nulls;
use relata::expr::{
    Aggregate, AsExpression, Col, Erased, ErasedRows, Expression, Kind, Path, PerGroup, PerRow, Selectable, Selection,
    Single,
};
use relata::{Entity, Order, Predicate, count};

use super::by::{By, Fold, Op};
use super::held::{Held, HeldRows};
use super::meaning::Meaning;
use super::values::{Cell, Known, Ty, Val};
use super::windows::{Shown, Step, aggregate_over};

type IsNull<E, K> = Rc<dyn Fn(bool) -> Predicate<E, K>>;

/// A value for each row, or for each group (`K`), of rows of `E`.
pub struct Term<E, K = PerRow> {
    pub is: Meaning,
    pub typed: Rc<dyn Typed<E, K>>,
    null: Option<IsNull<E, K>>,
}

impl<E, K> Clone for Term<E, K> {
    fn clone(&self) -> Self {
        Term { is: self.is.clone(), typed: Rc::clone(&self.typed), null: self.null.clone() }
    }
}

pub fn term<E, K>(typed: impl Typed<E, K> + 'static, is: Meaning) -> Term<E, K> {
    Term { is, typed: Rc::new(typed), null: None }
}

pub fn term_of<E, K>(typed: Rc<dyn Typed<E, K>>, is: Meaning) -> Term<E, K> {
    Term { is, typed, null: None }
}

/// The number of a group's rows.
pub fn rows_of_group<E: Entity>(filter: Option<Predicate<E>>) -> Rc<dyn Typed<E, PerGroup>> {
    filtered(count(), filter)
}

impl<E, K> Term<E, K> {
    /// With the predicates that only what can be NULL has.
    pub fn nullable(self, null: impl Fn(bool) -> Predicate<E, K> + 'static) -> Self {
        Term { null: Some(Rc::new(null)), ..self }
    }

    /// `IS NULL`, or `IS NOT NULL`; of what cannot be NULL, that it is distinct from it, or not.
    pub fn is_null(&self, negated: bool) -> Predicate<E, K> {
        match &self.null {
            Some(null) => null(negated),
            None => self.typed.null(negated),
        }
    }
}

/// What the crate can do with a column, an expression or an aggregate.
pub trait Typed<E, K> {
    fn ty(&self) -> Ty;
    fn items(&self, out: &mut Selection);
    fn erased(&self) -> Erased;
    /// What a result holds of it, read as it is typed; where a row was promised, it may be NULL all the same.
    fn read(&self, cell: &Cell, promised: bool) -> Result<Val, String>;
    fn order(&self, descending: bool) -> Order<E, K>;
    fn compared(&self, by: By) -> Predicate<E, K>;
    fn holds(&self, by: By, value: &Val) -> Option<bool>;
    /// Compared with another expression of the same type.
    fn beside(&self, op: Op, other: Erased) -> Predicate<E, K>;
    /// It is one of the values that a query gives in its one column, or none of them.
    fn in_rows(&self, rows: ErasedRows, negated: bool) -> Predicate<E, K>;
    fn null(&self, negated: bool) -> Predicate<E, K>;
    fn has_totals(&self) -> bool;
    /// An aggregate of its values in a group, which fits its type.
    fn total(&self, of: Fold, filter: Option<Predicate<E>>) -> Option<Rc<dyn Typed<E, PerGroup>>>;
    /// The same over a window.
    fn over(&self, of: Fold, filter: Option<Predicate<E>>, steps: &[Step<E>]) -> Option<Shown<E>>;
}

macro_rules! typed {
    ([$($generics:tt)*] $type:ty, $root:ty, $kind:ty, $t:ty, $nulls:ty, [$($where:tt)*], $totals:tt) => {
        impl<$($generics)*> Typed<$root, $kind> for $type
        where
            $($where)*
        {
            fn ty(&self) -> Ty {
                <$t>::TY
            }

            fn items(&self, out: &mut Selection) {
                Selectable::<$root>::items(self.clone(), out);
            }

            fn erased(&self) -> Erased {
                AsExpression::<$root>::erased(self.clone())
            }

            fn read(&self, cell: &Cell, promised: bool) -> Result<Val, String> {
                cell.read::<$t>(promised || <$nulls as Nulls>::CAN_BE_NULL)
            }

            fn order(&self, descending: bool) -> Order<$root, $kind> {
                if descending { self.clone().desc() } else { self.clone().asc() }
            }

            fn compared(&self, by: By) -> Predicate<$root, $kind> {
                let (this, one, other) = (self.clone(), <$t>::picked(by.one), <$t>::picked(by.other));
                match by.op {
                    Op::Eq => this.eq(one),
                    Op::Ne => this.ne(one),
                    Op::Lt => this.lt(one),
                    Op::Le => this.le(one),
                    Op::Gt => this.gt(one),
                    Op::Ge => this.ge(one),
                    Op::Between => this.between(one, other),
                    Op::In => this.is_in(by.list::<$t>()),
                    Op::NotIn => this.is_not_in(by.list::<$t>()),
                    Op::Distinct => this.is_distinct_from(by.perhaps::<$t>()),
                    Op::NotDistinct => this.is_not_distinct_from(by.perhaps::<$t>()),
                }
            }

            fn holds(&self, by: By, value: &Val) -> Option<bool> {
                by.holds::<$t>(value)
            }

            fn beside(&self, op: Op, other: Erased) -> Predicate<$root, $kind> {
                let (this, other) = (self.clone(), Held::<$root, $t>::new(other));
                match op.simple() {
                    Op::Eq => this.eq(other),
                    Op::Ne => this.ne(other),
                    Op::Lt => this.lt(other),
                    Op::Gt => this.gt(other),
                    Op::Ge => this.ge(other),
                    Op::Distinct => this.is_distinct_from(other),
                    Op::NotDistinct => this.is_not_distinct_from(other),
                    _ => this.le(other),
                }
            }

            fn in_rows(&self, rows: ErasedRows, negated: bool) -> Predicate<$root, $kind> {
                let (this, rows) = (self.clone(), HeldRows::<$t>::new(rows));
                if negated { this.is_not_in_rows(rows) } else { this.is_in_rows(rows) }
            }

            fn null(&self, negated: bool) -> Predicate<$root, $kind> {
                let (this, null) = (self.clone(), None::<$t>);
                if negated { this.is_distinct_from(null) } else { this.is_not_distinct_from(null) }
            }

            typed!(total $root, $t, $totals);
        }
    };
    (total $root:ty, $t:ty, none) => {
        fn has_totals(&self) -> bool {
            false
        }

        fn total(&self, _: Fold, _: Option<Predicate<$root>>) -> Option<Rc<dyn Typed<$root, PerGroup>>> {
            None
        }

        fn over(&self, _: Fold, _: Option<Predicate<$root>>, _: &[Step<$root>]) -> Option<Shown<$root>> {
            None
        }
    };
    (total $root:ty, $t:ty, [$($fold:ident $method:ident)*]) => {
        fn has_totals(&self) -> bool {
            true
        }

        fn total(&self, of: Fold, filter: Option<Predicate<$root>>) -> Option<Rc<dyn Typed<$root, PerGroup>>> {
            let this = self.clone();
            match of {
                Fold::Count => Some(filtered(this.count(), filter)),
                Fold::Distinct => Some(filtered(this.count_distinct(), filter)),
                $(Fold::$fold => Some(filtered(typed!(call this $method), filter)),)*
                _ => None,
            }
        }

        fn over(&self, of: Fold, filter: Option<Predicate<$root>>, steps: &[Step<$root>]) -> Option<Shown<$root>> {
            let this = self.clone();
            match of {
                Fold::Count => Some(aggregate_over(this.count(), filter, steps)),
                $(Fold::$fold => Some(aggregate_over(typed!(call this $method), filter, steps)),)*
                _ => None,
            }
        }
    };
    (call $this:ident sum) => { $this.sum::<i64>() };
    (call $this:ident avg) => { $this.avg::<f64>() };
    (call $this:ident $method:ident) => { $this.$method() };
}

fn filtered<E: Entity, T, N>(aggregate: Aggregate<E, T, N>, filter: Option<Predicate<E>>) -> Rc<dyn Typed<E, PerGroup>>
where
    Aggregate<E, T, N>: Typed<E, PerGroup> + 'static,
{
    Rc::new(match filter {
        Some(filter) => aggregate.filter(filter),
        None => aggregate,
    })
}

macro_rules! types {
    ($($t:ty: $totals:tt;)*) => {
        $(
            typed!([P: Path, N: Nulls] Col<P, $t, N>, P::Root, PerRow, $t, N::Or<P::Nulls>, [
                P: Single<$t> + Single<Option<$t>> + Single<Held<P::Root, $t>> + Single<String>,
            ], $totals);
            typed!([E: Entity, N: Nulls] Expression<E, $t, N>, E, PerRow, $t, N, [], $totals);
            typed!([E: Entity, N: Nulls, K: Kind, O: Entity] Aggregate<E, $t, N, K, O>, E, K, $t, N, [], none);
        )*
    };
}

types! {
    bool: [Every bool_and Some bool_or];
    i16: [Sum sum Average avg Min min Max max];
    i32: [Sum sum Average avg Min min Max max];
    i64: [Sum sum Average avg Min min Max max];
    f64: [Min min Max max];
    String: [Min min Max max];
}

/// A term that can be NULL.
macro_rules! null {
    ($column:expr, $is:expr) => {{
        let column = $column;
        term(column, $is).nullable(move |negated| if negated { column.is_not_null() } else { column.is_null() })
    }};
}
pub(super) use null;
