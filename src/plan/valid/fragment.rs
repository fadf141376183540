//! Fragments of SQL: as many gaps as arguments, and no parameters but theirs.

use super::Checked;
use crate::expr::Expr;

pub(super) fn gaps_filled(texts: &[&str], gaps: &[Expr]) -> Checked {
    let (asked, given) = (texts.len() - 1, gaps.len());
    let text = texts.join("{}");
    let text = text.trim();
    if text.is_empty() {
        return Err("a fragment of SQL is empty".into());
    }
    if text.ends_with(';') {
        return Err(format!("the SQL {} is part of a statement: leave out the `;` at its end", shown(text)));
    }
    if is_numbered(text) {
        return Err(format!(
            "the SQL {} numbers a parameter: in its place stands a gap, `{{}}`, which is numbered with those of the whole \
             statement",
            shown(text)
        ));
    }
    if asked == given {
        return Ok(());
    }
    let plural = |number: usize, one: &'static str, more: &'static str| {
        format!("{number} {}", if number == 1 { one } else { more })
    };
    let (asked, given) = (plural(asked, "gap", "gaps"), plural(given, "argument", "arguments"));
    let hint = if texts.len() > gaps.len() + 1 { ": braces that are no gap are written apart, `{ }`" } else { "" };
    Err(format!("the SQL {} has {asked}, `{{}}`, and is given {given}{hint}", shown(text)))
}

/// The beginning of a text, in quotes of its own.
fn shown(text: &str) -> String {
    const MOST: usize = 60;
    let mut shown: String = text.chars().take(MOST).collect();
    if shown.len() < text.len() {
        shown.push('…');
    }
    format!("`{shown}`")
}

/// Whether a `$1` stands in the text, outside of its strings, names and comments.
fn is_numbered(text: &str) -> bool {
    let mut rest = text;
    let mut in_name = false;
    while let Some(first) = rest.chars().next() {
        let next = &rest[first.len_utf8()..];
        let skipped = match first {
            '\'' | '"' => after(next, &rest[..1]),
            '-' if next.starts_with('-') => after(next, "\n"),
            '/' if next.starts_with('*') => after(next, "*/"),
            '$' if in_name => next,
            '$' if next.starts_with(|digit: char| digit.is_ascii_digit()) => return true,
            '$' => match next.find('$') {
                // `$tag$ … $tag$`
                Some(end) if next[..end].chars().all(is_of_name) => after(&next[end + 1..], &rest[..end + 2]),
                _ => next,
            },
            _ => next,
        };
        in_name = is_of_name(first) || (in_name && first == '$');
        rest = skipped;
    }
    false
}

fn is_of_name(character: char) -> bool {
    character.is_alphanumeric() || character == '_'
}

/// What comes after the first of these.
fn after<'t>(text: &'t str, end: &str) -> &'t str {
    text.find(end).map_or("", |at| &text[at + end.len()..])
}
