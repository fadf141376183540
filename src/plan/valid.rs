//! What PostgreSQL would refuse, where the types could not tell: found before anything is sent.

mod depth;
mod expression;
mod fragment;
mod groups;
mod lines;
mod names;

use self::depth::depth;
use self::expression::{UNTYPED, condition, expression};
use self::fragment::gaps_filled;
use self::groups::{groups, is_grouped};
use self::lines::{entities, lines, locked_lines, multiplies};
use super::{Edge, Level, Plan};
use crate::error::{Error, ErrorKind};
use crate::expr::{Distinct, Expr, Item, Rows, Source};
use crate::schema::{Column, Table};

impl Plan {
    /// Whether the rows can be counted.
    pub(crate) fn check_counted(&self) -> Result<(), Error> {
        if self.root.rows.after.is_some() {
            let message = "rows after a cursor are not counted: `counted` gives the number of all";
            return Err(Error::new(ErrorKind::InvalidQuery, message).at(&self.root.path));
        }
        self.check()
    }

    /// Whether it is flat enough to be walked over.
    pub(crate) fn check_depth(&self) -> Result<(), Error> {
        fn check(level: &Level) -> Result<(), Error> {
            level.refused(depth(&level.rows))?;
            level.edges.iter().try_for_each(|edge| check(&edge.level))
        }
        check(&self.root)
    }

    /// Whether the query can be asked at all.
    pub(crate) fn check(&self) -> Result<(), Error> {
        self.root.check(None)
    }
}

impl Level {
    fn refused(&self, checked: Checked) -> Result<(), Error> {
        checked.map_err(|message| Error::new(ErrorKind::InvalidQuery, message).at(&self.path))
    }

    fn check(&self, edge: Option<&Edge>) -> Result<(), Error> {
        // Most levels: nothing to be refused, which costs a small load less to find out than to look for.
        if self.page.is_none()
            && edge.is_none_or(|edge| edge.after.is_none() && edge.through.is_empty())
            && self.rows.is_simple()
        {
            return self.edges.iter().try_for_each(|edge| edge.level.check(Some(edge)));
        }
        let result = depth(&self.rows)
            .and_then(|()| rows(&self.rows, &mut Vec::new()))
            .and_then(|()| page(self, edge))
            .and_then(|()| load(self, edge))
            .and_then(|()| hidden(self));
        self.refused(result)?;
        self.edges.iter().try_for_each(|edge| edge.level.check(Some(edge)))
    }
}

type Checked = Result<(), String>;

/// One SELECT, and those within it; `outers` are the entities of those around it.
fn rows(rows: &Rows, outers: &mut Vec<&'static Table>) -> Checked {
    if rows.after.is_some() && (rows.selection || !outers.is_empty()) {
        return Err("a cursor is a place among the rows of entities: it goes with `page` and `all`".into());
    }
    source(rows, outers)?;
    positions(rows)?;
    if matches!(&rows.source, Source::Set(_, first, _) if first.selection) {
        // Both are looked at by themselves; what stands in both is read by its position.
        return lock(rows);
    }
    entities(rows)?;
    lines(rows)?;
    times(rows)?;
    groups(rows)?;
    limited_first(rows)?;
    lock(rows)?;
    distinct(rows)?;
    for expr in rows.expressions() {
        if matches!(expr, Expr::Value(_)) {
            return Err(UNTYPED.into());
        }
        expression(expr, rows.table, outers)?;
    }
    Ok(())
}

/// What has its value once rows are filtered and grouped is no part of how they are.
fn times(rows: &Rows) -> Checked {
    for (conditions, aggregates) in [
        (rows.filters.as_slice(), false),
        (rows.groups.as_deref().unwrap_or_default(), false),
        (rows.having.as_slice(), true),
    ] {
        for condition in conditions {
            if condition.has_window() {
                return Err("a window function has its value when rows are filtered and grouped already, so `filter`, \
                     `group_by` and `having` cannot use it: select it or order by it; `from_sql` takes a query that filters by it"
                    .into());
            }
            if !aggregates && condition.has_aggregate() {
                return Err("an aggregate has its value when rows are filtered and grouped already, so `filter` and \
                     `group_by` cannot use it: conditions on it are for `having`"
                    .into());
            }
        }
    }
    let on = if let Distinct::On(on) = &rows.distinct { on.as_slice() } else { &[] };
    match rows.groups.iter().flatten().chain(on).any(|by| matches!(by, Expr::Constant(_))) {
        false => Ok(()),
        true => Err("all rows have `Predicate::always()` and `never()` in common: rows are grouped, and distinct, by \
                     something that differs"
            .into()),
    }
}

fn source(rows: &Rows, outers: &mut Vec<&'static Table>) -> Checked {
    match &rows.source {
        Source::Table => Ok(()),
        Source::Raw { texts, gaps } => {
            gaps_filled(texts, gaps)?;
            let of_rows = |part: &Expr| {
                use Expr::{Aggregate, Column, Over};
                matches!(part, Column(_) | Aggregate(_) | Over(_) | Expr::Quantified { .. } | Expr::Across(_))
            };
            if gaps.iter().any(|gap| gap.has(&of_rows)) {
                return Err(
                    "the arguments of `from_sql` are values: there are no rows yet, whose columns they could be, so \
                     name those in the text"
                        .into(),
                );
            }
            gaps.iter().try_for_each(|gap| expression(gap, rows.table, outers))
        }
        Source::Set(_, first, second) => {
            for part in [first, second] {
                if part.lock.is_some() {
                    return Err("rows of a set operation cannot be locked".into());
                }
                if part.after.is_some() {
                    return Err(
                        "a cursor is a place in an order, which the rows of a set operation have not: page the \
                         result"
                            .into(),
                    );
                }
                self::rows(part, outers)?;
            }
            Ok(())
        }
    }
}

/// Orders by a position are by one that there is.
fn positions(rows: &Rows) -> Checked {
    let width: usize = rows.selected().iter().map(Item::width).sum();
    for term in &rows.order {
        if let Expr::Position(position) = term.by
            && (position == 0 || position > width)
        {
            return Err(format!("an order by position {position}, where {width} columns are selected: the first is 1"));
        }
    }
    Ok(())
}

/// A limit counts what is selected, which is not what it counted when it was given.
fn limited_first(rows: &Rows) -> Checked {
    if !rows.limited_first || !(is_grouped(rows) || multiplies(rows)) {
        return Ok(());
    }
    Err("`limit` and `offset` count what is selected, and were given before that was groups, or several rows for one: give \
         them after `select`; to take some of the rows first, ask for their keys by `is_in_rows`"
        .into())
}

fn lock(rows: &Rows) -> Checked {
    let Some(lock) = &rows.lock else { return Ok(()) };
    if lock.strength.is_none() {
        return Err("`of`, `skip_locked` and `no_wait` go with a lock: `for_update()`".into());
    }
    locked_lines(rows, &lock.of)?;
    let what = match &rows.source {
        Source::Set(..) => "of a set operation",
        Source::Raw { .. } => "of a raw query",
        Source::Table if is_grouped(rows) => "that are grouped",
        Source::Table if rows.distinct != Distinct::No => "that are distinct",
        Source::Table if rows.expressions().any(Expr::has_window) => "beside a window function",
        Source::Table => return Ok(()),
    };
    Err(format!("rows {what} cannot be locked: lock those of the table in a query of their own"))
}

fn distinct(rows: &Rows) -> Checked {
    match &rows.distinct {
        Distinct::No => Ok(()),
        Distinct::All => {
            let selected = rows.columns();
            let known = |by: &Expr| matches!(by, Expr::Position(_)) || selected.contains(by);
            if rows.order.iter().all(|term| known(&term.by)) {
                return Ok(());
            }
            Err("rows that are `distinct` are ordered by what is selected, since one of them may stand for several: select \
                 what they are ordered by, too; `distinct_on` gives the first of each"
                .into())
        }
        Distinct::On(on) => {
            let first: Vec<&Expr> = rows.order.iter().map(|term| &term.by).take_while(|by| on.contains(by)).collect();
            if first.len() == rows.order.len() || on.iter().all(|on| first.contains(&on)) {
                return Ok(());
            }
            Err("an order of rows that are `distinct_on` something begins with that: what comes after it says which of them \
                 is the first"
                .into())
        }
    }
}

/// A place in an order is compared with the rows, before any window sees them and before one of them stands for several.
fn page(level: &Level, edge: Option<&Edge>) -> Checked {
    if level.page.is_none() && level.rows.after.is_none() {
        return Ok(());
    }
    if level.rows.order.iter().any(|term| term.by.has_window()) {
        return Err(
            "a window function counts the rows of one page, so it is no order of all of them: pages are ordered by \
             columns, or counted off by `offset`"
                .into(),
        );
    }
    if edge.is_some() && level.rows.offset.is_some() {
        return Err(
            "the pages of each parent begin with its first row, or after a cursor: leave out the `offset`".into()
        );
    }
    if edge.is_some() && level.rows.order.iter().any(|term| term.by.column().is_some_and(Column::is_array)) {
        return Err(
            "the pages of each parent are in no order of arrays: PostgreSQL takes no array of arrays, which their \
                    cursors would be"
                .into(),
        );
    }
    // The number of a cursor's values is one byte.
    if level.rows.order.len() > usize::from(u8::MAX) {
        return Err(format!(
            "pages are in an order of {} terms at most, and this one has {}",
            u8::MAX,
            level.rows.order.len()
        ));
    }
    match level.rows.distinct {
        Distinct::On(_) => {
            Err("rows that are `distinct_on` something are chosen anew for each page, so a cursor gives some \
             of them twice: count them off by `offset`"
                .into())
        }
        _ => Ok(()),
    }
}

/// What only a load can get wrong: its rows are those of several parents.
fn load(level: &Level, edge: Option<&Edge>) -> Checked {
    let Some(edge) = edge else { return Ok(()) };
    if level.rows.expressions().any(Expr::has_window) {
        return Err(
            "a window function in a load would see the rows of all parents: load the rows, and number them in the \
             program; or ask for it in a query that starts from them"
                .into(),
        );
    }
    let association = edge.relation.association().and_then(|association| association.entity);
    let table = association.map_or(level.table, |entity| entity());
    edge.through.iter().try_for_each(|through| {
        condition(through, table)?;
        expression(through, table, &mut Vec::new())
    })
}

/// What is selected for the plan's sake makes rows differ that are equal in what was asked for.
fn hidden(level: &Level) -> Checked {
    if level.rows.distinct != Distinct::All || level.hidden.is_empty() {
        return Ok(());
    }
    let columns = level.hidden.iter().filter_map(|hidden| match hidden {
        Expr::Column(column) => Some(format!("`{}`", names::text(level.table, names::Name::Column(column)))),
        _ => None,
    });
    let columns = columns.collect::<Vec<_>>().join(" and ");
    Err(format!(
        "`distinct` rows of a view differ in {columns} as well, which leads to its relations: give it a field in the view, or \
         leave out the relations"
    ))
}
