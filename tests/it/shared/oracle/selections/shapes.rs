//! What else a row of an entity can be: the entity with loads, or a view with fields of every kind.
//!
//! What they mean is worked out on rows in memory, field by field.

mod school;
mod staff;
mod goods;

use std::rc::Rc;

use relata::{Entity, Query};
use serde_json::{Map, Value as Json};

use super::super::asked::{Relation, Table};
use super::super::walks::pages::Pages;
use super::by::Fold;
use super::meaning::{At, Meaning};
use super::naive::{Sorted, compare};
use super::run::Asks;
use super::tables::Tables;
use super::values::Val;

pub use goods::{of_branch, of_item};
pub use school::{of_course, of_lecturer, of_student};
pub use staff::{of_employee, of_room};

/// A shape that rows of `E` are given as.
pub struct Shaped<E: Entity> {
    pub asks: fn(Query<E>) -> Box<dyn Asks>,
    pub pages: fn(Query<E>) -> Box<dyn Pages>,
    /// The row as JSON.
    pub is: Meaning,
}

/// The shapes of an entity, each beside what it means.
macro_rules! shaped {
    ($(|$query:ident| $shaped:expr => $is:expr;)*) => {
        vec![$($crate::shared::oracle::selections::shapes::Shaped {
            asks: |$query| $crate::shared::oracle::selections::run::entities($shaped),
            pages: |$query| Box::new($shaped),
            is: $is.meaning(),
        }),*]
    };
}
use shaped;

/// A value of a row, by its number.
type Field = Rc<dyn Fn(&Tables, usize) -> Json>;

/// The fields of a row.
#[derive(Clone)]
struct Fields {
    table: &'static Table,
    /// All columns are among them.
    whole: bool,
    fields: Vec<(&'static str, Field)>,
}

/// An entity, whose loads are to follow.
fn entity(table: &'static Table) -> Fields {
    Fields { table, whole: true, fields: Vec::new() }
}

/// A view, whose fields are to follow.
fn view(table: &'static Table) -> Fields {
    Fields { table, whole: false, fields: Vec::new() }
}

impl Fields {
    fn field(mut self, name: &'static str, field: Field) -> Self {
        self.fields.push((name, field));
        self
    }

    /// Columns by their own names.
    fn columns<const N: usize>(self, names: [&'static str; N]) -> Self {
        let table = self.table.name;
        names
            .into_iter()
            .fold(self, |all, name| all.field(name, Rc::new(move |tables, row| tables.get(table, row, name).json())))
    }

    fn json(&self, tables: &Tables, row: usize) -> Json {
        let mut json = match tables.row(self.table.name, row) {
            Val::Row(Json::Object(columns)) if self.whole => columns,
            _ => Map::new(),
        };
        json.extend(self.fields.iter().map(|(name, field)| ((*name).to_owned(), field(tables, row))));
        Json::Object(json)
    }

    fn meaning(self) -> Meaning {
        let at = At::root(self.table);
        let names: Vec<&str> = self.fields.iter().map(|(name, _)| *name).collect();
        let text = format!("{} as {}{names:?}", at.text, if self.whole { "itself and " } else { "" });
        Meaning::new(text, 0, move |tables, envs| {
            at.row(tables, &envs[0]).map_or(Val::Null, |row| Val::Row(self.json(tables, row)))
        })
    }
}

/// The rows at the end of a path, once for each way that leads to them.
fn ends(tables: &Tables, path: &[&'static Relation], row: usize) -> Vec<usize> {
    path.iter()
        .fold(vec![row], |rows, relation| rows.into_iter().flat_map(|row| tables.reached(relation, row)).collect())
}

/// A column at the end of a path to one row, or NULL.
fn along<const N: usize>(path: [&'static Relation; N], column: &'static str) -> Field {
    Rc::new(move |tables, row| {
        let end = ends(tables, &path, row).first().copied();
        end.zip(path.last()).map_or(Json::Null, |(end, last)| tables.get(last.target.name, end, column).json())
    })
}

/// An aggregate of a column at the end of a path, of the rows whose column is true, if one is named.
fn fold<const N: usize>(
    of: Fold,
    path: [&'static Relation; N],
    column: &'static str,
    only: Option<&'static str>,
) -> Field {
    let target = path[N - 1].target.name;
    Rc::new(move |tables, row| {
        let mut rows = ends(tables, &path, row);
        rows.retain(|row| only.is_none_or(|only| tables.get(target, *row, only).same(&Val::Bool(true))));
        of.of(rows.into_iter().map(|row| tables.get(target, row, column).clone()).collect()).json()
    })
}

/// The rows of a relation to many, by columns and directions, without the first ones and at most so many.
fn many<const N: usize>(
    relation: &'static Relation,
    order: [(&'static str, bool); N],
    [offset, limit]: [usize; 2],
    fields: Fields,
) -> Field {
    let target = relation.target.name;
    let sorted = |descending: bool| Sorted { by: Meaning::constant(Val::Null), descending, nulls_first: descending };
    let sorts: Vec<Sorted> = order.iter().map(|(_, descending)| sorted(*descending)).collect();
    Rc::new(move |tables, row| {
        let place = |row: usize| -> Vec<Val> {
            order.iter().map(|(column, _)| tables.get(target, row, column).clone()).collect()
        };
        let mut rows = tables.reached(relation, row);
        rows.sort_by(|one, other| compare(&sorts, &place(*one), &place(*other)));
        rows.into_iter().skip(offset).take(limit).map(|row| fields.json(tables, row)).collect()
    })
}

/// The row of a relation to one.
fn maybe(relation: &'static Relation, fields: Fields) -> Field {
    Rc::new(move |tables, row| {
        tables.reached(relation, row).first().map_or(Json::Null, |row| fields.json(tables, *row))
    })
}

/// No limit.
const ALL: [usize; 2] = [0, usize::MAX];
