//! The queries of `pure/snapshots.rs`, run: what each of their texts gives.

use std::env;

use serde_json::Value;

use crate::pure::snapshots::file::{Section, read, write};
use crate::pure::snapshots::{KINDS, SCRIPT, cases};
use crate::support::World;
use crate::support::trace::listen;

/// Sorts the collections, which are in no order; the query's own rows are in one.
fn settle(value: &mut Value) {
    match value {
        Value::Array(all) => {
            all.iter_mut().for_each(settle);
            all.sort_by_key(Value::to_string);
        }
        Value::Object(members) => members.values_mut().for_each(settle),
        _ => {}
    }
}

#[tokio::test]
async fn plans_statements_and_rows_belong_together() {
    let world = World::new(SCRIPT).await;
    let anew = env::var_os("RELATA_SNAPSHOTS").is_some_and(|value| value == "write");
    for kind in KINDS {
        let mut kept = read(kind);
        let mut written = Vec::new();
        for case in cases(kind) {
            let listener = listen();
            let mut rows = case.query.rows(&world.pool).await;
            let ran: Vec<String> = listener.take().into_iter().map(|ran| ran.sql).collect();
            let texts: Vec<String> = case.query.statements().iter().map(|one| one.text().to_owned()).collect();
            assert_eq!(ran.len(), case.query.plan().statements(), "{kind}, {}: no level is empty", case.name);
            assert!(texts.iter().all(|text| ran.contains(text)), "{kind}, {}: what is shown is what ran", case.name);
            if !case.ordered {
                rows.iter_mut().for_each(settle);
            }
            let rows: Vec<String> = rows.iter().map(Value::to_string).collect();
            if anew {
                written.push(Section { name: case.name.to_owned(), text: case.text(), rows });
                continue;
            }
            let at = kept.iter().position(|section| section.name == case.name);
            let section = kept.remove(at.unwrap_or_else(|| panic!("{kind} has no section `{}`", case.name)));
            assert_eq!(rows, section.rows, "{kind}, {}", case.name);
        }
        if anew {
            write(kind, &written);
        } else {
            assert!(kept.is_empty(), "{kind}: {} are no queries", kept.len());
        }
    }
    assert!(!anew, "the snapshots were written anew: read them");
}
