//! Conditions and expressions, made as they were drawn of what can be said of an entity's rows.

use std::any::{Any, TypeId};
use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

use relata::Predicate;
use relata::expr::{PerGroup, PerRow};

use super::ask::{Cond, Expr, Total};
use super::by::{By, Fold, Op};
use super::catalog::{Asked, Catalog};
use super::meaning::Meaning;
use super::term::{Term, rows_of_group, term_of};
use super::values::Pick;

/// A condition of the crate beside what it means.
pub struct Both<E, K = PerRow> {
    pub predicate: Predicate<E, K>,
    pub is: Meaning<Option<bool>>,
}

/// An entity in a query: what can be said of it, and what the queries around it lend.
pub struct Sight<E> {
    pub catalog: Rc<Catalog<E>>,
    /// The tables that the queries around it start from.
    around: Vec<&'static str>,
    lent: Vec<Term<E>>,
    /// Other values stand in the places of those that were drawn.
    twin: bool,
}

type Catalogs = HashMap<(TypeId, Option<usize>), Rc<dyn Any>>;

thread_local! {
    static CATALOGS: RefCell<Catalogs> = RefCell::default();
}

fn catalog<E: Asked>(line: Option<usize>) -> Rc<Catalog<E>> {
    let key = (TypeId::of::<E>(), line);
    let known = CATALOGS.with_borrow(|all| all.get(&key).cloned());
    let catalog = known.unwrap_or_else(|| {
        let made: Rc<dyn Any> = Rc::new(E::catalog(line));
        CATALOGS.with_borrow_mut(|all| all.insert(key, Rc::clone(&made)));
        made
    });
    catalog.downcast().unwrap_or_else(|_| panic!("a catalog of another entity"))
}

impl<E: Asked> Sight<E> {
    pub fn new(line: Option<usize>, twin: bool) -> Self {
        Sight { catalog: catalog(line), around: Vec::new(), lent: Vec::new(), twin }
    }

    /// That of a query within this one.
    pub fn within<I: Asked>(&self) -> Sight<I> {
        self.within_line(None)
    }

    /// That of a query within this one, whose rows are multiplied by the steps of a line.
    pub fn within_line<I: Asked>(&self, line: Option<usize>) -> Sight<I> {
        let mut around = self.around.clone();
        around.retain(|table| *table != E::ABOUT.name);
        around.push(E::ABOUT.name);
        let lent = around.iter().flat_map(|table| I::lent(table)).collect();
        Sight { catalog: catalog(line), around, lent, twin: self.twin }
    }

    /// The same place, for rows that are not multiplied.
    pub fn plain(&self) -> Sight<E> {
        let (around, lent) = (self.around.clone(), self.lent.clone());
        Sight { catalog: catalog(None), around, lent, twin: self.twin }
    }

    pub fn is_twin(&self) -> bool {
        self.twin
    }

    /// What the queries around lend.
    pub fn lent(&self) -> &[Term<E>] {
        &self.lent
    }

    pub fn by(&self, by: By) -> By {
        if self.twin { by.other() } else { by }
    }

    fn drawn(&self, pick: Pick) -> &Term<E> {
        // What is lent is little, and draws as often as a third of the rest.
        let lent = !self.lent.is_empty() && pick.of(4) == 3;
        Pick(pick.0 / 4).from(if lent { &self.lent } else { &self.catalog.terms })
    }

    /// An expression without what is lent: an aggregate of that alone would be one of the query around.
    pub fn own(&self, expr: &Expr) -> Term<E> {
        match expr {
            Expr::Term(pick) => pick.from(&self.catalog.terms).clone(),
            Expr::Across(across) if self.catalog.paths.is_empty() => self.own(&across.value),
            Expr::Across(_) => self.expr(expr),
            // The query may name nothing but what is lent.
            Expr::Scalar(ask) => self.own(&Expr::Term(ask.root)),
        }
    }

    pub fn expr(&self, expr: &Expr) -> Term<E> {
        match expr {
            Expr::Term(pick) => self.drawn(*pick).clone(),
            Expr::Across(across) if self.catalog.paths.is_empty() => self.expr(&across.value),
            Expr::Across(across) => across.path.from(&self.catalog.paths).aggregate(across, self),
            Expr::Scalar(ask) => self.scalar(ask),
        }
    }

    pub fn condition(&self, cond: &Cond) -> Both<E> {
        match cond {
            Cond::Compare { value, by } => self.expr(value).compared(self.by(*by)),
            Cond::Null { value, negated } => {
                let (term, negated) = (self.expr(value), *negated);
                let text = format!("{} is {}null", term.is.text, if negated { "not " } else { "" });
                let is = term.is.map(text, move |value| Some(value.is_null() != negated));
                Both { predicate: term.is_null(negated), is }
            }
            Cond::Beside { one, op, other } => {
                let one = self.drawn(*one);
                let all = self.catalog.terms.iter().chain(&self.lent);
                let alike: Vec<&Term<E>> = all.filter(|term| term.typed.ty() == one.typed.ty()).collect();
                one.beside(*op, *other.from(&alike))
            }
            Cond::Across { condition, .. } if self.catalog.paths.is_empty() => self.condition(condition),
            Cond::Exists { absent, .. } if self.catalog.paths.is_empty() => self.condition(&Cond::Constant(*absent)),
            Cond::Across { path, of, condition } => {
                path.from(&self.catalog.paths).quantified(*of, Some(condition), self)
            }
            Cond::Exists { path, absent } => path.from(&self.catalog.paths).exists(*absent, self),
            Cond::HasRows { rows } => self.has_rows(rows),
            Cond::In { value, rows, negated } => self.in_rows(value, rows, *negated),
            Cond::Constant(value) => {
                let value = *value;
                let predicate = if value { Predicate::always() } else { Predicate::never() };
                Both { predicate, is: Meaning::new(value.to_string(), 0, move |_, _| Some(value)) }
            }
            Cond::And(one, other) => {
                let (one, other) = (self.condition(one), self.condition(other));
                Both { predicate: one.predicate & other.predicate, is: one.is.and(&other.is) }
            }
            Cond::Or(one, other) => {
                let (one, other) = (self.condition(one), self.condition(other));
                Both { predicate: one.predicate | other.predicate, is: one.is.or(&other.is) }
            }
            Cond::Not(inner) => {
                let inner = self.condition(inner);
                Both { predicate: !inner.predicate, is: inner.is.not() }
            }
        }
    }

    /// An aggregate of a group.
    pub fn total(&self, total: &Total) -> Term<E, PerGroup> {
        let all: Vec<&Term<E>> = self.catalog.terms.iter().filter(|term| term.typed.has_totals()).collect();
        let value = *total.value.from(&all);
        let of = total.of.fit(value.typed.ty());
        let filter = total.filter.as_ref().map(|cond| self.condition(cond));
        let steps = filter.as_ref().map_or(0, |filter| filter.is.steps);
        let steps = if of == Fold::Rows { steps } else { steps | value.is.steps };
        let text = filter.as_ref().map_or_else(String::new, |filter| format!(" filter ({})", filter.is.text));
        let text = format!("{of:?}({}){text}", if of == Fold::Rows { "*" } else { &value.is.text });
        let predicate = filter.as_ref().map(|filter| filter.predicate.clone());
        let typed = match of {
            Fold::Rows => rows_of_group(predicate),
            of => value.typed.total(of, predicate).unwrap_or_else(|| panic!("no {text}")),
        };
        let (value, filter) = (value.is.clone(), filter.map(|filter| filter.is));
        let is = Meaning::new(text, steps, move |tables, envs| {
            let met =
                envs.iter().filter(|env| filter.as_ref().is_none_or(|filter| filter.one(tables, env) == Some(true)));
            of.of(met.map(|env| value.one(tables, env)).collect())
        });
        term_of(typed, is)
    }
}

impl<E: 'static, K: 'static> Term<E, K> {
    pub fn compared(&self, by: By) -> Both<E, K> {
        let typed = Rc::clone(&self.typed);
        let is = self.is.map(format!("{} {by:?}", self.is.text), move |value| typed.holds(by, &value));
        Both { predicate: self.typed.compared(by), is }
    }
}

impl<E: 'static> Term<E> {
    fn beside(&self, op: Op, other: &Term<E>) -> Both<E> {
        let predicate = self.typed.beside(op, other.typed.erased());
        Both { predicate, is: self.is.beside(op.simple(), &other.is) }
    }
}
