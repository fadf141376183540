//! Questions about customers and what they spend.

use relata::prelude::*;
use relata::{Select, Selectable, Window, dense_rank, exists, lag, outer, rank};

use super::super::cents::Cents;
use super::super::model::{Customer, Invoice, InvoiceLine};
use super::super::shop;
use super::{CUSTOMER, INVOICE};
use crate::support::selected::{same, same_json};

/// Which customers have no invoice in this year?
fn without_an_invoice(year: i32) -> Select<Customer, impl Selectable<Customer, Out = (i32, String, String)>> {
    Customer::query()
        .filter(Customer.invoices.none(Invoice.date.year().eq(year)))
        .order_by(Customer.last_name.asc())
        .order_by(Customer.id.asc())
        .select((
            Customer.id,
            Customer.first_name.concat(" ").concat(Customer.last_name),
            Customer.company.or(Customer.country).or("nowhere"),
        ))
}

#[tokio::test]
async fn question_customers_without_an_invoice_in_a_year() {
    let Some(db) = shop() else { return };
    let sql = "SELECT customer_id, first_name || ' ' || last_name, coalesce(company, country, 'nowhere') FROM customer
        WHERE customer_id NOT IN (SELECT customer_id FROM invoice
            WHERE invoice_date >= make_date($1, 1, 1) AND invoice_date < make_date($1 + 1, 1, 1))
        ORDER BY last_name, customer_id";
    for (year, customers) in [(2021, 13), (2022, 13), (2023, 12), (2024, 12), (2025, 13), (1999, 59)] {
        assert_eq!(same(&db, &without_an_invoice(year), sql, &[&year]).await.len(), customers, "{year}");
    }
    // The same shape is the same text: the year is a parameter.
    assert_eq!(without_an_invoice(2021).to_sql().text(), without_an_invoice(1999).to_sql().text());
}

/// What is each customer's latest invoice? Of the invoices of each customer, the first by date.
#[tokio::test]
async fn question_latest_invoice_of_each_customer() {
    let Some(db) = shop() else { return };
    let latest = Invoice::query()
        .distinct_on(Invoice.customer_id)
        .order_by(Invoice.customer_id.asc())
        .order_by(Invoice.date.desc())
        .order_by(Invoice.id.desc())
        .select((Invoice.customer, Invoice, Invoice.invoice_lines.count()));
    let sql = format!(
        "SELECT jsonb_build_array({CUSTOMER}, {INVOICE},
            (SELECT count(*) FROM invoice_line l WHERE l.invoice_id = i.invoice_id))
        FROM customer c JOIN invoice i USING (customer_id)
        WHERE NOT EXISTS (SELECT FROM invoice later WHERE later.customer_id = c.customer_id
            AND (later.invoice_date, later.invoice_id) > (i.invoice_date, i.invoice_id))
        ORDER BY c.customer_id"
    );
    let rows: Vec<(Customer, Invoice, i64)> = same_json(&db, &latest, &sql, &[]).await;
    assert_eq!(rows.len(), 59);
}

/// How often has each customer bought, how much, since when, of how many genres, and how many tracks at once at most?
#[tokio::test]
async fn question_account_of_each_customer() {
    let Some(db) = shop() else { return };
    let accounts =
        Customer::query().order_by(Customer.invoices.sum(Invoice.total).desc()).order_by(Customer.id.asc()).select((
            Customer.id,
            Customer.invoices.count(),
            Customer.invoices.sum(Invoice.total),
            Customer.invoices.min(Invoice.date),
            Customer.invoices.max(Invoice.date),
            Customer.invoices.avg::<_, f64>(Invoice.total),
            Customer.invoices.invoice_lines.count_distinct(InvoiceLine.track.genre_id),
            Customer.invoices.max(Invoice.invoice_lines.count()),
        ));
    let sql = "SELECT customer_id, count(*), sum(total), min(invoice_date), max(invoice_date), avg(total)::float8,
            max(genres), max(lines)
        FROM invoice JOIN (SELECT invoice_id, count(*) AS lines FROM invoice_line GROUP BY 1) AS l USING (invoice_id)
        JOIN (SELECT customer_id, count(DISTINCT genre_id) AS genres FROM invoice JOIN invoice_line USING (invoice_id)
            JOIN track USING (track_id) GROUP BY 1) AS g USING (customer_id)
        GROUP BY customer_id ORDER BY sum(total) DESC, customer_id";
    assert_eq!(same(&db, &accounts, sql, &[]).await.len(), 59);
}

/// Which invoices are so many times the average of their customer's? Up to the customer, and down again.
#[tokio::test]
async fn question_invoices_above_the_average_of_their_customer() {
    let Some(db) = shop() else { return };
    let above = |times: f64| {
        let average = Invoice.customer.invoices.avg::<_, f64>(Invoice.total);
        Invoice::query().filter(Invoice.total.gt(average.clone() * times)).order_by(Invoice.id.asc()).select((
            Invoice.id,
            Invoice.customer.last_name,
            Invoice.total,
            average,
        ))
    };
    let sql = "SELECT invoice_id, last_name, total, average::float8 FROM invoice JOIN customer USING (customer_id)
        JOIN (SELECT customer_id, avg(total) AS average FROM invoice GROUP BY 1) AS averages USING (customer_id)
        WHERE total > average * $1::float8 ORDER BY invoice_id";
    for (times, invoices) in [(1.0, 168), (2.5, 47), (100.0, 0)] {
        assert_eq!(same(&db, &above(times), sql, &[&times]).await.len(), invoices, "{times}");
    }
    assert_eq!(above(1.0).to_sql().text(), above(2.0).to_sql().text());
}

/// Who is which in their country, by what they have spent? The window is sorted by a subquery.
#[tokio::test]
async fn question_rank_of_each_customer_in_their_country() {
    let Some(db) = shop() else { return };
    let spent = Customer.invoices.sum(Invoice.total);
    let in_country = Window::new().partition_by(Customer.country).order_by(spent.clone().desc());
    let ranks = Customer::query().order_by(Customer.country.asc()).order_by(Customer.id.asc()).select((
        Customer.country,
        Customer.id,
        spent.clone(),
        rank().over(in_country.clone()),
        dense_rank().over(in_country.clone()),
        spent.clone() - lag(spent).over(in_country.order_by(Customer.id.asc())),
    ));
    let sql = "WITH spent AS (SELECT country, customer_id, sum(total) AS spent FROM customer JOIN invoice
            USING (customer_id) GROUP BY 1, 2)
        SELECT country, customer_id, spent,
            1 + (SELECT count(*) FROM spent o WHERE o.country = s.country AND o.spent > s.spent),
            1 + (SELECT count(DISTINCT o.spent) FROM spent o WHERE o.country = s.country AND o.spent > s.spent),
            s.spent - (SELECT o.spent FROM spent o WHERE o.country = s.country
                AND (o.spent > s.spent OR o.spent = s.spent AND o.customer_id < s.customer_id)
                ORDER BY o.spent, o.customer_id DESC LIMIT 1)
        FROM spent s ORDER BY country, customer_id";
    let rows: Vec<(Option<String>, i32, Option<Cents>, i64, i64, Option<Cents>)> = same(&db, &ranks, sql, &[]).await;
    assert_eq!(rows.iter().filter(|row| row.3 == 1).count(), 26, "some countries have two firsts");
}

/// Which invoices went to the only customer of a country, in the small hours or not? The query within names a path of the
/// query around it.
#[tokio::test]
async fn question_invoices_to_the_only_customer_of_a_country() {
    let Some(db) = shop() else { return };
    let neighbours = Customer.country.eq(outer(Invoice.customer.country)) & Customer.id.ne(outer(Invoice.customer_id));
    let alone = |difference: i32| {
        Invoice::query()
            .filter(
                !exists(Customer::query().filter(neighbours.clone()))
                    & (Invoice.date.hour() - 12).abs().ge(difference)
                    & Invoice.customer.invoices.count().filter(Invoice.total.gt(Cents(1000))).between(2, 3),
            )
            .order_by(Invoice.id.asc())
            .select((Invoice.id, Invoice.customer.country, Invoice.date.hour(), Invoice.date.month() % 3))
    };
    let sql =
        "SELECT invoice_id, country, extract(hour FROM invoice_date)::int, extract(month FROM invoice_date)::int % 3
        FROM invoice JOIN customer USING (customer_id)
        WHERE country IN (SELECT country FROM customer GROUP BY 1 HAVING count(*) = 1)
            AND abs(extract(hour FROM invoice_date)::float8 - 12) >= $1
            AND customer_id IN (SELECT customer_id FROM invoice WHERE total > 10 GROUP BY 1 HAVING count(*) IN (2, 3))
        ORDER BY invoice_id";
    for (difference, invoices) in [(12, 7), (13, 0)] {
        let rows = same(&db, &alone(difference), sql, &[&f64::from(difference)]).await;
        assert_eq!(rows.len(), invoices, "{difference}");
    }
}
