//! Questions whose conditions, orders and limits stand below each other, or follow paths out of an association.

use relata::Query;
use relata::prelude::*;

use super::model::goods::{Category, Product};
use super::model::sales::{Order, OrderDetail};
use super::{answer, list, same, shop, statements, with};
use crate::support::twins::{Strategy, Under, mixtures};

type Best = loaded!(Category { products { orders { employee } } });

/// Who sold most, at a rebate, of the dear products of each category? Limits below a limit, on a page of categories.
fn best(windows: [bool; 2], [products, orders, employee]: [Strategy; 3]) -> Query<Best> {
    let most = Product
        .orders
        .filter_through(OrderDetail.discount.gt(0.0))
        .order_by_through(OrderDetail.quantity.desc())
        .limit(3)
        .with(Order.employee.under(employee))
        .under(orders);
    let most = if windows[1] { most.window() } else { most };
    let dear = Category.products.order_by(Product.unit_price.desc()).limit(2).offset(1).with(most).under(products);
    Category::query().order_by(Category.category_name.desc()).limit(5).offset(2).with(if windows[0] {
        dear.window()
    } else {
        dear
    })
}

#[tokio::test]
async fn northwind_question_who_sold_most_of_the_dear_products_of_a_page_of_categories() {
    let Some(db) = shop() else { return };
    let most = "(SELECT o.*, d.quantity FROM orders o JOIN order_details d USING (order_id)
        WHERE d.product_id = p.product_id AND d.discount > 0 ORDER BY d.quantity DESC, o.order_id LIMIT 3) AS o
        LEFT JOIN employees e USING (employee_id)";
    let order = with("(to_jsonb(o) - 'quantity')", "employee", "to_jsonb(e)");
    let product = with("to_jsonb(p)", "orders", &list(&order, most, "o.quantity DESC, o.order_id"));
    let dear = "(SELECT * FROM products WHERE category_id = c.category_id
        ORDER BY unit_price DESC, product_id LIMIT 2 OFFSET 1) AS p";
    let sql = format!(
        "SELECT {} FROM categories c ORDER BY category_name DESC LIMIT 5 OFFSET 2",
        with("to_jsonb(c)", "products", &list(&product, dear, "p.unit_price DESC, p.product_id"))
    );
    let expected = answer(&db, &sql, &[]).await;
    assert_eq!(expected.len(), 5);
    for mixture in mixtures() {
        for windows in [[false, false], [false, true], [true, false], [true, true]] {
            same(&db, &best(windows, mixture), &expected, statements(&mixture)).await;
        }
    }
}

type Cheap = loaded!(Product { orders { customer } });

/// In which orders from this country was each product sold below its list price? So many of them, the heaviest first:
/// the association's row leads to its order and to its product.
fn below_list(country: &str, count: Option<u64>, window: bool, [orders, customer]: [Strategy; 2]) -> Query<Cheap> {
    let orders = Product
        .orders
        .filter_through(OrderDetail.unit_price.lt(OrderDetail.product.unit_price))
        .filter_through(OrderDetail.order.customer.country.eq(country))
        .order_by_through(OrderDetail.order.freight.desc())
        .order_by_through(OrderDetail.quantity.asc())
        .order_by(Order.order_id.asc())
        .with(Order.customer.under(customer))
        .under(orders);
    let orders = match count {
        Some(count) => orders.limit(count),
        None => orders,
    };
    let orders = if window { orders.window() } else { orders };
    Product::query().order_by(Product.product_id.asc()).with(orders)
}

#[tokio::test]
async fn northwind_question_orders_below_the_list_price() {
    let Some(db) = shop() else { return };
    let cheap = "(SELECT o.*, d.quantity FROM order_details d JOIN orders o USING (order_id)
        JOIN customers c USING (customer_id)
        WHERE d.product_id = p.product_id AND d.unit_price < p.unit_price AND c.country = $1
        ORDER BY o.freight DESC, d.quantity, o.order_id LIMIT $2) AS o LEFT JOIN customers c USING (customer_id)";
    let order = with("(to_jsonb(o) - 'quantity')", "customer", "to_jsonb(c)");
    let sql = format!(
        "SELECT {} FROM products p ORDER BY p.product_id",
        with("to_jsonb(p)", "orders", &list(&order, cheap, "o.freight DESC, o.quantity, o.order_id"))
    );
    for (country, count, orders) in [("Germany", None, 98), ("Germany", Some(1_u32), 56), ("Brazil", Some(2), 58)] {
        let expected = answer(&db, &sql, &[&country, &count.map(i64::from)]).await;
        let counts = expected.iter().map(|product| product["orders"].as_array().unwrap().len());
        assert_eq!((expected.len(), counts.sum::<usize>()), (77, orders), "{country}");
        for mixture in mixtures() {
            for window in [false, true] {
                let query = below_list(country, count.map(u64::from), window, mixture);
                same(&db, &query, &expected, statements(&mixture)).await;
            }
        }
    }
}

type Wanted = loaded!(Category { products { supplier, orders { employee } } });

/// Of each category, the dearest products that customers of this country ordered together with a discontinued one, and
/// these orders. What the orders have to meet keeps the products, and is counted before the limit.
fn wanted(country: &str, count: u64, [products, supplier, orders, employee]: [Strategy; 4]) -> Query<Wanted> {
    let orders = Product
        .orders
        .filter(Order.customer.country.eq(country) & Order.products.any(Product.discontinued.eq(1)))
        .order_by(Order.employee.last_name.asc())
        .order_by(Order.order_id.asc())
        .with(Order.employee.under(employee))
        .under(orders);
    let products = Category
        .products
        .with_matching(orders)
        .with(Product.supplier.under(supplier))
        .order_by(Product.unit_price.desc())
        .limit(count)
        .under(products);
    Category::query().order_by(Category.category_id.asc()).with(products)
}

#[tokio::test]
async fn northwind_question_what_goes_together_with_discontinued_products() {
    let Some(db) = shop() else { return };
    let orders = "order_details d JOIN orders o USING (order_id) JOIN customers k USING (customer_id)
        LEFT JOIN employees e USING (employee_id) WHERE d.product_id = p.product_id AND k.country = $1
        AND EXISTS (SELECT FROM order_details JOIN products g USING (product_id)
            WHERE order_id = o.order_id AND g.discontinued = 1)";
    let order = with("to_jsonb(o)", "employee", "to_jsonb(e)");
    let product = with("to_jsonb(p)", "supplier", "to_jsonb(s)");
    let product = with(&product, "orders", &list(&order, orders, "e.last_name, o.order_id"));
    let products = format!(
        "(SELECT * FROM products p WHERE p.category_id = c.category_id AND EXISTS (SELECT FROM {orders})
        ORDER BY unit_price DESC, product_id LIMIT $2) AS p LEFT JOIN suppliers s USING (supplier_id)"
    );
    let sql = format!(
        "SELECT {} FROM categories c ORDER BY category_id",
        with("to_jsonb(c)", "products", &list(&product, &products, "p.unit_price DESC, p.product_id"))
    );
    for (country, count, found) in [("France", 2_u32, 16), ("Mexico", 3, 17)] {
        let expected = answer(&db, &sql, &[&country, &i64::from(count)]).await;
        let counts = expected.iter().map(|category| category["products"].as_array().unwrap().len());
        assert_eq!((expected.len(), counts.sum::<usize>()), (8, found), "{country}");
        for mixture in mixtures() {
            same(&db, &wanted(country, count.into(), mixture), &expected, statements(&mixture)).await;
        }
    }
}
