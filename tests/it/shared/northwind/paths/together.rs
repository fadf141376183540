//! Questions about what is bought with what, and by whom.

use relata::prelude::*;
use relata::{Select, Selectable, count, exists, outer};

use super::super::model::goods::Product;
use super::super::model::sales::{Customer, Order, OrderDetail};
use super::super::shop;
use crate::support::selected::same;

/// Which products were ordered, and never together with this one? From a product to its orders, and back to products.
fn never_with(product: &str) -> Select<Product, impl Selectable<Product, Out = (i16, String, i64)>> {
    Product::query()
        .filter(Product.orders.exists() & Product.orders.products.none(Product.product_name.eq(product)))
        .order_by(Product.orders.count().desc())
        .order_by(Product.product_id.asc())
        .select((Product.product_id, Product.product_name, Product.orders.count()))
}

#[tokio::test]
async fn question_products_never_ordered_together_with_another() {
    let Some(db) = shop() else { return };
    let sql = "SELECT product_id, product_name, count(*) FROM products JOIN order_details USING (product_id)
        WHERE product_id NOT IN (SELECT d.product_id FROM order_details d JOIN order_details o USING (order_id)
            JOIN products p ON p.product_id = o.product_id WHERE p.product_name = $1)
        GROUP BY product_id ORDER BY 3 DESC, product_id";
    for (product, others) in [("Chai", 31), ("Mishi Kobe Niku", 64), ("Unicum", 77)] {
        assert_eq!(same(&db, &never_with(product), sql, &[&product]).await.len(), others, "{product}");
    }
    assert_eq!(never_with("Chai").to_sql().text(), never_with("Tofu").to_sql().text());
}

/// With how many others was each product ordered together, and in how many orders was it alone? The condition at the end
/// of the path names the product that the path starts from.
#[tokio::test]
async fn question_companions_of_each_product() {
    let Some(db) = shop() else { return };
    let another = Product.product_id.ne(outer(Product.product_id));
    let companions = Product.orders.products.count_distinct(Product.product_id).filter(another);
    let alone = Product.orders.count().filter(Order.order_details.count().eq(1));
    let products = Product::query().order_by(companions.clone().desc()).order_by(Product.product_id.asc()).select((
        Product.product_name,
        companions,
        alone,
    ));
    let sql = "SELECT p.product_name, (SELECT count(DISTINCT o.product_id) FROM order_details d
            JOIN order_details o ON o.order_id = d.order_id AND o.product_id <> d.product_id
            WHERE d.product_id = p.product_id) AS companions, (SELECT count(*) FROM order_details d
            WHERE d.product_id = p.product_id AND NOT EXISTS (SELECT FROM order_details o
                WHERE o.order_id = d.order_id AND o.product_id <> d.product_id))
        FROM products p ORDER BY companions DESC, p.product_id";
    assert_eq!(same(&db, &products, sql, &[]).await.len(), 77);
}

/// Which two products are ordered together most often? The lines of an order are joined twice.
#[tokio::test]
async fn question_pairs_of_products_ordered_together() {
    let Some(db) = shop() else { return };
    let (one, other) = (Order.order_details.each(), Order.order_details.alias::<'b'>().each());
    let pairs = |times: i64| {
        Order::query()
            .filter(one.product_id.lt(other.product_id))
            .group_by((one.product_id, one.product.product_name, other.product_id, other.product.product_name))
            .having(count().ge(times))
            .select((
                one.product.product_name,
                other.product.product_name,
                count(),
                (one.quantity + other.quantity).max(),
                Order.customer_id.count_distinct(),
            ))
            .order_by(count().desc())
            .order_by(one.product_id.asc())
            .order_by(other.product_id.asc())
    };
    let sql =
        "SELECT p.product_name, q.product_name, count(*), max(a.quantity + b.quantity), count(DISTINCT o.customer_id)
        FROM order_details a JOIN order_details b ON b.order_id = a.order_id AND b.product_id > a.product_id
        JOIN orders o ON o.order_id = a.order_id JOIN products p ON p.product_id = a.product_id
        JOIN products q ON q.product_id = b.product_id
        GROUP BY p.product_id, q.product_id HAVING count(*) >= $1 ORDER BY 3 DESC, p.product_id, q.product_id";
    for (times, found) in [(5_i64, 18), (1, 1_535), (20, 0)] {
        let rows: Vec<(String, String, i64, Option<i16>, i64)> = same(&db, &pairs(times), sql, &[&times]).await;
        assert_eq!(rows.len(), found, "{times}");
    }
}

/// Who has ordered every product of this supplier? There is no product of theirs that no order of the customer has.
#[tokio::test]
async fn question_customers_who_ordered_all_of_a_supplier() {
    let Some(db) = shop() else { return };
    let all_of = |supplier: &str| {
        let missing = Product.supplier.company_name.eq(supplier)
            & Product.orders.none(Order.customer_id.eq(outer(Customer.customer_id)));
        Customer::query()
            .filter(!exists(Product::query().filter(missing)))
            .order_by(Customer.customer_id.asc())
            .select((Customer.customer_id, Customer.orders.products.count_distinct(Product.category_id)))
    };
    let sql =
        "SELECT c.customer_id, (SELECT count(DISTINCT category_id) FROM orders JOIN order_details USING (order_id)
            JOIN products USING (product_id) WHERE customer_id = c.customer_id)
        FROM customers c
        WHERE (SELECT count(DISTINCT product_id) FROM orders JOIN order_details USING (order_id)
            JOIN products USING (product_id) JOIN suppliers s USING (supplier_id)
            WHERE customer_id = c.customer_id AND s.company_name = $1)
            = (SELECT count(*) FROM products JOIN suppliers s USING (supplier_id) WHERE s.company_name = $1)
        ORDER BY c.customer_id";
    for (supplier, customers) in
        [("Ma Maison", 10), ("Pavlova, Ltd.", 1), ("Plutzer Lebensmittelgroßmärkte AG", 0), ("Nobody", 91)]
    {
        assert_eq!(same(&db, &all_of(supplier), sql, &[&supplier]).await.len(), customers, "{supplier}");
    }
}

/// Whose orders each had something of these categories, and never anything at a discount? Quantifiers within quantifiers,
/// and one over a path.
#[tokio::test]
async fn question_customers_of_steady_taste() {
    let Some(db) = shop() else { return };
    let steady = |categories: &[&str]| {
        let liked = OrderDetail.product.category.category_name.is_in(categories.iter().copied());
        Customer::query()
            .filter(
                Customer.orders.every(Order.order_details.any(liked))
                    & Customer.orders.order_details.none(OrderDetail.discount.gt(0.2_f32))
                    & Customer.orders.exists(),
            )
            .order_by(Customer.customer_id.desc())
            .select((Customer.customer_id, Customer.orders.count(), Customer.country.or("-").concat("!").lower()))
    };
    let sql = "SELECT customer_id, count(DISTINCT order_id), lower(coalesce(country, '-') || '!')
        FROM customers JOIN orders o USING (customer_id) JOIN order_details d USING (order_id)
        JOIN products USING (product_id) JOIN categories g USING (category_id)
        GROUP BY customer_id
        HAVING count(DISTINCT order_id) = count(DISTINCT order_id) FILTER (WHERE category_name = ANY($1))
            AND max(d.discount) <= 0.2::real
        ORDER BY customer_id DESC";
    for (categories, customers) in [
        (vec!["Beverages", "Dairy Products", "Confections"], 12),
        (vec!["Beverages", "Condiments", "Confections", "Dairy Products", "Seafood", "Meat/Poultry"], 40),
        (vec![], 0),
    ] {
        let rows = same(&db, &steady(&categories), sql, &[&categories]).await;
        assert_eq!(rows.len(), customers, "{categories:?}");
    }
    assert_eq!(steady(&["a"]).to_sql().text(), steady(&["a", "b", "c"]).to_sql().text());
}
