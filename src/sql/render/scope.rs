//! The tables that the expressions of one SELECT can see, and how they are joined to its root.

use sea_query::{Condition, Expr as Sql, ExprTrait, JoinType, SelectStatement, Value as SqlValue};

use super::{Render, alias, column_of, table_ref};
use crate::schema::{self, Constant, KeyPair, Link, RelationDef};

/// The tables of one SELECT, beginning with its root.
pub(super) struct Scope {
    pub(super) root: usize,
    /// The association table, where the root's rows are reached through one.
    pub(super) association: Option<usize>,
    /// In the order in which they were asked for: each needs those before it only.
    joins: Vec<Join>,
}

/// A table joined on the left: each row stays, with or without a partner.
struct Join {
    alias: usize,
    table: Joined,
}

enum Joined {
    /// The target of a relation, without more conditions than the relation's own.
    Table { from: usize, relation: &'static RelationDef },
    /// Rows that were chosen first.
    Rows { rows: Box<SelectStatement>, lateral: bool, on: Condition },
}

impl Scope {
    pub(super) fn new(root: usize) -> Self {
        Scope { root, association: None, joins: Vec::new() }
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
                Joined::Table { from, relation } => {
                    let table = table_ref((relation.target)()).alias(name);
                    select.left_join(table, on(relation, from, join.alias));
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

impl Render {
    /// The target of a direct relation, joined once to the same table.
    pub(super) fn step(&mut self, relation: &'static RelationDef, at: usize, scope: &mut Scope) -> usize {
        let known = scope.joins.iter().find(|join| match &join.table {
            Joined::Table { from, relation: known } => *from == at && *known == relation,
            Joined::Rows { .. } => false,
        });
        match known {
            Some(join) => join.alias,
            None => self.own_step(relation, at, scope),
        }
    }

    /// The target of a direct relation, joined for this alone.
    pub(super) fn own_step(&mut self, relation: &'static RelationDef, at: usize, scope: &mut Scope) -> usize {
        let alias = self.next_alias(Some((relation.target)()));
        scope.joins.push(Join { alias, table: Joined::Table { from: at, relation } });
        alias
    }
}

/// Where rows of both sides of a direct relation find each other, with its own conditions.
fn on(relation: &RelationDef, source: usize, target: usize) -> Condition {
    let pairs = match &relation.link {
        Link::Direct(pairs) => pairs,
        // A path of one row has no association table.
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
