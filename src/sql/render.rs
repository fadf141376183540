//! The rendering of one level: its columns, its conditions, the joins that they need, its order.
//!
//! To-one steps become left joins, which drop no row; a quantifier over a path becomes `EXISTS`. A path is joined
//! once, however often it is named.

use sea_query::extension::postgres::{PgBinOper, PgFunc};
use sea_query::{
    Alias, BinOper, CaseStatement, Condition, Expr as Sql, ExprTrait, Func, IntoIden, NullOrdering, Order,
    PostgresQueryBuilder, Query, QuotedBuilder, SelectStatement, SubQueryStatement, TableRef, Value as SqlValue,
};

use super::{Param, Statement};
use crate::expr::{ColumnRef, Expr, NullsAt, Operator, OrderTerm, Quantifier};
use crate::plan::{Edge, Level};
use crate::schema::{RelationDef, Table};
use crate::value::Value;

/// The root's statement.
pub(super) fn root(level: &Level) -> Statement {
    let mut render = Render::default();
    let scope = Scope::of(level, &mut render);
    let (mut select, scope) = render.level(level, scope);
    columns(&mut select, level.table, scope.root);
    render.finish(level, select)
}

/// The statement of a load that is fetched by its parents' keys.
pub(super) fn select_in(edge: &Edge) -> Statement {
    let mut render = Render::default();
    let level = &edge.level;
    let scope = Scope::of(level, &mut render);
    let root = scope.root;
    let mut keys = Vec::with_capacity(edge.relation.pairs.len());
    for at in 0..edge.relation.pairs.len() {
        keys.push(render.param(Param::Keys(at)));
    }
    let (mut select, scope) = render.level(level, scope);
    columns(&mut select, level.table, scope.root);
    let targets = edge.relation.pairs.iter().map(|pair| pair.target.name);
    if edge.one_key {
        for (column, key) in targets.zip(keys) {
            select.and_where(column_of(root, column).eq(key));
        }
    } else if let ([pair], true) = (edge.relation.pairs, keys.len() == 1) {
        for key in keys {
            select.and_where(column_of(root, pair.target.name).eq(PgFunc::any(key)));
        }
    } else {
        let batch = render.next_alias(None);
        let mut on = Condition::all();
        let mut rows = Query::select();
        for (at, (column, key)) in targets.zip(keys).enumerate() {
            rows.expr_as(unnest(level.table, column, key), alias("k", at));
            on = on.add(column_of(root, column).equals((alias("t", batch), alias("k", at))));
        }
        select.join_subquery(sea_query::JoinType::InnerJoin, rows, alias("t", batch), on);
    }
    render.finish(level, select)
}

/// `SELECT COUNT(*)` of what the level would give.
pub(crate) fn count(level: &Level) -> Statement {
    let mut render = Render::default();
    let scope = Scope::of(level, &mut render);
    let (mut select, _) = render.level(level, scope);
    let counted = Func::count(Sql::col(sea_query::Asterisk));
    if level.limit.is_none() && level.offset.is_none() {
        select.clear_order_by().expr(counted);
        return render.finish(level, select);
    }
    select.expr(Sql::Constant(SqlValue::Int(Some(1))));
    let mut outer = Query::select();
    outer.expr(counted).from_subquery(select, "counted");
    render.finish(level, outer)
}

/// `SELECT EXISTS (…)` of what the level would give.
pub(crate) fn exists(level: &Level) -> Statement {
    let mut render = Render::default();
    let scope = Scope::of(level, &mut render);
    let (mut select, _) = render.level(level, scope);
    select.clear_order_by().expr(Sql::Constant(SqlValue::Int(Some(1))));
    let mut outer = Query::select();
    outer.expr(Sql::exists(select));
    render.finish(level, outer)
}

/// `unnest` of a key array. Its type cannot be inferred from `unnest($1)`, so the placeholder takes the column's
/// type from the dead branch of a CASE, which the planner folds away; enums and domains have no other name here.
fn unnest(table: &'static Table, column: &'static str, key: Sql) -> Sql {
    let mut typed = Query::select();
    typed.column(column).from(table_ref(table));
    let array = Func::cust("ARRAY").arg(Sql::SubQuery(None, Box::new(SubQueryStatement::SelectStatement(typed))));
    let case = CaseStatement::new().case(Sql::Constant(SqlValue::Bool(Some(true))), key).finally(array);
    Func::cust("unnest").arg(case).into()
}

/// Written out as one expression: to build an expression a column would cost more than all the rest of the statement.
fn columns(select: &mut SelectStatement, table: &'static Table, root: usize) {
    let root = alias("t", root);
    let mut list = String::with_capacity(24 * table.columns.len());
    for column in table.columns {
        if !list.is_empty() {
            list.push_str(", ");
        }
        PostgresQueryBuilder.prepare_iden(&root, &mut list);
        list.push('.');
        PostgresQueryBuilder.prepare_iden(&column.name.into_iden(), &mut list);
    }
    select.expr(Sql::cust(list));
}

fn table_ref(table: &'static Table) -> TableRef {
    match table.schema {
        Some(schema) => (schema, table.name).into(),
        None => table.name.into(),
    }
}

/// `t0`, `t1`, …: the names that the statement gives its tables.
fn alias(prefix: &'static str, number: usize) -> sea_query::DynIden {
    const FIRST: [&str; 12] = ["t0", "t1", "t2", "t3", "t4", "t5", "t6", "t7", "t8", "t9", "t10", "t11"];
    match FIRST.get(number) {
        Some(name) if prefix == "t" => (*name).into_iden(),
        _ => Alias::new(format!("{prefix}{number}")).into_iden(),
    }
}

fn column_of(table: usize, column: &'static str) -> Sql {
    Sql::col((alias("t", table), column))
}

/// The tables that expressions of one SELECT can see, beginning with its root.
struct Scope {
    root: usize,
    joins: Vec<Join>,
}

/// A table joined for a to-one path.
struct Join {
    from: usize,
    relation: &'static RelationDef,
    alias: usize,
}

impl Scope {
    fn of(level: &Level, render: &mut Render) -> Self {
        Scope { root: render.next_alias(Some(level.table)), joins: Vec::new() }
    }
}

#[derive(Default)]
struct Render {
    /// What sea-query numbers: its values are positions in this list.
    params: Vec<Param>,
    /// What `t0`, `t1` and so on stand for.
    tables: Vec<Option<&'static Table>>,
}

impl Render {
    fn next_alias(&mut self, table: Option<&'static Table>) -> usize {
        self.tables.push(table);
        self.tables.len() - 1
    }

    fn param(&mut self, param: Param) -> Sql {
        self.params.push(param);
        Sql::Value(SqlValue::BigInt(Some(self.params.len() as i64 - 1)))
    }

    fn value(&mut self, value: &Value) -> Sql {
        self.param(Param::Value(value.clone()))
    }

    /// The level without its columns.
    fn level(&mut self, level: &Level, mut scope: Scope) -> (SelectStatement, Scope) {
        let mut select = Query::select();
        select.from(table_ref(level.table).alias(alias("t", scope.root)));
        if !level.filters.is_empty() {
            let filter = self.chain(&level.filters, &mut scope, true);
            select.and_where(filter);
        }
        for term in &level.order {
            self.order(&mut select, term, &mut scope);
        }
        left_joins(&mut select, &scope);
        if let Some(limit) = level.limit {
            select.limit(limit);
        }
        if let Some(offset) = level.offset {
            select.offset(offset);
        }
        (select, scope)
    }

    fn order(&mut self, select: &mut SelectStatement, term: &OrderTerm, scope: &mut Scope) {
        let by = self.expr(&term.by, scope);
        let order = if term.descending { Order::Desc } else { Order::Asc };
        match term.nulls {
            None => select.order_by_expr(by, order),
            Some(NullsAt::First) => select.order_by_expr_with_nulls(by, order, NullOrdering::First),
            Some(NullsAt::Last) => select.order_by_expr_with_nulls(by, order, NullOrdering::Last),
        };
    }

    fn expr(&mut self, expr: &Expr, scope: &mut Scope) -> Sql {
        match expr {
            Expr::Constant(value) => Sql::Constant(SqlValue::Bool(Some(*value))),
            Expr::Column(column) => self.column(column, scope),
            Expr::Value(value) => self.value(value),
            Expr::Binary(operator, left, right) => {
                let left = self.expr(left, scope);
                let right = self.expr(right, scope);
                left.binary(operator_of(*operator), right)
            }
            Expr::In { item, values, negated } => {
                let item = self.expr(item, scope);
                let values = self.value(values);
                if *negated { item.ne(PgFunc::all(values)) } else { item.eq(PgFunc::any(values)) }
            }
            Expr::Between { item, low, high } => {
                let item = self.expr(item, scope);
                let low = self.expr(low, scope);
                let high = self.expr(high, scope);
                item.between(low, high)
            }
            Expr::IsNull { item, negated } => {
                let item = self.expr(item, scope);
                if *negated { item.is_not_null() } else { item.is_null() }
            }
            Expr::Not(inner) => self.expr(inner, scope).not(),
            Expr::All(all) => self.chain(all, scope, true),
            Expr::Any(any) => self.chain(any, scope, false),
            Expr::Quantified { path, quantifier, condition } => self.quantified(path, *quantifier, condition, scope),
        }
    }

    fn chain(&mut self, parts: &[Expr], scope: &mut Scope, and: bool) -> Sql {
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
            at = match scope.joins.iter().find(|join| join.from == at && join.relation == relation) {
                Some(join) => join.alias,
                None => {
                    let alias = self.next_alias(Some((relation.target)()));
                    scope.joins.push(Join { from: at, relation, alias });
                    alias
                }
            };
        }
        column_of(at, column.column.name)
    }

    fn quantified(
        &mut self,
        path: &[&'static RelationDef],
        quantifier: Quantifier,
        condition: &Expr,
        outer: &Scope,
    ) -> Sql {
        let mut select = Query::select();
        select.expr(Sql::Constant(SqlValue::Int(Some(1))));
        let mut from = outer.root;
        for (step, relation) in path.iter().enumerate() {
            let target = self.next_alias(Some((relation.target)()));
            let table = table_ref((relation.target)()).alias(alias("t", target));
            let on = equal(relation, from, target);
            if step == 0 {
                select.from(table).cond_where(on);
            } else {
                select.inner_join(table, on);
            }
            from = target;
        }
        let mut scope = Scope { root: from, joins: Vec::new() };
        // A condition that every row meets asks for a row, no more.
        let any_row = matches!(condition, Expr::Constant(true)) && quantifier != Quantifier::Every;
        let mut condition = self.expr(condition, &mut scope);
        left_joins(&mut select, &scope);
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

    /// Writes the text, and puts the parameters into the order of the placeholders.
    fn finish(self, level: &Level, select: SelectStatement) -> Statement {
        let (text, values) = select.build(PostgresQueryBuilder);
        let mut params = Vec::with_capacity(values.0.len());
        for value in values.0 {
            match value {
                SqlValue::BigInt(Some(at)) => params.extend(self.params.get(at as usize).cloned()),
                // The only values that are given to sea-query as they are: limit and offset.
                SqlValue::BigUnsigned(Some(rows)) => params.push(Param::Rows(i64::try_from(rows).unwrap_or(i64::MAX))),
                _ => {}
            }
        }
        Statement { path: level.path.clone(), text: text.into(), params, tables: self.tables }
    }
}

fn left_joins(select: &mut SelectStatement, scope: &Scope) {
    for join in &scope.joins {
        let table = table_ref((join.relation.target)()).alias(alias("t", join.alias));
        select.left_join(table, equal(join.relation, join.from, join.alias));
    }
}

fn equal(relation: &RelationDef, source: usize, target: usize) -> Condition {
    let mut all = Condition::all();
    for pair in relation.pairs {
        let target = (alias("t", target), pair.target.name);
        all = all.add(column_of(source, pair.source.name).equals(target));
    }
    all
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
