//! Questions about what is sold, of what, and where.

use relata::prelude::*;
use relata::{Select, Selectable, count};

use super::super::cents::Cents;
use super::super::model::{Genre, Invoice, InvoiceLine};
use super::super::shop;
use crate::support::selected::same;

/// What is the best-selling genre of each country? Groups over two paths of three relations, the first of each country.
#[tokio::test]
async fn question_best_selling_genre_of_each_country() {
    let Some(db) = shop() else { return };
    let (country, genre) = (InvoiceLine.invoice.customer.country, InvoiceLine.track.genre.name);
    let best = InvoiceLine::query()
        .group_by((country, genre))
        .select((country, genre, InvoiceLine.quantity.sum()))
        .distinct_on(country)
        .order_by(country.asc())
        .order_by(InvoiceLine.quantity.sum().desc())
        .order_by(genre.asc());
    let sql = "SELECT country, name, sold FROM (
            SELECT c.country, g.name, sum(l.quantity) AS sold,
                row_number() OVER (PARTITION BY c.country ORDER BY sum(l.quantity) DESC, g.name) AS place
            FROM invoice_line l JOIN invoice i USING (invoice_id) JOIN customer c USING (customer_id)
            JOIN track t USING (track_id) LEFT JOIN genre g USING (genre_id) GROUP BY 1, 2) AS sales
        WHERE place = 1 ORDER BY country";
    let rows: Vec<(Option<String>, Option<String>, Option<i64>)> = same(&db, &best, sql, &[]).await;
    assert_eq!(rows.len(), 24);
    assert_eq!(rows[0], (Some("Argentina".to_owned()), Some("Alternative & Punk".to_owned()), Some(9)));
}

/// How many tracks does each genre have, and how many were sold, to how many countries? With those that have none.
#[tokio::test]
async fn question_genres_and_what_is_sold_of_them() {
    let Some(db) = shop() else { return };
    let tracks = Genre.tracks.each_or_null();
    let lines = tracks.invoice_lines.each_or_null();
    let genres = Genre::query()
        .group_by(Genre.id)
        .select((
            Genre.name,
            tracks.id.count_distinct(),
            lines.id.count(),
            lines.quantity.sum().or(0),
            lines.invoice.customer.country.count_distinct(),
            (lines.unit_price * lines.quantity).sum(),
        ))
        .order_by(lines.quantity.sum().desc().nulls_last())
        .order_by(Genre.name.asc());
    let sql = "SELECT g.name, (SELECT count(*) FROM track WHERE genre_id = g.genre_id), count(l.*), coalesce(
            sum(l.quantity), 0), count(DISTINCT l.country), sum(l.unit_price * l.quantity)
        FROM genre g LEFT JOIN (SELECT genre_id, quantity, l.unit_price, country FROM track t
            JOIN invoice_line l USING (track_id) JOIN invoice i USING (invoice_id)
            JOIN customer c USING (customer_id)) AS l USING (genre_id)
        GROUP BY g.genre_id ORDER BY 4 DESC, g.name";
    let rows = same(&db, &genres, sql, &[]).await;
    assert_eq!(rows.len(), 25);
    assert_eq!(rows[24], (Some("Opera".to_owned()), 1, 0, 0, 0, None));
    // The same path twice is one join.
    assert_eq!(genres.to_sql().text().matches(" JOIN ").count(), 4);
}

type Artist = (Option<String>, Option<Cents>, Option<Cents>, i64);

/// Which artists earned more than this in that year: how much, how much of it in that country, from how many customers?
fn artists(year: i32, country: &str, above: Cents) -> Select<InvoiceLine, impl Selectable<InvoiceLine, Out = Artist>> {
    let artist = InvoiceLine.track.album.artist;
    let earned = (InvoiceLine.unit_price * InvoiceLine.quantity).sum();
    InvoiceLine::query()
        .filter(InvoiceLine.invoice.date.year().eq(year))
        .group_by((artist.id, artist.name))
        .having(earned.clone().gt(above))
        .select((
            artist.name,
            earned.clone(),
            earned.clone().filter(InvoiceLine.invoice.customer.country.eq(country)),
            InvoiceLine.invoice.customer_id.count_distinct(),
        ))
        .order_by(earned.desc())
        .order_by(artist.name.asc())
}

#[tokio::test]
async fn question_artists_who_earned_most_in_a_year() {
    let Some(db) = shop() else { return };
    let sql = "WITH sales AS (SELECT ar.artist_id, ar.name, l.unit_price * l.quantity AS amount, c.country, customer_id
            FROM invoice_line l JOIN track USING (track_id) LEFT JOIN album USING (album_id)
            LEFT JOIN artist ar USING (artist_id) JOIN invoice i USING (invoice_id) JOIN customer c USING (customer_id)
            WHERE to_char(invoice_date, 'YYYY') = $1::int::text)
        SELECT name, sum(amount), sum(CASE WHEN country = $2 THEN amount END), count(DISTINCT customer_id)
        FROM sales GROUP BY artist_id, name HAVING sum(amount) > $3 ORDER BY sum(amount) DESC, name";
    for (year, country, above, found) in
        [(2021, "USA", Cents(0), 108), (2025, "Germany", Cents(999), 6), (2022, "Chile", Cents(9_999), 0)]
    {
        let rows = same(&db, &artists(year, country, above), sql, &[&year, &country, &above]).await;
        assert_eq!(rows.len(), found, "{year} {country}");
    }
    let text = |year, country, above| artists(year, country, above).to_sql().text().to_owned();
    assert_eq!(text(2021, "USA", Cents(0)), text(2024, "", Cents(-1)));
}

/// What share has each format of what is sold, and of what is sold in this country? In hundredths, as a program that
/// rounds down counts them; a country that buys nothing has no share.
#[tokio::test]
async fn question_share_of_each_format() {
    let Some(db) = shop() else { return };
    let shares = |country: &str| {
        let there = count().filter(InvoiceLine.invoice.billing.country.eq(country));
        let protected = count().filter(InvoiceLine.track.media_type.name.contains("Protected"));
        InvoiceLine::query().group_by(InvoiceLine.track.genre.name).having(count().gt(30)).select((
            InvoiceLine.track.genre.name,
            count(),
            protected.clone() * 100 / count(),
            protected.filter(InvoiceLine.invoice.billing.country.eq(country)) * 100 / there.null_if(0),
        ))
    };
    let sql = "SELECT name, count(*), 100 * sum(protected) / count(*),
            100 * sum(protected) FILTER (WHERE billing_country = $1)
                / nullif(count(*) FILTER (WHERE billing_country = $1), 0)
        FROM (SELECT g.name, billing_country, (m.name LIKE '%Protected%')::int AS protected FROM invoice_line
            JOIN invoice USING (invoice_id) JOIN track USING (track_id) JOIN genre g USING (genre_id)
            JOIN media_type m USING (media_type_id)) AS lines
        GROUP BY name HAVING count(*) > 30 ORDER BY name";
    for (country, none) in [("USA", 0), ("Chile", 2), ("Atlantis", 9)] {
        let shares = shares(country).order_by(InvoiceLine.track.genre.name.asc());
        let rows: Vec<(Option<String>, i64, i64, Option<i64>)> = same(&db, &shares, sql, &[&country]).await;
        assert_eq!(rows.iter().filter(|row| row.3.is_none()).count(), none, "{country}");
    }
}

/// Where do bills go that are not to the customer's own country or city, and what is the whole of the trade? Aggregates
/// of all rows are one row, also of none.
#[tokio::test]
async fn question_the_whole_trade() {
    let Some(db) = shop() else { return };
    let trade = |above: Cents| {
        Invoice::query().filter(Invoice.total.gt(above)).select((
            count(),
            Invoice.total.sum(),
            Invoice.total.avg::<f64>(),
            Invoice.customer.country.count_distinct(),
            Invoice.total.max().null_if(Cents(2586)),
            Invoice.total.ge(Cents(1000)).bool_and(),
        ))
    };
    let sql = "SELECT count(*), sum(total), avg(total)::float8, count(DISTINCT country), nullif(max(total), 25.86),
            min(total) >= 10
        FROM invoice JOIN customer USING (customer_id) WHERE total > $1";
    for above in [Cents(0), Cents(1499), Cents(100_000)] {
        assert_eq!(same(&db, &trade(above), sql, &[&above]).await.len(), 1);
    }
    assert_eq!(trade(Cents(100_000)).one(&db).await.unwrap(), (0, None, None, 0, None, None));
}
