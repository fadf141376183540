//! Questions that come from data: a form with empty fields, a sort column by its name; and those that begin with SQL.

use relata::prelude::*;
use relata::{Order, Query, Select, Selectable, raw, raw_predicate};

use super::super::cents::Cents;
use super::super::model::{Album, Customer, Invoice, InvoiceLine, Track};
use super::super::{same as same_rows, shop};
use crate::support::selected::same;

/// What a visitor may fill in, and how the page is sorted.
#[derive(Default, Clone)]
struct Form<'a> {
    words: &'a [&'a str],
    genre: Option<&'a str>,
    at_most: Option<Cents>,
    sold: Option<bool>,
    playlists: Option<i64>,
    sort: Option<&'a str>,
}

/// The columns that a page can be sorted by.
fn order(name: &str) -> Option<Order<Track>> {
    let (descending, name) = name.strip_prefix('-').map_or((false, name), |name| (true, name));
    macro_rules! either {
        ($by:expr) => {
            if descending { $by.desc() } else { $by.asc() }
        };
    }
    Some(match name {
        "name" => either!(Track.name.lower()),
        "price" => either!(Track.unit_price),
        "artist" => either!(Track.album.artist.name).nulls_last(),
        "sold" => either!(Track.invoice_lines.count()),
        "minutes" => either!(Track.milliseconds / 60_000),
        _ => return None,
    })
}

type Found = (i32, String, Option<String>, i64);

fn search(form: &Form<'_>) -> Select<Track, impl Selectable<Track, Out = Found>> {
    let mut found = Predicate::all(form.words.iter().map(|word| Track.name.lower().contains(word.to_lowercase())));
    if let Some(genre) = form.genre {
        found &= Track.genre.name.eq(genre);
    }
    if let Some(price) = form.at_most {
        found &= Track.unit_price.le(price);
    }
    if let Some(sold) = form.sold {
        found &= if sold { Track.invoice_lines.exists() } else { !Track.invoice_lines.exists() };
    }
    if let Some(playlists) = form.playlists {
        found &= Track.playlists.count().ge(playlists);
    }
    let mut query = Track::query().filter(found);
    if let Some(order) = form.sort.and_then(order) {
        query = query.order_by(order);
    }
    query.order_by(Track.id.asc()).limit(50).select((
        Track.id,
        Track.name,
        Track.album.artist.name,
        Track.invoice_lines.count(),
    ))
}

#[tokio::test]
async fn question_the_search_form() {
    let Some(db) = shop() else { return };
    let all = "FROM track t LEFT JOIN album USING (album_id) LEFT JOIN artist ar USING (artist_id)
        LEFT JOIN genre g USING (genre_id) LEFT JOIN LATERAL (SELECT count(*) AS sold FROM invoice_line l
            WHERE l.track_id = t.track_id) AS sales ON true";
    let form = Form::default();
    for (form, condition, order, hits) in [
        (form.clone(), "true", "t.track_id", 50),
        (
            Form { words: &["love", "Me"], sort: Some("name"), ..form },
            "t.name ILIKE '%love%' AND t.name ILIKE '%me%'",
            "lower(t.name), t.track_id",
            24,
        ),
        (Form { words: &["100%"], ..form }, "t.name ILIKE '%100\\%%'", "t.track_id", 1),
        (
            Form { genre: Some("Jazz"), sold: Some(false), sort: Some("-artist"), ..form },
            "g.name = 'Jazz' AND sold = 0",
            "ar.name DESC NULLS LAST, t.track_id",
            50,
        ),
        (
            Form { at_most: Some(Cents(99)), sold: Some(true), sort: Some("-sold"), ..form },
            "t.unit_price <= 0.99 AND sold > 0",
            "sold DESC, t.track_id",
            50,
        ),
        (
            Form { playlists: Some(5), sort: Some("-minutes"), ..form },
            "(SELECT count(*) FROM playlist_track p WHERE p.track_id = t.track_id) >= 5",
            "milliseconds / 60000 DESC, t.track_id",
            41,
        ),
        // A name that is not on the list sorts nothing, whatever it says.
        (
            Form { genre: Some("Opera"), sort: Some("price; DROP TABLE track"), ..form },
            "g.name = 'Opera'",
            "t.track_id",
            1,
        ),
    ] {
        let sql = format!("SELECT t.track_id, t.name, ar.name, sold {all} WHERE {condition} ORDER BY {order} LIMIT 50");
        let rows: Vec<Found> = same(&db, &search(&form), &sql, &[]).await;
        assert_eq!(rows.len(), hits, "{condition}");
    }
    // The same fields are the same text, and what was typed is none of it.
    let text = |genre, words| search(&Form { genre: Some(genre), words, ..Form::default() }).to_sql().text().to_owned();
    assert_eq!(text("Jazz", &["x"]), text("Rock", &["yy"]));
    assert!(!text("Jazz", &["xyz"]).contains("xyz"));
}

type Charted = loaded!(Track { album { artist }, invoice_lines { invoice } });

/// What are the most sold tracks, with their artists and where they went? The rows are those of a query in SQL, the rest
/// is as with any other.
fn charts(at_least: i64, country: &str) -> Query<Charted> {
    let lines = InvoiceLine.invoice.customer.country.eq(country);
    Track::from_sql(
        "SELECT t.* FROM track t JOIN invoice_line l USING (track_id) GROUP BY t.track_id HAVING count(*) >= {}",
        (at_least,),
    )
    .filter(Track.unit_price.lt(Cents(150)))
    .order_by(Track.name.asc())
    .order_by(Track.id.asc())
    .with(Track.album.with(Album.artist))
    .with(Track.invoice_lines.filter(lines).order_by(InvoiceLine.id.asc()).with(InvoiceLine.invoice))
}

#[tokio::test]
async fn question_charts_from_sql() {
    let Some(db) = shop() else { return };
    let sql = "SELECT jsonb_build_object('id', t.track_id, 'name', t.name, 'composer', t.composer,
            'milliseconds', t.milliseconds, 'unit_price', (t.unit_price * 100)::bigint, 'album_id', t.album_id,
            'genre_id', t.genre_id, 'media_type_id', t.media_type_id,
            'album', CASE WHEN al.album_id IS NOT NULL THEN jsonb_build_object('id', al.album_id, 'title', al.title,
                'artist_id', al.artist_id, 'artist', jsonb_build_object('id', ar.artist_id, 'name', ar.name)) END,
            'invoice_lines', (SELECT coalesce(jsonb_agg(jsonb_build_object('id', l.invoice_line_id,
                'unit_price', (l.unit_price * 100)::bigint, 'quantity', l.quantity, 'invoice_id', l.invoice_id,
                'track_id', l.track_id, 'invoice', jsonb_build_object('id', i.invoice_id,
                    'date', jsonb_build_object('secs_since_epoch', extract(epoch FROM i.invoice_date)::bigint,
                        'nanos_since_epoch', 0), 'total', (i.total * 100)::bigint, 'customer_id', i.customer_id,
                    'billing', jsonb_build_object('city', i.billing_city, 'country', i.billing_country)))
                ORDER BY l.invoice_line_id), '[]')
                FROM invoice_line l JOIN invoice i USING (invoice_id) JOIN customer c USING (customer_id)
                WHERE l.track_id = t.track_id AND c.country = $2))
        FROM track t LEFT JOIN album al USING (album_id) LEFT JOIN artist ar USING (artist_id)
        WHERE (SELECT count(*) FROM invoice_line l WHERE l.track_id = t.track_id) >= $1 AND t.unit_price < 1.50
        ORDER BY t.name, t.track_id";
    for (at_least, country, tracks) in [(2_i64, "USA", 248), (2, "Chile", 248), (3, "USA", 0)] {
        assert_eq!(same_rows(&db, &charts(at_least, country), sql, &[&at_least, &country]).await, tracks);
    }
}

/// Whose name sounds so, and in which quarter of the year do they buy? What the crate has no word for is SQL, with columns
/// and values in its gaps.
#[tokio::test]
async fn question_customers_by_a_pattern() {
    let Some(db) = shop() else { return };
    let named = |pattern: &str, quarter: &str| {
        let bought = raw::<_, String>("to_char({}, {})", (Invoice.date, "\"Q\"Q"));
        Customer::query()
            .filter(
                raw_predicate("{} ~* {}", (Customer.last_name, pattern)) & Customer.invoices.any(bought.eq(quarter)),
            )
            .order_by(raw::<_, i32>("length({})", (Customer.last_name,)).desc())
            .order_by(Customer.id.asc())
            .select((
                Customer.last_name,
                raw::<_, String>("initcap(reverse({}))", (Customer.last_name,)),
                Customer.invoices.count().filter(raw_predicate("extract(quarter FROM {}) = {}", (Invoice.date, 2))),
            ))
    };
    let sql = "SELECT last_name, initcap(reverse(last_name)),
            count(*) FILTER (WHERE extract(month FROM invoice_date) BETWEEN 4 AND 6)
        FROM customer JOIN invoice USING (customer_id) WHERE last_name ~* $1 GROUP BY customer_id
        HAVING bool_or('Q' || ceil(extract(month FROM invoice_date) / 3)::text = $2)
        ORDER BY length(last_name) DESC, customer_id";
    for (pattern, quarter, customers) in [("^[a-g]", "Q1", 17), ("son$", "Q4", 2), ("{}", "Q2", 0), ("", "Q5", 0)] {
        let rows = same(&db, &named(pattern, quarter), sql, &[&pattern, &quarter]).await;
        assert_eq!(rows.len(), customers, "{pattern}");
    }
}
