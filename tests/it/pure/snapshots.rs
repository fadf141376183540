//! Every kind of relation under every strategy: its plan, its statements and their parameters, as texts that are kept.
//!
//! The same queries run on a database in `shared/snapshots.rs`, so that a text, what it costs and what it gives stand
//! together in one file. `RELATA_SNAPSHOTS=write` and the test there write the files anew.

pub mod file;
mod list;
mod model;

pub use list::{KINDS, cases};
pub use model::SCRIPT;

#[test]
fn plans_and_statements_are_those_that_were_read() {
    for kind in KINDS {
        let kept = file::read(kind);
        let cases = cases(kind);
        let names: Vec<&str> = kept.iter().map(|section| section.name.as_str()).collect();
        assert_eq!(names, cases.iter().map(|case| case.name).collect::<Vec<_>>(), "{kind}");
        for (case, section) in cases.iter().zip(&kept) {
            assert_eq!(case.text(), section.text, "{kind}, {}", case.name);
        }
    }
}

/// Whatever the strategy, what is asked for is asked for with as many parameters as the text has places.
#[test]
fn every_placeholder_has_its_parameter() {
    for case in KINDS.into_iter().flat_map(cases) {
        for statement in &case.query.statements() {
            let text = statement.text();
            let params = statement.params().len();
            assert!((1..=params).all(|at| text.contains(&format!("${at}"))), "{text}");
            assert!(!text.contains(&format!("${}", params + 1)), "{text}");
        }
    }
}
