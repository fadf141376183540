//! Window functions: a value for each row, of the rows around it.

use std::fmt;
use std::marker::PhantomData;

use super::{
    Aggregated, AsExpression, Constant, Expr, Expression, Frame, Kind, Order, OrderTerm, PerRow, Sum, Windowed,
};
use crate::entity::{NotNull, Null};
use crate::value::Value;

/// The rows around a row that a window function sees: `Window::new().partition_by(…).order_by(…)`.
#[must_use = "a window does nothing until a function is over it"]
pub struct Window<E, K = PerRow> {
    partition: Vec<Expr>,
    order: Vec<OrderTerm>,
    frame: Option<Frame>,
    types: PhantomData<fn() -> (E, K)>,
}

impl<E> Window<E, Constant> {
    /// All rows of the query. SQL: `OVER ()`.
    #[allow(clippy::new_without_default)]
    pub fn new() -> Self {
        Window { partition: Vec::new(), order: Vec::new(), frame: None, types: PhantomData }
    }
}

impl<E, K: Kind> Window<E, K> {
    fn typed<L>(self) -> Window<E, L> {
        Window { partition: self.partition, order: self.order, frame: self.frame, types: PhantomData }
    }

    /// The rows that have this in common; a second one narrows the first. SQL: `PARTITION BY column`.
    pub fn partition_by<X: AsExpression<E>>(mut self, by: X) -> Window<E, K::And<X::Kind>> {
        self.partition.push(by.erased().0);
        self.typed()
    }

    /// In this order; an aggregate then is of the rows up to this one, and of those equal to it. SQL: `ORDER BY column`.
    pub fn order_by<L: Kind>(mut self, order: Order<E, L>) -> Window<E, K::And<L>> {
        self.order.push(order.into_term());
        self.typed()
    }

    /// From so many rows before this one to so many after it; `None` for all of them. The counts are parameters.
    ///
    /// SQL: `ROWS BETWEEN $1 PRECEDING AND $2 FOLLOWING`.
    pub fn rows_between(mut self, before: Option<u32>, after: Option<u32>) -> Self {
        self.frame = Some(Frame { before, after });
        self
    }
}

impl<E, K> Clone for Window<E, K> {
    fn clone(&self) -> Self {
        Window { partition: self.partition.clone(), order: self.order.clone(), frame: self.frame, types: PhantomData }
    }
}

impl<E, K> fmt::Debug for Window<E, K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut all = f.debug_struct("Window");
        all.field("partition", &self.partition).field("order", &self.order).field("frame", &self.frame).finish()
    }
}

impl Windowed {
    pub(super) fn new<E, K>(function: Aggregated, window: Window<E, K>) -> Self {
        Windowed { function, partition: window.partition, order: window.order, frame: window.frame }
    }
}

/// A function that is called over a window.
#[must_use = "a window function is an expression once it is `over` a window"]
#[derive(Debug, Clone)]
pub struct WindowFunction<E, T, N = NotNull, K = Constant> {
    function: Aggregated,
    types: PhantomData<fn() -> (E, T, N, K)>,
}

impl<E, T, N, K: Kind> WindowFunction<E, T, N, K> {
    fn named(function: &'static str, arguments: Vec<Expr>) -> Self {
        WindowFunction { function: Aggregated::new(function, arguments), types: PhantomData }
    }

    /// Its value for each row. SQL: `ROW_NUMBER() OVER (PARTITION BY … ORDER BY …)`.
    pub fn over<L: Kind>(self, window: Window<E, L>) -> Expression<E, T, N, K::And<L>> {
        Expression::new(Expr::Over(Box::new(Windowed::new(self.function, window))))
    }
}

/// The row's number in its partition, from 1. SQL: `ROW_NUMBER() OVER (…)`.
pub fn row_number<E>() -> WindowFunction<E, i64> {
    WindowFunction::named("ROW_NUMBER", Vec::new())
}

/// The number of the first row that is equal in the window's order, with gaps. SQL: `RANK() OVER (…)`.
pub fn rank<E>() -> WindowFunction<E, i64> {
    WindowFunction::named("RANK", Vec::new())
}

/// The rank without gaps. SQL: `DENSE_RANK() OVER (…)`.
pub fn dense_rank<E>() -> WindowFunction<E, i64> {
    WindowFunction::named("DENSE_RANK", Vec::new())
}

/// Which of so many equal parts of its partition the row is in, from 1. SQL: `NTILE(4) OVER (…)`.
pub fn ntile<E>(parts: i32) -> WindowFunction<E, i32> {
    WindowFunction::named("NTILE", vec![Expr::Literal(Value::new(parts), "int4")])
}

/// The value of the row before this one, or NULL. SQL: `LAG(column) OVER (…)`.
pub fn lag<E, X: AsExpression<E>>(of: X) -> WindowFunction<E, X::Type, Null, X::Kind> {
    WindowFunction::named("LAG", vec![of.erased().0])
}

/// The value of the row after this one, or NULL. SQL: `LEAD(column) OVER (…)`.
pub fn lead<E, X: AsExpression<E>>(of: X) -> WindowFunction<E, X::Type, Null, X::Kind> {
    WindowFunction::named("LEAD", vec![of.erased().0])
}

/// The value of the window's first row. SQL: `FIRST_VALUE(column) OVER (…)`.
pub fn first_value<E, X: AsExpression<E>>(of: X) -> WindowFunction<E, X::Type, X::Nulls, X::Kind> {
    WindowFunction::named("FIRST_VALUE", vec![of.erased().0])
}

/// The value of the window's last row, which is this one and those equal to it unless the window has no order or says
/// otherwise. SQL: `LAST_VALUE(column) OVER (…)`.
pub fn last_value<E, X: AsExpression<E>>(of: X) -> WindowFunction<E, X::Type, X::Nulls, X::Kind> {
    WindowFunction::named("LAST_VALUE", vec![of.erased().0])
}

/// The sum over a window of a value of each row or of each group: a running total of groups is
/// `running_sum(Sale.amount.sum()).over(Window::new().order_by(Sale.month.asc()))`.
///
/// SQL: `SUM(column) OVER (…)`.
pub fn running_sum<E, X: AsExpression<E>, D>(of: X) -> WindowFunction<E, D, Null, X::Kind>
where
    X::Type: Sum<D>,
{
    let mut function = WindowFunction::named("SUM", vec![of.erased().0]);
    function.function.cast = <X::Type as Sum<D>>::cast();
    function
}
