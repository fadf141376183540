//! What `check` says of this database: it fits the example's entities; without its indexes, each that was of use.

use relata::check::{FindingKind, Report};

use super::model::Track;
use super::{FILE, script};
use crate::support::{World, data};

/// All indexes that are no key's, as the script names and makes them; whether a load has a use for it.
const INDEXES: [(&str, &str, bool); 11] = [
    ("album", "artist_id", true),
    ("customer", "support_rep_id", true),
    ("employee", "reports_to", true),
    ("invoice", "customer_id", true),
    ("invoice_line", "invoice_id", true),
    ("invoice_line", "track_id", true),
    // The primary key begins with it.
    ("playlist_track", "playlist_id", false),
    ("playlist_track", "track_id", true),
    ("track", "album_id", true),
    ("track", "genre_id", true),
    ("track", "media_type_id", true),
];

async fn report(world: &World) -> Report {
    // Every table is reached from the tracks.
    relata::check::<Track>(&world.pool).await.unwrap()
}

#[tokio::test]
async fn chinook_check_finds_nothing_until_the_indexes_are_gone() {
    let Some(file) = data::file(FILE) else { return };
    let world = World::new(&script::read(&file).unwrap()).await;
    assert_eq!(report(&world).await.to_string(), "11 entities: nothing found");
    let others = "SELECT c.relname::text FROM pg_index JOIN pg_class c ON c.oid = indexrelid
        WHERE relnamespace = current_schema::regnamespace AND NOT indisunique ORDER BY 1";
    let rows = world.client().await.query(others, &[]).await.unwrap();
    let mut names: Vec<_> = INDEXES.iter().map(|(table, column, _)| format!("{table}_{column}_idx")).collect();
    names.sort_unstable();
    assert_eq!(rows.iter().map(|row| row.get(0)).collect::<Vec<String>>(), names);

    world.execute(&format!("DROP INDEX {}", names.join(", "))).await;
    let found = report(&world).await;
    let mut missing: Vec<_> = found
        .findings()
        .iter()
        .map(|finding| {
            assert_eq!(finding.kind(), FindingKind::MissingIndex, "{found}");
            (finding.table(), finding.columns().join(", "))
        })
        .collect();
    missing.sort_unstable();
    let of_use = INDEXES.iter().filter(|(_, _, of_use)| *of_use);
    assert_eq!(missing, of_use.map(|(table, column, _)| (*table, (*column).to_owned())).collect::<Vec<_>>());

    for fix in found.findings().iter().filter_map(|finding| finding.fix()) {
        world.execute(fix).await;
    }
    assert_eq!(report(&world).await.to_string(), "11 entities: nothing found");
}
