//! Values as the naive evaluator knows them, with SQL's comparisons, and the bytes of a result as they came.

use std::cmp::Ordering;
use std::error::Error;

use proptest::prelude::*;
use serde_json::{Value as Json, json};
use tokio_postgres::types::{FromSql, FromSqlOwned, ToSql, Type};

/// A value of any type that the tables have.
#[derive(Debug, Clone)]
pub enum Val {
    Null,
    Bool(bool),
    Int(i64),
    Float(f64),
    Text(String),
    /// A row: all of its columns by name.
    Row(Json),
}

impl Val {
    pub fn is_null(&self) -> bool {
        matches!(self, Val::Null)
    }

    /// `None` is SQL's unknown.
    pub fn compare(&self, other: &Val) -> Option<Ordering> {
        match (self, other) {
            (Val::Null, _) | (_, Val::Null) => None,
            (Val::Bool(one), Val::Bool(other)) => Some(one.cmp(other)),
            (Val::Int(one), Val::Int(other)) => Some(one.cmp(other)),
            (Val::Float(one), Val::Float(other)) => one.partial_cmp(other),
            (Val::Text(one), Val::Text(other)) => Some(one.cmp(other)),
            _ => panic!("{self:?} is compared with {other:?}"),
        }
    }

    /// SQL's `=`.
    pub fn equals(&self, other: &Val) -> Option<bool> {
        self.compare(other).map(Ordering::is_eq)
    }

    /// SQL's `IS NOT DISTINCT FROM`.
    pub fn same(&self, other: &Val) -> bool {
        if let (Val::Row(one), Val::Row(other)) = (self, other) {
            return one == other;
        }
        if self.is_null() || other.is_null() { self.is_null() && other.is_null() } else { self.equals(other).unwrap() }
    }

    pub fn json(&self) -> Json {
        match self {
            Val::Null => Json::Null,
            Val::Bool(value) => json!(value),
            Val::Int(value) => json!(value),
            Val::Float(value) => json!(value),
            Val::Text(value) => json!(value),
            Val::Row(row) => row.clone(),
        }
    }

    /// A predicate's value.
    pub fn of(truth: Option<bool>) -> Val {
        truth.map_or(Val::Null, Val::Bool)
    }
}

/// Whether a row of a result is what was expected: averages are divided by others here than by the server.
pub fn same(one: &Json, other: &Json) -> bool {
    match (one, other) {
        (Json::Array(one), Json::Array(other)) => {
            one.len() == other.len() && one.iter().zip(other).all(|(one, other)| same(one, other))
        }
        (Json::Number(one), Json::Number(other)) if one.is_f64() && other.is_f64() => {
            let (one, other) = (one.as_f64().unwrap(), other.as_f64().unwrap());
            (one - other).abs() <= 1e-9 * one.abs().max(1.0)
        }
        _ => one == other,
    }
}

pub fn and(one: Option<bool>, other: Option<bool>) -> Option<bool> {
    match (one, other) {
        (Some(false), _) | (_, Some(false)) => Some(false),
        (Some(true), Some(true)) => Some(true),
        _ => None,
    }
}

pub fn or(one: Option<bool>, other: Option<bool>) -> Option<bool> {
    not(and(not(one), not(other)))
}

pub fn not(one: Option<bool>) -> Option<bool> {
    one.map(|value| !value)
}

/// Whether one of them holds.
pub fn any(all: impl Iterator<Item = Option<bool>>) -> Option<bool> {
    let all: Vec<Option<bool>> = all.collect();
    if all.contains(&Some(true)) { Some(true) } else { (!all.contains(&None)).then_some(false) }
}

/// What a column of a result holds, as the server sent it.
#[derive(Debug, Clone)]
pub enum Cell {
    Null,
    Value(Type, Vec<u8>),
}

impl<'r> FromSql<'r> for Cell {
    fn from_sql(ty: &Type, raw: &'r [u8]) -> Result<Self, Box<dyn Error + Sync + Send>> {
        Ok(Cell::Value(ty.clone(), raw.to_vec()))
    }

    fn from_sql_null(_: &Type) -> Result<Self, Box<dyn Error + Sync + Send>> {
        Ok(Cell::Null)
    }

    fn accepts(_: &Type) -> bool {
        true
    }
}

impl Cell {
    /// Reads it as the type that the crate says it is; NULL only where the crate says that it can be.
    pub fn read<T: Known>(&self, can_be_null: bool) -> Result<Val, String> {
        match self {
            Cell::Null if can_be_null => Ok(Val::Null),
            Cell::Null => Err("NULL, and its type is not an Option".to_owned()),
            Cell::Value(ty, _) if !<T as FromSql<'_>>::accepts(ty) => {
                Err(format!("a {ty} is typed as {}", std::any::type_name::<T>()))
            }
            Cell::Value(ty, raw) => T::from_sql(ty, raw).map(T::into_val).map_err(|error| error.to_string()),
        }
    }

    /// Reads it as its type says.
    pub fn plain(&self) -> Val {
        let read = match self {
            Cell::Value(Type::BOOL, _) => self.read::<bool>(true),
            Cell::Value(Type::INT2, _) => self.read::<i16>(true),
            Cell::Value(Type::INT4, _) => self.read::<i32>(true),
            Cell::Value(Type::INT8, _) => self.read::<i64>(true),
            Cell::Value(Type::FLOAT8, _) => self.read::<f64>(true),
            _ => self.read::<String>(true),
        };
        read.unwrap()
    }
}

/// A type of columns and of what is calculated of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ty {
    Bool,
    Small,
    Int,
    Big,
    Float,
    Text,
}

/// The Rust type of a column.
pub trait Known: FromSqlOwned + ToSql + Clone + Send + Sync + 'static {
    const TY: Ty;
    fn into_val(self) -> Val;
    /// A value of few, so that they collide.
    fn picked(pick: Pick) -> Self;
}

macro_rules! known {
    ($($type:ident $ty:ident $val:ident |$pick:ident| $value:expr;)*) => {
        $(
            impl Known for $type {
                const TY: Ty = Ty::$ty;

                fn into_val(self) -> Val {
                    Val::$val(self.into())
                }

                fn picked($pick: Pick) -> Self {
                    $value
                }
            }
        )*
    };
}

known! {
    bool Bool Bool |pick| pick.of(2) == 0;
    i16 Small Int |pick| pick.of(5) as i16;
    i32 Int Int |pick| pick.of(10) as i32;
    i64 Big Int |pick| pick.of(10) as i64;
    f64 Float Float |pick| [0.0, 0.1, 2.5, 1.5][pick.of(4)];
    String Text Text |pick| ["a", "A", "", "ab", "a%", "é", "\\", "'; --"][pick.of(8)].to_owned();
}

/// A choice among however many things there turn out to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Pick(pub u8);

impl Pick {
    pub fn of(self, many: usize) -> usize {
        usize::from(self.0) % many
    }

    pub fn from<T>(self, all: &[T]) -> &T {
        &all[self.of(all.len())]
    }

    /// Another value where this one is a value: equal ones stay equal.
    pub fn other(self) -> Pick {
        Pick(self.0.wrapping_add(1))
    }
}

pub fn pick() -> impl Strategy<Value = Pick> {
    (0..240_u8).prop_map(Pick)
}
