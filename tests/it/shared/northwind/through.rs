//! Questions that go through an association: order lines, an entity; kinds of customers, a bare table.

use relata::Query;
use relata::prelude::*;

use super::model::goods::Product;
use super::model::sales::{Customer, CustomerDemo, Demographic, Order, OrderDetail};
use super::{answer, gives, list, same, shop, statements, with};
use crate::support::twins::{Joined, SelectIn, Strategy, Under, mixtures};

type Rebated = loaded!(Order { products { supplier } });

/// What was sold on this customer's orders at such a rebate, the largest quantities first?
fn rebated(customer: &str, rebate: f32, [products, supplier]: [Strategy; 2]) -> Query<Rebated> {
    let products = Order
        .products
        .filter_through(OrderDetail.discount.ge(rebate))
        .order_by_through(OrderDetail.quantity.desc())
        .order_by(Product.product_name.asc())
        .with(Product.supplier.under(supplier))
        .under(products);
    Order::query().filter(Order.customer_id.eq(customer)).order_by(Order.order_id.asc()).with(products)
}

#[tokio::test]
async fn northwind_question_products_of_orders_by_their_lines() {
    let Some(db) = shop() else { return };
    let products = "order_details d JOIN products p USING (product_id) LEFT JOIN suppliers s USING (supplier_id)
        WHERE d.order_id = o.order_id AND d.discount >= $2";
    let product = with("to_jsonb(p)", "supplier", "to_jsonb(s)");
    let sql = format!(
        "SELECT {} FROM orders o WHERE o.customer_id = $1 ORDER BY o.order_id",
        with("to_jsonb(o)", "products", &list(&product, products, "d.quantity DESC, p.product_name"))
    );
    for (customer, rebate, orders, rows) in [("SAVEA", 0.05, 31, 54), ("ERNSH", 0.0, 30, 102), ("ANATR", 0.2, 4, 0)] {
        let expected = answer(&db, &sql, &[&customer, &rebate]).await;
        let counts = expected.iter().map(|order| order["products"].as_array().unwrap().len());
        assert_eq!((expected.len(), counts.sum::<usize>()), (orders, rows), "{customer}");
        for mixture in mixtures() {
            // Where there are no products, nobody asks for their suppliers.
            let asked = if rows == 0 { &mixture[..1] } else { &mixture[..] };
            let query = rebated(customer, rebate, mixture);
            assert_eq!(gives(&db, &query, &expected).await, statements(asked), "{}", query.plan());
        }
    }
}

type Largest = loaded!(Product { orders { customer } });

/// In which orders was most sold of each product, so many of them, and whose are they?
fn largest_orders(count: u64, after: u64, window: bool, [orders, customer]: [Strategy; 2]) -> Query<Largest> {
    let orders = Product.orders.order_by_through(OrderDetail.quantity.desc()).limit(count).offset(after).under(orders);
    let orders = if window { orders.window() } else { orders };
    Product::query().order_by(Product.product_id.asc()).with(orders.with(Order.customer.under(customer)))
}

#[tokio::test]
async fn northwind_question_the_largest_orders_of_each_product() {
    let Some(db) = shop() else { return };
    let largest = "(SELECT o.*, d.quantity FROM orders o JOIN order_details d USING (order_id)
        WHERE d.product_id = p.product_id ORDER BY d.quantity DESC, o.order_id LIMIT $1 OFFSET $2) AS o
        LEFT JOIN customers c USING (customer_id)";
    let order = with("(to_jsonb(o) - 'quantity')", "customer", "to_jsonb(c)");
    let sql = format!(
        "SELECT {} FROM products p ORDER BY product_id",
        with("to_jsonb(p)", "orders", &list(&order, largest, "o.quantity DESC, o.order_id"))
    );
    for (count, after, orders) in [(2, 0, 154), (3, 10, 202)] {
        let (limit, offset) = (i64::try_from(count).unwrap(), i64::try_from(after).unwrap());
        let expected = answer(&db, &sql, &[&limit, &offset]).await;
        let counts = expected.iter().map(|product| product["orders"].as_array().unwrap().len());
        assert_eq!((expected.len(), counts.sum::<usize>()), (77, orders));
        for mixture in mixtures() {
            same(&db, &largest_orders(count, after, false, mixture), &expected, statements(&mixture)).await;
            same(&db, &largest_orders(count, after, true, mixture), &expected, statements(&mixture)).await;
        }
    }
}

type Bargains = loaded!(Order { products, customer });

/// Which orders to this country had a discontinued product at such a rebate, and which one?
fn bargains(country: &str, rebate: f32, [products, customer]: [Strategy; 2]) -> Query<Bargains> {
    let products = Order
        .products
        .filter(Product.discontinued.eq(1))
        .filter_through(OrderDetail.discount.ge(rebate))
        .order_by(Product.product_id.asc())
        .under(products);
    Order::query()
        .filter(Order.ship_country.eq(country))
        .with_matching(products)
        .with(Order.customer.under(customer))
        .order_by(Order.order_id.asc())
}

#[tokio::test]
async fn northwind_question_orders_with_a_bargain() {
    let Some(db) = shop() else { return };
    let bargain = "order_details d JOIN products p USING (product_id)
        WHERE d.order_id = o.order_id AND d.discount >= $2 AND p.discontinued = 1";
    let order = with("to_jsonb(o)", "products", &list("to_jsonb(p)", bargain, "p.product_id"));
    let sql = format!(
        "SELECT {} FROM orders o LEFT JOIN customers c USING (customer_id)
        WHERE o.ship_country = $1 AND EXISTS (SELECT FROM {bargain}) ORDER BY o.order_id",
        with(&order, "customer", "to_jsonb(c)")
    );
    for (country, rebate, orders) in [("Germany", 0.2, 9), ("USA", 0.05, 19), ("Brazil", 0.0, 23)] {
        let expected = answer(&db, &sql, &[&country, &rebate]).await;
        assert_eq!(expected.len(), orders, "{country}");
        for mixture in mixtures() {
            same(&db, &bargains(country, rebate, mixture), &expected, statements(&mixture)).await;
        }
    }
}

type Kinds = loaded!(Customer { demographics, customer_demos });
type Members = loaded!(Demographic { customers });

#[tokio::test]
async fn northwind_question_kinds_of_customers_and_their_members() {
    let Some(db) = shop() else { return };
    let kinds = "customer_demographics k JOIN customer_customer_demo USING (customer_type_id)
        WHERE customer_id = c.customer_id";
    let rows = "customer_customer_demo d WHERE d.customer_id = c.customer_id";
    let customer = with("to_jsonb(c)", "demographics", &list("to_jsonb(k)", kinds, "k.customer_type_id DESC"));
    let sql = format!(
        "SELECT {} FROM customers c ORDER BY c.customer_id",
        with(&customer, "customer_demos", &list("to_jsonb(d)", rows, "d.customer_type_id"))
    );
    let expected = answer(&db, &sql, &[]).await;
    assert_eq!(expected[0]["demographics"].as_array().unwrap().len(), 3);
    for mixture in mixtures() {
        let query: Query<Kinds> = Customer::query()
            .order_by(Customer.customer_id.asc())
            .with(Customer.demographics.order_by(Demographic.customer_type_id.desc()).under(mixture[0]))
            .with(Customer.customer_demos.order_by(CustomerDemo.customer_type_id.asc()).under(mixture[1]));
        // Two collections are never joined side by side.
        let statements = if mixture == [Joined; 2] { 2 } else { statements(&mixture) };
        same(&db, &query, &expected, statements).await;
    }

    // From the other side, the first members by name: of each kind, that of no member among them.
    let members = "(SELECT c.* FROM customers c JOIN customer_customer_demo d USING (customer_id)
        WHERE d.customer_type_id = k.customer_type_id AND c.country <> 'Mexico'
        ORDER BY c.company_name LIMIT $1) AS c";
    let sql = format!(
        "SELECT {} FROM customer_demographics k ORDER BY k.customer_type_id",
        with("to_jsonb(k)", "customers", &list("to_jsonb(c)", members, "c.company_name"))
    );
    let not_mexican = || Demographic.customers.filter(Customer.country.ne("Mexico"));
    let kinds = Demographic::query().order_by(Demographic.customer_type_id.asc());
    for (limit, members) in [(None, [1, 0, 12, 11]), (Some(4_i64), [1, 0, 4, 4])] {
        let expected = answer(&db, &sql, &[&limit]).await;
        let counts = expected.iter().map(|kind| kind["customers"].as_array().unwrap().len());
        assert_eq!(counts.collect::<Vec<_>>(), members);
        for strategy in [SelectIn, Joined] {
            let load = not_mexican().order_by(Customer.company_name.asc()).under(strategy);
            let load = match limit {
                Some(limit) => load.limit(u64::try_from(limit).unwrap()),
                None => load,
            };
            for load in [load.clone(), load.window()] {
                let query: Query<Members> = kinds.clone().with(load);
                same(&db, &query, &expected, statements(&[strategy])).await;
            }
        }
    }
}

#[tokio::test]
async fn northwind_question_which_kinds_of_customers_buy_a_product() {
    let Some(db) = shop() else { return };
    // Over the bare table and over the entity, in one path.
    let sql = "SELECT to_jsonb(k) FROM customer_demographics k WHERE EXISTS (SELECT FROM customer_customer_demo
        JOIN orders USING (customer_id) JOIN order_details USING (order_id) JOIN products p USING (product_id)
        WHERE customer_type_id = k.customer_type_id AND p.product_name = $1) ORDER BY customer_type_id";
    for (product, kinds) in [("Chai", 2), ("Vegie-spread", 3), ("Nothing", 0)] {
        let expected = answer(&db, sql, &[&product]).await;
        assert_eq!(expected.len(), kinds, "{product}");
        let query = Demographic::query()
            .filter(Demographic.customers.orders.products.any(Product.product_name.eq(product)))
            .order_by(Demographic.customer_type_id.asc());
        same(&db, &query, &expected, 1).await;
    }
}
