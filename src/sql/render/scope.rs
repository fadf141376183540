//! The tables that the expressions of one SELECT can see, and how they are joined to its root.

use sea_query::{Condition, Expr as Sql, ExprTrait, JoinType, Query, SelectStatement, Value as SqlValue};

use super::{Render, alias, association_ref, column_of, columns, table_ref};
use crate::expr::{Expr, Step, StepKind};
use crate::schema::{self, Association, Constant, KeyPair, Link, RelationDef};

/// The tables of one SELECT, beginning with its root.
pub(super) struct Scope {
    pub(super) root: usize,
    /// The association table, where the root's rows are reached through one.
    pub(super) association: Option<usize>,
    /// What has to be the same wherever it stands, as it was written first: what rows are grouped by or distinct on.
    pub(super) written: Vec<(Expr, Sql)>,
    /// In the order in which they were asked for: each needs those before it only.
    joins: Vec<Join>,
}

/// A table joined on the left: each row stays, with or without a partner.
struct Join {
    alias: usize,
    table: Joined,
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
        Scope { root, association: None, written: Vec::new(), joins: Vec::new() }
    }

    /// Joins chosen rows, and gives them the name `alias`.
    pub(super) fn join_rows(&mut self, alias: usize, rows: SelectStatement, lateral: bool, on: Condition) {
        self.joins.push(Join { alias, table: Joined::Rows { rows: Box::new(rows), lateral, on } });
    }

    /// Writes the joins into the SELECT.
    pub(super) fn join(self, select: &mut SelectStatement) {
        for join in self.joins {
            let name = alias("t", join.alias);
            match join.table {
                Joined::Table { from, step } => {
                    let table = table_ref((step.relation.target)()).alias(name);
                    select.join(join_type(&step), table, on(step.relation, from, join.alias));
                }
                Joined::Association { from, association } => {
                    let on = pairs_equal(association.source, join.alias, from);
                    select.inner_join(
                        association_ref(association, join.alias),
                        on.add_option(only(association.only, join.alias)),
                    );
                }
                Joined::Through { step, association, .. } => {
                    let table = table_ref((step.relation.target)()).alias(name);
                    select.inner_join(table, on(step.relation, association, join.alias));
                }
                Joined::Targets { step, rows, .. } => {
                    let always = Condition::all().add(Sql::Constant(SqlValue::Bool(Some(true))));
                    select.join_lateral(join_type(&step), *rows, name, always);
                }
                Joined::Rows { rows, lateral: true, on } => {
                    select.join_lateral(JoinType::LeftJoin, *rows, name, on);
                }
                Joined::Rows { rows, lateral: false, on } => {
                    select.join_subquery(JoinType::LeftJoin, *rows, name, on);
                }
            }
        }
    }
}

/// A row stays with or without a partner, unless the step says otherwise.
fn join_type(step: &Step) -> JoinType {
    if step.kind == StepKind::Each { JoinType::InnerJoin } else { JoinType::LeftJoin }
}

impl Render {
    /// The target of a step, joined once to the same table.
    pub(super) fn step(&mut self, step: Step, at: usize, scope: &mut Scope) -> usize {
        let known = scope.joins.iter().find(|join| match &join.table {
            Joined::Table { from, step: known }
            | Joined::Through { from, step: known, .. }
            | Joined::Targets { from, step: known, .. } => *from == at && *known == step,
            Joined::Association { .. } | Joined::Rows { .. } => false,
        });
        match known {
            Some(join) => join.alias,
            None => self.own_step(step, at, scope),
        }
    }

    /// The target of a step, joined for this alone.
    pub(super) fn own_step(&mut self, step: Step, at: usize, scope: &mut Scope) -> usize {
        let target = (step.relation.target)();
        let Link::Through(association) = &step.relation.link else {
            let alias = self.next_alias(Some(target));
            scope.joins.push(Join { alias, table: Joined::Table { from: at, step } });
            return alias;
        };
        if step.kind == StepKind::Each && association.is_distinct() {
            let between = self.next_alias(association.entity.map(|entity| entity()));
            scope.joins.push(Join { alias: between, table: Joined::Association { from: at, association } });
            let alias = self.next_alias(Some(target));
            let table = Joined::Through { from: at, step, association: between };
            scope.joins.push(Join { alias, table });
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
        scope.joins.push(Join { alias, table: Joined::Targets { from: at, step, rows: Box::new(rows) } });
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
