//! Times loads by relata against the floor, in pairs, and prints the medians of both and of their ratio.
//!
//! Must not decide whether that is good: times scatter, and `instructions` is the gate. One connection and one thread
//! for both sides; each pair is so many loads of the one and so many of the other, in changing order.

#![allow(clippy::print_stdout)]

use std::env;
use std::time::{Duration, Instant};

use relata_benches::model::{COMMENTS, PARENTS, POSTS};
use relata_benches::pair::Pairs;
use relata_benches::{Outcome, client, floor, queries};

/// Pairs a cell, unless the first argument says another number.
const PAIRS: usize = 101;

/// What one part of a pair takes at least, so that the clock is fine enough.
const PART: Duration = Duration::from_millis(4);

fn main() -> Outcome<()> {
    let pairs = env::args().nth(1).map_or(Ok(PAIRS), |number| number.parse())?;
    let scratch = client::filled()?;
    println!("{}; the server's default settings; {pairs} pairs a cell\n", scratch.server());
    println!("| load | users | rows | floor | relata | ratio (95 %) |\n|---|---|---|---|---|---|");
    client::runtime()?.block_on(async {
        let db = client::connect(&scratch.config()).await?;
        let client = db.client();
        for users in PARENTS {
            let statements = floor::prepare(client, &queries::users_posts(users).to_sql()).await?;
            let by_hand = async || Ok(floor::users_posts(client, &statements, users).await?.len());
            let relata = async || Ok(queries::users_posts(users).all(&db).await?.len());
            let measured = measure(pairs, by_hand, relata).await?;
            print("users → posts", users, users as usize * (1 + POSTS), &measured);
        }
        for users in PARENTS {
            let statements = floor::prepare(client, &queries::users_posts_comments(users).to_sql()).await?;
            let by_hand = async || Ok(floor::users_posts_comments(client, &statements, users).await?.len());
            let relata = async || Ok(queries::users_posts_comments(users).all(&db).await?.len());
            let measured = measure(pairs, by_hand, relata).await?;
            print("users → posts → comments", users, users as usize * (1 + POSTS * (1 + COMMENTS)), &measured);
        }
        for users in PARENTS {
            let statements = floor::prepare(client, &queries::posts_author(users).to_sql()).await?;
            let by_hand = async || Ok(floor::posts_author(client, &statements, users).await?.len());
            let relata = async || Ok(queries::posts_author(users).all(&db).await?.len());
            let measured = measure(pairs, by_hand, relata).await?;
            print("posts → author", users, users as usize * (1 + POSTS), &measured);
        }
        for users in PARENTS {
            let statements = floor::prepare(client, &queries::users_posts_joined(users).to_sql()).await?;
            let by_hand = async || Ok(floor::users_posts_joined(client, &statements, users).await?.len());
            let relata = async || Ok(queries::users_posts_joined(users).all(&db).await?.len());
            let measured = measure(pairs, by_hand, relata).await?;
            print("users → posts, joined", users, users as usize * POSTS, &measured);
        }
        for users in PARENTS {
            let statements = floor::prepare(client, &queries::posts_author_joined(users).to_sql()).await?;
            let by_hand = async || Ok(floor::posts_author_joined(client, &statements, users).await?.len());
            let relata = async || Ok(queries::posts_author_joined(users).all(&db).await?.len());
            let measured = measure(pairs, by_hand, relata).await?;
            print("posts → author, joined", users, users as usize * POSTS, &measured);
        }
        // The floor against itself: what of a ratio is chance.
        let statements = floor::prepare(client, &queries::users_posts(100).to_sql()).await?;
        let by_hand = async || Ok(floor::users_posts(client, &statements, 100).await?.len());
        print("the floor against itself", 100, 100 * (1 + POSTS), &measure(pairs, by_hand, by_hand).await?);
        Outcome::Ok(())
    })
}

fn print(load: &str, users: i32, rows: usize, pairs: &Pairs) {
    let [floor, relata] = [pairs.base(), pairs.other()].map(|time| time.as_secs_f64() * 1e3);
    println!("| {load} | {users} | {rows} | {floor:.3} ms | {relata:.3} ms | {} |", pairs.ratio());
}

/// Pairs of times of one load each, after some to warm up.
async fn measure(
    pairs: usize,
    by_hand: impl AsyncFn() -> Outcome<usize>,
    relata: impl AsyncFn() -> Outcome<usize>,
) -> Outcome<Pairs> {
    for _ in 0..8 {
        if by_hand().await? != relata().await? {
            return Err("the two sides load different rows".into());
        }
    }
    let once = Instant::now();
    by_hand().await?;
    let times = u32::try_from(PART.as_nanos() / once.elapsed().as_nanos().max(1))?.clamp(1, 100);
    let mut all = Pairs::default();
    for round in 0..pairs {
        let first = round % 2 == 0;
        let before = if first { time(times, &by_hand).await? } else { Duration::ZERO };
        let other = time(times, &relata).await?;
        let base = if first { before } else { time(times, &by_hand).await? };
        all.push(base, other);
    }
    Ok(all)
}

async fn time(times: u32, load: &impl AsyncFn() -> Outcome<usize>) -> Outcome<Duration> {
    let start = Instant::now();
    for _ in 0..times {
        load().await?;
    }
    Ok(start.elapsed() / times)
}
