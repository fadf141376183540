//! The answers as text: for each question its plan, its SQL, the first rows, and how many there are.

use std::io::Write;

use deadpool_postgres::Pool;
use relata::{Query, Shape};

use super::Outcome;
use super::cents::Cents;
use super::model::Employee;
use super::questions::{self, Found, Search};
use super::{playlists, staff};

/// The rows of an answer that are printed.
const FIRST: usize = 3;

pub async fn tell(db: &Pool, out: &mut impl Write) -> Outcome<()> {
    let trail = questions::trail("AC/DC");
    ask(db, out, "Who bought what of AC/DC?", &trail, |artist| {
        let mut text = named(artist.name.as_ref()).to_owned();
        for album in artist.albums() {
            for track in album.tracks().iter().take(2) {
                text += &format!("\n  {}, {}:", album.title, track.name);
                for line in track.invoice_lines() {
                    text += &format!(" {}", line.invoice().customer().last_name);
                }
            }
        }
        text
    })
    .await?;

    let heard = questions::heard_in("Norway");
    ask(db, out, "Which artists have buyers in Norway, and with which albums?", &heard, |artist| {
        let albums: Vec<_> = artist.albums().iter().map(|album| album.title.as_str()).collect();
        format!("{}: {}", named(artist.name.as_ref()), albums.join(", "))
    })
    .await?;

    let sales = questions::sales("Jazz", "Canada");
    ask(db, out, "Which jazz was sold to Canada?", &sales, |line| {
        let artist = line.track().album().and_then(|album| album.artist().name.as_ref());
        let customer = line.invoice().customer();
        format!("{} by {} to {} for {}", line.track().name, named(artist), customer.last_name, line.unit_price)
    })
    .await?;

    let shelved = questions::never_sold();
    ask(db, out, "Which albums has nobody bought a track of?", &shelved, |album| {
        format!("{} by {}", album.title, named(album.artist().name.as_ref()))
    })
    .await?;

    let complete = questions::sold_through("Rock");
    ask(db, out, "Which rock albums were sold to the last track?", &complete, |album| {
        let tracks: Vec<_> = album.tracks().iter().map(|track| track.name.as_str()).collect();
        format!("{} by {}: {}", album.title, named(album.artist().name.as_ref()), tracks.join(", "))
    })
    .await?;

    let bills = questions::large_bills(2025, Cents(10_00), Cents(99));
    ask(db, out, "Which bills of 2025 were above 10 or went abroad, and what was dear on them?", &bills, |bill| {
        let dear = bill.invoice_lines().iter().map(|line| format!("\n  {}", line.track().name));
        format!("{} to {}{}", bill.total, bill.customer().last_name, dear.collect::<String>())
    })
    .await?;

    let account = questions::account(2, true);
    ask(db, out, "What does the account of customer 2 say?", &account, |customer| {
        let mut text = format!("{} {}", customer.first_name, customer.last_name);
        for invoice in customer.invoices().iter().take(FIRST) {
            let lines = invoice.invoice_lines().map_or(0, |lines| lines.len());
            text += &format!("\n  {} for {lines} lines", invoice.total);
        }
        text
    })
    .await?;

    let untried = questions::never_tried("Blues", "Jazz");
    ask(db, out, "Who buys blues and has never bought jazz?", &untried, |customer| {
        format!("{} ({})", customer.last_name, customer.company.as_deref().unwrap_or("no company"))
    })
    .await?;

    let video = questions::genres_on("video");
    ask(db, out, "Which genres come as video?", &video, |genre| {
        format!("{}: {} tracks", named(genre.name.as_ref()), genre.tracks().len())
    })
    .await?;

    let played = playlists::playlists_of("Metallica");
    ask(db, out, "On which playlists is Metallica, and with what?", &played, |playlist| {
        let mut text = format!("{}: {} tracks", named(playlist.name.as_ref()), playlist.tracks().len());
        for track in playlist.tracks().iter().take(2) {
            text += &format!("\n  {} on {}", track.name, track.album().map_or("no album", |album| &album.title));
        }
        text
    })
    .await?;

    let placed = playlists::places_of("Restless and Wild");
    ask(db, out, "Which playlists play the tracks of `Restless and Wild`?", &placed, |album| {
        let mut text = album.title.clone();
        for track in album.tracks() {
            let playlists: Vec<_> = track.playlists().iter().map(|playlist| named(playlist.name.as_ref())).collect();
            text += &format!("\n  {}: {}", track.name, playlists.join(", "));
        }
        text
    })
    .await?;

    let longest = playlists::longest_tracks("Led Zeppelin", 5);
    ask(db, out, "Which five tracks of each album of Led Zeppelin are the longest?", &longest, |artist| {
        let mut text = named(artist.name.as_ref()).to_owned();
        for album in artist.albums().iter().take(FIRST) {
            let tracks: Vec<_> = album.tracks().iter().map(|track| track.name.as_str()).collect();
            text += &format!("\n  {}: {}", album.title, tracks.join(", "));
        }
        text
    })
    .await?;

    let command = staff::chain_of_command("Brazil");
    ask(db, out, "Who looks after the customers in Brazil, and who is above them?", &command, |customer| {
        let support = customer.support();
        let manager = support.and_then(|employee| employee.manager());
        let above = manager.and_then(|manager| manager.manager());
        let chain = [support.map(|one| title(one)), manager.map(|one| title(one)), above.map(title)];
        format!("{}: {}", customer.last_name, chain.into_iter().flatten().collect::<Vec<_>>().join(", then "))
    })
    .await?;

    ask(db, out, "Who reports to whom?", &staff::organisation(), |head| {
        let mut text = title(head);
        for manager in head.staff() {
            text += &format!("\n  {}", title(manager));
            for employee in manager.staff() {
                text += &format!("\n    {}", title(employee));
            }
        }
        text
    })
    .await?;

    ask(db, out, "Whom does each employee look after, and what did these buy last?", &staff::served(), |employee| {
        let mut text = format!("{}: {} customers", title(employee), employee.customers().len());
        for customer in employee.customers().iter().take(2) {
            let last = customer.invoices().first().map(|invoice| invoice.total.to_string());
            text += &format!("\n  {} for {}", customer.last_name, last.as_deref().unwrap_or("nothing"));
        }
        text
    })
    .await?;

    let asked = Search { title: Some("love"), genres: &["Rock", "Pop"], up_to: Some(Cents(99)), ..Search::default() };
    let page = questions::search(&asked);
    let hits = page.count(db).await?;
    let text = format!("The search page, `love` in rock and pop: page 2 of {}", hits.div_ceil(10));
    ask(db, out, &text, &page.limit(10).offset(10), found).await
}

fn found(track: &Found) -> String {
    let artist = track.album().and_then(|album| album.artist().name.as_ref());
    let genre = track.genre().and_then(|genre| genre.name.as_ref());
    format!("{} by {}, {}", track.name, named(artist), named(genre))
}

fn title(employee: &Employee) -> String {
    format!("{} {} ({})", employee.first_name, employee.last_name, employee.title.as_deref().unwrap_or("no title"))
}

fn named(name: Option<&String>) -> &str {
    name.map_or("(no name)", String::as_str)
}

/// Prints a question and its answer.
async fn ask<T: Shape>(
    db: &Pool,
    out: &mut impl Write,
    question: &str,
    query: &Query<T>,
    row: impl Fn(&T) -> String,
) -> Outcome<()> {
    writeln!(out, "# {question}\n\n{}\n{}", query.plan(), query.to_sql())?;
    let rows = query.all(db).await?;
    for one in rows.iter().take(FIRST) {
        writeln!(out, "{}", row(one))?;
    }
    // The server can say as much by itself, without sending a row.
    let (count, exists) = (query.count(db).await?, query.exists(db).await?);
    writeln!(out, "-- rows: {}; count: {count}; exists: {exists}\n", rows.len())?;
    Ok(())
}
