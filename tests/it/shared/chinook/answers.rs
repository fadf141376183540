//! The questions, each for several arguments, against SQL that builds the same trees as JSON on the server.

mod playlists;
mod staff;

use tokio_postgres::types::ToSql;

use super::cents::Cents;
use super::questions::{self, Search};
use super::{same, shop};

// The entities as JSON, each under the alias that the statements below give its table.
const ARTIST: &str = "jsonb_build_object('id', ar.artist_id, 'name', ar.name)";
const ALBUM: &str = "jsonb_build_object('id', al.album_id, 'title', al.title, 'artist_id', al.artist_id)";
const GENRE: &str = "jsonb_build_object('id', g.genre_id, 'name', g.name)";
const MEDIA_TYPE: &str = "jsonb_build_object('id', m.media_type_id, 'name', m.name)";
const TRACK: &str = "jsonb_build_object('id', t.track_id, 'name', t.name, 'composer', t.composer,
    'milliseconds', t.milliseconds, 'unit_price', (t.unit_price * 100)::bigint, 'album_id', t.album_id,
    'genre_id', t.genre_id, 'media_type_id', t.media_type_id)";
const CUSTOMER: &str = "jsonb_build_object('id', c.customer_id, 'first_name', c.first_name, 'last_name', c.last_name,
    'company', c.company, 'city', c.city, 'country', c.country, 'support_rep_id', c.support_rep_id)";
const INVOICE: &str = "jsonb_build_object('id', i.invoice_id, 'date', jsonb_build_object(
    'secs_since_epoch', extract(epoch FROM i.invoice_date)::bigint, 'nanos_since_epoch', 0),
    'total', (i.total * 100)::bigint, 'customer_id', i.customer_id,
    'billing', jsonb_build_object('city', i.billing_city, 'country', i.billing_country))";
const LINE: &str = "jsonb_build_object('id', l.invoice_line_id, 'unit_price', (l.unit_price * 100)::bigint,
    'quantity', l.quantity, 'invoice_id', l.invoice_id, 'track_id', l.track_id)";

/// A row with one more member.
fn with(row: &str, name: &str, value: &str) -> String {
    format!("{row} || jsonb_build_object('{name}', {value})")
}

/// The rows of a subquery as an array; none is the empty array.
fn list(row: &str, rest: &str, order: &str) -> String {
    format!("(SELECT coalesce(jsonb_agg({row} ORDER BY {order}), '[]') FROM {rest})")
}

#[tokio::test]
async fn chinook_question_who_bought_what_of_an_artist() {
    let Some(db) = shop() else { return };
    let line = with(LINE, "invoice", &with(INVOICE, "customer", CUSTOMER));
    let lines = "invoice_line l JOIN invoice i USING (invoice_id) JOIN customer c USING (customer_id)
        WHERE l.track_id = t.track_id";
    let track = with(TRACK, "invoice_lines", &list(&line, lines, "l.invoice_line_id"));
    let album = with(ALBUM, "tracks", &list(&track, "track t WHERE t.album_id = al.album_id", "t.track_id"));
    let albums = list(&album, "album al WHERE al.artist_id = ar.artist_id", "al.title, al.album_id");
    let sql = format!("SELECT {} FROM artist ar WHERE ar.name = $1", with(ARTIST, "albums", &albums));
    // An artist of many albums, one of one, one of none, and nobody.
    for (artist, rows) in [("Iron Maiden", 1), ("AC/DC", 1), ("Milton Nascimento & Bebeto", 1), ("Nobody", 0)] {
        assert_eq!(same(&db, &questions::trail(artist), &sql, &[&artist]).await, rows, "{artist}");
    }
}

#[tokio::test]
async fn chinook_question_artists_heard_in_a_country() {
    let Some(db) = shop() else { return };
    let bought = "SELECT 1 FROM track t JOIN invoice_line l ON l.track_id = t.track_id
        JOIN invoice i ON i.invoice_id = l.invoice_id JOIN customer c ON c.customer_id = i.customer_id
        WHERE t.album_id = al.album_id AND c.country = $1";
    let albums = format!("album al WHERE al.artist_id = ar.artist_id AND EXISTS ({bought})");
    let sql = format!(
        "SELECT {} FROM artist ar WHERE EXISTS (SELECT 1 FROM {albums}) ORDER BY ar.name, ar.artist_id",
        with(ARTIST, "albums", &list(ALBUM, &albums, "al.title DESC, al.album_id")),
    );
    let mut rows = Vec::new();
    for country in ["Norway", "USA", "Atlantis"] {
        rows.push(same(&db, &questions::heard_in(country), &sql, &[&country]).await);
    }
    assert!(rows[0] > 10 && rows[1] > rows[0] && rows[2] == 0, "{rows:?}");
}

#[tokio::test]
async fn chinook_question_sales_of_a_genre_to_a_country() {
    let Some(db) = shop() else { return };
    let track = with(TRACK, "album", &with(ALBUM, "artist", ARTIST));
    let invoice = with(INVOICE, "customer", CUSTOMER);
    let sql = format!(
        "SELECT {} FROM invoice_line l JOIN track t USING (track_id) JOIN album al USING (album_id)
        JOIN artist ar USING (artist_id) JOIN genre g USING (genre_id) JOIN invoice i USING (invoice_id)
        JOIN customer c USING (customer_id) WHERE g.name = $1 AND c.country = $2
        ORDER BY ar.name, i.invoice_date DESC, l.invoice_line_id",
        with(&with(LINE, "track", &track), "invoice", &invoice),
    );
    for (genre, country) in [("Jazz", "Canada"), ("Rock", "USA"), ("TV Shows", "Czech Republic")] {
        assert!(same(&db, &questions::sales(genre, country), &sql, &[&genre, &country]).await > 5, "{genre}");
    }
    assert_eq!(same(&db, &questions::sales("Opera", "Norway"), &sql, &[&"Opera", &"Norway"]).await, 0);
}

#[tokio::test]
async fn chinook_question_albums_never_sold() {
    let Some(db) = shop() else { return };
    let sql = format!(
        "SELECT {} FROM album al JOIN artist ar USING (artist_id) WHERE al.album_id NOT IN
        (SELECT t.album_id FROM track t JOIN invoice_line l USING (track_id) WHERE t.album_id IS NOT NULL)
        ORDER BY ar.name, al.title, al.album_id",
        with(ALBUM, "artist", ARTIST),
    );
    assert_eq!(same(&db, &questions::never_sold(), &sql, &[]).await, 43);
}

#[tokio::test]
async fn chinook_question_albums_sold_to_the_last_track() {
    let Some(db) = shop() else { return };
    let track = with(&with(TRACK, "genre", GENRE), "media_type", MEDIA_TYPE);
    let tracks = "track t JOIN media_type m USING (media_type_id) LEFT JOIN genre g USING (genre_id)
        WHERE t.album_id = al.album_id";
    // Counted: as many tracks as sold ones, and one of the genre.
    let sold = "SELECT t.album_id FROM track t LEFT JOIN genre g USING (genre_id)
        LEFT JOIN (SELECT DISTINCT track_id FROM invoice_line) AS l USING (track_id)
        GROUP BY t.album_id HAVING count(*) = count(l.track_id) AND bool_or(g.name = $1)";
    let list = list(&track, tracks, "t.milliseconds DESC, t.track_id");
    let sql = format!(
        "SELECT {} FROM album al JOIN artist ar USING (artist_id) WHERE al.album_id IN ({sold}) ORDER BY al.album_id",
        with(&with(ALBUM, "artist", ARTIST), "tracks", &list),
    );
    for genre in ["Rock", "Latin", "Classical", "Polka"] {
        let rows = same(&db, &questions::sold_through(genre), &sql, &[&genre]).await;
        assert_eq!(rows > 0, genre != "Polka", "{genre}");
    }
}

#[tokio::test]
async fn chinook_question_large_bills_of_a_year() {
    let Some(db) = shop() else { return };
    let lines = "invoice_line l JOIN track t USING (track_id)
        WHERE l.invoice_id = i.invoice_id AND l.unit_price * 100 > $3::int";
    let list = list(&with(LINE, "track", TRACK), lines, "t.name, l.invoice_line_id");
    let sql = format!(
        "SELECT {} FROM invoice i JOIN customer c USING (customer_id) WHERE extract(year FROM i.invoice_date) = $1::int
        AND (i.total * 100 > $2::int OR i.billing_country IS DISTINCT FROM c.country)
        ORDER BY i.total DESC, i.invoice_id",
        with(&with(INVOICE, "customer", CUSTOMER), "invoice_lines", &list),
    );
    // 2024 is a leap year; at no price at all the whole year is an answer, to its first and last day.
    let mut all = 0;
    for year in 2020..=2026 {
        for (above, plain) in [(0, 0), (1000, 99), (1386, 198)] {
            let query = questions::large_bills(year, Cents(above.into()), Cents(plain.into()));
            let rows = same(&db, &query, &sql, &[&i32::try_from(year).unwrap(), &above, &plain]).await;
            all += if above == 0 { rows } else { 0 };
        }
    }
    assert_eq!(all, 412);
}

#[tokio::test]
async fn chinook_question_the_account_of_a_customer() {
    let Some(db) = shop() else { return };
    let line = with(LINE, "track", &with(TRACK, "album", ALBUM));
    let lines = "invoice_line l JOIN track t USING (track_id) LEFT JOIN album al USING (album_id)
        WHERE l.invoice_id = i.invoice_id";
    let itemized = with(INVOICE, "invoice_lines", &list(&line, lines, "l.invoice_line_id"));
    for (asked, invoice) in [(true, itemized), (false, INVOICE.to_owned())] {
        let invoices = "invoice i WHERE i.customer_id = c.customer_id";
        let invoices = list(&invoice, invoices, "i.invoice_date DESC, i.invoice_id DESC");
        let sql = format!("SELECT {} FROM customer c WHERE c.customer_id = $1", with(CUSTOMER, "invoices", &invoices));
        for customer in [1, 2, 59, 60] {
            let rows = same(&db, &questions::account(customer, asked), &sql, &[&customer]).await;
            assert_eq!(rows, usize::from(customer < 60));
        }
    }
}

#[tokio::test]
async fn chinook_question_who_has_never_tried_a_genre() {
    let Some(db) = shop() else { return };
    let buyers = "SELECT i.customer_id FROM invoice i JOIN invoice_line l USING (invoice_id)
        JOIN track t USING (track_id) JOIN genre g USING (genre_id) WHERE g.name";
    let sql = format!(
        "SELECT {CUSTOMER} FROM customer c WHERE customer_id IN ({buyers} = $1) AND customer_id NOT IN ({buyers} = $2)
        ORDER BY c.company NULLS LAST, c.last_name, c.customer_id",
    );
    for (bought, never) in [("Blues", "Jazz"), ("Jazz", "Blues"), ("Rock", "Opera")] {
        let rows = same(&db, &questions::never_tried(bought, never), &sql, &[&bought, &never]).await;
        assert!(rows > 0, "{bought} and not {never}");
    }
    assert_eq!(same(&db, &questions::never_tried("Rock", "Rock"), &sql, &[&"Rock", &"Rock"]).await, 0);
}

#[tokio::test]
async fn chinook_question_genres_in_a_format() {
    let Some(db) = shop() else { return };
    let tracks = "track t JOIN media_type m USING (media_type_id)
        WHERE t.genre_id = g.genre_id AND position($1 IN m.name) > 0";
    let sql = format!(
        "SELECT {} FROM genre g WHERE EXISTS (SELECT 1 FROM {tracks}) ORDER BY g.name",
        with(GENRE, "tracks", &list(&with(TRACK, "media_type", MEDIA_TYPE), tracks, "t.track_id")),
    );
    for format in ["video", "AAC", "MPEG-4 v", "%"] {
        let rows = same(&db, &questions::genres_on(format), &sql, &[&format]).await;
        assert_eq!(rows > 0, format != "%", "{format}");
    }
}

#[tokio::test]
async fn chinook_question_the_search_page() {
    let Some(db) = shop() else { return };
    let sql = format!(
        "SELECT {} FROM track t LEFT JOIN album al USING (album_id) LEFT JOIN artist ar USING (artist_id)
        LEFT JOIN genre g USING (genre_id) WHERE ($1::text IS NULL OR t.name ILIKE '%' || $1 || '%')
        AND ($2::text IS NULL OR starts_with(ar.name, $2)) AND (cardinality($3::text[]) = 0 OR g.name = ANY($3))
        AND ($4 = false OR t.composer IS NULL) AND ($5::int IS NULL OR t.unit_price * 100 <= $5)
        ORDER BY t.name, t.track_id LIMIT $6 OFFSET $7",
        with(&with(TRACK, "album", &with(ALBUM, "artist", ARTIST)), "genre", GENRE),
    );
    let any = Search::default();
    let searches = [
        Search { title: Some("love"), genres: &["Rock", "Pop"], up_to: Some(Cents(99)), ..any.clone() },
        Search { artist: Some("U2"), ..any.clone() },
        Search { without_composer: true, genres: &["Drama"], ..any.clone() },
        Search { artist: Some("%"), ..any.clone() },
        Search { up_to: Some(Cents(98)), ..any.clone() },
        any,
    ];
    let mut hits = Vec::new();
    for asked in &searches {
        let price = asked.up_to.map(|price| i32::try_from(price.0).unwrap());
        for (rows, offset) in [(10_u32, 10_u32), (1, 0), (5_000, 0)] {
            let query = questions::search(asked).limit(rows.into()).offset(offset.into());
            let (limit, offset) = (i64::from(rows), i64::from(offset));
            let params: [&(dyn ToSql + Sync); 7] =
                [&asked.title, &asked.artist, &asked.genres, &asked.without_composer, &price, &limit, &offset];
            let found = same(&db, &query, &sql, &params).await;
            if rows == 5_000 {
                hits.push(found);
            }
        }
    }
    assert!(hits[..3].iter().all(|hits| *hits > 10) && hits[3..] == [0, 0, 3503], "{hits:?}");
}
