//! Questions about orders in time: how late, how often, how large.

use relata::prelude::*;
use relata::{Window, case, count, first_value, lag, last_value, lead, outer, rank, scalar};

use super::super::super::chinook::cents::Cents;
use super::super::model::goods::Product;
use super::super::model::sales::{Customer, Order, OrderDetail, Shipper};
use super::super::shop;
use super::super::values::Day;
use super::numbers::{AMOUNT, amount};
use crate::support::selected::{same, same_json};

/// How many orders does each shipper carry, how many come late, and how many days do they take? The difference of two
/// dates is a number.
#[tokio::test]
async fn question_shippers_and_their_delays() {
    let Some(db) = shop() else { return };
    let days = Order.shipped_date - Order.order_date;
    let shippers = Order::query()
        .filter(Order.shipped_date.is_not_null())
        .group_by((Order.shipper.company_name, Order.order_date.year()))
        .select((
            Order.shipper.company_name,
            Order.order_date.year(),
            count(),
            count().filter(Order.shipped_date.gt(Order.required_date)),
            days.clone().avg::<f64>(),
            days.max(),
            Order.freight.cast::<Cents>().sum(),
        ))
        .order_by(Order.shipper.company_name.asc())
        .order_by(Order.order_date.year().desc());
    let sql = "SELECT company_name, extract(year FROM order_date)::int, count(*),
            sum((shipped_date > required_date)::int), avg(shipped_date - order_date)::float8,
            max(shipped_date - order_date), sum(freight::numeric(12,2))
        FROM orders LEFT JOIN shippers ON shipper_id = ship_via WHERE shipped_date IS NOT NULL
        GROUP BY 1, 2 ORDER BY 1, 2 DESC";
    let rows: Vec<(Option<String>, Option<i32>, i64, i64, Option<f64>, Option<i32>, Option<Cents>)> =
        same(&db, &shippers, sql, &[]).await;
    assert_eq!((rows.len(), rows.iter().map(|row| row.3).sum::<i64>()), (9, 37));
}

/// How many days are between two orders of a customer, and which was the longest pause? Before the first there is none.
#[tokio::test]
async fn question_pauses_between_the_orders_of_a_customer() {
    let Some(db) = shop() else { return };
    let in_time =
        Window::new().partition_by(Order.customer_id).order_by(Order.order_date.asc()).order_by(Order.order_id.asc());
    let pauses = |country: &str| {
        Order::query()
            .filter(Order.customer.country.eq(country))
            .order_by(Order.customer_id.asc())
            .order_by(Order.order_date.asc())
            .order_by(Order.order_id.asc())
            .select((
                Order.customer.company_name,
                Order.order_id,
                Order.order_date - lag(Order.order_date).over(in_time.clone()),
                lead(Order.order_date).over(in_time.clone()),
                first_value(Order.order_id).over(in_time.clone()),
                last_value(Order.order_id).over(in_time.clone().rows_between(None, None)),
            ))
    };
    let sql = "SELECT company_name, order_id,
            order_date - (SELECT max(order_date) FROM orders p WHERE p.customer_id = o.customer_id
                AND (p.order_date, p.order_id) < (o.order_date, o.order_id)),
            (SELECT min(order_date) FROM orders p WHERE p.customer_id = o.customer_id
                AND (p.order_date, p.order_id) > (o.order_date, o.order_id)),
            (SELECT order_id FROM orders p WHERE p.customer_id = o.customer_id ORDER BY order_date, order_id LIMIT 1),
            (SELECT order_id FROM orders p WHERE p.customer_id = o.customer_id
                ORDER BY order_date DESC, order_id DESC LIMIT 1)
        FROM orders o JOIN customers c USING (customer_id) WHERE c.country = $1
        ORDER BY customer_id, o.order_date, o.order_id";
    for (country, orders) in [("Germany", 122), ("Norway", 6), ("Ireland", 19), ("Atlantis", 0)] {
        let rows: Vec<(Option<String>, i16, Option<i32>, Option<Day>, i16, i16)> =
            same(&db, &pauses(country), sql, &[&country]).await;
        assert_eq!(rows.len(), orders, "{country}");
    }
}

/// What are the largest orders of a year, and how large is each among those of its customer?
#[tokio::test]
async fn question_largest_orders_of_a_year() {
    let Some(db) = shop() else { return };
    let value = Order.order_details.sum(amount());
    let of_customer = Window::new().partition_by(Order.customer_id).order_by(value.clone().desc());
    let largest = |year: i32, above: Cents| {
        Order::query()
            .filter(Order.order_date.year().eq(year) & value.clone().gt(above))
            .order_by(value.clone().desc())
            .order_by(Order.order_id.asc())
            .select((
                Order.order_id,
                Order.customer.company_name,
                value.clone(),
                rank().over(of_customer.clone()),
                Order.order_details.max(OrderDetail.product.product_name),
                case(value.clone().ge(Cents(1_000_000)), "huge").when(value.clone().ge(Cents(500_000)), "large").end(),
            ))
    };
    let sql = format!(
        "WITH sums AS (SELECT o.*, (SELECT sum({AMOUNT}) FROM order_details d WHERE d.order_id = o.order_id) AS value
            FROM orders o), found AS (SELECT * FROM sums WHERE extract(year FROM order_date) = $1::int AND value > $2)
        SELECT order_id, company_name, value,
            1 + (SELECT count(*) FROM found o WHERE o.customer_id = f.customer_id AND o.value > f.value),
            (SELECT max(product_name) FROM products JOIN order_details d USING (product_id)
                WHERE d.order_id = f.order_id),
            CASE WHEN value >= 10000 THEN 'huge' WHEN value >= 5000 THEN 'large' END
        FROM found f LEFT JOIN customers USING (customer_id) ORDER BY value DESC, order_id"
    );
    for (year, above, orders) in [(1997, Cents(400_000), 29), (1996, Cents(0), 152), (1998, Cents(2_000_000), 0)] {
        let rows = same(&db, &largest(year, above), &sql, &[&year, &above]).await;
        assert_eq!(rows.len(), orders, "{year}");
    }
    assert_eq!(largest(1996, Cents(0)).to_sql().text(), largest(1997, Cents(1)).to_sql().text());
}

/// What was the first order of each customer, if there was any, and who took it? Rows with whole entities beside a column.
#[tokio::test]
async fn question_first_order_of_each_customer() {
    let Some(db) = shop() else { return };
    let orders = Customer.orders.each_or_null();
    let first = Customer::query()
        .distinct_on(Customer.customer_id)
        .order_by(Customer.customer_id.asc())
        .order_by(orders.order_date.asc().nulls_first())
        .order_by(orders.order_id.asc())
        .select((Customer.customer_id, orders, orders.employee.last_name, orders.shipper));
    let sql = "SELECT jsonb_build_array(c.customer_id, to_jsonb(o), e.last_name, to_jsonb(s))
        FROM customers c LEFT JOIN LATERAL (SELECT * FROM orders o WHERE o.customer_id = c.customer_id
            ORDER BY order_date, order_id LIMIT 1) AS o ON true
        LEFT JOIN employees e USING (employee_id) LEFT JOIN shippers s ON s.shipper_id = o.ship_via
        ORDER BY c.customer_id";
    let rows: Vec<(String, Option<Order>, Option<String>, Option<Shipper>)> = same_json(&db, &first, sql, &[]).await;
    assert_eq!((rows.len(), rows.iter().filter(|row| row.1.is_none()).count()), (91, 2));
}

/// Who are the best customers of a country, as they are on file, and what was their best order? Sorted by what stands behind
/// the columns of a whole entity.
#[tokio::test]
async fn question_best_customers() {
    let Some(db) = shop() else { return };
    let best = |best: u64| {
        Customer::query()
            .order_by(Customer.orders.count().desc())
            .order_by(Customer.customer_id.asc())
            .limit(best)
            .select((Customer, Customer.orders.count(), Customer.orders.max(Order.order_details.sum(amount()))))
    };
    let sql = format!(
        "SELECT jsonb_build_array(to_jsonb(c), (SELECT count(*) FROM orders o WHERE o.customer_id = c.customer_id),
            (SELECT (100 * sum({AMOUNT}))::int8 FROM orders o JOIN order_details d USING (order_id)
                WHERE o.customer_id = c.customer_id GROUP BY order_id ORDER BY 1 DESC LIMIT 1))
        FROM customers c LEFT JOIN orders USING (customer_id)
        GROUP BY c.customer_id ORDER BY count(order_id) DESC, c.customer_id LIMIT $1"
    );
    for customers in [10_u64, 200] {
        let limit = i64::try_from(customers).unwrap();
        let rows: Vec<(Customer, i64, Option<Cents>)> = same_json(&db, &best(customers), &sql, &[&limit]).await;
        assert_eq!((rows.len() as u64, rows[0].1), (customers.min(91), 31));
    }
}

/// When did each customer order first and last, and what is it that they order? For a country, those who came early.
#[tokio::test]
async fn question_customers_since() {
    let Some(db) = shop() else { return };
    let since = |day: Day, countries: &[&str]| {
        Customer::query()
            .filter(
                Customer.country.is_in(countries.iter().copied())
                    & Customer.orders.min(Order.order_date).le(day)
                    & Customer.orders.order_details.sum(amount()).gt(Cents(100_000)),
            )
            .order_by(Customer.orders.max(Order.order_date).desc())
            .order_by(Customer.customer_id.asc())
            .select((
                Customer.customer_id,
                Customer.orders.min(Order.order_date),
                Customer.orders.max(Order.order_date),
                Customer.orders.max(Order.shipped_date - Order.order_date),
                Customer.orders.order_details.sum(OrderDetail.quantity),
                Customer.orders.order_details.avg::<_, f64>(OrderDetail.quantity),
                Customer.orders.order_details.product.count_distinct(Product.category_id),
            ))
    };
    let sql = format!(
        "SELECT customer_id, min(order_date), max(order_date), max(shipped_date - order_date), sum(quantity),
            avg(quantity)::float8, count(DISTINCT category_id)
        FROM customers JOIN orders o USING (customer_id) JOIN order_details d USING (order_id)
        JOIN products p USING (product_id)
        WHERE country = ANY($2) GROUP BY customer_id HAVING min(order_date) <= $1 AND sum({AMOUNT}) > 1000
        ORDER BY max(order_date) DESC, customer_id"
    );
    for (day, countries, customers) in [
        (Day::new(1996, 12, 31), vec!["Germany", "France"], 15),
        (Day::new(1998, 5, 6), vec!["Norway"], 1),
        (Day::new(1996, 1, 1), vec!["Germany"], 0),
    ] {
        let rows = same(&db, &since(day, &countries), &sql, &[&day, &countries]).await;
        assert_eq!(rows.len(), customers, "{countries:?}");
    }
}

/// Which orders were dearer to send than so many times the average of their shipper? The average is a query within the
/// query, which names the order around it.
#[tokio::test]
async fn question_orders_dear_to_send() {
    let Some(db) = shop() else { return };
    let of_shipper = Order::query().filter(Order.ship_via.eq(outer(Order.ship_via)));
    let usual = scalar(of_shipper.select(Order.freight.avg::<f64>()));
    let heaviest = scalar(Order::query().select(Order.freight.max()));
    let dear = |times: f64| {
        Order::query()
            .filter(Order.freight.gt(usual.clone() * times))
            .order_by(Order.freight.desc())
            .order_by(Order.order_id.asc())
            .select((Order.order_id, Order.shipper.company_name, usual.clone(), Order.freight.eq(heaviest.clone())))
    };
    let sql = "SELECT order_id, company_name, average, rank() OVER (ORDER BY freight DESC) = 1
        FROM orders JOIN shippers ON shipper_id = ship_via
        JOIN (SELECT ship_via, avg(freight) AS average FROM orders GROUP BY 1) AS averages USING (ship_via)
        WHERE freight > average * $1::float8 ORDER BY freight DESC, order_id";
    for (times, orders) in [(5.0, 21), (12.0, 1), (20.0, 0)] {
        let rows: Vec<(i16, Option<String>, Option<f64>, Option<bool>)> = same(&db, &dear(times), sql, &[&times]).await;
        assert_eq!(rows.len(), orders, "{times}");
    }
}

/// Which orders are next to be packed? Two packers at once get different ones, and neither waits for the other.
#[tokio::test]
async fn question_next_orders_to_pack() {
    let Some(db) = shop() else { return };
    let next = Order::query()
        .filter(Order.shipped_date.is_null() & Order.customer.country.ne("USA"))
        .order_by(Order.required_date.asc())
        .order_by(Order.order_id.asc())
        .limit(4)
        .for_update()
        .skip_locked()
        .with(Order.customer);
    let sql = "SELECT order_id, company_name FROM orders JOIN customers c USING (customer_id)
        WHERE shipped_date IS NULL AND c.country <> 'USA' ORDER BY required_date, order_id LIMIT 8";
    let expected: Vec<(i16, String)> =
        db.get().await.unwrap().query(sql, &[]).await.unwrap().iter().map(|row| (row.get(0), row.get(1))).collect();
    let (mut one, mut other) = (db.get().await.unwrap(), db.get().await.unwrap());
    let (one, other) = (one.transaction().await.unwrap(), other.transaction().await.unwrap());
    let mut packed = next.all(&one).await.unwrap();
    packed.extend(next.all(&other).await.unwrap());
    let packed: Vec<(i16, String)> =
        packed.iter().map(|order| (order.order_id, order.customer().unwrap().company_name.clone())).collect();
    assert_eq!(packed, expected);
    assert_eq!(next.plan().statements(), 1);
}
