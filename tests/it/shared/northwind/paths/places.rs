//! Questions about places: sets of what several tables hold, and what kinds of customers there are.

use relata::count;
use relata::prelude::*;

use super::super::model::goods::Supplier;
use super::super::model::people::Employee;
use super::super::model::sales::{Customer, Demographic, Order};
use super::super::shop;
use crate::support::selected::{same, same_combined, same_json};

/// In which cities do we have anybody: customers, suppliers or employees? Three selections of three entities as one.
#[tokio::test]
async fn question_cities_where_we_know_somebody() {
    let Some(db) = shop() else { return };
    let customers = Customer::query().filter(Customer.city.is_not_null()).select((Customer.city, Customer.country));
    let suppliers = Supplier::query().select((Supplier.city, Supplier.country));
    let employees = Employee::query().select((Employee.city, Employee.country));
    let cities = customers.clone().union(suppliers.clone()).union(employees.clone());
    let cities = cities.order_by_position(2).order_by_position(1);
    let sql = "SELECT city, country FROM (SELECT city, country FROM customers WHERE city IS NOT NULL
        UNION SELECT city, country FROM suppliers UNION SELECT city, country FROM employees) AS cities ORDER BY country, city";
    let rows: Vec<(Option<String>, Option<String>)> = same_combined(&db, &cities, sql, &[]).await;
    assert_eq!(rows.len(), 95);

    // Where there is a customer and a supplier, and where there is an employee and no supplier.
    let both = customers.intersect(suppliers.clone()).order_by_position(1);
    let sql = "SELECT DISTINCT c.city, c.country FROM customers c JOIN suppliers s USING (city, country) ORDER BY 1";
    assert_eq!(same_combined(&db, &both, sql, &[]).await.len(), 5);
    let alone = employees.except(suppliers).order_by_position_desc(1).limit(3);
    let sql = "SELECT DISTINCT city, country FROM employees e WHERE NOT EXISTS (SELECT FROM suppliers s
        WHERE s.city = e.city) ORDER BY city DESC LIMIT 3";
    assert_eq!(same_combined(&db, &alone, sql, &[]).await.len(), 3);
}

/// In which countries do we sell that we do not buy from, and how much? Groups of what is in no row of another query.
#[tokio::test]
async fn question_countries_we_only_sell_to() {
    let Some(db) = shop() else { return };
    let suppliers = Supplier::query().filter(Supplier.country.is_not_null()).select(Supplier.country);
    let countries = Customer::query()
        .filter(Customer.country.is_not_in_rows(suppliers))
        .group_by(Customer.country)
        .select((
            Customer.country,
            count(),
            Customer.city.string_agg(", ").order_by(Customer.city.asc()).order_by(Customer.customer_id.asc()),
            Customer.fax.count(),
            Customer.orders.count().sum::<i64>(),
        ))
        .order_by(Customer.country.asc());
    let sql = "SELECT country, count(*), string_agg(city, ', ' ORDER BY city, customer_id), count(fax),
            (sum((SELECT count(*) FROM orders o WHERE o.customer_id = c.customer_id)))::int8
        FROM customers c WHERE NOT EXISTS (SELECT FROM suppliers s WHERE s.country = c.country)
        GROUP BY country ORDER BY country";
    assert_eq!(same(&db, &countries, sql, &[]).await.len(), 9);
}

/// Where were things shipped that is not the customer's own address? Each place once.
#[tokio::test]
async fn question_places_beside_the_customers_own() {
    let Some(db) = shop() else { return };
    let elsewhere = Order::query()
        .filter(Order.ship_address.is_distinct_from(Order.customer.address))
        .select((
            Order.customer_id,
            Order.ship_address.concat(", ").concat(Order.ship_city),
            Order.customer.region.or("-"),
        ))
        .distinct()
        .order_by(Order.customer_id.asc())
        .order_by(Order.ship_address.concat(", ").concat(Order.ship_city).asc());
    let sql = "SELECT customer_id, o.ship_address || ', ' || o.ship_city, coalesce(c.region, '-')
        FROM orders o LEFT JOIN customers c USING (customer_id)
        WHERE coalesce(o.ship_address, '') <> coalesce(c.address, '') GROUP BY 1, 2, 3 ORDER BY 1, 2";
    let rows: Vec<(Option<String>, Option<String>, String)> = same(&db, &elsewhere, sql, &[]).await;
    assert_eq!(rows.len(), 5);
}

/// Of which kinds are the customers of a country, and which kind is nobody of? Across an association without an entity.
#[tokio::test]
async fn question_kinds_of_customers() {
    let Some(db) = shop() else { return };
    let kinds = Customer.demographics.each();
    let of_country = |country: &str| {
        Customer::query()
            .filter(Customer.country.eq(country) & Customer.demographics.count().ge(2))
            .order_by(Customer.customer_id.asc())
            .order_by(kinds.customer_type_id.desc())
            .select((Customer, kinds, Customer.demographics.customers.count()))
    };
    let sql = "SELECT jsonb_build_array(to_jsonb(c), to_jsonb(k), (SELECT count(*) FROM customer_customer_demo a
            JOIN customer_customer_demo b USING (customer_type_id) WHERE a.customer_id = c.customer_id))
        FROM customers c JOIN customer_customer_demo USING (customer_id) JOIN customer_demographics k
        USING (customer_type_id)
        WHERE country = $1 AND (SELECT count(*) FROM customer_customer_demo a WHERE a.customer_id = c.customer_id) >= 2
        ORDER BY c.customer_id, k.customer_type_id DESC";
    for (country, rows) in [("Germany", 23), ("France", 0)] {
        let pairs: Vec<(Customer, Demographic, i64)> = same_json(&db, &of_country(country), sql, &[&country]).await;
        assert_eq!(pairs.len(), rows, "{country}");
    }

    let kinds = Demographic::query().order_by(Demographic.customer_type_id.asc()).select((
        Demographic.customer_type_id,
        Demographic.customer_desc.or("(none)"),
        Demographic.customers.count(),
        Demographic.customers.orders.count(),
        Demographic.customers.none(Customer.country.eq("Germany")),
    ));
    let sql =
        "SELECT customer_type_id, coalesce(customer_desc, '(none)'), count(DISTINCT customer_id), count(order_id),
            count(*) FILTER (WHERE c.country = 'Germany') = 0
        FROM customer_demographics LEFT JOIN customer_customer_demo USING (customer_type_id)
        LEFT JOIN customers c USING (customer_id) LEFT JOIN orders USING (customer_id) GROUP BY 1, 2 ORDER BY 1";
    let rows = same(&db, &kinds, sql, &[]).await;
    assert_eq!((rows.len(), rows[1].2, rows[1].4), (4, 0, Some(true)));
}
