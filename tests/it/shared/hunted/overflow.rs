//! Values that the server cannot calculate: its error, typed, and a connection that is none the worse for it.

use std::time::SystemTime;

use relata::prelude::*;
use relata::{ErrorKind, case, literal, raw, scalar};

use crate::support::{World, pool};

#[derive(Entity, Debug, Clone)]
#[entity(table = "numbers")]
#[has_many(others: Vec<Number>, by = id, references = small)]
struct Number {
    #[key]
    id: i32,
    small: i32,
    big: i64,
    real: f64,
    text: String,
    at: SystemTime,
}

const SCRIPT: &str =
    "CREATE TABLE numbers (id int PRIMARY KEY, small int NOT NULL, big int8 NOT NULL, real float8 NOT NULL,
        text text NOT NULL, at timestamp NOT NULL);
    INSERT INTO numbers VALUES (1, 2147483647, 9223372036854775807, 1e300, 'x', 'infinity'),
        (2, 2147483647, 9223372036854775807, 'NaN', '1', '2020-01-01'), (3, 1, 0, '-Infinity', '', '-infinity');";

#[tokio::test]
async fn what_cannot_be_calculated_is_the_servers_error() {
    let world = World::new(SCRIPT).await;
    let one = pool(&world.config, 1);
    let db = &one;
    macro_rules! fails {
        ($state:literal, $verb:expr) => {{
            let error = $verb.await.map(drop).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Database, "{error:?}");
            assert_eq!(error.sqlstate().map(|state| state.code()), Some($state), "{error:?}");
            assert_eq!(Number::query().count(db).await.unwrap(), 3);
        }};
    }
    fails!("22003", Number::query().select(Number.small + 1).all(db));
    fails!("22003", Number::query().select(Number.big * Number.small).all(db));
    fails!("22003", Number::query().select(Number.big.sum::<i64>()).one(db));
    fails!("22003", Number::query().select(Number.others.sum::<_, i64>(Number.big + 1)).all(db));
    fails!("22003", Number::query().select(Number.real * 1e300).all(db));
    fails!("22003", Number::query().select(Number.real.cast::<i32>()).all(db));
    fails!("22003", Number::query().filter(Number.big.cast::<i16>().gt(1)).all(db));
    fails!("22003", Number::query().order_by((Number.small + Number.small).asc()).limit(1).page(db));
    fails!("22003", Number::query().group_by(Number.small + 1).select(Number.small + 1).count(db));
    fails!("22012", Number::query().select(Number.big / 0_i64).all(db));
    fails!("22012", Number::query().filter((Number.small % (Number.id - 1)).eq(1)).counted(db));
    fails!(
        "22012",
        Number::query().select(literal(1.0) / (Number.real - Number.real) + Number.big / Number.big).all(db)
    );
    fails!("22P02", Number::query().select(Number.text.cast::<i32>()).all(db));
    fails!("22P02", Number::query().filter(Number.text.cast::<f64>().gt(1.0)).exists(db));
    fails!("0A000", Number::query().select(Number.at.year()).all(db));
    fails!("21000", Number::query().select((Number.id, scalar(Number::query().select(Number.id)))).all(db));
    fails!("2201W", Number::query().filter(raw::<_, i32>("(SELECT 1 LIMIT {})", (-1,)).eq(1)).all(db));
}

#[tokio::test]
async fn what_is_not_asked_is_not_calculated() {
    let world = World::new(SCRIPT).await;
    let db = &world.pool;
    let safe = case(Number.text.eq("1"), Number.text.cast::<i32>()).otherwise(0);
    assert_eq!(Number::query().select(safe).order_by(Number.id.asc()).all(db).await.unwrap(), [0, 1, 0]);
    let safe = Number.big / (Number.id - 1).null_if(0);
    assert_eq!(
        Number::query().select(safe).order_by(Number.id.asc()).all(db).await.unwrap(),
        [None, Some(i64::MAX), Some(0)]
    );
}

#[tokio::test]
async fn a_sum_is_as_wide_as_what_it_is_read_as() {
    let world = World::new(SCRIPT).await;
    let db = &world.pool;
    let sums = (Number.big.sum::<f64>(), Number.small.sum::<i64>(), Number.big.avg::<f64>(), Number.real.max());
    let (big, small, average, real): (Option<f64>, Option<i64>, Option<f64>, Option<f64>) =
        Number::query().select(sums).one(db).await.unwrap();
    assert_eq!((big, small), (Some(2.0 * i64::MAX as f64), Some(4_294_967_295)));
    assert!(average > Some(6e18) && real.unwrap().is_nan());
    // Counts that are more than there can be.
    let all =
        Number::query().select(Number.id).order_by(Number.id.asc()).limit(u64::MAX).offset(2).all(db).await.unwrap();
    assert_eq!(all, [3]);
    let page = Number::query().limit(u64::MAX).page(db).await.unwrap();
    assert_eq!((page.rows.len(), page.next), (3, None));
    let counted = Number::query().offset(u64::MAX).limit(u64::MAX).counted(db).await.unwrap();
    assert_eq!((counted.rows.len(), counted.total), (0, 3));
    let most = || Number::query().order_by(Number.id.asc()).filter(Number.id.lt(3));
    let first = most().with(Number.others.first(u64::MAX)).all(db).await.unwrap();
    assert!(first.iter().all(|number| number.others().is_empty() && number.others().next.is_none()));
    let last = Number::find(3).with(Number.others.limit(u64::MAX).offset(u64::MAX).window()).one(db).await.unwrap();
    assert!(last.others().is_empty());
}
