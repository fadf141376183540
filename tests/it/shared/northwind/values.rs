//! Column types of the trader's own, and how values are written as the server's `to_jsonb` writes them.

use std::error::Error;

use serde::{Serialize, Serializer};
use tokio_postgres::types::private::BytesMut;
use tokio_postgres::types::{FromSql, IsNull, ToSql, Type, accepts, to_sql_checked};

/// A date, as the server sends it: the number of days since the first of January 2000.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Day(i32);

const MONTHS: [u16; 12] = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

fn leap(year: i32) -> bool {
    year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
}

fn days_of_year(year: i32) -> i32 {
    365 + i32::from(leap(year))
}

fn days_of_months(year: i32) -> impl Iterator<Item = i32> {
    let days = move |month: usize| i32::from(MONTHS[month]) + i32::from(month == 1 && leap(year));
    (0..12).map(days)
}

impl Day {
    /// The day of this date; the month counts from one.
    pub fn new(year: i32, month: usize, day: i32) -> Day {
        let before = (2000..year).map(days_of_year).sum::<i32>() - (year..2000).map(days_of_year).sum::<i32>();
        Day(before + days_of_months(year).take(month - 1).sum::<i32>() + day - 1)
    }

    fn iso(self) -> String {
        let (mut year, mut rest) = (2000, self.0);
        while rest < 0 {
            year -= 1;
            rest += days_of_year(year);
        }
        while rest >= days_of_year(year) {
            rest -= days_of_year(year);
            year += 1;
        }
        let mut month = 1;
        for days in days_of_months(year) {
            if rest < days {
                break;
            }
            rest -= days;
            month += 1;
        }
        format!("{year:04}-{month:02}-{:02}", rest + 1)
    }
}

impl<'a> FromSql<'a> for Day {
    fn from_sql(ty: &Type, raw: &'a [u8]) -> Result<Self, Box<dyn Error + Sync + Send>> {
        i32::from_sql(ty, raw).map(Day)
    }

    accepts!(DATE);
}

impl ToSql for Day {
    fn to_sql(&self, ty: &Type, out: &mut BytesMut) -> Result<IsNull, Box<dyn Error + Sync + Send>> {
        self.0.to_sql(ty, out)
    }

    accepts!(DATE);
    to_sql_checked!();
}

impl Serialize for Day {
    fn serialize<S: Serializer>(&self, out: S) -> Result<S::Ok, S::Error> {
        out.serialize_str(&self.iso())
    }
}

/// A `real`, or none: the number of the fewest digits that tell it from its neighbours, and not the `f64` next to it.
pub fn real<T: Copy + Into<Option<f32>>, S: Serializer>(value: &T, out: S) -> Result<S::Ok, S::Error> {
    let value: Option<f32> = (*value).into();
    value.map(|value| value.to_string().parse::<serde_json::Number>().unwrap()).serialize(out)
}

/// A `bytea`, or none, in hexadecimal digits.
pub fn bytes<S: Serializer>(value: &Option<Vec<u8>>, out: S) -> Result<S::Ok, S::Error> {
    let hexadecimal = |bytes: &Vec<u8>| bytes.iter().fold("\\x".to_owned(), |text, byte| format!("{text}{byte:02x}"));
    value.as_ref().map(hexadecimal).serialize(out)
}

#[test]
fn northwind_days_are_dates() {
    for (day, date) in [
        (Day(0), "2000-01-01"),
        (Day(-1), "1999-12-31"),
        (Day(59), "2000-02-29"),
        (Day(-1396), "1996-03-06"),
        (Day(-1402), "1996-02-29"),
        (Day(36_525), "2100-01-01"),
        (Day(36_583), "2100-02-28"),
        (Day(36_584), "2100-03-01"),
        (Day(-36_524), "1900-01-01"),
    ] {
        assert_eq!(day.iso(), date);
        let mut parts = date.split('-').map(|part| part.parse::<i32>().unwrap());
        let [year, month, of_month] = [(); 3].map(|()| parts.next().unwrap());
        assert_eq!(Day::new(year, usize::try_from(month).unwrap(), of_month), day);
    }
}
