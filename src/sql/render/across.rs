//! The rows at the end of a path, for each row: whether there are such, and aggregates of them.

use sea_query::{BinOper, Expr as Sql, ExprTrait, Query, SelectStatement, SubQueryStatement, Value as SqlValue};

use super::query::as_expression;
use super::scope::{Scope, only, pairs_equal};
use super::{Render, alias, association_ref, table_ref};
use crate::expr::{Across, Aggregated, Expr, Quantifier, Step};
use crate::schema::{Link, RelationDef};

impl Render {
    /// `EXISTS (SELECT 1 FROM … WHERE …)`.
    pub(super) fn quantified(
        &mut self,
        path: &[Step],
        quantifier: Quantifier,
        through: &[Expr],
        condition: &Expr,
        outer: &mut Scope,
    ) -> Sql {
        let (from, path) = self.joined_part(path, outer);
        let select = self.within(outer, |render| {
            let (mut select, mut scope) = render.rows_of(path, from, false);
            select.expr(Sql::Constant(SqlValue::Int(Some(1))));
            let mut conditions = Vec::with_capacity(through.len());
            for condition in through {
                conditions.push(render.through(condition, &mut scope));
            }
            // A condition that every row meets asks for a row, no more.
            let any_row = matches!(condition, Expr::Constant(true)) && quantifier != Quantifier::Every;
            let mut condition = render.expr(condition, &mut scope);
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
            select
        });
        let exists = Sql::exists(select);
        match quantifier {
            Quantifier::Any => exists,
            Quantifier::None | Quantifier::Every => exists.not(),
        }
    }

    /// `(SELECT aggregate FROM … WHERE …)`.
    pub(super) fn across(&mut self, across: &Across, outer: &mut Scope) -> Sql {
        let (from, path) = self.joined_part(&across.path, outer);
        let select = self.within(outer, |render| {
            let (mut select, mut scope) = render.rows_of(path, from, true);
            // The filter is the rows': an index can then serve it.
            let aggregate = Aggregated { filter: Vec::new(), ..across.aggregate.clone() };
            let value = render.aggregate(&aggregate, &mut scope);
            if !across.aggregate.filter.is_empty() {
                let filter = render.chain(&across.aggregate.filter, &mut scope, true);
                select.and_where(filter);
            }
            scope.join(&mut select);
            select.expr(value);
            select
        });
        as_expression(SubQueryStatement::SelectStatement(select))
    }

    /// The steps of a path that are joined, which are those up to the last that multiplies rows: the table that they end
    /// in, and the other steps.
    fn joined_part<'p>(&mut self, path: &'p [Step], outer: &mut Scope) -> (usize, &'p [Step]) {
        let joined = path.iter().rposition(Step::multiplies).map_or(0, |at| at + 1);
        let (joined, rest) = path.split_at(joined);
        (self.walk(joined, outer), rest)
    }

    /// FROM and WHERE of the rows at the end of a path; each target `once` where an association has a pair twice.
    fn rows_of(&mut self, path: &[Step], outer: usize, once: bool) -> (SelectStatement, Scope) {
        let mut select = Query::select();
        let mut scope = Scope::new(outer);
        for (at, step) in path.iter().enumerate() {
            self.reach(&mut select, &mut scope, step.relation, at == 0, once);
        }
        (select, scope)
    }

    fn reach(
        &mut self,
        select: &mut SelectStatement,
        scope: &mut Scope,
        relation: &'static RelationDef,
        first: bool,
        once: bool,
    ) {
        let from = scope.root;
        let target = self.next_alias(Some((relation.target)()));
        let table = table_ref((relation.target)()).alias(alias("t", target));
        scope.association = None;
        scope.root = target;
        let association = match &relation.link {
            Link::Direct(pairs) => {
                let on = pairs_equal(pairs, from, target).add_option(only(relation.only, target));
                if first {
                    select.from(table).cond_where(on);
                } else {
                    select.inner_join(table, on);
                }
                return;
            }
            Link::Through(association) => association,
        };
        if once && !association.is_distinct() {
            let on = self.leads_to(relation, association, from, target);
            if first {
                select.from(table).cond_where(on);
            } else {
                select.inner_join(table, on);
            }
            return;
        }
        let between = self.next_alias(association.entity.map(|entity| entity()));
        let on = pairs_equal(association.source, between, from).add_option(only(association.only, between));
        let by = association_ref(association, between);
        if first {
            select.from(by).cond_where(on);
        } else {
            select.inner_join(by, on);
        }
        let on = pairs_equal(association.target, between, target).add_option(only(relation.only, target));
        select.inner_join(table, on);
        scope.association = Some(between);
    }
}
