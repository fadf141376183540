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
}

/// Where NULLs stand in an order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum NullsAt {
    First,
    Last,
}
