//! The tables that the expressions of one SELECT can see, and how they are joined to its root.

use sea_query::{Condition, Expr as Sql, ExprTrait, JoinType, Query, SelectStatement, Value as SqlValue};

use super::{Render, alias, association_ref, column_of, columns, table_ref};
use crate::expr::{Expr, Rows, Step, StepKind};
use crate::schema::{self, Association, Constant, KeyPair, Link, RelationDef};

/// The tables of one SELECT, beginning with its root.
pub(super) struct Scope {
    pub(super) root: usize,
    /// The association table, where the root's rows are reached through one.
    pub(super) association: Option<usize>,
    /// What has to be the same wherever it stands, as it was written first: what rows are grouped by or distinct on.
    pub(super) written: Vec<(Expr, Sql)>,
    /// The tables whose rows are locked.
    pub(super) locked: Vec<usize>,
    /// In the order in which they were asked for: each needs those before it only.
    joins: Vec<Join>,
}

/// A table joined on the left, as far as its steps say nothing else: each row stays, with or without a partner.
struct Join {
    alias: usize,
    table: Joined,
    /// A row without a partner goes.
    inner: bool,
}

impl Join {
    fn new(alias: usize, table: Joined) -> Self {
        Join { alias, table, inner: false }
    }

    fn by(alias: usize, step: &Step, table: Joined) -> Self {
        Join { alias, table, inner: step.kind == StepKind::Each }
    }

    /// The step that it is.
    fn is_step(&self, step: Step, at: usize) -> bool {
        match &self.table {
            Joined::Table { from, step: known }
            | Joined::Through { from, step: known, .. }
            | Joined::Targets { from, step: known, .. } => *from == at && *known == step,
            Joined::Association { .. } | Joined::Rows { .. } => false,
        }
    }
}

enum Joined {
    /// The target of a direct relation, without more conditions than the relation's own.
    Table { from: usize, step: Step },
    /// An association table, on the way to a target that is joined by its rows.
    Association { from: usize, association: &'static Association },
    /// The target of a many-to-many, by the association's rows.
    Through { from: usize, step: Step, association: usize },
    /// Rows that were chosen first.
    Rows { rows: Box<SelectStatement>, lateral: bool, on: Condition },
    /// The targets of a many-to-many, chosen for each row.
    Targets { from: usize, step: Step, rows: Box<SelectStatement> },
}

impl Scope {
    pub(super) fn new(root: usize) -> Self {
        Scope { root, association: None, written: Vec::new(), locked: Vec::new(), joins: Vec::new() }
    }

    /// Joins chosen rows, and gives them the name `alias`.
    pub(super) fn join_rows(&mut self, alias: usize, rows: SelectStatement, lateral: bool, on: Condition) {
        self.joins.push(Join::new(alias, Joined::Rows { rows: Box::new(rows), lateral, on }));
    }

    /// Writes the joins into the SELECT.
    pub(super) fn join(self, select: &mut SelectStatement) {
        for join in self.joins {
            let name = alias("t", join.alias);
            let kind = if join.inner { JoinType::InnerJoin } else { JoinType::LeftJoin };
            match join.table {
                Joined::Table { from, step } => {
                    let table = table_ref((step.relation.target)()).alias(name);
                    select.join(kind, table, on(step.relation, from, join.alias));
                }
                Joined::Association { from, association } => {
                    let on = pairs_equal(association.source, join.alias, from);
                    select.join(
                        kind,
                        association_ref(association, join.alias),
                        on.add_option(only(association.only, join.alias)),
                    );
                }
                Joined::Through { step, association, .. } => {
                    let table = table_ref((step.relation.target)()).alias(name);
                    select.join(kind, table, on(step.relation, association, join.alias));
                }
                Joined::Targets { rows, .. } => {
                    let always = Condition::all().add(Sql::Constant(SqlValue::Bool(Some(true))));
                    select.join_lateral(kind, *rows, name, always);
                }
                Joined::Rows { rows, lateral: true, on } => {
                    select.join_lateral(kind, *rows, name, on);
                }
                Joined::Rows { rows, lateral: false, on } => {
                    select.join_subquery(kind, *rows, name, on);
                }
            }
        }
    }
}

impl Render {
    /// The target of a step, joined once to the same table.
    pub(super) fn step(&mut self, step: Step, at: usize, scope: &mut Scope) -> usize {
        match scope.joins.iter().find(|join| join.is_step(step, at)) {
            Some(join) => join.alias,
            None => self.own_step(step, at, scope),
        }
    }

    /// Joins the tables whose rows are locked, which PostgreSQL does where they are joined as rows that are there.
    pub(super) fn locked(&mut self, rows: &Rows, scope: &mut Scope) {
        let Some(lock) = &rows.lock else { return };
        if lock.of.is_empty() {
            scope.locked.push(scope.root);
        }
        for path in &lock.of {
            let mut at = scope.root;
            for &step in path {
                let from = at;
                at = self.step(step, at, scope);
                scope.joins.iter_mut().filter(|join| join.is_step(step, from)).for_each(|join| join.inner = true);
            }
            if !scope.locked.contains(&at) {
                scope.locked.push(at);
            }
        }
    }

    /// The target of a step, joined for this alone.
    pub(super) fn own_step(&mut self, step: Step, at: usize, scope: &mut Scope) -> usize {
        let target = (step.relation.target)();
        let Link::Through(association) = &step.relation.link else {
            let alias = self.next_alias(Some(target));
            scope.joins.push(Join::by(alias, &step, Joined::Table { from: at, step }));
            return alias;
        };
        if step.kind == StepKind::Each && association.is_distinct() {
            let between = self.next_alias(association.entity.map(|entity| entity()));
            scope.joins.push(Join::by(between, &step, Joined::Association { from: at, association }));
            let alias = self.next_alias(Some(target));
            let table = Joined::Through { from: at, step, association: between };
            scope.joins.push(Join::by(alias, &step, table));
            return alias;
        }
        // Each target once, and the row that has none stays: neither can be said by two joins one after the other.
        let inner = self.next_alias(Some(target));
        let mut rows = Query::select();
        columns(&mut rows, target, inner);
        rows.from(table_ref(target).alias(alias("t", inner))).cond_where(self.leads_to(
            step.relation,
            association,
            at,
            inner,
        ));
        let alias = self.next_alias(Some(target));
        scope.joins.push(Join::by(alias, &step, Joined::Targets { from: at, step, rows: Box::new(rows) }));
        alias
    }

    /// Whether the association has the pair of these rows, and the target is one of the relation's.
    pub(super) fn leads_to(
        &mut self,
        relation: &RelationDef,
        association: &'static Association,
        source: usize,
        target: usize,
    ) -> Condition {
        let between = self.next_alias(association.entity.map(|entity| entity()));
        let mut pair = Query::select();
        let on = pairs_equal(association.source, between, source)
            .add(pairs_equal(association.target, between, target))
            .add_option(only(association.only, between));
        pair.expr(Sql::Constant(SqlValue::Int(Some(1)))).from(association_ref(association, between)).cond_where(on);
        Condition::all().add(Sql::exists(pair)).add_option(only(relation.only, target))
    }
}

/// Where rows of both sides of a relation find each other, the association's for a many-to-many, with its own conditions.
fn on(relation: &RelationDef, source: usize, target: usize) -> Condition {
    let pairs = match &relation.link {
        Link::Direct(pairs) => pairs,
        Link::Through(association) => association.target,
    };
    pairs_equal(pairs, source, target).add_option(only(relation.only, target))
}

/// The columns of each pair are equal.
pub(super) fn pairs_equal(pairs: &[KeyPair], source: usize, target: usize) -> Condition {
    let mut all = Condition::all();
    for pair in pairs {
        all = all.add(column_of(source, pair.source.name).equals((alias("t", target), pair.target.name)));
    }
    all
}

/// A relation's own conditions, as one that every strategy and every quantifier has.
///
/// Their constants are part of the text, as they are part of the program: a partial index is then found, and a text
/// takes the column's type.
pub(super) fn only(conditions: &[schema::Condition], table: usize) -> Option<Condition> {
    if conditions.is_empty() {
        return None;
    }
    let mut all = Condition::all();
    for condition in conditions {
        let column = column_of(table, condition.column.name);
        let constant = match condition.equals {
            Constant::Null => {
                all = all.add(column.is_null());
                continue;
            }
            Constant::Bool(value) => SqlValue::Bool(Some(value)),
            Constant::Integer(value) => SqlValue::BigInt(Some(value)),
            Constant::Text(value) => SqlValue::String(Some(value.to_owned())),
        };
        all = all.add(column.eq(Sql::Constant(constant)));
    }
    Some(all)
}
