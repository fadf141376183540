//! A database of our own on the server that `DATABASE_URL` names.
//!
//! Must not know how a private server works; and tells nobody the password, in errors or in arguments of processes.

use std::env;

use tokio_postgres::Config;

use crate::database;
use crate::error::{Error, Kind};
use crate::programs;
use crate::session::Session;
use crate::watchdog::Watchdog;

const VARIABLE: &str = "DATABASE_URL";

/// `$1` is psql, the others are statements.
const DROP: &str = "
psql=$1
shift
for statement; do \"$psql\" -X -q -c \"$statement\"; done
";

/// A database with its owner's session, which keeps later runs' sweeps away from it. Dropped with this.
#[derive(Debug)]
pub(crate) struct Given {
    session: Session,
    version: String,
    name: String,
    // None on a machine without psql: a killed process's database then waits for the next run's sweep.
    watchdog: Option<Watchdog>,
}

/// The server to use, if the variable names one; an empty one names none.
pub(crate) fn server() -> Result<Option<Config>, Error> {
    match env::var(VARIABLE) {
        Ok(url) if !url.is_empty() => url.parse().map(Some).map_err(|_| Error::new(Kind::BadUrl)),
        Ok(_) | Err(env::VarError::NotPresent) => Ok(None),
        Err(env::VarError::NotUnicode(_)) => Err(Error::new(Kind::BadUrl)),
    }
}

impl Given {
    pub(crate) fn create(server: &Config) -> Result<Given, Error> {
        let unusable = |cause| Error::new(Kind::Unreachable { cause });
        let name = database::new_name();
        let mut config = server.clone();
        config.application_name(&name);
        let session = Session::open(&config).map_err(unusable)?;
        let versions = session.run("show server_version").map_err(unusable)?;
        let version = versions.first().and_then(|text| text.split_whitespace().next()).unwrap_or_default().to_owned();
        database::sweep(&session);
        let watchdog = watchdog(server, &name, &version);
        database::create(&session, &name, database::major(&version)).map_err(unusable)?;
        Ok(Given { session, version, name, watchdog })
    }

    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    pub(crate) fn version(&self) -> &str {
        &self.version
    }
}

impl Drop for Given {
    fn drop(&mut self) {
        let statements = database::drop_statements(&self.name, database::major(&self.version));
        let dropped = statements.iter().all(|statement| self.session.run(statement).is_ok());
        // Our session may have been cut; psql then has a try.
        if dropped && let Some(watchdog) = self.watchdog.take() {
            watchdog.dismiss();
        }
    }
}

fn watchdog(server: &Config, name: &str, version: &str) -> Option<Watchdog> {
    let psql = programs::psql()?;
    let psql = psql.to_string_lossy();
    let statements = database::drop_statements(name, database::major(version));
    let arguments: Vec<&str> = [&*psql].into_iter().chain(statements.iter().map(String::as_str)).collect();
    Watchdog::start(DROP, &arguments, &database::variables(server)).ok()
}
