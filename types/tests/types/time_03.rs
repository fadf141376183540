//! time: days, times, and moments, with infinities and without.

use relata::prelude::*;
use relata_types::cell;
use time::Month::{December, January};
use tokio_postgres::types::{Date, Timestamp};

use super::is_no_value;

fn day(year: i32, month: time::Month, day: u8) -> time::Date {
    time::Date::from_calendar_date(year, month, day).unwrap()
}

fn time_of(hour: u8, minute: u8, second: u8, microsecond: u32) -> time::Time {
    time::Time::from_hms_micro(hour, minute, second, microsecond).unwrap()
}

fn noon(year: i32) -> time::PrimitiveDateTime {
    time::PrimitiveDateTime::new(day(year, January, 1), time_of(12, 0, 0, 0))
}

relata_types::type_table! {
    days: "date" as time::Date, exact {
        "4713-01-01 BC" is day(-4712, January, 1),
        "2000-01-01" is day(2000, January, 1),
        "9999-12-31" is day(9999, December, 31),
    }
    endless_days: "date" as Date<time::Date>, exact {
        "-infinity" is Date::NegInfinity,
        "2000-01-01" is Date::Value(day(2000, January, 1)),
        "infinity" is Date::PosInfinity,
    }
    times: "time" as time::Time, exact {
        "00:00" is time_of(0, 0, 0, 0),
        "12:34:56.000001" is time_of(12, 34, 56, 1),
        "23:59:59.999999" is time_of(23, 59, 59, 999_999),
    }
    locals: "timestamp" as time::PrimitiveDateTime, exact {
        "1000-01-01 12:00" is noon(1000),
        "1999-12-31 23:59:59.999999" is day(1999, December, 31).with_time(time_of(23, 59, 59, 999_999)),
        "2000-01-01 12:00" is noon(2000),
    }
    endless_locals: "timestamp" as Timestamp<time::PrimitiveDateTime>, exact {
        "-infinity" is Timestamp::NegInfinity,
        "2000-01-01 12:00" is Timestamp::Value(noon(2000)),
        "infinity" is Timestamp::PosInfinity,
    }
    moments: "timestamptz" as time::OffsetDateTime, exact {
        "1000-01-01 12:00+00" is noon(1000).assume_utc(),
        "2000-01-01 14:00+02" is noon(2000).assume_utc(),
        "9999-01-01 12:00+00" is noon(9999).assume_utc(),
    }
}

#[tokio::test]
async fn what_time_does_not_have_is_an_error() {
    is_no_value::<days::Cell>("date", "infinity").await;
    is_no_value::<days::Cell>("date", "-infinity").await;
    is_no_value::<days::Cell>("date", "10000-01-01").await;
    is_no_value::<locals::Cell>("timestamp", "infinity").await;
    is_no_value::<locals::Cell>("timestamp", "-infinity").await;
    is_no_value::<moments::Cell>("timestamptz", "infinity").await;
    is_no_value::<moments::Cell>("timestamptz", "10000-01-01 00:00+00").await;
}

/// What tokio-postgres makes of it.
#[tokio::test]
async fn the_end_of_a_day_is_read_as_its_beginning() {
    let cells = cell::Cells::new("", "time", &["24:00"]).await;
    let cell = times::Cell::query().one(&cells.world.pool).await.unwrap();
    assert_eq!(cell::Cell::id(&cell), &time_of(0, 0, 0, 0));
}
