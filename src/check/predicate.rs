//! Whether a partial index has every row that a relation asks for.
//!
//! It reads the predicate as the server prints it, and understands conjunctions of what a relation's own conditions
//! say; of all else it says no.

use super::ddl;
use crate::schema::Constant;

/// Whether the predicate follows from the conditions, each a column's name and what it equals, where these keys are
/// asked for.
pub(super) fn follows(predicate: &str, conditions: &[(String, Constant)], keys: &[String]) -> bool {
    let Some(predicate) = plain(predicate) else { return false };
    predicate.split(" AND ").all(|part| {
        conditions.iter().any(|(name, equals)| says(part, name, *equals)) || keys.iter().any(|key| is_there(part, key))
    })
}

/// Whether one part of a predicate says that the column is not NULL.
fn is_there(part: &str, name: &str) -> bool {
    after(part, name) == Some(" IS NOT NULL")
}

/// Whether one part of a predicate is true where the column equals the constant.
fn says(part: &str, name: &str, equals: Constant) -> bool {
    if let Some(part) = part.strip_prefix("NOT ") {
        return equals == Constant::Bool(false) && after(part, name) == Some("");
    }
    let Some(rest) = after(part, name) else { return false };
    match (rest, equals) {
        (" IS NULL", equals) => equals == Constant::Null,
        (_, Constant::Null) => false,
        (" IS NOT NULL", _) => true,
        // `IS TRUE` is no equality to the planner.
        ("", equals) => equals == Constant::Bool(true),
        (rest, equals) => {
            let Some(value) = rest.strip_prefix(" = ") else { return false };
            let literal = ddl::literal(equals);
            // Numbers that are negative, or of a type that has no literal of its own, are printed as texts.
            value == literal || (matches!(equals, Constant::Integer(_)) && value == format!("'{literal}'"))
        }
    }
}

/// What follows the column's name, which the server quotes only where it has to.
fn after<'p>(part: &'p str, name: &str) -> Option<&'p str> {
    let is_plain = name.chars().all(|letter| letter.is_ascii_lowercase() || letter.is_ascii_digit() || letter == '_');
    let rest = part.strip_prefix(ddl::quoted(name).as_str());
    rest.or_else(|| part.strip_prefix(name).filter(|_| is_plain))
}

/// The predicate without parentheses and casts: `((kind)::text = 'x'::text)` is `kind = 'x'`.
///
/// `None` where that changes what it says.
fn plain(predicate: &str) -> Option<String> {
    let mut out = String::with_capacity(predicate.len());
    let mut rest = predicate;
    while let Some(character) = rest.chars().next() {
        match character {
            '\'' | '"' => {
                let end = closing(rest, character)?;
                out.push_str(&rest[..end]);
                rest = &rest[end..];
            }
            '(' | ')' => rest = &rest[1..],
            ':' => rest = after_type(rest.strip_prefix("::")?)?,
            _ => {
                // Neither means what it says once the parentheses are gone.
                if rest.starts_with(" OR ") || rest.starts_with(" BETWEEN ") {
                    return None;
                }
                out.push(character);
                rest = &rest[character.len_utf8()..];
            }
        }
    }
    Some(out)
}

/// Where the quoted text at the start ends; a doubled quote is part of it.
fn closing(text: &str, quote: char) -> Option<usize> {
    let mut at = 1;
    loop {
        at += text.get(at..)?.find(quote)? + 1;
        if !text[at..].starts_with(quote) {
            return Some(at);
        }
        at += 1;
    }
}

/// What follows a type's name: `text`, `character varying`, `public."Kind"`, `numeric(5,2)`.
fn after_type(text: &str) -> Option<&str> {
    let mut rest = text;
    loop {
        if rest.starts_with('"') {
            rest = &rest[closing(rest, '"')?..];
        } else {
            rest = rest.trim_start_matches(|letter: char| letter.is_alphanumeric() || letter == '_');
        }
        match rest.strip_prefix('.') {
            Some(name) => rest = name,
            None => break,
        }
    }
    for word in [" varying", " precision", " without time zone", " with time zone"] {
        rest = rest.strip_prefix(word).unwrap_or(rest);
    }
    if let Some(inside) = rest.strip_prefix('(') {
        rest = &inside[inside.find(')')? + 1..];
    }
    Some(rest.strip_prefix("[]").unwrap_or(rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_values_are_whole() {
        let follows = |predicate: &str, name: &str, equals| follows(predicate, &[(name.to_owned(), equals)], &[]);
        let text = Constant::Text("x AND y");
        assert!(follows("(open)", "open", Constant::Bool(true)));
        assert!(follows("(rank = '7'::bigint)", "rank", Constant::Integer(7)));
        assert!(follows(
            "((\"Is \"\"it\"\"\")::public.\"a b\" = 'x'::character varying(9))",
            "Is \"it\"",
            Constant::Text("x")
        ));
        for (predicate, name, equals) in [
            ("(opened)", "open", Constant::Bool(true)),
            ("(open IS NULL)", "open IS NULL", Constant::Bool(true)),
            ("(rank = 77)", "rank", Constant::Integer(7)),
            ("(rank = 7.5)", "rank", Constant::Integer(7)),
            ("(kind = 'x AND y'::text)", "kind", text),
            ("(lower(kind) = 'x'::text)", "kind", Constant::Text("x")),
            ("((open) OR (id = 1))", "open", Constant::Bool(true)),
        ] {
            assert!(!follows(predicate, name, equals), "{predicate}");
        }
    }

    #[test]
    fn whatever_the_server_prints_is_read_without_a_panic() {
        for predicate in
            ["", "'", "\"", "::", ":", "a::", "a::\"", "a::b(", "é::é.é(é", "('é', \"🦀", "a::b.", "NOT ", " = "]
        {
            assert!(!follows(predicate, &[("z".to_owned(), Constant::Bool(true))], &["y".to_owned()]), "{predicate}");
        }
    }
}
