//! Questions about products, their categories and their suppliers.

use relata::Query;
use relata::prelude::*;
use serde_json::Value;

use super::model::goods::{Category, Product, Supplier};
use super::model::sales::Order;
use super::{answer, gives, list, same, shop, statements, with};
use crate::support::twins::{Joined, SelectIn, Strategy, Under, mixtures};

type Listed = loaded!(Product { category, supplier });

/// Which products of suppliers in this country are on the list, by category and name?
fn products_from(country: &str) -> Query<Product> {
    Product::query()
        .filter(Product.supplier.country.eq(country))
        .order_by(Product.category.category_name.asc())
        .order_by(Product.product_name.asc())
}

#[tokio::test]
async fn northwind_question_products_with_category_and_supplier() {
    let Some(db) = shop() else { return };
    let sql = format!(
        "SELECT {} FROM products p LEFT JOIN categories c USING (category_id) LEFT JOIN suppliers s USING (supplier_id)
        WHERE s.country = $1 ORDER BY c.category_name, p.product_name",
        with(&with("to_jsonb(p)", "category", "to_jsonb(c)"), "supplier", "to_jsonb(s)")
    );
    for (country, products) in [("Germany", 9), ("Japan", 6), ("Canada", 4)] {
        let expected = answer(&db, &sql, &[&country]).await;
        assert_eq!(expected.len(), products, "{country}");
        let query = products_from(country);
        for mixture in mixtures() {
            let told: Query<Listed> =
                query.clone().with(Product.category.under(mixture[0])).with(Product.supplier.under(mixture[1]));
            same(&db, &told, &expected, statements(&mixture)).await;
            let trips = if mixture == [Joined; 2] { 1 } else { 2 };
            assert_eq!(told.plan().round_trips(), trips, "siblings go together");
        }
        // Left to the plan, both are joined.
        let planned = query.with(Product.category).with(Product.supplier);
        same(&db, &planned, &expected, 1).await;
        assert_eq!(planned.plan().round_trips(), 1);
    }
}

type Supplied = loaded!(Supplier { products { category } });

/// Which suppliers have only products like these, and at least one?
fn suppliers_of_only(like_these: Predicate<Product>, [products, category]: [Strategy; 2]) -> Query<Supplied> {
    Supplier::query()
        .filter(Supplier.products.every(like_these) & Supplier.products.any(Predicate::always()))
        .order_by(Supplier.supplier_id.asc())
        .with(
            Supplier.products.order_by(Product.product_id.asc()).with(Product.category.under(category)).under(products),
        )
}

#[tokio::test]
async fn northwind_question_suppliers_whose_every_product_is_discontinued() {
    let Some(db) = shop() else { return };
    let products = "products p LEFT JOIN categories c USING (category_id) WHERE p.supplier_id = s.supplier_id";
    let products = list(&with("to_jsonb(p)", "category", "to_jsonb(c)"), products, "p.product_id");
    let supplier = with("to_jsonb(s)", "products", &products);
    for (like_these, condition, suppliers) in [
        (Product.discontinued.eq(1), "discontinued = 1", 1),
        (Product.unit_price.gt(20_f32), "unit_price > 20", 5),
        (Product.unit_price.gt(500_f32), "unit_price > 500", 0),
        (Product.category.category_name.eq("Seafood"), "category_id = 8", 5),
    ] {
        let only = format!("SELECT supplier_id FROM products GROUP BY 1 HAVING bool_and({condition})");
        let sql = format!("SELECT {supplier} FROM suppliers s WHERE supplier_id IN ({only}) ORDER BY supplier_id");
        let expected = answer(&db, &sql, &[]).await;
        assert_eq!(expected.len(), suppliers, "{condition}");
        for mixture in mixtures() {
            // For no suppliers nothing is asked.
            let statements = if suppliers == 0 { 1 } else { statements(&mixture) };
            let query = suppliers_of_only(like_these.clone(), mixture);
            assert_eq!(gives(&db, &query, &expected).await, statements, "{}", query.plan());
        }
    }
}

type Dearest = loaded!(Category { products { supplier } });

/// Which products of each category are the dearest, so many of them, after leaving out so many?
fn dearest(count: u64, after: u64, window: bool, [products, supplier]: [Strategy; 2]) -> Query<Dearest> {
    let dearest = Category.products.order_by(Product.unit_price.desc()).limit(count).offset(after);
    let dearest = if window { dearest.window() } else { dearest };
    Category::query()
        .order_by(Category.category_name.asc())
        .with(dearest.with(Product.supplier.under(supplier)).under(products))
}

#[tokio::test]
async fn northwind_question_the_five_most_expensive_products_of_each_category() {
    let Some(db) = shop() else { return };
    // Products of one price: the key decides which of them are among the five, and their order.
    let dearest_products = "(SELECT * FROM products WHERE category_id = c.category_id
        ORDER BY unit_price DESC, product_id LIMIT $1 OFFSET $2) AS p LEFT JOIN suppliers s USING (supplier_id)";
    let products = with("to_jsonb(p)", "supplier", "to_jsonb(s)");
    let sql = format!(
        "SELECT {} FROM categories c ORDER BY category_name",
        with("to_jsonb(c)", "products", &list(&products, dearest_products, "p.unit_price DESC, p.product_id"))
    );
    for (count, after, products) in [(5, 0, 40), (5, 2, 37), (1, 4, 8), (3, 6, 16), (2, 12, 1)] {
        let (limit, offset) = (i64::try_from(count).unwrap(), i64::try_from(after).unwrap());
        let expected = answer(&db, &sql, &[&limit, &offset]).await;
        let counts = expected.iter().map(|category| category["products"].as_array().unwrap().len());
        assert_eq!((expected.len(), counts.sum::<usize>()), (8, products));
        for mixture in mixtures() {
            same(&db, &dearest(count, after, false, mixture), &expected, statements(&mixture)).await;
            same(&db, &dearest(count, after, true, mixture), &expected, statements(&mixture)).await;
        }
    }
}

type FirstByMaker = loaded!(Category { products });

#[tokio::test]
async fn northwind_question_the_first_products_of_each_category_by_their_suppliers_names() {
    let Some(db) = shop() else { return };
    let first = "(SELECT p.* FROM products p LEFT JOIN suppliers s USING (supplier_id)
        WHERE p.category_id = c.category_id AND s.country <> $1
        ORDER BY s.company_name DESC, p.product_id LIMIT 3) AS p LEFT JOIN suppliers s USING (supplier_id)";
    let sql = format!(
        "SELECT {} FROM categories c ORDER BY category_id",
        with("to_jsonb(c)", "products", &list("to_jsonb(p)", first, "s.company_name DESC, p.product_id"))
    );
    let expected = answer(&db, &sql, &[&"Japan"]).await;
    // The order and the filter follow a path out of the rows that are counted.
    let first = Category
        .products
        .filter(Product.supplier.country.ne("Japan"))
        .order_by(Product.supplier.company_name.desc())
        .limit(3);
    for strategy in [SelectIn, Joined] {
        for load in [first.clone(), first.clone().window()] {
            let query: Query<FirstByMaker> =
                Category::query().order_by(Category.category_id.asc()).with(load.under(strategy));
            same(&db, &query, &expected, statements(&[strategy])).await;
        }
    }
}

type Ranges = loaded!(Supplier { products, discontinued_products });

/// What does each supplier make, and what does it no longer make? Two relations between two tables, over one column.
fn ranges([products, discontinued]: [Strategy; 2]) -> Query<Ranges> {
    Supplier::query()
        .order_by(Supplier.supplier_id.asc())
        .with(Supplier.products.order_by(Product.product_id.asc()).under(products))
        .with(Supplier.discontinued_products.under(discontinued))
}

#[tokio::test]
async fn northwind_question_what_suppliers_make_and_no_longer_make() {
    let Some(db) = shop() else { return };
    let of = "products p WHERE p.supplier_id = s.supplier_id";
    let gone = format!("{of} AND p.discontinued = 1");
    let supplier = with("to_jsonb(s)", "products", &list("to_jsonb(p)", of, "p.product_id"));
    let supplier = |discontinued: &str| with(&supplier, "discontinued_products", discontinued);
    let all = supplier(&list("to_jsonb(p)", &gone, "p.product_name DESC"));
    let some = "EXISTS (SELECT FROM products p WHERE p.supplier_id = s.supplier_id AND p.discontinued = 1
        AND p.unit_price > 40)";
    let rest = |condition: &str| format!("FROM suppliers s WHERE {condition} ORDER BY supplier_id");
    let expected = answer(&db, &format!("SELECT {all} {}", rest("true")), &[]).await;
    let narrowed = answer(&db, &format!("SELECT {all} {}", rest(some)), &[]).await;
    assert_eq!((expected.len(), narrowed.len()), (29, 2));
    let gone = |row: &Value| row["discontinued_products"].as_array().unwrap().len();
    assert_eq!(expected.iter().map(gone).max(), Some(2));
    // The relation's condition is part of it in a filter too, and its order is that of a limit.
    let condition = Supplier.discontinued_products.any(Product.unit_price.gt(40_f32));
    let last = "(SELECT * FROM products WHERE supplier_id = s.supplier_id AND discontinued = 1
        ORDER BY product_name DESC LIMIT 1) AS p";
    let last = supplier(&list("to_jsonb(p)", last, "p.product_name"));
    let one_each = answer(&db, &format!("SELECT {last} {}", rest("true")), &[]).await;
    for mixture in mixtures() {
        // Two collections are never joined side by side.
        let statements = if mixture == [Joined; 2] { 2 } else { statements(&mixture) };
        same(&db, &ranges(mixture), &expected, statements).await;
        same(&db, &ranges(mixture).filter(condition.clone()), &narrowed, statements).await;
        let last = Supplier.discontinued_products.limit(1).under(mixture[1]);
        let query: Query<Ranges> = Supplier::query()
            .order_by(Supplier.supplier_id.asc())
            .with(Supplier.products.order_by(Product.product_id.asc()).under(mixture[0]))
            .with(last);
        same(&db, &query, &one_each, statements).await;
    }
}

#[tokio::test]
async fn northwind_question_categories_by_where_their_products_went() {
    let Some(db) = shop() else { return };
    // A path of three relations, one of them a many-to-many, as a condition.
    let sent = "SELECT FROM products p JOIN order_details USING (product_id) JOIN orders o USING (order_id)
        WHERE p.category_id = c.category_id AND o.ship_country = $1";
    for (country, sent_to, never) in [("Poland", 7, 1), ("Norway", 7, 1), ("Germany", 8, 0), ("Atlantis", 0, 8)] {
        let to = Order.ship_country.eq(country);
        for (condition, exists, rows) in [
            (Category.products.orders.any(to.clone()), "EXISTS", sent_to),
            (Category.products.orders.none(to), "NOT EXISTS", never),
        ] {
            let sql = format!("SELECT to_jsonb(c) FROM categories c WHERE {exists} ({sent}) ORDER BY category_id");
            let expected = answer(&db, &sql, &[&country]).await;
            assert_eq!(expected.len(), rows, "{exists} {country}");
            let query = Category::query().filter(condition).order_by(Category.category_id.asc());
            same(&db, &query, &expected, 1).await;
        }
    }
}
