//! Questions about products, what they earn, and what is left of them.

use relata::prelude::*;
use relata::{Window, case, count, ntile};

use super::super::super::chinook::cents::Cents;
use super::super::model::goods::{Category, Product, Supplier};
use super::super::model::sales::OrderDetail;
use super::super::shop;
use super::numbers::{AMOUNT, amount};
use crate::support::selected::{same, same_json};

/// What is in each category: names in order, prices, and whether all of it is still made?
#[tokio::test]
async fn question_categories_and_their_products() {
    let Some(db) = shop() else { return };
    let products = Category.products.each();
    let categories = Category::query()
        .group_by(Category.category_id)
        .select((
            Category.category_name,
            products
                .product_name
                .string_agg("; ")
                .order_by(products.unit_price.desc())
                .order_by(products.product_id.asc()),
            products
                .unit_price
                .array_agg()
                .order_by(products.unit_price.asc())
                .filter(products.unit_price.gt(20.0_f32)),
            products.discontinued.eq(0).bool_and(),
            products.supplier.country.count_distinct(),
            products.unit_price.min(),
            products.unit_price.cast::<f64>().sum() / count(),
        ))
        .order_by(count().desc())
        .order_by(Category.category_name.asc());
    let sql = "SELECT category_name, string_agg(product_name, '; ' ORDER BY p.unit_price DESC, product_id),
            array_agg(p.unit_price ORDER BY p.unit_price) FILTER (WHERE p.unit_price > 20),
            count(*) FILTER (WHERE discontinued <> 0) = 0,
            count(DISTINCT s.country), min(p.unit_price), avg(p.unit_price)
        FROM products p JOIN categories USING (category_id) LEFT JOIN suppliers s USING (supplier_id)
        GROUP BY category_id, category_name ORDER BY count(*) DESC, category_name";
    type Row = (String, Option<String>, Option<Vec<Option<f32>>>, Option<bool>, i64, Option<f32>, Option<f64>);
    let rows: Vec<Row> = same(&db, &categories, sql, &[]).await;
    assert_eq!(rows.len(), 8);
}

/// What has to be ordered, how much of it, and how urgently? Stock that is not known is none.
#[tokio::test]
async fn question_what_to_order() {
    let Some(db) = shop() else { return };
    let available = Product.units_in_stock.or(0) + Product.units_on_order.or(0);
    let urgent = |margin: i16| {
        Product::query()
            .filter(Product.discontinued.eq(0) & available.clone().lt(Product.reorder_level.or(0) + margin))
            .order_by((Product.reorder_level - available.clone()).desc())
            .order_by(Product.product_id.asc())
            .select((
                Product.product_name,
                Product.supplier.company_name,
                available.clone(),
                (Product.reorder_level - available.clone()).cast::<i32>() * 2,
                case(Product.units_in_stock.eq(0), "now").when(available.clone().le(10), "soon").otherwise("later"),
                Product.units_in_stock.null_if(0),
            ))
    };
    let sql = "SELECT product_name, company_name, (units_in_stock + units_on_order)::int2,
            (reorder_level - units_in_stock - units_on_order) * 2,
            CASE WHEN units_in_stock = 0 THEN 'now' WHEN units_in_stock + units_on_order <= 10 THEN 'soon' ELSE 'later' END,
            CASE WHEN units_in_stock <> 0 THEN units_in_stock END
        FROM products LEFT JOIN suppliers USING (supplier_id)
        WHERE discontinued = 0 AND units_in_stock + units_on_order < reorder_level + $1
        ORDER BY reorder_level - units_in_stock - units_on_order DESC, product_id";
    for (margin, products) in [(0_i16, 2), (30, 29), (-100, 0)] {
        assert_eq!(same(&db, &urgent(margin), sql, &[&margin]).await.len(), products, "{margin}");
    }
    assert_eq!(urgent(0).to_sql().text(), urgent(30).to_sql().text());
}

/// What did each category earn in each year? A column for a year is an aggregate with a filter.
#[tokio::test]
async fn question_revenue_of_categories_by_year() {
    let Some(db) = shop() else { return };
    let in_year = |year: i32| amount().sum().filter(OrderDetail.order.order_date.year().eq(year)).or(Cents(0));
    let name = OrderDetail.product.category.category_name;
    let years = OrderDetail::query()
        .group_by(name)
        .having(amount().sum().gt(Cents(10_000_000)))
        .select((name, in_year(1996), in_year(1997), in_year(1998), in_year(1997) - in_year(1996), amount().sum()))
        .order_by(amount().sum().desc());
    let sql = format!(
        "WITH sales AS (SELECT category_name, extract(year FROM order_date) AS year, sum({AMOUNT}) AS revenue
            FROM order_details d JOIN orders USING (order_id) JOIN products USING (product_id)
            JOIN categories USING (category_id) GROUP BY 1, 2)
        SELECT category_name, a.revenue, b.revenue, c.revenue, b.revenue - a.revenue, a.revenue + b.revenue + c.revenue
        FROM sales a JOIN sales b USING (category_name) JOIN sales c USING (category_name)
        WHERE a.year = 1996 AND b.year = 1997 AND c.year = 1998 AND a.revenue + b.revenue + c.revenue > 100000
        ORDER BY 6 DESC"
    );
    assert_eq!(same(&db, &years, &sql, &[]).await.len(), 6);
}

/// Which products cost more than so many times the average of their category? Up a path and down another, back to
/// products.
#[tokio::test]
async fn question_products_dearer_than_their_kind() {
    let Some(db) = shop() else { return };
    let average = Product.category.products.avg::<_, f64>(Product.unit_price);
    let dear = |times: f64| {
        Product::query()
            .filter(Product.unit_price.gt(average.clone() * times))
            .order_by(Product.unit_price.desc())
            .order_by(Product.product_id.asc())
            .select((Product, Product.category.category_name, average.clone().cast::<i32>()))
    };
    let sql = "SELECT jsonb_build_array(to_jsonb(p), category_name, average::int4) FROM products p
        JOIN categories USING (category_id)
        JOIN (SELECT category_id, avg(unit_price) AS average FROM products GROUP BY 1) AS a USING (category_id)
        WHERE p.unit_price > average * $1::float8 ORDER BY p.unit_price DESC, product_id";
    for (times, products) in [(1.0, 27), (3.0, 3), (10.0, 0)] {
        let rows: Vec<(Product, Option<String>, Option<i32>)> = same_json(&db, &dear(times), sql, &[&times]).await;
        assert_eq!(rows.len(), products, "{times}");
    }
}

/// Into which quarter do products fall by what they earn, in all and in their category? Those without a line earn nothing.
#[tokio::test]
async fn question_quarters_of_products_by_revenue() {
    let Some(db) = shop() else { return };
    let revenue = Product.order_details.sum(amount()).or(Cents(0));
    let by_revenue = Window::new().order_by(revenue.clone().desc()).order_by(Product.product_id.asc());
    let quarters =
        Product::query()
            .filter(Product.category_id.is_in_rows(
                Category::query().filter(Category.category_name.starts_with("C")).select(Category.category_id),
            ))
            .order_by(Product.product_id.asc())
            .select((
                Product.product_name,
                revenue.clone(),
                ntile(4).over(by_revenue.clone()),
                ntile(4).over(by_revenue.clone().partition_by(Product.category_id)),
                revenue.sum().over(by_revenue),
            ));
    let sql = format!(
        "WITH sales AS (SELECT p.*, coalesce(sum({AMOUNT}), 0) AS revenue FROM products p
            JOIN categories USING (category_id) LEFT JOIN order_details d USING (product_id)
            WHERE left(category_name, 1) = 'C' GROUP BY p.product_id)
        SELECT product_name, revenue, ntile(4) OVER (ORDER BY revenue DESC, product_id),
            ntile(4) OVER (PARTITION BY category_id ORDER BY revenue DESC, product_id),
            (SELECT sum(o.revenue) FROM sales o WHERE (o.revenue, -o.product_id) >= (s.revenue, -s.product_id))
        FROM sales s ORDER BY product_id"
    );
    assert_eq!(same(&db, &quarters, &sql, &[]).await.len(), 25);
}

/// Which suppliers have stopped making something, and what? A relation's own condition is part of its join.
#[tokio::test]
async fn question_suppliers_and_what_they_stopped_making() {
    let Some(db) = shop() else { return };
    let gone = Supplier.discontinued_products;
    let suppliers = Supplier::query().filter(gone.exists()).order_by(Supplier.supplier_id.asc()).select((
        Supplier.company_name,
        gone.count(),
        Supplier.products.count() - gone.count(),
        gone.max(Product.unit_price),
        gone.order_details.count_distinct(OrderDetail.order_id),
        gone.every(Product.units_in_stock.gt(0)),
    ));
    let sql = "SELECT company_name, count(DISTINCT p.product_id) FILTER (WHERE discontinued = 1),
            count(DISTINCT p.product_id) FILTER (WHERE discontinued <> 1), max(p.unit_price) FILTER (WHERE discontinued = 1),
            count(DISTINCT d.order_id) FILTER (WHERE discontinued = 1),
            bool_and(units_in_stock > 0) FILTER (WHERE discontinued = 1)
        FROM suppliers JOIN products p USING (supplier_id) LEFT JOIN order_details d USING (product_id)
        GROUP BY supplier_id HAVING bool_or(discontinued = 1) ORDER BY supplier_id";
    assert_eq!(same(&db, &suppliers, sql, &[]).await.len(), 9);

    // One row for each of them, and one for a supplier that makes all it ever made.
    let each = gone.each_or_null();
    let rows = Supplier::query().order_by(Supplier.supplier_id.asc()).order_by(each.product_id.asc()).select((
        Supplier.supplier_id,
        each.product_name,
        each.category.category_name,
    ));
    let sql = "SELECT supplier_id, product_name, category_name FROM suppliers
        LEFT JOIN (SELECT * FROM products WHERE discontinued = 1) AS p USING (supplier_id)
        LEFT JOIN categories USING (category_id) ORDER BY supplier_id, product_id";
    let rows: Vec<(i16, Option<String>, Option<String>)> = same(&db, &rows, sql, &[]).await;
    assert_eq!(rows.iter().filter(|row| row.1.is_none()).count(), 20);
}
