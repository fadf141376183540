//! Groups: what is selected, ordered and asked of them is what their rows have in common, or an aggregate.

use super::Checked;
use super::names::{Name, names_within, path_text, text};
use crate::expr::{ColumnRef, Distinct, Expr, Item, Rows, Source, Step, StepKind};
use crate::schema::{Column, Link, Table};

/// Whether rows are grouped: it was said, or an aggregate of all of them is asked for.
pub(super) fn is_grouped(rows: &Rows) -> bool {
    rows.groups.is_some() || asked(rows).iter().any(|(_, expr)| expr.has_aggregate())
}

/// Where an expression stands that has a value for each group.
#[derive(Clone, Copy)]
enum Clause {
    Selected,
    Order,
    Having,
    Distinct,
}

/// What is asked of groups, where there are groups.
fn asked(rows: &Rows) -> Vec<(Clause, Expr)> {
    let selected = rows.selected().iter().cloned().flat_map(Item::into_expressions);
    let mut all: Vec<(Clause, Expr)> = selected.map(|expr| (Clause::Selected, expr)).collect();
    all.extend(rows.having.iter().map(|expr| (Clause::Having, expr.clone())));
    all.extend(rows.order.iter().map(|term| (Clause::Order, term.by.clone())));
    if let Distinct::On(on) = &rows.distinct {
        all.extend(on.iter().map(|expr| (Clause::Distinct, expr.clone())));
    }
    all
}

pub(super) fn groups(rows: &Rows) -> Checked {
    if !is_grouped(rows) {
        return if rows.having.is_empty() {
            Ok(())
        } else {
            Err("`having` is a condition on groups, and the rows are not grouped: `filter` them, or `group_by` first"
                .into())
        };
    }
    let groups = Groups { root: rows.table, known: rows.groups.as_deref().unwrap_or_default(), source: &rows.source };
    for (clause, expr) in asked(rows) {
        let Some(found) = groups.uncovered(&expr) else { continue };
        let place = match clause {
            Clause::Selected => "",
            Clause::Order => " in `order_by`",
            Clause::Having => " in `having`",
            Clause::Distinct => " in `distinct_on`",
        };
        let Uncovered { what, column } = found;
        return Err(if rows.groups.is_none() {
            format!(
                "`{what}`{place} has a value for each row, beside an aggregate of all rows: `group_by({column})`, or aggregate \
                 it as well"
            )
        } else {
            format!(
                "`{what}`{place} has a value for each row, and the rows of a group may differ in it: add `{column}` to \
                 `group_by`, or aggregate it"
            )
        });
    }
    Ok(())
}

/// Something that the rows of a group do not have in common, and the column that would make it so.
struct Uncovered {
    what: String,
    column: String,
}

struct Groups<'r> {
    root: &'static Table,
    known: &'r [Expr],
    source: &'r Source,
}

impl Groups<'_> {
    fn uncovered(&self, expr: &Expr) -> Option<Uncovered> {
        if self.known.contains(expr) {
            return None;
        }
        match expr {
            Expr::Column(column) => return self.uncovered_name(Name::Column(column)),
            Expr::Aggregate(_) => return None,
            // Its arguments are of groups, if it is an aggregate, too.
            Expr::Over(_) => {}
            _ => {
                let mut found = None;
                names_within(expr, self.root, &mut |name| {
                    if found.is_none() {
                        found = self.uncovered_name(name);
                    }
                });
                if found.is_some() {
                    return found;
                }
            }
        }
        expr.parts().into_iter().find_map(|part| self.uncovered(part))
    }

    fn uncovered_name(&self, name: Name<'_>) -> Option<Uncovered> {
        match name {
            Name::Column(column) if self.has(&column.path, column.column) => None,
            Name::Column(column) => {
                let column = text(self.root, Name::Column(column));
                Some(Uncovered { what: column.clone(), column })
            }
            // It starts from the row that its joined part leads to.
            Name::Path(path) => {
                let joined = path.iter().rposition(Step::multiplies).map_or(0, |at| at + 1);
                let (joined, rest) = path.split_at(joined);
                let column = rest.first()?.relation.source_columns().find(|column| !self.has(joined, column))?;
                let start = path_text(self.root, joined);
                Some(Uncovered { what: path_text(self.root, path), column: format!("{start}.{}", column.field) })
            }
        }
    }

    /// Whether the rows of a group have the column of the table at the end of the path in common.
    fn has(&self, path: &[Step], column: &Column) -> bool {
        let known = |name: &str| {
            let is = |known: &ColumnRef| known.path == path && known.column.name == name;
            self.known.iter().any(|group| matches!(group, Expr::Column(known) if is(known)))
        };
        if known(column.name) {
            return true;
        }
        // The server knows the key of a table, and of no rows that were chosen before.
        let is_table = match path.last() {
            None => matches!(self.source, Source::Table),
            Some(step) => match &step.relation.link {
                Link::Direct(_) => true,
                Link::Through(association) => step.kind == StepKind::Each && association.is_distinct(),
            },
        };
        let table = path.last().map_or(self.root, |step| (step.relation.target)());
        is_table && table.key.iter().all(|&at| known(table.columns[at].name))
    }
}
