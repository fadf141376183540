//! Questions that put constructs into each other: groups within conditions, sets of limited rows, joins on rows from SQL.

use relata::prelude::*;
use relata::{Window, count, exists, outer, rank, row_number, scalar};

use super::super::super::chinook::cents::Cents;
use super::super::model::goods::{Category, Product, Supplier};
use super::super::model::people::Employee;
use super::super::model::sales::{Customer, Demographic, Order, OrderDetail, Shipper};
use super::super::values::Day;
use super::super::{answer, same as same_rows, shop, with};
use super::numbers::{AMOUNT, amount};
use crate::support::selected::{same, same_combined, same_json};

/// Who ordered more often than this, of those who were served by the busiest employee of the year? Groups are what a
/// condition looks into.
#[tokio::test]
async fn question_customers_who_order_often() {
    let Some(db) = shop() else { return };
    let often = |times: i64, year: i32| {
        let orders = Order::query().group_by(Order.customer_id).having(count().gt(times)).select(Order.customer_id);
        let busiest = Order::query()
            .filter(Order.order_date.year().eq(year))
            .group_by(Order.employee_id)
            .order_by(count().desc())
            .order_by(Order.employee_id.asc())
            .limit(1)
            .select(Order.employee_id);
        Customer::query()
            .filter(
                Customer.customer_id.is_in_rows(orders) & Customer.orders.any(Order.employee_id.eq(scalar(busiest))),
            )
            .order_by(Customer.customer_id.asc())
            .select((Customer.customer_id, Customer.orders.count()))
    };
    let sql = "SELECT customer_id, count(*) FROM orders GROUP BY customer_id
        HAVING count(*) > $1 AND bool_or(employee_id = (SELECT mode() WITHIN GROUP (ORDER BY employee_id) FROM orders
            WHERE extract(year FROM order_date) = $2::int))
        ORDER BY customer_id";
    for (times, year, customers) in [(10_i64, 1997, 28), (0, 1996, 75), (40, 1998, 0)] {
        let rows = same(&db, &often(times, year), sql, &[&times, &year]).await;
        assert_eq!(rows.len(), customers, "{times} {year}");
    }
    assert_eq!(often(1, 1996).to_sql().text(), often(2, 1997).to_sql().text());
}

/// What are the dearest and the cheapest products, and the best suppliers? Sets of selections that are sorted and limited,
/// each by itself and then together.
#[tokio::test]
async fn question_both_ends_of_the_price_list() {
    let Some(db) = shop() else { return };
    let ends = |each: u64| {
        let dear = Product::query().order_by(Product.unit_price.desc()).order_by(Product.product_id.asc());
        let cheap = Product::query().order_by(Product.unit_price.asc()).order_by(Product.product_id.asc());
        let best = Supplier::query().order_by(Supplier.products.count().desc()).order_by(Supplier.supplier_id.asc());
        let dear = dear.limit(each).select((Product.product_name, Product.unit_price.cast::<Cents>(), "dear"));
        let cheap = cheap.limit(each).select((Product.product_name, Product.unit_price.cast::<Cents>(), "cheap"));
        let sold = Supplier.products.order_details.max(OrderDetail.unit_price);
        let best = best.limit(each).select((Supplier.company_name, sold.cast::<Cents>(), "best"));
        dear.union_all(cheap).union_all(best).order_by_position(3).order_by_position_desc(2).order_by_position(1)
    };
    let sql = "SELECT * FROM (
        (SELECT product_name, unit_price::numeric(12,2) AS price, 'dear' FROM products
            ORDER BY unit_price DESC, product_id LIMIT $1)
        UNION ALL (SELECT product_name, unit_price::numeric(12,2), 'cheap' FROM products
            ORDER BY unit_price, product_id LIMIT $1)
        UNION ALL (SELECT company_name, (SELECT max(d.unit_price) FROM order_details d JOIN products p USING (product_id)
                WHERE p.supplier_id = s.supplier_id)::numeric(12,2), 'best' FROM suppliers s
            ORDER BY (SELECT count(*) FROM products p WHERE p.supplier_id = s.supplier_id) DESC, supplier_id LIMIT $1)
        ) AS ends (name, price, end_) ORDER BY end_, price DESC, name";
    for (each, rows) in [(3_u64, 9), (100, 77 + 77 + 29), (0, 0)] {
        let limit = i64::try_from(each).unwrap();
        let all: Vec<(String, Option<Cents>, String)> = same_combined(&db, &ends(each), sql, &[&limit]).await;
        assert_eq!(all.len(), rows);
        let page = ends(each).limit(4).offset(2).all(&db).await.unwrap();
        assert_eq!(page.as_slice(), all.get(2..6.min(all.len())).unwrap_or_default());
    }
}

/// What do orders and lines of several sorts come to, counted together? The rows of a union are grouped, joined and loaded
/// as those of a table are.
#[tokio::test]
async fn question_orders_late_or_large() {
    let Some(db) = shop() else { return };
    let late = Order::query().filter(Order.shipped_date.gt(Order.required_date));
    let large = Order::query().filter(Order.order_details.sum(amount()).gt(Cents(500_000)));
    let either = late.clone().union(large.clone());
    let by_country = either
        .clone()
        .filter(Order.customer.country.ne("Austria"))
        .group_by(Order.customer.country)
        .having(count().ge(2))
        .select((Order.customer.country, count(), Order.order_details.sum(amount()).max()))
        .order_by(count().desc())
        .order_by(Order.customer.country.asc());
    let found = format!(
        "(SELECT o.*, (SELECT sum({AMOUNT}) FROM order_details d WHERE d.order_id = o.order_id) AS value,
            coalesce(shipped_date > required_date, false) AS late FROM orders o) AS o"
    );
    let sql = format!(
        "SELECT country, count(*), max(value) FROM {found} JOIN customers USING (customer_id)
        WHERE (value > 5000 OR late) AND country <> 'Austria' GROUP BY 1 HAVING count(*) >= 2 ORDER BY 2 DESC, 1"
    );
    assert_eq!(same(&db, &by_country, &sql, &[]).await.len(), 9);

    let lines = either.order_by(Order.order_id.asc()).order_by(Order.order_details.each().product_id.asc()).select((
        Order.order_id,
        Order.order_details.each().product.product_name,
        Order.employee.manager.last_name,
    ));
    let sql = format!(
        "SELECT o.order_id, product_name, m.last_name FROM {found} JOIN order_details USING (order_id)
        JOIN products USING (product_id) LEFT JOIN employees e USING (employee_id)
        LEFT JOIN employees m ON m.employee_id = e.reports_to
        WHERE value > 5000 OR late ORDER BY o.order_id, product_id"
    );
    assert_eq!(same(&db, &lines, &sql, &[]).await.len(), 200);

    let both = late.intersect(large).order_by(Order.order_id.asc()).with(Order.shipper);
    let sql = format!(
        "SELECT {} FROM {found} LEFT JOIN shippers s ON s.shipper_id = o.ship_via WHERE value > 5000 AND late
        ORDER BY order_id",
        with("to_jsonb(o) - 'value' - 'late'", "shipper", "to_jsonb(s)")
    );
    same_rows(&db, &both, &answer(&db, &sql, &[]).await, 1).await;
}

/// Of which kinds is each customer, and who else is of that kind? Two many-to-many steps, each of which may lead nowhere.
#[tokio::test]
async fn question_customers_of_one_kind() {
    let Some(db) = shop() else { return };
    let kind = Customer.demographics.each_or_null();
    let other = kind.customers.each_or_null();
    let others = |from: &str| {
        Customer::query()
            .filter(Customer.customer_id.lt(from))
            .order_by(Customer.customer_id.asc())
            .order_by(kind.customer_type_id.asc().nulls_first())
            .order_by(other.customer_id.asc())
            .select((Customer.customer_id, kind, other.company_name, other.orders.count()))
    };
    let sql = "SELECT jsonb_build_array(c.customer_id, to_jsonb(k), o.company_name,
            (SELECT count(*) FROM orders WHERE customer_id = o.customer_id))
        FROM customers c LEFT JOIN customer_customer_demo l USING (customer_id)
        LEFT JOIN customer_demographics k USING (customer_type_id)
        LEFT JOIN customer_customer_demo m USING (customer_type_id)
        LEFT JOIN customers o ON o.customer_id = m.customer_id
        WHERE c.customer_id < $1 ORDER BY c.customer_id, customer_type_id NULLS FIRST, o.customer_id";
    for (from, rows) in [("C", 58), ("ZZ", 347), ("A", 0)] {
        let all: Vec<(String, Option<Demographic>, Option<String>, i64)> =
            same_json(&db, &others(from), sql, &[&from]).await;
        assert_eq!(all.len(), rows, "{from}");
    }
}

/// Which categories does each shipper carry most of? Rows of SQL, joined, grouped and ranked.
#[tokio::test]
async fn question_what_shippers_carry() {
    let Some(db) = shop() else { return };
    let line = Shipper.orders.each().order_details.each();
    let name = line.product.category.category_name;
    let carried = |from: Day, times: i32| {
        Shipper::from_sql("SELECT s.* FROM shippers s WHERE s.shipper_id IN (SELECT ship_via FROM orders)", ())
            .filter(Shipper.orders.each().order_date.ge(from))
            .group_by((Shipper.shipper_id, Shipper.company_name, name, line.quantity / 50 * times))
            .having((line.quantity / 50 * times).ge(times))
            .select((
                Shipper.company_name,
                name,
                line.quantity / 50 * times,
                line.quantity.sum(),
                (line.quantity / 50 * times + 1).max(),
                rank().over(Window::new().partition_by(Shipper.company_name).order_by(line.quantity.sum().desc())),
            ))
            .order_by(Shipper.company_name.asc())
            .order_by(line.quantity.sum().desc())
            .order_by(name.asc())
            .order_by((line.quantity / 50 * times).desc())
    };
    let sql = "WITH sums AS (SELECT s.company_name, category_name, quantity / 50 * $2 AS class, sum(quantity) AS sold
            FROM shippers s JOIN orders o ON ship_via = shipper_id JOIN order_details d USING (order_id)
            JOIN products p USING (product_id) JOIN categories USING (category_id)
            WHERE order_date >= $1 AND quantity >= 50 GROUP BY 1, 2, 3)
        SELECT company_name, category_name, class, sold, class + 1,
            1 + (SELECT count(*) FROM sums o WHERE o.company_name = s.company_name AND o.sold > s.sold)
        FROM sums s ORDER BY company_name, sold DESC, category_name, class DESC";
    for (from, times, rows) in [(Day::new(1996, 1, 1), 10, 41), (Day::new(1998, 5, 7), 1, 0)] {
        assert_eq!(same(&db, &carried(from, times), sql, &[&from, &times]).await.len(), rows);
    }
}

/// Which order was the dearest to send of those that its team took on that day of the week? The query within names three
/// expressions of the one around it, one of them over a path.
#[tokio::test]
async fn question_dearest_orders_of_a_team() {
    let Some(db) = shop() else { return };
    let freight = Order.freight.or(0.0_f32);
    let dearer = freight.clone().gt(outer(freight))
        & Order.order_date.day_of_week().eq(outer(Order.order_date.day_of_week()))
        & Order.employee.reports_to.is_not_distinct_from(outer(Order.employee.reports_to));
    let dearest = Order::query()
        .filter(!exists(Order::query().filter(dearer)))
        .order_by(Order.order_id.asc())
        .select((Order.order_id, Order.employee.last_name, Order.order_date.day_of_week()));
    let sql = "SELECT order_id, last_name, dow FROM (SELECT order_id, last_name, extract(dow FROM order_date)::int AS dow,
            rank() OVER (PARTITION BY reports_to, extract(dow FROM order_date) ORDER BY coalesce(freight, 0) DESC) AS place
            FROM orders JOIN employees USING (employee_id)) AS ranked WHERE place = 1 ORDER BY order_id";
    assert_eq!(same(&db, &dearest, sql, &[]).await.len(), 15);
}

/// How many products of each category has nobody who was hired after this year sold abroad? Queries within a query within a
/// condition of an aggregate, each naming what is around it.
#[tokio::test]
async fn question_products_that_the_new_never_sold_abroad() {
    let Some(db) = shop() else { return };
    let never = |year: i32| {
        let new = Employee.employee_id.eq(outer(Order.employee_id)) & Employee.hire_date.year().gt(year);
        let abroad = Order.customer.country.ne(outer(Product.supplier.country));
        let sold = exists(Employee::query().filter(new)) & abroad;
        Category::query().order_by(Category.category_id.asc()).select((
            Category.category_name,
            Category.products.count().filter(Product.orders.none(sold)),
            row_number().over(Window::new().order_by(Category.category_id.desc())),
        ))
    };
    let sql = "SELECT category_name, (SELECT count(*) FROM products p LEFT JOIN suppliers s USING (supplier_id)
            WHERE p.category_id = c.category_id AND NOT EXISTS (SELECT FROM order_details d JOIN orders o USING (order_id)
                JOIN customers k USING (customer_id) JOIN employees e USING (employee_id)
                WHERE d.product_id = p.product_id AND k.country <> s.country
                    AND e.hire_date >= make_date($1 + 1, 1, 1))),
            9 - category_id::int8
        FROM categories c ORDER BY category_id";
    for (year, products) in [(1993, 1), (1992, 0), (1994, 77)] {
        let rows = same(&db, &never(year), sql, &[&year]).await;
        assert_eq!((rows.len(), rows.iter().map(|row| row.1).sum::<i64>()), (8, products), "{year}");
    }
}
