//! How deep a query is nested: what a program builds up in a loop, or parses from what somebody sent, is walked over by
//! recursion here, in sea-query and in the server.

use super::Checked;
use crate::expr::{Expr, Rows, Source};

/// A test holds that so many levels leave most of a stack of 2 MiB, in a build without optimisations.
const DEEPEST: usize = 100;

pub(super) fn depth(rows: &Rows) -> Checked {
    if is_deeper(rows, DEEPEST) {
        return Err(format!(
            "it is nested more than {DEEPEST} deep: join many conditions by `Predicate::all` and `Predicate::any`, which are \
             flat"
        ));
    }
    Ok(())
}

fn is_deeper(rows: &Rows, left: usize) -> bool {
    let Some(left) = left.checked_sub(1) else { return true };
    let within = match &rows.source {
        Source::Table => false,
        Source::Raw { gaps, .. } => gaps.iter().any(|gap| goes_deeper(gap, left)),
        Source::Set(_, first, second) => is_deeper(first, left) || is_deeper(second, left),
    };
    within || rows.expressions().any(|expr| goes_deeper(expr, left))
}

fn goes_deeper(expr: &Expr, left: usize) -> bool {
    let Some(left) = left.checked_sub(1) else { return true };
    let within = match expr {
        Expr::InRows { rows, .. } | Expr::Exists(rows) | Expr::OneRow(rows) => is_deeper(rows, left),
        Expr::Quantified { through, condition, .. } => {
            goes_deeper(condition, left) || through.iter().any(|through| goes_deeper(through, left))
        }
        Expr::Across(across) => across.aggregate.parts().into_iter().any(|part| goes_deeper(part, left)),
        Expr::Outer(_, inner) => goes_deeper(inner, left),
        _ => false,
    };
    within || expr.parts().into_iter().any(|part| goes_deeper(part, left))
}
