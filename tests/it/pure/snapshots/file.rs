//! The files that the snapshots are kept in: a section for each query, with its text and its rows.

use std::fmt::Write;
use std::fs;
use std::path::PathBuf;

/// What is kept of one query.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Section {
    pub name: String,
    /// The plan, and the statements with their parameters.
    pub text: String,
    /// The rows as JSON, one a line.
    pub rows: Vec<String>,
}

const NAME: &str = "== ";
const ROW: &str = "-> ";

fn path(kind: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(format!("tests/it/pure/snapshots/{kind}.txt"))
}

/// The sections of a file; none, if it is not there.
pub fn read(kind: &str) -> Vec<Section> {
    let mut sections: Vec<Section> = Vec::new();
    for line in fs::read_to_string(path(kind)).unwrap_or_default().lines() {
        if let Some(name) = line.strip_prefix(NAME) {
            sections.push(Section { name: name.to_owned(), text: String::new(), rows: Vec::new() });
        } else if let Some(section) = sections.last_mut() {
            match line.strip_prefix(ROW) {
                Some(row) => section.rows.push(row.to_owned()),
                None if line.is_empty() => {}
                None => writeln!(section.text, "{line}").unwrap(),
            }
        }
    }
    sections
}

/// Writes a file.
pub fn write(kind: &str, sections: &[Section]) {
    let mut out = String::new();
    for Section { name, text, rows } in sections {
        writeln!(out, "{NAME}{name}").unwrap();
        for line in text.lines() {
            if line.starts_with("-- ") {
                out.push('\n');
            }
            writeln!(out, "{line}").unwrap();
        }
        out.push('\n');
        rows.iter().for_each(|row| writeln!(out, "{ROW}{row}").unwrap());
        out.push('\n');
    }
    fs::write(path(kind), out.trim_end().to_owned() + "\n").unwrap();
}

/// A statement on several lines: a break for a space before what begins a clause, so that nothing else is changed.
pub fn broken(sql: &str) -> String {
    const CLAUSES: [&str; 9] =
        ["FROM (", "FROM \"", "LEFT JOIN ", "INNER JOIN ", "CROSS JOIN ", "WHERE ", "ORDER BY \"", "LIMIT ", "OFFSET "];
    let (mut out, mut depth) = (String::from("  "), 1);
    for (at, letter) in sql.char_indices() {
        match letter {
            ' ' if CLAUSES.iter().any(|clause| sql[at + 1..].starts_with(clause)) => {
                let within_window = sql[..at].ends_with("OVER (") || sql[..at].rfind("OVER (") > sql[..at].rfind(')');
                if within_window {
                    out.push(' ');
                } else {
                    write!(out, "\n{}", "  ".repeat(depth)).unwrap();
                }
                continue;
            }
            '(' => depth += 1,
            ')' => depth -= 1,
            _ => {}
        }
        out.push(letter);
    }
    out
}
