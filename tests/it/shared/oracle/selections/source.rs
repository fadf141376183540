//! Where rows come from instead of a table: two queries as one, or SQL of the program's own.

use std::cell::RefCell;
use std::collections::HashMap;
use std::fmt;
use std::rc::Rc;

use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::sample::select;
use relata::{Query, Queryable};

use super::super::asked::Table;
use super::ask::{Cond, Expr, Sort, condition, order};
use super::catalog::Asked;
use super::held::Held;
use super::meaning::Env;
use super::query::parted;
use super::sight::Sight;
use super::tables::Tables;
use super::values::{Pick, Ty, Val, pick};

/// Where the rows of a query come from.
#[derive(Debug, Clone)]
pub enum Source {
    Table,
    /// One of the texts that there are for every table, with a value in its gap.
    Text {
        which: Pick,
        value: Pick,
    },
    Set {
        of: SetOf,
        one: Box<Part>,
        other: Box<Part>,
    },
}

/// One side of a set operation.
#[derive(Debug, Clone)]
pub struct Part {
    pub source: Source,
    pub filters: Vec<Cond>,
    pub order: Vec<Sort<Expr>>,
    pub limit: Option<Pick>,
    pub offset: Option<Pick>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SetOf {
    Union,
    UnionAll,
    Intersect,
    Except,
}

/// A source with at most so many set operations within each other, whose conditions have so many queries within them.
pub fn source(sets: u32, depth: u32) -> BoxedStrategy<Source> {
    let text = (pick(), pick()).prop_map(|(which, value)| Source::Text { which, value });
    if sets == 0 {
        return prop_oneof![5 => Just(Source::Table), 1 => text].boxed();
    }
    let set = (set_of(), part(sets - 1, depth), part(sets - 1, depth)).prop_map(|(of, one, other)| Source::Set {
        of,
        one: Box::new(one),
        other: Box::new(other),
    });
    prop_oneof![6 => Just(Source::Table), 2 => text, 2 => set].boxed()
}

pub fn set_of() -> impl Strategy<Value = SetOf> {
    select(vec![SetOf::Union, SetOf::UnionAll, SetOf::Intersect, SetOf::Except])
}

fn part(sets: u32, depth: u32) -> impl Strategy<Value = Part> {
    let counted = (option::weighted(0.3, pick()), option::weighted(0.2, pick()));
    (source(sets, depth), vec(condition(depth), 0..2), order(), counted)
        .prop_map(|(source, filters, order, (limit, offset))| Part { source, filters, order, limit, offset })
}

impl SetOf {
    /// What it makes of two lists.
    pub fn of<T>(self, one: Vec<T>, other: Vec<T>, same: impl Fn(&T, &T) -> bool) -> Vec<T> {
        let kept: Box<dyn Fn(&T) -> bool> = match self {
            SetOf::UnionAll => return one.into_iter().chain(other).collect(),
            SetOf::Union => return once(one.into_iter().chain(other), same),
            SetOf::Intersect => Box::new(|row| other.iter().any(|known| same(known, row))),
            SetOf::Except => Box::new(|row| !other.iter().any(|known| same(known, row))),
        };
        once(one.into_iter().filter(kept), &same)
    }
}

fn once<T>(rows: impl Iterator<Item = T>, same: impl Fn(&T, &T) -> bool) -> Vec<T> {
    let mut all: Vec<T> = Vec::new();
    for row in rows {
        if !all.iter().any(|known| same(known, &row)) {
            all.push(row);
        }
    }
    all
}

/// The rows of the queries around, from the outermost.
pub type Around = [(&'static str, usize)];

/// What a source means: the numbers of the table's rows, perhaps one several times.
#[derive(Clone)]
pub struct Sourced {
    pub text: String,
    /// `None` for all rows of the table.
    pub rows: Option<Rows>,
    /// A row may come several times.
    pub doubles: bool,
}

type Rows = Rc<dyn Fn(&Tables, &Around) -> Vec<usize>>;

impl Sourced {
    pub fn table(table: &'static Table) -> Self {
        Sourced { text: table.name.to_owned(), rows: None, doubles: false }
    }

    fn new(text: String, doubles: bool, rows: impl Fn(&Tables, &Around) -> Vec<usize> + 'static) -> Self {
        Sourced { text, rows: Some(Rc::new(rows)), doubles }
    }

    pub fn rows(&self, name: &'static str, tables: &Tables, around: &Around) -> Vec<usize> {
        self.rows.as_ref().map_or_else(|| (0..tables.rows(name).len()).collect(), |rows| rows(tables, around))
    }
}

impl fmt::Display for Sourced {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl<E: Asked> Sight<E> {
    /// A query of the source's rows, and what they are.
    pub fn sourced(&self, source: &Source) -> (Query<E>, Sourced) {
        match source {
            Source::Table => (E::query(), Sourced::table(E::ABOUT)),
            Source::Text { which, value } => self.text(*which, *value),
            Source::Set { of, one, other } => {
                let ((one, first), (other, second)) = (parted(self.plain(), one), parted(self.plain(), other));
                let query = match of {
                    SetOf::Union => one.union(other),
                    SetOf::UnionAll => one.union_all(other),
                    SetOf::Intersect => one.intersect(other),
                    SetOf::Except => one.except(other),
                };
                let of = *of;
                let text = format!("({} {of:?} {})", first.told(), second.told());
                let doubles = of == SetOf::UnionAll;
                let is = Sourced::new(text, doubles, move |tables, around| {
                    of.of(first.roots(tables, around), second.roots(tables, around), |one, other| one == other)
                });
                (query, is)
            }
        }
    }

    fn text(&self, which: Pick, value: Pick) -> (Query<E>, Sourced) {
        let (table, value) = (E::ABOUT, if self.is_twin() { value.other() } else { value });
        let (name, key) = (table.name, table.key[0]);
        let (greater, limit) = (["", "1", "3", "A", "a"][value.of(5)], value.of(6));
        let of_key = move |tables: &Tables, row: usize| match tables.get(name, row, key) {
            Val::Text(text) => text.clone(),
            other => other.json().to_string().trim_end_matches(".0").to_owned(),
        };
        let key = format!("CAST({key} AS text) COLLATE \"C\"");
        let all = move |tables: &Tables| 0..tables.rows(name).len();
        let lent = self.lent().iter().find(|term| term.typed.ty() == Ty::Text);
        let (query, doubles, rows): (Query<E>, bool, Rows) = match (which.of(7), lent) {
            (0, Some(lent)) => {
                // A value of the query around it.
                let text = kept(format!("SELECT * FROM {name} WHERE {key} <= {{}}"));
                let (query, is) = (E::from_sql(text, (Held::<E, String>::new(lent.typed.erased()),)), lent.is.clone());
                let rows = move |tables: &Tables, around: &Around| {
                    let lent = is.one(tables, &Env { rows: vec![None], around: around.to_vec() });
                    let is_less = |row: &usize| Val::Text(of_key(tables, *row)).compare(&lent);
                    all(tables).filter(|row| is_less(row).is_some_and(|order| order.is_le())).collect()
                };
                (query, false, Rc::new(rows))
            }
            (0 | 1, _) => {
                let text = kept(format!("SELECT * FROM {name} WHERE {key} > {{}}"));
                let rows = move |tables: &Tables, _: &Around| {
                    all(tables).filter(|row| of_key(tables, *row).as_str() > greater).collect()
                };
                (E::from_sql(text, (greater,)), false, Rc::new(rows))
            }
            (2 | 3, _) => {
                let text = kept(format!(
                    "SELECT * FROM {name} UNION ALL SELECT one.* FROM {name} one WHERE {key} >= {{}} AND {key} <= {{}}"
                ));
                let rows = move |tables: &Tables, _: &Around| {
                    let is_some = |row: &usize| ("1"..=greater).contains(&of_key(tables, *row).as_str());
                    all(tables).chain(all(tables).filter(is_some)).collect()
                };
                (E::from_sql(text, ("1", greater)), true, Rc::new(rows))
            }
            (4, _) => {
                let keys = table.key.join(", ");
                let text = kept(format!(
                    "WITH few AS (SELECT * FROM {name} ORDER BY {keys} LIMIT {{}}) SELECT 'x' AS other, few.* FROM few"
                ));
                let rows = move |tables: &Tables, _: &Around| {
                    let mut rows: Vec<usize> = all(tables).collect();
                    let keys = |row: usize| table.key.iter().map(move |key| tables.get(name, row, key));
                    rows.sort_by(|one, other| {
                        let mut orders = keys(*one).zip(keys(*other)).map(|(one, other)| one.compare(other).unwrap());
                        orders.find(|order| order.is_ne()).unwrap_or(std::cmp::Ordering::Equal)
                    });
                    rows.truncate(limit);
                    rows
                };
                (E::from_sql(text, (limit as i32,)), false, Rc::new(rows))
            }
            _ => {
                let columns: Vec<&str> = E::TABLE.columns.iter().rev().map(|column| column.name).collect();
                let text = kept(format!("SELECT {}, {{}} AS more FROM {name}", columns.join(", ")));
                (
                    E::from_sql(text, (greater,)),
                    false,
                    Rc::new(move |tables: &Tables, _: &Around| all(tables).collect()),
                )
            }
        };
        let text = format!("{name} text {} with {greater} or {limit}", which.of(7));
        (query, Sourced { text, rows: Some(rows), doubles })
    }
}

thread_local! {
    static TEXTS: RefCell<HashMap<String, &'static str>> = RefCell::default();
}

/// A text that is part of the program, as the crate asks for: each is kept once.
fn kept(text: String) -> &'static str {
    let known = TEXTS.with_borrow(|all| all.get(&text).copied());
    known.unwrap_or_else(|| {
        let kept: &'static str = Box::leak(text.clone().into_boxed_str());
        TEXTS.with_borrow_mut(|all| all.insert(text, kept));
        kept
    })
}
