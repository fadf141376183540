//! What an expression means to the naive evaluator: a function of the rows that it stands in.

use std::rc::Rc;

use super::super::asked::{Reach, Relation, Table};
use super::by::Op;
use super::tables::Tables;
use super::values::{Val, and, not, or};

/// Where an expression is evaluated: a row of the root and of each step that multiplies rows, and the rows of the
/// queries around it.
#[derive(Debug, Clone)]
pub struct Env {
    pub rows: Vec<Option<usize>>,
    pub around: Vec<(&'static str, usize)>,
}

impl Env {
    /// The rows that a query within this place sees around it.
    pub fn seen_within(&self, root: &'static str) -> Vec<(&'static str, usize)> {
        let mut around = self.around.clone();
        around.extend(self.rows[0].map(|outer| (root, outer)));
        around
    }

    /// A row at the end of a path from this one.
    pub fn within(&self, root: &'static str, row: usize) -> Env {
        Env { rows: vec![Some(row)], around: self.seen_within(root) }
    }
}

/// A value of a group of rows; where there are no groups, of one.
type Of<T> = Rc<dyn Fn(&Tables, &[Env]) -> T>;

/// A value or a condition, without its types.
#[derive(Clone)]
pub struct Meaning<T = Val> {
    pub text: String,
    /// The steps that multiply rows which it names, a bit each; the root is no step.
    pub steps: u8,
    /// It may be NULL against its type, where a row is missing that a relation promises.
    pub promised: bool,
    /// It is a column of the root's row (0) or of a step's.
    pub column_of: Option<usize>,
    pub of: Of<T>,
}

impl<T: 'static> Meaning<T> {
    pub fn new(text: impl Into<String>, steps: u8, of: impl Fn(&Tables, &[Env]) -> T + 'static) -> Self {
        Meaning { text: text.into(), steps, promised: false, column_of: None, of: Rc::new(of) }
    }

    /// Its value for one row.
    pub fn one(&self, tables: &Tables, env: &Env) -> T {
        (self.of)(tables, std::slice::from_ref(env))
    }

    pub fn map<U: 'static>(&self, text: impl Into<String>, map: impl Fn(T) -> U + 'static) -> Meaning<U> {
        let of = Rc::clone(&self.of);
        let promised = self.promised;
        Meaning { promised, ..Meaning::new(text, self.steps, move |tables, envs| map(of(tables, envs))) }
    }

    fn both<U: 'static>(&self, other: &Meaning<T>, text: String, join: impl Fn(T, T) -> U + 'static) -> Meaning<U> {
        let (one, two) = (Rc::clone(&self.of), Rc::clone(&other.of));
        let (steps, promised) = (self.steps | other.steps, self.promised || other.promised);
        Meaning {
            promised,
            ..Meaning::new(text, steps, move |tables, envs| join(one(tables, envs), two(tables, envs)))
        }
    }
}

impl Meaning {
    /// The sum of two numbers, or NULL.
    pub fn plus(&self, other: &Meaning) -> Meaning {
        self.both(other, format!("({} + {})", self.text, other.text), |one, other| match (one, other) {
            (Val::Int(one), Val::Int(other)) => Val::Int(one + other),
            (Val::Null, _) | (_, Val::Null) => Val::Null,
            (one, other) => panic!("{one:?} + {other:?}"),
        })
    }

    /// Two texts, or NULL.
    pub fn concat(&self, other: &Meaning) -> Meaning {
        self.both(other, format!("({} || {})", self.text, other.text), |one, other| match (one, other) {
            (Val::Text(one), Val::Text(other)) => Val::Text(one + &other),
            (Val::Null, _) | (_, Val::Null) => Val::Null,
            (one, other) => panic!("{one:?} || {other:?}"),
        })
    }

    /// The first that is not NULL.
    pub fn or(&self, other: &Meaning) -> Meaning {
        let text = format!("coalesce({}, {})", self.text, other.text);
        self.both(other, text, |one, other| if one.is_null() { other } else { one })
    }

    /// Compared with another value.
    pub fn beside(&self, op: Op, other: &Meaning) -> Meaning<Option<bool>> {
        let text = format!("{} {op:?} {}", self.text, other.text);
        self.both(other, text, move |one, other| op.holds(&one, &other))
    }

    pub fn lower(&self) -> Meaning {
        // As the locale C has it.
        self.map(format!("lower({})", self.text), |value| match value {
            Val::Text(text) => Val::Text(text.to_ascii_lowercase()),
            other => other,
        })
    }

    /// NULL where it is this value.
    pub fn null_if(&self, value: Val) -> Meaning {
        let text = format!("nullif({}, {})", self.text, value.json());
        self.map(text, move |known| if known.equals(&value) == Some(true) { Val::Null } else { known })
    }

    /// The same value for all rows.
    pub fn constant(value: Val) -> Meaning {
        Meaning::new(value.json().to_string(), 0, move |_, _| value.clone())
    }

    /// Whether it is equal to the value.
    pub fn is(&self, value: Val) -> Meaning<Option<bool>> {
        self.map(format!("{} = {}", self.text, value.json()), move |known| known.equals(&value))
    }
}

impl Meaning<Option<bool>> {
    /// The first value where it holds, else the second.
    pub fn choose(&self, then: &Meaning, otherwise: &Meaning) -> Meaning {
        let (this, one, other) = (self.clone(), then.clone(), otherwise.clone());
        let text = format!("case {} then {} else {}", this.text, one.text, other.text);
        let (steps, promised) = (this.steps | one.steps | other.steps, one.promised || other.promised);
        let is = Meaning::new(text, steps, move |tables, envs| {
            if (this.of)(tables, envs) == Some(true) { (one.of)(tables, envs) } else { (other.of)(tables, envs) }
        });
        Meaning { promised, ..is }
    }

    pub fn and(&self, other: &Self) -> Self {
        self.both(other, format!("({} & {})", self.text, other.text), and)
    }

    pub fn or(&self, other: &Self) -> Self {
        self.both(other, format!("({} | {})", self.text, other.text), or)
    }

    pub fn not(&self) -> Self {
        self.map(format!("!{}", self.text), not)
    }
}

/// A row that paths to one row lead to, from the root or from a step that multiplies rows.
#[derive(Clone)]
pub struct At {
    pub slot: usize,
    pub table: &'static str,
    pub text: String,
    hops: Vec<&'static Relation>,
}

impl At {
    pub fn root(table: &'static Table) -> At {
        At { slot: 0, table: table.name, text: table.entity.to_owned(), hops: Vec::new() }
    }

    /// The row of a step that multiplies rows.
    pub fn step(slot: usize, table: &'static Table, text: impl Into<String>) -> At {
        At { slot, table: table.name, text: text.into(), hops: Vec::new() }
    }

    /// The row that a relation to one leads to.
    pub fn to(&self, relation: &'static Relation) -> At {
        assert_eq!(self.table, relation.source.name, "{}.{}", self.text, relation.name);
        let mut at = self.clone();
        at.hops.push(relation);
        at.table = relation.target.name;
        at.text = format!("{}.{}", self.text, relation.name);
        at
    }

    pub fn steps(&self) -> u8 {
        if self.slot == 0 { 0 } else { 1 << (self.slot - 1) }
    }

    /// The row, if there is one.
    pub fn row(&self, tables: &Tables, env: &Env) -> Option<usize> {
        let start = env.rows[self.slot];
        self.hops.iter().fold(start, |row, hop| row.and_then(|row| tables.reached(hop, row).first().copied()))
    }

    /// A column of the row.
    pub fn col(&self, column: &'static str) -> Meaning {
        let at = self.clone();
        let is = Meaning::new(format!("{}.{column}", self.text), self.steps(), move |tables, envs| {
            let row = at.row(tables, &envs[0]);
            row.map_or(Val::Null, |row| tables.get(at.table, row, column).clone())
        });
        Meaning { promised: self.is_promised(), column_of: self.hops.is_empty().then_some(self.slot), ..is }
    }

    /// The row itself.
    pub fn entity(&self) -> Meaning {
        let at = self.clone();
        let is = Meaning::new(self.text.clone(), self.steps(), move |tables, envs| {
            at.row(tables, &envs[0]).map_or(Val::Null, |row| tables.row(at.table, row))
        });
        Meaning { promised: self.is_promised(), ..is }
    }

    /// A column of the row, in a query around the expression's own, the nearest one from this entity.
    pub fn outer(&self, column: &'static str) -> Meaning {
        let (at, inside, root) = (self.clone(), self.col(column), self.root_table());
        let text = format!("outer({}.{column})", at.text);
        Meaning::new(text, 0, move |tables, envs| {
            let found = envs[0].around.iter().rposition(|(table, _)| *table == root);
            let place = found.unwrap_or_else(|| panic!("no {root} around"));
            let (rest, row) = (&envs[0].around[..place], envs[0].around[place].1);
            inside.one(tables, &Env { rows: vec![Some(row)], around: rest.to_vec() })
        })
    }

    /// Whether a row on the way is promised, and may be missing all the same.
    fn is_promised(&self) -> bool {
        self.hops.iter().any(|hop| hop.reach == Reach::Promised)
    }

    fn root_table(&self) -> &'static str {
        self.hops.first().map_or(self.table, |hop| hop.source.name)
    }
}
