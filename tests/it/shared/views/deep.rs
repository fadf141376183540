//! Views over three levels and more: orders with their lines, the lines' products and what these are made of.

use relata::prelude::*;
use serde::Serialize;

use super::same;
use crate::support::World;

#[derive(Entity, Clone)]
#[entity(table = "customers")]
#[has_many(orders: Vec<Order>, by = customer_id)]
pub struct Customer {
    #[key]
    customer_id: String,
    company_name: String,
}

#[derive(Entity, Clone)]
#[entity(table = "orders")]
#[belongs_to(customer: Option<Customer>, by = customer_id)]
#[has_many(lines: Vec<Line>, by = order_id)]
pub struct Order {
    #[key]
    order_id: i16,
    customer_id: Option<String>,
    ship_city: Option<String>,
}

#[derive(Entity, Clone)]
#[entity(table = "order_details")]
#[belongs_to(order: Order, by = order_id)]
#[belongs_to(product: Product, by = product_id)]
pub struct Line {
    #[key]
    order_id: i16,
    #[key]
    product_id: i16,
    cents: i32,
    quantity: i16,
}

#[derive(Entity, Clone)]
#[entity(table = "products")]
#[belongs_to(category: Option<Category>, by = category_id)]
#[has_many(lines: Vec<Line>, by = product_id)]
pub struct Product {
    #[key]
    product_id: i16,
    product_name: String,
    category_id: Option<i16>,
}

#[derive(Entity, Clone)]
#[entity(table = "categories")]
pub struct Category {
    #[key]
    category_id: i16,
    category_name: String,
}

const SHOP: &str = "
CREATE TABLE customers (customer_id text PRIMARY KEY, company_name text NOT NULL);
CREATE TABLE orders (order_id int2 PRIMARY KEY, customer_id text REFERENCES customers, ship_city text);
CREATE TABLE categories (category_id int2 PRIMARY KEY, category_name text NOT NULL);
CREATE TABLE products (product_id int2 PRIMARY KEY, product_name text NOT NULL, category_id int2 REFERENCES categories);
CREATE TABLE order_details (order_id int2 REFERENCES orders, product_id int2 REFERENCES products, cents int NOT NULL,
    quantity int2 NOT NULL, PRIMARY KEY (order_id, product_id));
INSERT INTO customers VALUES ('A', 'Alfreds'), ('B', 'Bottom'), ('C', 'Alfreds');
INSERT INTO orders VALUES (1, 'A', 'Rome'), (2, 'B', 'Rome'), (3, 'A', NULL), (4, NULL, 'Oslo'), (5, 'B', 'Bern');
INSERT INTO categories VALUES (1, 'Food'), (2, 'Drink');
INSERT INTO products VALUES (1, 'Tea', 2), (2, 'Bread', 1), (3, 'Tea', NULL), (4, 'Salt', 1);
INSERT INTO order_details VALUES (1, 1, 250, 2), (1, 2, 100, 1), (2, 1, 250, 1), (2, 3, 90, 4), (2, 2, 100, 7),
    (3, 3, 80, 1), (4, 2, 100, 2);";

/// An order with its lines and their products, by these strategies.
macro_rules! receipts {
    ($($module:ident $lines:ident $product:ident $category:ident)*) => {
        $(mod $module {
            use super::*;

            #[derive(View, Debug, Serialize)]
            #[view(Order)]
            pub struct Receipt {
                #[view(path = customer.company_name)]
                pub customer: Option<String>,
                #[view(sum = lines.quantity)]
                pub pieces: Option<i64>,
                #[view($lines, order_by = (quantity.desc(), product_id))]
                pub lines: Vec<Position>,
            }

            #[derive(View, Debug, Serialize)]
            #[view(Line)]
            pub struct Position {
                #[view(expr = cents * quantity)]
                pub total: i32,
                #[view($product)]
                pub product: Good,
            }

            #[derive(View, Debug, Serialize)]
            #[view(Product)]
            pub struct Good {
                #[view(column = product_name)]
                pub name: String,
                #[view(max = lines.order.ship_city)]
                pub last_city: Option<String>,
                #[view($category)]
                pub category: Option<Kind>,
            }

            #[derive(View, Debug, Serialize)]
            #[view(Category)]
            pub struct Kind {
                #[view(column = category_name)]
                pub name: String,
            }
        })*
    };
}

receipts! {
    sss select_in select_in select_in
    ssj select_in select_in joined
    sjs select_in joined select_in
    sjj select_in joined joined
    jss joined select_in select_in
    jsj joined select_in joined
    jjs joined joined select_in
    jjj joined joined joined
}

#[tokio::test]
async fn orders_with_lines_and_products_are_a_view_of_several_levels() {
    let world = World::new(SHOP).await;
    let good = "(SELECT jsonb_build_object('name', product_name, 'last_city', (SELECT max(ship_city)
            FROM order_details JOIN orders USING (order_id) WHERE product_id = d.product_id),
            'category', (SELECT jsonb_build_object('name', category_name) FROM categories c
                WHERE c.category_id = p.category_id))
        FROM products p WHERE p.product_id = d.product_id)";
    let sql = format!(
        "SELECT jsonb_build_object('customer', company_name,
            'pieces', (SELECT sum(quantity) FROM order_details d WHERE d.order_id = o.order_id),
            'lines', (SELECT coalesce(jsonb_agg(jsonb_build_object('total', cents * quantity, 'product', {good})
                ORDER BY quantity DESC, product_id), '[]') FROM order_details d WHERE d.order_id = o.order_id))
        FROM orders o LEFT JOIN customers USING (customer_id) ORDER BY ship_city, order_id LIMIT 4"
    );
    macro_rules! check {
        ($($module:ident $statements:literal)*) => {
            $(
                let query = $module::Receipt::query().order_by(Order.ship_city.asc()).limit(4);
                same(&world, &query, &sql, $statements).await;
            )*
        };
    }
    check!(sss 4 ssj 3 sjs 3 sjj 2 jss 3 jsj 2 jjs 2 jjj 1);
}

/// Four levels, with limits on three of them.
#[derive(View, Debug, Serialize)]
#[view(Customer)]
struct Account {
    #[view(column = company_name)]
    name: String,
    #[view(order_by = order_id.desc(), limit = 2)]
    orders: Vec<Newest>,
}

#[derive(View, Debug, Serialize)]
#[view(Order)]
struct Newest {
    ship_city: Option<String>,
    #[view(order_by = cents.desc(), limit = 1)]
    lines: Vec<Dearest>,
}

#[derive(View, Debug, Serialize)]
#[view(Line)]
struct Dearest {
    quantity: i16,
    #[view(load)]
    product: Sold,
}

#[derive(View, Debug, Serialize)]
#[view(Product)]
struct Sold {
    #[view(column = product_name)]
    name: String,
    #[view(filter = quantity.gt(1_i16), order_by = (quantity.desc(), order_id), limit = 2)]
    lines: Vec<Sale>,
}

#[derive(View, Debug, Serialize)]
#[view(Line)]
struct Sale {
    quantity: i16,
}

#[tokio::test]
async fn limits_below_limits_are_for_each_parent() {
    let world = World::new(SHOP).await;
    let sales =
        "(SELECT coalesce(jsonb_agg(jsonb_build_object('quantity', quantity) ORDER BY quantity DESC, order_id), '[]')
        FROM (SELECT * FROM order_details s WHERE s.product_id = p.product_id AND quantity > 1
            ORDER BY quantity DESC, order_id LIMIT 2) AS s)";
    let dearest = format!(
        "(SELECT coalesce(jsonb_agg(jsonb_build_object('quantity', quantity, 'product',
            jsonb_build_object('name', product_name, 'lines', {sales}))), '[]')
        FROM (SELECT * FROM order_details d WHERE d.order_id = o.order_id ORDER BY cents DESC, product_id LIMIT 1) AS d
            JOIN products p USING (product_id))"
    );
    let sql = format!(
        "SELECT jsonb_build_object('name', company_name, 'orders',
            (SELECT coalesce(jsonb_agg(jsonb_build_object('ship_city', ship_city, 'lines', {dearest})
                ORDER BY order_id DESC), '[]')
            FROM (SELECT * FROM orders WHERE customer_id = c.customer_id ORDER BY order_id DESC LIMIT 2) AS o))
        FROM customers c ORDER BY customer_id"
    );
    same(&world, &Account::query().order_by(Customer.customer_id.asc()), &sql, 4).await;
}
