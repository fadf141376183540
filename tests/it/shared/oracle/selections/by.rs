//! How values are compared with others, and what aggregates make of several.

use super::values::{Known, Pick, Ty, Val, and, any, not};

/// How a value is compared with others that are given.
#[derive(Debug, Clone, Copy)]
pub struct By {
    pub op: Op,
    pub one: Pick,
    pub other: Pick,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Op {
    Eq,
    Ne,
    Lt,
    Le,
    Gt,
    Ge,
    Between,
    In,
    NotIn,
    Distinct,
    NotDistinct,
}

impl Op {
    /// How two values compare, where the operator takes two.
    pub fn holds(self, one: &Val, other: &Val) -> Option<bool> {
        let order = one.compare(other);
        match self {
            Op::Eq => order.map(|order| order.is_eq()),
            Op::Ne => order.map(|order| order.is_ne()),
            Op::Lt => order.map(|order| order.is_lt()),
            Op::Le => order.map(|order| order.is_le()),
            Op::Gt => order.map(|order| order.is_gt()),
            Op::Ge => order.map(|order| order.is_ge()),
            Op::Distinct => Some(!one.same(other)),
            Op::NotDistinct => Some(one.same(other)),
            Op::Between | Op::In | Op::NotIn => panic!("{self:?} takes more than two values"),
        }
    }

    /// The operator of two values that stands for it.
    pub fn simple(self) -> Op {
        match self {
            Op::Between => Op::Le,
            Op::In => Op::Eq,
            Op::NotIn => Op::Ne,
            op => op,
        }
    }
}

impl By {
    pub fn list<T: Known>(self) -> Vec<T> {
        if self.one.0.is_multiple_of(5) { Vec::new() } else { vec![T::picked(self.one), T::picked(self.other)] }
    }

    pub fn perhaps<T: Known>(self) -> Option<T> {
        (!self.other.0.is_multiple_of(3)).then(|| T::picked(self.one))
    }

    pub fn holds<T: Known>(self, value: &Val) -> Option<bool> {
        let picked = |pick| T::picked(pick).into_val();
        let all = || self.list::<T>().into_iter().map(T::into_val);
        match self.op {
            Op::Between => and(Op::Ge.holds(value, &picked(self.one)), Op::Le.holds(value, &picked(self.other))),
            Op::In => any(all().map(|one| value.equals(&one))),
            Op::NotIn => not(any(all().map(|one| value.equals(&one)))),
            Op::Distinct | Op::NotDistinct => self.op.holds(value, &self.perhaps::<T>().map_or(Val::Null, T::into_val)),
            op => op.holds(value, &picked(self.one)),
        }
    }

    /// With other values, of the same shape.
    pub fn other(self) -> By {
        By { one: self.one.other(), other: self.other.other(), ..self }
    }
}

/// What an aggregate makes of the values of several rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fold {
    /// Of rows, whatever their values.
    Rows,
    Count,
    Distinct,
    Sum,
    Min,
    Max,
    Average,
    Every,
    Some,
}

impl Fold {
    pub fn of(self, values: Vec<Val>) -> Val {
        let rows = values.len();
        let values: Vec<Val> = values.into_iter().filter(|value| !value.is_null()).collect();
        let sum = || values.iter().map(|value| if let Val::Int(value) = value { *value } else { panic!("{value:?}") });
        let truths = || values.iter().map(|value| value.same(&Val::Bool(true)));
        match self {
            Fold::Rows => Val::Int(rows as i64),
            Fold::Count => Val::Int(values.len() as i64),
            Fold::Distinct => {
                let mut all: Vec<&Val> = Vec::new();
                for value in &values {
                    if all.iter().all(|known| !known.same(value)) {
                        all.push(value);
                    }
                }
                Val::Int(all.len() as i64)
            }
            _ if values.is_empty() => Val::Null,
            Fold::Sum => Val::Int(sum().sum()),
            Fold::Average => Val::Float(sum().sum::<i64>() as f64 / values.len() as f64),
            Fold::Min => values.iter().min_by(|one, other| one.compare(other).unwrap()).unwrap().clone(),
            Fold::Max => values.iter().max_by(|one, other| one.compare(other).unwrap()).unwrap().clone(),
            Fold::Every => Val::Bool(truths().all(|truth| truth)),
            Fold::Some => Val::Bool(truths().any(|truth| truth)),
        }
    }

    /// The one that there is for values of this type.
    pub fn fit(self, ty: Ty) -> Fold {
        match (self, ty) {
            (Fold::Sum | Fold::Average, Ty::Small | Ty::Int | Ty::Big) => self,
            (Fold::Min | Fold::Max, Ty::Small | Ty::Int | Ty::Big | Ty::Float | Ty::Text) => self,
            (Fold::Every | Fold::Some, Ty::Bool) | (Fold::Rows | Fold::Count | Fold::Distinct, _) => self,
            (Fold::Sum | Fold::Every, _) => Fold::Count,
            (Fold::Average | Fold::Min | Fold::Max | Fold::Some, _) => Fold::Distinct,
        }
    }
}
