//! The rendering of a statement: one level's rows, the levels joined to them, and what they carry.
//!
//! [`layout`](super::layout) says in which order the columns are read; they are written in that order here.

mod batch;
mod chosen;
mod expr;
mod across;
mod call;
mod joined;
mod keyset;
mod query;
mod read;
mod rows;
mod scope;
mod text;

use sea_query::extension::postgres::PgFunc;
use sea_query::{
    Alias, Expr as Sql, ExprTrait, Func, IntoIden, PostgresQueryBuilder, Query, QuotedBuilder, SelectStatement,
    TableRef, Value as SqlValue,
};

use self::batch::{Batch, one_key};
use self::chosen::Confine;
pub(super) use self::keyset::fingerprint_of;
use self::scope::Scope;
use super::{Param, Statement};
use crate::expr::{Distinct, Rows};
use crate::plan::{Edge, Level};
use crate::schema::{Association, Column, Link, Table};
use crate::value::{INFERRED, Value};

/// The root's statement.
pub(super) fn root(level: &Level) -> Statement {
    let mut render = Render::default();
    if level.has_joined() && (level.is_limited() || level.rows.distinct != Distinct::No) {
        return render.chosen_first(level, None, Confine::Nothing);
    }
    let mut scope = render.root(level);
    render.locked(&level.rows, &mut scope);
    let mut select = render.from(level, None, &mut scope);
    render.group(&mut select, &level.rows, &mut scope);
    render.order_and_limit(&mut select, level, &mut scope);
    render.read(&mut select, level, &mut scope);
    render.complete(select, scope, level)
}

/// The statement of a load that is fetched by its parents' keys.
pub(super) fn select_in(edge: &Edge) -> Statement {
    let mut render = Render::default();
    let level = &edge.level;
    if edge.ordinals && !edge.one_key {
        let counted = level.is_limited() || edge.after.is_some();
        return if counted { render.of_each_parent(edge) } else { render.with_ordinals(edge) };
    }
    if level.is_limited() && (level.has_joined() || edge.repeats()) {
        let keys = render.keys(edge);
        return render.chosen_first(level, Some(edge), Confine::To(one_key(edge, keys)));
    }
    let mut scope = render.root(level);
    let mut select = render.from(level, Some(edge), &mut scope);
    let holder = render.key_holder(edge, &scope);
    let keys = render.keys(edge);
    if edge.one_key {
        for (column, key) in edge.relation.key_columns().zip(one_key(edge, keys)) {
            select.and_where(column_of(holder, column.name).eq(key));
        }
    } else if keys.len() == 1 {
        for (column, key) in edge.relation.key_columns().zip(keys) {
            select.and_where(column_of(holder, column.name).eq(PgFunc::any(typed_as(key, column, "[]"))));
        }
    } else {
        let batch = Batch::new(edge, keys, false);
        render.join_batch(&mut select, batch, edge, holder);
    }
    render.order_and_limit(&mut select, level, &mut scope);
    render.read(&mut select, level, &mut scope);
    if let (Link::Through(association), false) = (&edge.relation.link, edge.ordinals) {
        for pair in association.source {
            select.expr(column_of(holder, pair.source.name));
        }
    }
    render.complete(select, scope, level)
}

/// `SELECT COUNT(*)` of what the level would give.
pub(crate) fn count(level: &Level) -> Statement {
    let mut render = Render::default();
    let counted = Func::count(Sql::col(sea_query::Asterisk));
    if is_plain(&level.rows) {
        let mut scope = render.root(level);
        let mut select = render.from(level, None, &mut scope);
        scope.join(&mut select);
        select.expr(counted);
        return render.finish(level, select);
    }
    let select = render.presence(&level.rows);
    let mut outer = Query::select();
    outer.expr(counted).from_subquery(select, "counted");
    render.finish(level, outer)
}

/// Whether there are as many rows as those that meet the conditions.
fn is_plain(rows: &Rows) -> bool {
    !rows.is_limited() && !rows.selection && !multiplies(rows) && rows.distinct == Distinct::No
}

/// Whether a row may come several times because of what is named of it.
fn multiplies(rows: &Rows) -> bool {
    rows.expressions().any(|expr| expr.crosses(|step| step.multiplies() || !step.relation.is_unique()))
}

/// `SELECT EXISTS (…)` of what the level would give.
pub(crate) fn exists(level: &Level) -> Statement {
    let mut render = Render::default();
    let mut select = render.presence(&level.rows);
    if level.rows.groups.is_none() && level.rows.distinct == Distinct::No {
        select.clear_order_by();
    }
    let mut outer = Query::select();
    outer.expr(Sql::exists(select));
    render.finish(level, outer)
}

fn columns(select: &mut SelectStatement, table: &'static Table, root: usize) {
    select.expr(list(table, root));
}

/// A table's columns, written out as one expression: to build an expression a column would cost more than all the rest of
/// the statement.
fn list(table: &'static Table, root: usize) -> Sql {
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
    Sql::cust(list)
}

/// A parameter as the type that the program names for the column, where PostgreSQL would infer another: of a composite type
/// it infers no more than `record`, of `cidr` it infers `inet`. A field whose Rust type is sent as a type that is built in
/// needs no word, and a domain must not have one: parameters of it are of the type that it is of.
fn typed_as(value: Sql, column: &Column, array: &str) -> Sql {
    match column.sql_type {
        Some(own) if !is_inferred(column) => {
            let name = own.split('(').next().unwrap_or_default().trim();
            value.cast_as(Alias::new(format!("{name}{array}")))
        }
        _ => value,
    }
}

/// Whether PostgreSQL infers a type for a parameter beside the column that the column's Rust type is sent as.
fn is_inferred(column: &Column) -> bool {
    INFERRED.iter().any(|ty| column.takes(ty))
}

fn association_ref(association: &Association, number: usize) -> TableRef {
    let table: TableRef = match association.schema {
        Some(schema) => (schema, association.table).into(),
        None => association.table.into(),
    };
    table.alias(alias("t", number))
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

#[derive(Default)]
struct Render {
    /// What sea-query numbers: its values are positions in this list.
    params: Vec<Param>,
    /// What `t0`, `t1` and so on stand for.
    tables: Vec<Option<&'static Table>>,
    /// The queries around the one that is being rendered, the outermost first.
    outers: Vec<Scope>,
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

    /// LIMIT and OFFSET: sea-query takes numbers for them, and gets their positions as for every other parameter.
    fn limit(&mut self, select: &mut SelectStatement, rows: &Rows) {
        if let Some(limit) = rows.limit {
            self.params.push(Param::rows(limit));
            select.limit(self.params.len() as u64 - 1);
        }
        if let Some(offset) = rows.offset {
            self.params.push(Param::rows(offset));
            select.offset(self.params.len() as u64 - 1);
        }
    }

    fn value(&mut self, value: &Value) -> Sql {
        self.param(Param::Value(value.clone()))
    }

    /// The parents' keys, one parameter a column.
    fn keys(&mut self, edge: &Edge) -> Vec<Sql> {
        (0..edge.relation.key_columns().count()).map(|at| self.param(Param::Keys(at))).collect()
    }

    fn root(&mut self, level: &Level) -> Scope {
        Scope::new(self.next_alias(Some(level.table)))
    }

    /// The table whose columns equal the parents' keys: the level's, or the association's.
    fn key_holder(&self, edge: &Edge, scope: &Scope) -> usize {
        match edge.relation.link {
            Link::Direct(_) => scope.root,
            Link::Through(_) => scope.association.unwrap_or(scope.root),
        }
    }

    /// Adds the levels that are joined to this one, and writes the text.
    fn complete(mut self, mut select: SelectStatement, mut scope: Scope, level: &Level) -> Statement {
        let root = scope.root;
        self.joined(&mut select, &mut scope, level, root);
        scope.join(&mut select);
        self.finish(level, select)
    }

    /// Writes the text.
    fn finish(self, level: &Level, select: SelectStatement) -> Statement {
        let (text, params) = text::write(&select, &self.params);
        Statement { path: level.path.clone(), text, params, tables: self.tables }
    }
}
