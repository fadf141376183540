//! The table of `docs/conformance.md`, checked: every number has one verdict, and what it names is there.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// The groups of the list, each with the number of its cases.
const GROUPS: [(&str, usize); 19] = [
    ("X", 24),
    ("A", 20),
    ("B", 14),
    ("C", 16),
    ("D", 13),
    ("E", 10),
    ("F", 16),
    ("G", 19),
    ("H", 12),
    ("I", 22),
    ("J", 15),
    ("K", 15),
    ("L", 9),
    ("M", 16),
    ("N", 19),
    ("O", 12),
    ("P", 9),
    ("Q", 7),
    ("R", 9),
];

const VERDICTS: [&str; 4] = ["test", "does not compile", "does not apply", "later"];

const LATER: [&str; 7] = [
    "3 kinds and keys",
    "4 paths",
    "loading in full",
    "every kind of relationship",
    "writing graphs",
    "benchmarks",
    "in a service",
];

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// Adds the text of every Rust file below a folder.
fn read(folder: &Path, text: &mut String) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            read(&path, text);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            text.push_str(&fs::read_to_string(path).unwrap());
        }
    }
}

/// The names of the functions in the sources of the tests.
fn functions() -> BTreeSet<String> {
    let mut text = String::new();
    read(&root().join("tests"), &mut text);
    let name = |rest: &str| rest.chars().take_while(|letter| letter.is_alphanumeric() || *letter == '_').collect();
    text.lines().filter_map(|line| line.split_once("fn ")).map(|(_, rest)| name(rest)).collect()
}

/// The words of a cell that stand in backquotes.
fn quoted(cell: &str) -> Vec<&str> {
    cell.split('`').skip(1).step_by(2).collect()
}

/// Whether a test bears a number: `c4_…` bears C4, `k4_x7_…` both K4 and X7, and `i12_…_and_x3_…` X3.
fn bears(test: &str, number: &str) -> bool {
    test.split('_').any(|part| part.eq_ignore_ascii_case(number))
}

/// Whether a line is the row of a case: `| A1 | …`.
fn is_row(line: &str) -> bool {
    let number = line.strip_prefix("| ").and_then(|rest| rest.strip_prefix(|letter: char| letter.is_ascii_uppercase()));
    number.is_some_and(|rest| rest.starts_with(|letter: char| letter.is_ascii_digit()))
}

#[test]
fn conformance_table_names_tests_that_exist() {
    let text = fs::read_to_string(root().join("docs/conformance.md")).unwrap();
    let functions = functions();
    let (mut seen, mut counts) = (BTreeSet::new(), BTreeMap::new());
    for line in text.lines().filter(|line| is_row(line)) {
        let cells: Vec<&str> = line.trim_matches('|').splitn(3, '|').map(str::trim).collect();
        let [number, verdict, says] = cells[..] else { panic!("a row of three cells: {line}") };
        assert!(VERDICTS.contains(&verdict), "{number}: `{verdict}` is no verdict");
        assert!(seen.insert(number.to_owned()), "{number} has two rows");
        assert!(!says.is_empty(), "{number} says nothing");
        *counts.entry(verdict).or_insert(0_usize) += 1;
        let names = quoted(says);
        match verdict {
            "test" => {
                let tests: Vec<&&str> = names.iter().filter(|name| bears(name, number)).collect();
                assert!(!tests.is_empty(), "{number} names no test that bears its number");
                for test in tests {
                    assert!(functions.contains(*test), "{number}: there is no test `{test}`");
                }
            }
            "does not compile" => {
                for file in names.iter().filter(|name| name.starts_with("ui/")) {
                    assert!(root().join(file).is_file(), "{number}: there is no file {file}");
                    assert!(root().join(file).with_extension("stderr").is_file(), "{number}: {file} has no message");
                }
            }
            "later" => {
                assert!(LATER.iter().any(|issue| says.starts_with(issue)), "{number} waits for no known issue: {says}");
            }
            _ => {}
        }
    }
    let expected: BTreeSet<String> =
        GROUPS.iter().flat_map(|(group, cases)| (1..=*cases).map(move |case| format!("{group}{case}"))).collect();
    assert_eq!(seen, expected);
    for test in
        functions.iter().filter(|name| name.split('_').next().is_some_and(|first| seen.contains(&first.to_uppercase())))
    {
        assert!(text.contains(&format!("`{test}`")), "`{test}` bears a number whose row does not name it");
    }
    for (verdict, count) in counts {
        assert!(text.contains(&format!("\n| {verdict} | {count} |")), "{count} rows say `{verdict}`: the top does not");
    }
}
