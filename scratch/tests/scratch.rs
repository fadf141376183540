//! Tests of what a scratch database is: there, one's own, private or not, and stopped when asked.
//!
//! Must not know how servers are found or cleared up.

#[path = "support/outside.rs"]
mod support;

use std::process::Stdio;

use relata_scratch::{Scratch, shared};
use support::{Held, ask, gone, hold};

#[test]
fn it_answers() {
    let scratch = Scratch::private(&[]).expect("a server");
    assert_eq!(ask(&scratch.config(), "select 1").as_deref(), Ok("1"));
    assert_eq!(ask(&scratch.url().parse().expect("a URL"), "select 1").as_deref(), Ok("1"));
    assert!(scratch.is_private() && scratch.server().starts_with("PostgreSQL "), "{}", scratch.server());
    let said = ask(&scratch.config(), "select current_setting('server_version')").expect("a row");
    assert!(said.starts_with(scratch.server().trim_start_matches("PostgreSQL ")), "{said}");
    let sorted = "select string_agg(v, '' order by v) from (values ('b'), ('a'), ('B'), ('é')) as t (v)";
    assert_eq!(ask(&scratch.config(), sorted).as_deref(), Ok("Babé"));

    let directory = support::directory(&scratch.config());
    let server = support::server(&directory);
    drop(scratch);
    // At once, without waiting: a drop is done when it returns.
    assert!(!directory.exists() && !support::lives(server));
}

#[test]
fn each_is_another_database_of_one_server() {
    let (one, two) = (Scratch::start().expect("a database"), Scratch::start().expect("another"));
    assert_eq!(one.config().get_hosts(), two.config().get_hosts());
    assert_ne!(one.config().get_dbname(), two.config().get_dbname());
    ask(&one.config(), "create table t ()").expect("a table");
    assert!(ask(&two.config(), "table t").is_err());
    let count = format!(
        "select count(*)::text from pg_database where datname = '{}'",
        one.config().get_dbname().expect("a name")
    );
    assert_eq!(ask(&two.config(), &count).as_deref(), Ok("1"));
    drop(one);
    assert_eq!(ask(&two.config(), &count).as_deref(), Ok("0"));
    assert_eq!(shared().url(), shared().url());
    assert!(two.stop().expect_err("others use it").to_string().contains("Scratch::private"));
}

#[test]
fn it_starts_inside_a_runtime() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    runtime.block_on(async {
        let scratch = Scratch::start().expect("a database");
        assert!(scratch.url().starts_with("postgresql://"));
    });
}

#[test]
fn it_stops_crashes_and_starts_again() {
    let scratch = Scratch::private(&[("max_connections", "7")]).expect("a server");
    ask(&scratch.config(), "create table t as select 42 as v").expect("a table");
    assert_eq!(ask(&scratch.config(), "show max_connections").as_deref(), Ok("7"));
    scratch.stop().expect("a stop");
    scratch.stop().expect("a second stop");
    assert!(ask(&scratch.config(), "table t").is_err());
    scratch.restart().expect("a start");
    assert_eq!(ask(&scratch.config(), "table t").as_deref(), Ok("42"));
    scratch.kill().expect("a crash");
    assert!(ask(&scratch.config(), "table t").is_err());
    scratch.restart().expect("a start after a crash");
    scratch.restart().expect("a restart");
    assert_eq!(ask(&scratch.config(), "select 1").as_deref(), Ok("1"));
}

#[test]
fn a_setting_refused_is_told_in_the_servers_words() {
    let error = Scratch::private(&[("no_such_setting", "1")]).expect_err("no such setting").to_string();
    assert!(error.contains("no_such_setting"), "{error}");
}

#[test]
fn nothing_installed_says_what_to_install() {
    let empty = support::open_directory();
    let run = hold()
        .env_remove("DATABASE_URL")
        .env("PATH", "")
        .env("RELATA_PG_BINDIR", &empty)
        .stderr(Stdio::piped())
        .output()
        .expect("a run");
    std::fs::remove_dir(&empty).expect("an empty directory");
    let said = String::from_utf8_lossy(&run.stderr).into_owned();
    assert!(!run.status.success() && said.contains("apt-get install postgresql"), "{said}");
    assert_eq!(said.lines().count(), 1, "{said}");
}

#[test]
fn a_bad_url_is_not_quoted() {
    let run = hold().env("DATABASE_URL", "postgresql://me:secret@[::/x?secret=1").stderr(Stdio::piped()).output();
    let said = String::from_utf8_lossy(&run.expect("a run").stderr).into_owned();
    assert!(said.contains("DATABASE_URL") && !said.contains("secret"), "{said}");
}

#[test]
fn a_long_temporary_directory_is_left_alone() {
    let long = support::open_directory().join("x".repeat(90));
    std::fs::create_dir(&long).expect("a directory");
    let held = Held::start(hold().env_remove("DATABASE_URL").env("TMPDIR", &long));
    let directory = held.directory();
    assert!(!directory.starts_with(&long));
    drop(held);
    assert!(gone(|| directory.exists()));
    std::fs::remove_dir_all(long.parent().expect("a parent")).expect("a directory to remove");
}
