//! What a record shop asks of its data: each question is a query, whose type says what the answer holds.

use std::time::{Duration, SystemTime};

use relata::Query;
use relata::prelude::*;

use super::cents::Cents;
use super::model::{Album, Artist, Customer, Genre, Invoice, InvoiceLine, Track};

pub type Trail = loaded!(Artist { albums { tracks { invoice_lines { invoice { customer } } } } });

/// Who bought what of this artist? Six levels, from the artist to the customers.
pub fn trail(artist: &str) -> Query<Trail> {
    let lines = Track.invoice_lines.order_by(InvoiceLine.id.asc()).with(InvoiceLine.invoice.with(Invoice.customer));
    let tracks = Album.tracks.order_by(Track.id.asc()).with(lines);
    Artist::query()
        .filter(Artist.name.eq(artist))
        .order_by(Artist.id.asc())
        .with(Artist.albums.order_by(Album.title.asc()).order_by(Album.id.asc()).with(tracks))
}

pub type Heard = loaded!(Artist { albums });

/// Which artists have buyers in this country, and with which albums? The filter goes over five relations; the load
/// asks the same of the albums, from where they stand.
pub fn heard_in(country: &str) -> Query<Heard> {
    let bought_there = InvoiceLine.invoice.customer.country.eq(country);
    let albums = Artist.albums.filter(Album.tracks.invoice_lines.any(bought_there.clone()));
    Artist::query()
        .filter(Artist.albums.tracks.invoice_lines.any(bought_there))
        .order_by(Artist.name.asc())
        .order_by(Artist.id.asc())
        .with(albums.order_by(Album.title.desc()).order_by(Album.id.asc()))
}

pub type Sale = loaded!(InvoiceLine { track { album { artist } }, invoice { customer } });

/// What was sold of this genre to this country? The filter and the order follow paths of up to four relations.
pub fn sales(genre: &str, country: &str) -> Query<Sale> {
    InvoiceLine::query()
        .filter(InvoiceLine.track.genre.name.eq(genre) & InvoiceLine.invoice.customer.country.eq(country))
        .order_by(InvoiceLine.track.album.artist.name.asc().nulls_last())
        .order_by(InvoiceLine.invoice.date.desc())
        .order_by(InvoiceLine.id.asc())
        .with(InvoiceLine.track.with(Track.album.with(Album.artist)))
        .with(InvoiceLine.invoice.with(Invoice.customer))
}

pub type Shelved = loaded!(Album { artist });

/// Which albums has nobody bought a single track of?
pub fn never_sold() -> Query<Shelved> {
    Album::query()
        .filter(Album.tracks.invoice_lines.none(Predicate::always()))
        .order_by(Album.artist.name.asc())
        .order_by(Album.title.asc())
        .order_by(Album.id.asc())
        .with(Album.artist)
}

pub type Complete = loaded!(Album { artist, tracks { genre, media_type } });

/// Which albums of this genre were sold to the last track?
pub fn sold_through(genre: &str) -> Query<Complete> {
    let tracks = Album.tracks.order_by(Track.milliseconds.desc()).order_by(Track.id.asc());
    Album::query()
        .filter(
            Album.tracks.any(Track.genre.name.eq(genre))
                & Album.tracks.every(Track.invoice_lines.any(Predicate::always())),
        )
        .order_by(Album.id.asc())
        .with(Album.artist)
        .with(tracks.with(Track.genre).with(Track.media_type))
}

pub type Bill = loaded!(Invoice { customer, invoice_lines { track } });

/// Which bills of that year were for more than this, or went to another country than the customer's? With those of
/// their lines that cost more than a plain track.
pub fn large_bills(year: u32, above: Cents, plain: Cents) -> Query<Bill> {
    let abroad = Invoice.billing.country.is_distinct_from(Invoice.customer.country);
    let large = Invoice.total.gt(above);
    Invoice::query()
        .filter(Invoice.date.ge(new_year(year)) & Invoice.date.lt(new_year(year + 1)) & (large | abroad))
        .order_by(Invoice.total.desc())
        .order_by(Invoice.id.asc())
        .with(Invoice.customer)
        .with(
            Invoice
                .invoice_lines
                .filter(InvoiceLine.unit_price.gt(plain))
                .order_by(InvoiceLine.track.name.asc())
                .order_by(InvoiceLine.id.asc())
                .with(InvoiceLine.track),
        )
}

/// The year's first moment; the shop keeps its time in UTC.
fn new_year(year: u32) -> SystemTime {
    let before = u64::from(year.max(1970) - 1);
    let leap_days = before / 4 - before / 100 + before / 400 - (1969 / 4 - 1969 / 100 + 1969 / 400);
    SystemTime::UNIX_EPOCH + Duration::from_secs((365 * (before - 1969) + leap_days) * 86_400)
}

pub type Account = loaded!(Customer { invoices { invoice_lines? { track { album } } } });

/// What does this customer's account say? With its lines, if they are asked for.
pub fn account(customer: i32, itemized: bool) -> Query<Account> {
    let lines = Invoice.invoice_lines.order_by(InvoiceLine.id.asc()).with(InvoiceLine.track.with(Track.album));
    let invoices = Customer.invoices.order_by(Invoice.date.desc()).order_by(Invoice.id.desc());
    Customer::find(customer).with(invoices.with_if(itemized, lines))
}

/// Who buys the one genre and has never bought the other? Companies first, by name.
pub fn never_tried(bought: &str, never: &str) -> Query<Customer> {
    let genre = |name: &str| InvoiceLine.track.genre.name.eq(name);
    Customer::query()
        .filter(Customer.invoices.invoice_lines.any(genre(bought)) & Customer.invoices.invoice_lines.none(genre(never)))
        .order_by(Customer.company.asc().nulls_last())
        .order_by(Customer.last_name.asc())
        .order_by(Customer.id.asc())
}

pub type Format = loaded!(Genre { tracks { media_type } });

/// Which genres come in a format that is named so, and with which tracks?
pub fn genres_on(format: &str) -> Query<Format> {
    let named_so = Track.media_type.name.contains(format);
    Genre::query()
        .filter(Genre.tracks.any(named_so.clone()))
        .order_by(Genre.name.asc())
        .with(Genre.tracks.filter(named_so).order_by(Track.id.asc()).with(Track.media_type))
}

/// What a visitor may fill in on the search page.
#[derive(Debug, Clone, Default)]
pub struct Search<'a> {
    pub title: Option<&'a str>,
    pub artist: Option<&'a str>,
    pub genres: &'a [&'a str],
    pub without_composer: bool,
    pub up_to: Option<Cents>,
}

pub type Found = loaded!(Track { album { artist }, genre });

/// Which tracks does the search page show? What is left empty leaves no trace. `count` of this query is the number of
/// hits; `limit` and `offset` make its pages, and complete the order by the key.
pub fn search(asked: &Search<'_>) -> Query<Found> {
    let mut found = Predicate::always();
    if let Some(title) = asked.title {
        found &= Track.name.ilike(format!("%{title}%"));
    }
    if let Some(artist) = asked.artist {
        found &= Track.album.artist.name.starts_with(artist);
    }
    if !asked.genres.is_empty() {
        found &= Track.genre.name.is_in(asked.genres.iter().copied());
    }
    if asked.without_composer {
        found &= Track.composer.is_null();
    }
    if let Some(price) = asked.up_to {
        found &= Track.unit_price.le(price);
    }
    Track::query().filter(found).order_by(Track.name.asc()).with(Track.album.with(Album.artist)).with(Track.genre)
}
