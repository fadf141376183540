//! Numbers, texts, bits, addresses, shapes and JSON.

use relata::prelude::*;
use relata_types::cell;

use super::is_no_value;

pub mod uuids {
    use uuid::Uuid;

    use super::*;

    relata_types::type_table! {
        ids: "uuid" as Uuid, exact {
            "00000000-0000-0000-0000-000000000000" is Uuid::nil(),
            "67e55044-10b1-426f-9247-bb680e5fe0c8" is Uuid::from_u128(0x67e5_5044_10b1_426f_9247_bb68_0e5f_e0c8),
            "ffffffff-ffff-ffff-ffff-ffffffffffff" is Uuid::max(),
        }
    }
}

pub mod texts {
    use smol_str::SmolStr;

    use super::*;

    relata_types::type_table! {
        small: "text" as SmolStr, exact {
            "" is SmolStr::from(""),
            "a" is SmolStr::from("a"),
            "ä text that is too long for its inside" is SmolStr::from("ä text that is too long for its inside"),
        }
    }
}

pub mod decimals {
    use rust_decimal::Decimal;

    use super::*;

    relata_types::type_table! {
        decimal: "numeric" as Decimal, database {
            "-79228162514264337593543950335" is Decimal::MIN,
            "0.00" is Decimal::new(0, 2),
            "0.0000000000000000000000000001" is Decimal::new(1, 28),
            "1.10" is Decimal::new(110, 2),
            "79228162514264337593543950335" is Decimal::MAX,
        }
    }

    #[tokio::test]
    async fn what_a_decimal_does_not_have_is_an_error() {
        is_no_value::<decimal::Cell>("numeric", "NaN").await;
        is_no_value::<decimal::Cell>("numeric", "1e30").await;
    }
}

pub mod bits {
    use bit_vec::BitVec;

    use super::*;

    relata_types::type_table! {
        bit: "bit(3)" as BitVec, exact {
            "000" is BitVec::from_elem(3, false),
            "101" is [true, false, true].into_iter().collect(),
            "111" is BitVec::from_elem(3, true),
        }
        varbit: "varbit" as BitVec, exact {
            "" is BitVec::new(),
            "000000000" is BitVec::from_elem(9, false),
            "1" is BitVec::from_elem(1, true),
        }
    }
}

pub mod nets {
    use cidr::{IpCidr, IpInet};

    use super::*;

    relata_types::type_table! {
        net: "cidr" as IpCidr, named {
            "0.0.0.0/0" is "0.0.0.0/0".parse().unwrap(),
            "10.0.0.0/8" is "10.0.0.0/8".parse().unwrap(),
            "2001:db8::/32" is "2001:db8::/32".parse().unwrap(),
        }
        host: "inet" as IpInet, exact {
            "10.0.0.2/24" is "10.0.0.2/24".parse().unwrap(),
            "10.0.0.1/32" is "10.0.0.1/32".parse().unwrap(),
            "::1/64" is "::1/64".parse().unwrap(),
        }
    }
}

pub mod macs {
    use eui48::MacAddress;

    use super::*;

    relata_types::type_table! {
        macaddr: "macaddr" as MacAddress, exact {
            "00:00:00:00:00:00" is MacAddress::new([0; 6]),
            "08:00:2b:01:02:03" is MacAddress::new([8, 0, 0x2b, 1, 2, 3]),
            "ff:ff:ff:ff:ff:ff" is MacAddress::new([255; 6]),
        }
    }
}

pub mod shapes {
    use super::*;

    relata_types::type_table! {
        point: "point" as geo_types::Point<f64>, column {
            "(0,-0)" is geo_types::Point::new(0.0, -0.0),
            "(1.5,Infinity)" is geo_types::Point::new(1.5, f64::INFINITY),
        }
        rect: "box" as geo_types::Rect<f64>, column {
            "(0,0),(1,2)" is geo_types::Rect::new((0.0, 0.0), (1.0, 2.0)),
            "(3,4),(-1,-2)" is geo_types::Rect::new((-1.0, -2.0), (3.0, 4.0)),
        }
        line_string: "path" as geo_types::LineString<f64>, column {
            "[(0,0),(1,2)]" is geo_types::LineString::from(vec![(0.0, 0.0), (1.0, 2.0)]),
            "[(0,0),(1,2),(3,4)]" is geo_types::LineString::from(vec![(0.0, 0.0), (1.0, 2.0), (3.0, 4.0)]),
        }
    }
}

pub mod jsons {
    use serde::{Deserialize, Serialize};
    use serde_json::{Value, json};
    use tokio_postgres::types::Json;

    use super::*;

    #[derive(Debug, Clone, Serialize, Deserialize)]
    struct Point {
        x: i32,
        label: Option<String>,
    }

    relata_types::type_table! {
        json: "json" as Value, column {
            "null" is json!(null),
            "{\"a\": [1, \"b\", {}], \"c\": null}" is json!({"a": [1, "b", {}], "c": null}),
        }
        jsonb: "jsonb" as Value, database {
            "null" is json!(null),
            "\"text\"" is json!("text"),
            "1.5" is json!(1.5),
            "{\"a\": [1, {}], \"c\": null}" is json!({"c": null, "a": [1, {}]}),
        }
        typed: "jsonb" as Json<Point>, database {
            "{\"x\": 1, \"label\": \"a\"}" is Json(Point { x: 1, label: Some("a".into()) }),
            "{\"x\": 1, \"label\": \"b\"}" is Json(Point { x: 1, label: Some("b".into()) }),
            "{\"x\": 2, \"label\": null}" is Json(Point { x: 2, label: None }),
        }
    }

    #[tokio::test]
    async fn a_jsonb_column_contains_json() {
        #[derive(Entity, Debug, Clone)]
        #[entity(table = "cells")]
        struct Cell {
            #[key]
            n: i32,
            id: Value,
        }

        let texts = ["{\"a\": [1, 2], \"b\": {\"c\": null}}", "{\"a\": [1]}", "[1, 2]"];
        let cells = cell::Cells::new("", "jsonb", &texts).await;
        for (value, expected) in [
            (json!({"a": [1]}), vec![0, 1]),
            (json!({"a": [2], "b": {}}), vec![0]),
            (json!({"b": {"c": null}}), vec![0]),
            (json!([2]), vec![2]),
            (json!([]), vec![2]),
            (json!({"a": 1}), vec![]),
        ] {
            let query = Cell::query().filter(Cell.id.contains(value.clone())).order_by(Cell.n.asc());
            let found = query.all(&cells.world.pool).await.unwrap();
            assert_eq!(found.iter().map(|cell| cell.n).collect::<Vec<_>>(), expected, "{value}");
        }
    }

    #[tokio::test]
    async fn what_a_struct_does_not_have_is_an_error() {
        is_no_value::<typed::Cell>("jsonb", "[]").await;
    }
}
