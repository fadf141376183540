//! Questions whose answer is a struct: the shape is the query.

use relata::prelude::*;
use serde::Serialize;

use super::super::super::chinook::cents::Cents;
use super::super::model::goods::{Product, Supplier};
use super::super::model::sales::{Order, OrderDetail};
use super::super::values::{Day, real};
use super::super::{answer, gives, list, same, shop};
use super::numbers::{AMOUNT, amount};

/// An order as it is printed: its lines, and on each what it is.
#[derive(View, Debug, PartialEq, Serialize)]
#[view(Order)]
struct Sheet {
    order_id: i16,
    #[view(column = order_date)]
    date: Option<Day>,
    #[view(path = customer.company_name)]
    customer: Option<String>,
    #[view(path = employee.manager.last_name)]
    manager: Option<String>,
    #[view(count = order_details)]
    positions: i64,
    #[view(max = order_details.quantity)]
    most: Option<i16>,
    #[view(expr = order_details.sum(amount()))]
    total: Option<Cents>,
    #[view(relation = order_details, order_by = (quantity.desc(), product_id))]
    lines: Vec<Line>,
}

#[derive(View, Debug, PartialEq, Serialize)]
#[view(OrderDetail)]
struct Line {
    quantity: i16,
    #[view(expr = amount())]
    amount: Cents,
    #[view(load)]
    product: Article,
}

#[derive(View, Debug, PartialEq, Serialize)]
#[view(Product)]
struct Article {
    product_name: String,
    #[view(path = category.category_name)]
    category: Option<String>,
    #[view(path = supplier)]
    from: Option<Supplier>,
}

/// What was ordered from this country: three levels, the products in the statement of the lines.
#[tokio::test]
async fn question_orders_with_their_lines_and_products() {
    let Some(db) = shop() else { return };
    let article =
        "jsonb_build_object('product_name', p.product_name, 'category', g.category_name, 'from', to_jsonb(s))";
    let line =
        format!("jsonb_build_object('quantity', d.quantity, 'amount', (100 * {AMOUNT})::int8, 'product', {article})");
    let lines = "order_details d JOIN products p USING (product_id) LEFT JOIN categories g USING (category_id)
        LEFT JOIN suppliers s USING (supplier_id) WHERE d.order_id = o.order_id";
    let sql = format!(
        "SELECT jsonb_build_object('order_id', o.order_id, 'date', o.order_date, 'customer', c.company_name,
            'manager', m.last_name, 'positions', (SELECT count(*) FROM order_details d WHERE d.order_id = o.order_id),
            'most', (SELECT max(quantity) FROM order_details d WHERE d.order_id = o.order_id),
            'total', (SELECT (100 * sum({AMOUNT}))::int8 FROM order_details d WHERE d.order_id = o.order_id),
            'lines', {})
        FROM orders o LEFT JOIN customers c USING (customer_id) LEFT JOIN employees e USING (employee_id)
        LEFT JOIN employees m ON m.employee_id = e.reports_to
        WHERE c.country = $1 ORDER BY o.order_date DESC, o.order_id LIMIT $2",
        list(&line, lines, "d.quantity DESC, d.product_id")
    );
    for (country, limit, orders) in [("Germany", 20_i64, 20), ("Norway", 1000, 6), ("USA", 500, 122)] {
        let expected = answer(&db, &sql, &[&country, &limit]).await;
        assert_eq!(expected.len(), orders, "{country}");
        let sheets = Sheet::query()
            .filter(Order.customer.country.eq(country))
            .order_by(Order.order_date.desc())
            .order_by(Order.order_id.asc())
            .limit(limit.unsigned_abs());
        same(&db, &sheets, &expected, 2).await;
        // A query for orders becomes one for sheets of them.
        let orders = Order::query().filter(Order.customer.country.eq(country)).limit(limit.unsigned_abs());
        let orders = orders.order_by(Order.order_date.desc()).order_by(Order.order_id.asc());
        same(&db, &orders.view::<Sheet>(), &expected, 2).await;
        // Only what the views name is selected.
        let statements = sheets.to_sql();
        assert!(statements.iter().all(|statement| !statement.text().contains("ship_address")), "{statements}");
    }
}

/// A product on the shelf, and the last of its orders.
#[derive(View, Debug, PartialEq, Serialize)]
#[view(Product)]
struct Shelf {
    product_name: String,
    #[view(column = unit_price)]
    #[serde(serialize_with = "real")]
    price: Option<f32>,
    #[view(expr = units_in_stock.or(0).gt(0))]
    in_stock: Option<bool>,
    #[view(count_distinct = order_details.order.customer_id)]
    customers: i64,
    #[view(count = order_details, filter = discount.gt(0.0_f32))]
    discounted: i64,
    #[view(order_by = order_date.desc(), limit = 2)]
    orders: Vec<Sent>,
}

#[derive(View, Debug, PartialEq, Serialize)]
#[view(Order)]
struct Sent {
    order_id: i16,
    #[view(path = customer.country)]
    to: Option<String>,
    #[view(path = shipper.company_name)]
    by: Option<String>,
}

/// What is on the shelf of this category, and where did it go last? Across a many-to-many, so many for each.
#[tokio::test]
async fn question_shelves_and_where_their_goods_went() {
    let Some(db) = shop() else { return };
    let sent = "jsonb_build_object('order_id', o.order_id, 'to', c.country, 'by', s.company_name)";
    let orders = "(SELECT o.* FROM orders o JOIN order_details d USING (order_id) WHERE d.product_id = p.product_id
            ORDER BY order_date DESC, order_id LIMIT 2) AS o LEFT JOIN customers c USING (customer_id)
        LEFT JOIN shippers s ON s.shipper_id = o.ship_via";
    let sql = format!(
        "SELECT jsonb_build_object('product_name', product_name, 'price', p.unit_price,
            'in_stock', coalesce(units_in_stock, 0) > 0,
            'customers', (SELECT count(DISTINCT customer_id) FROM orders JOIN order_details d USING (order_id)
                WHERE d.product_id = p.product_id),
            'discounted', (SELECT count(*) FROM order_details d WHERE d.product_id = p.product_id AND discount > 0),
            'orders', {})
        FROM products p JOIN categories USING (category_id) WHERE category_name = $1 ORDER BY product_id",
        list(sent, orders, "o.order_date DESC, o.order_id")
    );
    for (category, products) in [("Produce", 5), ("Beverages", 12), ("Furniture", 0)] {
        let expected = answer(&db, &sql, &[&category]).await;
        assert_eq!(expected.len(), products, "{category}");
        let shelves =
            Shelf::query().filter(Product.category.category_name.eq(category)).order_by(Product.product_id.asc());
        assert_eq!(gives(&db, &shelves, &expected).await, if products == 0 { 1 } else { 2 });
    }
}
