//! What a SELECT reads: the columns of an entity, or what is asked for instead, and what is read for the plan's sake.

use sea_query::{Asterisk, DynIden, Expr as Sql, SelectStatement};

use super::chosen::free;
use super::scope::Scope;
use super::{Render, alias, column_of, columns, list};
use crate::expr::{Distinct, Expr, Item, Rows, Source};
use crate::plan::{Edge, Level};
use crate::schema::{Column, Link};

impl Render {
    /// Reads a level's columns.
    pub(super) fn read(&mut self, select: &mut SelectStatement, level: &Level, scope: &mut Scope) {
        self.read_rows(select, &level.rows, scope);
        for hidden in &level.hidden {
            let hidden = self.expr(hidden, scope);
            select.expr(hidden);
        }
    }

    /// Reads what is asked for of rows.
    pub(super) fn read_rows(&mut self, select: &mut SelectStatement, rows: &Rows, scope: &mut Scope) {
        if let Source::Set(_, first, _) = &rows.source
            && first.selection
        {
            // Both sides have selected it already.
            select.column((alias("t", scope.root), Asterisk));
            return;
        }
        let Some(items) = &rows.items else {
            if rows.distinct == Distinct::No {
                columns(select, rows.table, scope.root);
            } else {
                let first = self.distinct(select, rows, list(rows.table, scope.root), scope);
                select.expr(first);
            }
            return;
        };
        let mut first = true;
        for item in items {
            let mut read = match item {
                Item::Expr(expr) => self.expr(expr, scope),
                Item::Columns(_) => Sql::col((alias("t", scope.root), Asterisk)),
                Item::Entity(path, table) => {
                    let at = self.walk(path, scope);
                    list(table, at)
                }
            };
            if std::mem::take(&mut first) {
                read = self.distinct(select, rows, read, scope);
            }
            select.expr(read);
        }
    }

    /// `DISTINCT`, or `DISTINCT ON (…)` before what is read first: sea-query has it for columns only.
    fn distinct(&mut self, select: &mut SelectStatement, rows: &Rows, first: Sql, scope: &mut Scope) -> Sql {
        match &rows.distinct {
            Distinct::No => first,
            Distinct::All => {
                select.distinct();
                first
            }
            Distinct::On(on) => {
                let mut parts = Vec::with_capacity(on.len() + 1);
                for on in on {
                    parts.push(self.written(on, scope));
                }
                parts.push(first);
                let marks: Vec<String> = (1..parts.len()).map(|at| format!("${at}")).collect();
                Sql::cust_with_exprs(format!("DISTINCT ON ({}) ${}", marks.join(", "), parts.len()), parts)
            }
        }
    }

    /// Gives a level's columns the names by which the SELECT around this one reads them.
    pub(super) fn expose(
        &mut self,
        select: &mut SelectStatement,
        level: &Level,
        edge: Option<&Edge>,
        scope: &mut Scope,
    ) {
        let rows = &level.rows;
        if rows.items.is_none() {
            self.read_rows(select, rows, scope);
        } else {
            let mut first = true;
            for (name, item) in names(level).into_iter().zip(expressions(level)) {
                let mut read = self.expr(&item, scope);
                if std::mem::take(&mut first) {
                    read = self.distinct(select, rows, read, scope);
                }
                select.expr_as(read, name);
            }
            for column in needed(level, edge) {
                select.expr(column_of(scope.root, column.name));
            }
        }
        for (at, hidden) in level.hidden.iter().enumerate() {
            if hidden.own_column().is_none() {
                let hidden = self.expr(hidden, scope);
                select.expr_as(hidden, free(level.table, "h", at));
            }
        }
    }

    /// Exposes once more what is exposed under `number`.
    pub(super) fn expose_again(&self, select: &mut SelectStatement, level: &Level, edge: Option<&Edge>, number: usize) {
        if level.rows.items.is_none() {
            columns(select, level.table, number);
        } else {
            for name in names(level) {
                select.column((alias("t", number), name));
            }
            for column in needed(level, edge) {
                select.expr(column_of(number, column.name));
            }
        }
        for (at, hidden) in level.hidden.iter().enumerate() {
            if hidden.own_column().is_none() {
                select.column((alias("t", number), free(level.table, "h", at)));
            }
        }
    }

    /// Reads a level's columns from rows that were chosen.
    pub(super) fn read_chosen(&self, select: &mut SelectStatement, level: &Level, number: usize) {
        if level.rows.items.is_none() {
            columns(select, level.table, number);
        } else {
            for name in names(level) {
                select.column((alias("t", number), name));
            }
        }
        for (at, hidden) in level.hidden.iter().enumerate() {
            match hidden.own_column() {
                Some(column) => select.expr(column_of(number, column.name)),
                None => select.column((alias("t", number), free(level.table, "h", at))),
            };
        }
    }
}

/// What is asked for, column by column.
fn expressions(level: &Level) -> Vec<Expr> {
    level.rows.selected().iter().cloned().flat_map(Item::into_expressions).collect()
}

/// The names of what is asked for: `c0`, `c1` and so on.
fn names(level: &Level) -> Vec<DynIden> {
    (0..expressions(level).len()).map(|at| free(level.table, "c", at)).collect()
}

/// The table's own columns that the SELECT around this one sorts, joins and stitches by.
fn needed(level: &Level, edge: Option<&Edge>) -> Vec<&'static Column> {
    let mut all: Vec<&'static Column> = Vec::new();
    let mut add = |column: &'static Column| {
        if !all.iter().any(|known| known.name == column.name) {
            all.push(column);
        }
    };
    level.hidden.iter().filter_map(Expr::own_column).for_each(&mut add);
    level.table.key.iter().for_each(|&at| add(&level.table.columns[at]));
    for below in &level.edges {
        below.relation.source_columns().for_each(&mut add);
    }
    if let Some(Link::Direct(_)) = edge.map(|edge| &edge.relation.link) {
        edge.into_iter().flat_map(|edge| edge.relation.key_columns()).for_each(&mut add);
    }
    level.rows.order.iter().filter_map(|term| term.own_column()).for_each(&mut add);
    all
}
