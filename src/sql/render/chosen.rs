//! Rows that are chosen before others are joined to them, or that are counted off for each parent.
//!
//! They are chosen in a SELECT of their own, which gives the level's columns under their own names, and beside them what
//! the statement around it sorts and joins by.

use sea_query::{
    Alias, ColumnRef, Condition, DynIden, Expr as Sql, ExprTrait, Func, IntoIden, JoinType, Order, OverStatement,
    Query, SelectStatement, Value as SqlValue, WindowStatement,
};

use super::batch::{Batch, ORDINAL};
use super::keyset::After;
use super::rows::{lock, sort};
use super::{Render, alias, column_of};
use crate::expr::{Distinct, Expr};
use crate::plan::{Edge, Level};
use crate::schema::Table;
use crate::sql::{Param, Statement};

/// Which rows are chosen.
pub(super) enum Confine {
    /// All of them.
    Nothing,
    /// Those whose key columns equal these.
    To(Vec<Sql>),
    /// Those whose key is in the batch, whose ordinals they carry.
    In(Batch),
    /// Those that are left: they are confined already.
    Done,
}

/// Rows that were chosen in a SELECT of their own.
pub(super) struct Chosen {
    pub(super) rows: SelectStatement,
    /// The names of what each term of the level's order sorts by.
    order: Vec<DynIden>,
    /// The names of the key columns, where they are not the level's own.
    pub(super) keys: Vec<DynIden>,
    /// The names of what a parent's rows have in common, where they are not the level's own.
    partition: Vec<DynIden>,
    /// The name of the ordinal of the parent's key.
    ordinal: DynIden,
    /// The name of the row's number among those of its parent.
    pub(super) number: DynIden,
}

impl Render {
    /// Chooses the rows of a level: filtered, and counted off where the level has a limit.
    pub(super) fn choose(
        &mut self,
        level: &Level,
        edge: Option<&Edge>,
        confine: Confine,
        mut after: Option<After>,
    ) -> Chosen {
        let table = level.table;
        let mut scope = self.root(level);
        self.locked(&level.rows, &mut scope);
        let association = edge.and_then(|edge| Some((edge, edge.relation.association()?)));
        let plain = !level.rows.order.iter().any(|term| matches!(term.by, Expr::Through(_)));
        let mut repeats = edge.is_some_and(Edge::repeats);
        let (mut select, confine) = match (association, confine) {
            (Some((edge, association)), Confine::To(keys)) if repeats && plain => {
                repeats = false;
                (self.each_once(level, edge, association, keys, &mut scope), Confine::Done)
            }
            (_, confine) => (self.from(level, edge, &mut scope), confine),
        };
        self.distinct_on(&level.rows, &mut scope);
        self.expose(&mut select, level, edge, &mut scope);
        let mut chosen = Chosen {
            rows: SelectStatement::new(),
            order: Vec::with_capacity(level.rows.order.len()),
            keys: Vec::new(),
            partition: Vec::new(),
            ordinal: free(table, ORDINAL, 0),
            number: free(table, "n", 0),
        };
        // Beside the level's own columns.
        let mut beside: Vec<DynIden> = Vec::new();
        let mut partition: Vec<Sql> = Vec::new();
        let scope_root = scope.root;
        let window = edge.is_some_and(|edge| edge.window);
        if let Some(edge) = edge {
            let holder = self.key_holder(edge, &scope);
            let keys = edge.relation.key_columns().map(|column| column.name);
            match confine {
                Confine::Done => {}
                Confine::To(values) => {
                    for (column, value) in keys.zip(values) {
                        select.and_where(column_of(holder, column).eq(value));
                    }
                }
                Confine::In(batch) => {
                    let batch = self.join_batch(&mut select, batch, edge, holder);
                    let ordinal = Sql::col((alias("t", batch), ORDINAL));
                    select.expr_as(ordinal.clone(), chosen.ordinal.clone());
                    beside.push(chosen.ordinal.clone());
                    chosen.partition.push(chosen.ordinal.clone());
                    partition.push(ordinal);
                }
                Confine::Nothing => {
                    for (at, column) in keys.enumerate() {
                        partition.push(column_of(holder, column));
                        if holder != scope.root {
                            let name = free(table, "k", at);
                            select.expr_as(column_of(holder, column), name.clone());
                            beside.push(name.clone());
                            chosen.keys.push(name.clone());
                            chosen.partition.push(name);
                        }
                    }
                }
            }
        }
        let mut sorted: Vec<Sql> = Vec::with_capacity(level.rows.order.len());
        for (at, term) in level.rows.order.iter().enumerate() {
            let by = self.expr(&term.by, &mut scope);
            if let Some(column) = term.own_column() {
                chosen.order.push(column.name.into_iden());
            } else {
                let name = free(table, "o", at);
                select.expr_as(by.clone(), name.clone());
                beside.push(name.clone());
                chosen.order.push(name);
            }
            sorted.push(by);
        }
        let locked = std::mem::take(&mut scope.locked);
        scope.join(&mut select);
        let whole = !level.is_limited() && after.is_none();
        if !repeats {
            self.begin_after(&mut select, level, &sorted, after.take());
        }
        if whole {
            // Which of the rows that are distinct on something is given, the order says.
            if matches!(level.rows.distinct, Distinct::On(_)) {
                sorted.into_iter().zip(&level.rows.order).for_each(|(by, term)| sort(&mut select, by, term));
            }
            chosen.rows = select;
            return chosen;
        }
        if repeats {
            // Each row once, by its first association row; it is counted off around this.
            let number = self.next_alias(Some(table));
            let name = |name: &DynIden| (alias("t", number), name.clone());
            let key = table.key.iter().map(|&at| column_of(scope_root, table.columns[at].name));
            let distinct: Vec<Sql> = partition.iter().cloned().chain(key).collect();
            select.distinct_on(distinct.iter().filter_map(column_ref));
            distinct.into_iter().for_each(|by| sort_plainly(&mut select, by));
            sorted.into_iter().zip(&level.rows.order).for_each(|(by, term)| sort(&mut select, by, term));
            let mut outer = Query::select();
            self.expose_again(&mut outer, level, edge, number);
            for beside in &beside {
                outer.column(name(beside));
            }
            outer.from_subquery(select, alias("t", number));
            select = outer;
            sorted = chosen.order.iter().map(|by| Sql::col(name(by))).collect();
            partition = chosen.partition.iter().map(|by| Sql::col(name(by))).collect();
            self.begin_after(&mut select, level, &sorted, after.take());
        }
        if window {
            let mut over = WindowStatement::new();
            for by in partition {
                over.add_partition_by(by);
            }
            sorted.into_iter().zip(&level.rows.order).for_each(|(by, term)| sort(&mut over, by, term));
            select.expr_window_as(Func::cust("ROW_NUMBER"), over, chosen.number.clone());
        } else {
            sorted.into_iter().zip(&level.rows.order).for_each(|(by, term)| sort(&mut select, by, term));
            self.limit(&mut select, &level.rows);
            lock(&mut select, &level.rows, &locked);
        }
        chosen.rows = select;
        chosen
    }

    /// The condition on the row's number that a window gave it.
    pub(super) fn counted_off(&mut self, level: &Level, chosen: &Chosen, table: usize) -> Condition {
        let number = || Sql::col((alias("t", table), chosen.number.clone()));
        let (first, mut all) = (level.rows.offset.unwrap_or(0), Condition::all());
        if level.rows.offset.is_some() {
            all = all.add(number().gt(self.param(Param::rows(first))));
        }
        if let Some(limit) = level.rows.limit {
            all = all.add(number().lte(self.param(Param::rows(first.saturating_add(limit)))));
        }
        all
    }

    /// Sorts by the level's order, by the names that the chosen rows give it.
    pub(super) fn sort_chosen(&self, select: &mut SelectStatement, level: &Level, chosen: &Chosen, table: usize) {
        for (name, term) in chosen.order.iter().zip(&level.rows.order) {
            sort(select, Sql::col((alias("t", table), name.clone())), term);
        }
    }

    /// A statement whose rows are chosen before others are joined to them: the root's, or those of one parent.
    pub(super) fn chosen_first(mut self, level: &Level, edge: Option<&Edge>, confine: Confine) -> Statement {
        let chosen = self.choose(level, edge, confine, None);
        let scope = self.root(level);
        let mut select = Query::select();
        self.read_chosen(&mut select, level, scope.root);
        self.sort_chosen(&mut select, level, &chosen, scope.root);
        select.from_subquery(chosen.rows, alias("t", scope.root));
        self.complete(select, scope, level)
    }

    /// Rows that carry the ordinals of their keys.
    pub(super) fn with_ordinals(mut self, edge: &Edge) -> Statement {
        let level = &edge.level;
        let mut scope = self.root(level);
        let mut select = self.from(level, Some(edge), &mut scope);
        let (holder, keys) = (self.key_holder(edge, &scope), self.keys(edge));
        let batch = self.join_batch(&mut select, Batch::new(edge, keys, true), edge, holder);
        self.order_and_limit(&mut select, level, &mut scope);
        self.read(&mut select, level, &mut scope);
        select.column((alias("t", batch), ORDINAL));
        self.complete(select, scope, level)
    }

    /// Rows that are counted off for each parent.
    pub(super) fn of_each_parent(mut self, edge: &Edge) -> Statement {
        let level = &edge.level;
        let keys = self.keys(edge);
        let batch = Batch::new(edge, keys, true);
        let mut select = Query::select();
        if edge.window {
            let chosen = self.choose(level, Some(edge), Confine::In(batch), None);
            let scope = self.root(level);
            let ordinal = Sql::col((alias("t", scope.root), chosen.ordinal.clone()));
            let counted = self.counted_off(level, &chosen, scope.root);
            self.read_chosen(&mut select, level, scope.root);
            select.expr(ordinal).cond_where(counted);
            // By their numbers, which is the order of each parent's rows.
            select.order_by_expr(Sql::col((alias("t", scope.root), chosen.number.clone())), Order::Asc);
            select.from_subquery(chosen.rows, alias("t", scope.root));
            return self.complete(select, scope, level);
        }
        let number = self.next_alias(None);
        let keys = (0..edge.relation.key_columns().count()).map(|at| Sql::col((alias("t", number), alias("k", at))));
        let keys = keys.collect();
        select.from_subquery(*batch.rows, alias("t", number));
        let after = edge.after.as_ref().map(|cursors| self.join_cursors(&mut select, edge, cursors, number));
        let chosen = self.choose(level, Some(edge), Confine::To(keys), after);
        let scope = self.root(level);
        self.read_chosen(&mut select, level, scope.root);
        select.column((alias("t", number), ORDINAL));
        if level.has_joined() {
            self.sort_chosen(&mut select, level, &chosen, scope.root);
        }
        // The inner side of a nested loop comes in its own order, one parent after the other.
        let always = Condition::all().add(Sql::Constant(SqlValue::Bool(Some(true))));
        select.join_lateral(JoinType::InnerJoin, chosen.rows, alias("t", scope.root), always);
        self.complete(select, scope, level)
    }
}

/// A name beside the columns of the table: the prefix and the number, and more where a column has that name.
pub(super) fn free(table: &Table, prefix: &'static str, number: usize) -> DynIden {
    let mut name = format!("{prefix}{number}");
    while table.position(&name).is_some() {
        name.push('_');
    }
    Alias::new(name).into_iden()
}

fn column_ref(column: &Sql) -> Option<ColumnRef> {
    if let Sql::Column(column) = column { Some(column.clone()) } else { None }
}

fn sort_plainly(select: &mut SelectStatement, by: Sql) {
    select.order_by_expr(by, Order::Asc);
}
