//! What can go wrong on the way to a scratch database.
//!
//! Must not know how servers are found, started or spoken to; and must never be handed a password: a cause is put into
//! words here, and `DATABASE_URL` itself is not among the things it can hold.

use std::error::Error as StdError;
use std::fmt;
use std::io;

/// Why there is no scratch database. Its `Display` is one sentence, with the cause in it.
#[derive(Debug)]
pub struct Error(Kind);

#[derive(Debug)]
pub(crate) enum Kind {
    /// Neither `DATABASE_URL` nor PostgreSQL's programs; `searched` says where.
    NoPrograms { searched: String },
    /// Run by root, and no other user to run the server as.
    NoUser,
    /// The operating system refused `what`.
    System { what: String, cause: io::Error },
    /// `initdb` ended with an error.
    Initdb { output: String },
    /// The server ended before it was ready.
    Died { log: String },
    /// The server was not ready, or not gone, within the time allowed.
    Slow { what: &'static str, seconds: u64, log: String },
    /// `DATABASE_URL` cannot be parsed; it may hold a password at any place, so nothing of it is quoted.
    BadUrl,
    /// The server of `DATABASE_URL` did not let us in.
    Unreachable { cause: String },
    /// A private server did not let us in, or any server refused a statement.
    Sql { what: String, cause: String },
    /// Stopping a server that others use.
    Borrowed,
}

impl Error {
    pub(crate) fn new(kind: Kind) -> Error {
        Error(kind)
    }

    /// For `map_err` on what the operating system was asked to do.
    pub(crate) fn system(what: impl Into<String>) -> impl FnOnce(io::Error) -> Error {
        let what = what.into();
        move |cause| Error(Kind::System { what, cause })
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Kind::NoPrograms { searched } => write!(
                f,
                "no PostgreSQL server programs (initdb and postgres) found in {searched}: install them with `apt-get \
                 install postgresql` on Debian, `dnf install postgresql-server` on Fedora or `brew install \
                 postgresql@17` on macOS, or set DATABASE_URL to a server that may be used"
            ),
            Kind::NoUser => f.write_str(
                "PostgreSQL does not run as root, and /etc/passwd has neither `postgres` nor `nobody` to run it as",
            ),
            Kind::System { what, cause } => write!(f, "cannot {what}: {cause}"),
            Kind::Initdb { output } => write!(f, "initdb failed: {}", or_nothing(output)),
            Kind::Died { log } => {
                write!(f, "the scratch server ended before it was ready, its log closing on: {}", or_nothing(log))
            }
            Kind::Slow { what, seconds, log } => {
                write!(f, "the scratch server did not {what} in {seconds} s, its log closing on: {}", or_nothing(log))
            }
            Kind::BadUrl => f.write_str("DATABASE_URL is set, but is no connection string that tokio-postgres reads"),
            Kind::Unreachable { cause } => write!(f, "the server that DATABASE_URL names cannot be used: {cause}"),
            Kind::Sql { what, cause } => write!(f, "cannot {what}: {cause}"),
            Kind::Borrowed => f.write_str(
                "this server is not the caller's to stop: only one of `Scratch::private` can be stopped, killed or \
                 restarted",
            ),
        }
    }
}

/// The cause is part of the sentence, so there is no `source` to print a second time.
impl StdError for Error {}

/// An error with its causes in one line: tokio-postgres keeps what the server said in the source.
pub(crate) fn in_words(error: &(dyn StdError + 'static)) -> String {
    let mut words = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        words.push_str(": ");
        words.push_str(&cause.to_string());
        source = cause.source();
    }
    words
}

fn or_nothing(output: &str) -> &str {
    match output.trim() {
        "" => "(nothing)",
        some => some,
    }
}
