//! Questions about invoices in their order: what came before, and how it adds up.

use relata::prelude::*;
use relata::{Window, case, count, first_value, lag, literal, rank, row_number, running_sum};

use super::super::cents::Cents;
use super::super::model::{Invoice, InvoiceLine};
use super::super::shop;
use crate::support::selected::same;

/// The invoices of each customer, in the order of time.
fn of_customer() -> Window<Invoice> {
    Window::new().partition_by(Invoice.customer_id).order_by(Invoice.date.asc()).order_by(Invoice.id.asc())
}

/// What had each customer spent after each of their invoices?
#[tokio::test]
async fn question_running_total_of_each_customer() {
    let Some(db) = shop() else { return };
    let totals = Invoice::query().order_by(Invoice.customer_id.asc()).order_by(Invoice.id.asc()).select((
        Invoice.customer.last_name,
        Invoice.id,
        Invoice.total,
        Invoice.total.sum().over(of_customer()),
        row_number().over(of_customer()),
    ));
    let sql = "SELECT last_name, invoice_id, total,
            (SELECT sum(p.total) FROM invoice p WHERE p.customer_id = i.customer_id
                AND (p.invoice_date, p.invoice_id) <= (i.invoice_date, i.invoice_id)),
            (SELECT count(*) FROM invoice p WHERE p.customer_id = i.customer_id
                AND (p.invoice_date, p.invoice_id) <= (i.invoice_date, i.invoice_id))
        FROM invoice i JOIN customer USING (customer_id) ORDER BY customer_id, invoice_id";
    let rows: Vec<(String, i32, Cents, Option<Cents>, i64)> = same(&db, &totals, sql, &[]).await;
    assert_eq!(rows.len(), 412);
}

/// By how much was each invoice of a customer more than the one before, and than the first one? None before is nothing.
#[tokio::test]
async fn question_invoices_beside_the_one_before() {
    let Some(db) = shop() else { return };
    let changes = |customer: i32| {
        Invoice::query()
            .filter(Invoice.customer_id.eq(customer))
            .order_by(Invoice.date.desc())
            .order_by(Invoice.id.desc())
            .select((
                Invoice.id,
                Invoice.total - lag(Invoice.total).over(of_customer()).or(Cents(0)),
                Invoice.total - first_value(Invoice.total).over(of_customer()),
                lag(Invoice.date).over(of_customer()),
            ))
    };
    let sql = "SELECT invoice_id, total - coalesce(before.total, 0), i.total - (SELECT total FROM invoice
                WHERE customer_id = $1 ORDER BY invoice_date, invoice_id LIMIT 1), before.invoice_date
        FROM invoice i LEFT JOIN LATERAL (SELECT total, invoice_date FROM invoice
            WHERE customer_id = $1 AND (invoice_date, invoice_id) < (i.invoice_date, i.invoice_id)
            ORDER BY invoice_date DESC, invoice_id DESC LIMIT 1) AS before ON true
        WHERE customer_id = $1 ORDER BY i.invoice_date DESC, invoice_id DESC"
        .replacen("total - coalesce", "i.total - coalesce", 1);
    for (customer, invoices) in [(1, 7), (59, 6), (60, 0)] {
        assert_eq!(same(&db, &changes(customer), &sql, &[&customer]).await.len(), invoices, "{customer}");
    }
}

/// How does business go? The average of each invoice and the two before it, and of the five around it.
#[tokio::test]
async fn question_moving_average_of_invoices() {
    let Some(db) = shop() else { return };
    let by_date = Window::new().order_by(Invoice.date.asc()).order_by(Invoice.id.asc());
    let averages = Invoice::query().order_by(Invoice.date.asc()).order_by(Invoice.id.asc()).select((
        Invoice.id,
        Invoice.total.avg::<f64>().over(by_date.clone().rows_between(Some(2), Some(0))),
        Invoice.total.max().over(by_date.clone().rows_between(Some(2), Some(2))),
        Invoice.total.sum().over(by_date.rows_between(Some(0), None)),
    ));
    let sql = "WITH numbered AS (SELECT *, row_number() OVER (ORDER BY invoice_date, invoice_id) AS n FROM invoice)
        SELECT invoice_id, (SELECT avg(total)::float8 FROM numbered p WHERE p.n BETWEEN i.n - 2 AND i.n),
            (SELECT max(total) FROM numbered p WHERE p.n BETWEEN i.n - 2 AND i.n + 2),
            (SELECT sum(total) FROM numbered p WHERE p.n >= i.n)
        FROM numbered i ORDER BY n";
    let rows: Vec<(i32, Option<f64>, Option<Cents>, Option<Cents>)> = same(&db, &averages, sql, &[]).await;
    assert_eq!(rows.len(), 412);
    assert_eq!(rows[0].3, Some(Cents(232_860)), "what is to come of the first is all there is");
}

/// On which days of the week, and in which half of the year, is how much sold? Groups by parts of dates and by a case.
#[tokio::test]
async fn question_sales_by_day_of_the_week() {
    let Some(db) = shop() else { return };
    let day = Invoice.date.day_of_week();
    let half = case(Invoice.date.month().le(6), "first").otherwise("second");
    let days = Invoice::query()
        .group_by((day.clone(), half.clone()))
        .order_by(day.clone().asc())
        .order_by(half.clone().asc())
        .select((day, half, count(), Invoice.total.sum(), Invoice.customer_id.count_distinct()));
    let sql = "SELECT extract(isodow FROM invoice_date)::int % 7 AS day, half, count(*), sum(total),
            count(DISTINCT customer_id)
        FROM (SELECT *, CASE WHEN to_char(invoice_date, 'MM') <= '06' THEN 'first' ELSE 'second' END AS half
            FROM invoice) AS halves
        GROUP BY 1, 2 ORDER BY 1, 2";
    let rows: Vec<(i32, String, i64, Option<Cents>, i64)> = same(&db, &days, sql, &[]).await;
    assert_eq!(rows.len(), 14);
}

/// In which years were so many tracks of so many genres sold in a month? Months that meet it, latest first.
#[tokio::test]
async fn question_months_of_many_genres() {
    let Some(db) = shop() else { return };
    let (year, month) = (InvoiceLine.invoice.date.year(), InvoiceLine.invoice.date.month());
    let months = |genres: i64, tracks: i64| {
        InvoiceLine::query()
            .group_by((year.clone(), month.clone()))
            .having(InvoiceLine.track.genre_id.count_distinct().ge(genres) & InvoiceLine.quantity.sum().ge(tracks))
            .select((year.clone(), month.clone(), InvoiceLine.track.genre_id.count_distinct(), count()))
            .order_by(year.clone().desc())
            .order_by(month.clone().desc())
    };
    let sql = "SELECT extract(year FROM month)::int, extract(month FROM month)::int, genres, lines
        FROM (SELECT date_trunc('month', invoice_date) AS month, count(DISTINCT genre_id) AS genres, count(*) AS lines,
                sum(quantity) AS sold
            FROM invoice JOIN invoice_line USING (invoice_id) JOIN track USING (track_id) GROUP BY 1) AS months
        WHERE genres >= $1 AND sold >= $2 ORDER BY month DESC";
    for (genres, tracks, found) in [(1, 1, 60), (10, 38, 2), (25, 1, 0)] {
        let rows = same(&db, &months(genres, tracks), sql, &[&genres, &tracks]).await;
        assert_eq!(rows.len(), found, "{genres}, {tracks}");
    }
    assert_eq!(months(1, 1).to_sql().text(), months(2, 3).to_sql().text());
}

/// How did each year do beside the one before, what had all of them made by then, and what is its share of the whole? The
/// window is of groups.
#[tokio::test]
async fn question_growth_of_the_years() {
    let Some(db) = shop() else { return };
    let (year, total) = (Invoice.date.year(), Invoice.total.sum());
    let years = |customers: i64| {
        let by_year = Window::new().order_by(year.clone().asc());
        let whole = running_sum(total.clone()).over(Window::new());
        Invoice::query()
            .group_by(year.clone())
            .having(Invoice.customer_id.count_distinct().ge(customers))
            .order_by(year.clone().desc())
            .select((
                year.clone(),
                total.clone(),
                total.clone() - lag(total.clone()).over(by_year.clone()),
                running_sum(total.clone()).over(by_year),
                (literal(100) * total.clone().cast::<f64>() / whole.cast::<f64>()).cast::<i32>(),
                rank().over(Window::new().order_by(count().desc()).order_by(total.clone().desc())),
            ))
    };
    let sql = "WITH years AS (SELECT extract(year FROM invoice_date)::int AS year, sum(total) AS total, count(*) AS n
            FROM invoice GROUP BY 1 HAVING count(DISTINCT customer_id) >= $1)
        SELECT year, total, total - (SELECT total FROM years p WHERE p.year < y.year ORDER BY year DESC LIMIT 1),
            (SELECT sum(total) FROM years p WHERE p.year <= y.year),
            (100 * total::float8 / (SELECT sum(total) FROM years)::float8)::int,
            1 + (SELECT count(*) FROM years p WHERE p.n > y.n OR p.n = y.n AND p.total > y.total)
        FROM years y ORDER BY year DESC";
    for (customers, found) in [(1_i64, 5), (47, 2), (60, 0)] {
        let rows: Vec<(i32, Option<Cents>, Option<Cents>, Option<Cents>, Option<i32>, i64)> =
            same(&db, &years(customers), sql, &[&customers]).await;
        assert_eq!(rows.len(), found, "{customers}");
    }
}
