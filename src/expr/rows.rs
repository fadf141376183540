//! Which rows are asked for, and what of them: a query without its loads and without its types.

use super::{ColumnRef, Expr, Item, OrderTerm, Step};
use crate::page::Cursor;
use crate::schema::Table;

/// The rows of a table, or what stands in its place: filtered, grouped, ordered, counted off.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Rows {
    pub(crate) table: &'static Table,
    pub(crate) source: Source,
    pub(crate) filters: Vec<Expr>,
    pub(crate) order: Vec<OrderTerm>,
    /// Only the rows after this place in their order.
    pub(crate) after: Option<Cursor>,
    pub(crate) limit: Option<u64>,
    pub(crate) offset: Option<u64>,
    /// There was a limit or an offset before it was said what is selected.
    pub(crate) limited_first: bool,
    pub(crate) distinct: Distinct,
    /// What is selected; `None` for the table's columns.
    pub(crate) items: Option<Vec<Item>>,
    /// What is selected is all that a row is, and no view of an entity.
    pub(crate) selection: bool,
    /// What the rows of a group have in common; `None` where rows are not grouped.
    pub(crate) groups: Option<Vec<Expr>>,
    pub(crate) having: Vec<Expr>,
    pub(crate) lock: Option<Lock>,
}

impl Rows {
    /// All rows of a table.
    pub(crate) fn of(table: &'static Table) -> Self {
        Rows {
            table,
            source: Source::Table,
            filters: Vec::new(),
            order: Vec::new(),
            after: None,
            limit: None,
            offset: None,
            limited_first: false,
            distinct: Distinct::No,
            items: None,
            selection: false,
            groups: None,
            having: Vec::new(),
            lock: None,
        }
    }

    pub(crate) fn filter(&mut self, condition: Expr) {
        conjoin(&mut self.filters, condition);
    }

    pub(crate) fn having(&mut self, condition: Expr) {
        conjoin(&mut self.having, condition);
    }

    /// At most so many rows, and no more than before.
    pub(crate) fn at_most(&mut self, rows: u64) {
        self.limit = Some(self.limit.map_or(rows, |limit| limit.min(rows)));
    }

    /// Ends the order with the key's columns that are not in it, so that equal rows have one order. Distinct rows are ordered
    /// by what they are distinct on first, or by all that is selected.
    pub(crate) fn complete(&mut self) {
        // A term that comes again orders nothing.
        let mut at = 1;
        while at < self.order.len() {
            let (before, term) = (&self.order[..at], &self.order[at]);
            if before.iter().any(|known| known.by == term.by) {
                self.order.remove(at);
            } else {
                at += 1;
            }
        }
        let columns = if self.distinct == Distinct::All { self.columns() } else { Vec::new() };
        let order = &mut self.order;
        let mut add = |by: Expr| {
            if !order.iter().any(|term| term.by == by) {
                let nullable = by.own_column().is_none_or(|column| column.nullable);
                order.push(OrderTerm { nullable, ..OrderTerm::by(by) });
            }
        };
        if let Distinct::On(on) = &self.distinct {
            on.iter().cloned().for_each(&mut add);
        }
        if self.distinct == Distinct::All && self.items.is_some() {
            columns.into_iter().for_each(add);
        } else {
            for &at in self.table.key {
                add(Expr::Column(ColumnRef { path: Vec::new(), column: &self.table.columns[at] }));
            }
        }
        // A promised row may be missing, and is then NULL in a left join.
        for term in &mut self.order {
            term.nullable |= term.by.crosses(|_| true);
        }
    }

    /// Whether rows are counted off.
    pub(crate) fn is_limited(&self) -> bool {
        self.limit.is_some() || self.offset.is_some()
    }

    /// Whether they are a table's rows with simple conditions and orders, and nothing else.
    pub(crate) fn is_simple(&self) -> bool {
        let plain = self.items.is_none() && self.groups.is_none() && self.having.is_empty() && self.after.is_none();
        let source =
            matches!(self.source, Source::Table) && matches!(self.distinct, Distinct::No) && self.lock.is_none();
        plain && source && self.filters.iter().all(Expr::is_simple) && self.order.iter().all(|term| term.by.is_simple())
    }

    /// Whether a window function is part of it.
    pub(crate) fn has_window(&self) -> bool {
        self.expressions().any(|expr| !expr.is_simple() && expr.has_window())
    }

    /// Whether an entity may come several times.
    pub(crate) fn has_doubles(&self) -> bool {
        fn raw(source: &Source) -> bool {
            match source {
                Source::Table => false,
                Source::Raw { .. } => true,
                Source::Set(_, first, second) => raw(&first.source) || raw(&second.source),
            }
        }
        let all = matches!(self.source, Source::Set(SetOperator::UnionAll, ..)) && self.distinct == Distinct::No;
        all || raw(&self.source)
    }

    /// What is selected, where that is a list of items.
    pub(crate) fn selected(&self) -> &[Item] {
        self.items.as_deref().unwrap_or_default()
    }

    /// What is selected, column by column.
    pub(crate) fn columns(&self) -> Vec<Expr> {
        match &self.items {
            None => Item::Entity(Vec::new(), self.table).into_expressions(),
            Some(items) => items.iter().cloned().flat_map(Item::into_expressions).collect(),
        }
    }

    /// Its own expressions, wherever they stand.
    pub(crate) fn expressions(&self) -> impl Iterator<Item = &Expr> {
        let items = self.selected().iter().filter_map(|item| match item {
            Item::Expr(expr) => Some(expr),
            Item::Entity(..) | Item::Columns(_) => None,
        });
        let on = if let Distinct::On(on) = &self.distinct { on.as_slice() } else { &[] };
        let groups = self.groups.iter().flatten();
        let order = self.order.iter().map(|term| &term.by);
        items.chain(&self.filters).chain(on).chain(groups).chain(&self.having).chain(order)
    }
}

/// One condition more, which all of the rows have to meet.
pub(crate) fn conjoin(all: &mut Vec<Expr>, condition: Expr) {
    match condition {
        Expr::Constant(true) => {}
        Expr::All(more) => all.extend(more),
        one => all.push(one),
    }
}

/// Where rows come from.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Source {
    Table,
    /// A query of the program's own text, with an expression in each gap.
    Raw {
        texts: Vec<&'static str>,
        gaps: Vec<Expr>,
    },
    /// Two queries of one shape.
    Set(SetOperator, Box<Rows>, Box<Rows>),
}

/// How the rows of two queries become one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum SetOperator {
    Union,
    UnionAll,
    Intersect,
    Except,
}

/// Whether equal rows are given once.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Distinct {
    No,
    All,
    /// The first row of those that have these in common.
    On(Vec<Expr>),
}

/// A lock of the rows until the transaction ends.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Lock {
    /// `None` where only the waiting was said.
    pub(crate) strength: Option<Strength>,
    pub(crate) wait: Wait,
    /// Where the tables are whose rows are locked; nothing was said where it is empty: the table's own.
    pub(crate) of: Vec<Vec<Step>>,
}

/// Against what rows are locked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Strength {
    Update,
    NoKeyUpdate,
    Share,
    KeyShare,
}

/// What happens at rows that another transaction has locked.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) enum Wait {
    #[default]
    Block,
    Skip,
    Fail,
}
