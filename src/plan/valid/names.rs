//! What an expression names of the rows of its own query, wherever it stands: by `outer` also within the queries in it.

use std::fmt::Write;

use crate::expr::{ColumnRef, Expr, Rows, Source, Step};
use crate::schema::Table;

/// What an expression names.
#[derive(Clone, Copy)]
pub(super) enum Name<'e> {
    Column(&'e ColumnRef),
    /// The path of a quantifier or of an aggregate across it.
    Path(&'e [Step]),
}

impl<'e> Name<'e> {
    /// The relations that it crosses.
    pub(super) fn path(self) -> &'e [Step] {
        match self {
            Name::Column(column) => &column.path,
            Name::Path(path) => path,
        }
    }
}

/// Visits what an expression over the rows of `root` names of them; whether it names something of a query around, too.
pub(super) fn names<'e>(expr: &'e Expr, root: &'static Table, visit: &mut dyn FnMut(Name<'e>)) -> bool {
    let mut walk = Walk { around: Vec::new(), outside: false, visit };
    walk.expression(expr, root);
    walk.outside
}

/// Visits what those parts of an expression name that have rows of their own.
pub(super) fn names_within<'e>(expr: &'e Expr, root: &'static Table, visit: &mut dyn FnMut(Name<'e>)) {
    Walk { around: Vec::new(), outside: false, visit }.within(expr, root);
}

struct Walk<'v, 'e> {
    /// The entities of the queries around the place, the first one is where the names are asked for.
    around: Vec<&'static Table>,
    outside: bool,
    visit: &'v mut dyn FnMut(Name<'e>),
}

impl<'e> Walk<'_, 'e> {
    fn expression(&mut self, expr: &'e Expr, root: &'static Table) {
        match expr {
            Expr::Column(column) if self.around.is_empty() => (self.visit)(Name::Column(column)),
            Expr::Outer(table, inner) => match self.around.iter().rposition(|around| around == table) {
                None => self.outside = true,
                Some(at) => {
                    let inside = self.around.split_off(at);
                    self.expression(inner, table);
                    self.around.extend(inside);
                }
            },
            _ => self.within(expr, root),
        }
        expr.parts().into_iter().for_each(|part| self.expression(part, root));
    }

    fn within(&mut self, expr: &'e Expr, root: &'static Table) {
        match expr {
            Expr::Quantified { path, through, condition, .. } => {
                self.path(path);
                let (target, association) = ends(path, root);
                self.around.push(root);
                through.iter().for_each(|through| self.expression(through, association));
                self.expression(condition, target);
                self.around.pop();
            }
            Expr::Across(across) => {
                self.path(&across.path);
                let (target, _) = ends(&across.path, root);
                self.around.push(root);
                across.aggregate.parts().into_iter().for_each(|part| self.expression(part, target));
                self.around.pop();
            }
            Expr::InRows { rows, .. } | Expr::Exists(rows) | Expr::OneRow(rows) => {
                self.around.push(root);
                self.rows(rows);
                self.around.pop();
            }
            _ => {}
        }
    }

    fn path(&mut self, path: &'e [Step]) {
        if self.around.is_empty() {
            (self.visit)(Name::Path(path));
        }
    }

    fn rows(&mut self, rows: &'e Rows) {
        match &rows.source {
            Source::Table => {}
            Source::Raw { gaps, .. } => gaps.iter().for_each(|gap| self.expression(gap, rows.table)),
            Source::Set(_, first, second) => {
                self.rows(first);
                self.rows(second);
            }
        }
        rows.expressions().for_each(|expr| self.expression(expr, rows.table));
    }
}

/// The entity at the end of a path, and the one that the last step's association is mapped to.
pub(super) fn ends(path: &[Step], root: &'static Table) -> (&'static Table, &'static Table) {
    let Some(last) = path.last() else { return (root, root) };
    let target = (last.relation.target)();
    let association = last.relation.association().and_then(|association| association.entity);
    (target, association.map_or(target, |entity| entity()))
}

/// A path in the user's words.
pub(super) fn path_text(root: &Table, path: &[Step]) -> String {
    let mut text = root.entity.to_owned();
    for step in path {
        let _ = write!(text, ".{step}");
    }
    text
}

/// What is named, in the user's words.
pub(super) fn text(root: &Table, name: Name<'_>) -> String {
    match name {
        Name::Column(column) => format!("{}.{}", path_text(root, &column.path), column.column.field),
        Name::Path(path) => path_text(root, path),
    }
}
