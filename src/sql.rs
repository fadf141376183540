//! Renders the levels of a plan to statements.
//!
//! Pure: it chooses no strategy, does no I/O and knows no rows. It alone knows sea-query, which quotes the
//! identifiers and numbers the placeholders; values are never part of the text.

mod layout;
mod render;

use std::collections::HashSet;
use std::fmt;
use std::sync::Arc;

use crate::entity::{Entity, Shape};
use crate::error::{Error, ErrorKind};
use crate::page::Cursor;
use crate::plan::{Edge, Level, PageOf, Plan};
use crate::query::{Combined, Query, Select};
use crate::schema::Table;
use crate::value::Value;

pub(crate) use layout::{Carries, Part};
pub(crate) use render::{count, exists};

/// One statement: its text, what its placeholders stand for, and the level that it fetches.
#[derive(Debug, Clone)]
pub struct Statement {
    path: Arc<str>,
    text: String,
    params: Vec<Param>,
    /// The tables that the text names `t0`, `t1` and so on; `None` for a batch of keys.
    tables: Vec<Option<&'static Table>>,
}

/// What a placeholder stands for.
#[derive(Debug, Clone)]
pub(crate) enum Param {
    /// A value that the query was built with.
    Value(Value),
    /// A limit or an offset.
    Rows(i64),
    /// The parents' keys: this column of them.
    Keys(usize),
    /// A part of a cursor, or of several.
    Cursor(Value),
}

impl Param {
    fn rows(rows: u64) -> Self {
        Param::Rows(i64::try_from(rows).unwrap_or(i64::MAX))
    }
}

impl Statement {
    /// The entity or relation that it fetches: `User` or `User.posts`.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// The SQL text.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// What the placeholders stand for, in their order: values as they print, `keys` for the parents' keys, `cursor` for a
    /// part of a cursor.
    ///
    /// Values are shown here and nowhere else.
    pub fn params(&self) -> Vec<String> {
        let show = |param: &Param| match param {
            Param::Value(value) => format!("{:?}", value.as_sql()),
            Param::Rows(rows) => rows.to_string(),
            Param::Keys(_) => String::from("keys"),
            Param::Cursor(_) => String::from("cursor"),
        };
        self.params.iter().map(show).collect()
    }

    pub(crate) fn shared_path(&self) -> &Arc<str> {
        &self.path
    }

    pub(crate) fn bound(&self) -> &[Param] {
        &self.params
    }

    /// Whether a cursor is part of it.
    pub(crate) fn has_cursor(&self) -> bool {
        self.params.iter().any(|param| matches!(param, Param::Cursor(_)))
    }

    pub(crate) fn tables(&self) -> &[Option<&'static Table>] {
        &self.tables
    }
}

/// The statements of a query: the root's, then those of its loads, each before those below it.
///
/// A load's statement runs only if the level above it has rows with a key.
#[derive(Debug, Clone)]
pub struct Statements(Vec<Statement>);

impl Statements {
    /// Those of a plan that nobody has checked: what is nested too deep is not rendered.
    fn of(plan: Plan) -> Self {
        if let Err(error) = plan.check_depth() {
            let (path, text) = (plan.root.path.clone(), format!("-- {error}"));
            return Statements(vec![Statement { path, text, params: Vec::new(), tables: Vec::new() }]);
        }
        let tree = Tree::new(plan);
        let mut all = Vec::new();
        tree.statements(&mut all);
        Statements(all.into_iter().cloned().collect())
    }

    /// The text of the root's statement.
    pub fn text(&self) -> &str {
        self.0.first().map_or("", Statement::text)
    }

    /// All of them.
    pub fn iter(&self) -> std::slice::Iter<'_, Statement> {
        self.0.iter()
    }
}

impl<'s> IntoIterator for &'s Statements {
    type Item = &'s Statement;
    type IntoIter = std::slice::Iter<'s, Statement>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl fmt::Display for Statements {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|statement| writeln!(f, "-- {}\n{}", statement.path, statement.text))
    }
}

impl<T: Shape> Query<T> {
    /// The statements of this query, as its verb [`all`](Self::all) runs them. Does no I/O.
    pub fn to_sql(&self) -> Statements {
        Statements::of(self.plan())
    }
}

impl<E: Entity, S> Select<E, S> {
    /// The statement of this query, as its verb [`all`](Self::all) runs it. Does no I/O.
    pub fn to_sql(&self) -> Statements {
        Statements::of(self.plan())
    }
}

impl<O> Combined<O> {
    /// The statement of this query, as its verb [`all`](Self::all) runs it. Does no I/O.
    pub fn to_sql(&self) -> Statements {
        Statements::of(self.plan())
    }
}

/// The statements of a plan, in its shape.
#[derive(Debug)]
pub(crate) struct Tree {
    /// Its position among the statements: each comes before those below it.
    pub(crate) number: usize,
    pub(crate) statement: Statement,
    /// The levels that the statement fetches, its own first, each before those joined to it.
    pub(crate) parts: Vec<Part>,
    /// What leads its own level's rows back to their parents.
    pub(crate) carries: Carries,
    /// The rows of its own level are a page.
    pub(crate) page: Option<PageIn>,
    pub(crate) below: Vec<Below>,
}

/// A page among the rows of a statement.
#[derive(Debug)]
pub(crate) struct PageIn {
    pub(crate) of: PageOf,
    /// The fingerprint of the order.
    pub(crate) order: u64,
}

fn page_in(level: &Level, edge: Option<&Edge>) -> Option<PageIn> {
    level.page.clone().map(|of| PageIn { of, order: render::fingerprint_of(level, edge) })
}

/// Whether the plan's cursors are of its orders.
pub(crate) fn check_cursors(plan: &Plan) -> Result<(), Error> {
    check_cursor(&plan.root, None, plan.root.rows.after.as_slice())?;
    check_below(&plan.root)
}

fn check_below(level: &Level) -> Result<(), Error> {
    level.edges.iter().try_for_each(|edge| {
        check_cursor(&edge.level, Some(edge), edge.after.as_deref().unwrap_or_default())?;
        check_below(&edge.level)
    })
}

fn check_cursor(level: &Level, edge: Option<&Edge>, cursors: &[Cursor]) -> Result<(), Error> {
    if cursors.is_empty() {
        return Ok(());
    }
    let order = render::fingerprint_of(level, edge);
    let keys = edge.map_or(0, |edge| edge.relation.source_columns().count());
    let fits = |cursor: &Cursor| {
        cursor.order() == order && cursor.parent().len() == keys && cursor.values().len() == level.rows.order.len()
    };
    let mut parents = HashSet::new();
    let message = if !cursors.iter().all(fits) {
        "the cursor was made by a query of other rows or of another order"
    } else if !cursors.iter().all(|cursor| parents.insert(cursor.parent())) {
        "two cursors begin the page of one parent"
    } else {
        return Ok(());
    };
    Err(Error::new(ErrorKind::InvalidCursor, message).at(&level.path))
}

/// A statement below another one.
#[derive(Debug)]
pub(crate) struct Below {
    /// The part that it starts from.
    pub(crate) part: usize,
    /// The positions in the part's rows of the key that it asks with.
    pub(crate) keys: Vec<usize>,
    pub(crate) edge: Edge,
    pub(crate) tree: Tree,
}

impl Tree {
    pub(crate) fn new(plan: Plan) -> Self {
        let mut root = plan.root;
        let statement = render::root(&root);
        let (parts, carries) = (layout::parts(&root, 0, false), Carries::Nothing);
        let page = page_in(&root, None);
        let mut tree = Tree { number: 0, statement, parts, carries, page, below: Vec::new() };
        tree.descend(&mut root, &mut 1);
        tree
    }

    /// A statement of one value.
    pub(crate) fn scalar(statement: Statement, level: &Level) -> Self {
        let parts = layout::alone(level);
        Tree { number: 0, statement, parts, carries: Carries::Nothing, page: None, below: Vec::new() }
    }

    /// `count` is the number of statements so far.
    fn descend(&mut self, level: &mut Level, count: &mut usize) {
        let edges = layout::below(level, &self.parts);
        self.below.reserve_exact(edges.len());
        for (part, keys, mut edge) in edges {
            let statement = render::select_in(&edge);
            let carries = layout::carries(&edge);
            let parts = layout::parts(&edge.level, carries.width(), edge.repeats());
            let page = page_in(&edge.level, Some(&edge));
            let mut tree = Tree { number: *count, statement, parts, carries, page, below: Vec::new() };
            *count += 1;
            tree.descend(&mut edge.level, count);
            self.below.push(Below { part, keys, edge, tree });
        }
    }

    /// The number of statements.
    pub(crate) fn count(&self) -> usize {
        1 + self.below.iter().map(|below| below.tree.count()).sum::<usize>()
    }

    /// All statements, in the order of their numbers.
    pub(crate) fn statements<'t>(&'t self, out: &mut Vec<&'t Statement>) {
        out.push(&self.statement);
        self.below.iter().for_each(|below| below.tree.statements(out));
    }
}
