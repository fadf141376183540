//! Window functions, over rows and over groups: the crate's, and what they mean.

use std::rc::Rc;

use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::sample::select;
use relata::entity::Nulls;
use relata::expr::{Constant, Erased, Kind, PerGroup, PerRow, Selectable, WindowFunction};
use relata::{
    Aggregate, Entity, Expression, Order, Predicate, Select, Window, count, dense_rank, first_value, lag, last_value,
    lead, ntile, rank, row_number, running_sum,
};

use super::ask::{self, Cond, OfGroup, Sort, condition, sort};
use super::by::Fold;
use super::catalog::{Asked, Chosen, Read};
use super::held::{Drawn, Held, Selects};
use super::meaning::Meaning;
use super::naive::Sorted;
use super::pane::Pane;
use super::sight::Sight;
use super::term::Term;
use super::values::{Known, Pick, Ty, pick};

/// A window function as it was drawn. A window over rows takes values for what would be totals of groups.
#[derive(Debug, Clone)]
pub struct Windowed {
    pub of: Function,
    pub value: OfGroup,
    pub filter: Option<Cond>,
    pub partition: Vec<OfGroup>,
    pub order: Vec<Sort<OfGroup>>,
    /// Rows before and after; `None` for all of them.
    pub frame: Option<[Option<u32>; 2]>,
    /// The query's first order is by it.
    pub sorts: Option<bool>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Function {
    Number,
    Rank,
    Dense,
    Tile(Pick),
    Lag,
    Lead,
    First,
    Last,
    Running,
    Fold(Fold),
}

impl Function {
    /// Whether equal rows have different values, so that the window's order has to tell all rows apart.
    fn is_of_place(self) -> bool {
        use Function::{First, Lag, Last, Lead, Number, Tile};
        matches!(self, Number | Tile(_) | Lag | Lead | First | Last)
    }
}

pub fn windowed() -> impl Strategy<Value = Windowed> {
    use Function::{Dense, First, Lag, Last, Lead, Number, Rank, Running, Tile};
    let of = prop_oneof![
        5 => select(vec![Number, Rank, Dense, Lag, Lead, First, Last, Running]),
        1 => pick().prop_map(Tile),
        4 => ask::fold().prop_map(Function::Fold),
    ];
    let frame = option::weighted(0.3, [option::of(0..3_u32), option::of(0..3_u32)]);
    let part = || vec(ask::of_group(), 0..3);
    let sorts = option::weighted(0.2, any::<bool>());
    (of, ask::of_group(), option::weighted(0.3, condition(1)), part(), vec(sort(ask::of_group()), 0..3), frame, sorts)
        .prop_map(|(of, value, filter, partition, order, frame, sorts)| Windowed {
            of,
            value,
            filter,
            partition,
            order,
            frame,
            sorts,
        })
}

/// A value that a window sees: of a row, or of a group.
pub enum Seen<E> {
    Row(Term<E>),
    Group(Term<E, PerGroup>),
}

impl<E: 'static> Seen<E> {
    fn is(&self) -> &Meaning {
        match self {
            Seen::Row(term) => &term.is,
            Seen::Group(term) => &term.is,
        }
    }

    fn has_totals(&self) -> bool {
        matches!(self, Seen::Row(term) if term.typed.has_totals())
    }

    fn typed(&self) -> (Ty, Erased) {
        match self {
            Seen::Row(term) => (term.typed.ty(), term.typed.erased()),
            Seen::Group(term) => (term.typed.ty(), term.typed.erased()),
        }
    }

    fn order(&self, descending: bool, nulls_first: Option<bool>) -> Step<E> {
        fn at<E, K>(order: Order<E, K>, nulls_first: Option<bool>) -> Order<E, K> {
            match nulls_first {
                None => order,
                Some(true) => order.nulls_first(),
                Some(false) => order.nulls_last(),
            }
        }
        match self {
            Seen::Row(term) => Step::Row(at(term.typed.order(descending), nulls_first)),
            Seen::Group(term) => Step::Group(at(term.typed.order(descending), nulls_first)),
        }
    }
}

/// What is said of a window.
pub enum Step<E> {
    Partition(Erased),
    Row(Order<E>),
    Group(Order<E, PerGroup>),
    Frame([Option<u32>; 2]),
}

/// A selection whose kind is forgotten, sorted by something of any kind.
type Sorts<E> = Rc<dyn Fn(Select<E, Drawn<E, PerRow>>, bool) -> Select<E, Drawn<E, PerRow>>>;

/// A window function's value, as it is selected, read and sorted by.
pub struct Shown<E> {
    items: Selects,
    read: Read,
    pub sorts: Sorts<E>,
}

/// What can be over a window.
pub trait Finish<E: Entity> {
    fn shown<L: Kind>(self, window: Window<E, L>) -> Shown<E>;
}

impl<E: Entity, T: Known, N: Nulls + 'static, K: Kind> Finish<E> for WindowFunction<E, T, N, K> {
    fn shown<L: Kind>(self, window: Window<E, L>) -> Shown<E> {
        shown(self.over(window))
    }
}

impl<E: Entity, T: Known, N: Nulls + 'static> Finish<E> for Aggregate<E, T, N> {
    fn shown<L: Kind>(self, window: Window<E, L>) -> Shown<E> {
        shown(self.over(window))
    }
}

fn shown<E: Entity, T: Known, N: Nulls + 'static, K: Kind>(expression: Expression<E, T, N, K>) -> Shown<E> {
    let (items, sorts) = (expression.clone(), expression);
    Shown {
        items: Rc::new(move |out| Selectable::<E>::items(items.clone(), out)),
        read: Rc::new(|cells| Ok(cells[0].read::<T>(N::CAN_BE_NULL)?.json())),
        sorts: Rc::new(move |select, descending| {
            let by = sorts.clone();
            select.order_by(if descending { by.desc() } else { by.asc() })
        }),
    }
}

/// What a function is over the window that these steps make.
pub fn over<E: Entity, F: Finish<E>>(function: F, steps: &[Step<E>]) -> Shown<E> {
    fn build<E: Entity, F: Finish<E>, L: Kind>(function: F, window: Window<E, L>, steps: &[Step<E>]) -> Shown<E> {
        let Some((step, rest)) = steps.split_first() else { return function.shown(window) };
        match step {
            Step::Partition(by) => build(function, window.partition_by(Held::<E, ()>::new(by.clone())), rest),
            Step::Row(order) => build(function, window.order_by(order.clone()), rest),
            Step::Group(order) => build(function, window.order_by(order.clone()), rest),
            Step::Frame([before, after]) => build(function, window.rows_between(*before, *after), rest),
        }
    }
    build::<E, F, Constant>(function, Window::new(), steps)
}

/// An aggregate over a window, of the rows that meet a condition.
pub fn aggregate_over<E: Entity, T, N>(
    aggregate: Aggregate<E, T, N>,
    filter: Option<Predicate<E>>,
    steps: &[Step<E>],
) -> Shown<E>
where
    Aggregate<E, T, N>: Finish<E>,
{
    let aggregate = filter.into_iter().fold(aggregate, Aggregate::filter);
    over(aggregate, steps)
}

impl<E: Asked> Sight<E> {
    /// A window function, its window completed by these keys where it has to be. With `doubles` nothing tells rows apart.
    pub fn windowed(
        &self,
        drawn: &Windowed,
        seen: &dyn Fn(&OfGroup) -> Seen<E>,
        keys: &[Term<E>],
        doubles: bool,
    ) -> (Chosen<E>, Pane, Shown<E>) {
        let value = seen(&drawn.value);
        let (ty, erased) = value.typed();
        let number = matches!(ty, Ty::Small | Ty::Int | Ty::Big);
        let of = match drawn.of {
            of if of.is_of_place() && doubles => Function::Rank,
            Function::Running if !number => Function::Dense,
            // An aggregate of an aggregate is over a window by its running sum alone.
            Function::Fold(_) if !value.has_totals() => Function::Fold(Fold::Rows),
            Function::Fold(of) => Function::Fold(match of.fit(ty) {
                Fold::Distinct => Fold::Count,
                of => of,
            }),
            of => of,
        };
        let frame = drawn.frame.filter(|_| !doubles);
        let mut steps: Vec<Step<E>> = Vec::new();
        let mut pane =
            Pane { of, frame, value: value.is().clone(), filter: None, partition: Vec::new(), order: Vec::new() };
        let mut sorted = |by: &Seen<E>, descending: bool, nulls_first: Option<bool>| {
            let nulls_at = nulls_first.unwrap_or(descending);
            pane.order.push(Sorted { by: by.is().clone(), descending, nulls_first: nulls_at });
            by.order(descending, nulls_first)
        };
        for sort in &drawn.order {
            steps.push(sorted(&seen(&sort.by), sort.descending, sort.nulls_first));
        }
        for key in keys.iter().filter(|_| of.is_of_place() || frame.is_some()) {
            steps.push(sorted(&Seen::Row(key.clone()), false, None));
        }
        for by in drawn.partition.iter().map(seen) {
            steps.insert(0, Step::Partition(by.typed().1));
            pane.partition.push(by.is().clone());
        }
        steps.extend(frame.map(Step::Frame));
        let filter = drawn.filter.as_ref().filter(|_| matches!(of, Function::Fold(_)));
        let filter = filter.map(|filter| self.condition(filter));
        pane.filter = filter.as_ref().map(|filter| filter.is.clone());
        let filter = filter.map(|filter| filter.predicate);
        let shown = match (of, &value) {
            (Function::Number, _) => over(row_number(), &steps),
            (Function::Rank, _) => over(rank(), &steps),
            (Function::Dense, _) => over(dense_rank(), &steps),
            (Function::Tile(parts), _) => over(ntile(parts.of(4) as i32 + 1), &steps),
            (Function::Fold(Fold::Rows), _) => aggregate_over(count(), filter, &steps),
            (Function::Fold(of), Seen::Row(term)) => term.typed.over(of, filter, &steps).unwrap(),
            _ => of_value(of, ty, erased, &steps),
        };
        let filtered = pane.filter.as_ref().map_or_else(String::new, |filter| format!(" filter ({})", filter.text));
        let text = format!("{of:?}({}){filtered} over {}", value.is().text, pane.told());
        let is = Meaning::new(text, pane.steps(), |_, _| panic!("a window's value is of all rows"));
        (Chosen::new(is, Rc::clone(&shown.items), Rc::clone(&shown.read)), pane, shown)
    }
}

/// A function of a value.
fn of_value<E: Entity>(of: Function, ty: Ty, erased: Erased, steps: &[Step<E>]) -> Shown<E> {
    macro_rules! value {
        ($t:ty) => {{
            let held = Held::<E, $t>::new(erased);
            match of {
                Function::Lag => over(lag(held), steps),
                Function::Lead => over(lead(held), steps),
                Function::First => over(first_value(held), steps),
                _ => over(last_value(held), steps),
            }
        }};
        (sum $t:ty) => {{
            if of == Function::Running {
                return over(running_sum::<E, _, i64>(Held::<E, $t>::new(erased)), steps);
            }
            value!($t)
        }};
    }
    match ty {
        Ty::Bool => value!(bool),
        Ty::Small => value!(sum i16),
        Ty::Int => value!(sum i32),
        Ty::Big => value!(sum i64),
        Ty::Float => value!(f64),
        Ty::Text => value!(String),
    }
}
