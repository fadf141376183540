//! Columns, paths, expressions, predicates and orders: typed in front, one erased tree behind.
//!
//! A predicate is typed by its root entity, and by whether it is of rows or of groups, so it is composed at run time like
//! any value. Nothing here writes SQL.
//!
#![doc = include_str!("../docs/queries.md")]

mod aggregate;
mod calculate;
mod case;
mod column;
mod erased;
mod expression;
mod item;
mod kind;
mod literal;
mod number;
mod operand;
mod operations;
mod path;
mod predicate;
mod raw;
mod rows;
mod subquery;
mod text;
mod window;

pub(crate) use erased::{
    Across, Aggregated, ColumnRef, Expr, Frame, Item, NullsAt, Operator, OrderTerm, Quantifier, Step, StepKind,
    Windowed,
};
pub(crate) use raw::fragment;
pub(crate) use rows::{Distinct, Lock, Rows, SetOperator, Source, Strength, Wait};

pub use aggregate::{Aggregate, Truth, count};
pub use case::{Case, case};
pub use column::{CanBeNull, Col, Contains, Element};
pub use erased::Erased;
pub use expression::{AsExpression, Expression, literal, outer, value};
pub use item::{Lockable, Selectable, Selection, decode_entity, entity_items};
pub use kind::{Constant, Grouped, Kind, Mixed, OfRows, PerGroup, PerRow, Plain, Within};
pub use literal::SqlType;
pub use number::{Average, Comparable, Number, Remainder, Same, Sum};
pub use operand::{Operand, Perhaps};
pub use path::{Alias, Each, EachOrNull, ErasedStep, Optional, Path, Rel, Root, Single, Step as PathStep};
pub use predicate::{Order, Predicate};
pub use raw::{Arguments, raw, raw_predicate};
pub use subquery::{ErasedRows, HasRows, Subquery, exists, scalar};
pub use text::{Json, Temporal, Text, TimeOfDay};
pub use window::{
    Window, WindowFunction, dense_rank, first_value, lag, last_value, lead, ntile, rank, row_number, running_sum,
};
