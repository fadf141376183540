//! All rows of all tables, fetched once for a case, and what relations lead to among them.
//!
//! Relations are those that the other oracles describe by hand, in SQL; here their few forms are read, and looked up
//! pair by pair. A tag's code is one whatever its case, as its collation has it.

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

use serde_json::Value as Json;
use tokio_postgres::Client;

use super::super::asked::{Link, Relation, Table};
use super::super::case::Data;
use super::values::{Cell, Val};

/// One table: its columns, and its rows in the order of the heap.
#[derive(Debug, Default)]
pub struct Rows {
    columns: Vec<String>,
    rows: Vec<Vec<Val>>,
}

impl Rows {
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    fn get(&self, row: usize, column: &str) -> &Val {
        let at = self.columns.iter().position(|known| known == column);
        &self.rows[row][at.unwrap_or_else(|| panic!("no column {column}"))]
    }
}

/// For each row of a relation's source, the rows of its target, each once.
type Reached = Rc<Vec<Vec<usize>>>;

/// All rows of all tables. A row is its number.
#[derive(Debug, Default)]
pub struct Tables {
    tables: HashMap<&'static str, Rows>,
    reached: RefCell<HashMap<(&'static str, &'static str), Reached>>,
}

impl Tables {
    pub async fn fetch(client: &Client, data: &Data) -> Tables {
        let mut tables = HashMap::new();
        for &(name, _) in &data.0 {
            let found = client.prepare(&format!("SELECT * FROM {name}")).await.unwrap();
            let columns = found.columns().iter().map(|column| column.name().to_owned()).collect();
            let rows = client.query(&found, &[]).await.unwrap();
            let rows = rows.iter().map(|row| (0..row.len()).map(|at| row.get::<_, Cell>(at).plain()).collect());
            tables.insert(name, Rows { columns, rows: rows.collect() });
        }
        Tables { tables, reached: RefCell::default() }
    }

    pub fn rows(&self, table: &str) -> &Rows {
        &self.tables[table]
    }

    pub fn get(&self, table: &str, row: usize, column: &str) -> &Val {
        self.rows(table).get(row, column)
    }

    /// A whole row.
    pub fn row(&self, table: &str, row: usize) -> Val {
        let rows = self.rows(table);
        let columns = rows.columns.iter().zip(&rows.rows[row]);
        Val::Row(columns.map(|(name, value)| (name.clone(), value.json())).collect())
    }

    /// The row that has the key of this one.
    pub fn find(&self, table: &Table, row: &Json) -> Option<usize> {
        let has = |at: &usize| table.key.iter().all(|key| self.get(table.name, *at, key).json() == row[*key]);
        (0..self.rows(table.name).len()).find(has)
    }

    /// The rows that a relation leads to from this row, each once.
    pub fn reached(&self, relation: &'static Relation, row: usize) -> Vec<usize> {
        let key = (relation.source.name, relation.name);
        let known = self.reached.borrow().get(&key).map(Rc::clone);
        let all = known.unwrap_or_else(|| {
            let all = Rc::new(self.follow(relation));
            self.reached.borrow_mut().insert(key, Rc::clone(&all));
            all
        });
        all[row].clone()
    }

    /// The rows that a many-to-many leads to from this row, each with a row of the association, as often as there is one.
    pub fn links(&self, relation: &'static Relation, row: usize) -> Vec<(usize, usize)> {
        let Link::Through { table, near, far, only, .. } = &relation.link else { return Vec::new() };
        let conditions = [Some(*near), Some(*far), *only].map(Conditions::read);
        let mut links = Vec::new();
        for child in self.reached(relation, row) {
            for between in 0..self.rows(table).len() {
                let place = |letter: &str| match letter {
                    "p" => (relation.source.name, row),
                    "t" => (relation.target.name, child),
                    _ => (*table, between),
                };
                if conditions.iter().all(|conditions| conditions.hold(self, place)) {
                    links.push((child, between));
                }
            }
        }
        links
    }

    fn follow(&self, relation: &Relation) -> Vec<Vec<usize>> {
        let (source, target) = (relation.source.name, relation.target.name);
        let only = Conditions::read(relation.only);
        let mut all = Vec::new();
        for parent in 0..self.rows(source).len() {
            let mut found = Vec::new();
            for child in 0..self.rows(target).len() {
                let place = |letter: &str| if letter == "p" { (source, parent) } else { (target, child) };
                let leads = match &relation.link {
                    Link::Direct(link) => Conditions::read(Some(link)).hold(self, place),
                    Link::Through { table, near, far, only, .. } => {
                        let conditions = [Some(*near), Some(*far), *only].map(Conditions::read);
                        (0..self.rows(table).len()).any(|between| {
                            let place = |letter: &str| if letter == "a" { (*table, between) } else { place(letter) };
                            conditions.iter().all(|conditions| conditions.hold(self, place))
                        })
                    }
                };
                if leads && only.hold(self, place) {
                    found.push(child);
                }
            }
            all.push(found);
        }
        all
    }
}

/// `{p}.a = {t}.b AND {t}.c IS NULL AND {t}.d AND {a}.e = 'x'`, in parts.
struct Conditions<'c>(Vec<Condition<'c>>);

enum Condition<'c> {
    Equal(Operand<'c>, Operand<'c>),
    Null(Operand<'c>),
    True(Operand<'c>),
}

#[derive(Clone, Copy)]
enum Operand<'c> {
    Column { letter: &'c str, column: &'c str },
    Text(&'c str),
    Int(i64),
}

impl<'c> Conditions<'c> {
    fn read(text: Option<&'c str>) -> Self {
        let all = text.into_iter().flat_map(|text| text.split(" AND "));
        Conditions(
            all.map(|one| {
                if let Some((left, right)) = one.split_once(" = ") {
                    Condition::Equal(Operand::read(left), Operand::read(right))
                } else if let Some(item) = one.strip_suffix(" IS NULL") {
                    Condition::Null(Operand::read(item))
                } else {
                    Condition::True(Operand::read(one))
                }
            })
            .collect(),
        )
    }

    fn hold(&self, tables: &Tables, place: impl Fn(&str) -> (&'static str, usize)) -> bool {
        let value = |operand: Operand<'_>| match operand {
            Operand::Column { letter, column } => {
                let (table, row) = place(letter);
                tables.get(table, row, column).clone()
            }
            Operand::Text(text) => Val::Text(text.to_owned()),
            Operand::Int(number) => Val::Int(number),
        };
        let folded = |operand: Operand<'_>| match (operand, value(operand)) {
            (Operand::Column { column: "tag" | "code", .. }, Val::Text(text)) => Val::Text(text.to_lowercase()),
            (_, value) => value,
        };
        self.0.iter().all(|condition| match *condition {
            Condition::Equal(left, right) => folded(left).equals(&folded(right)) == Some(true),
            Condition::Null(item) => value(item).is_null(),
            Condition::True(item) => value(item).same(&Val::Bool(true)),
        })
    }
}

impl<'c> Operand<'c> {
    fn read(text: &'c str) -> Self {
        if let Some((letter, column)) = text.strip_prefix('{').and_then(|text| text.split_once("}.")) {
            return Operand::Column { letter, column };
        }
        match text.strip_prefix('\'').and_then(|text| text.strip_suffix('\'')) {
            Some(text) => Operand::Text(text),
            None => Operand::Int(text.parse().unwrap()),
        }
    }
}
