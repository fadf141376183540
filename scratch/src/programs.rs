//! The search for PostgreSQL's programs on this machine.
//!
//! Must not know what the programs are used for, nor of any database: it looks at directories and asks each `postgres`
//! for its version.

use std::collections::BTreeSet;
use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::error::{Error, Kind};

/// Only this directory is looked at when the variable is set: for tests against one certain version.
const ONLY: &str = "RELATA_PG_BINDIR";

/// Where packagers put the programs, as `parent` + a directory name with one `*` in it + what follows.
const USUAL: [(&str, &str, &str); 7] = [
    ("/usr/lib/postgresql", "*", "bin"),
    ("/usr", "pgsql-*", "bin"),
    ("/usr", "bin", ""),
    ("/opt/homebrew/opt", "postgresql@*", "bin"),
    ("/usr/local/opt", "postgresql@*", "bin"),
    ("/opt/homebrew", "bin", ""),
    ("/usr/local", "bin", ""),
];

/// One installation of PostgreSQL. Ordered by version: major, then minor.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Programs {
    number: (u32, u32),
    version: String,
    bin: PathBuf,
}

impl Programs {
    /// The newest installation with a server in it.
    ///
    /// # Errors
    /// The sentence that says what to install.
    pub(crate) fn find() -> Result<Programs, Error> {
        match env::var_os(ONLY).filter(|dir| !dir.is_empty()) {
            Some(dir) => {
                let dir = PathBuf::from(dir);
                let searched = format!("{ONLY} ({})", dir.display());
                newest([dir], searched)
            }
            None => newest(everywhere(), "PATH, `pg_config --bindir` and the usual directories".to_owned()),
        }
    }

    /// As PostgreSQL writes it: `15.18`, `18beta1`.
    pub(crate) fn version(&self) -> &str {
        &self.version
    }

    pub(crate) fn initdb(&self) -> PathBuf {
        self.bin.join("initdb")
    }

    pub(crate) fn postgres(&self) -> PathBuf {
        self.bin.join("postgres")
    }
}

/// A `psql`, which machines without a server may have, too: the first one of the same search.
pub(crate) fn psql() -> Option<PathBuf> {
    everywhere().into_iter().map(|dir| dir.join("psql")).find(|program| program.is_file())
}

fn newest(dirs: impl IntoIterator<Item = PathBuf>, searched: String) -> Result<Programs, Error> {
    // PATH often holds links to the versioned directories: each installation is asked once.
    let real: BTreeSet<PathBuf> = dirs.into_iter().filter_map(|dir| installation(&dir)).collect();
    real.into_iter().filter_map(ask).max().ok_or_else(|| Error::new(Kind::NoPrograms { searched }))
}

/// The directory that `dir`'s programs really are in, if it has both.
fn installation(dir: &Path) -> Option<PathBuf> {
    let has_both = |dir: &Path| dir.join("initdb").is_file() && dir.join("postgres").is_file();
    if !has_both(dir) {
        return None;
    }
    let real = fs::canonicalize(dir.join("postgres")).ok()?;
    let parent = real.parent()?;
    Some(if has_both(parent) { parent.to_owned() } else { dir.to_owned() })
}

/// Its version, unless it does not even run (another architecture, a dangling library).
fn ask(bin: PathBuf) -> Option<Programs> {
    let output = Command::new(bin.join("postgres")).arg("--version").stdin(Stdio::null()).output().ok()?;
    let text = String::from_utf8(output.stdout).ok()?;
    let version = text.split_whitespace().nth(2)?.to_owned();
    Some(Programs { number: number(&version)?, version, bin })
}

/// `15.18` is (15, 18); `18beta1` and `19devel` are before their first release, so minor 0.
fn number(version: &str) -> Option<(u32, u32)> {
    let digits = |text: &str| text.split(|c: char| !c.is_ascii_digit()).next().and_then(|n| n.parse().ok());
    let (major, minor) = version.split_once('.').unwrap_or((version, "0"));
    Some((digits(major)?, digits(minor).unwrap_or(0)))
}

fn everywhere() -> Vec<PathBuf> {
    let mut dirs: Vec<PathBuf> = env::var_os("PATH").map(|path| env::split_paths(&path).collect()).unwrap_or_default();
    if let Ok(output) = Command::new("pg_config").arg("--bindir").stdin(Stdio::null()).output()
        && let Ok(text) = String::from_utf8(output.stdout)
        && !text.trim().is_empty()
    {
        dirs.push(PathBuf::from(text.trim()));
    }
    dirs.extend(USUAL.iter().flat_map(|(parent, pattern, below)| matching(Path::new(parent), pattern, below)));
    // A relative PATH entry would mean another place to the server, whose working directory is its own.
    dirs.retain(|dir| dir.is_absolute());
    dirs
}

fn matching(parent: &Path, pattern: &str, below: &str) -> Vec<PathBuf> {
    let Some(prefix) = pattern.strip_suffix('*') else { return vec![parent.join(pattern).join(below)] };
    let Ok(entries) = fs::read_dir(parent) else { return Vec::new() };
    let named = entries.flatten().filter(|entry| entry.file_name().to_string_lossy().starts_with(prefix));
    named.map(|entry| entry.path().join(below)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_newest_version_wins() {
        assert_eq!(number("15.18"), Some((15, 18)));
        assert_eq!(number("18beta1"), Some((18, 0)));
        assert_eq!(number("9.6.24"), Some((9, 6)));
        assert_eq!(number("devel"), None);
        assert!(number("17.2") > number("9.6") && number("15.18") > number("15.9"));
    }

    #[test]
    fn nothing_found_says_what_to_install() {
        let error = newest([PathBuf::from("/nonexistent")], "PATH".to_owned()).expect_err("nothing is there");
        let sentence = error.to_string();
        for needed in ["apt-get install postgresql", "dnf install postgresql-server", "brew install postgresql@17"] {
            assert!(sentence.contains(needed), "{sentence}");
        }
        assert_eq!(sentence.lines().count(), 1);
    }
}
