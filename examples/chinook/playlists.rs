//! Questions about playlists and tracks, which lead to each other through the pairs of their keys.

use relata::Query;
use relata::prelude::*;

use super::model::{Album, Artist, Playlist, Track};

pub type Played = loaded!(Playlist { tracks { album } });

/// On which playlists is this artist, and with which tracks? What the tracks have to meet is written once: it keeps the
/// playlists that have such tracks, and loads these.
pub fn playlists_of(artist: &str) -> Query<Played> {
    let by_artist = Playlist.tracks.filter(Track.album.artist.name.eq(artist));
    Playlist::query()
        .with_matching(by_artist.order_by(Track.name.asc()).order_by(Track.id.asc()).with(Track.album))
        .order_by(Playlist.id.asc())
}

pub type Placed = loaded!(Album { tracks { playlists } });

/// Which playlists play the tracks of this album?
pub fn places_of(album: &str) -> Query<Placed> {
    let playlists = Track.playlists.order_by(Playlist.name.asc()).order_by(Playlist.id.asc());
    Album::query()
        .filter(Album.title.eq(album))
        .order_by(Album.id.asc())
        .with(Album.tracks.order_by(Track.id.asc()).with(playlists))
}

pub type Longest = loaded!(Artist { albums { tracks { media_type } } });

/// Which tracks of each of this artist's albums are the longest? So many for each album, not in all; of equally long
/// tracks the key decides.
pub fn longest_tracks(artist: &str, count: u64) -> Query<Longest> {
    let longest = Album.tracks.order_by(Track.milliseconds.desc()).limit(count).with(Track.media_type);
    Artist::query()
        .filter(Artist.name.eq(artist))
        .order_by(Artist.id.asc())
        .with(Artist.albums.order_by(Album.title.asc()).order_by(Album.id.asc()).with(longest))
}
