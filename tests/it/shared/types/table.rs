//! The table of types that need no feature: a test a row.

use std::collections::HashMap;
use std::net::IpAddr;
use std::time::{Duration, SystemTime};

use postgres_types::{FromSql, ToSql};
use relata::prelude::*;
use tokio_postgres::types::{PgLsn, Timestamp};

use super::cell;
use super::own::{Interval, Span, TimeTz};

#[derive(ToSql, FromSql, Debug, Clone, Copy)]
#[postgres(name = "mood", rename_all = "snake_case")]
enum Mood {
    Sad,
    Ok,
    VeryHappy,
}

#[derive(ToSql, FromSql, Debug, Clone)]
#[postgres(name = "item")]
struct Item {
    name: String,
    count: Option<i32>,
}

#[derive(ToSql, FromSql, Debug, Clone)]
#[postgres(name = "place")]
struct Place {
    shelf: i32,
    number: Option<i64>,
}

#[derive(Newtype, Debug, Clone)]
struct UserId(i32);

#[derive(Newtype, Debug, Clone)]
struct Email(String);

#[derive(Newtype, Debug, Clone)]
struct GoodMood(Mood);

type Hstore = HashMap<String, Option<String>>;

fn hstore(key: &str, value: Option<&str>) -> Hstore {
    HashMap::from([(key.to_owned(), value.map(str::to_owned))])
}

fn after_epoch(seconds: u64, microseconds: u64) -> SystemTime {
    SystemTime::UNIX_EPOCH + Duration::from_secs(seconds) + Duration::from_micros(microseconds)
}

fn item(name: &str, count: Option<i32>) -> Item {
    Item { name: name.to_owned(), count }
}

crate::type_table! {
    bools: "bool" as bool, exact {
        "false" is false,
        "true" is true,
    }
    chars: "\"char\"" as i8, exact {
        "" is 0,
        "A" is 65,
        "~" is 126,
    }
    int2: "int2" as i16, exact {
        "-32768" is i16::MIN,
        "0" is 0,
        "32767" is i16::MAX,
    }
    int4: "int4" as i32, exact {
        "-2147483648" is i32::MIN,
        "-1" is -1,
        "0" is 0,
        "2147483647" is i32::MAX,
    }
    int8: "int8" as i64, exact {
        "-9223372036854775808" is i64::MIN,
        "4294967296" is 4_294_967_296,
        "9223372036854775807" is i64::MAX,
    }
    oids: "oid" as u32, exact {
        "0" is 0,
        "2147483648" is 2_147_483_648,
        "4294967295" is u32::MAX,
    }
    float4: "float4" as f32, database {
        "-Infinity" is f32::NEG_INFINITY,
        "-0" is -0.0,
        "1.1" is 1.1,
        "Infinity" is f32::INFINITY,
        "NaN" is f32::NAN,
    }
    float8: "float8" as f64, database {
        "-Infinity" is f64::NEG_INFINITY,
        "-0" is -0.0,
        "5e-324" is 5e-324,
        "Infinity" is f64::INFINITY,
        "NaN" is f64::NAN,
    }
    texts: "text" as String, exact {
        "" is "".into(),
        "\"" is "\"".into(),
        "'" is "'".into(),
        "NULL" is "NULL".into(),
        "\\" is "\\".into(),
        "{a,b}" is "{a,b}".into(),
        "ä🦀" is "ä🦀".into(),
    }
    varchars: "varchar(5)" as String, exact of texts {
        "" is "".into(),
        "äöüßé" is "äöüßé".into(),
    }
    padded: "bpchar(3)" as String, exact of texts {
        "" is "   ".into(),
        "a" is "a  ".into(),
        "ab" is "ab ".into(),
    }
    names: "name" as String, exact of texts {
        "a" is "a".into(),
        "b" is "b".into(),
    }
    citext: "citext" as String, database, after "CREATE EXTENSION citext" {
        "a" is "a".into(),
        "B" is "B".into(),
        "c" is "c".into(),
    }
    ltree: "ltree" as String, exact of texts, after "CREATE EXTENSION ltree" {
        "" is "".into(),
        "a" is "a".into(),
        "a.b" is "a.b".into(),
        "b" is "b".into(),
    }
    lquery: "lquery" as String, column, after "CREATE EXTENSION ltree" {
        "a.*" is "a.*".into(),
        "b.*{2}" is "b.*{2}".into(),
    }
    ltxtquery: "ltxtquery" as String, column, after "CREATE EXTENSION ltree" {
        "a & b" is "a & b".into(),
        "c" is "c".into(),
    }
    bytea: "bytea" as Vec<u8>, exact {
        "" is vec![],
        "\\x00" is vec![0],
        "\\x0061ff" is vec![0, 0x61, 0xff],
    }
    hstores: "hstore" as Hstore, exact, after "CREATE EXTENSION hstore" {
        "" is HashMap::new(),
        "a=>NULL" is hstore("a", None),
        "a=>1" is hstore("a", Some("1")),
        "b=>NULL" is hstore("b", None),
    }
    timestamps: "timestamp" as SystemTime, exact {
        "1969-12-31 23:59:59" is SystemTime::UNIX_EPOCH - Duration::from_secs(1),
        "2000-01-01 00:00:00.000001" is after_epoch(946_684_800, 1),
        "2026-01-01" is after_epoch(1_767_225_600, 0),
    }
    timestamptz: "timestamptz" as Timestamp<SystemTime>, exact {
        "-infinity" is Timestamp::NegInfinity,
        "2000-01-01 01:00:00+01" is Timestamp::Value(after_epoch(946_684_800, 0)),
        "infinity" is Timestamp::PosInfinity,
    }
    inet: "inet" as IpAddr, exact {
        "10.0.0.1" is IpAddr::from([10, 0, 0, 1]),
        "10.0.0.2" is IpAddr::from([10, 0, 0, 2]),
        "::1" is IpAddr::from([0_u16, 0, 0, 0, 0, 0, 0, 1]),
    }
    lsn: "pg_lsn" as PgLsn, exact {
        "0/0" is PgLsn::from(0),
        "16/B374D848" is PgLsn::from(0x16_B374_D848),
    }
    moods: "mood" as Mood, exact, after "CREATE TYPE mood AS ENUM ('sad', 'ok', 'very_happy')" {
        "sad" is Mood::Sad,
        "ok" is Mood::Ok,
        "very_happy" is Mood::VeryHappy,
    }
    places: "place" as Place, named, after "CREATE TYPE place AS (shelf int, number int8)" {
        "(1,1)" is Place { shelf: 1, number: Some(1) },
        "(1,4294967296)" is Place { shelf: 1, number: Some(4_294_967_296) },
        "(1,)" is Place { shelf: 1, number: None },
    }
    items: "item" as Item, named_database, after "CREATE TYPE item AS (name text, count int)" {
        "(a,1)" is item("a", Some(1)),
        "(a,)" is item("a", None),
        "(\"b, c\",2)" is item("b, c", Some(2)),
    }
    ids: "int4" as UserId, exact {
        "1" is UserId(1),
        "2" is UserId(2),
        "3" is UserId(3),
    }
    emails: "text" as Email, exact {
        "a@a" is Email("a@a".into()),
        "b@b" is Email("b@b".into()),
    }
    positive: "positive" as UserId, exact of ids, after "CREATE DOMAIN positive AS int4 CHECK (value > 0)" {
        "1" is UserId(1),
        "2" is UserId(2),
        "3" is UserId(3),
    }
    good_moods: "good_mood" as GoodMood, column, after "CREATE TYPE mood AS ENUM ('sad', 'ok', 'very_happy');
        CREATE DOMAIN good_mood AS mood CHECK (value <> 'sad')" {
        "ok" is GoodMood(Mood::Ok),
        "very_happy" is GoodMood(Mood::VeryHappy),
    }
    spans: "int4range" as Span, exact {
        "empty" is Span::Empty,
        "(,0]" is Span::Range(None, Some(1)),
        "(1,5]" is Span::Range(Some(2), Some(6)),
        "[2,)" is Span::Range(Some(2), None),
    }
    intervals: "interval" as Interval, database {
        "-1 mon" is Interval { months: -1, days: 0, microseconds: 0 },
        "23:00:00.5" is Interval { months: 0, days: 0, microseconds: 82_800_500_000 },
        "1 day" is Interval { months: 0, days: 1, microseconds: 0 },
        "1 year 2 days" is Interval { months: 12, days: 2, microseconds: 0 },
    }
    timetz: "timetz" as TimeTz, database {
        "12:00+02" is TimeTz { microseconds: 43_200_000_000, seconds_west: -7_200 },
        "12:00+00" is TimeTz { microseconds: 43_200_000_000, seconds_west: 0 },
    }
}

#[tokio::test]
async fn a_map_of_several_pairs_is_read_whole() {
    let cells = cell::Cells::new("CREATE EXTENSION hstore", "hstore", &["a=>1, b=>NULL, \"c d\"=>\"\""]).await;
    let cell = hstores::Cell::query().one(&cells.world.pool).await.unwrap();
    let pair = |key: &str, value: Option<&str>| (key.to_owned(), value.map(str::to_owned));
    let expected = HashMap::from([pair("a", Some("1")), pair("b", None), pair("c d", Some(""))]);
    assert_eq!(cell::Cell::id(&cell), &expected);
    assert!(
        hstores::Cell::query()
            .filter(<hstores::Cell as cell::Compare>::eq(expected))
            .exists(&cells.world.pool)
            .await
            .unwrap()
    );
}

/// What tokio-postgres makes of it; `Timestamp` knows infinities.
#[tokio::test]
async fn an_infinity_is_a_far_moment_to_a_system_time() {
    let cells = cell::Cells::new("", "timestamp", &["infinity"]).await;
    let cell = timestamps::Cell::query().one(&cells.world.pool).await.unwrap();
    assert!(cell::Cell::id(&cell) > &after_epoch(9_223_372_036_854, 0));
}

#[tokio::test]
#[should_panic(expected = "the server has no extension `no_such_extension`: install the additional modules")]
async fn a_missing_extension_is_said_in_a_sentence() {
    cell::Cells::run("CREATE EXTENSION no_such_extension").await;
}
