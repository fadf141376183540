//! Renders the levels of a plan to statements.
//!
//! Pure: it chooses no strategy, does no I/O and knows no rows. It alone knows sea-query, which quotes the
//! identifiers and numbers the placeholders; values are never part of the text.

mod render;

use std::fmt;
use std::sync::Arc;

use crate::entity::Shape;
use crate::plan::{Edge, Plan};
use crate::query::Query;
use crate::schema::Table;
use crate::value::Value;

pub(crate) use render::{count, exists};

/// One statement: its text, what its placeholders stand for, and the level that it fetches.
#[derive(Debug, Clone)]
pub struct Statement {
    path: Arc<str>,
    text: Arc<str>,
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

    /// What the placeholders stand for, in their order: values as they print, `keys` for the parents' keys.
    ///
    /// Values are shown here and nowhere else.
    pub fn params(&self) -> Vec<String> {
        let show = |param: &Param| match param {
            Param::Value(value) => format!("{:?}", value.as_sql()),
            Param::Rows(rows) => rows.to_string(),
            Param::Keys(_) => String::from("keys"),
        };
        self.params.iter().map(show).collect()
    }

    pub(crate) fn shared_path(&self) -> &Arc<str> {
        &self.path
    }

    pub(crate) fn bound(&self) -> &[Param] {
        &self.params
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
        let tree = Tree::new(self.plan());
        let mut all = Vec::new();
        tree.statements(&mut all);
        Statements(all.into_iter().cloned().collect())
    }
}

/// The statements of a plan, in its shape.
#[derive(Debug)]
pub(crate) struct Tree {
    /// Its position among the statements: each comes before those below it.
    pub(crate) number: usize,
    pub(crate) statement: Statement,
    pub(crate) edges: Vec<(Edge, Tree)>,
}

impl Tree {
    pub(crate) fn new(plan: Plan) -> Self {
        let mut root = plan.root;
        let edges = std::mem::take(&mut root.edges);
        let mut count = 1;
        Tree { number: 0, statement: render::root(&root), edges: Tree::edges(edges, &mut count) }
    }

    fn edges(edges: Vec<Edge>, count: &mut usize) -> Vec<(Edge, Tree)> {
        let mut all = Vec::with_capacity(edges.len());
        for mut edge in edges {
            let below = std::mem::take(&mut edge.level.edges);
            let number = *count;
            *count += 1;
            let statement = render::select_in(&edge);
            all.push((edge, Tree { number, statement, edges: Tree::edges(below, count) }));
        }
        all
    }

    /// All statements, in the order of their numbers.
    pub(crate) fn statements<'t>(&'t self, out: &mut Vec<&'t Statement>) {
        out.push(&self.statement);
        self.edges.iter().for_each(|(_, below)| below.statements(out));
    }
}
