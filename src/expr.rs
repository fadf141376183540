//! Columns, paths, predicates and orders: typed in front, one erased tree behind.
//!
//! A predicate is typed by its root entity alone, so it is composed at run time like any value. Nothing here writes
//! SQL.

mod column;
mod operand;
mod path;
mod predicate;

use crate::schema::{Column, RelationDef};
use crate::value::Value;

pub use column::{CanBeNull, Col, Contains, Element, Text};
pub use operand::{Operand, Perhaps};
pub use path::{Path, Rel, Root, Single};
pub use predicate::{Order, Predicate};

/// An expression as the public traits hand it on; its content is the crate's own.
#[doc(hidden)]
#[derive(Debug, Clone)]
pub struct Erased(pub(crate) Expr);

/// An expression without its types.
#[derive(Debug, Clone)]
pub(crate) enum Expr {
    /// `true` or `false`, of no operand.
    Constant(bool),
    Column(ColumnRef),
    Value(Value),
    /// `left operator right`.
    Binary(Operator, Box<Expr>, Box<Expr>),
    /// `item = ANY(values)`, or `item <> ALL(values)`.
    In {
        item: Box<Expr>,
        values: Value,
        negated: bool,
    },
    /// `item BETWEEN low AND high`.
    Between {
        item: Box<Expr>,
        low: Box<Expr>,
        high: Box<Expr>,
    },
    /// `item IS NULL`, or `IS NOT NULL`.
    IsNull {
        item: Box<Expr>,
        negated: bool,
    },
    Not(Box<Expr>),
    All(Vec<Expr>),
    Any(Vec<Expr>),
    /// A condition on the rows at the end of a path.
    Quantified {
        path: Vec<&'static RelationDef>,
        quantifier: Quantifier,
        /// Conditions on the rows of the last step's association.
        through: Vec<Expr>,
        condition: Box<Expr>,
    },
}

impl Expr {
    /// The root's own column equals the value.
    pub(crate) fn column_equals(column: &'static Column, value: Value) -> Self {
        let column = Expr::Column(ColumnRef { path: Vec::new(), column });
        Expr::Binary(Operator::Eq, Box::new(column), Box::new(Expr::Value(value)))
    }
}

impl Expr {
    /// Whether a column in it stands behind a step that meets the condition; quantifiers have rows of their own.
    pub(crate) fn crosses(&self, step: impl Fn(&RelationDef) -> bool + Copy) -> bool {
        match self {
            Expr::Constant(_) | Expr::Value(_) | Expr::Quantified { .. } => false,
            Expr::Column(column) => column.path.iter().any(|relation| step(relation)),
            Expr::Binary(_, left, right) => left.crosses(step) || right.crosses(step),
            Expr::In { item, .. } | Expr::IsNull { item, .. } | Expr::Not(item) => item.crosses(step),
            Expr::Between { item, low, high } => [item, low, high].into_iter().any(|part| part.crosses(step)),
            Expr::All(parts) | Expr::Any(parts) => parts.iter().any(|part| part.crosses(step)),
        }
    }
}

/// A column at the end of a to-one path, which is empty for the root's own columns.
#[derive(Debug, Clone)]
pub(crate) struct ColumnRef {
    pub(crate) path: Vec<&'static RelationDef>,
    pub(crate) column: &'static Column,
}

/// Operators between two expressions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Operator {
    Eq,
    Ne,
    Lt,
    Le,
    Gt,
    Ge,
    IsDistinctFrom,
    IsNotDistinctFrom,
    Like,
    NotLike,
    ILike,
    NotILike,
    Contains,
    Overlaps,
}

/// How many of the rows at the end of a path have to meet a condition.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Quantifier {
    Any,
    None,
    Every,
}

/// One term of an order.
#[derive(Debug, Clone)]
pub(crate) struct OrderTerm {
    pub(crate) by: Expr,
    pub(crate) descending: bool,
    pub(crate) nulls: Option<NullsAt>,
    /// `by` is of the association's rows.
    pub(crate) through: bool,
}

impl OrderTerm {
    /// The root's own column, smallest value first.
    pub(crate) fn column(column: &'static Column) -> Self {
        let by = Expr::Column(ColumnRef { path: Vec::new(), column });
        OrderTerm { by, descending: false, nulls: None, through: false }
    }

    /// The root's own column that it is, if it is no more than that.
    pub(crate) fn own_column(&self) -> Option<&'static Column> {
        match &self.by {
            Expr::Column(ColumnRef { path, column }) if path.is_empty() && !self.through => Some(column),
            _ => None,
        }
    }
}

/// Where NULLs stand in an order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum NullsAt {
    First,
    Last,
}
