//! The rows after a place in an order: compared by what they are ordered by, so that rows which come or go elsewhere in the
//! order move no page.

use sea_query::{
    BinOper, Condition, Expr as Sql, ExprTrait, Func, JoinType, Query, SelectStatement, Value as SqlValue,
};

use super::batch::array_of;
use super::rows::sort;
use super::scope::{Scope, pairs_equal};
use super::{Render, alias, is_inferred, table_ref, typed_as};
use crate::expr::{Expr, NullsAt, OrderTerm};
use crate::page::{ArrayAsWritten, AsWritten, Cursor, ParentKeys, fingerprint};
use crate::plan::{Edge, Level};
use crate::sql::Param;
use crate::value::Value;

/// A value of a cursor, and whether it is NULL.
pub(super) struct Place {
    value: Sql,
    is_null: Sql,
}

/// The cursors of some parents, as columns beside the parents' keys.
pub(super) struct After {
    places: Vec<Place>,
    /// NULL where the parent has no cursor.
    given: Sql,
}

impl Render {
    /// Leaves out the rows before a page.
    pub(super) fn begin_after(
        &mut self,
        select: &mut SelectStatement,
        level: &Level,
        by: &[Sql],
        after: Option<After>,
    ) {
        let condition = match after {
            Some(after) => Some(after.given.is_null().or(beyond(&level.rows.order, by, after.places))),
            None => self.after_cursor(level, by),
        };
        if let Some(condition) = condition {
            select.and_where(condition);
        }
    }

    /// The condition of a root's page, where it does not begin with the first row.
    fn after_cursor(&mut self, level: &Level, by: &[Sql]) -> Option<Sql> {
        let cursor = level.rows.after.as_ref()?;
        let mut places = Vec::with_capacity(by.len());
        for (at, term) in level.rows.order.iter().enumerate() {
            let bytes = cursor.values().get(at).cloned().flatten();
            let is_null = self.cursor(Value::new(bytes.is_none()));
            let value = self.cursor(Value::new(AsWritten(bytes)));
            let value = match term.by.column() {
                Some(column) => typed_as(value, column, ""),
                None => value,
            };
            places.push(Place { value, is_null });
        }
        Some(beyond(&level.rows.order, by, places))
    }

    fn cursor(&mut self, value: Value) -> Sql {
        self.param(Param::Cursor(value))
    }

    /// Joins the cursors to the parents' keys in `keys`: one array a column of the keys, and one a term of the order.
    pub(super) fn join_cursors(
        &mut self,
        select: &mut SelectStatement,
        edge: &Edge,
        cursors: &[Cursor],
        keys: usize,
    ) -> After {
        let number = self.next_alias(None);
        let (mut arrays, mut rows, mut on) = (Query::select(), Query::select(), Condition::all());
        for (at, column) in edge.relation.source_columns().enumerate() {
            let parts = cursors.iter().filter_map(|cursor| cursor.parent().get(at).cloned()).collect();
            let values = self.cursor(Value::new(ParentKeys(parts)));
            arrays.expr_as(super::batch::typed(edge, column, values, true), alias("a", at));
            rows.expr_as(Func::cust("unnest").arg(Sql::col(alias("a", at))), alias("k", at));
            on = on.add(Sql::col((alias("t", number), alias("k", at))).equals((alias("t", keys), alias("k", at))));
        }
        let keys_of = edge.relation.source_columns().count();
        let mut places = Vec::with_capacity(edge.level.rows.order.len());
        for (at, term) in edge.level.rows.order.iter().enumerate() {
            let values = cursors.iter().map(|cursor| cursor.values().get(at).cloned().flatten()).collect();
            let values = self.cursor(Value::new(ArrayAsWritten(values)));
            let array = self.typed_as_ordered(edge, term, values);
            arrays.expr_as(array, alias("b", at));
            rows.expr_as(Func::cust("unnest").arg(Sql::col(alias("b", at))), alias("c", at));
            let value = Sql::col((alias("t", number), alias("c", at)));
            places.push(Place { is_null: is_null(value.clone(), term), value });
        }
        rows.from_subquery(arrays, "arrays");
        if edge.relation.compares_in_database() {
            // Parents whose keys are equal in all but their bytes have the same children, and one of their cursors serves.
            rows.distinct_on((0..keys_of).map(|at| alias("k", at)));
        }
        select.join_subquery(JoinType::LeftJoin, rows, alias("t", number), on);
        After { places, given: Sql::col((alias("t", number), alias("k", 0))) }
    }

    /// Values as the type of what rows are ordered by, which the placeholder takes from a dead branch, as keys take theirs.
    fn typed_as_ordered(&mut self, edge: &Edge, term: &OrderTerm, values: Sql) -> Sql {
        let mut scope = Scope::new(self.next_alias(Some(edge.level.table)));
        let mut select = Query::select();
        select.from(table_ref(edge.level.table).alias(alias("t", scope.root)));
        if let (Expr::Through(_), Some(association)) = (&term.by, edge.relation.association()) {
            let between = self.next_alias(association.entity.map(|entity| entity()));
            scope.association = Some(between);
            let on = pairs_equal(association.target, between, scope.root);
            select.inner_join(super::association_ref(association, between), on);
        }
        let by = self.expr(&term.by, &mut scope);
        select.expr(by);
        scope.join(&mut select);
        super::batch::either(values, array_of(select))
    }
}

/// Whether there is no value. A composite value whose fields are all NULL is one, though `IS NULL` says it of that, too.
fn is_null(by: Sql, term: &OrderTerm) -> Sql {
    if is_scalar(term) { by.is_null() } else { by.binary(BinOper::Custom("IS NOT DISTINCT FROM"), Sql::cust("NULL")) }
}

/// Whether there is a value.
fn not_null(by: Sql, term: &OrderTerm) -> Sql {
    if is_scalar(term) { by.is_not_null() } else { by.binary(BinOper::Custom("IS DISTINCT FROM"), Sql::cust("NULL")) }
}

/// Whether an order is by values of one of the types that are built in, as far as a column tells.
fn is_scalar(term: &OrderTerm) -> bool {
    term.by.column().is_some_and(is_inferred)
}

/// Whether a row comes after a place.
fn beyond(order: &[OrderTerm], by: &[Sql], places: Vec<Place>) -> Sql {
    let one_way = order.iter().all(|term| !term.nullable && term.descending == order[0].descending);
    if one_way && order.len() > 1 {
        let row = Sql::tuple(by.iter().cloned());
        let place = Sql::tuple(places.into_iter().map(|place| place.value));
        return if order[0].descending { row.lt(place) } else { row.gt(place) };
    }
    let mut condition: Option<Sql> = None;
    let mut bound = None;
    for (at, ((term, by), place)) in order.iter().zip(by).zip(places).enumerate().rev() {
        let Place { value, is_null } = place;
        if at == 0 && !term.nullable && order.len() > 1 {
            // What the rest says already, in a form that an index serves.
            bound = Some(if term.descending { by.clone().lte(value.clone()) } else { by.clone().gte(value.clone()) });
        }
        let mut after = if term.descending { by.clone().lt(value.clone()) } else { by.clone().gt(value.clone()) };
        let mut same = by.clone().eq(value.clone());
        if term.nullable {
            let nulls_first = term.nulls.map_or(term.descending, |nulls| nulls == NullsAt::First);
            let beside_null = if nulls_first {
                not_null(by.clone(), term).and(is_null)
            } else {
                self::is_null(by.clone(), term).and(is_null.not())
            };
            after = after.or(beside_null);
            same = by.clone().binary(BinOper::Custom("IS NOT DISTINCT FROM"), value);
        }
        condition = Some(match condition {
            None => after,
            Some(rest) => after.or(same.and(rest)),
        });
    }
    let condition = condition.unwrap_or(Sql::Constant(SqlValue::Bool(Some(true))));
    match bound {
        Some(bound) => bound.and(condition),
        None => condition,
    }
}

/// A number that tells one order of these rows from another, the same whenever the query has the same shape.
pub(in super::super) fn fingerprint_of(level: &Level, edge: Option<&Edge>) -> u64 {
    let mut render = Render::default();
    let mut scope = render.root(level);
    let mut select = Query::select();
    for term in &level.rows.order {
        let by = render.expr(&term.by, &mut scope);
        sort(&mut select, by, term);
    }
    scope.join(&mut select);
    let through: String =
        level.rows.order.iter().map(|term| if matches!(term.by, Expr::Through(_)) { 't' } else { '-' }).collect();
    let relation = edge.map_or("", |edge| edge.relation.name);
    let source = edge.map_or(level.table.entity, |edge| (edge.relation.source)().entity);
    let (text, params) = super::text::write(&select, &render.params);
    let mut order = format!("{source}.{relation} {through} {text}").into_bytes();
    // An order by other values is another order.
    for param in &params {
        let content = match param {
            Param::Value(value) => value.content(),
            Param::Rows(count) => count.to_be_bytes().to_vec(),
            Param::Keys(_) | Param::Cursor(_) => continue,
        };
        order.extend_from_slice(&(content.len() as u64).to_be_bytes());
        order.extend_from_slice(&content);
    }
    fingerprint(&order)
}
