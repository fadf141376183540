//! The parents' keys in a statement: as a table of them with their ordinals, or as one value.

use sea_query::{
    CaseStatement, Condition, Expr as Sql, ExprTrait, Func, JoinType, Query, SelectStatement, SubQueryStatement,
    Value as SqlValue,
};

use super::{Render, alias, column_of, table_ref, typed_as};
use crate::plan::Edge;
use crate::schema::Column;

/// The parents' keys as a table: `k0`, `k1` and so on, and the ordinal of each.
pub(super) struct Batch {
    pub(super) rows: Box<SelectStatement>,
}

impl Batch {
    pub(super) fn new(edge: &Edge, keys: Vec<Sql>, ordinals: bool) -> Self {
        let mut arrays = Query::select();
        let mut rows = Query::select();
        for (at, (key, column)) in keys.into_iter().zip(edge.relation.source_columns()).enumerate() {
            let array = typed(edge, column, key, true);
            if !ordinals {
                rows.expr_as(Func::cust("unnest").arg(array), alias("k", at));
                continue;
            }
            arrays.expr_as(array, alias("a", at));
            rows.expr_as(Func::cust("unnest").arg(Sql::col(alias("a", at))), alias("k", at));
        }
        if ordinals {
            // As an array: the planner knows how many elements one has, and would take a bare set for 1,000 rows.
            let mut subscripts = Query::select();
            let of = [Sql::col(alias("a", 0)), Sql::Constant(SqlValue::Int(Some(1)))];
            subscripts.expr(Func::cust("generate_subscripts").args(of));
            rows.expr_as(Func::cust("unnest").arg(array_of(subscripts)), ORDINAL);
            rows.from_subquery(arrays, "arrays");
        }
        Batch { rows: Box::new(rows) }
    }
}

pub(super) const ORDINAL: &str = "ordinal";

/// Keys as the type of the parents' own column, which the placeholder takes from the dead branch of a CASE: it cannot be
/// inferred from `unnest($1)`, and enums and domains have no other name here. The planner folds the branch away.
///
/// The comparison is then the very one of a join, its operator and its collation; and a key is always a value of the
/// type that it has, which a domain of the children's may refuse.
pub(super) fn typed(edge: &Edge, column: &'static Column, key: Sql, array: bool) -> Sql {
    let mut values = Query::select();
    values.column(column.name).from(table_ref((edge.relation.source)()));
    let dead = if array { array_of(values) } else { subquery(values) };
    either(key, dead)
}

/// The value, as the type of the dead branch.
pub(super) fn either(value: Sql, dead: Sql) -> Sql {
    CaseStatement::new().case(Sql::Constant(SqlValue::Bool(Some(true))), value).finally(dead).into()
}

fn subquery(select: SelectStatement) -> Sql {
    Sql::SubQuery(None, Box::new(SubQueryStatement::SelectStatement(select)))
}

pub(super) fn array_of(select: SelectStatement) -> Sql {
    Func::cust("ARRAY").arg(subquery(select)).into()
}

/// The key of one parent, as its children's key columns are compared with it.
pub(super) fn one_key(edge: &Edge, keys: Vec<Sql>) -> Vec<Sql> {
    let mut all = Vec::with_capacity(keys.len());
    for ((key, own), source) in keys.into_iter().zip(edge.relation.key_columns()).zip(edge.relation.source_columns()) {
        all.push(if edge.ordinals { typed(edge, source, key, false) } else { typed_as(key, own, "") });
    }
    all
}

impl Render {
    /// Joins the batch to the table that has the keys.
    pub(super) fn join_batch(
        &mut self,
        select: &mut SelectStatement,
        batch: Batch,
        edge: &Edge,
        holder: usize,
    ) -> usize {
        let number = self.next_alias(None);
        let mut on = Condition::all();
        for (at, column) in edge.relation.key_columns().enumerate() {
            on = on.add(column_of(holder, column.name).equals((alias("t", number), alias("k", at))));
        }
        select.join_subquery(JoinType::InnerJoin, *batch.rows, alias("t", number), on);
        number
    }
}
