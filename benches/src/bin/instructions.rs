//! Counts the client's instructions a row, relata's and those of the floor, and fails where their ratio is too high.
//!
//! Must not measure time. It runs itself under callgrind with so many loads and with twice as many: what differs is the
//! loads alone, without connecting, preparing and warming up. All of the client is on one thread, the driver included.

#![allow(clippy::print_stdout)]

use std::env;
use std::future::Future;
use std::process::{Command, ExitCode};

use relata::sql::Statements;
use relata_benches::model::{PARENTS, POSTS};
use relata_benches::{Outcome, client, floor, queries};
use tokio_postgres::Config;

/// The highest ratio that passes.
const BOUND: f64 = 1.25;

/// An allocation then costs about the same whatever was freed before. Without it the allocator tidies up now and then,
/// on whichever side a large piece is asked for next, and counts scatter by 1 % instead of 0.1 %.
const ALLOCATOR: &str = "glibc.malloc.tcache_count=65535";

/// The loads, the connection of each, and what a run under callgrind does: the driver alone, the whole by hand, the whole
/// by relata.
const SIDES: [(&str, &str, [&str; 3]); 4] = [
    ("users → posts", "one", ["driver", "floor", "relata"]),
    ("users → posts", "pool", ["driver", "floor-pool", "relata-pool"]),
    ("users → posts, joined", "one", ["driver-joined", "floor-joined", "relata-joined"]),
    ("posts → author, joined", "one", ["driver-author", "floor-author", "relata-author"]),
];

fn main() -> Outcome<ExitCode> {
    let args: Vec<String> = env::args().skip(1).collect();
    match args.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        [] => measure(),
        // By hand, for a profile: `serve` prints a URL and waits, then callgrind runs the other.
        ["serve"] => serve(),
        [side, url, parents, loads] => {
            let url: Config = url.parse()?;
            client::runtime()?.block_on(run(side, url, parents.parse()?, loads.parse()?))?;
            Ok(ExitCode::SUCCESS)
        }
        _ => Err("usage: instructions | instructions serve | instructions SIDE URL PARENTS LOADS".into()),
    }
}

fn measure() -> Outcome<ExitCode> {
    if Command::new("valgrind").arg("--version").output().is_err() {
        return Err("valgrind is not installed; this measurement needs it (package `valgrind`)".into());
    }
    let scratch = client::filled()?;
    println!("{}; users with {POSTS} posts each, instructions a row\n", scratch.server());
    println!(
        "| load | connection | users | rows | driver alone | floor | relata | relata / floor |\n\
         |---|---|---|---|---|---|---|---|"
    );
    let mut worst = 0.0_f64;
    for (load, connection, sides) in SIDES {
        for parents in PARENTS {
            let rows = parents as usize * if load.ends_with("joined") { POSTS } else { 1 + POSTS };
            let loads = (20_000 / rows).clamp(4, 100);
            let mut counts = [0.0; 3];
            for (count, side) in counts.iter_mut().zip(sides) {
                let one = instructions(side, &scratch.url(), parents, loads)?;
                let two = instructions(side, &scratch.url(), parents, 2 * loads)?;
                *count = (two - one) as f64 / (loads * rows) as f64;
            }
            let [driver, floor, relata] = counts;
            let ratio = relata / floor;
            worst = worst.max(ratio);
            println!(
                "| {load} | {connection} | {parents} | {rows} | {driver:.0} | {floor:.0} | {relata:.0} | {ratio:.3} |"
            );
        }
    }
    println!("\nhighest ratio {worst:.3}, bound {BOUND}");
    Ok(if worst > BOUND { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}

/// What callgrind counts for a whole run of this program.
fn instructions(side: &str, url: &str, parents: i32, loads: usize) -> Outcome<u64> {
    let output = Command::new("valgrind")
        .env("GLIBC_TUNABLES", ALLOCATOR)
        .args(["--tool=callgrind", "--callgrind-out-file=/dev/null"])
        .arg(env::current_exe()?)
        .args([side, url, &parents.to_string(), &loads.to_string()])
        .output()?;
    let said = String::from_utf8_lossy(&output.stderr);
    let count = said.lines().find_map(|line| line.split_once("Collected :")).map(|(_, count)| count.trim().parse());
    match count {
        Some(Ok(count)) if output.status.success() => Ok(count),
        _ => Err(format!("callgrind failed:\n{said}").into()),
    }
}

fn serve() -> Outcome<ExitCode> {
    let scratch = client::filled()?;
    println!("{}", scratch.url());
    std::io::stdin().read_line(&mut String::new())?;
    Ok(ExitCode::SUCCESS)
}

/// The part under callgrind: connects, warms up, loads.
async fn run(side: &str, config: Config, parents: i32, loads: usize) -> Outcome<()> {
    match side {
        "driver" => received(&config, &queries::users_posts(parents).to_sql(), parents, loads).await,
        "floor" => {
            let connection = client::connect(&config).await?;
            let client = connection.client();
            let statements = floor::prepare(client, &queries::users_posts(parents).to_sql()).await?;
            repeat(loads, async || Ok(floor::users_posts(client, &statements, parents).await?.len())).await
        }
        "relata" => {
            let connection = client::connect(&config).await?;
            repeat(loads, async || Ok(queries::users_posts(parents).all(&connection).await?.len())).await
        }
        "floor-pool" => {
            let pool = client::pool(config)?;
            let texts = queries::users_posts(parents).to_sql();
            let texts: Vec<String> = texts.iter().map(|statement| statement.text().to_owned()).collect();
            repeat(loads, async || Ok(floor::users_posts_pooled(&pool, &texts, parents).await?.len())).await
        }
        "relata-pool" => {
            let pool = client::pool(config)?;
            repeat(loads, async || Ok(queries::users_posts(parents).all(&pool).await?.len())).await
        }
        "driver-joined" => received(&config, &queries::users_posts_joined(parents).to_sql(), parents, loads).await,
        "floor-joined" => {
            let connection = client::connect(&config).await?;
            let client = connection.client();
            let statements = floor::prepare(client, &queries::users_posts_joined(parents).to_sql()).await?;
            repeat(loads, async || Ok(floor::users_posts_joined(client, &statements, parents).await?.len())).await
        }
        "relata-joined" => {
            let connection = client::connect(&config).await?;
            repeat(loads, async || Ok(queries::users_posts_joined(parents).all(&connection).await?.len())).await
        }
        "driver-author" => received(&config, &queries::posts_author_joined(parents).to_sql(), parents, loads).await,
        "floor-author" => {
            let connection = client::connect(&config).await?;
            let client = connection.client();
            let statements = floor::prepare(client, &queries::posts_author_joined(parents).to_sql()).await?;
            repeat(loads, async || Ok(floor::posts_author_joined(client, &statements, parents).await?.len())).await
        }
        "relata-author" => {
            let connection = client::connect(&config).await?;
            repeat(loads, async || Ok(queries::posts_author_joined(parents).all(&connection).await?.len())).await
        }
        _ => Err(format!("`{side}` is none of {SIDES:?}").into()),
    }
}

/// The rows of a load, received and dropped.
async fn received(config: &Config, texts: &Statements, parents: i32, loads: usize) -> Outcome<()> {
    let connection = client::connect(config).await?;
    let client = connection.client();
    let statements = floor::prepare(client, texts).await?;
    repeat(loads, async || floor::received(client, &statements, parents).await).await
}

/// Twice to warm up, then so many times.
async fn repeat<F: Future<Output = Outcome<usize>>>(loads: usize, load: impl Fn() -> F) -> Outcome<()> {
    for _ in 0..loads + 2 {
        if load().await? == 0 {
            return Err("no rows: nothing was measured".into());
        }
    }
    Ok(())
}
