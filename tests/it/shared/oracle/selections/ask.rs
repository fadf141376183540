//! What is asked at random: conditions, expressions and whole queries, as choices among what a root has.
//!
//! Nothing here knows an entity, so that one strategy serves all of them, and shrinks to the first of everything.

use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::sample::select;
use proptest::strategy::Union;

use super::super::sides::{Quantifier, quantifier};
use super::by::{By, Fold, Op};
use super::source::{Source, source};
use super::values::{Pick, pick};
use super::windows::{Windowed, windowed};
use super::within::within;

/// A condition on rows.
#[derive(Debug, Clone)]
pub enum Cond {
    Compare { value: Expr, by: By },
    Beside { one: Pick, op: Op, other: Pick },
    Null { value: Expr, negated: bool },
    Across { path: Pick, of: Quantifier, condition: Box<Cond> },
    Exists { path: Pick, absent: bool },
    HasRows { rows: Box<Ask> },
    In { value: Expr, rows: Box<Ask>, negated: bool },
    Constant(bool),
    And(Box<Cond>, Box<Cond>),
    Or(Box<Cond>, Box<Cond>),
    Not(Box<Cond>),
}

/// A value of a row: one of those that are written down, an aggregate across a path, or a query's one value.
#[derive(Debug, Clone)]
pub enum Expr {
    Term(Pick),
    Across(Across),
    Scalar(Box<Ask>),
}

#[derive(Debug, Clone)]
pub struct Across {
    pub path: Pick,
    pub of: Fold,
    pub value: Box<Expr>,
    pub filter: Option<Box<Cond>>,
}

/// An aggregate of a group.
#[derive(Debug, Clone)]
pub struct Total {
    pub of: Fold,
    pub value: Pick,
    pub filter: Option<Cond>,
}

/// A term of an order: ascending or descending, and where NULLs stand.
#[derive(Debug, Clone)]
pub struct Sort<X> {
    pub by: X,
    pub descending: bool,
    pub nulls_first: Option<bool>,
}

#[derive(Debug, Clone)]
pub enum Item {
    Expr(Expr),
    Entity(Pick),
    Condition(Cond),
    Window(Windowed),
}

#[derive(Debug, Clone)]
pub enum Distinct {
    No,
    All,
    On(Vec<Sort<Expr>>),
}

/// What a condition on groups is of: one of those things that they have in common, or an aggregate.
#[derive(Debug, Clone)]
pub enum OfGroup {
    Common(Pick),
    Total(Total),
}

#[derive(Debug, Clone)]
pub enum Shape {
    /// The root's rows themselves, or in one of the shapes that are written down.
    Entities { order: Vec<Sort<Expr>>, shape: Option<Pick> },
    /// One of the selections that are written down with their types.
    Tuple { which: Pick, order: Vec<Sort<Expr>> },
    /// Items.
    Items { items: Vec<Item>, distinct: Distinct, order: Vec<Sort<Expr>> },
    /// By the whole key of a row, perhaps, and by more: then they have all of the row in common.
    Groups {
        whole: Option<Pick>,
        by: Vec<Expr>,
        items: Vec<OfGroup>,
        having: Vec<(OfGroup, By, bool)>,
        order: Vec<Sort<OfGroup>>,
        windows: Vec<Windowed>,
    },
    /// Aggregates of all rows.
    Whole { items: Vec<Total>, having: Option<(Total, By)> },
}

/// A query.
#[derive(Debug, Clone)]
pub struct Ask {
    pub root: Pick,
    pub source: Source,
    /// The steps that multiply rows.
    pub line: Option<Pick>,
    pub filters: Vec<Cond>,
    pub shape: Shape,
    /// Rows come in a total order.
    pub ordered: bool,
    pub limit: Option<Pick>,
    pub offset: Option<Pick>,
}

pub fn by() -> impl Strategy<Value = By> {
    let op = select(vec![
        Op::Eq,
        Op::Ne,
        Op::Lt,
        Op::Le,
        Op::Gt,
        Op::Ge,
        Op::Gt,
        Op::Between,
        Op::In,
        Op::NotIn,
        Op::Distinct,
        Op::NotDistinct,
    ]);
    (op, pick(), pick()).prop_map(|(op, one, other)| By { op, one, other })
}

pub fn fold() -> impl Strategy<Value = Fold> {
    select(vec![
        Fold::Rows,
        Fold::Rows,
        Fold::Rows,
        Fold::Sum,
        Fold::Sum,
        Fold::Min,
        Fold::Max,
        Fold::Count,
        Fold::Distinct,
        Fold::Average,
        Fold::Every,
        Fold::Some,
    ])
}

fn across(depth: u32) -> BoxedStrategy<Across> {
    let value = if depth == 0 { pick().prop_map(Expr::Term).boxed() } else { expr(depth - 1, [5, 1]) };
    let filter = if depth == 0 { Just(None).boxed() } else { option::weighted(0.6, condition(depth - 1)).boxed() };
    (pick(), fold(), value, filter)
        .prop_map(|(path, of, value, filter)| Across { path, of, value: Box::new(value), filter: filter.map(Box::new) })
        .boxed()
}

/// A column so often, and so often an aggregate.
fn expr(depth: u32, [term, aggregate]: [u32; 2]) -> BoxedStrategy<Expr> {
    let term = (4 * term, pick().prop_map(Expr::Term).boxed());
    let mut all = vec![term, (4 * aggregate, across(depth).prop_map(Expr::Across).boxed())];
    if depth > 0 {
        all.push((1, within(depth - 1).prop_map(|ask| Expr::Scalar(Box::new(ask))).boxed()));
    }
    Union::new_weighted(all).boxed()
}

/// A condition with at most so many queries within each other.
pub fn condition(depth: u32) -> BoxedStrategy<Cond> {
    let compare = (expr(depth, [2, 1]), by()).prop_map(|(value, by)| Cond::Compare { value, by });
    let null = (expr(0, [5, 1]), any::<bool>()).prop_map(|(value, negated)| Cond::Null { value, negated });
    let beside = (pick(), by(), pick()).prop_map(|(one, by, other)| Cond::Beside { one, op: by.op, other });
    let exists = (pick(), any::<bool>()).prop_map(|(path, absent)| Cond::Exists { path, absent });
    let constant = any::<bool>().prop_map(Cond::Constant);
    let leaf = prop_oneof![12 => compare, 4 => null, 3 => beside, 3 => exists, 1 => constant].boxed();
    let leaf =
        match depth {
            0 => leaf,
            _ => {
                let across = (pick(), quantifier(), condition(depth - 1))
                    .prop_map(|(path, of, condition)| Cond::Across { path, of, condition: Box::new(condition) });
                let has_rows = within(depth - 1).prop_map(|ask| Cond::HasRows { rows: Box::new(ask) });
                let is_in = (expr(0, [5, 1]), within(depth - 1), any::<bool>())
                    .prop_map(|(value, ask, negated)| Cond::In { value, rows: Box::new(ask), negated });
                prop_oneof![9 => leaf, 6 => across, 3 => has_rows, 3 => is_in].boxed()
            }
        };
    leaf.prop_recursive(3, 5, 2, |inner| {
        prop_oneof![
            (inner.clone(), inner.clone()).prop_map(|(one, other)| Cond::And(Box::new(one), Box::new(other))),
            (inner.clone(), inner.clone()).prop_map(|(one, other)| Cond::Or(Box::new(one), Box::new(other))),
            inner.prop_map(|inner| Cond::Not(Box::new(inner))),
        ]
    })
    .boxed()
}

pub fn sort<X: std::fmt::Debug + Clone + 'static>(by: impl Strategy<Value = X>) -> impl Strategy<Value = Sort<X>> {
    let nulls = select(vec![None, None, Some(true), Some(false)]);
    (by, any::<bool>(), nulls).prop_map(|(by, descending, nulls_first)| Sort { by, descending, nulls_first })
}

pub fn order() -> impl Strategy<Value = Vec<Sort<Expr>>> {
    vec(sort(expr(1, [4, 1])), 0..3)
}

fn total() -> impl Strategy<Value = Total> {
    (fold(), pick(), option::weighted(0.3, condition(1))).prop_map(|(of, value, filter)| Total { of, value, filter })
}

pub fn of_group() -> impl Strategy<Value = OfGroup> {
    prop_oneof![1 => pick().prop_map(OfGroup::Common), 2 => total().prop_map(OfGroup::Total)]
}

fn shape() -> impl Strategy<Value = Shape> {
    let item = prop_oneof![
        6 => expr(1, [3, 1]).prop_map(Item::Expr),
        1 => pick().prop_map(Item::Entity),
        1 => condition(1).prop_map(Item::Condition),
        1 => windowed().prop_map(Item::Window),
    ];
    let distinct = prop_oneof![
        6 => Just(Distinct::No),
        1 => Just(Distinct::All),
        1 => vec(sort(expr(0, [4, 1])), 1..3).prop_map(Distinct::On),
    ];
    let having = vec((of_group(), by(), any::<bool>()), 0..2);
    let windows = prop_oneof![3 => vec(windowed(), 0..1), 1 => vec(windowed(), 1..3)];
    prop_oneof![
        3 => (order(), option::weighted(0.6, pick())).prop_map(|(order, shape)| Shape::Entities { order, shape }),
        1 => (pick(), order()).prop_map(|(which, order)| Shape::Tuple { which, order }),
        4 => (vec(item, 1..4), distinct, order())
            .prop_map(|(items, distinct, order)| Shape::Items { items, distinct, order }),
        3 => (option::weighted(0.2, pick()), vec(expr(1, [6, 1]), 1..3), vec(of_group(), 1..4), having, vec(sort(of_group()), 0..2), windows)
            .prop_map(|(whole, by, items, having, order, windows)| Shape::Groups { whole, by, items, having, order, windows }),
        1 => (vec(total(), 1..4), option::weighted(0.3, (total(), by())))
            .prop_map(|(items, having)| Shape::Whole { items, having }),
    ]
}

pub fn ask() -> impl Strategy<Value = Ask> {
    let filters = prop_oneof![2 => vec(condition(2), 0..1), 3 => vec(condition(2), 1..3)];
    let limit = (option::weighted(0.3, pick()), option::weighted(0.15, pick()));
    (pick(), source(2, 1), option::weighted(0.6, pick()), filters, shape(), prop::bool::weighted(0.7), limit).prop_map(
        |(root, source, line, filters, shape, ordered, (limit, offset))| Ask {
            root,
            source,
            line,
            filters,
            shape,
            ordered,
            limit,
            offset,
        },
    )
}
