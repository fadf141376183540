//! The record shop: its eleven tables as entities, each relation declared from both sides.
//!
//! The tables were there first. A key is `id` here and `artist_id` there, and an entity maps the columns that the shop
//! asks about, not all that there are.

use std::time::SystemTime;

use relata::prelude::*;
use serde::Serialize;

use super::cents::Cents;

#[derive(Entity, Debug, Clone, PartialEq, Serialize)]
#[entity(table = "artist")]
#[has_many(albums: Vec<Album>, by = artist_id)]
pub struct Artist {
    #[key]
    #[column(name = "artist_id")]
    pub id: i32,
    pub name: Option<String>,
}

#[derive(Entity, Debug, Clone, PartialEq, Serialize)]
#[entity(table = "album")]
#[belongs_to(artist: Artist, by = artist_id)]
#[has_many(tracks: Vec<Track>, by = album_id)]
pub struct Album {
    #[key]
    #[column(name = "album_id")]
    pub id: i32,
    pub title: String,
    pub artist_id: i32,
}

#[derive(Entity, Debug, Clone, PartialEq, Serialize)]
#[entity(table = "genre")]
#[has_many(tracks: Vec<Track>, by = genre_id)]
pub struct Genre {
    #[key]
    #[column(name = "genre_id")]
    pub id: i32,
    pub name: Option<String>,
}

#[derive(Entity, Debug, Clone, PartialEq, Serialize)]
#[entity(table = "media_type")]
#[has_many(tracks: Vec<Track>, by = media_type_id)]
pub struct MediaType {
    #[key]
    #[column(name = "media_type_id")]
    pub id: i32,
    pub name: Option<String>,
}

#[derive(Entity, Debug, Clone, PartialEq, Serialize)]
#[entity(table = "track")]
#[belongs_to(album: Option<Album>, by = album_id)] // a track need not be on an album
#[belongs_to(genre: Option<Genre>, by = genre_id)]
#[belongs_to(media_type: MediaType, by = media_type_id)]
#[has_many(invoice_lines: Vec<InvoiceLine>, by = track_id)]
#[many_to_many(playlists: Vec<Playlist>, through = PlaylistTrack, by = (track, playlist))]
pub struct Track {
    #[key]
    #[column(name = "track_id")]
    pub id: i32,
    pub name: String,
    pub composer: Option<String>,
    pub milliseconds: i32,
    pub unit_price: Cents,
    pub album_id: Option<i32>,
    pub genre_id: Option<i32>,
    pub media_type_id: i32,
}

#[derive(Entity, Debug, Clone, PartialEq, Serialize)]
#[entity(table = "playlist")]
#[many_to_many(tracks: Vec<Track>, through = PlaylistTrack, by = (playlist, track))]
pub struct Playlist {
    #[key]
    #[column(name = "playlist_id")]
    pub id: i32,
    pub name: Option<String>,
}

/// What connects playlists and tracks: a row of it is the pair of their keys.
#[derive(Entity, Debug, Clone, PartialEq, Serialize)]
#[entity(table = "playlist_track")]
#[belongs_to(playlist: Playlist, by = playlist_id)]
#[belongs_to(track: Track, by = track_id)]
pub struct PlaylistTrack {
    #[key]
    pub playlist_id: i32,
    #[key]
    pub track_id: i32,
}

#[derive(Entity, Debug, Clone, PartialEq, Serialize)]
#[entity(table = "employee")]
#[belongs_to(manager: Option<Employee>, by = reports_to)] // the general manager has none
#[has_many(staff: Vec<Employee>, by = reports_to)]
#[has_many(customers: Vec<Customer>, by = support_rep_id)]
pub struct Employee {
    #[key]
    #[column(name = "employee_id")]
    pub id: i32,
    pub first_name: String,
    pub last_name: String,
    pub title: Option<String>,
    pub reports_to: Option<i32>,
}

#[derive(Entity, Debug, Clone, PartialEq, Serialize)]
#[entity(table = "customer")]
#[belongs_to(support: Option<Employee>, by = support_rep_id)]
#[has_many(invoices: Vec<Invoice>, by = customer_id)]
pub struct Customer {
    #[key]
    #[column(name = "customer_id")]
    pub id: i32,
    pub first_name: String,
    pub last_name: String,
    pub company: Option<String>,
    pub city: Option<String>,
    pub country: Option<String>,
    pub support_rep_id: Option<i32>,
}

/// Where a bill goes: columns of the invoice that belong together.
#[derive(Embed, Debug, Clone, PartialEq, Serialize)]
pub struct Address {
    #[column(name = "billing_city")]
    pub city: Option<String>,
    #[column(name = "billing_country")]
    pub country: Option<String>,
}

#[derive(Entity, Debug, Clone, PartialEq, Serialize)]
#[entity(table = "invoice")]
#[belongs_to(customer: Customer, by = customer_id)]
#[has_many(invoice_lines: Vec<InvoiceLine>, by = invoice_id)]
pub struct Invoice {
    #[key]
    #[column(name = "invoice_id")]
    pub id: i32,
    #[column(name = "invoice_date")]
    pub date: SystemTime,
    pub total: Cents,
    #[column(embed)]
    pub billing: Address,
    pub customer_id: i32,
}

#[derive(Entity, Debug, Clone, PartialEq, Serialize)]
#[entity(table = "invoice_line")]
#[belongs_to(invoice: Invoice, by = invoice_id)]
#[belongs_to(track: Track, by = track_id)]
pub struct InvoiceLine {
    #[key]
    #[column(name = "invoice_line_id")]
    pub id: i32,
    pub unit_price: Cents,
    pub quantity: i32,
    pub invoice_id: i32,
    pub track_id: i32,
}
