//! What the tests have in common: a program that holds a scratch database, and looks from outside at what becomes of it.
//!
//! Must not know the crate's insides: everything is read from the URL that is printed and from the operating system.

#![allow(dead_code, reason = "each test file uses its own part")]

use std::env;
use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use tokio_postgres::config::Host;
use tokio_postgres::{Config, NoTls, SimpleQueryMessage};

/// The program `hold`, with pipes to it.
pub(crate) fn hold() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_hold"));
    command.stderr(Stdio::piped());
    command
}

/// A running holder, and the way to its database. Killed if a test fails over it.
pub(crate) struct Held {
    child: Child,
    pub(crate) config: Config,
}

impl Held {
    #[track_caller]
    pub(crate) fn start(command: &mut Command) -> Held {
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().expect("a holder");
        let mut url = String::new();
        BufReader::new(child.stdout.take().expect("its output")).read_line(&mut url).expect("a line");
        Held { child, config: url.trim().parse().expect("a URL") }
    }

    pub(crate) fn id(&self) -> u32 {
        self.child.id()
    }

    /// Lets a holder end that was told how.
    pub(crate) fn go(&mut self) {
        writeln!(self.child.stdin.as_mut().expect("its input")).expect("a holder that listens");
    }

    pub(crate) fn wait(mut self) {
        self.child.wait().expect("a dead holder");
    }

    pub(crate) fn directory(&self) -> PathBuf {
        directory(&self.config)
    }

    /// The process number of the private server.
    pub(crate) fn server(&self) -> u32 {
        server(&self.directory())
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The directory of a private server's socket.
pub(crate) fn directory(config: &Config) -> PathBuf {
    match config.get_hosts() {
        [Host::Unix(directory)] => directory.clone(),
        other => panic!("not a private server: {other:?}"),
    }
}

pub(crate) fn server(directory: &Path) -> u32 {
    let lock = fs::read_to_string(directory.join("data/postmaster.pid")).expect("a lock file");
    lock.lines().next().and_then(|line| line.parse().ok()).expect("a process number")
}

pub(crate) fn lives(process: u32) -> bool {
    let state = Command::new("ps").args(["-o", "stat=", "-p", &process.to_string()]).output().expect("ps");
    // A zombie is as dead as can be.
    matches!(String::from_utf8_lossy(&state.stdout).trim().chars().next(), Some(state) if state != 'Z')
}

/// Sends a signal; a negative number is a process group's.
pub(crate) fn kill(signal: &str, process: &str) {
    let sent = Command::new("sh").args(["-c", &format!("kill -s {signal} -- {process}")]).status().expect("a shell");
    assert!(sent.success());
}

/// Clearing up goes on for a moment after a process's end.
pub(crate) fn gone(there: impl Fn() -> bool) -> bool {
    soon(|| !there())
}

pub(crate) fn soon(done: impl Fn() -> bool) -> bool {
    let start = Instant::now();
    while start.elapsed() < Duration::from_secs(10) {
        if done() {
            return true;
        }
        thread::sleep(Duration::from_millis(10));
    }
    false
}

/// A new directory where everyone may write.
pub(crate) fn open_directory() -> PathBuf {
    static COUNT: AtomicU32 = AtomicU32::new(0);
    let name = format!("relata-test-{}-{}", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed));
    let path = env::temp_dir().join(name);
    fs::create_dir(&path).expect("a new directory");
    fs::set_permissions(&path, fs::Permissions::from_mode(0o777)).expect("an open directory");
    path
}

/// Somebody to be, if this is root.
pub(crate) fn ordinary_user() -> Option<(u32, u32)> {
    let probe = open_directory();
    let uid = fs::metadata(&probe).expect("a directory").uid();
    fs::remove_dir(&probe).expect("an empty directory");
    let accounts = fs::read_to_string("/etc/passwd").ok()?;
    let account = accounts.lines().find(|line| line.starts_with("nobody:"))?;
    let mut numbers = account.split(':').skip(2).map(|number| number.parse().ok());
    (uid == 0).then(|| Some((numbers.next()??, numbers.next()??))).flatten()
}

/// The first column of the first row, or what the server said.
pub(crate) fn ask(config: &Config, sql: &str) -> Result<String, String> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    runtime.block_on(async {
        let (client, connection) = config.connect(NoTls).await.map_err(|error| format!("{error:?}"))?;
        runtime.spawn(connection);
        let messages = client.simple_query(sql).await.map_err(|error| format!("{error:?}"))?;
        let first = messages.iter().find_map(|message| match message {
            SimpleQueryMessage::Row(row) => Some(row.get(0).unwrap_or_default().to_owned()),
            _ => None,
        });
        Ok(first.unwrap_or_default())
    })
}
