//! The script that makes the database: reading it, running it, and errors as sentences for whoever gave the file.

use std::error::Error;
use std::fs;
use std::path::Path;

use tokio_postgres::Client;
use tokio_postgres::error::ErrorPosition;

/// What the script begins with, for psql to go to a database of its own: here there is one already.
const SKIPPED: [&str; 3] = ["DROP DATABASE", "CREATE DATABASE", "\\c "];

/// Reads the script.
///
/// # Errors
/// A sentence: the file cannot be read, or is not a script that makes tables.
pub fn read(file: &Path) -> Result<String, String> {
    let name = file.display();
    let bytes = fs::read(file).map_err(|error| format!("cannot read {name}: {error}"))?;
    let text = String::from_utf8(bytes).map_err(|_| format!("{name} is not an SQL script: it is not UTF-8 text"))?;
    if !text.to_ascii_uppercase().contains("CREATE TABLE") {
        return Err(format!("{name} is not a script that makes a database: it has no CREATE TABLE"));
    }
    Ok(within_a_database(&text))
}

/// Empties the lines that are about whole databases. They stay as lines, so that the others keep their numbers.
pub fn within_a_database(text: &str) -> String {
    let kept = |line: &&str| !SKIPPED.iter().any(|start| line.starts_with(start));
    text.split('\n').map(|line| Some(line).filter(kept).unwrap_or_default()).collect::<Vec<_>>().join("\n")
}

/// Runs the script: all of it, or nothing.
///
/// # Errors
/// A sentence that names the line, where the server named the place.
pub async fn run(client: &Client, script: &str) -> Result<(), String> {
    let Err(error) = client.batch_execute(script).await else { return Ok(()) };
    let Some(answer) = error.as_db_error() else { return Err(sentence(&error)) };
    let line = match answer.position() {
        Some(ErrorPosition::Original(at)) => format!("line {}: ", line_of(script, *at)),
        _ => String::new(),
    };
    Err(format!("the script fails: {line}{}", answer.message()))
}

/// The line of a place that the server counts in characters, from one.
fn line_of(script: &str, at: u32) -> usize {
    let before = usize::try_from(at).unwrap_or(usize::MAX).saturating_sub(1);
    1 + script.chars().take(before).filter(|character| *character == '\n').count()
}

/// An error and its causes, in one line.
pub fn sentence(error: &(dyn Error + 'static)) -> String {
    let mut all = vec![error.to_string()];
    let mut cause = error.source();
    while let Some(error) = cause {
        // tokio-postgres says no more than this; the server's words come next.
        if error.to_string() != "db error" {
            all.push(error.to_string());
        }
        cause = error.source();
    }
    all.join(": ")
}
