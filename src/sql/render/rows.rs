//! The rows of one level: where they come from, which of them count, and in what order.

use sea_query::{
    Expr as Sql, ExprTrait, IntoTableRef, LockBehavior, LockType, NullOrdering, Order, OrderedStatement, Query,
    SelectStatement, Value as SqlValue,
};

use super::scope::{Scope, only, pairs_equal};
use super::{Render, alias, association_ref, column_of, table_ref};
use crate::expr::{Lock, NullsAt, OrderTerm, Rows, Strength, Wait};
use crate::plan::{Edge, Level};
use crate::schema::{Association, Link};

impl Render {
    /// FROM and WHERE of a level, reached from its parents where there is an edge.
    pub(super) fn from(&mut self, level: &Level, edge: Option<&Edge>, scope: &mut Scope) -> SelectStatement {
        let mut select = Query::select();
        self.source(&mut select, &level.rows, scope);
        if let Some(Link::Through(association)) = edge.map(|edge| &edge.relation.link) {
            let between = self.next_alias(association.entity.map(|entity| entity()));
            scope.association = Some(between);
            let on = pairs_equal(association.target, between, scope.root).add_option(only(association.only, between));
            select.inner_join(association_ref(association, between), on);
        }
        self.conditions(&mut select, level, edge, scope);
        for condition in edge.map_or(&[][..], |edge| &edge.through) {
            let condition = self.through(condition, scope);
            select.and_where(condition);
        }
        select
    }

    /// What the load and its relation ask of the level's rows.
    fn conditions(&mut self, select: &mut SelectStatement, level: &Level, edge: Option<&Edge>, scope: &mut Scope) {
        if !level.rows.filters.is_empty() {
            let filter = self.chain(&level.rows.filters, scope, true);
            select.and_where(filter);
        }
        if let Some(only) = edge.and_then(|edge| only(edge.relation.only, scope.root)) {
            select.cond_where(only);
        }
    }

    /// FROM and WHERE of a level whose rows an association leads to from these keys, each row once: the association is
    /// asked whether it has the pair, so that a limit ends the search.
    pub(super) fn each_once(
        &mut self,
        level: &Level,
        edge: &Edge,
        association: &Association,
        keys: Vec<Sql>,
        scope: &mut Scope,
    ) -> SelectStatement {
        let mut select = Query::select();
        select.from(table_ref(level.table).alias(alias("t", scope.root)));
        self.conditions(&mut select, level, Some(edge), scope);
        let mut pair = Query::select();
        let between = self.next_alias(association.entity.map(|entity| entity()));
        let mut inner = Scope::new(between);
        let on = pairs_equal(association.target, between, scope.root).add_option(only(association.only, between));
        pair.expr(Sql::Constant(SqlValue::Int(Some(1)))).from(association_ref(association, between)).cond_where(on);
        for (column, key) in edge.relation.key_columns().zip(keys) {
            pair.and_where(column_of(between, column.name).eq(key));
        }
        for condition in &edge.through {
            let condition = self.through(condition, &mut inner);
            pair.and_where(condition);
        }
        inner.join(&mut pair);
        select.and_where(Sql::exists(pair));
        select
    }

    /// ORDER BY and LIMIT.
    pub(super) fn order_and_limit(&mut self, select: &mut SelectStatement, level: &Level, scope: &mut Scope) {
        if level.rows.after.is_some() {
            let mut by = Vec::with_capacity(level.rows.order.len());
            for term in &level.rows.order {
                by.push(self.expr(&term.by, scope));
            }
            self.begin_after(select, level, &by, None);
        }
        self.distinct_on(&level.rows, scope);
        self.sort_rows(select, &level.rows, scope);
        self.limit(select, &level.rows);
        lock(select, &level.rows, &scope.locked);
    }
}

pub(super) fn sort(statement: &mut impl OrderedStatement, by: Sql, term: &OrderTerm) {
    let order = if term.descending { Order::Desc } else { Order::Asc };
    match term.nulls {
        None => statement.order_by_expr(by, order),
        Some(NullsAt::First) => statement.order_by_expr_with_nulls(by, order, NullOrdering::First),
        Some(NullsAt::Last) => statement.order_by_expr_with_nulls(by, order, NullOrdering::Last),
    };
}

/// Locks the rows of these tables: others may be joined on the left, which PostgreSQL does not lock.
pub(super) fn lock(select: &mut SelectStatement, rows: &Rows, tables: &[usize]) {
    let Some(Lock { strength: Some(strength), wait, .. }) = rows.lock else { return };
    let strength = match strength {
        Strength::Update => LockType::Update,
        Strength::NoKeyUpdate => LockType::NoKeyUpdate,
        Strength::Share => LockType::Share,
        Strength::KeyShare => LockType::KeyShare,
    };
    let tables: Vec<_> = tables.iter().map(|&table| alias("t", table).into_table_ref()).collect();
    match wait {
        Wait::Block => select.lock_with_tables(strength, tables),
        Wait::Skip => select.lock_with_tables_behavior(strength, tables, LockBehavior::SkipLocked),
        Wait::Fail => select.lock_with_tables_behavior(strength, tables, LockBehavior::Nowait),
    };
}
