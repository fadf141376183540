//! A private PostgreSQL server: made, started, stopped, killed, restarted, and gone with this process.
//!
//! Must not know of databases other than the one every server has, nor of `DATABASE_URL`.

use std::fs::{self, File, OpenOptions};
use std::net::TcpListener;
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use tokio_postgres::Config;

use crate::directory::Directory;
use crate::error::{Error, Kind};
use crate::programs::Programs;
use crate::watchdog::Watchdog;

/// Seconds a server may take to be ready, and to be gone.
const PATIENCE: u64 = 30;

/// The one role, which may do everything.
const ROLE: &str = "postgres";

/// Nothing here has to survive the machine; all has to be quick, and the same on every machine.
const SETTINGS: [(&str, &str); 11] = [
    ("listen_addresses", ""),
    ("max_connections", "200"),
    ("shared_buffers", "64MB"),
    ("fsync", "off"),
    ("synchronous_commit", "off"),
    ("full_page_writes", "off"),
    ("wal_level", "minimal"),
    ("max_wal_senders", "0"),
    ("timezone", "UTC"),
    ("log_timezone", "UTC"),
    ("logging_collector", "off"),
];

/// Stopped and removed when dropped; by the watchdog when this process ends without.
#[derive(Debug)]
pub(crate) struct Server {
    programs: Programs,
    directory: Directory,
    port: u16,
    settings: Vec<(String, String)>,
    state: Mutex<State>,
}

#[derive(Debug)]
struct State {
    process: Option<Child>,
    watchdog: Watchdog,
}

impl Server {
    /// The server that this process's callers share: started for the first of them, left to the watchdog in the end.
    pub(crate) fn of_this_process() -> Result<Arc<Server>, Error> {
        static SHARED: Mutex<Option<Arc<Server>>> = Mutex::new(None);
        let mut shared = SHARED.lock().unwrap_or_else(PoisonError::into_inner);
        match &*shared {
            Some(server) if server.is_running() => Ok(Arc::clone(server)),
            // None yet; or somebody ended it, and a new one is of more use than an error.
            _ => Ok(Arc::clone(shared.insert(Arc::new(Server::start(&[])?)))),
        }
    }

    /// A server with further `settings`, which go before the usual ones. Ready to be connected to.
    pub(crate) fn start(settings: &[(&str, &str)]) -> Result<Server, Error> {
        let programs = Programs::find()?;
        let (directory, watchdog) = Directory::make()?;
        let set = |name| settings.iter().find(|(given, _)| *given == name).map(|(_, value)| *value);
        let port = match set("port") {
            Some(port) => port.parse().unwrap_or(0),
            None if set("listen_addresses").is_some_and(|addresses| !addresses.is_empty()) => free_port()?,
            None => 5432,
        };
        let settings = SETTINGS.iter().chain(settings).map(|(name, value)| (name.to_string(), value.to_string()));
        let state = Mutex::new(State { process: None, watchdog });
        let server = Server { settings: settings.collect(), programs, directory, port, state };
        server.initdb(&mut server.state())?;
        server.launch(&mut server.state())?;
        Ok(server)
    }

    /// How to connect, as the role that may do everything.
    pub(crate) fn config(&self) -> Config {
        let mut config = Config::new();
        config.host_path(self.directory.path()).port(self.port).user(ROLE).dbname("postgres");
        config
    }

    pub(crate) fn version(&self) -> &str {
        self.programs.version()
    }

    pub(crate) fn is_running(&self) -> bool {
        let mut state = self.state();
        let Some(process) = &mut state.process else { return false };
        let running = matches!(process.try_wait(), Ok(None));
        if !running {
            // Its number is free for other processes now, which are not ours to kill.
            state.process = None;
            state.watchdog.tell("");
        }
        running
    }

    /// Ends the server with a signal: `INT` asks politely, `QUIT` is the nearest thing to a crash that leaves no shared
    /// memory behind. Not running is not an error.
    pub(crate) fn end(&self, signal: &str) -> Result<(), Error> {
        self.end_in(&mut self.state(), signal)
    }

    /// Starts the server again on its old data, first stopping it if it runs.
    pub(crate) fn restart(&self) -> Result<(), Error> {
        let mut state = self.state();
        self.end_in(&mut state, "INT")?;
        self.launch(&mut state)
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn initdb(&self, state: &mut State) -> Result<(), Error> {
        let start = || Error::system(format!("run {}", self.programs.initdb().display()));
        let initdb = self
            .directory
            .command(&self.programs.initdb())
            .args(["--pgdata=data", "--encoding=UTF8", "--locale=C", "--no-sync"])
            // The socket is in a directory closed to others; TCP, if a test asks for it, takes passwords.
            .args(["--auth-local=trust", "--auth-host=scram-sha-256"])
            .arg(format!("--username={ROLE}"))
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .map_err(start())?;
        state.watchdog.tell(&initdb.id().to_string());
        let output = initdb.wait_with_output().map_err(start())?;
        state.watchdog.tell("");
        if output.status.success() {
            return Ok(());
        }
        let said = if output.stderr.is_empty() { output.stdout } else { output.stderr };
        Err(Error::new(Kind::Initdb { output: String::from_utf8_lossy(&said).into_owned() }))
    }

    fn launch(&self, state: &mut State) -> Result<(), Error> {
        let mut command = self.directory.command(&self.programs.postgres());
        command.arg("-D").arg("data").arg("-k").arg(self.directory.path()).arg("-p").arg(self.port.to_string());
        for (name, value) in &self.settings {
            command.arg("-c").arg(format!("{name}={value}"));
        }
        // Never our own output: whoever reads ours to its end would wait for the server.
        let log = self.log().map_err(Error::system("make the scratch server's log file"))?;
        command.stderr(log);
        let process = command.spawn().map_err(Error::system(format!("run {}", self.programs.postgres().display())))?;
        state.watchdog.tell(&process.id().to_string());
        let process = state.process.insert(process);
        if self.wait_until_ready(process)? {
            return Ok(());
        }
        state.process = None;
        state.watchdog.tell("");
        Err(Error::new(Kind::Died { log: self.last_words() }))
    }

    /// Whether it came up, as opposed to ending early.
    fn wait_until_ready(&self, process: &mut Child) -> Result<bool, Error> {
        let id = process.id().to_string();
        let ready = || {
            let Ok(lock) = fs::read_to_string(self.directory.path().join("data/postmaster.pid")) else { return false };
            // The eighth line is the state; an older server's file may still lie there.
            lock.lines().next() == Some(&id) && lock.lines().nth(7).is_some_and(|state| state.starts_with("ready"))
        };
        let mut ended = false;
        let came = within(Duration::from_secs(PATIENCE), || {
            ended = !matches!(process.try_wait(), Ok(None));
            ended || ready()
        });
        if came { Ok(!ended) } else { Err(self.too_slow("start")) }
    }

    fn end_in(&self, state: &mut State, signal: &str) -> Result<(), Error> {
        let Some(process) = &mut state.process else { return Ok(()) };
        if matches!(process.try_wait(), Ok(None)) {
            let id = process.id().to_string();
            Command::new("/bin/sh")
                .args(["-c", "kill -s \"$0\" \"$1\"", signal, &id])
                .stderr(Stdio::null())
                .status()
                .map_err(Error::system("send the scratch server a signal"))?;
            if !within(Duration::from_secs(PATIENCE), || !matches!(process.try_wait(), Ok(None))) {
                return Err(self.too_slow("stop"));
            }
        }
        state.process = None;
        state.watchdog.tell("");
        Ok(())
    }

    fn log(&self) -> std::io::Result<File> {
        OpenOptions::new().create(true).append(true).open(self.directory.path().join("log"))
    }

    fn last_words(&self) -> String {
        let log = fs::read_to_string(self.directory.path().join("log")).unwrap_or_default();
        let lines: Vec<&str> = log.lines().collect();
        lines[lines.len().saturating_sub(5)..].join(" / ")
    }

    fn too_slow(&self, what: &'static str) -> Error {
        Error::new(Kind::Slow { what, seconds: PATIENCE, log: self.last_words() })
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let state = self.state.get_mut().unwrap_or_else(PoisonError::into_inner);
        // One way to the end, ours as everyone's: the watchdog kills and removes, and we collect the dead.
        state.watchdog.release();
        if let Some(process) = &mut state.process
            && !within(Duration::from_secs(PATIENCE), || !matches!(process.try_wait(), Ok(None)))
        {
            let _ = process.kill();
            let _ = process.wait();
        }
    }
}

/// Looks often, since a server takes some tens of milliseconds.
fn within(time: Duration, mut done: impl FnMut() -> bool) -> bool {
    let start = Instant::now();
    loop {
        if done() {
            return true;
        }
        if start.elapsed() > time {
            return false;
        }
        thread::sleep(Duration::from_millis(5));
    }
}

/// Free a moment ago, which has to do: a server cannot be told to choose.
fn free_port() -> Result<u16, Error> {
    let listener = TcpListener::bind(("127.0.0.1", 0)).and_then(|listener| listener.local_addr());
    Ok(listener.map_err(Error::system("find a free port"))?.port())
}
