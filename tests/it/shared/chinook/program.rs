//! The example as a program: what it prints, and how it refuses.

use std::env;
use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use super::{FILE, shop};
use crate::support::data;

/// The example beside this test's program: a plain `cargo test` builds both, `--test it` and `--all-targets` do not.
fn example() -> Command {
    let tests = env::current_exe().unwrap();
    let built = tests.parent().and_then(Path::parent).unwrap();
    let program = built.join("examples").join(format!("chinook{}", env::consts::EXE_SUFFIX));
    assert!(program.is_file(), "{} is not built: `cargo build --examples` does it", program.display());
    Command::new(program)
}

/// The same, with this test's server to make its database on: it takes less time than a server of its own.
fn served() -> Command {
    let mut example = example();
    example.env("DATABASE_URL", relata_scratch::shared().url());
    example
}

/// A file of this content, in the folder that cargo keeps for this.
fn file(name: &str, content: &[u8]) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("chinook");
    fs::create_dir_all(&folder).unwrap();
    let file = folder.join(name);
    fs::write(&file, content).unwrap();
    file
}

/// Runs the example, which has to end with this code and one line of error; returns the line.
fn refusal(command: &mut Command, code: i32) -> String {
    let output = command.output().unwrap();
    let errors = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(code), "{errors}");
    assert_eq!(errors.lines().count(), 1, "{errors}");
    assert!(!errors.contains("panicked"), "{errors}");
    errors
}

#[test]
fn chinook_program_answers_every_question() {
    let Some(script) = data::file(FILE) else { return };
    let output = served().arg(script).output().unwrap();
    let (text, errors) = (String::from_utf8(output.stdout).unwrap(), String::from_utf8(output.stderr).unwrap());
    assert!(output.status.success() && errors.is_empty(), "{errors}");
    assert_eq!(text.lines().filter(|line| line.starts_with("# ")).count(), 16);
    let counts: Vec<_> = text.lines().filter_map(|line| line.strip_prefix("-- rows: ")).collect();
    assert_eq!(counts.len(), 16);
    for count in counts {
        let (rows, _) = count.split_once(';').unwrap();
        assert_eq!(count, format!("{rows}; count: {rows}; exists: true"));
    }
}

#[test]
fn chinook_program_ends_quietly_when_nobody_reads_on() {
    let Some(script) = data::file(FILE) else { return };
    let mut program = served().arg(script).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    drop(program.stdout.take());
    let mut errors = String::new();
    program.stderr.take().unwrap().read_to_string(&mut errors).unwrap();
    assert!(program.wait().unwrap().success() && errors.is_empty(), "{errors}");
}

#[test]
fn chinook_program_without_a_file_says_its_usage() {
    assert!(refusal(&mut example(), 2).starts_with("usage: chinook FILE"));
    assert!(refusal(example().args(["one", "two"]), 2).starts_with("usage: chinook FILE"));
}

#[test]
fn chinook_program_refuses_what_is_no_script() {
    let picture = file("picture.png", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR");
    let letter = file("letter.txt", "Dear shop, please create a table.".as_bytes());
    for (file, reason) in [
        (Path::new("no/such/file.sql"), "cannot read no/such/file.sql: "),
        (Path::new(env!("CARGO_TARGET_TMPDIR")), "cannot read "),
        (&picture, "picture.png is not an SQL script"),
        (&letter, "letter.txt is not a script that makes a database: it has no CREATE TABLE"),
    ] {
        let errors = refusal(example().arg(file), 1);
        assert!(errors.contains(reason), "{errors}");
    }
}

#[test]
fn chinook_program_says_where_a_script_fails() {
    let skipped = "-- é\nDROP DATABASE IF EXISTS chinook;\nCREATE DATABASE chinook;\n\\c chinook;\n";
    let table = "CREATE TABLE artist (artist_id int PRIMARY KEY);\n";
    for (name, end, reason) in [
        ("syntax.sql", "SELEC 1;", "the script fails: line 6: syntax error at or near \"SELEC\""),
        ("table.sql", "INSERT INTO album VALUES (1);", "the script fails: line 6: relation \"album\" does not exist"),
        ("key.sql", "INSERT INTO artist VALUES (1), (1);", "the script fails: duplicate key value"),
        ("zero.sql", "\0", "embedded null"),
        // A script that runs and makes another database: the first question says so.
        ("other.sql", "", "column `name`"),
    ] {
        let script = file(name, format!("{skipped}{table}{end}").as_bytes());
        let errors = refusal(served().arg(script), 1);
        assert!(errors.contains(reason), "{errors}");
    }
}

#[test]
fn chinook_program_says_that_it_has_no_server() {
    let script = file("server.sql", b"CREATE TABLE artist ();");
    let errors = refusal(example().arg(script).env("DATABASE_URL", "postgres://127.0.0.1:1/none"), 1);
    assert!(errors.contains("DATABASE_URL"), "{errors}");
}

/// This very program, asked for one test that needs the data, and the data not there.
fn without_data() -> Command {
    let mut command = Command::new(env::current_exe().unwrap());
    command.args(["--exact", "shared::chinook::program::chinook_data_is_there_or_said_not_to_be"]);
    command.env("RELATA_DATA", "no/such/folder").env_remove("RELATA_REQUIRE_DATA");
    command
}

#[test]
fn chinook_data_is_there_or_said_not_to_be() {
    if shop().is_none() {
        return;
    }
    let output = without_data().output().unwrap();
    let errors = String::from_utf8(output.stderr).unwrap();
    let said = "chinook_data_is_there_or_said_not_to_be did not run: chinook/Chinook_PostgreSql.sql is not there";
    assert!(output.status.success() && errors.contains(said), "{errors}");
    let output = without_data().env("RELATA_REQUIRE_DATA", "1").output().unwrap();
    assert!(!output.status.success(), "{output:?}");
}
