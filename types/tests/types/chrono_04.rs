//! chrono: days, times, and moments, with infinities and without.

use chrono::{FixedOffset, Utc};
use relata::prelude::*;
use relata_types::cell;
use tokio_postgres::types::{Date, Timestamp};

use super::is_no_value;

fn day(year: i32, month: u32, day: u32) -> chrono::NaiveDate {
    chrono::NaiveDate::from_ymd_opt(year, month, day).unwrap()
}

fn time(hour: u32, minute: u32, second: u32, microsecond: u32) -> chrono::NaiveTime {
    chrono::NaiveTime::from_hms_micro_opt(hour, minute, second, microsecond).unwrap()
}

fn noon(year: i32) -> chrono::NaiveDateTime {
    day(year, 1, 1).and_time(time(12, 0, 0, 0))
}

relata_types::type_table! {
    days: "date" as chrono::NaiveDate, exact {
        "4713-01-01 BC" is day(-4712, 1, 1),
        "2000-02-29" is day(2000, 2, 29),
        "9999-12-31" is day(9999, 12, 31),
    }
    endless_days: "date" as Date<chrono::NaiveDate>, exact {
        "-infinity" is Date::NegInfinity,
        "2000-01-01" is Date::Value(day(2000, 1, 1)),
        "infinity" is Date::PosInfinity,
    }
    times: "time" as chrono::NaiveTime, exact {
        "00:00" is time(0, 0, 0, 0),
        "12:34:56.000001" is time(12, 34, 56, 1),
        "23:59:59.999999" is time(23, 59, 59, 999_999),
    }
    locals: "timestamp" as chrono::NaiveDateTime, exact {
        "1000-01-01 12:00" is noon(1000),
        "1999-12-31 23:59:59.999999" is day(1999, 12, 31).and_time(time(23, 59, 59, 999_999)),
        "2000-01-01 12:00" is noon(2000),
    }
    moments: "timestamptz" as chrono::DateTime<Utc>, exact {
        "1000-01-01 12:00+00" is noon(1000).and_utc(),
        "2000-01-01 14:00+02" is noon(2000).and_utc(),
        "9999-01-01 12:00+00" is noon(9999).and_utc(),
    }
    moments_somewhere: "timestamptz" as chrono::DateTime<FixedOffset>, exact {
        "1000-01-01 12:00+00" is noon(1000).and_utc().fixed_offset(),
        "2000-01-01 14:00+02" is noon(2000).and_utc().fixed_offset(),
    }
    endless_moments: "timestamptz" as Timestamp<chrono::DateTime<Utc>>, exact {
        "-infinity" is Timestamp::NegInfinity,
        "2000-01-01 14:00+02" is Timestamp::Value(noon(2000).and_utc()),
        "infinity" is Timestamp::PosInfinity,
    }
}

#[tokio::test]
async fn what_chrono_does_not_have_is_an_error() {
    is_no_value::<days::Cell>("date", "infinity").await;
    is_no_value::<days::Cell>("date", "-infinity").await;
    is_no_value::<days::Cell>("date", "300000-01-01").await;
    is_no_value::<locals::Cell>("timestamp", "infinity").await;
    is_no_value::<locals::Cell>("timestamp", "-infinity").await;
    is_no_value::<moments::Cell>("timestamptz", "infinity").await;
    is_no_value::<moments_somewhere::Cell>("timestamptz", "-infinity").await;
}

/// What tokio-postgres makes of it.
#[tokio::test]
async fn the_end_of_a_day_is_read_as_its_beginning() {
    let cells = cell::Cells::new("", "time", &["24:00"]).await;
    let cell = times::Cell::query().one(&cells.world.pool).await.unwrap();
    assert_eq!(cell::Cell::id(&cell), &time(0, 0, 0, 0));
}
