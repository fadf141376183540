//! What is compared: rows with rows, errors with errors, the plan's word with the statements that ran.

use std::collections::BTreeSet;

use relata::Error;
use serde_json::Value;

use super::asked::{Load, Reach, Tree};
use super::naive::{Children, Found, Row, Wrong};
use super::typed::Runs;
use crate::support::trace::Ran;
use crate::support::twins;

/// Where and how the rows differ.
pub fn rows(path: &str, loaded: &Value, expected: &[Row]) -> Result<(), String> {
    let Some(loaded) = loaded.as_array() else { return Err(format!("{path}: no list: {loaded}")) };
    if loaded.len() != expected.len() {
        let keys: Vec<_> = expected.iter().map(Row::of_key).collect();
        return Err(format!(
            "{path}: {} rows, expected {}\n  loaded {loaded:?}\n  expected keys {keys:?}",
            loaded.len(),
            expected.len()
        ));
    }
    let mut at = 0;
    for tied in expected.chunk_by(|one, other| one.ties == other.ties) {
        let here = &loaded[at..at + tied.len()];
        for row in tied {
            let key = row.of_key();
            let is_it = |loaded: &&Value| row.key.iter().zip(&key).all(|(column, key)| same(&loaded[*column], key));
            let Some(loaded) = here.iter().find(is_it) else {
                return Err(format!("{path}: no row with key {key:?} among rows {at}.. : {here:?}"));
            };
            one(&format!("{path}{key:?}"), loaded, row)?;
        }
        at += tied.len();
    }
    Ok(())
}

fn one(path: &str, loaded: &Value, expected: &Row) -> Result<(), String> {
    let Some(fields) = loaded.as_object() else { return Err(format!("{path}: no row: {loaded}")) };
    if fields.len() != expected.own.len() + expected.loads.len() {
        return Err(format!("{path}: other fields than expected: {loaded}"));
    }
    for (name, value) in &expected.own {
        if !fields.get(name).is_some_and(|loaded| same(loaded, value)) {
            return Err(format!("{path}.{name}: {loaded}, expected {value}"));
        }
    }
    for (name, children) in &expected.loads {
        let (path, loaded) = (format!("{path}.{name}"), &fields.get(*name).unwrap_or(&Value::Null));
        match children {
            Children::Many(expected) => rows(&path, loaded, expected)?,
            Children::One(Some(expected)) if !loaded.is_null() => {
                if expected.key.iter().zip(expected.of_key()).any(|(column, key)| !same(&loaded[*column], key)) {
                    return Err(format!("{path}: {loaded}, expected key {:?}", expected.of_key()));
                }
                one(&path, loaded, expected)?;
            }
            Children::One(None) if loaded.is_null() => {}
            Children::One(expected) => {
                return Err(format!("{path}: {loaded}, expected {:?}", expected.as_ref().map(|row| &row.own)));
            }
        }
    }
    Ok(())
}

/// Numbers are equal by value, however they are written.
fn same(one: &Value, other: &Value) -> bool {
    match (one.as_f64(), other.as_f64()) {
        (Some(one), Some(other)) => one == other,
        _ => one == other,
    }
}

/// The error is one of those that the rows have.
pub fn errors(error: &Error, wrong: &BTreeSet<Wrong>) -> Result<(), String> {
    let (kind, message) = (format!("{:?}", error.kind()), error.to_string());
    let is_it = |wrong: &&Wrong| wrong.kind == kind && error.path() == Some(&wrong.path);
    // A float is named by its bytes.
    let names = |wrong: &Wrong| wrong.key.contains('.') || message.contains(&format!(" key {}", wrong.key));
    if wrong.iter().filter(is_it).any(names) {
        return Ok(());
    }
    Err(format!("{error:?}\nexpected one of {wrong:?}"))
}

/// The statements that ran are those that the plan and the keys let expect, each once, with the text that was known.
pub fn statements(query: &dyn Runs, tree: &Tree, ran: &[Ran], found: &Found) -> Result<(), String> {
    let (plan, known) = (query.plan(), query.to_sql());
    if known.iter().count() != plan.statements() {
        return Err(format!("the plan counts {} statements\n{plan}{known}", plan.statements()));
    }
    if let Some(other) = ran.iter().find(|ran| known.iter().all(|known| known.text() != ran.sql)) {
        return Err(format!("a statement that was not known before: {}", other.sql));
    }
    let apart: BTreeSet<&str> = known.iter().map(|known| known.path()).collect();
    strategies(tree, &apart).map_err(|error| format!("{error}\n{plan}"))?;
    if !found.wrong.is_empty() {
        return if ran.len() <= plan.statements() { Ok(()) } else { Err(format!("{} statements\n{plan}", ran.len())) };
    }
    let mut paths: Vec<&str> = ran.iter().map(|ran| ran.path.as_str()).collect();
    paths.sort_unstable();
    let expected: Vec<&str> =
        apart.into_iter().filter(|path| !path.contains('.') || found.asked.contains(*path)).collect();
    if paths == expected { Ok(()) } else { Err(format!("ran {paths:?}, expected {expected:?}\n{plan}")) }
}

/// The plan does what it was told: `apart` are the paths that have a statement of their own.
fn strategies(tree: &Tree, apart: &BTreeSet<&str>) -> Result<(), String> {
    statement(&tree.rows.loads, tree.skeleton.table.entity, true, apart)
}

/// The loads of one statement, from the level that it is for.
fn statement(loads: &[Load], path: &str, at_root: bool, apart: &BTreeSet<&str>) -> Result<(), String> {
    let mut collections = Vec::new();
    joined(loads, path, apart, &mut collections);
    let is_in = |one: &str, other: &str| one.starts_with(&format!("{other}."));
    for (at, one) in collections.iter().enumerate() {
        if let Some(beside) = collections[..at].iter().find(|other| !is_in(one, other)) {
            return Err(format!("{one}: joined beside {beside}"));
        }
    }
    level(loads, path, at_root, apart, &|path| collections.iter().any(|other| !is_in(path, other)))
}

/// The collections that are joined in one statement.
fn joined(loads: &[Load], path: &str, apart: &BTreeSet<&str>, out: &mut Vec<String>) {
    for load in loads {
        let path = format!("{path}.{}", load.relation.name);
        if !apart.contains(path.as_str()) {
            out.extend((load.relation.reach == Reach::Many).then(|| path.clone()));
            joined(&load.rows.loads, &path, apart, out);
        }
    }
}

/// The loads of one level; `beside` says whether a collection is joined that is not above the path.
fn level(
    loads: &[Load],
    path: &str,
    at_root: bool,
    apart: &BTreeSet<&str>,
    beside: &dyn Fn(&str) -> bool,
) -> Result<(), String> {
    for load in loads {
        let path = format!("{path}.{}", load.relation.name);
        let (is_apart, many) = (apart.contains(path.as_str()), load.relation.reach == Reach::Many);
        let expected = match load.strategy {
            Some(twins::SelectIn) => Some(true),
            Some(twins::Joined) => Some(is_apart && many && beside(&path)),
            None if many || is_filtered(load) => Some(true),
            None if at_root => Some(false),
            None => None,
        };
        if expected.is_some_and(|expected| expected != is_apart) {
            return Err(format!("{path}: told {:?}, a statement of its own: {is_apart}", load.strategy));
        }
        if is_apart {
            statement(&load.rows.loads, &path, false, apart)?;
        } else {
            level(&load.rows.loads, &path, at_root && !many, apart, beside)?;
        }
    }
    Ok(())
}

/// It has a condition: its own, or that of a load which is given to `with_matching`.
fn is_filtered(load: &Load) -> bool {
    load.rows.filter.is_some() || load.rows.loads.iter().any(|below| below.matching)
}
