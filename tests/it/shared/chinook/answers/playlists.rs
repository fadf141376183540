//! The questions about playlists, a many-to-many from both sides, and about the longest tracks.

use relata::prelude::*;

use super::super::model::{Album, Playlist, PlaylistTrack, Track};
use super::super::{playlists, same, shop};
use super::{ALBUM, ARTIST, MEDIA_TYPE, TRACK, list, with};

const PLAYLIST: &str = "jsonb_build_object('id', p.playlist_id, 'name', p.name)";

#[tokio::test]
async fn chinook_question_playlists_of_an_artist() {
    let Some(db) = shop() else { return };
    let tracks = "playlist_track JOIN track t USING (track_id) JOIN album al USING (album_id)
        JOIN artist ar USING (artist_id) WHERE playlist_id = p.playlist_id AND ar.name = $1";
    let sql = format!(
        "SELECT {} FROM playlist p WHERE EXISTS (SELECT FROM {tracks}) ORDER BY p.playlist_id",
        with(PLAYLIST, "tracks", &list(&with(TRACK, "album", ALBUM), tracks, "t.name, t.track_id"))
    );
    for (artist, rows) in
        [("Metallica", 4), ("Lost", 2), ("Antal Doráti & London Symphony Orchestra", 5), ("Nobody", 0)]
    {
        let query = playlists::playlists_of(artist);
        assert_eq!((query.plan().statements(), query.plan().round_trips()), (2, 2), "the albums come with the tracks");
        assert_eq!(same(&db, &query, &sql, &[&artist]).await, rows, "{artist}");
    }
}

#[tokio::test]
async fn chinook_question_playlists_of_an_albums_tracks() {
    let Some(db) = shop() else { return };
    let playlists = "playlist_track JOIN playlist p USING (playlist_id) WHERE track_id = t.track_id";
    let track = with(TRACK, "playlists", &list(PLAYLIST, playlists, "p.name, p.playlist_id"));
    let tracks = list(&track, "track t WHERE t.album_id = al.album_id", "t.track_id");
    let sql =
        format!("SELECT {} FROM album al WHERE al.title = $1 ORDER BY al.album_id", with(ALBUM, "tracks", &tracks));
    for (album, rows) in [("Restless and Wild", 1), ("Greatest Hits", 1), ("Lost, Season 1", 1), ("None", 0)] {
        assert_eq!(same(&db, &playlists::places_of(album), &sql, &[&album]).await, rows, "{album}");
    }
}

#[tokio::test]
async fn chinook_question_every_playlist_with_its_tracks_and_every_track_with_its_playlists() {
    let Some(db) = shop() else { return };
    let tracks = "playlist_track JOIN track t USING (track_id) WHERE playlist_id = p.playlist_id";
    let playlists = "playlist_track JOIN playlist p USING (playlist_id) WHERE track_id = t.track_id";
    let of_playlists = format!(
        "SELECT {} FROM playlist p ORDER BY p.playlist_id",
        with(PLAYLIST, "tracks", &list(TRACK, tracks, "t.track_id"))
    );
    let of_tracks = format!(
        "SELECT {} FROM track t ORDER BY t.track_id",
        with(TRACK, "playlists", &list(PLAYLIST, playlists, "p.playlist_id"))
    );
    let tracks = Playlist.tracks.order_by(Track.id.asc());
    for (load, statements) in [(tracks.clone().select_in(), 2), (tracks.joined(), 1)] {
        let query = Playlist::query().order_by(Playlist.id.asc()).with(load);
        assert_eq!(query.plan().statements(), statements);
        assert_eq!(same(&db, &query, &of_playlists, &[]).await, 18);
    }
    let playlists = Track.playlists.order_by(Playlist.id.asc());
    for (load, statements) in [(playlists.clone().select_in(), 2), (playlists.joined(), 1)] {
        let query = Track::query().order_by(Track.id.asc()).with(load);
        assert_eq!(query.plan().statements(), statements);
        assert_eq!(same(&db, &query, &of_tracks, &[]).await, 3_503);
    }
    // The pairs are an entity like any other, with a key of two columns.
    let pair = PlaylistTrack::find((17, 2)).with(PlaylistTrack.track).with(PlaylistTrack.playlist);
    let row = "jsonb_build_object('playlist_id', playlist_id, 'track_id', track_id)";
    let sql = format!(
        "SELECT {} FROM playlist_track JOIN playlist p USING (playlist_id) JOIN track t USING (track_id)
        WHERE playlist_id = 17 AND track_id = 2",
        with(&with(row, "track", TRACK), "playlist", PLAYLIST)
    );
    assert_eq!(pair.plan().statements(), 1);
    assert_eq!(same(&db, &pair, &sql, &[]).await, 1);
}

#[tokio::test]
async fn chinook_question_the_five_longest_tracks_of_each_album() {
    let Some(db) = shop() else { return };
    let longest =
        "(SELECT * FROM track WHERE album_id = al.album_id ORDER BY milliseconds DESC, track_id LIMIT $2) AS t
        JOIN media_type m USING (media_type_id)";
    let tracks = list(&with(TRACK, "media_type", MEDIA_TYPE), longest, "t.milliseconds DESC, t.track_id");
    let albums =
        list(&with(ALBUM, "tracks", &tracks), "album al WHERE al.artist_id = ar.artist_id", "al.title, al.album_id");
    let sql = format!("SELECT {} FROM artist ar WHERE ar.name = $1", with(ARTIST, "albums", &albums));
    for (artist, count) in [("Led Zeppelin", 5), ("Lost", 5), ("Iron Maiden", 1), ("Queen", 0)] {
        let limit = i64::try_from(count).unwrap();
        assert_eq!(same(&db, &playlists::longest_tracks(artist, count), &sql, &[&artist, &limit]).await, 1, "{artist}");
    }

    // Of all albums, however they are fetched. Seven of them have two tracks of one length: the key decides.
    let longest =
        "(SELECT * FROM track WHERE album_id = al.album_id ORDER BY milliseconds DESC, track_id LIMIT 5) AS t";
    let sql = format!(
        "SELECT {} FROM album al ORDER BY al.album_id",
        with(ALBUM, "tracks", &list(TRACK, longest, "t.milliseconds DESC, t.track_id"))
    );
    let longest = Album.tracks.order_by(Track.milliseconds.desc()).limit(5);
    for (load, statements) in [
        (longest.clone().select_in(), 2),
        (longest.clone().select_in().window(), 2),
        (longest.clone().joined(), 1),
        (longest.joined().window(), 1),
    ] {
        let query = Album::query().order_by(Album.id.asc()).with(load);
        assert_eq!(query.plan().statements(), statements);
        assert_eq!(same(&db, &query, &sql, &[]).await, 347);
    }
}
