//! Questions that come from data: conditions that a user may leave out, a sort column by its name, a page.

use relata::prelude::*;
use relata::{Order as Sort, Select, Selectable};

use super::super::super::chinook::cents::Cents;
use super::super::model::goods::Product;
use super::super::model::sales::{Customer, Order, OrderDetail};
use super::super::shop;
use super::super::values::Day;
use super::numbers::{AMOUNT, amount};
use crate::support::selected::same;

/// What the page of products can be sorted by; what is not among it sorts by the name.
fn sort(by: &str) -> Sort<Product> {
    match by {
        "price" => Product.unit_price.desc(),
        "stock" => Product.units_in_stock.asc(),
        "supplier" => Product.supplier.company_name.asc(),
        "sold" => Product.order_details.sum(OrderDetail.quantity).desc().nulls_last(),
        "value" => (Product.unit_price.cast::<Cents>() * Product.units_in_stock).desc(),
        _ => Product.product_name.lower().asc(),
    }
}

#[tokio::test]
async fn question_page_of_products_sorted_by_a_name() {
    let Some(db) = shop() else { return };
    let page = |by: &str, number: u64| {
        Product::query().order_by(sort(by)).order_by(Product.product_id.asc()).limit(10).offset(10 * number).select((
            Product.product_id,
            Product.product_name,
            Product.supplier.company_name,
        ))
    };
    for (by, order) in [
        ("price", "unit_price DESC"),
        ("stock", "units_in_stock"),
        ("supplier", "company_name"),
        ("sold", "(SELECT sum(quantity) FROM order_details d WHERE d.product_id = p.product_id) DESC NULLS LAST"),
        ("value", "unit_price::numeric * units_in_stock DESC"),
        ("name", "lower(product_name)"),
        ("1; DROP TABLE products", "lower(product_name)"),
    ] {
        let sql = format!(
            "SELECT product_id, product_name, company_name FROM products p LEFT JOIN suppliers USING (supplier_id)
            ORDER BY {order}, product_id LIMIT 10 OFFSET $1"
        );
        for (number, rows) in [(0, 10), (7, 7), (8, 0)] {
            let offset = i64::try_from(10 * number).unwrap();
            assert_eq!(same(&db, &page(by, number), &sql, &[&offset]).await.len(), rows, "{by} {number}");
        }
        assert_eq!(page(by, 0).to_sql().text(), page(by, 7).to_sql().text());
    }
}

/// What a clerk may ask of the orders.
#[derive(Default)]
struct Asked<'a> {
    customer: Option<&'a str>,
    from: Option<Day>,
    until: Option<Day>,
    products: &'a [&'a str],
    worth: Option<Cents>,
    open: bool,
    or_taken_by: Option<&'a str>,
}

type Found = (i16, Option<String>, Option<Day>, Option<Cents>, i64);

fn asked(of: &Asked<'_>) -> Select<Order, impl Selectable<Order, Out = Found>> {
    let worth = Order.order_details.sum(amount());
    let conditions = [
        of.customer.map(|name| Order.customer.company_name.lower().contains(name.to_lowercase())),
        of.from.map(|day| Order.order_date.ge(day)),
        of.until.map(|day| Order.order_date.le(day)),
        of.worth.map(|amount| worth.clone().ge(amount)),
        of.open.then(|| Order.shipped_date.is_null()),
    ];
    // Each of the products has to be among them.
    let products = of.products.iter().map(|name| Order.products.any(Product.product_name.eq(*name)));
    let mut found = Predicate::all(conditions.into_iter().flatten().chain(products));
    if let Some(name) = of.or_taken_by {
        found |= Order.employee.last_name.eq(name);
    }
    Order::query().filter(found).order_by(Order.order_id.desc()).select((
        Order.order_id,
        Order.customer.company_name,
        Order.order_date,
        worth,
        Order.products.count(),
    ))
}

#[tokio::test]
async fn question_the_clerks_form() {
    let Some(db) = shop() else { return };
    let has = |name: &str| {
        format!(
            "o.order_id IN (SELECT order_id FROM order_details JOIN products USING (product_id)
            WHERE product_name = '{name}')"
        )
    };
    for (form, condition, orders) in [
        (Asked::default(), "true".to_owned(), 830),
        (
            Asked { customer: Some("ER"), open: true, ..Asked::default() },
            "company_name ILIKE '%er%' AND shipped_date IS NULL".to_owned(),
            8,
        ),
        (
            Asked { products: &["Chang", "Tofu"], ..Asked::default() },
            format!("{} AND {}", has("Chang"), has("Tofu")),
            2,
        ),
        (
            Asked {
                from: Some(Day::new(1997, 1, 1)),
                until: Some(Day::new(1997, 3, 31)),
                worth: Some(Cents(300_000)),
                or_taken_by: Some("Buchanan"),
                ..Asked::default()
            },
            "order_date BETWEEN '1997-01-01' AND '1997-03-31' AND worth >= 3000 OR last_name = 'Buchanan'".to_owned(),
            52,
        ),
    ] {
        let sql = format!(
            "SELECT o.order_id, company_name, order_date, worth, products FROM orders o
            LEFT JOIN customers c USING (customer_id) LEFT JOIN employees USING (employee_id)
            JOIN (SELECT order_id, sum({AMOUNT}) AS worth, count(*) AS products FROM order_details d GROUP BY 1) AS s
                USING (order_id)
            WHERE {condition} ORDER BY o.order_id DESC"
        );
        assert_eq!(same(&db, &asked(&form), &sql, &[]).await.len(), orders, "{condition}");
    }
    // Who wrote the same fields differently asks the same statement; who left all empty asks without a condition.
    let text = |customer| asked(&Asked { customer: Some(customer), ..Asked::default() }).to_sql().text().to_owned();
    assert_eq!(text("a"), text("b%'"));
    assert!(!asked(&Asked::default()).to_sql().text().contains("TRUE"));
    // A form's conditions serve other queries of the entity, too.
    let of_country = Customer::query().filter(Customer.orders.any(Order.order_date.ge(Day::new(1998, 5, 6))));
    assert_eq!(of_country.count(&db).await.unwrap(), 4);
}
