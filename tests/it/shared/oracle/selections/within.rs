//! Queries within conditions and expressions: whether there is a row, whether a value is among theirs, and the one value.

use std::marker::PhantomData;
use std::rc::Rc;

use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use relata::expr::PerRow;
use relata::{exists, scalar};

use super::ask::{self, Ask, Cond, Distinct, Expr, Item, OfGroup, Shape, Total, sort};
use super::by::Fold;
use super::catalog::Asked;
use super::held::HeldRows;
use super::meaning::{Env, Meaning};
use super::naive::Naive;
use super::query::{Made, line, made};
use super::sight::{Both, Sight};
use super::source::source;
use super::term::{Term, Typed, term_of};
use super::values::{Pick, Ty, Val, any as any_of, not, pick};

/// A query that conditions and expressions have within them.
pub fn within(depth: u32) -> BoxedStrategy<Ask> {
    let filters = prop_oneof![1 => vec(ask::condition(depth), 0..1), 3 => vec(ask::condition(depth), 1..2)];
    let limit = (option::weighted(0.4, pick()), option::weighted(0.15, pick()));
    let source = if depth == 0 { source(0, 0) } else { source(1, 0) };
    (pick(), source, option::weighted(0.4, pick()), filters, shape(), prop::bool::weighted(0.8), limit)
        .prop_map(|(root, source, line, filters, shape, ordered, (limit, offset))| Ask {
            root,
            source,
            line,
            filters,
            shape,
            ordered,
            limit,
            offset,
        })
        .boxed()
}

/// What it selects is made to fit where it stands.
fn shape() -> impl Strategy<Value = Shape> {
    let term = || pick().prop_map(Expr::Term);
    let order = || vec(sort(term()), 0..2);
    let distinct = prop_oneof![
        4 => Just(Distinct::No),
        1 => Just(Distinct::All),
        1 => vec(sort(term()), 1..2).prop_map(Distinct::On),
    ];
    let total = || (ask::fold(), pick()).prop_map(|(of, value)| Total { of, value, filter: None });
    let having = vec((total().prop_map(OfGroup::Total), ask::by(), any::<bool>()), 0..2);
    let totals = vec(sort(total().prop_map(OfGroup::Total)), 0..2);
    prop_oneof![
        1 => order().prop_map(|order| Shape::Entities { order, shape: None }),
        5 => (term(), distinct, order())
            .prop_map(|(item, distinct, order)| Shape::Items { items: vec![Item::Expr(item)], distinct, order }),
        2 => (vec(term(), 1..3), having, totals).prop_map(|(by, having, order)| {
            Shape::Groups { whole: None, by, items: vec![OfGroup::Common(Pick(0))], having, order, windows: Vec::new() }
        }),
        1 => (total(), option::weighted(0.3, (total(), ask::by())))
            .prop_map(|(total, having)| Shape::Whole { items: vec![total], having }),
    ]
}

/// An entity that a query within one of `E` starts from.
pub trait Within<E> {
    /// The query as it was drawn.
    fn rows(&self, sight: &Sight<E>, ask: &Ask) -> Made;
    /// The query with one column of this type, or of any: `None` if there is none.
    fn column(&self, sight: &Sight<E>, ask: &Ask, ty: Option<Ty>) -> Option<(Ty, Made)>;
}

struct Of<I>(PhantomData<I>);

/// That a query within another starts from `I`.
pub fn of<E: Asked, I: Asked>() -> Rc<dyn Within<E>> {
    Rc::new(Of::<I>(PhantomData))
}

impl<E: Asked, I: Asked> Within<E> for Of<I> {
    fn rows(&self, sight: &Sight<E>, ask: &Ask) -> Made {
        made(sight.within_line::<I>(line::<I>(ask)), ask)
    }

    fn column(&self, sight: &Sight<E>, ask: &Ask, ty: Option<Ty>) -> Option<(Ty, Made)> {
        let inner = sight.within_line::<I>(line::<I>(ask));
        let (ty, shape) = one_column(&inner, &ask.shape, ask.root, ty)?;
        Some((ty, made(inner, &Ask { shape, ..ask.clone() })))
    }
}

/// The shape with one column of this type.
fn one_column<I: Asked>(sight: &Sight<I>, shape: &Shape, pick: Pick, ty: Option<Ty>) -> Option<(Ty, Shape)> {
    // What a choice chooses among is known here alone, so a choice is looked for.
    let all = || (0..240_u8).map(|more| Pick(pick.0.wrapping_add(more) % 240));
    let term = all().map(Expr::Term).find_map(|expr| {
        let known = sight.expr(&expr).typed.ty();
        (ty.is_none_or(|ty| ty == known)).then_some((known, expr))
    });
    Some(match shape {
        Shape::Whole { items, having } => {
            let folds = [items[0].of, Fold::Max, Fold::Rows, Fold::Every];
            let (ty, of, value) = folds.into_iter().find_map(|of| {
                all().find_map(|value| {
                    let total = Total { of, value, filter: None };
                    let known = sight.total(&total).typed.ty();
                    ty.is_none_or(|ty| ty == known).then_some((known, of, value))
                })
            })?;
            (ty, Shape::Whole { items: vec![Total { of, value, filter: None }], having: having.clone() })
        }
        Shape::Groups { having, order, .. } if ty == Some(Ty::Big) && pick.of(2) == 0 => {
            let total = Total { of: Fold::Rows, value: pick, filter: None };
            let by = all().map(Expr::Term).take(1).collect();
            let items = vec![OfGroup::Total(total)];
            (
                Ty::Big,
                Shape::Groups {
                    whole: None,
                    by,
                    items,
                    having: having.clone(),
                    order: order.clone(),
                    windows: Vec::new(),
                },
            )
        }
        Shape::Groups { by, items, having, order, .. } => {
            let (ty, term) = term?;
            let by = std::iter::once(term).chain(by.iter().skip(1).cloned()).collect();
            (
                ty,
                Shape::Groups {
                    whole: None,
                    by,
                    items: items.clone(),
                    having: having.clone(),
                    order: order.clone(),
                    windows: Vec::new(),
                },
            )
        }
        Shape::Items { distinct, order, .. } => {
            let (ty, term) = term?;
            (ty, Shape::Items { items: vec![Item::Expr(term)], distinct: distinct.clone(), order: order.clone() })
        }
        Shape::Entities { order, .. } | Shape::Tuple { order, .. } => {
            let (ty, term) = term?;
            (ty, Shape::Items { items: vec![Item::Expr(term)], distinct: Distinct::No, order: order.clone() })
        }
    })
}

/// The first column of a query's rows, as they are within the query around them.
fn values<E: Asked>(naive: &Naive, tables: &super::tables::Tables, env: &Env) -> Vec<Val> {
    naive.given(tables, &env.seen_within(E::ABOUT.name)).into_iter().map(|mut row| row.items.swap_remove(0)).collect()
}

impl<E: Asked> Sight<E> {
    fn inner(&self, ask: &Ask) -> Rc<dyn Within<E>> {
        Rc::clone(ask.root.from(&E::inner()))
    }

    /// There is a row.
    pub fn has_rows(&self, ask: &Ask) -> Both<E> {
        let Made { query, naive } = self.inner(ask).rows(self, ask);
        let predicate = exists(HeldRows::<()>::new(query.rows()));
        let is = Meaning::new(format!("exists({})", naive.told()), 0, move |tables, envs| {
            Some(!naive.given(tables, &envs[0].seen_within(E::ABOUT.name)).is_empty())
        });
        Both { predicate, is }
    }

    /// The value is one of the rows', or none of them.
    pub fn in_rows(&self, value: &Expr, ask: &Ask, negated: bool) -> Both<E> {
        let value = self.expr(value);
        let found = self.inner(ask).column(self, ask, Some(value.typed.ty()));
        let Some((_, Made { query, naive })) = found else {
            return self.condition(&Cond::HasRows { rows: Box::new(ask.clone()) });
        };
        let predicate = value.typed.in_rows(query.rows(), negated);
        let text = format!("{} {}in ({})", value.is.text, if negated { "not " } else { "" }, naive.told());
        let (steps, value) = (value.is.steps, value.is);
        let is = Meaning::new(text, steps, move |tables, envs| {
            let one = value.one(tables, &envs[0]);
            let found = any_of(values::<E>(&naive, tables, &envs[0]).iter().map(|known| one.equals(known)));
            if negated { not(found) } else { found }
        });
        Both { predicate, is }
    }

    /// The value of the one row, or NULL.
    pub fn scalar(&self, ask: &Ask) -> Term<E> {
        let mut ask = ask.clone();
        if !matches!(ask.shape, Shape::Whole { .. }) {
            (ask.limit, ask.ordered) = (Some(Pick(0)), true);
        }
        let Some((ty, Made { query, naive })) = self.inner(&ask).column(self, &ask, None) else {
            return self.expr(&Expr::Term(ask.root));
        };
        let rows = query.rows();
        macro_rules! typed {
            ($($ty:ident $t:ty),*) => {
                match ty { $(Ty::$ty => Rc::new(scalar::<E, _>(HeldRows::<$t>::new(rows)))),* }
            };
        }
        let typed: Rc<dyn Typed<E, PerRow>> = typed!(Bool bool, Small i16, Int i32, Big i64, Float f64, Text String);
        let is = Meaning::new(format!("scalar({})", naive.told()), 0, move |tables, envs| {
            let values = values::<E>(&naive, tables, &envs[0]);
            assert!(values.len() < 2, "{values:?} is one value");
            values.into_iter().next().unwrap_or(Val::Null)
        });
        term_of(typed, is)
    }
}
