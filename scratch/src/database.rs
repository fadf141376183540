//! The databases on a server: their names, their making and dropping, and how to write down the way to one.
//!
//! Must not know whose server it is.

use std::fmt::Write;

use tokio_postgres::Config;
use tokio_postgres::config::{Host, SslMode};

use crate::directory::unique;
use crate::session::Session;

/// What all names begin with; a database of this prefix with no owner around is anyone's to drop.
const PREFIX: &str = "relata_scratch_";

/// A name no other database has, that needs no quotes.
pub(crate) fn new_name() -> String {
    format!("{PREFIX}{}", unique())
}

/// `15` of `15.18 (Debian …)`; 0 if unheard of, for which the oldest ways are used.
pub(crate) fn major(version: &str) -> u32 {
    version.split(|c: char| !c.is_ascii_digit()).next().and_then(|digits| digits.parse().ok()).unwrap_or(0)
}

/// Empty, and alike on every server: nothing from a local template, text sorted by its bytes.
pub(crate) fn create(session: &Session, name: &str, major: u32) -> Result<(), String> {
    let provider = if major >= 15 { " locale_provider libc" } else { "" };
    let like = "template template0 encoding 'UTF8' lc_collate 'C' lc_ctype 'C'";
    session.run(&format!("create database {name} {like}{provider}")).map(drop)
}

/// The statements that drop a database together with its connections.
pub(crate) fn drop_statements(name: &str, major: u32) -> Vec<String> {
    if major >= 13 {
        return vec![format!("drop database if exists {name} with (force)")];
    }
    let end = format!("select pg_terminate_backend(pid) from pg_stat_activity where datname = '{name}'");
    vec![end, format!("drop database if exists {name}")]
}

/// Drops what killed processes left. A living owner's session bears the database's name, so those are spared; and so is
/// a database that anyone is connected to.
pub(crate) fn sweep(session: &Session) {
    let orphans = format!(
        "select datname from pg_database where datname like '{}%' and not exists (select from pg_stat_activity as a \
         where a.application_name = pg_database.datname or a.datname = pg_database.datname)",
        PREFIX.replace('_', r"\_")
    );
    for name in session.run(&orphans).unwrap_or_default() {
        // Of our making only if it reads like it; another run may be sweeping, too.
        if name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_') {
            let _ = session.run(&format!("drop database if exists {name}"));
        }
    }
}

/// A URL that libpq and tokio-postgres read alike. Hosts go where hosts go, sockets too: of a list in a parameter, the
/// two make different things.
pub(crate) fn url(config: &Config) -> String {
    let mut url = "postgresql://".to_owned();
    let ports = config.get_ports();
    for (i, host) in config.get_hosts().iter().enumerate() {
        let port = ports.get(i).or(ports.first()).copied().unwrap_or(5432);
        let comma = if i == 0 { "" } else { "," };
        // Writing to a string does not fail.
        let _ = write!(url, "{comma}{}:{port}", escaped(written(host).as_bytes()));
    }
    let _ = write!(url, "/{}", escaped(config.get_dbname().unwrap_or_default().as_bytes()));
    let mut separator = '?';
    for (name, value) in parameters(config) {
        if config.get_hosts().is_empty() || !["host", "port"].contains(&name) {
            let _ = write!(url, "{separator}{name}={}", escaped(&value));
            separator = '&';
        }
    }
    url
}

/// The same as variables that `psql` reads: unlike arguments, they are not for everyone to see.
pub(crate) fn variables(config: &Config) -> Vec<(&'static str, String)> {
    let variable = |name| match name {
        "host" => "PGHOST",
        "hostaddr" => "PGHOSTADDR",
        "port" => "PGPORT",
        "user" => "PGUSER",
        "password" => "PGPASSWORD",
        "options" => "PGOPTIONS",
        _ => "PGSSLMODE",
    };
    let mut variables = parameters(config)
        .into_iter()
        .map(|(name, value)| (variable(name), String::from_utf8_lossy(&value).into_owned()))
        .collect::<Vec<_>>();
    variables.extend(config.get_dbname().map(|name| ("PGDATABASE", name.to_owned())));
    variables
}

fn parameters(config: &Config) -> Vec<(&'static str, Vec<u8>)> {
    let list = |items: Vec<String>| (!items.is_empty()).then(|| items.join(",").into_bytes());
    let mode = match config.get_ssl_mode() {
        SslMode::Disable => Some("disable"),
        SslMode::Require => Some("require"),
        // The default of both libraries.
        _ => None,
    };
    let all = [
        ("host", list(config.get_hosts().iter().map(written).collect())),
        ("hostaddr", list(config.get_hostaddrs().iter().map(ToString::to_string).collect())),
        ("port", list(config.get_ports().iter().map(ToString::to_string).collect())),
        ("user", config.get_user().map(|user| user.as_bytes().to_vec())),
        ("password", config.get_password().map(<[u8]>::to_vec)),
        ("options", config.get_options().map(|options| options.as_bytes().to_vec())),
        ("sslmode", mode.map(|mode| mode.as_bytes().to_vec())),
    ];
    all.into_iter().filter_map(|(name, value)| Some((name, value?))).collect()
}

fn written(host: &Host) -> String {
    match host {
        Host::Tcp(name) => name.clone(),
        Host::Unix(directory) => directory.to_string_lossy().into_owned(),
    }
}

fn escaped(bytes: &[u8]) -> String {
    let mut text = String::new();
    for &byte in bytes {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            text.push(char::from(byte));
        } else {
            let _ = write!(text, "%{byte:02X}");
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_url_says_all_that_a_config_says() {
        let given =
            "postgresql://me:p%40ss%2F%3Fw%26=%C3%A9@one:5433,two:5434/some%20db?sslmode=require&options=-c%20a%3Db";
        let config: Config = given.parse().expect("a good URL");
        assert_eq!(url(&config).parse::<Config>().expect("a URL of ours"), config);
        let mut config = Config::new();
        config.host_path("/tmp/a b").port(5432).user("postgres").dbname("x");
        assert_eq!(url(&config), "postgresql://%2Ftmp%2Fa%20b:5432/x?user=postgres");
        assert_eq!(url(&config).parse::<Config>().expect("a URL of ours"), config);
        let mut config = Config::new();
        config.host("::1").port(5433).dbname("x");
        assert_eq!(url(&config).parse::<Config>().expect("a URL of ours"), config);
    }

    #[test]
    fn old_servers_are_asked_in_two_statements() {
        assert_eq!(major("12.4"), 12);
        assert_eq!(major("18beta1"), 18);
        assert_eq!(drop_statements("x", 12).len(), 2);
        assert_eq!(drop_statements("x", 13).len(), 1);
    }
}
