//! Expressions: columns across paths, conditions, quantifiers.
//!
//! A step to one row becomes a left join, which drops no row; a quantifier over a path becomes `EXISTS`. A path is joined
//! once, however often it is named.

use sea_query::extension::postgres::{PgBinOper, PgFunc};
use sea_query::{Alias, BinOper, Expr as Sql, ExprTrait, Value as SqlValue};

use super::scope::Scope;
use super::{Render, column_of, query, typed_as};
use crate::expr::{ColumnRef, Expr, Operator, Step};
use crate::schema::Column;

impl Render {
    /// An expression of the association's rows.
    pub(super) fn through(&mut self, expr: &Expr, scope: &mut Scope) -> Sql {
        let association = scope.association.unwrap_or(scope.root);
        let root = std::mem::replace(&mut scope.root, association);
        let expr = self.expr(expr, scope);
        scope.root = root;
        expr
    }

    pub(super) fn expr(&mut self, expr: &Expr, scope: &mut Scope) -> Sql {
        if let Some((_, known)) = scope.written.iter().find(|(known, _)| known == expr) {
            return known.clone();
        }
        match expr {
            Expr::Constant(value) => Sql::Constant(SqlValue::Bool(Some(*value))),
            Expr::Column(column) => self.column(column, scope),
            Expr::Value(value) => self.value(value),
            Expr::Binary(operator, left, right) => {
                let cast = operator.compares().then(|| left.column()).flatten();
                let left = self.expr(left, scope);
                let right = self.operand(right, cast, scope);
                left.binary(operator_of(*operator), right)
            }
            Expr::In { item, values, negated } => {
                let cast = item.column();
                let item = self.expr(item, scope);
                let values = self.value(values);
                let values = match cast {
                    Some(column) => typed_as(values, column, "[]"),
                    None => values,
                };
                if *negated { item.ne(PgFunc::all(values)) } else { item.eq(PgFunc::any(values)) }
            }
            Expr::Between { item, low, high } => {
                let cast = item.column();
                let item = self.expr(item, scope);
                let low = self.operand(low, cast, scope);
                let high = self.operand(high, cast, scope);
                item.between(low, high)
            }
            Expr::IsNull { item, negated } => {
                let item = self.expr(item, scope);
                if *negated { item.is_not_null() } else { item.is_null() }
            }
            Expr::Not(inner) => self.expr(inner, scope).not(),
            Expr::All(all) => self.chain(all, scope, true),
            Expr::Any(any) => self.chain(any, scope, false),
            Expr::Quantified { path, quantifier, through, condition } => {
                self.quantified(path, *quantifier, through, condition, scope)
            }
            Expr::Across(across) => self.across(across, scope),
            Expr::Literal(value, ty) => self.value(value).cast_as(Alias::new(*ty)),
            Expr::Function(name, arguments) => self.function(name, arguments, scope),
            Expr::Cast(item, ty) => self.expr(item, scope).cast_as(Alias::new(*ty)),
            Expr::Extract(field, item) => {
                let item = self.expr(item, scope);
                Sql::cust_with_exprs(format!("EXTRACT({field} FROM $1)"), [item])
            }
            Expr::Case { whens, otherwise } => self.case(whens, otherwise.as_deref(), scope),
            Expr::Aggregate(aggregate) => self.aggregate(aggregate, scope),
            Expr::Over(over) => self.over(over, scope),
            Expr::Outer(table, inner) => self.outer(table, inner),
            Expr::InRows { item, rows, negated } => {
                let item = self.expr(item, scope);
                let query = self.subquery(rows, scope);
                query::is_in(item, query, *negated)
            }
            Expr::Exists(rows) => Sql::exists(self.within(scope, |render| render.presence(rows))),
            Expr::OneRow(rows) => query::as_expression(self.subquery(rows, scope)),
            Expr::Through(inner) => self.through(inner, scope),
            Expr::Position(position) => Sql::cust(position.to_string()),
            Expr::Raw { texts, gaps } => {
                let text = self.fragment(texts, gaps, scope);
                Sql::cust_with_exprs("($1)", [text])
            }
        }
    }

    /// What a column is compared with, as the column's type where the program names one.
    pub(super) fn operand(&mut self, expr: &Expr, column: Option<&'static Column>, scope: &mut Scope) -> Sql {
        let value = self.expr(expr, scope);
        match (expr, column) {
            (Expr::Value(_), Some(column)) => typed_as(value, column, ""),
            _ => value,
        }
    }

    pub(super) fn chain(&mut self, parts: &[Expr], scope: &mut Scope, and: bool) -> Sql {
        /// Below it the text needs no parentheses. sea-query renders by recursion, so a list built up in a loop must
        /// not become as deep as it is long.
        const FLAT: usize = 32;
        if parts.len() > FLAT {
            let (left, right) = parts.split_at(parts.len() / 2);
            let left = self.chain(left, scope, and);
            let right = self.chain(right, scope, and);
            return if and { left.and(right) } else { left.or(right) };
        }
        let mut chain: Option<Sql> = None;
        for part in parts {
            let part = self.expr(part, scope);
            chain = Some(match chain {
                None => part,
                Some(chain) if and => chain.and(part),
                Some(chain) => chain.or(part),
            });
        }
        chain.unwrap_or(Sql::Constant(SqlValue::Bool(Some(and))))
    }

    fn column(&mut self, column: &ColumnRef, scope: &mut Scope) -> Sql {
        let at = self.walk(&column.path, scope);
        column_of(at, column.column.name)
    }

    /// The table at the end of a path.
    pub(super) fn walk(&mut self, path: &[Step], scope: &mut Scope) -> usize {
        let mut at = scope.root;
        for &step in path {
            at = self.step(step, at, scope);
        }
        at
    }
}

fn operator_of(operator: Operator) -> BinOper {
    match operator {
        Operator::Eq => BinOper::Equal,
        Operator::Ne => BinOper::NotEqual,
        Operator::Lt => BinOper::SmallerThan,
        Operator::Le => BinOper::SmallerThanOrEqual,
        Operator::Gt => BinOper::GreaterThan,
        Operator::Ge => BinOper::GreaterThanOrEqual,
        Operator::IsDistinctFrom => BinOper::Custom("IS DISTINCT FROM"),
        Operator::IsNotDistinctFrom => BinOper::Custom("IS NOT DISTINCT FROM"),
        Operator::Like => BinOper::Like,
        Operator::NotLike => BinOper::NotLike,
        Operator::ILike => BinOper::PgOperator(PgBinOper::ILike),
        Operator::NotILike => BinOper::PgOperator(PgBinOper::NotILike),
        Operator::Contains => BinOper::PgOperator(PgBinOper::Contains),
        Operator::Overlaps => BinOper::PgOperator(PgBinOper::Overlap),
        Operator::Add => BinOper::Add,
        Operator::Subtract => BinOper::Sub,
        Operator::Multiply => BinOper::Mul,
        Operator::Divide => BinOper::Div,
        Operator::Remainder => BinOper::Mod,
        Operator::Concatenate => BinOper::PgOperator(PgBinOper::Concatenate),
        Operator::Json => BinOper::PgOperator(PgBinOper::GetJsonField),
        Operator::JsonText => BinOper::PgOperator(PgBinOper::CastJsonField),
    }
}
