//! A whole query without loads: what it reads and from where, its groups and its order.

use sea_query::{
    Asterisk, Expr as Sql, ExprTrait, Func, Query, SelectStatement, SubQueryStatement, UnionType, Value as SqlValue,
};

use super::rows::sort;
use super::scope::Scope;
use super::{Render, alias, multiplies, table_ref};
use crate::expr::{Distinct, Expr, Item, Rows, SetOperator, Source};

impl Render {
    /// A query that is asked for its rows alone, not for what is in them.
    pub(super) fn presence(&mut self, rows: &Rows) -> SelectStatement {
        // What is not read is not joined, either.
        let bare = !rows.selection && rows.distinct == Distinct::No && !multiplies(rows);
        self.query(rows, bare)
    }

    /// A query within another one; `bare` reads no column, and then no order decides anything.
    pub(super) fn query(&mut self, rows: &Rows, bare: bool) -> SelectStatement {
        let mut scope = Scope::new(self.next_alias(Some(rows.table)));
        let mut select = Query::select();
        self.source(&mut select, rows, &mut scope);
        if !rows.filters.is_empty() {
            let filter = self.chain(&rows.filters, &mut scope, true);
            select.and_where(filter);
        }
        self.group(&mut select, rows, &mut scope);
        self.distinct_on(rows, &mut scope);
        if !bare {
            self.sort_rows(&mut select, rows, &mut scope);
        }
        self.limit(&mut select, rows);
        if bare {
            select.expr(Sql::Constant(SqlValue::Int(Some(1))));
        } else {
            self.read_rows(&mut select, rows, &mut scope);
        }
        scope.join(&mut select);
        select
    }

    /// What the rows come from: the table, a query of the program's text, or two queries.
    pub(super) fn source(&mut self, select: &mut SelectStatement, rows: &Rows, scope: &mut Scope) {
        let name = alias("t", scope.root);
        match &rows.source {
            Source::Table => {
                select.from(table_ref(rows.table).alias(name));
            }
            Source::Raw { texts, gaps } => {
                // sea-query has no text in this place, but a function, whose name may be nothing.
                let text = self.fragment(texts, gaps, scope);
                select.from_function(Func::cust("").arg(text), name);
            }
            Source::Set(operator, first, second) => {
                let mut both = self.operand_of_set(first);
                let second = self.query(second, false);
                both.union(union_type(*operator), second);
                select.from_subquery(both, name);
            }
        }
    }

    /// The first query of a set operation: an order or a limit of its own would be taken for those of both.
    fn operand_of_set(&mut self, rows: &Rows) -> SelectStatement {
        let select = self.query(rows, false);
        if rows.order.is_empty() && !rows.is_limited() {
            return select;
        }
        let number = self.next_alias(None);
        let mut outer = Query::select();
        outer.column(Asterisk).from_subquery(select, alias("t", number));
        outer
    }

    /// GROUP BY and HAVING.
    pub(super) fn group(&mut self, select: &mut SelectStatement, rows: &Rows, scope: &mut Scope) {
        for group in rows.groups.iter().flatten() {
            let written = self.written(group, scope);
            select.add_group_by([written]);
        }
        if !rows.having.is_empty() {
            let having = self.chain(&rows.having, scope, true);
            select.and_having(having);
        }
    }

    /// Writes what rows are distinct on, before an order has it.
    pub(super) fn distinct_on(&mut self, rows: &Rows, scope: &mut Scope) {
        if let Distinct::On(on) = &rows.distinct {
            on.iter().for_each(|on| {
                self.written(on, scope);
            });
        }
    }

    /// ORDER BY.
    pub(super) fn sort_rows(&mut self, select: &mut SelectStatement, rows: &Rows, scope: &mut Scope) {
        for term in &rows.order {
            let by = self.selected(&term.by, rows, scope);
            sort(select, by, term);
        }
    }

    /// An expression that stands for itself wherever it stands: PostgreSQL takes two for different whose parameters have
    /// different numbers.
    pub(super) fn written(&mut self, expr: &Expr, scope: &mut Scope) -> Sql {
        let written = self.expr(expr, scope);
        // A column is the same anyway.
        if expr.has_parameters() && !scope.written.iter().any(|(known, _)| known == expr) {
            scope.written.push((expr.clone(), written.clone()));
        }
        written
    }

    /// An expression of an order: by its position where it is selected, if it would have parameters once more.
    fn selected(&mut self, expr: &Expr, rows: &Rows, scope: &mut Scope) -> Sql {
        let mut position = 1;
        if expr.has_parameters() && !matches!(rows.distinct, Distinct::On(_)) {
            for item in rows.selected() {
                if matches!(item, Item::Expr(selected) if selected == expr) {
                    return Sql::cust(position.to_string());
                }
                position += item.width();
            }
        }
        self.expr(expr, scope)
    }

    /// `(query)`.
    pub(super) fn subquery(&mut self, rows: &Rows, outer: &mut Scope) -> SubQueryStatement {
        SubQueryStatement::SelectStatement(self.within(outer, |render| render.query(rows, false)))
    }

    /// Renders what sees the tables of `outer` by `outer(…)` only.
    pub(super) fn within<R>(&mut self, outer: &mut Scope, render: impl FnOnce(&mut Self) -> R) -> R {
        let root = outer.root;
        self.outers.push(std::mem::replace(outer, Scope::new(root)));
        let rendered = render(self);
        if let Some(scope) = self.outers.pop() {
            *outer = scope;
        }
        rendered
    }

    /// An expression of the nearest query around this one that starts from this table.
    pub(super) fn outer(&mut self, table: &'static crate::schema::Table, expr: &Expr) -> Sql {
        let is_of = |scope: &Scope, tables: &[Option<&'static crate::schema::Table>]| {
            tables.get(scope.root).is_some_and(|known| known.is_some_and(|known| known == table))
        };
        let Some(at) = self.outers.iter().rposition(|scope| is_of(scope, &self.tables)) else {
            // It is checked before a query is sent; the text alone says what is wrong.
            return Sql::cust("outer");
        };
        let mut rest = self.outers.split_off(at);
        let mut scope = rest.remove(0);
        let sql = self.expr(expr, &mut scope);
        self.outers.push(scope);
        self.outers.append(&mut rest);
        sql
    }
}

fn union_type(operator: SetOperator) -> UnionType {
    match operator {
        SetOperator::Union => UnionType::Distinct,
        SetOperator::UnionAll => UnionType::All,
        SetOperator::Intersect => UnionType::Intersect,
        SetOperator::Except => UnionType::Except,
    }
}

/// A query as an expression.
pub(super) fn as_expression(query: SubQueryStatement) -> Sql {
    Sql::SubQuery(None, Box::new(query))
}

/// Whether an item is among what a query gives.
pub(super) fn is_in(item: Sql, query: SubQueryStatement, negated: bool) -> Sql {
    let query = as_expression(query);
    let operator = if negated { sea_query::BinOper::NotIn } else { sea_query::BinOper::In };
    item.binary(operator, query)
}
