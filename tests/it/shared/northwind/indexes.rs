//! What `check` says of this database: its entities fit, and not one of its foreign keys has an index of its own.

use relata::check::{FindingKind, Report};

use super::model::people::State;
use super::model::sales::Order;
use super::{World, file, script};

/// The indexes that loads need and the script does not make, each with the relations that search by it. Where a relation
/// has an order, the index that it needs gives the rows in it, and serves those without an order too.
const MISSING: [(&str, &[&str], &[&str]); 10] = [
    ("orders", &["customer_id"], &["Customer.orders"]),
    ("orders", &["employee_id"], &["Employee.orders"]),
    ("orders", &["ship_via"], &["Shipper.orders"]),
    ("order_details", &["product_id"], &["Product.order_details", "Product.orders"]),
    ("products", &["category_id"], &["Category.products"]),
    ("products", &["supplier_id", "product_name"], &["Supplier.products", "Supplier.discontinued_products"]),
    ("customer_customer_demo", &["customer_type_id"], &["Demographic.customer_demos", "Demographic.customers"]),
    ("employees", &["reports_to"], &["Employee.reports"]),
    ("employee_territories", &["territory_id"], &["Territory.employee_territories", "Territory.employees"]),
    ("territories", &["region_id"], &["Region.territories"]),
];

/// The foreign keys whose columns no index begins with, as the catalog has them: each table with its columns.
const UNINDEXED: &str = "
SELECT f.conrelid::regclass::text, array_agg(a.attname::text ORDER BY k.at)
FROM pg_constraint f, unnest(f.conkey) WITH ORDINALITY AS k (number, at), pg_attribute a
WHERE f.contype = 'f' AND f.connamespace = current_schema::regnamespace AND a.attrelid = f.conrelid
    AND a.attnum = k.number AND NOT EXISTS (
        SELECT FROM pg_index i WHERE i.indrelid = f.conrelid AND i.indpred IS NULL
            AND (i.indkey::int2[])[0:cardinality(f.conkey) - 1] @> f.conkey)
GROUP BY f.oid, f.conrelid ORDER BY 1, 2";

async fn unindexed(world: &World) -> Vec<(String, Vec<String>)> {
    let rows = world.client().await.query(UNINDEXED, &[]).await.unwrap();
    rows.iter().map(|row| (row.get(0), row.get(1))).collect()
}

async fn report(world: &World) -> Report {
    // The states stand for themselves; all the others are reached from the orders.
    relata::check::<(Order, State)>(&world.pool).await.unwrap()
}

/// What is found, as the list above has it, sorted.
fn named(report: &Report) -> Vec<(&str, Vec<&str>, Vec<&str>)> {
    let mut all: Vec<_> = report
        .findings()
        .iter()
        .map(|finding| {
            let columns = finding.columns().iter().map(String::as_str).collect();
            let mut relations: Vec<_> = finding.relations().iter().map(String::as_str).collect();
            relations.sort_unstable();
            (finding.table(), columns, relations)
        })
        .collect();
    all.sort_unstable();
    all
}

#[tokio::test]
async fn northwind_check_names_every_missing_index_and_no_other() {
    let Some(file) = file() else { return };
    let world = World::new(&script(file)).await;
    let mut expected: Vec<_> = MISSING
        .iter()
        .map(|(table, columns, relations)| {
            let mut relations = relations.to_vec();
            relations.sort_unstable();
            (*table, columns.to_vec(), relations)
        })
        .collect();
    expected.sort_unstable();
    let found = report(&world).await;
    assert_eq!(found.entities().len(), 14, "{:?}", found.entities());
    assert!(found.findings().iter().all(|finding| finding.kind() == FindingKind::MissingIndex), "{found}");
    assert_eq!(named(&found), expected);

    // The catalog says the same of the foreign keys, each of which is one column.
    let first = |(table, columns, _): &(&str, Vec<&str>, Vec<&str>)| (table.to_string(), vec![columns[0].to_owned()]);
    let mut foreign_keys: Vec<_> = expected.iter().map(first).collect();
    foreign_keys.sort_unstable();
    assert_eq!(unindexed(&world).await, foreign_keys);

    // A fix is an index and nothing else: with all of them there is nothing left to say.
    for finding in found.findings() {
        let fix = finding.fix().unwrap();
        assert!(fix.starts_with("CREATE INDEX ON "), "{fix}");
        world.execute(fix).await;
    }
    assert_eq!(report(&world).await.to_string(), "14 entities: nothing found");
    assert_eq!(unindexed(&world).await, []);

    // What is taken away again is what is missed.
    for (table, columns, relations) in &expected {
        let index = format!("{table}_{}_idx", columns.join("_"));
        world.execute(&format!("DROP INDEX {index}")).await;
        let found = report(&world).await;
        assert_eq!(named(&found), [(*table, columns.clone(), relations.clone())], "{found}");
        world.execute(found.findings()[0].fix().unwrap()).await;
    }
    assert!(report(&world).await.is_empty());
}
