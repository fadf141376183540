//! Calls: functions, aggregates, windows, cases, and the program's own fragments.
//!
//! What sea-query has no words for is written with gaps, which it fills and whose parameters it numbers.

use std::fmt::Write;

use sea_query::{Alias, CaseStatement, Expr as Sql, ExprTrait, Func};

use super::Render;
use super::scope::Scope;
use crate::expr::{Aggregated, Expr, Frame, NullsAt, OrderTerm, Windowed};
use crate::sql::Param;

/// SQL with gaps, and what fills them.
#[derive(Default)]
struct Text {
    text: String,
    parts: Vec<Sql>,
}

impl Text {
    fn push(&mut self, text: &str) {
        self.text.push_str(text);
    }

    fn gap(&mut self, part: Sql) {
        self.parts.push(part);
        let _ = write!(self.text, "${}", self.parts.len());
    }

    fn list(&mut self, parts: Vec<Sql>) {
        for (at, part) in parts.into_iter().enumerate() {
            if at > 0 {
                self.push(", ");
            }
            self.gap(part);
        }
    }

    fn finish(self) -> Sql {
        Sql::cust_with_exprs(self.text, self.parts)
    }
}

impl Render {
    pub(super) fn function(&mut self, name: &'static str, arguments: &[Expr], scope: &mut Scope) -> Sql {
        // Their arguments are of one type.
        let alike = matches!(name, "COALESCE" | "NULLIF");
        let cast = if alike { arguments.iter().find_map(Expr::column) } else { None };
        let mut all = Vec::with_capacity(arguments.len());
        for argument in arguments {
            all.push(self.operand(argument, cast, scope));
        }
        Func::cust(name).args(all).into()
    }

    pub(super) fn case(&mut self, whens: &[(Expr, Expr)], otherwise: Option<&Expr>, scope: &mut Scope) -> Sql {
        let cast = whens.iter().map(|(_, then)| then).chain(otherwise).find_map(Expr::column);
        let mut case = CaseStatement::new();
        for (when, then) in whens {
            let when = self.expr(when, scope);
            let then = self.operand(then, cast, scope);
            case = case.case(when, then);
        }
        if let Some(otherwise) = otherwise {
            case = case.finally(self.operand(otherwise, cast, scope));
        }
        case.into()
    }

    /// `function(DISTINCT arguments ORDER BY …) FILTER (WHERE …)`.
    pub(super) fn aggregate(&mut self, aggregate: &Aggregated, scope: &mut Scope) -> Sql {
        let mut text = Text::default();
        self.called(&mut text, aggregate, scope);
        cast(text.finish(), aggregate)
    }

    /// `function(…) OVER (PARTITION BY … ORDER BY … frame)`.
    pub(super) fn over(&mut self, over: &Windowed, scope: &mut Scope) -> Sql {
        let mut text = Text::default();
        self.called(&mut text, &over.function, scope);
        text.push(" OVER (");
        let mut between = "";
        if !over.partition.is_empty() {
            let mut parts = Vec::with_capacity(over.partition.len());
            for part in &over.partition {
                parts.push(self.expr(part, scope));
            }
            text.push("PARTITION BY ");
            text.list(parts);
            between = " ";
        }
        if !over.order.is_empty() {
            text.push(between);
            self.sorted(&mut text, &over.order, scope);
            between = " ";
        }
        if let Some(Frame { before, after }) = over.frame {
            text.push(between);
            text.push("ROWS BETWEEN ");
            self.end_of_frame(&mut text, before);
            text.push(" PRECEDING AND ");
            self.end_of_frame(&mut text, after);
            text.push(" FOLLOWING");
        }
        text.push(")");
        cast(text.finish(), &over.function)
    }

    fn end_of_frame(&mut self, text: &mut Text, rows: Option<u32>) {
        match rows {
            None => text.push("UNBOUNDED"),
            Some(rows) => text.gap(self.param(Param::rows(u64::from(rows)))),
        }
    }

    fn called(&mut self, text: &mut Text, aggregate: &Aggregated, scope: &mut Scope) {
        text.push(aggregate.function);
        text.push(if aggregate.distinct { "(DISTINCT " } else { "(" });
        let mut arguments = Vec::with_capacity(aggregate.arguments.len());
        // The order of different values is by the very same expression.
        let same = aggregate.distinct && !aggregate.order.is_empty();
        let known = scope.written.len();
        for argument in &aggregate.arguments {
            arguments.push(if same { self.written(argument, scope) } else { self.expr(argument, scope) });
        }
        // The only function without an argument that has rows to speak of.
        if arguments.is_empty() && aggregate.function == "COUNT" {
            text.push("*");
        }
        text.list(arguments);
        if !aggregate.order.is_empty() {
            text.push(" ");
            self.sorted(text, &aggregate.order, scope);
        }
        scope.written.truncate(known);
        text.push(")");
        if !aggregate.filter.is_empty() {
            text.push(" FILTER (WHERE ");
            let filter = self.chain(&aggregate.filter, scope, true);
            text.gap(filter);
            text.push(")");
        }
    }

    fn sorted(&mut self, text: &mut Text, order: &[OrderTerm], scope: &mut Scope) {
        text.push("ORDER BY ");
        for (at, term) in order.iter().enumerate() {
            if at > 0 {
                text.push(", ");
            }
            let by = self.expr(&term.by, scope);
            text.gap(by);
            text.push(if term.descending { " DESC" } else { " ASC" });
            text.push(match term.nulls {
                None => "",
                Some(NullsAt::First) => " NULLS FIRST",
                Some(NullsAt::Last) => " NULLS LAST",
            });
        }
    }

    /// The program's own text, with an expression in each gap.
    pub(super) fn fragment(&mut self, texts: &[&'static str], gaps: &[Expr], scope: &mut Scope) -> Sql {
        // sea-query takes a word that touches a gap for one with it.
        let word =
            |character: char| !character.is_whitespace() && (!character.is_ascii_punctuation() || character == '_');
        let mut text = Text::default();
        for (at, part) in texts.iter().enumerate() {
            if at > 0 && part.starts_with(word) {
                text.push(" ");
            }
            // Where sea-query could read gaps or quotes in it, it is a part by itself.
            if part.contains(['$', '\'', '"', '`', '[', '\\']) {
                text.push(" ");
                text.gap(Sql::cust(*part));
                text.push(" ");
            } else {
                text.push(part);
            }
            if let Some(gap) = gaps.get(at) {
                let simple = matches!(gap, Expr::Column(_) | Expr::Value(_) | Expr::Literal(..) | Expr::Function(..));
                let gap = self.expr(gap, scope);
                if text.text.ends_with(word) {
                    text.push(" ");
                }
                text.gap(if simple { gap } else { Sql::cust_with_exprs("($1)", [gap]) });
            }
        }
        if texts.iter().any(|part| part.contains("--")) {
            // A comment ends with its line.
            text.push("\n");
        }
        text.finish()
    }
}

fn cast(value: Sql, aggregate: &Aggregated) -> Sql {
    match aggregate.cast {
        Some(ty) => value.cast_as(Alias::new(ty)),
        None => value,
    }
}
