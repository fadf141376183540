//! Expressions: columns across paths, conditions, quantifiers.
//!
//! A step to one row becomes a left join, which drops no row; a quantifier over a path becomes `EXISTS`. A path is joined
//! once, however often it is named.

use sea_query::extension::postgres::{PgBinOper, PgFunc};
use sea_query::{BinOper, Expr as Sql, ExprTrait, Query, Value as SqlValue};

use super::scope::{Scope, only, pairs_equal};
use super::{Render, alias, association_ref, column_of, table_ref, typed_as};
use crate::expr::{ColumnRef, Expr, Operator, OrderTerm, Quantifier};
use crate::schema::{Column, Link, RelationDef};

impl Render {
    /// What an order's term sorts by.
    pub(super) fn by(&mut self, term: &OrderTerm, scope: &mut Scope) -> Sql {
        if term.through { self.through(&term.by, scope) } else { self.expr(&term.by, scope) }
    }

    /// An expression of the association's rows.
    pub(super) fn through(&mut self, expr: &Expr, scope: &mut Scope) -> Sql {
        let association = scope.association.unwrap_or(scope.root);
        let root = std::mem::replace(&mut scope.root, association);
        let expr = self.expr(expr, scope);
        scope.root = root;
        expr
    }

    pub(super) fn expr(&mut self, expr: &Expr, scope: &mut Scope) -> Sql {
        match expr {
            Expr::Constant(value) => Sql::Constant(SqlValue::Bool(Some(*value))),
            Expr::Column(column) => self.column(column, scope),
            Expr::Value(value) => self.value(value),
            Expr::Binary(operator, left, right) => {
                let cast = compares(*operator).then(|| beside(left)).flatten();
                let left = self.expr(left, scope);
                let right = self.operand(right, cast, scope);
                left.binary(operator_of(*operator), right)
            }
            Expr::In { item, values, negated } => {
                let cast = beside(item);
                let item = self.expr(item, scope);
                let values = self.value(values);
                let values = match cast {
                    Some(column) => typed_as(values, column, "[]"),
                    None => values,
                };
                if *negated { item.ne(PgFunc::all(values)) } else { item.eq(PgFunc::any(values)) }
            }
            Expr::Between { item, low, high } => {
                let cast = beside(item);
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
        }
    }

    /// What a column is compared with, as the column's type where the program names one.
    fn operand(&mut self, expr: &Expr, column: Option<&'static Column>, scope: &mut Scope) -> Sql {
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
        let mut at = scope.root;
        for &relation in &column.path {
            at = self.step(relation, at, scope);
        }
        column_of(at, column.column.name)
    }

    fn quantified(
        &mut self,
        path: &[&'static RelationDef],
        quantifier: Quantifier,
        through: &[Expr],
        condition: &Expr,
        outer: &Scope,
    ) -> Sql {
        let mut select = Query::select();
        select.expr(Sql::Constant(SqlValue::Int(Some(1))));
        let mut scope = Scope::new(outer.root);
        for (step, relation) in path.iter().enumerate() {
            let from = scope.root;
            let target = self.next_alias(Some((relation.target)()));
            let table = table_ref((relation.target)()).alias(alias("t", target));
            scope.association = None;
            match &relation.link {
                Link::Direct(pairs) => {
                    let on = pairs_equal(pairs, from, target).add_option(only(relation.only, target));
                    if step == 0 {
                        select.from(table).cond_where(on);
                    } else {
                        select.inner_join(table, on);
                    }
                }
                Link::Through(association) => {
                    let between = self.next_alias(association.entity.map(|entity| entity()));
                    let on = pairs_equal(association.source, between, from).add_option(only(association.only, between));
                    let from = association_ref(association, between);
                    if step == 0 {
                        select.from(from).cond_where(on);
                    } else {
                        select.inner_join(from, on);
                    }
                    let on = pairs_equal(association.target, between, target).add_option(only(relation.only, target));
                    select.inner_join(table, on);
                    scope.association = Some(between);
                }
            }
            scope.root = target;
        }
        let mut conditions = Vec::with_capacity(through.len());
        for condition in through {
            conditions.push(self.through(condition, &mut scope));
        }
        // A condition that every row meets asks for a row, no more.
        let any_row = matches!(condition, Expr::Constant(true)) && quantifier != Quantifier::Every;
        let mut condition = self.expr(condition, &mut scope);
        scope.join(&mut select);
        for condition in conditions {
            select.and_where(condition);
        }
        if quantifier == Quantifier::Every {
            condition = condition.binary(BinOper::Custom("IS NOT"), Sql::Constant(SqlValue::Bool(Some(true))));
        }
        if !any_row {
            select.and_where(condition);
        }
        let exists = Sql::exists(select);
        match quantifier {
            Quantifier::Any => exists,
            Quantifier::None | Quantifier::Every => exists.not(),
        }
    }
}

/// The column that an expression is.
fn beside(expr: &Expr) -> Option<&'static Column> {
    if let Expr::Column(ColumnRef { column, .. }) = expr { Some(column) } else { None }
}

/// Whether both sides of the operator are of one type.
fn compares(operator: Operator) -> bool {
    use Operator::{Eq, Ge, Gt, IsDistinctFrom, IsNotDistinctFrom, Le, Lt, Ne};
    matches!(operator, Eq | Ne | Lt | Le | Gt | Ge | IsDistinctFrom | IsNotDistinctFrom)
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
    }
}
