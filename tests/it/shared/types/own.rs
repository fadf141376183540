//! Types of one's own, for what PostgreSQL has and tokio-postgres does not: whatever implements `ToSql` and `FromSql` is
//! a column.

use std::error::Error;

use tokio_postgres::types::private::BytesMut;
use tokio_postgres::types::{FromSql, IsNull, ToSql, Type, to_sql_checked};

type Result<T> = std::result::Result<T, Box<dyn Error + Sync + Send>>;

/// An `int4range` in its canonical form: the first number, and the one after the last.
#[derive(Debug, Clone)]
pub enum Span {
    Empty,
    Range(Option<i32>, Option<i32>),
}

const EMPTY: u8 = 1;
const FROM_INCLUDED: u8 = 2;
const FROM_INFINITY: u8 = 8;
const TO_INFINITY: u8 = 16;

impl<'a> FromSql<'a> for Span {
    fn from_sql(_: &Type, raw: &'a [u8]) -> Result<Self> {
        let (flags, mut bounds) = raw.split_first().ok_or("a range without flags")?;
        if flags & EMPTY != 0 {
            return Ok(Span::Empty);
        }
        let mut bound = |infinity: u8| -> Result<Option<i32>> {
            if flags & infinity != 0 {
                return Ok(None);
            }
            let (bound, rest) = bounds.split_at_checked(8).ok_or("a range without its bound")?;
            bounds = rest;
            Ok(Some(i32::from_be_bytes(bound[4..].try_into()?)))
        };
        Ok(Span::Range(bound(FROM_INFINITY)?, bound(TO_INFINITY)?))
    }

    fn accepts(ty: &Type) -> bool {
        *ty == Type::INT4_RANGE
    }
}

impl ToSql for Span {
    fn to_sql(&self, _: &Type, out: &mut BytesMut) -> Result<IsNull> {
        let Span::Range(from, to) = self else {
            out.extend_from_slice(&[EMPTY]);
            return Ok(IsNull::No);
        };
        let mut flags = if from.is_some() { FROM_INCLUDED } else { FROM_INFINITY };
        if to.is_none() {
            flags |= TO_INFINITY;
        }
        out.extend_from_slice(&[flags]);
        for bound in [from, to].into_iter().flatten() {
            out.extend_from_slice(&4_i32.to_be_bytes());
            out.extend_from_slice(&bound.to_be_bytes());
        }
        Ok(IsNull::No)
    }

    fn accepts(ty: &Type) -> bool {
        *ty == Type::INT4_RANGE
    }

    to_sql_checked!();
}

/// An `interval`, in its three parts.
#[derive(Debug, Clone)]
pub struct Interval {
    pub months: i32,
    pub days: i32,
    pub microseconds: i64,
}

impl<'a> FromSql<'a> for Interval {
    fn from_sql(_: &Type, raw: &'a [u8]) -> Result<Self> {
        let raw: [u8; 16] = raw.try_into()?;
        let (time, date) = raw.split_at(8);
        let (days, months) = date.split_at(4);
        Ok(Interval {
            months: i32::from_be_bytes(months.try_into()?),
            days: i32::from_be_bytes(days.try_into()?),
            microseconds: i64::from_be_bytes(time.try_into()?),
        })
    }

    fn accepts(ty: &Type) -> bool {
        *ty == Type::INTERVAL
    }
}

impl ToSql for Interval {
    fn to_sql(&self, _: &Type, out: &mut BytesMut) -> Result<IsNull> {
        out.extend_from_slice(&self.microseconds.to_be_bytes());
        out.extend_from_slice(&self.days.to_be_bytes());
        out.extend_from_slice(&self.months.to_be_bytes());
        Ok(IsNull::No)
    }

    fn accepts(ty: &Type) -> bool {
        *ty == Type::INTERVAL
    }

    to_sql_checked!();
}

/// A `timetz`: the time there, and how far west of Greenwich that is.
#[derive(Debug, Clone)]
pub struct TimeTz {
    pub microseconds: i64,
    pub seconds_west: i32,
}

impl<'a> FromSql<'a> for TimeTz {
    fn from_sql(_: &Type, raw: &'a [u8]) -> Result<Self> {
        let raw: [u8; 12] = raw.try_into()?;
        let (time, zone) = raw.split_at(8);
        Ok(TimeTz {
            microseconds: i64::from_be_bytes(time.try_into()?),
            seconds_west: i32::from_be_bytes(zone.try_into()?),
        })
    }

    fn accepts(ty: &Type) -> bool {
        *ty == Type::TIMETZ
    }
}

impl ToSql for TimeTz {
    fn to_sql(&self, _: &Type, out: &mut BytesMut) -> Result<IsNull> {
        out.extend_from_slice(&self.microseconds.to_be_bytes());
        out.extend_from_slice(&self.seconds_west.to_be_bytes());
        Ok(IsNull::No)
    }

    fn accepts(ty: &Type) -> bool {
        *ty == Type::TIMETZ
    }

    to_sql_checked!();
}

/// The bytes of a value of any type, as the server sent them.
#[derive(Debug, Clone, PartialEq)]
pub struct Raw(pub Vec<u8>);

impl<'a> FromSql<'a> for Raw {
    fn from_sql(_: &Type, raw: &'a [u8]) -> Result<Self> {
        Ok(Raw(raw.to_vec()))
    }

    fn accepts(_: &Type) -> bool {
        true
    }
}

impl ToSql for Raw {
    fn to_sql(&self, _: &Type, out: &mut BytesMut) -> Result<IsNull> {
        out.extend_from_slice(&self.0);
        Ok(IsNull::No)
    }

    fn accepts(_: &Type) -> bool {
        true
    }

    to_sql_checked!();
}
