//! The page of types, `docs/types.md`, checked: each of its rows is a row of a table of types, and each of these is
//! there.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use super::cell::Row;

/// The tables of types: what each needs, as the page says it, and its rows.
pub type Tables<'t> = &'t [(&'t str, &'t [Row])];

/// What the first backquotes of a cell hold, or else the cell.
fn name(cell: &str) -> &str {
    cell.split('`').nth(1).unwrap_or(cell)
}

fn key(row: &Row) -> &'static str {
    match row.key {
        "exact" => "yes",
        "named" => "by its name",
        "database" => "by the database",
        "named_database" => "by its name, by the database",
        _ => "no",
    }
}

/// Compares the page with the tables, which hold what needs nothing, or all that needs something.
pub fn check(page: &Path, needs_nothing: bool, tables: Tables<'_>) {
    let text = fs::read_to_string(page).unwrap();
    let mut written = BTreeSet::new();
    for line in text.lines().filter(|line| line.starts_with("| `")) {
        let cells: Vec<&str> = line.trim_matches('|').split(" | ").map(str::trim).collect();
        let [sql, rust, needs, key, _] = cells[..] else { panic!("a row of five cells: {line}") };
        if (needs == "–") == needs_nothing {
            let line = [name(sql), name(rust), name(needs), key].map(str::to_owned);
            assert!(written.insert(line), "twice on the page: {line:?}", line = [sql, rust]);
        }
    }
    let mut tested = BTreeSet::new();
    for (needs, rows) in tables {
        for row in *rows {
            let line = [row.sql, row.rust, needs, key(row)].map(str::to_owned);
            assert!(tested.insert(line), "tested twice: {row:?}");
        }
    }
    let missing: Vec<_> = tested.difference(&written).collect();
    assert!(missing.is_empty(), "tested, and not on the page: {missing:#?}");
    let missing: Vec<_> = written.difference(&tested).collect();
    assert!(missing.is_empty(), "on the page, and not tested: {missing:#?}");
}
