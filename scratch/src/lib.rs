//! A throw-away PostgreSQL for relata's examples, tests and benches.
//!
//! Must not know relata: it hands out databases to connect to, and what they are for is the caller's affair.
//!
//! With `DATABASE_URL` set, each [`Scratch`] is a new database on that server. Otherwise a private server is made from
//! the PostgreSQL programs on this machine (the newest there are, or those in `RELATA_PG_BINDIR`), reached by a Unix
//! socket in a temporary directory; all of a process's [`Scratch`] values share it. Nothing of it outlives the process,
//! whichever way that ends. Root may call, too: the server then runs as the user `postgres` or `nobody`.

mod database;
mod directory;
mod error;
mod given;
mod programs;
mod server;
mod session;
mod watchdog;

use std::sync::{Arc, OnceLock};

use tokio_postgres::Config;

pub use crate::error::Error;
use crate::error::Kind;
use crate::given::Given;
use crate::server::Server;
use crate::session::Session;

/// A database of one's own, gone when dropped or when the process ends.
///
/// It is empty, in UTF-8, and sorts text by its bytes. Connections still open are cut when it goes.
#[derive(Debug)]
pub struct Scratch {
    config: Config,
    server: String,
    home: Home,
}

#[derive(Debug)]
enum Home {
    /// On the server of `DATABASE_URL`; the database goes with the value.
    Given(#[expect(dead_code, reason = "held for its drop")] Box<Given>),
    /// On this process's private server, which stays.
    Shared(Arc<Server>),
    /// On a server that nobody else uses, which goes with it.
    Own(Box<Server>),
}

impl Scratch {
    /// A fresh database: on the server of `DATABASE_URL` if that is set, else on this process's private server, which
    /// the first call starts. May be called from within an asynchronous runtime, whose thread it blocks meanwhile.
    ///
    /// # Errors
    /// No server can be had: `DATABASE_URL` leads nowhere, no PostgreSQL programs are found, or they fail.
    pub fn start() -> Result<Scratch, Error> {
        let Some(given) = given::server()? else {
            let server = Server::of_this_process()?;
            let (config, version) = fresh(&server)?;
            return Ok(Scratch { config, server: version, home: Home::Shared(server) });
        };
        let database = Given::create(&given)?;
        let mut config = given;
        config.dbname(database.name());
        let server = format!("PostgreSQL {}", database.version());
        Ok(Scratch { config, server, home: Home::Given(Box::new(database)) })
    }

    /// A fresh database on a private server that nobody else uses, whatever `DATABASE_URL` says: for tests that stop
    /// the server or need `settings` of their own, each a name and a value as in `postgresql.conf`.
    ///
    /// `listen_addresses` makes it listen on TCP as well, at a free [`port`](Scratch::port) unless `port` is among the
    /// settings; connections by TCP must give a password (SCRAM), which the test has to set first.
    ///
    /// # Errors
    /// As [`start`](Scratch::start); a setting that the server refuses is reported with the server's words.
    pub fn private(settings: &[(&str, &str)]) -> Result<Scratch, Error> {
        let server = Server::start(settings)?;
        let (config, version) = fresh(&server)?;
        Ok(Scratch { config, server: version, home: Home::Own(Box::new(server)) })
    }

    /// A URL that leads to the database, for libpq and tokio-postgres alike; with the password, if there is one.
    pub fn url(&self) -> String {
        database::url(&self.config)
    }

    /// The way to the database for tokio-postgres.
    pub fn config(&self) -> Config {
        self.config.clone()
    }

    /// The server's first port: part of the socket's name, and where TCP listens if a setting says so.
    pub fn port(&self) -> u16 {
        self.config.get_ports().first().copied().unwrap_or(5432)
    }

    /// Whether the server is a private one; false when `DATABASE_URL` was used.
    pub fn is_private(&self) -> bool {
        !matches!(self.home, Home::Given(_))
    }

    /// The server's product and version, as in `PostgreSQL 15.18`.
    pub fn server(&self) -> &str {
        &self.server
    }

    /// Stops the server in good order, cutting its connections. It keeps its data for [`restart`](Scratch::restart).
    ///
    /// # Errors
    /// The server is not one of [`private`](Scratch::private), or does not stop.
    pub fn stop(&self) -> Result<(), Error> {
        self.own()?.end("INT")
    }

    /// Ends the server as if it had crashed: nothing is written any more, and the next start recovers from its log.
    ///
    /// # Errors
    /// As [`stop`](Scratch::stop).
    pub fn kill(&self) -> Result<(), Error> {
        self.own()?.end("QUIT")
    }

    /// Starts the server again, at the same place and with its data; stops it first if it runs.
    ///
    /// # Errors
    /// As [`stop`](Scratch::stop); or the server does not start.
    pub fn restart(&self) -> Result<(), Error> {
        self.own()?.restart()
    }

    fn own(&self) -> Result<&Server, Error> {
        match &self.home {
            Home::Own(server) => Ok(server),
            Home::Given(_) | Home::Shared(_) => Err(Error::new(Kind::Borrowed)),
        }
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        // The other homes clear up by themselves. Failing is no matter: the whole server goes soon.
        if let Home::Shared(server) = &self.home
            && let Some(name) = self.config.get_dbname()
            && let Ok(session) = Session::open(&server.config())
        {
            for statement in database::drop_statements(name, database::major(server.version())) {
                let _ = session.run(&statement);
            }
        }
    }
}

/// The database that all tests of a process may share.
///
/// # Panics
/// There is none to be had, with [`Scratch::start`]'s error: a test without a database has failed, not passed.
pub fn shared() -> &'static Scratch {
    static SHARED: OnceLock<Scratch> = OnceLock::new();
    SHARED.get_or_init(|| Scratch::start().unwrap_or_else(|error| panic!("{error}")))
}

/// A new database on a private server: the way to it, and what the server is.
fn fresh(server: &Server) -> Result<(Config, String), Error> {
    let refused = |cause| Error::new(Kind::Sql { what: "create a database on the scratch server".to_owned(), cause });
    let mut config = server.config();
    let session = Session::open(&config).map_err(refused)?;
    let name = database::new_name();
    database::create(&session, &name, database::major(server.version())).map_err(refused)?;
    config.dbname(&name);
    Ok((config, format!("PostgreSQL {}", server.version())))
}
