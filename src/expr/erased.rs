//! Expressions without their types: what planning and rendering see.

use super::rows::Rows;
use crate::schema::{Column, RelationDef, Table};
use crate::value::Value;

/// An expression as the public traits hand it on; its content is the crate's own.
#[doc(hidden)]
#[derive(Debug, Clone)]
pub struct Erased(pub(crate) Expr);

/// An expression without its types. Two are equal if they render to the same text with the same parameters.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Expr {
    /// `true` or `false`, of no operand.
    Constant(bool),
    Column(ColumnRef),
    Value(Value),
    /// A value as this type, which nothing beside it tells.
    Literal(Value, &'static str),
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
        path: Vec<Step>,
        quantifier: Quantifier,
        /// Conditions on the rows of the last step's association.
        through: Vec<Expr>,
        condition: Box<Expr>,
    },
    /// `name(arguments)`.
    Function(&'static str, Vec<Expr>),
    /// `CAST(item AS type)`.
    Cast(Box<Expr>, &'static str),
    /// `EXTRACT(field FROM item)`.
    Extract(&'static str, Box<Expr>),
    /// `CASE WHEN … THEN … ELSE … END`.
    Case {
        whens: Vec<(Expr, Expr)>,
        otherwise: Option<Box<Expr>>,
    },
    /// An aggregate of the rows of a group.
    Aggregate(Box<Aggregated>),
    /// An aggregate of the rows at the end of a path, for each row.
    Across(Box<Across>),
    /// `function OVER (…)`.
    Over(Box<Windowed>),
    /// An expression of a query around this one, by the entity that the query starts from.
    Outer(&'static Table, Box<Expr>),
    /// `item IN (query)`.
    InRows {
        item: Box<Expr>,
        rows: Box<Rows>,
        negated: bool,
    },
    /// `EXISTS (query)`.
    Exists(Box<Rows>),
    /// `(query)`, of one column and one row at most.
    OneRow(Box<Rows>),
    /// What was selected at this position, from 1.
    Position(usize),
    /// An expression of the association's rows.
    Through(Box<Expr>),
    /// Text of the program with an expression in each gap.
    Raw {
        texts: Vec<&'static str>,
        gaps: Vec<Expr>,
    },
}

/// `function([DISTINCT] arguments [ORDER BY …]) [FILTER (WHERE …)]`; without arguments `*` stands for them.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Aggregated {
    pub(crate) function: &'static str,
    pub(crate) arguments: Vec<Expr>,
    pub(crate) distinct: bool,
    pub(crate) order: Vec<OrderTerm>,
    pub(crate) filter: Vec<Expr>,
    /// The type that it is read as, where PostgreSQL would give another.
    pub(crate) cast: Option<&'static str>,
}

/// An aggregate of the rows at the end of a path.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Across {
    pub(crate) path: Vec<Step>,
    /// Its filter is the rows'.
    pub(crate) aggregate: Aggregated,
}

/// `function OVER (PARTITION BY … ORDER BY … frame)`.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Windowed {
    pub(crate) function: Aggregated,
    pub(crate) partition: Vec<Expr>,
    pub(crate) order: Vec<OrderTerm>,
    pub(crate) frame: Option<Frame>,
}

/// Which rows of its partition a window function sees, relative to its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Frame {
    /// So many rows before it; `None` for all of them.
    pub(crate) before: Option<u32>,
    /// So many rows after it.
    pub(crate) after: Option<u32>,
}

impl Expr {
    /// The root's own column equals the value.
    pub(crate) fn column_equals(column: &'static Column, value: Value) -> Self {
        let column = Expr::Column(ColumnRef { path: Vec::new(), column });
        Expr::Binary(Operator::Eq, Box::new(column), Box::new(Expr::Value(value)))
    }

    /// The root's own column that it is, if it is no more than that.
    pub(crate) fn own_column(&self) -> Option<&'static Column> {
        match self {
            Expr::Column(ColumnRef { path, column }) if path.is_empty() => Some(column),
            _ => None,
        }
    }

    /// The expressions that it is made of and that see the same rows, or those of the association beside them; a quantifier,
    /// an aggregate across a path and a query have rows of their own.
    pub(crate) fn parts(&self) -> Vec<&Expr> {
        match self {
            Expr::Constant(_) | Expr::Column(_) | Expr::Value(_) | Expr::Literal(..) | Expr::Position(_) => Vec::new(),
            Expr::Quantified { .. } | Expr::Across(_) | Expr::Exists(_) | Expr::OneRow(_) => Vec::new(),
            Expr::Outer(..) => Vec::new(),
            Expr::Through(inner) => vec![inner],
            Expr::Binary(_, left, right) => vec![left, right],
            Expr::In { item, .. } | Expr::IsNull { item, .. } | Expr::InRows { item, .. } => vec![item],
            Expr::Not(item) | Expr::Cast(item, _) | Expr::Extract(_, item) => vec![item],
            Expr::Between { item, low, high } => vec![item, low, high],
            Expr::All(parts) | Expr::Any(parts) | Expr::Function(_, parts) | Expr::Raw { gaps: parts, .. } => {
                parts.iter().collect()
            }
            Expr::Case { whens, otherwise } => {
                let whens = whens.iter().flat_map(|(when, then)| [when, then]);
                whens.chain(otherwise.as_deref()).collect()
            }
            Expr::Aggregate(aggregate) => aggregate.parts(),
            Expr::Over(over) => {
                let order = over.order.iter().map(|term| &term.by);
                over.function.parts().into_iter().chain(&over.partition).chain(order).collect()
            }
        }
    }

    /// The column whose values it gives, or some of them.
    pub(crate) fn column(&self) -> Option<&'static Column> {
        match self {
            Expr::Column(column) => Some(column.column),
            Expr::Function("COALESCE" | "NULLIF", parts) => parts.iter().find_map(Expr::column),
            Expr::Case { whens, otherwise } => {
                whens.iter().map(|(_, then)| then).chain(otherwise.as_deref()).find_map(Expr::column)
            }
            Expr::Aggregate(aggregate) => aggregate.column(),
            Expr::Across(across) => across.aggregate.column(),
            Expr::Over(over) => over.function.column(),
            Expr::OneRow(rows) => match rows.selected() {
                [Item::Expr(one)] => one.column(),
                _ => None,
            },
            Expr::Outer(_, inner) | Expr::Through(inner) => inner.column(),
            _ => None,
        }
    }

    /// Whether it is true or false by what it says, and not by its type.
    pub(crate) fn is_condition(&self) -> bool {
        match self {
            Expr::Binary(operator, ..) => operator.compares(),
            Expr::Constant(_) | Expr::Not(_) | Expr::All(_) | Expr::Any(_) | Expr::Quantified { .. } => true,
            Expr::In { .. } | Expr::InRows { .. } | Expr::Between { .. } | Expr::IsNull { .. } | Expr::Exists(_) => {
                true
            }
            _ => false,
        }
    }

    /// Whether it compares columns along paths to one row with values, and no more.
    pub(crate) fn is_simple(&self) -> bool {
        /// What is nested deeper is looked at.
        const DEEP: usize = 8;
        self.is_simple_within(DEEP)
    }

    fn is_simple_within(&self, left: usize) -> bool {
        let Some(left) = left.checked_sub(1) else { return false };
        match self {
            Expr::Constant(_) | Expr::Value(_) => true,
            Expr::Column(column) => !column.path.iter().any(Step::multiplies),
            Expr::Binary(_, one, other) => one.is_simple_within(left) && other.is_simple_within(left),
            Expr::In { item, .. } => item.is_simple_within(left) && !item.column().is_some_and(Column::is_array),
            Expr::IsNull { item, .. } | Expr::Not(item) => item.is_simple_within(left),
            Expr::Between { item, low, high } => {
                item.is_simple_within(left) && low.is_simple_within(left) && high.is_simple_within(left)
            }
            Expr::All(parts) | Expr::Any(parts) => parts.iter().all(|part| part.is_simple_within(left)),
            _ => false,
        }
    }

    /// Whether it, or a part of it that sees the same rows, meets the condition.
    pub(crate) fn has(&self, condition: &dyn Fn(&Expr) -> bool) -> bool {
        condition(self) || self.parts().into_iter().any(|part| part.has(condition))
    }

    /// Whether a window function of the same rows is part of it.
    pub(crate) fn has_window(&self) -> bool {
        self.has(&|part| matches!(part, Expr::Over(_)))
    }

    /// Whether an aggregate of the same rows is part of it.
    pub(crate) fn has_aggregate(&self) -> bool {
        self.has(&|part| matches!(part, Expr::Aggregate(_)))
    }

    /// Whether a column in it stands behind a step that meets the condition.
    pub(crate) fn crosses(&self, step: impl Fn(&Step) -> bool) -> bool {
        self.has(&|part| match part {
            Expr::Column(column) => column.path.iter().any(&step),
            _ => false,
        })
    }

    /// Whether a parameter is part of it, so that PostgreSQL takes two of it for different.
    pub(crate) fn has_parameters(&self) -> bool {
        self.has(&|part| {
            let rows = matches!(part, Expr::Quantified { .. } | Expr::Across(_) | Expr::Exists(_) | Expr::OneRow(_));
            let frame = matches!(part, Expr::Over(over) if over.frame.is_some());
            rows || frame || matches!(part, Expr::Value(_) | Expr::Literal(..) | Expr::In { .. } | Expr::InRows { .. })
        })
    }
}

impl Aggregated {
    /// `function(arguments)`.
    pub(crate) fn new(function: &'static str, arguments: Vec<Expr>) -> Self {
        Aggregated { function, arguments, distinct: false, order: Vec::new(), filter: Vec::new(), cast: None }
    }

    /// The column whose values it gives, one of them.
    fn column(&self) -> Option<&'static Column> {
        let gives_one = matches!(self.function, "MIN" | "MAX" | "LAG" | "LEAD" | "FIRST_VALUE" | "LAST_VALUE")
            && self.cast.is_none();
        if gives_one { self.arguments.first().and_then(Expr::column) } else { None }
    }

    pub(crate) fn parts(&self) -> Vec<&Expr> {
        let order = self.order.iter().map(|term| &term.by);
        self.arguments.iter().chain(order).chain(&self.filter).collect()
    }
}

/// A column at the end of a path, which is empty for the root's own columns.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct ColumnRef {
    pub(crate) path: Vec<Step>,
    pub(crate) column: &'static Column,
}

/// One step of a path.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Step {
    pub(crate) relation: &'static RelationDef,
    pub(crate) kind: StepKind,
    /// Tells it from the same step without one, or with another.
    pub(crate) alias: Option<char>,
}

impl Step {
    /// The step as a path has it that says no more.
    pub(crate) fn plain(relation: &'static RelationDef) -> Self {
        Step { relation, kind: StepKind::Plain, alias: None }
    }

    /// Whether it gives a row for each of several targets.
    pub(crate) fn multiplies(&self) -> bool {
        self.kind != StepKind::Plain
    }
}

/// What a step does with the rows that it starts from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum StepKind {
    /// It leads to at most one row, or stands in a quantifier.
    Plain,
    /// One row for each target; none where there is no target.
    Each,
    /// One row for each target; one where there is no target.
    EachOrNull,
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
    Add,
    Subtract,
    Multiply,
    Divide,
    Remainder,
    Concatenate,
    /// `->`
    Json,
    /// `->>`
    JsonText,
}

impl Operator {
    /// Whether its result is true or false, and both sides are of one type.
    pub(crate) fn compares(self) -> bool {
        use Operator::{Eq, Ge, Gt, IsDistinctFrom, IsNotDistinctFrom, Le, Lt, Ne};
        matches!(self, Eq | Ne | Lt | Le | Gt | Ge | IsDistinctFrom | IsNotDistinctFrom)
    }
}

/// How many of the rows at the end of a path have to meet a condition.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Quantifier {
    Any,
    None,
    Every,
}

/// One term of an order.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct OrderTerm {
    pub(crate) by: Expr,
    pub(crate) descending: bool,
    pub(crate) nulls: Option<NullsAt>,
    /// `by` can be NULL.
    pub(crate) nullable: bool,
}

impl OrderTerm {
    /// The root's own column, smallest value first.
    pub(crate) fn column(column: &'static Column) -> Self {
        let by = Expr::Column(ColumnRef { path: Vec::new(), column });
        OrderTerm { by, descending: false, nulls: None, nullable: column.nullable }
    }

    /// An expression, smallest value first.
    pub(crate) fn by(by: Expr) -> Self {
        OrderTerm { by, descending: false, nulls: None, nullable: true }
    }

    /// What was selected at this position, from 1.
    pub(crate) fn position(position: usize, descending: bool) -> Self {
        OrderTerm { descending, ..OrderTerm::by(Expr::Position(position)) }
    }

    /// The root's own column that it is, if it is no more than that.
    pub(crate) fn own_column(&self) -> Option<&'static Column> {
        self.by.own_column()
    }
}

/// Where NULLs stand in an order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum NullsAt {
    First,
    Last,
}

/// What is selected.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Item {
    /// One column.
    Expr(Expr),
    /// The columns of the entity at the end of a path.
    Entity(Vec<Step>, &'static Table),
    /// So many columns of what rows come from.
    Columns(usize),
}

impl Item {
    /// Its columns.
    pub(crate) fn into_expressions(self) -> Vec<Expr> {
        match self {
            Item::Expr(expr) => vec![expr],
            Item::Columns(_) => Vec::new(),
            Item::Entity(path, table) => {
                let column = |column| Expr::Column(ColumnRef { path: path.clone(), column });
                table.columns.iter().map(column).collect()
            }
        }
    }

    /// The number of its columns.
    pub(crate) fn width(&self) -> usize {
        match self {
            Item::Expr(_) => 1,
            Item::Entity(_, table) => table.columns.len(),
            Item::Columns(count) => *count,
        }
    }
}
