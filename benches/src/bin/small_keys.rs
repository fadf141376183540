//! Compares ways to send the keys of a select-in load: `= ANY($1)`, hidden from the planner, by a generic plan, padded.
//!
//! Must not know relata, which sends the first. The question and the answer are ADR 4; this repeats its tables. Each cell
//! has statements of its own, executed in turns and more than 20 times where they take less than a tenth of a second.

#![allow(clippy::print_stdout)]

use std::pin::pin;
use std::time::{Duration, Instant};

use futures::TryStreamExt;
use relata_benches::pair::Pairs;
use relata_benches::{Outcome, client};
use relata_scratch::Scratch;
use tokio_postgres::error::SqlState;
use tokio_postgres::types::ToSql;
use tokio_postgres::{Client, Error, Statement};

const KEYS: [usize; 8] = [1, 2, 5, 9, 10, 100, 1000, 20_000];

/// What is set on the connection.
const SETTINGS: [&str; 3] = [
    "SET random_page_cost = 4; SET jit = on",
    "SET random_page_cost = 1.1; SET jit = on",
    "SET random_page_cost = 1.1; SET jit = off",
];

/// After this a way is given up in a cell.
const PATIENCE: &str = "10s";

/// A table and what stands beside the keys in the statement.
struct Case {
    name: &'static str,
    table: &'static str,
    column: &'static str,
    rest: &'static str,
    /// The number of parents to choose keys from.
    parents: usize,
    /// Whether the parent with half of the children is always among the keys.
    heavy: bool,
}

const EVEN: Case =
    Case { name: "100,000 children, index", table: "even", column: "fk", rest: "", parents: 10_000, heavy: false };
const LARGE: Case = Case { name: "1,000,000 children, index", table: "large", parents: 100_000, ..EVEN };
const SKEWED: Case = Case {
    name: "100,000 children, half of them one parent's, index, that parent asked for",
    table: "skewed",
    parents: 5_000,
    heavy: true,
    ..EVEN
};

const CASES: [Case; 9] = [
    EVEN,
    LARGE,
    Case { name: "to-one: 1,000,000 targets by their key", column: "id", parents: 1_000_000, ..LARGE },
    Case { name: "100,000 children, index, ORDER BY id", rest: " ORDER BY id", ..EVEN },
    Case { name: "100,000 children, index, a filter for one in three", rest: " AND published", ..EVEN },
    Case { name: "1,000,000 children, index, a filter for one in 1,000 with an index", rest: " AND kind = 7", ..LARGE },
    SKEWED,
    Case { name: "100,000 children, half of them one parent's, index, others asked for", heavy: false, ..SKEWED },
    Case { name: "100,000 children, no index", table: "bare", ..EVEN },
];

const SCRIPT: &str = "
CREATE TABLE large (id int PRIMARY KEY, fk int NOT NULL, title text NOT NULL, published bool NOT NULL, kind int NOT NULL);
CREATE TABLE even (LIKE large INCLUDING ALL);
CREATE TABLE skewed (LIKE large INCLUDING ALL);
CREATE TABLE bare (LIKE large INCLUDING ALL);
INSERT INTO large SELECT i, 1 + i % 100000, 'title ' || i, i % 3 = 0, (hashint4(i) & 2147483647) % 1000 FROM generate_series(1, 1000000) i;
INSERT INTO even SELECT i, 1 + i % 10000, 'title ' || i, i % 3 = 0, i % 1000 FROM generate_series(1, 100000) i;
INSERT INTO bare SELECT * FROM even;
INSERT INTO skewed SELECT i, CASE WHEN i % 2 = 0 THEN 1 ELSE 2 + i / 2 % 4999 END, 'title ' || i, i % 3 = 0, i % 1000
    FROM generate_series(1, 100000) i;
CREATE INDEX ON large (fk);
CREATE INDEX ON large (kind);
CREATE INDEX ON even (fk);
CREATE INDEX ON skewed (fk);
ANALYZE;
";

fn main() -> Outcome<()> {
    client::runtime()?.block_on(run())
}

async fn run() -> Outcome<()> {
    let scratch =
        Scratch::private(&[("shared_buffers", "256MB"), ("autovacuum", "off"), ("statement_timeout", PATIENCE)])?;
    println!("{}, shared_buffers 256 MB, autovacuum off", scratch.server());
    let connection = client::connect(&scratch.config()).await?;
    let client = connection.client();
    client.batch_execute(SCRIPT).await?;
    for settings in SETTINGS {
        client.batch_execute(settings).await?;
        for case in &CASES {
            println!("\n{settings}: {}\n", case.name);
            println!("| keys | any, ms | hidden / any | generic / any | padded / any |\n|---|---|---|---|---|");
            for keys in KEYS {
                println!("{}", cell(client, case, keys).await?);
            }
        }
    }
    Ok(())
}

/// One row of the table.
async fn cell(client: &Client, case: &Case, keys: usize) -> Outcome<String> {
    let Case { table, column, rest, .. } = case;
    let head = format!("SELECT id, fk, title, published FROM {table} WHERE {column} = ANY");
    let any = format!("{head}($1){rest}");
    let hidden = format!(
        "{head}(COALESCE((SELECT CASE WHEN true THEN $1 ELSE ARRAY(SELECT {column} FROM {table}) END), NULL)){rest}"
    );
    let auto = |statement| Way { mode: "auto", statement, padded: false, ended: true };
    let mut ways = [
        auto(client.prepare(&any).await?),
        auto(client.prepare(&hidden).await?),
        Way { mode: "force_generic_plan", ..auto(client.prepare(&any).await?) },
        Way { padded: true, ..auto(client.prepare(&any).await?) },
    ];
    let mut numbers = Numbers(keys as u64);
    // The plan cache decides after five executions.
    for _ in 0..7 {
        let keys = numbers.keys(case, keys);
        for way in &mut ways {
            way.time(client, &keys, 1).await?;
        }
    }
    let mut pairs = [Pairs::default(), Pairs::default(), Pairs::default()];
    let times = if keys <= 100 { 5 } else { 1 };
    let start = Instant::now();
    for round in 0..41 {
        if round >= 5 && start.elapsed() > Duration::from_secs(2) {
            break;
        }
        let keys = numbers.keys(case, keys);
        let mut took = [Duration::ZERO; 4];
        for at in 0..4 {
            let at = (at + round) % 4;
            took[at] = ways[at].time(client, &keys, times).await?;
        }
        for (pairs, other) in pairs.iter_mut().zip(&took[1..]) {
            pairs.push(took[0], *other);
        }
    }
    let mut row = format!("| {keys} | {:.3} |", pairs[0].base().as_secs_f64() * 1e3 / f64::from(times));
    for (way, pairs) in ways[1..].iter().zip(&pairs) {
        let cell = if way.ended { pairs.ratio().to_string() } else { format!("not within {PATIENCE}") };
        row.push_str(&format!(" {cell} |"));
    }
    Ok(row)
}

/// A prepared statement and how it is planned. All are of one connection, so that one process of the server runs them.
struct Way {
    mode: &'static str,
    /// Whether the first key is repeated until there are ten, for which a generic plan is costed.
    padded: bool,
    /// Whether it always came to its end in time.
    ended: bool,
    statement: Statement,
}

impl Way {
    /// How long it takes to run the statement so many times, each to its last row. Nothing, once it took too long.
    async fn time(&mut self, client: &Client, keys: &[i32], times: u32) -> Outcome<Duration> {
        let mut keys = keys.to_owned();
        if let (true, Some(&first)) = (self.padded, keys.first()) {
            keys.resize(keys.len().max(10), first);
        }
        client.batch_execute(&format!("SET plan_cache_mode = {}", self.mode)).await?;
        let start = Instant::now();
        for _ in 0..times {
            if !self.ended {
                break;
            }
            match drain(client, &self.statement, &keys).await {
                Err(error) if error.code() == Some(&SqlState::QUERY_CANCELED) => self.ended = false,
                result => result?,
            }
        }
        Ok(start.elapsed())
    }
}

async fn drain(client: &Client, statement: &Statement, keys: &Vec<i32>) -> Result<(), Error> {
    let mut rows = pin!(client.query_raw(statement, [keys as &(dyn ToSql + Sync)]).await?);
    while rows.try_next().await?.is_some() {}
    Ok(())
}

/// Numbers that look random and are the same in each run.
struct Numbers(u64);

impl Numbers {
    fn next(&mut self, below: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % below
    }

    /// Distinct keys: neighbours at equal distances from a random start. Beyond the parents there are, keys without rows.
    fn keys(&mut self, case: &Case, count: usize) -> Vec<i32> {
        let step = (case.parents / count).max(1);
        let start = self.next(case.parents);
        let range = case.parents.max(count);
        let first = if case.heavy { 1 } else { 2 + start as i32 };
        let others = (1..count).map(|at| 2 + ((start + at * step) % range) as i32);
        std::iter::once(first).chain(others).collect()
    }
}
