//! What stands within an expression, and what it says of the queries around it.

use tokio_postgres::types::Type;

use super::fragment::gaps_filled;
use super::names::{ends, names};
use super::{Checked, rows};
use crate::expr::{Aggregated, Expr, Rows, Step, Windowed};
use crate::schema::{Column, Table};

/// An expression over the rows of `root`; `outers` are the entities of the queries around them.
pub(super) fn expression(expr: &Expr, root: &'static Table, outers: &mut Vec<&'static Table>) -> Checked {
    match expr {
        Expr::Raw { texts, gaps } => gaps_filled(texts, gaps)?,
        Expr::Outer(table, inner) => return outer(table, inner, outers),
        Expr::InRows { rows, .. } | Expr::Exists(rows) | Expr::OneRow(rows) => {
            within(root, outers, |outers| query(rows, outers))?;
        }
        Expr::Quantified { path, through, condition, .. } => {
            let (target, association) = ends(path, root);
            within(root, outers, |outers| {
                through.iter().try_for_each(|through| {
                    self::condition(through, association)?;
                    expression(through, association, outers)
                })?;
                self::condition(condition, target)?;
                expression(condition, target, outers)
            })?;
        }
        Expr::Across(across) => {
            let (target, _) = ends(&across.path, root);
            within(root, outers, |outers| {
                aggregate(&across.aggregate, target, false)?;
                across.aggregate.parts().into_iter().try_for_each(|part| {
                    self::condition(part, target)?;
                    expression(part, target, outers)
                })
            })?;
        }
        Expr::Aggregate(aggregate) => {
            typed(expr)?;
            self::aggregate(aggregate, root, true)?;
        }
        Expr::Over(over) => {
            typed(expr)?;
            window(over)?;
        }
        Expr::In { item, .. } if item.column().is_some_and(Column::is_array) => {
            return Err("PostgreSQL has no array of arrays to send: compare by `eq`, one value at a time".into());
        }
        _ => typed(expr)?,
    }
    expr.parts().into_iter().try_for_each(|part| expression(part, root, outers))
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

fn query(rows: &Rows, outers: &mut Vec<&'static Table>) -> Checked {
    if rows.lock.is_some() {
        return Err("rows of a query within another cannot be locked: lock those of the query around it".into());
    }
    self::rows(rows, outers)
}

fn outer(table: &'static Table, inner: &Expr, outers: &[&'static Table]) -> Checked {
    let Some(at) = outers.iter().rposition(|outer| *outer == table) else {
        let entity = table.entity;
        let mut around: Vec<String> = outers.iter().rev().map(|outer| format!("`{}`", outer.entity)).collect();
        around.dedup();
        return Err(match around.as_slice() {
            [] => format!(
                "`outer` names `{entity}`, and there is no query around this one: it is for conditions of `any`, `every` and \
                 `count`, and for queries within a query"
            ),
            _ => format!(
                "`outer` names `{entity}`, and no query around this one starts from it, but from {}",
                around.join(" and ")
            ),
        });
    };
    expression(inner, table, &mut outers[..at].to_vec())
}

/// A condition on single rows, or a value of each: those at the end of a path, which are no groups and are not multiplied.
pub(super) fn condition(condition: &Expr, root: &'static Table) -> Checked {
    let mut multiplied = false;
    names(condition, root, &mut |name| multiplied |= name.path().iter().any(Step::multiplies));
    if multiplied {
        return Err(
            "a path with `each()` multiplies the rows of a selection, not those that a condition or an aggregate \
             across a path asks for: use `any` or `count`"
                .into(),
        );
    }
    if condition.has_window() {
        return Err(
            "a window function is of a query's own rows, not of those at the end of a path: select it in a query that \
             starts from them"
                .into(),
        );
    }
    if condition.has_aggregate() {
        return Err(
            "an aggregate is of a query's own rows, not of those at the end of a path, which have theirs on the \
             relation: `User.posts.count()`"
                .into(),
        );
    }
    Ok(())
}

/// An aggregate over the rows of `root`, whose filter is its own or `WHERE`'s.
fn aggregate(aggregate: &Aggregated, root: &'static Table, own_filter: bool) -> Checked {
    let name = aggregate.function.to_lowercase();
    let parts = aggregate.parts();
    if parts.iter().any(|part| part.has_window()) {
        return Err(format!(
            "`{name}` of a window function, which has its value only when aggregates have theirs: `from_sql` takes a query \
             that selects it"
        ));
    }
    if parts.iter().any(|part| part.has_aggregate()) {
        return Err(format!(
            "`{name}` of an aggregate: a query has one level of groups, so aggregate the rows of a relation for each row, \
             `User.posts.count()`, or take the groups by `from_sql`"
        ));
    }
    if aggregate.arguments.is_empty() && !aggregate.order.is_empty() {
        return Err(format!("`{name}` of rows is the same in any order: leave out its `order_by`"));
    }
    if aggregate.arguments.is_empty() && aggregate.distinct {
        return Err(format!("`{name}` of rows has no values that could differ: `count_distinct` is of a column"));
    }
    if aggregate.distinct && aggregate.order.iter().any(|term| !aggregate.arguments.contains(&term.by)) {
        return Err(format!("`{name}` of different values can be in their order only: leave out its `order_by`"));
    }
    if let [argument] = aggregate.arguments.as_slice() {
        of_a_type_that_it_has(aggregate.function, argument)?;
    }
    // To PostgreSQL an aggregate belongs to the query whose rows it names.
    let (mut inside, mut outside) = (false, false);
    let order = aggregate.order.iter().map(|term| &term.by);
    let filter = if own_filter { aggregate.filter.as_slice() } else { &[] };
    for part in aggregate.arguments.iter().chain(order).chain(filter) {
        outside |= names(part, root, &mut |_| inside = true);
    }
    if outside && !inside {
        return Err(format!(
            "`{name}` of `outer` alone would be an aggregate of the query around this one: aggregate something of \
             `{}`",
            root.entity
        ));
    }
    Ok(())
}

/// An aggregate of values that PostgreSQL has it for, where a column tells.
fn of_a_type_that_it_has(function: &str, argument: &Expr) -> Checked {
    let name = function.to_lowercase();
    let column = argument.column();
    let takes = |ty: &Type| column.is_some_and(|column| column.takes(ty) && !column.takes(&Type::TEXT));
    match function {
        "MIN" | "MAX" if argument.is_condition() || takes(&Type::BOOL) => {
            let instead = if function == "MIN" { "bool_and" } else { "bool_or" };
            Err(format!("PostgreSQL has no `{name}` of true and false: `{instead}` says the same"))
        }
        "MIN" | "MAX" if takes(&Type::JSONB) => {
            Err(format!("PostgreSQL has no `{name}` of JSON: take a value out of it by `json_text`"))
        }
        "ARRAY_AGG" if column.is_some_and(Column::is_array) => Err(String::from(
            "an array of arrays has no type of its own in PostgreSQL: load the rows, and put them together there",
        )),
        _ => Ok(()),
    }
}

fn window(over: &Windowed) -> Checked {
    let function = &over.function;
    let order = over.order.iter().map(|term| &term.by);
    let mut parts = function.parts().into_iter().chain(&over.partition).chain(order);
    if parts.any(|part| part.has_window()) {
        return Err("a window function within another: `from_sql` takes a query that selects the inner one".into());
    }
    if function.distinct {
        return Err(
            "PostgreSQL aggregates different values of groups only, not of a window: leave out `over`, or count by \
             `dense_rank`"
                .into(),
        );
    }
    if !function.order.is_empty() {
        return Err("an aggregate over a window is in the window's order: `Window::new().order_by(…)`".into());
    }
    if let ("NTILE", [Expr::Literal(parts, _)]) = (function.function, function.arguments.as_slice())
        && format!("{:?}", parts.as_sql()).parse::<i32>().is_ok_and(|parts| parts < 1)
    {
        return Err("`ntile` makes one part or more".into());
    }
    Ok(())
}

/// PostgreSQL can tell the type of every bare value by what stands beside it.
fn typed(expr: &Expr) -> Checked {
    let bare = |expr: &Expr| matches!(expr, Expr::Value(_));
    let untyped = match expr {
        Expr::Binary(_, left, right) => bare(left) && bare(right),
        Expr::IsNull { item, .. } | Expr::In { item, .. } => bare(item),
        Expr::Between { item, low, high } => bare(item) && bare(low) && bare(high),
        Expr::Function("COALESCE" | "NULLIF", all) => all.iter().all(bare),
        Expr::Case { whens, otherwise } => {
            whens.iter().all(|(_, then)| bare(then)) && otherwise.as_deref().is_none_or(bare)
        }
        Expr::Over(over) => over.function.arguments.first().is_some_and(bare),
        Expr::Aggregate(aggregate) => aggregate.arguments.first().is_some_and(bare),
        _ => false,
    };
    if untyped { Err(UNTYPED.into()) } else { Ok(()) }
}

pub(super) const UNTYPED: &str = "`value(…)` has the type of what stands beside it, and nothing does that has one: \
     `literal(…)` says a value with its type";
