//! jiff: days, times, and moments, with infinities and without.

use jiff::civil;
use relata::prelude::*;
use relata_types::cell;
use tokio_postgres::types::{Date, Timestamp};

use super::is_no_value;

fn moment(text: &str) -> jiff::Timestamp {
    text.parse().unwrap()
}

relata_types::type_table! {
    days: "date" as jiff::civil::Date, exact {
        "4713-01-01 BC" is civil::date(-4712, 1, 1),
        "2000-02-29" is civil::date(2000, 2, 29),
        "9999-12-31" is civil::date(9999, 12, 31),
    }
    endless_days: "date" as Date<jiff::civil::Date>, exact {
        "-infinity" is Date::NegInfinity,
        "2000-01-01" is Date::Value(civil::date(2000, 1, 1)),
        "infinity" is Date::PosInfinity,
    }
    times: "time" as jiff::civil::Time, exact {
        "00:00" is civil::time(0, 0, 0, 0),
        "12:34:56.000001" is civil::time(12, 34, 56, 1_000),
        "23:59:59.999999" is civil::time(23, 59, 59, 999_999_000),
    }
    locals: "timestamp" as jiff::civil::DateTime, exact {
        "1000-01-01 12:00" is civil::date(1000, 1, 1).at(12, 0, 0, 0),
        "1999-12-31 23:59:59.999999" is civil::date(1999, 12, 31).at(23, 59, 59, 999_999_000),
        "2000-01-01 12:00" is civil::date(2000, 1, 1).at(12, 0, 0, 0),
    }
    moments: "timestamptz" as jiff::Timestamp, exact {
        "1000-01-01 12:00+00" is moment("1000-01-01T12:00:00Z"),
        "2000-01-01 14:00+02" is moment("2000-01-01T12:00:00Z"),
        "9999-01-01 12:00+00" is moment("9999-01-01T12:00:00Z"),
    }
    endless_moments: "timestamptz" as Timestamp<jiff::Timestamp>, exact {
        "-infinity" is Timestamp::NegInfinity,
        "2000-01-01 14:00+02" is Timestamp::Value(moment("2000-01-01T12:00:00Z")),
        "infinity" is Timestamp::PosInfinity,
    }
}

#[tokio::test]
async fn what_jiff_does_not_have_is_an_error() {
    is_no_value::<days::Cell>("date", "infinity").await;
    is_no_value::<days::Cell>("date", "-infinity").await;
    is_no_value::<days::Cell>("date", "10000-01-01").await;
    is_no_value::<times::Cell>("time", "24:00").await;
    is_no_value::<locals::Cell>("timestamp", "infinity").await;
    is_no_value::<locals::Cell>("timestamp", "-infinity").await;
    is_no_value::<moments::Cell>("timestamptz", "infinity").await;
    is_no_value::<moments::Cell>("timestamptz", "10000-01-01 00:00+00").await;
}
