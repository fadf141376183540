//! Tests that nothing of a scratch server or database outlives its process, however that ends.
//!
//! Must not know how clearing up works: they look for the server's process, its directory and its databases.

#[path = "support/outside.rs"]
mod support;

use std::os::unix::process::CommandExt;
use std::process::Command;

use relata_scratch::Scratch;
use support::{Held, ask, gone, hold, kill, ordinary_user};

/// Ends a holder by `end` and expects its private server to go.
#[track_caller]
fn leaves_nothing(command: &mut Command, end: impl FnOnce(&mut Held)) {
    let mut held = Held::start(command.env_remove("DATABASE_URL"));
    let (directory, server) = (held.directory(), held.server());
    assert!(directory.exists() && support::lives(server));
    end(&mut held);
    held.wait();
    assert!(gone(|| directory.exists() || support::lives(server)), "{} or process {server}", directory.display());
}

#[test]
fn after_a_return() {
    leaves_nothing(hold().arg("return"), Held::go);
}

#[test]
fn after_an_exit() {
    leaves_nothing(hold().arg("exit"), Held::go);
}

#[test]
fn after_a_panic() {
    leaves_nothing(hold().arg("panic"), Held::go);
}

#[test]
fn after_an_abort() {
    leaves_nothing(hold().arg("abort"), Held::go);
}

#[test]
fn after_a_ctrl_c() {
    leaves_nothing(hold().process_group(0), |held| kill("INT", &format!("-{}", held.id())));
}

#[test]
fn after_a_sigkill() {
    leaves_nothing(&mut hold(), |held| kill("KILL", &held.id().to_string()));
}

#[test]
fn after_a_sigkill_during_the_start() {
    let place = support::open_directory();
    let mut child = hold().env_remove("DATABASE_URL").env("TMPDIR", &place).spawn().expect("a holder");
    let made = || std::fs::read_dir(&place).expect("a directory").count();
    assert!(support::soon(|| made() > 0));
    child.kill().expect("a killed holder");
    child.wait().expect("a dead holder");
    assert!(gone(|| made() > 0), "{}", place.display());
    std::fs::remove_dir(&place).expect("an empty directory");
}

/// The other tests are run by whoever runs them; this one makes sure of an ordinary user if that is root.
#[test]
fn as_an_ordinary_user() {
    let Some((uid, gid)) = ordinary_user() else { return };
    let place = support::open_directory();
    let program = place.join("hold");
    // Where root builds may be closed to others. By `cp`: a program is busy while any fork of ours has it open to write.
    assert!(Command::new("cp").arg(env!("CARGO_BIN_EXE_hold")).arg(&program).status().expect("cp").success());
    let mut command = Command::new(&program);
    command.current_dir(&place).env("HOME", &place).env("TMPDIR", &place).uid(uid).gid(gid);
    leaves_nothing(&mut command, |held| kill("KILL", &held.id().to_string()));
    std::fs::remove_dir_all(&place).expect("a directory to remove");
}

#[test]
fn a_given_server_keeps_nothing() {
    let server = Scratch::private(&[("listen_addresses", "127.0.0.1")]).expect("a server");
    ask(&server.config(), "create role tester createdb login password 'p@ss/word'").expect("a role");
    let databases = || {
        let names =
            "select count(*)::text from pg_database where datname like 'relata%' and datdba = 'tester'::regrole";
        ask(&server.config(), names).expect("a count")
    };
    let url = |password: &str| format!("postgresql://tester:{password}@127.0.0.1:{}/postgres", server.port());
    let good = url("p%40ss%2Fword");

    // An orphan of a process that nobody cleared up after goes at the next start; the databases of the living stay.
    ask(&server.config(), "create database relata_scratch_1_0_0 owner tester").expect("an orphan");
    let killed = Held::start(hold().env("DATABASE_URL", &good));
    assert_eq!(databases(), "1");
    let mut ended = Held::start(hold().env("DATABASE_URL", &good).arg("return"));
    assert_eq!(databases(), "2");
    assert_ne!(killed.config.get_dbname(), ended.config.get_dbname());
    assert_eq!(ask(&ended.config, "select current_user").expect("a row"), "tester");
    ended.go();
    ended.wait();
    assert_eq!(databases(), "1");
    kill("KILL", &killed.id().to_string());
    killed.wait();
    assert!(gone(|| databases() != "0"));

    let refused = hold().env("DATABASE_URL", url("wrong-secret")).output().expect("a run");
    let said = String::from_utf8_lossy(&refused.stderr).into_owned();
    assert!(!refused.status.success() && said.contains("DATABASE_URL") && !said.contains("secret"), "{said}");
    assert!(said.contains("password authentication failed"), "{said}");
}
