//! The table of types behind features: a file a family, a test a row.

#![allow(missing_docs, dead_code, clippy::unwrap_used)]

mod chrono_04;
mod jiff_02;
mod time_03;
mod values;

use std::path::Path;

use relata::prelude::*;
use relata::{Error, ErrorKind};
use relata_types::cell::Cells;
use relata_types::page;

#[test]
fn the_page_of_types_says_what_is_tested() {
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/types.md");
    page::check(
        &page,
        false,
        &[
            ("with-bit-vec-0_9", values::bits::ROWS),
            ("with-chrono-0_4", chrono_04::ROWS),
            ("with-cidr-0_3", values::nets::ROWS),
            ("with-eui48-1", values::macs::ROWS),
            ("with-geo-types-0_7", values::shapes::ROWS),
            ("with-jiff-0_2", jiff_02::ROWS),
            ("with-serde_json-1", values::jsons::ROWS),
            ("with-smol_str-01", values::texts::ROWS),
            ("with-time-0_3", time_03::ROWS),
            ("with-uuid-1", values::uuids::ROWS),
            ("rust_decimal", values::decimals::ROWS),
        ],
    );
}

/// The features of relata that bring types are those that the page names.
#[test]
fn each_feature_of_a_type_has_a_row() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let manifest = std::fs::read_to_string(root.join("Cargo.toml")).unwrap();
    let page = std::fs::read_to_string(root.join("docs/types.md")).unwrap();
    let own = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("Cargo.toml")).unwrap();
    let features: Vec<&str> =
        manifest.lines().filter(|line| line.starts_with("with-")).filter_map(|line| line.split(" = ").next()).collect();
    assert!(features.len() >= 10, "{features:?}");
    for feature in features {
        assert!(page.contains(&format!("| `{feature}` |")), "{feature} is not on the page");
        assert!(own.contains(&format!("\"{feature}\"")), "{feature} is not tested");
    }
}

/// A value that the Rust type does not have is an error that names the field.
async fn is_no_value<C: relata_types::cell::Cell>(sql: &'static str, text: &str) {
    let cells = Cells::new("", sql, &[text]).await;
    let error: Error = C::query().all(&cells.world.pool).await.map(|_| ()).unwrap_err();
    let message = error.to_string();
    assert_eq!(error.kind(), ErrorKind::Decode, "{sql} {text}: {error:?}");
    assert!(message.starts_with("Cell: field `Cell.id`: column `id` of table `cells` has a value"), "{message}");
}

mod sums {
    use relata::prelude::*;
    use rust_decimal::Decimal;

    #[derive(Entity, Debug, Clone)]
    #[entity(table = "lines")]
    struct Line {
        #[key]
        id: i32,
        price: Decimal,
        quantity: i32,
    }

    /// The feature brings calculations: the column's type is the crate's own.
    #[tokio::test]
    async fn decimals_are_calculated_with_and_summed_exactly() {
        let scratch = relata_scratch::Scratch::start().unwrap();
        let world = relata_types::World::on(
            &scratch,
            "CREATE TABLE lines (id int PRIMARY KEY, price numeric NOT NULL, quantity int NOT NULL);
             INSERT INTO lines VALUES (1, 0.1, 3), (2, 0.2, 1);",
        )
        .await;
        let sums = Line::query().select((
            (Line.price * Line.quantity).sum::<Decimal>(),
            Line.price.avg::<Decimal>(),
            Line.quantity.avg::<Decimal>(),
            Line.price.avg::<Decimal>().filter(Line.price.gt(Decimal::ONE)),
        ));
        let (sum, average, of_integers, of_none) = sums.one(&world.pool).await.unwrap();
        let decimal = |text: &str| text.parse::<Decimal>().unwrap();
        assert_eq!((sum, of_none), (Some(decimal("0.5")), None));
        assert_eq!((average, of_integers), (Some(decimal("0.15")), Some(decimal("2"))));
        assert_eq!(Line::query().filter(Line.price.lt(Line.quantity)).count(&world.pool).await.unwrap(), 2);
    }
}
