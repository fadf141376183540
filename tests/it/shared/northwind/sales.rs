//! Questions about customers and their orders.

use relata::Query;
use relata::prelude::*;

use super::model::sales::{Customer, Demographic, Order, OrderDetail};
use super::values::Day;
use super::{answer, gives, list, same, shop, statements, with};
use crate::support::twins::{Joined, Strategy, Under, mixtures};

type Latest = loaded!(Customer { orders { order_details { product } } });

/// What are the latest orders of each customer, so many of them, with their lines and what is on these?
fn latest_orders(orders: u64, window: bool, [latest, lines, product]: [Strategy; 3]) -> Query<Latest> {
    let lines = Order.order_details.order_by(OrderDetail.product_id.asc()).under(lines);
    let latest = Customer.orders.order_by(Order.order_date.desc()).limit(orders).under(latest);
    let latest = if window { latest.window() } else { latest };
    Customer::query()
        .order_by(Customer.customer_id.asc())
        .with(latest.with(lines.with(OrderDetail.product.under(product))))
}

#[tokio::test]
async fn northwind_question_the_three_latest_orders_of_each_customer() {
    let Some(db) = shop() else { return };
    let lines = "order_details d JOIN products p USING (product_id) WHERE d.order_id = o.order_id";
    let lines = list(&with("to_jsonb(d)", "product", "to_jsonb(p)"), lines, "d.product_id");
    // Orders of one day are not told apart by the order that is asked for: the key does it.
    let latest = "(SELECT * FROM orders WHERE customer_id = c.customer_id ORDER BY order_date DESC, order_id LIMIT 3)";
    let orders = with("to_jsonb(o)", "order_details", &lines);
    let orders = list(&orders, &format!("{latest} AS o"), "o.order_date DESC, o.order_id");
    let sql = format!(
        "SELECT {} FROM customers c ORDER BY c.customer_id LIMIT $1 OFFSET $2",
        with("to_jsonb(c)", "orders", &orders)
    );
    let all = answer(&db, &sql, &[&None::<i64>, &0_i64]).await;
    assert_eq!(all.len(), 91);
    for mixture in mixtures() {
        same(&db, &latest_orders(3, false, mixture), &all, statements(&mixture)).await;
        same(&db, &latest_orders(3, true, mixture), &all, statements(&mixture)).await;
    }
    // A page of customers, the two that never ordered among them.
    let page = answer(&db, &sql, &[&40_i64, &18_i64]).await;
    let few = page.iter().filter(|customer| customer["orders"].as_array().unwrap().is_empty());
    assert_eq!((page.len(), few.count()), (40, 2));
    for mixture in mixtures() {
        same(&db, &latest_orders(3, false, mixture).limit(40).offset(18), &page, statements(&mixture)).await;
    }
}

type Late = loaded!(Order { customer, employee, shipper });

/// Which orders of these days were shipped later than was asked for: to whom, by whom, and who carried them?
fn late_orders(from: Day, to: Day) -> Query<Order> {
    Order::query()
        .filter(Order.shipped_date.gt(Order.required_date) & Order.order_date.between(from, to))
        .order_by(Order.shipped_date.desc())
        .order_by(Order.order_id.asc())
}

#[tokio::test]
async fn northwind_question_orders_shipped_late() {
    let Some(db) = shop() else { return };
    let order = with("to_jsonb(o)", "customer", "to_jsonb(c)");
    let order = with(&with(&order, "employee", "to_jsonb(e)"), "shipper", "to_jsonb(s)");
    let sql = format!(
        "SELECT {order} FROM orders o LEFT JOIN customers c USING (customer_id) LEFT JOIN employees e USING (employee_id)
        LEFT JOIN shippers s ON s.shipper_id = o.ship_via
        WHERE o.shipped_date > o.required_date AND o.order_date BETWEEN $1 AND $2
        ORDER BY o.shipped_date DESC, o.order_id"
    );
    let always = (Day::new(1996, 7, 4), Day::new(1998, 5, 6));
    for (days, late) in [
        (always, 37),
        ((Day::new(1997, 1, 1), Day::new(1997, 12, 31)), 22),
        ((Day::new(1998, 5, 6), Day::new(1996, 7, 4)), 0),
    ] {
        let expected = answer(&db, &sql, &[&days.0, &days.1]).await;
        assert_eq!(expected.len(), late);
        let orders = late_orders(days.0, days.1);
        for mixture in mixtures::<3>() {
            let told: Query<Late> = orders
                .clone()
                .with(Order.customer.under(mixture[0]))
                .with(Order.employee.under(mixture[1]))
                .with(Order.shipper.under(mixture[2]));
            // For no orders nothing is asked.
            let statements = if late == 0 { 1 } else { statements(&mixture) };
            assert_eq!(gives(&db, &told, &expected).await, statements, "{}", told.plan());
        }
        // Left to the plan, all three are joined.
        same(&db, &orders.with(Order.customer).with(Order.employee).with(Order.shipper), &expected, 1).await;
    }
}

type Silent = loaded!(Customer { orders, demographics });

/// Which customers have never ordered, and what kinds of customers are they?
fn silent_customers([orders, demographics]: [Strategy; 2]) -> Query<Silent> {
    Customer::query()
        .filter(Customer.orders.none(Predicate::always()))
        .order_by(Customer.company_name.desc())
        .with(Customer.orders.under(orders))
        .with(Customer.demographics.order_by(Demographic.customer_type_id.asc()).under(demographics))
}

#[tokio::test]
async fn northwind_question_customers_without_orders() {
    let Some(db) = shop() else { return };
    let kinds = "customer_demographics k JOIN customer_customer_demo USING (customer_type_id)
        WHERE customer_id = c.customer_id";
    let customer = with("to_jsonb(c)", "orders", "'[]'::jsonb");
    let sql = format!(
        "SELECT {} FROM customers c WHERE customer_id NOT IN (SELECT customer_id FROM orders)
        ORDER BY company_name DESC",
        with(&customer, "demographics", &list("to_jsonb(k)", kinds, "k.customer_type_id"))
    );
    let expected = answer(&db, &sql, &[]).await;
    assert_eq!(expected.len(), 2);
    assert_eq!(expected[0]["demographics"][0]["customer_type_id"], "old");
    for mixture in mixtures() {
        // Two collections are never joined side by side.
        let statements = if mixture == [Joined; 2] { 2 } else { statements(&mixture) };
        same(&db, &silent_customers(mixture), &expected, statements).await;
    }
}

type Bulk = loaded!(Customer { orders { order_details { product } } });

/// Who has ordered so much of one product at once, in which orders, and what was it? The condition is written once.
fn bulk_buyers(quantity: i16, [orders, lines, product]: [Strategy; 3]) -> Query<Bulk> {
    let lines = Order
        .order_details
        .filter(OrderDetail.quantity.ge(quantity))
        .order_by(OrderDetail.product_id.asc())
        .with(OrderDetail.product.under(product))
        .under(lines);
    let orders = Customer.orders.with_matching(lines).order_by(Order.order_id.asc()).under(orders);
    Customer::query().with_matching(orders).order_by(Customer.customer_id.asc())
}

#[tokio::test]
async fn northwind_question_who_buys_in_bulk() {
    let Some(db) = shop() else { return };
    let line = with("to_jsonb(d)", "product", "to_jsonb(p)");
    let bulk = "order_details d JOIN products p USING (product_id) WHERE d.order_id = o.order_id AND d.quantity >= $1";
    let order = with("to_jsonb(o)", "order_details", &list(&line, bulk, "d.product_id"));
    let orders = format!("orders o WHERE o.customer_id = c.customer_id AND EXISTS (SELECT FROM {bulk})");
    let sql = format!(
        "SELECT {} FROM customers c WHERE EXISTS (SELECT FROM {orders}) ORDER BY customer_id",
        with("to_jsonb(c)", "orders", &list(&order, &orders, "o.order_id"))
    );
    for (quantity, buyers) in [(60, 25), (100, 3), (130, 1)] {
        let expected = answer(&db, &sql, &[&quantity]).await;
        assert_eq!(expected.len(), buyers, "{quantity}");
        for mixture in mixtures() {
            same(&db, &bulk_buyers(quantity, mixture), &expected, statements(&mixture)).await;
        }
    }
}

type Dear = loaded!(Order { customer, shipper });

/// Which orders of customers in this country were so dear to send, and who carried them?
fn dear_freight(country: &str, freight: f32, [customer, shipper]: [Strategy; 2]) -> Query<Dear> {
    Order::query()
        .filter(Order.freight.ge(freight))
        .with_matching(Order.customer.filter(Customer.country.eq(country)).under(customer))
        .with(Order.shipper.under(shipper))
        .order_by(Order.freight.desc())
        .order_by(Order.order_id.asc())
}

#[tokio::test]
async fn northwind_question_dear_freight_to_a_country() {
    let Some(db) = shop() else { return };
    let sql = format!(
        "SELECT {} FROM orders o JOIN customers c USING (customer_id) LEFT JOIN shippers s ON shipper_id = ship_via
        WHERE o.freight >= $1 AND c.country = $2 ORDER BY o.freight DESC, o.order_id",
        with(&with("to_jsonb(o)", "customer", "to_jsonb(c)"), "shipper", "to_jsonb(s)")
    );
    for (country, freight, orders) in [("Germany", 200_f32, 15), ("USA", 0.02, 122), ("Ireland", 603.54, 1)] {
        let expected = answer(&db, &sql, &[&freight, &country]).await;
        assert_eq!(expected.len(), orders, "{country}");
        for mixture in mixtures() {
            same(&db, &dear_freight(country, freight, mixture), &expected, statements(&mixture)).await;
        }
    }
}
