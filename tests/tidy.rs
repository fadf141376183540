//! The rules of the house, as a test: which module may use which, how long a file may be, how it begins.
//!
//! The edges are read from ARCHITECTURE.md, so that the document cannot differ from the code.

#![allow(missing_docs, clippy::unwrap_used)]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// Every Rust file below a folder, `target` left out.
fn sources(folder: &Path) -> Vec<PathBuf> {
    let mut all = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() && !path.ends_with("target") {
            all.extend(sources(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            all.push(path);
        }
    }
    all.sort();
    all
}

/// The rows of the edge table: each module, and those that it may use.
fn allowed() -> BTreeMap<String, BTreeSet<String>> {
    let text = fs::read_to_string(root().join("ARCHITECTURE.md")).unwrap();
    let mut table: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for line in text.lines().filter(|line| line.starts_with("| `")) {
        let cells: Vec<&str> = line.trim_matches('|').split('|').map(str::trim).collect();
        let [module, _, uses] = cells[..] else { panic!("a row of three cells: {line}") };
        let uses = if uses == "all above" {
            table.keys().cloned().collect()
        } else {
            uses.split(',').map(|name| name.trim().trim_matches('`').to_owned()).filter(|name| name != "–").collect()
        };
        table.insert(module.trim_matches('`').to_owned(), uses);
    }
    assert!(table.len() > 10, "the edge table of ARCHITECTURE.md was not found");
    table
}

/// The stage that a file of `src` belongs to: `src/sql/render.rs` to `sql`.
fn stage(file: &Path) -> String {
    let inside = file.strip_prefix(root().join("src")).unwrap();
    inside.components().next().unwrap().as_os_str().to_str().unwrap().trim_end_matches(".rs").to_owned()
}

/// The modules that a text names as `crate::module`, comments left out.
fn used(text: &str) -> BTreeSet<String> {
    let mut used = BTreeSet::new();
    for line in text.lines().filter(|line| !line.trim_start().starts_with("//")) {
        for (at, _) in line.match_indices("crate::") {
            if line[..at].ends_with('$') {
                continue;
            }
            let name: String =
                line[at + 7..].chars().take_while(|letter| letter.is_alphanumeric() || *letter == '_').collect();
            assert!(!name.is_empty(), "name one module a line, so that this test can read it: {line}");
            used.insert(name);
        }
    }
    used
}

#[test]
fn modules_use_only_what_stands_above_them() {
    let allowed = allowed();
    let mut seen = BTreeSet::new();
    for file in sources(&root().join("src")) {
        let stage = stage(&file);
        if stage == "lib" {
            continue;
        }
        let uses = allowed.get(&stage).unwrap_or_else(|| panic!("`{stage}` is not in the edge table"));
        let text = fs::read_to_string(&file).unwrap();
        assert!(
            !text.contains("super::super::super"),
            "{}: a path up the tree passes the edge table by",
            file.display()
        );
        for module in used(&text) {
            let known = module == stage || uses.contains(&module);
            assert!(known, "{}: `{stage}` may not use `{module}`", file.display());
            seen.insert((stage.clone(), module));
        }
    }
    for (module, uses) in allowed.iter().filter(|(module, _)| *module != "exec") {
        for used in uses {
            assert!(
                seen.contains(&(module.clone(), used.clone())),
                "`{module}` does not use `{used}`: remove the edge"
            );
        }
    }
}

#[test]
fn only_exec_awaits() {
    for file in sources(&root().join("src")) {
        let text = fs::read_to_string(&file).unwrap();
        let code = text.lines().filter(|line| !line.trim_start().starts_with("//"));
        let awaits = code.clone().any(|line| line.contains(".await") || line.contains("async fn"));
        assert!(stage(&file) == "exec" || !awaits, "{}: only `exec` does I/O", file.display());
    }
}

#[test]
fn only_sql_knows_sea_query() {
    for file in sources(&root().join("src")) {
        let text = fs::read_to_string(&file).unwrap();
        assert!(
            stage(&file) == "sql" || !text.contains("sea_query::"),
            "{}: only `sql` knows sea-query",
            file.display()
        );
    }
}

#[test]
fn files_are_short_and_say_what_they_are() {
    let mut lengths = Vec::new();
    for folder in ["src", "derive/src", "scratch/src", "examples", "benches", "tests", "types"] {
        for file in sources(&root().join(folder)) {
            let text = fs::read_to_string(&file).unwrap();
            let name = file.display();
            assert!(!file.ends_with("mod.rs"), "{name}: `foo.rs` beside `foo/`, not `mod.rs`");
            assert!(text.starts_with("//! "), "{name}: the first line says what the file is");
            for word in ["TODO", "FIXME", "todo!(", "unimplemented!("] {
                let found = text.contains(word) && !file.ends_with("tidy.rs");
                assert!(!found, "{name}: {word}");
            }
            lengths.push((text.lines().count(), file.clone()));
        }
    }
    lengths.sort();
    let median = &lengths[lengths.len() / 2];
    let tenth = &lengths[lengths.len() * 9 / 10];
    let longest = lengths.last().unwrap();
    assert!(median.0 <= 200, "half of the files have at most 200 lines: {median:?}");
    assert!(tenth.0 < 450, "nine in ten files have fewer than 450 lines: {tenth:?}");
    assert!(longest.0 <= 800, "no file has more than 800 lines: {longest:?}");
}
