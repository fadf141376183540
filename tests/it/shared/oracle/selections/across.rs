//! What is asked of the rows at the end of a path: whether there are such, and aggregates of them.

use std::rc::Rc;

use relata::entity::Relation as Link;
use relata::expr::{Aggregate, Erased, Optional, Path, PerRow, Rel};
use relata::{Entity, Predicate};

use super::super::asked::Relation;
use super::super::sides::Quantifier;
use super::ask::{Across, Cond};
use super::by::Fold;
use super::catalog::Asked;
use super::held::Held;
use super::meaning::{At, Env, Meaning};
use super::sight::{Both, Sight};
use super::tables::Tables;
use super::term::{Term, Typed, term_of};
use super::values::Ty;

/// A path across relations.
pub trait Leads<E> {
    fn quantified(&self, of: Quantifier, condition: Option<&Cond>, sight: &Sight<E>) -> Both<E>;
    /// There is a row at its end, or there is none where the path may say that.
    fn exists(&self, absent: bool, sight: &Sight<E>) -> Both<E>;
    fn aggregate(&self, across: &Across, sight: &Sight<E>) -> Term<E>;
}

/// A path and what it means: the relations from where it begins.
struct Route<P, R> {
    rel: Rel<P, R>,
    from: At,
    relations: Vec<&'static Relation>,
}

/// A path to a number of rows.
pub fn path<E: Asked, P: Path<Root = E>, R: Link>(
    rel: Rel<P, R>,
    from: &At,
    relations: impl Into<Vec<&'static Relation>>,
) -> Rc<dyn Leads<E>>
where
    R::Target: Asked,
{
    Rc::new(Many(Route { rel, from: from.clone(), relations: relations.into() }))
}

/// A path to one row or none.
pub fn path_to_one<E: Asked, P: Path<Root = E>, R: Link>(
    rel: Rel<P, R>,
    from: &At,
    relations: impl Into<Vec<&'static Relation>>,
) -> Rc<dyn Leads<E>>
where
    R::Target: Asked,
    R::Reach: Optional,
{
    Rc::new(One(Route { rel, from: from.clone(), relations: relations.into() }))
}

struct Many<P, R>(Route<P, R>);

struct One<P, R>(Route<P, R>);

macro_rules! leads {
    ($type:ident [$($bound:tt)*] $absent:expr) => {
        impl<E: Asked, P: Path<Root = E>, R: Link> Leads<E> for $type<P, R>
        where
            R::Target: Asked,
            $($bound)*
        {
            fn quantified(&self, of: Quantifier, condition: Option<&Cond>, sight: &Sight<E>) -> Both<E> {
                self.0.quantified(of, condition, sight)
            }

            fn exists(&self, absent: bool, sight: &Sight<E>) -> Both<E> {
                let of = if absent { Quantifier::None } else { Quantifier::Any };
                let Both { is, .. } = self.0.quantified(of, None, sight);
                let rel = self.0.rel;
                let absence: fn(Rel<P, R>) -> Predicate<E> = $absent;
                Both { predicate: if absent { absence(rel) } else { rel.exists() }, is }
            }

            fn aggregate(&self, across: &Across, sight: &Sight<E>) -> Term<E> {
                self.0.aggregate(across, sight)
            }
        }
    };
}

leads!(Many [] |rel| !rel.exists());
leads!(One [R::Reach: Optional,] |rel| rel.is_absent());

impl<E: Asked, P: Path<Root = E>, R: Link> Route<P, R>
where
    R::Target: Asked,
{
    fn text(&self) -> String {
        let names: Vec<&str> = self.relations.iter().map(|relation| relation.name).collect();
        format!("{}.{}", self.from.text, names.join("."))
    }

    /// The rows at its end, each as a place to evaluate at.
    fn rows(&self) -> impl Fn(&Tables, &Env) -> Vec<Env> + 'static {
        let (from, relations) = (self.from.clone(), self.relations.clone());
        move |tables, env| {
            let mut rows: Vec<usize> = from.row(tables, env).into_iter().collect();
            for relation in &relations {
                rows = rows.into_iter().flat_map(|row| tables.reached(relation, row)).collect();
            }
            rows.into_iter().map(|row| env.within(E::ABOUT.name, row)).collect()
        }
    }

    fn quantified(&self, of: Quantifier, condition: Option<&Cond>, sight: &Sight<E>) -> Both<E> {
        let inner = sight.within::<R::Target>();
        let Both { predicate, is } = inner.condition(condition.unwrap_or(&Cond::Constant(true)));
        let predicate = match of {
            Quantifier::Any => self.rel.any(predicate),
            Quantifier::None => self.rel.none(predicate),
            Quantifier::Every => self.rel.every(predicate),
        };
        let (rows, text) = (self.rows(), format!("{}.{of:?}({})", self.text(), is.text));
        let is = Meaning::new(text, self.from.steps(), move |tables, envs| {
            let mut met = rows(tables, &envs[0]).into_iter().map(|row| is.one(tables, &row) == Some(true));
            Some(match of {
                Quantifier::Any => met.any(|met| met),
                Quantifier::None => !met.any(|met| met),
                Quantifier::Every => met.all(|met| met),
            })
        });
        Both { predicate, is }
    }

    fn aggregate(&self, across: &Across, sight: &Sight<E>) -> Term<E> {
        let inner = sight.within::<R::Target>();
        let value = inner.own(&across.value);
        let mut of = across.of.fit(value.typed.ty());
        if matches!(of, Fold::Every | Fold::Some | Fold::Count) {
            of = Fold::Rows;
        }
        let filter = across.filter.as_ref().map(|filter| inner.condition(filter));
        let typed = self.typed(of, &value, filter.as_ref().map(|filter| filter.predicate.clone()));
        let condition = filter.as_ref().map_or_else(String::new, |filter| format!(" filter ({})", filter.is.text));
        let argument = if of == Fold::Rows { "" } else { &value.is.text };
        let text = format!("{}.{of:?}({argument}){condition}", self.text());
        let (rows, value, filter) = (self.rows(), value.is, filter.map(|filter| filter.is));
        let is = Meaning::new(text, self.from.steps(), move |tables, envs| {
            let rows = rows(tables, &envs[0]).into_iter();
            let met = rows.filter(|row| filter.as_ref().is_none_or(|filter| filter.one(tables, row) == Some(true)));
            of.of(met.map(|row| value.one(tables, &row)).collect())
        });
        term_of(typed, is)
    }

    fn typed(
        &self,
        of: Fold,
        value: &Term<R::Target>,
        filter: Option<Predicate<R::Target>>,
    ) -> Rc<dyn Typed<E, PerRow>> {
        let (rel, erased) = (self.rel, value.typed.erased());
        macro_rules! as_typed {
            ($($ty:ident $t:ty: $($fold:ident $method:ident $($out:ty)?),*;)*) => {
                match (of, value.typed.ty()) {
                    (Fold::Rows, _) => filtered(rel.count(), filter),
                    $(
                        (Fold::Distinct, Ty::$ty) => filtered(rel.count_distinct(held::<_, $t>(erased)), filter),
                        $((Fold::$fold, Ty::$ty) => {
                            filtered(rel.$method$(::<_, $out>)?(held::<_, $t>(erased)), filter)
                        })*
                    )*
                    (of, ty) => panic!("{of:?} of {ty:?}"),
                }
            };
        }
        as_typed! {
            Bool bool:;
            Small i16: Sum sum i64, Average avg f64, Min min, Max max;
            Int i32: Sum sum i64, Average avg f64, Min min, Max max;
            Big i64: Sum sum i64, Average avg f64, Min min, Max max;
            Float f64: Min min, Max max;
            Text String: Min min, Max max;
        }
    }
}

fn held<E, T>(erased: Erased) -> Held<E, T> {
    Held::new(erased)
}

fn filtered<E: Entity, T, N, O: Entity>(
    aggregate: Aggregate<E, T, N, PerRow, O>,
    filter: Option<Predicate<O>>,
) -> Rc<dyn Typed<E, PerRow>>
where
    Aggregate<E, T, N, PerRow, O>: Typed<E, PerRow> + 'static,
{
    Rc::new(match filter {
        Some(filter) => aggregate.filter(filter),
        None => aggregate,
    })
}
