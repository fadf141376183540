//! The example's own column type: what it sends and reads is what the server means.

use crate::support::World;

use super::cents::Cents;

#[tokio::test]
async fn chinook_cents_are_what_the_server_calls_them() {
    let world = World::new("").await;
    let client = world.client().await;
    let sql = "SELECT $1::numeric::text, $1::numeric = $2::text::bigint * 0.01, $2::text::bigint * 0.01";
    let statement = client.prepare(sql).await.unwrap();
    let mut all = vec![i64::MAX, -i64::MAX, 9_999_999_999, 1_000_000, 1_000_001, 999_999, 10_000_000_000];
    all.extend(-300..300);
    all.extend((0..40_000_000_000).step_by(123_456_789));
    for cents in all {
        let row = client.query_one(&statement, &[&Cents(cents), &cents.to_string()]).await.unwrap();
        assert_eq!(row.get::<_, String>(0), Cents(cents).to_string());
        assert!(row.get::<_, bool>(1), "{cents}");
        assert_eq!(row.get::<_, Cents>(2), Cents(cents));
    }
}

#[tokio::test]
async fn chinook_cents_refuse_what_they_cannot_be() {
    let world = World::new("").await;
    let client = world.client().await;
    for (number, refusal) in [
        ("0.001", "more than two decimals"),
        ("0.00000001", "more than two decimals"),
        ("12.345", "more than two decimals"),
        ("NaN", "not a finite number"),
        ("92233720368547758.08", "out of range"),
        ("1e40", "out of range"),
    ] {
        let row = client.query_one(&format!("SELECT '{number}'::numeric"), &[]).await.unwrap();
        let error = row.try_get::<_, Cents>(0).unwrap_err();
        let cause = std::error::Error::source(&error).unwrap().to_string();
        assert!(cause.contains(refusal), "{number}: {cause}");
    }
    let row = client.query_one("SELECT '1.5000'::numeric, 7::numeric, 0::numeric, 1", &[]).await.unwrap();
    assert_eq!([row.get::<_, Cents>(0), row.get(1), row.get(2)], [Cents(150), Cents(700), Cents(0)]);
    assert!(row.try_get::<_, Cents>(3).is_err(), "an integer is no numeric");
}
