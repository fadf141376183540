//! Questions about the lines of orders by their whole key, which has two columns.
//!
//! No table of the database refers to a line; the complaints do that are made here. They name the key's columns in the
//! other order, in wider integers, and some of them name no line, or half a key.

use relata::Query;
use relata::prelude::*;
use serde::Serialize;

use super::model::goods::Product;
use super::model::sales::OrderDetail;
use super::{World, answer, file, gives, list, same, script, shop, statements, with};
use crate::support::twins::{Joined, Strategy, Under, mixtures};

const COMPLAINTS: &str = "
CREATE TABLE complaints (complaint_id int PRIMARY KEY, product_id bigint, order_id int, text text NOT NULL);
INSERT INTO complaints SELECT row_number() OVER (ORDER BY order_id, product_id, again), product_id, order_id,
    (ARRAY['late', 'stale', 'short'])[again] FROM order_details, generate_series(1, 3) AS again
    WHERE quantity % 4 >= again;
INSERT INTO complaints VALUES (9001, 11, 10250, 'no such line'), (9002, NULL, 10248, 'which?'), (9003, 11, NULL, 'when?'),
    (9004, 4294967307, 10248, 'no such product');";

/// A line once more, with its complaints.
#[derive(Entity, Debug, Clone, PartialEq, Serialize)]
#[entity(table = "order_details")]
#[belongs_to(product: Product, by = product_id)]
#[has_many(complaints: Vec<Complaint>, by = (order_id, product_id))]
struct Line {
    #[key]
    order_id: i16,
    #[key]
    product_id: i16,
    quantity: i16,
}

#[derive(Entity, Debug, Clone, PartialEq, Serialize)]
#[entity(table = "complaints")]
#[belongs_to(line: Option<Line>, by = (order_id, product_id))]
struct Complaint {
    #[key]
    complaint_id: i32,
    product_id: Option<i64>,
    order_id: Option<i32>,
    text: String,
}

const LINE: &str = "(to_jsonb(d) - 'unit_price' - 'discount')";

type Disputed = loaded!(Line { complaints { line { product } } });

/// Which lines of these orders were complained about, and does each complaint lead back to its line?
fn disputed(below: i16, [complaints, line, product]: [Strategy; 3]) -> Query<Disputed> {
    let back = Complaint.line.with(Line.product.under(product)).under(line);
    let complaints = Line.complaints.order_by(Complaint.complaint_id.asc()).with(back).under(complaints);
    Line::query()
        .filter(Line.order_id.lt(below))
        .order_by(Line.product_id.asc())
        .order_by(Line.order_id.desc())
        .with(complaints)
}

type Complained = loaded!(Complaint { line { product, complaints } });

#[tokio::test]
async fn northwind_question_complaints_by_the_whole_key_of_a_line() {
    let Some(file) = file() else { return };
    let world = World::new(&(script(file) + COMPLAINTS)).await;
    let db = &world.pool;
    let line = with(LINE, "product", "to_jsonb(p)");
    let complaints = "complaints c WHERE c.order_id = d.order_id AND c.product_id = d.product_id";
    let below = list(&with("to_jsonb(c)", "line", &line), complaints, "c.complaint_id");
    let sql = format!(
        "SELECT {} FROM order_details d JOIN products p USING (product_id) WHERE d.order_id < $1
        ORDER BY d.product_id, d.order_id DESC",
        with(LINE, "complaints", &below)
    );
    for (before, lines) in [(10_260_i16, 34), (i16::MAX, 2_155)] {
        let expected = answer(db, &sql, &[&before]).await;
        assert_eq!(expected.len(), lines);
        for mixture in mixtures() {
            same(db, &disputed(before, mixture), &expected, statements(&mixture)).await;
        }
    }

    // From the other side; a complaint about no line has none.
    let line = with(&line, "complaints", &list("to_jsonb(c)", complaints, "c.complaint_id DESC"));
    let sql = format!(
        "SELECT {} FROM complaints c0 LEFT JOIN order_details d ON d.order_id = c0.order_id
        AND d.product_id = c0.product_id LEFT JOIN products p ON p.product_id = d.product_id
        WHERE c0.text NOT IN ('late', 'stale') ORDER BY c0.complaint_id",
        with("to_jsonb(c0)", "line", &format!("CASE WHEN d.order_id IS NOT NULL THEN {line} END"))
    );
    let expected = answer(db, &sql, &[]).await;
    let of_no_line = expected.iter().filter(|complaint| complaint["line"].is_null()).count();
    assert_eq!((expected.len(), of_no_line), (330, 4));
    for mixture in mixtures::<3>() {
        let complaints = Line.complaints.order_by(Complaint.complaint_id.desc()).under(mixture[1]);
        let line = Complaint.line.with(Line.product.under(mixture[2])).with(complaints).under(mixture[0]);
        let query: Query<Complained> = Complaint::query()
            .filter(Complaint.text.is_not_in(["late", "stale"]))
            .order_by(Complaint.complaint_id.asc())
            .with(line);
        same(db, &query, &expected, statements(&mixture)).await;
    }
}

type Whole = loaded!(OrderDetail { order { order_details { product } }, product { orders } });

#[tokio::test]
async fn northwind_question_one_line_found_by_its_key() {
    use super::model::sales::Order;
    let Some(db) = shop() else { return };
    let lines = "order_details d2 JOIN products p2 USING (product_id) WHERE d2.order_id = o.order_id";
    let lines = list(&with("to_jsonb(d2)", "product", "to_jsonb(p2)"), lines, "d2.product_id");
    let orders = "orders o2 JOIN order_details d2 USING (order_id) WHERE d2.product_id = p.product_id";
    let product = with("to_jsonb(p)", "orders", &list("to_jsonb(o2)", orders, "o2.order_id DESC"));
    let sql = format!(
        "SELECT {} FROM order_details d JOIN orders o USING (order_id) JOIN products p USING (product_id)
        WHERE d.order_id = $1 AND d.product_id = $2",
        with(&with("to_jsonb(d)", "order", &with("to_jsonb(o)", "order_details", &lines)), "product", &product)
    );
    for (order, product, found) in [(10_248_i16, 11_i16, 1), (11_077, 77, 1), (11, 10_248, 0), (10_248, 12, 0)] {
        let expected = answer(&db, &sql, &[&order, &product]).await;
        assert_eq!(expected.len(), found);
        for mixture in mixtures::<5>() {
            let lines = Order.order_details.order_by(OrderDetail.product_id.asc());
            let lines = lines.with(OrderDetail.product.under(mixture[2])).under(mixture[1]);
            let query: Query<Whole> =
                OrderDetail::find((order, product)).with(OrderDetail.order.with(lines).under(mixture[0])).with(
                    OrderDetail
                        .product
                        .with(Product.orders.order_by(Order.order_id.desc()).under(mixture[4]))
                        .under(mixture[3]),
                );
            let statements = match found {
                0 => 1,
                // Two collections in one statement would multiply each other.
                _ if [mixture[0], mixture[1], mixture[3], mixture[4]] == [Joined; 4] => 1 + statements(&mixture),
                _ => statements(&mixture),
            };
            assert_eq!(gives(&db, &query, &expected).await, statements, "{}", query.plan());
        }
    }
}
