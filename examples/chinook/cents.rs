//! Money: a column type of the program's own, exact where `numeric(10,2)` is.
//!
//! tokio-postgres reads no `numeric` by itself. relata asks nothing of a column's type but `FromSql` and `ToSql`, so
//! these two are all there is to it.

use std::error::Error;
use std::fmt;

use serde::Serialize;
// `ToSql` writes into a `BytesMut`; this is where postgres-types lets generated code find it.
use tokio_postgres::types::private::BytesMut;
use tokio_postgres::types::{FromSql, IsNull, ToSql, Type, accepts, to_sql_checked};

/// An amount in hundredths.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Cents(pub i64);

impl fmt::Display for Cents {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.0 < 0 { "-" } else { "" };
        let amount = self.0.unsigned_abs();
        write!(f, "{sign}{}.{:02}", amount / 100, amount % 100)
    }
}

const POSITIVE: u16 = 0x0000;
const NEGATIVE: u16 = 0x4000;

/// A numeric is sent as digits to the base 10000. The first one counts 10000 to the power of the weight.
impl<'a> FromSql<'a> for Cents {
    fn from_sql(_: &Type, raw: &'a [u8]) -> Result<Self, Box<dyn Error + Sync + Send>> {
        let (words, rest) = raw.as_chunks::<2>();
        let mut words = words.iter().map(|word| u16::from_be_bytes(*word));
        let header = [words.next(), words.next(), words.next(), words.next()];
        let ([Some(count), Some(weight), Some(sign), Some(_)], []) = (header, rest) else {
            return Err("a numeric of too few bytes".into());
        };
        if words.len() != usize::from(count) {
            return Err("a numeric whose length is not what it says".into());
        }
        let cents = cents(i32::from(weight.cast_signed()), words)?;
        match sign {
            POSITIVE => Ok(Cents(cents)),
            NEGATIVE => Ok(Cents(-cents)),
            _ => Err("not a finite number".into()),
        }
    }

    accepts!(NUMERIC);
}

fn cents(weight: i32, digits: impl Iterator<Item = u16>) -> Result<i64, &'static str> {
    let mut cents = 0_i64;
    for (power, digit) in (i32::MIN..=weight).rev().zip(digits) {
        let digit = i64::from(digit);
        let part = match power {
            0.. => 10_000_i64.checked_pow(power.unsigned_abs()).and_then(|unit| unit.checked_mul(digit * 100)),
            -1 if digit % 100 == 0 => Some(digit / 100),
            _ if digit == 0 => Some(0),
            _ => return Err("a number with more than two decimals"),
        };
        cents = part.and_then(|part| cents.checked_add(part)).ok_or("a number out of range")?;
    }
    Ok(cents)
}

impl ToSql for Cents {
    fn to_sql(&self, _: &Type, out: &mut BytesMut) -> Result<IsNull, Box<dyn Error + Sync + Send>> {
        let amount = self.0.unsigned_abs();
        // The decimals are one digit, the rest as many as it has.
        let mut digits = vec![u16::try_from(amount % 100 * 100)?];
        let mut whole = amount / 100;
        while whole > 0 {
            digits.push(u16::try_from(whole % 10_000)?);
            whole /= 10_000;
        }
        let (count, scale) = (u16::try_from(digits.len())?, 2_u16);
        let weight = count.cast_signed() - 2;
        let sign = if self.0 < 0 { NEGATIVE } else { POSITIVE };
        for word in [count, weight.cast_unsigned(), sign, scale].into_iter().chain(digits.into_iter().rev()) {
            out.extend_from_slice(&word.to_be_bytes());
        }
        Ok(IsNull::No)
    }

    accepts!(NUMERIC);
    to_sql_checked!();
}
