//! Columns of every type that PostgreSQL sorts, wherever a selection, a group or a page has them.

use std::error::Error as StdError;

use deadpool_postgres::Pool;
use relata::prelude::*;
use relata::{Error, Page, Query, Window, case, count, dense_rank, first_value, lag, value};
use tokio_postgres::types::private::BytesMut;
use tokio_postgres::types::{FromSql, IsNull, ToSql, Type, to_sql_checked};

use crate::support::World;

/// The bytes of a value of any type, as the server sent them.
#[derive(Debug, Clone, PartialEq)]
struct Raw(Vec<u8>);

impl<'a> FromSql<'a> for Raw {
    fn from_sql(_: &Type, raw: &'a [u8]) -> Result<Self, Box<dyn StdError + Sync + Send>> {
        Ok(Raw(raw.to_vec()))
    }

    fn accepts(_: &Type) -> bool {
        true
    }
}

impl ToSql for Raw {
    fn to_sql(&self, _: &Type, out: &mut BytesMut) -> Result<IsNull, Box<dyn StdError + Sync + Send>> {
        out.extend_from_slice(&self.0);
        Ok(IsNull::No)
    }

    fn accepts(_: &Type) -> bool {
        true
    }

    to_sql_checked!();
}

/// A value, and one that can be NULL, under a parent.
#[derive(Entity, Debug, Clone, PartialEq)]
#[entity(table = "cells")]
#[belongs_to(parent: Parent, by = parent_id)]
struct Cell {
    #[key]
    id: i32,
    parent_id: i32,
    v: Raw,
    n: Option<Raw>,
}

#[derive(Entity, Debug, Clone, PartialEq)]
#[entity(table = "parents")]
#[has_many(cells: Vec<Cell>, by = parent_id)]
struct Parent {
    #[key]
    id: i32,
}

async fn ids(db: &Pool, order: &str) -> Vec<i32> {
    let sql = format!("SELECT id FROM cells AS c ORDER BY {order}");
    db.get().await.unwrap().query(&sql, &[]).await.unwrap().iter().map(|row| row.get(0)).collect()
}

/// The ids of all rows, in pages of two.
async fn walk(db: &Pool, query: Query<Cell>) -> Result<Vec<i32>, Error> {
    let query = query.limit(2);
    let mut page: Page<Cell> = query.page(db).await?;
    let mut all = Vec::new();
    loop {
        all.extend(page.rows.iter().map(|cell| cell.id));
        let Some(next) = page.next else { return Ok(all) };
        page = query.clone().after(next.to_string().parse::<relata::Cursor>()?).page(db).await?;
    }
}

async fn world(ty: &str, values: &[&str]) -> World {
    let mut script = format!(
        "CREATE TYPE mood AS ENUM ('sad', 'ok', 'happy'); CREATE DOMAIN positive AS int CHECK (value > 0);
        CREATE DOMAIN email AS text; CREATE DOMAIN ints AS int[]; CREATE DOMAIN span AS int4range;
        CREATE TABLE parents (id int PRIMARY KEY); INSERT INTO parents VALUES (1), (2);
        CREATE TABLE cells (id int PRIMARY KEY GENERATED ALWAYS AS IDENTITY, parent_id int NOT NULL, v {ty} NOT NULL, n {ty});"
    );
    for (at, value) in values.iter().enumerate() {
        let parent = at % 2 + 1;
        script += &format!(
            "INSERT INTO cells (parent_id, v, n) VALUES ({parent}, '{value}', '{value}'), (1, '{value}', NULL);"
        );
    }
    World::new(&script).await
}

use Has::{Array, Compared, Sorted};

/// What PostgreSQL has for a type.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Has {
    /// An order, `MIN` and `MAX`.
    Compared,
    /// An order; `MIN` and `MAX` in no server, or in new ones alone.
    Sorted,
    /// An order, `MIN` and `MAX`, but no array of them.
    Array,
}

const TYPES: &[(&str, Has, &[&str])] = &[
    ("bool", Sorted, &["true", "false"]),
    ("\"char\"", Compared, &["b", "A"]),
    ("int2", Compared, &["1", "-32768", "32767"]),
    ("int4", Compared, &["1", "-2147483648", "2147483647"]),
    ("int8", Compared, &["1", "-9223372036854775808", "9223372036854775807"]),
    ("oid", Compared, &["1", "4294967295", "0"]),
    ("float4", Compared, &["NaN", "-0", "0", "-Infinity", "Infinity"]),
    ("float8", Compared, &["NaN", "-0", "0", "-Infinity", "Infinity", "1e-300"]),
    ("numeric", Compared, &["NaN", "1.0", "1.00", "-Infinity", "Infinity", "12345678901234567890.123456789"]),
    ("text", Compared, &["", "b", "A", "ä", "\u{1F980}"]),
    ("varchar(5)", Compared, &["", "b", "A"]),
    ("char(3)", Compared, &["", "b", "A"]),
    ("name", Compared, &["", "b", "A"]),
    ("bytea", Sorted, &["\\x00", "\\xff", ""]),
    ("uuid", Sorted, &["ffffffff-ffff-ffff-ffff-ffffffffffff", "00000000-0000-0000-0000-000000000000"]),
    ("jsonb", Sorted, &["1", "1.0", "{\"a\": null}", "[]", "\"x\""]),
    ("date", Compared, &["infinity", "2020-01-01", "-infinity"]),
    ("time", Compared, &["24:00", "00:00"]),
    ("timetz", Compared, &["12:00+02", "10:00+00"]),
    ("timestamp", Compared, &["infinity", "2020-01-01", "-infinity"]),
    ("timestamptz", Compared, &["infinity", "2020-01-01", "-infinity"]),
    ("interval", Compared, &["1 month", "30 days", "720:00", "-1 day"]),
    ("inet", Compared, &["10.0.0.1", "10.0.0.0/8", "::1"]),
    ("cidr", Compared, &["10.0.0.0/8", "10.0.0.0/16", "::1"]),
    ("macaddr", Sorted, &["08:00:2b:01:02:03", "00:00:2b:01:02:03"]),
    ("macaddr8", Sorted, &["08:00:2b:01:02:03:04:05", "00:00:2b:01:02:03:04:05"]),
    ("bit(3)", Sorted, &["101", "000"]),
    ("varbit", Sorted, &["101", "", "0"]),
    ("pg_lsn", Compared, &["16/B374D848", "0/0"]),
    ("money", Compared, &["1.50", "-2"]),
    ("xid8", Sorted, &["5", "1"]),
    ("tsvector", Sorted, &["b a", "a"]),
    ("mood", Compared, &["happy", "sad", "ok"]),
    ("int4range", Sorted, &["empty", "[1,5)", "(,3)", "[2,)"]),
    ("numrange", Sorted, &["[1,5)", "[1.0,5.00)"]),
    ("int4multirange", Sorted, &["{[1,2)}", "{}"]),
    ("int4[]", Array, &["{1,NULL}", "{}", "{2}", "{{1,2},{3,4}}"]),
    ("text[]", Array, &["{b}", "{a,\"c d\"}"]),
    ("mood[]", Array, &["{ok}", "{sad,happy}"]),
    ("positive", Compared, &["2", "1"]),
    ("email", Compared, &["b", "a"]),
    ("ints", Array, &["{2}", "{1}"]),
    ("span", Sorted, &["[2,3)", "[1,3)"]),
    ("positive[]", Array, &["{2}", "{1}"]),
    ("email[]", Array, &["{b}", "{a}"]),
];

/// Each type's rows in five orders, in pages of two and, for each parent, in two pages.
#[tokio::test]
async fn every_type_that_is_sorted_is_an_order_of_pages() {
    for &(ty, has, values) in TYPES {
        let world = world(ty, values).await;
        let db = &world.pool;
        let orders = [
            (vec![Cell.v.asc()], "v, id"),
            (vec![Cell.v.desc()], "v DESC, id"),
            (vec![Cell.n.asc()], "n, id"),
            (vec![Cell.n.desc().nulls_last()], "n DESC NULLS LAST, id"),
            (vec![Cell.v.asc(), Cell.n.desc()], "v, n DESC, id"),
        ];
        for (order, sql) in orders {
            let query = order.iter().cloned().fold(Cell::query(), |query, by| query.order_by(by));
            let walked = walk(db, query).await.unwrap_or_else(|error| panic!("{ty} by {sql}: {error:?}"));
            assert_eq!(walked, ids(db, sql).await, "{ty} by {sql}");
            if has == Array {
                continue;
            }
            let load = order.into_iter().fold(Parent.cells.select_in(), |load, by| load.order_by(by));
            let parents = |load| Parent::query().with(load).order_by(Parent.id.asc());
            let first = parents(load.clone().first(2)).all(db).await.unwrap();
            let next = first.iter().filter_map(|parent| parent.cells().next.clone());
            let rest = parents(load.after(next).first(99)).all(db).await;
            let rest = rest.unwrap_or_else(|error| panic!("{ty} by {sql}: {error:?}"));
            let mut walked = Vec::new();
            for (first, rest) in first.iter().zip(&rest) {
                walked.extend(first.cells().iter().map(|cell| cell.id));
                if first.cells().next.is_some() {
                    walked.extend(rest.cells().iter().map(|cell| cell.id));
                }
            }
            assert_eq!(walked, ids(db, &format!("parent_id, {sql}")).await, "{ty} of each parent by {sql}");
        }
    }
}

/// One value of a row, as SQL gives it.
async fn told(db: &Pool, sql: &str) -> i64 {
    db.get().await.unwrap().query_one(sql, &[]).await.unwrap().get(0)
}

#[tokio::test]
async fn every_type_that_is_sorted_is_grouped_compared_and_seen_by_windows() {
    for &(ty, has, values) in TYPES {
        let world = world(ty, values).await;
        let db = &world.pool;
        let rows = 2 * values.len();
        let different = told(db, "SELECT count(DISTINCT v) FROM cells").await;
        // What is given comes back as it was read, so it is equal.
        let one = Cell::query().order_by(Cell.v.asc()).first(db).await.unwrap().unwrap().v;
        let equal = told(db, "SELECT count(*) FROM cells WHERE v = (SELECT v FROM cells ORDER BY v, id LIMIT 1)").await
            as usize;
        macro_rules! gives {
            ($rows:expr, $query:expr) => {{
                let query = $query;
                let rows = query.all(db).await.unwrap_or_else(|error| panic!("{ty}: {error:?}"));
                assert_eq!(rows.len(), $rows as usize, "{ty}: {}", query.to_sql());
                rows
            }};
        }
        let all = gives!(rows, Cell::query().select((Cell.v, Cell.n)));
        assert_eq!(all.iter().filter(|row| row.1.is_none()).count(), values.len());
        let counts = (Cell.v.count_distinct(), Cell.n.count());
        assert_eq!(gives!(1, Cell::query().select(counts)), [(different, values.len() as i64)]);
        gives!(different + 1, Cell::query().group_by(Cell.n).select((Cell.n, count())).order_by(Cell.n.asc()));
        gives!(different, Cell::query().select(Cell.v).distinct().order_by(Cell.v.asc()));
        gives!(different, Cell::query().distinct_on(Cell.v));
        gives!(different, Cell::query().select(Cell.v).union(Cell::query().select(Cell.v)));
        gives!(0, Cell::query().except(Cell::query()));
        let sorted = || Window::new().order_by(Cell.v.asc());
        let ranks = dense_rank().over(Window::new().partition_by(Cell.parent_id).order_by(Cell.n.desc()));
        gives!(rows, Cell::query().select((ranks, lag(Cell.v).over(sorted()), first_value(Cell.n).over(sorted()))));
        gives!(rows, Cell::query().filter(Cell.v.is_in_rows(Cell::query().select(Cell.v))));
        gives!(equal, Cell::query().filter(Cell.v.eq(one.clone())));
        gives!(equal, Cell::query().filter(Cell.n.or(Cell.v).eq(one.clone())));
        gives!(equal, Cell::query().filter(Cell.v.between(one.clone(), one.clone())));
        gives!(rows - equal / 2, Cell::query().filter(Cell.n.is_distinct_from(one.clone())));
        gives!(rows, Cell::query().select((Cell.n.or(value(one.clone())), Cell.v.null_if(value(one.clone())))));
        gives!(rows, Cell::query().select(case(Cell.id.gt(1), Cell.v).otherwise(value(one.clone()))));
        if has != Array {
            gives!(equal, Cell::query().filter(Cell.v.is_in([one.clone()])));
            gives!(1, Cell::query().select((Cell.v.array_agg().order_by(Cell.v.asc()), Cell.n.array_agg().distinct())));
        }
        if has == Compared {
            let least =
                gives!(1, Cell::query().select((Cell.v.min(), Cell.n.max())).having(Cell.v.min().eq(one.clone())));
            assert!(least[0].1.is_some());
            gives!(2, Parent::query().select(Parent.cells.max(Cell.n)));
        }
    }
}
