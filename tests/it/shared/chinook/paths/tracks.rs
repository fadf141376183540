//! Questions about tracks, where they are heard, and what they have in common.

use relata::prelude::*;
use relata::{Select, Selectable, Window, case, count, exists, ntile, outer, row_number};

use super::super::model::{Album, Artist, InvoiceLine, Playlist, Track};
use super::super::{same as same_rows, shop};
use crate::support::selected::same;

/// How many tracks are short, and how many long, by their format? The classes are made of parameters, and the rows of one
/// class are one group all the same.
#[tokio::test]
async fn question_tracks_by_length() {
    let Some(db) = shop() else { return };
    let by_length = |short: i32, long: i32| {
        let class =
            case(Track.milliseconds.lt(short), "short").when(Track.milliseconds.lt(long), "middle").otherwise("long");
        Track::query()
            .group_by((class.clone(), Track.media_type.name))
            .select((class.clone(), Track.media_type.name, count(), Track.milliseconds.avg::<f64>()))
            .order_by(class.asc())
            .order_by(Track.media_type.name.asc())
    };
    let sql = "SELECT class, name, count(*), avg(milliseconds)::float8 FROM (SELECT milliseconds, m.name,
            (ARRAY['short', 'middle', 'long'])[1 + (milliseconds >= $1)::int + (milliseconds >= $2)::int] AS class
            FROM track JOIN media_type m USING (media_type_id)) AS classes GROUP BY 1, 2 ORDER BY 1, 2";
    for (short, long) in [(180_000, 360_000), (0, i32::MAX), (60_000, 60_001)] {
        let rows: Vec<(String, Option<String>, i64, Option<f64>)> =
            same(&db, &by_length(short, long), sql, &[&short, &long]).await;
        assert_eq!(rows.iter().map(|row| row.2).sum::<i64>(), 3503);
    }
    assert_eq!(by_length(1, 2).to_sql().text(), by_length(3, 4).to_sql().text());
}

/// Which albums does one composer alone share out, and what is on them? The condition is of the whole group.
#[tokio::test]
async fn question_albums_of_one_composer() {
    let Some(db) = shop() else { return };
    let tracks = Album.tracks.each();
    let albums = Album::query()
        .group_by((Album.id, Album.title, Album.artist.name))
        .having(
            tracks.composer.count_distinct().eq(1) & count().ge(3) & tracks.composer.is_not_null().bool_and().eq(true),
        )
        .select((
            Album.title,
            Album.artist.name,
            tracks.composer.min(),
            tracks.name.string_agg(" / ").order_by(tracks.id.asc()),
            tracks.milliseconds.array_agg().order_by(tracks.milliseconds.desc()),
        ))
        .order_by(Album.title.asc())
        .order_by(Album.id.asc());
    let sql = "SELECT title, ar.name, t.composer, t.names, t.lengths
        FROM album al JOIN artist ar USING (artist_id) JOIN (SELECT album_id, min(composer) AS composer,
            string_agg(name, ' / ' ORDER BY track_id) AS names, array_agg(milliseconds ORDER BY milliseconds DESC) AS lengths
            FROM track GROUP BY 1
            HAVING min(composer) = max(composer) AND count(*) = count(composer) AND count(*) >= 3) AS t USING (album_id)
        ORDER BY title, album_id";
    let rows: Vec<(String, Option<String>, Option<String>, Option<String>, Option<Vec<i32>>)> =
        same(&db, &albums, sql, &[]).await;
    assert!(rows.len() > 20, "{}", rows.len());
}

/// How long is each playlist, how much of it was ever sold, and of how many genres and artists is it?
#[tokio::test]
async fn question_playlists_and_what_is_on_them() {
    let Some(db) = shop() else { return };
    let tracks = Playlist.tracks;
    let playlists = Playlist::query().order_by(tracks.count().desc()).order_by(Playlist.id.asc()).select((
        Playlist.name,
        tracks.count(),
        tracks.sum(Track.milliseconds).cast::<i64>().or(0) / 60_000,
        tracks.count().filter(Track.invoice_lines.exists()),
        tracks.count_distinct(Track.genre.name),
        tracks.count_distinct(Track.album.artist_id),
        tracks.any(Track.composer.is_null()),
    ));
    let sql = "SELECT p.name, count(t.track_id), coalesce(sum(milliseconds), 0)::int8 / 60000,
            count(t.track_id) FILTER (WHERE t.track_id IN (SELECT track_id FROM invoice_line)), count(DISTINCT g.name),
            count(DISTINCT artist_id), coalesce(bool_or(t.composer IS NULL AND t.track_id IS NOT NULL), false)
        FROM playlist p LEFT JOIN playlist_track USING (playlist_id) LEFT JOIN track t USING (track_id)
        LEFT JOIN genre g USING (genre_id) LEFT JOIN album USING (album_id)
        GROUP BY p.playlist_id ORDER BY 2 DESC, p.playlist_id";
    assert_eq!(same(&db, &playlists, sql, &[]).await.len(), 18);
}

/// Which playlists hold every track of an album of this artist? No track of it is on no such playlist: the innermost
/// condition names the playlist around it.
fn complete(artist: &str) -> Select<Playlist, impl Selectable<Playlist, Out = (i32, Option<String>)>> {
    let missing = Track.album_id.eq(outer(Album.id)) & Track.playlists.none(Playlist.id.eq(outer(Playlist.id)));
    let whole = Album.artist.name.eq(artist) & !exists(Track::query().filter(missing));
    Playlist::query()
        .filter(exists(Album::query().filter(whole)))
        .order_by(Playlist.id.asc())
        .select((Playlist.id, Playlist.name))
}

#[tokio::test]
async fn question_playlists_that_hold_a_whole_album() {
    let Some(db) = shop() else { return };
    let sql = "SELECT DISTINCT p.playlist_id, p.name FROM playlist p JOIN playlist_track USING (playlist_id)
        JOIN track t USING (track_id) JOIN album al USING (album_id) JOIN artist ar USING (artist_id) WHERE ar.name = $1
        GROUP BY p.playlist_id, al.album_id HAVING count(*) = (SELECT count(*) FROM track WHERE album_id = al.album_id)
        ORDER BY p.playlist_id";
    for (artist, playlists) in [("AC/DC", 2), ("Battlestar Galactica", 2), ("Philip Glass Ensemble", 5), ("Nobody", 0)]
    {
        assert_eq!(same(&db, &complete(artist), sql, &[&artist]).await.len(), playlists, "{artist}");
    }
}

/// Which tracks were bought in both of these countries, in either, in the one alone? Sets of whole rows.
#[tokio::test]
async fn question_tracks_bought_in_two_countries() {
    let Some(db) = shop() else { return };
    let bought = |country: &str| {
        Track::query().filter(Track.invoice_lines.any(InvoiceLine.invoice.customer.country.eq(country)))
    };
    let sql = |operator: &str| {
        let bought = |country: &str| {
            format!(
                "SELECT t.track_id FROM track t JOIN invoice_line USING (track_id) JOIN invoice USING (invoice_id)
                JOIN customer USING (customer_id) WHERE country = {country}"
            )
        };
        format!(
            "SELECT jsonb_build_object('id', t.track_id, 'name', t.name, 'composer', t.composer,
                'milliseconds', t.milliseconds, 'unit_price', (t.unit_price * 100)::bigint, 'album_id', t.album_id,
                'genre_id', t.genre_id, 'media_type_id', t.media_type_id)
            FROM track t WHERE track_id IN ({} {operator} {}) ORDER BY track_id",
            bought("$1"),
            bought("$2")
        )
    };
    let (one, other) = ("Canada", "France");
    let both = bought(one).intersect(bought(other)).order_by(Track.id.asc());
    let either = bought(one).union(bought(other)).order_by(Track.id.asc());
    let alone = bought(one).except(bought(other)).order_by(Track.id.asc());
    let both = same_rows(&db, &both, &sql("INTERSECT"), &[&one, &other]).await;
    let either = same_rows(&db, &either, &sql("UNION"), &[&one, &other]).await;
    let alone = same_rows(&db, &alone, &sql("EXCEPT"), &[&one, &other]).await;
    let of_one = bought(one).count(&db).await.unwrap();
    let of_other = bought(other).count(&db).await.unwrap();
    assert_eq!((both + alone, both + either), (of_one as usize, (of_one + of_other) as usize));
    assert!(both > 0, "{both}");
}

/// Which artists have had every album of theirs bought from, have more than one, and are on no playlist that is named so?
#[tokio::test]
async fn question_artists_all_of_whose_albums_sell() {
    let Some(db) = shop() else { return };
    let never_on = |playlist: &str| {
        Artist::query()
            .filter(
                Artist.albums.count().gt(1)
                    & Artist.albums.every(Album.tracks.invoice_lines.exists())
                    & Artist.albums.tracks.playlists.none(Playlist.name.contains(playlist)),
            )
            .order_by(Artist.albums.tracks.count().desc())
            .order_by(Artist.id.asc())
            .select((Artist.name, Artist.albums.count(), Artist.albums.tracks.count()))
    };
    let sql = "SELECT ar.name, count(DISTINCT al.album_id), count(DISTINCT t.track_id)
        FROM artist ar JOIN album al USING (artist_id) LEFT JOIN track t USING (album_id)
        LEFT JOIN invoice_line l USING (track_id)
        WHERE artist_id NOT IN (SELECT artist_id FROM album JOIN track USING (album_id) JOIN playlist_track
            USING (track_id) JOIN playlist p USING (playlist_id) WHERE p.name LIKE '%' || $1::text || '%')
        GROUP BY ar.artist_id
        HAVING count(DISTINCT al.album_id) > 1
            AND count(DISTINCT al.album_id) = count(DISTINCT al.album_id) FILTER (WHERE l.invoice_line_id IS NOT NULL)
        ORDER BY 3 DESC, ar.artist_id";
    for (playlist, artists) in [("90", 16), ("Grunge", 50), ("Music", 2), ("100%", 52)] {
        assert_eq!(same(&db, &never_on(playlist), sql, &[&playlist]).await.len(), artists, "{playlist}");
    }
}

/// What is the longest track of each genre, and how do all of a genre fall into four parts? Of each genre's tracks by
/// length, the first, with its number and quarter among those of its format.
#[tokio::test]
async fn question_longest_track_of_each_genre() {
    let Some(db) = shop() else { return };
    let by_length =
        Window::new().partition_by(Track.media_type_id).order_by(Track.milliseconds.desc()).order_by(Track.id.asc());
    let longest = Track::query()
        .distinct_on(Track.genre.name)
        .order_by(Track.genre.name.asc())
        .order_by(Track.milliseconds.desc())
        .order_by(Track.id.asc())
        .select((
            Track.genre.name,
            Track.name,
            Track.album.title.upper(),
            Track.name.length() % 7,
            row_number().over(by_length.clone()),
            ntile(4).over(by_length),
        ));
    let sql = "WITH numbered AS (SELECT *, row_number() OVER (PARTITION BY media_type_id
                ORDER BY milliseconds DESC, track_id) AS n, ntile(4) OVER (PARTITION BY media_type_id
                ORDER BY milliseconds DESC, track_id) AS quarter FROM track)
        SELECT g.name, t.name, upper(al.title), mod(length(t.name), 7), n, quarter
        FROM numbered t JOIN genre g USING (genre_id) LEFT JOIN album al USING (album_id)
        WHERE NOT EXISTS (SELECT FROM track o WHERE o.genre_id = t.genre_id
            AND (o.milliseconds > t.milliseconds OR o.milliseconds = t.milliseconds AND o.track_id < t.track_id))
        ORDER BY g.name";
    assert_eq!(same(&db, &longest, sql, &[]).await.len(), 25);
}
