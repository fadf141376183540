//! What PostgreSQL would refuse, where the types could not tell: found before anything is sent.

use std::fmt::Write;

use super::{Level, Plan};
use crate::error::{Error, ErrorKind};
use crate::expr::{ColumnRef, Distinct, Expr, Item, Rows, Source, Step};
use crate::schema::Table;

impl Plan {
    /// Whether the rows can be counted.
    pub(crate) fn check_counted(&self) -> Result<(), Error> {
        if self.root.rows.after.is_some() {
            let message = "rows after a cursor are not counted: `counted` gives the number of all";
            return Err(Error::new(ErrorKind::InvalidQuery, message).at(&self.root.path));
        }
        self.check()
    }

    /// Whether the query can be asked at all.
    pub(crate) fn check(&self) -> Result<(), Error> {
        self.root.check()
    }
}

impl Level {
    fn check(&self) -> Result<(), Error> {
        let result = entities(&self.rows).and_then(|()| rows(&self.rows, &mut Vec::new()));
        result.map_err(|message| Error::new(ErrorKind::InvalidQuery, message).at(&self.path))?;
        self.edges.iter().try_for_each(|edge| edge.level.check())
    }
}

type Checked = Result<(), String>;

/// Rows of entities are not multiplied.
fn entities(rows: &Rows) -> Checked {
    if rows.selection {
        return Ok(());
    }
    match rows.expressions().any(|expr| expr.crosses(Step::multiplies)) {
        false => Ok(()),
        true => Err("a path with `each()` gives several rows for one, which a query for entities has not: use `any`, \
                        `count` or `select`"
            .to_owned()),
    }
}

/// One SELECT, and those within it; `outers` are the entities of those around it.
fn rows(rows: &Rows, outers: &mut Vec<&'static Table>) -> Checked {
    if rows.after.is_some() && (rows.selection || !outers.is_empty()) {
        return Err("a cursor is a place among the rows of entities: it goes with `page` and `all`".into());
    }
    source(rows, outers)?;
    lock(rows)?;
    lines(rows)?;
    for condition in rows.filters.iter().chain(rows.groups.iter().flatten()) {
        if own(condition, &|part| matches!(part, Expr::Over(_))) {
            return Err(
                "a window function has its value after rows are filtered and grouped, so neither can use it".into()
            );
        }
        if own(condition, &|part| matches!(part, Expr::Aggregate(_))) {
            return Err(
                "an aggregate has its value after rows are filtered and grouped: conditions on it are for `having`"
                    .into(),
            );
        }
    }
    groups(rows)?;
    distinct(rows)?;
    let width: usize = rows.selected().iter().map(Item::width).sum();
    for expr in rows.expressions() {
        if let Expr::Position(position) = expr
            && (*position == 0 || *position > width)
        {
            return Err(format!("an order by position {position}, where {width} columns are selected"));
        }
        expression(expr, rows.table, outers)?;
    }
    Ok(())
}

fn source(rows: &Rows, outers: &mut Vec<&'static Table>) -> Checked {
    match &rows.source {
        Source::Table => Ok(()),
        Source::Raw { texts, gaps } => {
            gaps_filled(texts, gaps)?;
            if gaps.iter().any(|gap| own(gap, &|part| matches!(part, Expr::Column(_)))) {
                return Err("the arguments of a raw query are values: it has no columns yet".into());
            }
            gaps.iter().try_for_each(|gap| expression(gap, rows.table, outers))
        }
        Source::Set(_, first, second) => {
            for part in [first, second] {
                if part.lock.is_some() {
                    return Err("rows of a set operation cannot be locked".into());
                }
                if part.after.is_some() {
                    return Err("a cursor is a place in an order, which the rows of a set operation have not: page the result"
                        .into());
                }
                self::rows(part, outers)?;
            }
            Ok(())
        }
    }
}

fn lock(rows: &Rows) -> Checked {
    let Some(lock) = rows.lock else { return Ok(()) };
    if lock.strength.is_none() {
        return Err("`skip_locked` and `no_wait` go with a lock: `for_update()`".into());
    }
    let over = rows.expressions().any(|expr| own(expr, &|part| matches!(part, Expr::Over(_))));
    let what = match &rows.source {
        Source::Set(..) => "of a set operation",
        Source::Raw { .. } => "of a raw query",
        Source::Table if rows.groups.is_some() || aggregated(rows) => "that are grouped",
        Source::Table if rows.distinct != Distinct::No => "that are distinct",
        Source::Table if over => "beside a window function",
        Source::Table => return Ok(()),
    };
    Err(format!("rows {what} cannot be locked"))
}

/// Paths that give several rows for one are steps of one line, or under names of their own: two lines would multiply each
/// other.
fn lines(rows: &Rows) -> Checked {
    let mut lines: Vec<Vec<Step>> = Vec::new();
    let mut add = |path: &[Step]| {
        if let Some(last) = path.iter().rposition(Step::multiplies) {
            lines.push(path[..=last].to_vec());
        }
    };
    for expr in rows.expressions() {
        expr.has(&mut |part| {
            match part {
                Expr::Column(column) => add(&column.path),
                Expr::Quantified { path, .. } => add(path),
                Expr::Across(across) => add(&across.path),
                _ => {}
            }
            false
        });
    }
    for item in rows.selected() {
        if let Item::Entity(path, _) = item {
            add(path);
        }
    }
    for (at, one) in lines.iter().enumerate() {
        for other in &lines[at + 1..] {
            let common = one.iter().zip(other).take_while(|(one, other)| one == other).count();
            let (Some(one_next), Some(other_next)) = (one.get(common), other.get(common)) else { continue };
            let same = one_next.relation == other_next.relation && one_next.alias == other_next.alias;
            let said = one[common..].iter().chain(&other[common..]).any(|step| step.alias.is_some());
            if same || !said {
                let (one, other) = (path(rows.table, one), path(rows.table, other));
                return Err(if same {
                    format!("`{one}` and `{other}` are one join that is asked for in two ways")
                } else {
                    format!(
                        "`{one}` and `{other}` would multiply each other: select one of them, count the other, or say \
                             that it is meant: `alias`"
                    )
                });
            }
        }
    }
    Ok(())
}

/// What is selected, ordered and asked of groups is what they have in common, or an aggregate.
fn groups(rows: &Rows) -> Checked {
    if rows.groups.is_none() && !aggregated(rows) {
        return if rows.having.is_empty() {
            Ok(())
        } else {
            Err("`having` is a condition on groups, and the rows are not grouped".into())
        };
    }
    let groups = rows.groups.as_deref().unwrap_or_default();
    let order = rows.order.iter().map(|term| &term.by);
    let mut all: Vec<Expr> = rows.having.iter().chain(order).cloned().collect();
    for item in rows.selected() {
        all.extend(item.clone().into_expressions());
    }
    match all.iter().find_map(|expr| uncovered(expr, rows.table, groups)) {
        None => Ok(()),
        Some(column) if groups.is_empty() => {
            let column = named(rows.table, column);
            Err(format!("`{column}` has a value for each row, beside an aggregate of all rows: `group_by` it"))
        }
        Some(column) => {
            let column = named(rows.table, column);
            Err(format!(
                "`{column}` has a value for each row, and is not among what the rows of a group have in common"
            ))
        }
    }
}

/// Whether there is an aggregate among what is selected, so that there are groups.
fn aggregated(rows: &Rows) -> bool {
    let items = rows.selected().iter().filter_map(|item| if let Item::Expr(expr) = item { Some(expr) } else { None });
    let order = rows.order.iter().map(|term| &term.by);
    items.chain(order).any(|expr| own(expr, &|part| matches!(part, Expr::Aggregate(_))))
}

/// A column of single rows in the expression.
fn uncovered<'e>(expr: &'e Expr, root: &'static Table, groups: &[Expr]) -> Option<&'e ColumnRef> {
    if groups.contains(expr) {
        return None;
    }
    match expr {
        Expr::Column(column) => (!has_whole_key(column, root, groups)).then_some(column),
        Expr::Aggregate(_) => None,
        Expr::Over(over) => {
            let order = over.order.iter().map(|term| &term.by);
            let mut parts = over.function.arguments.iter().chain(&over.partition).chain(order);
            parts.find_map(|part| uncovered(part, root, groups))
        }
        _ => expr.parts().into_iter().find_map(|part| uncovered(part, root, groups)),
    }
}

/// Whether the groups are by the whole key of the column's table, so that they have all of its columns in common.
fn has_whole_key(column: &ColumnRef, root: &'static Table, groups: &[Expr]) -> bool {
    let table = column.path.last().map_or(root, |step| (step.relation.target)());
    table.key.iter().all(|&at| {
        let is_key = |known: &ColumnRef| known.path == column.path && known.column.name == table.columns[at].name;
        groups.iter().any(|group| matches!(group, Expr::Column(known) if is_key(known)))
    })
}

fn distinct(rows: &Rows) -> Checked {
    match &rows.distinct {
        Distinct::No => Ok(()),
        Distinct::All => {
            let items = rows.items.clone().unwrap_or_else(|| vec![Item::Entity(Vec::new(), rows.table)]);
            let selected: Vec<Expr> = items.into_iter().flat_map(Item::into_expressions).collect();
            let known = |by: &Expr| matches!(by, Expr::Position(_)) || selected.contains(by);
            if rows.order.iter().all(|term| known(&term.by)) {
                return Ok(());
            }
            Err("distinct rows are ordered by what is selected, and this order is by something else".into())
        }
        Distinct::On(on) => {
            let first: Vec<&Expr> = rows.order.iter().take(on.len()).map(|term| &term.by).collect();
            if first.is_empty() || (first.len() == on.len() && on.iter().all(|on| first.contains(&on))) {
                return Ok(());
            }
            Err("an order of rows that are distinct on something begins with that".into())
        }
    }
}

/// What stands within an expression, and what it says of the queries around it.
fn expression(expr: &Expr, root: &'static Table, outers: &mut Vec<&'static Table>) -> Checked {
    match expr {
        Expr::Raw { texts, gaps } => gaps_filled(texts, gaps)?,
        Expr::Outer(table, inner) => {
            let Some(at) = outers.iter().rposition(|outer| *outer == *table) else {
                return Err(format!(
                    "`outer` names an expression of `{}`, and no query around this one starts from it",
                    table.entity
                ));
            };
            let mut around = outers[..at].to_vec();
            return expression(inner, table, &mut around);
        }
        Expr::InRows { rows, .. } | Expr::Exists(rows) | Expr::OneRow(rows) => within(root, outers, |outers| {
            if rows.lock.is_some() {
                return Err("rows of a query within another cannot be locked".into());
            }
            self::rows(rows, outers)
        })?,
        Expr::Quantified { path, through, condition, .. } => {
            let target = target(path, root);
            within(root, outers, |outers| {
                through.iter().try_for_each(|through| expression(through, target, outers))?;
                no_groups(condition)?;
                expression(condition, target, outers)
            })?;
        }
        Expr::Across(across) => {
            let target = target(&across.path, root);
            let aggregate = &across.aggregate;
            let order = aggregate.order.iter().map(|term| &term.by);
            let parts = aggregate.arguments.iter().chain(&aggregate.filter).chain(order);
            within(root, outers, |outers| {
                for part in parts {
                    no_groups(part)?;
                    expression(part, target, outers)?;
                }
                Ok(())
            })?;
        }
        _ => {}
    }
    expr.parts().into_iter().try_for_each(|part| expression(part, root, outers))
}

fn target(path: &[Step], root: &'static Table) -> &'static Table {
    path.last().map_or(root, |step| (step.relation.target)())
}

/// A row at the end of a path is no group, and is not multiplied.
fn no_groups(condition: &Expr) -> Checked {
    if condition.crosses(Step::multiplies) {
        return Err(
            "a path with `each()` multiplies the rows of a selection, not those that a condition asks for".into()
        );
    }
    if own(condition, &|part| matches!(part, Expr::Over(_))) {
        return Err("a window function is of a query's own rows, not of those that a condition asks for".into());
    }
    Ok(())
}

fn within(
    root: &'static Table,
    outers: &mut Vec<&'static Table>,
    inner: impl FnOnce(&mut Vec<&'static Table>) -> Checked,
) -> Checked {
    outers.push(root);
    let result = inner(outers);
    outers.pop();
    result
}

fn gaps_filled(texts: &[&str], gaps: &[Expr]) -> Checked {
    let (asked, given) = (texts.len() - 1, gaps.len());
    if asked == given {
        return Ok(());
    }
    Err(format!("a fragment of SQL has {asked} gaps (`{{}}`), and {given} arguments"))
}

/// Whether a part of the expression that sees the same rows is such.
fn own(expr: &Expr, such: &dyn Fn(&Expr) -> bool) -> bool {
    expr.has(&mut |part| such(part))
}

fn path(root: &Table, path: &[Step]) -> String {
    let mut text = root.entity.to_owned();
    for step in path {
        let _ = write!(text, ".{step}");
    }
    text
}

/// A column in the user's words.
fn named(root: &Table, column: &ColumnRef) -> String {
    format!("{}.{}", path(root, &column.path), column.column.field)
}
