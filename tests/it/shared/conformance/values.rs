//! Class X19: a value is the same at every depth, in whatever form its row is fetched.

use relata::prelude::*;

use crate::support::World;
use crate::support::twins::{Under, mixtures};

mod cells {
    use std::time::SystemTime;

    use relata::prelude::*;

    /// What nested formats lose: the width of integers, the last digits of floats and what is no number, bytes, moments.
    #[derive(Entity, Debug, Clone)]
    #[entity(table = "cells")]
    #[belongs_to(of: Option<Cell>, by = of_id)]
    #[has_many(within: Vec<Cell>, by = of_id, order_by = id)]
    #[many_to_many(beside: Vec<Cell>, through = "pairs", by = (one, other), order_by = id)]
    pub struct Cell {
        #[key]
        pub id: i64,
        pub of_id: Option<i64>,
        pub big: i64,
        pub double: f64,
        pub single: f32,
        pub bytes: Vec<u8>,
        pub moment: SystemTime,
        pub list: Vec<Option<i64>>,
        pub text: Option<String>,
        pub letter: i8,
    }

    /// Everything in it, with floats as their bits.
    pub fn bits(cell: &Cell) -> String {
        let Cell { id, of_id, big, double, single, bytes, moment, list, text, letter } = cell;
        let floats = (double.to_bits(), single.to_bits());
        format!("{id} {of_id:?} {big} {floats:?} {bytes:?} {moment:?} {list:?} {text:?} {letter}")
    }

    pub const SCRIPT: &str = r#"CREATE TABLE cells (id bigint PRIMARY KEY, of_id bigint REFERENCES cells, big bigint NOT NULL,
            double float8 NOT NULL, single float4 NOT NULL, bytes bytea NOT NULL, moment timestamptz NOT NULL,
            list bigint[] NOT NULL, text text, letter "char" NOT NULL);
        CREATE TABLE pairs (one bigint NOT NULL, other bigint NOT NULL);
        INSERT INTO cells VALUES
            (1, NULL, 9223372036854775807, 'NaN', 'NaN', '\x', '1970-01-01 00:00:00.000001+00', '{}', NULL, 'a'),
            (9007199254740993, 1, -9223372036854775808, '-0', '-0', '\x00ff5c7822', '2038-01-19 03:14:08.999999+14',
                '{NULL,9007199254740993,-1}', '', 'b'),
            (3, 1, 9007199254740993, 'Infinity', '-Infinity', '\x7b7d', 'infinity', '{9223372036854775807}',
                E'\u00e4 "\\'' \n{}', '"'),
            (4, 3, 0, 0.1, 0.1, '\x65', '0099-12-31 23:59:59.123456+00', '{0}', 'null', '\'),
            (5, 9007199254740993, -1, 5e-324, 1e-45, '\xdeadbeef', '9999-12-31 23:59:59.999999-12', '{NULL}', 'NaN', 'x');
        INSERT INTO pairs VALUES (1, 5), (3, 4), (1, 4), (3, 9007199254740993), (4, 1), (1, 5);"#;
}

use cells::{Cell, bits};

#[tokio::test]
async fn x19_values_are_the_same_at_every_depth_under_every_strategy() {
    let world = World::new(cells::SCRIPT).await;
    let all = Cell::query().order_by(Cell.id.asc()).all(&world.pool).await.unwrap();
    let plain = |id: i64| bits(all.iter().find(|cell| cell.id == id).unwrap());
    assert_eq!((all.len(), all[0].big, all[0].double.is_nan()), (5, i64::MAX, true));
    assert_eq!((all[1].single, all[4].list[1]), (f32::NEG_INFINITY, Some(9_007_199_254_740_993)));
    for [within, below, beside, of] in mixtures() {
        for (limited, window) in [(false, false), (true, false), (true, true)] {
            let below = Cell.within.under(below).with(Cell.of.under(of));
            let beside = Cell.beside.under(beside);
            let (mut below, mut beside) = (below, beside);
            if limited {
                (below, beside) = (below.limit(9), beside.limit(9));
            }
            if window {
                (below, beside) = (below.window(), beside.window());
            }
            let load = Cell.within.under(within).with(below.with(beside.clone()));
            let query = Cell::query().filter(Cell.of_id.is_null()).with(load).with(beside);
            let root = query.one(&world.pool).await.unwrap();
            assert_eq!(bits(&root), plain(1));
            let mut seen = 1;
            for child in root.within() {
                assert_eq!(bits(child), plain(child.id), "{}", query.to_sql());
                seen += 1;
                for grandchild in child.within() {
                    assert_eq!(bits(grandchild), plain(grandchild.id), "{}", query.to_sql());
                    assert_eq!(grandchild.of().map(bits), Some(plain(child.id)), "{}", query.to_sql());
                    assert!(grandchild.beside().iter().all(|cell| bits(cell) == plain(cell.id)));
                    seen += 1 + grandchild.beside().len();
                }
            }
            assert_eq!(root.beside().iter().map(bits).collect::<Vec<_>>(), [plain(4), plain(5)], "{}", query.to_sql());
            assert_eq!(seen, 1 + 2 + 2 + 1);
        }
    }
}
