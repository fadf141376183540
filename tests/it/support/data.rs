//! Files from elsewhere: databases that others made, too large to be copied here.
//!
//! They are looked for in `RELATA_DATA`, by default the folder `../shared/data`. A test whose file is absent says so in
//! one line and passes; with `RELATA_REQUIRE_DATA=1` it fails.

use std::env;
use std::io::{self, Write};
use std::path::PathBuf;
use std::thread;

/// The file of this name below the folder of data, if it is there.
///
/// # Panics
/// It is not there, and `RELATA_REQUIRE_DATA` is 1.
pub fn file(relative: &str) -> Option<PathBuf> {
    let default = || PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../shared/data");
    let file = env::var_os("RELATA_DATA").map_or_else(default, PathBuf::from).join(relative);
    if file.is_file() {
        return Some(file);
    }
    let required = env::var_os("RELATA_REQUIRE_DATA").is_some_and(|value| value == "1");
    assert!(!required, "{} is not there, and RELATA_REQUIRE_DATA=1 asks for it", file.display());
    let test = thread::current().name().unwrap_or("a test").to_owned();
    // Not by a macro, whose output is shown for failed tests only.
    let line = format!("{test} did not run: {relative} is not there (RELATA_DATA names its folder)\n");
    io::stderr().write_all(line.as_bytes()).unwrap();
    None
}
