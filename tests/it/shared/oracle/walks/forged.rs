//! Cursors that are none, or of another order: a clear error, and never another page.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::test_runner::TestCaseError;
use relata::{Cursor, Error, ErrorKind};
use serde_json::Value as Json;
use tokio::runtime::Builder;

use super::super::case::{Data, fill, world};
use super::super::selections::ask::{self, Sort};
use super::super::selections::naive::Sorted;
use super::super::{fail, property};
use super::pages::Pages;
use super::roots::Make;
use super::{Walk, walk};
use crate::support::World;
use crate::support::trace::{Listener, listen};

/// A change of a cursor's bytes: at a place, and to what.
type Change = (prop::sample::Index, u8);

/// Runs the property, and panics with its smallest counterexample.
pub fn run(share: u32, tables: &str, data: BoxedStrategy<Data>, roots: &'static [Make]) {
    let runtime = Builder::new_current_thread().enable_all().build().unwrap();
    let world = runtime.block_on(world(tables));
    let client = runtime.block_on(world.client());
    let listener = listen();
    let changes = vec((any::<prop::sample::Index>(), 1..=255_u8), 1..6);
    property(share, &(walk(), ask::order(), changes, data), |(walk, order, changes, data)| {
        runtime.block_on(async {
            fill(&client, &data).await;
            let make = walk.root.from(roots);
            let made = make(&walk);
            let query = made.query;
            let (rows, cursor) = query.page(&world.pool, 1, None).await.unwrap();
            let Some(cursor) = cursor else { return Ok(()) };
            assert_eq!(rows.len(), 1);
            changed(&cursor, &changes)?;
            rewritten(&world, &*query, &cursor, &changes).await?;
            let backwards =
                walk.order.iter().map(|sort| Sort { descending: !sort.descending, ..sort.clone() }).collect();
            for order in [backwards, order] {
                let other = make(&Walk { order, ..walk.clone() });
                if written(&other.naive.order) != written(&made.naive.order) {
                    refused(&world, &listener, &*other.query, &cursor).await?;
                }
            }
            for root in roots {
                let other = root(&Walk { order: Vec::new(), filters: Vec::new(), ..walk.clone() });
                if other.table.name != made.table.name {
                    refused(&world, &listener, &*other.query, &cursor).await?;
                }
            }
            Ok(())
        })
    });
}

/// An order in words; what it is sorted by already makes no difference.
fn written(order: &[Sorted]) -> Vec<(&str, bool, bool)> {
    let mut all: Vec<(&str, bool, bool)> = Vec::new();
    for Sorted { by, descending, nulls_first } in order {
        if all.iter().all(|(known, ..)| *known != by.text) {
            all.push((&by.text, *descending, *nulls_first));
        }
    }
    all
}

fn is_invalid(error: &Error) -> bool {
    error.kind() == ErrorKind::InvalidCursor
}

/// A letter of the text is another one, or its end is not there.
fn changed(cursor: &Cursor, changes: &[Change]) -> Result<(), TestCaseError> {
    let text = cursor.to_string();
    for (at, by) in changes {
        let at = at.index(text.len());
        let mut letters = text.clone().into_bytes();
        let letter = b"ABCDEFGHabcdefgh01234567-_"[usize::from(*by) % 26];
        if letters[at] == letter {
            continue;
        }
        letters[at] = letter;
        let other = String::from_utf8(letters).unwrap();
        for forged in [&other, &text[..at], &format!("{text}{}", &text[..1])] {
            match forged.parse::<Cursor>() {
                Err(error) if is_invalid(&error) => {}
                read => return Err(fail(format!("{forged} is read as {read:?}, changed from {text}"))),
            }
        }
    }
    Ok(())
}

/// Somebody who knows how cursors are written makes another: it is refused, or begins a page somewhere in the order.
async fn rewritten(world: &World, query: &dyn Pages, cursor: &Cursor, changes: &[Change]) -> Result<(), TestCaseError> {
    let all = query.all(&world.pool).await.unwrap();
    let content = URL_SAFE_NO_PAD.decode(cursor.to_string()).unwrap();
    let content = &content[..content.len() - 4];
    for (at, by) in changes {
        let mut forged = content.to_vec();
        forged[at.index(content.len())] ^= by;
        let sum = forged
            .iter()
            .fold(0xcbf2_9ce4_8422_2325_u64, |sum, byte| (sum ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3));
        forged.extend_from_slice(&(sum as u32).to_be_bytes());
        let forged = match URL_SAFE_NO_PAD.encode(&forged).parse::<Cursor>() {
            Ok(forged) => forged,
            Err(error) if is_invalid(&error) => continue,
            Err(error) => return Err(fail(format!("{error:?}"))),
        };
        match query.page(&world.pool, 2, Some(&forged)).await {
            Err(error) if is_invalid(&error) => {}
            Ok((rows, _)) if rows.iter().all(|row: &Json| all.contains(row)) => {}
            other => return Err(fail(format!("{other:?}\n{}", query.text(2, Some(&forged))))),
        }
    }
    Ok(())
}

/// The query has another order than the cursor's: nothing is sent.
async fn refused(world: &World, listener: &Listener, query: &dyn Pages, cursor: &Cursor) -> Result<(), TestCaseError> {
    listener.take();
    let page = query.page(&world.pool, 1, Some(cursor)).await;
    let sent = listener.take().len();
    match page {
        Err(error) if is_invalid(&error) && sent == 0 => Ok(()),
        page => Err(fail(format!("{page:?} of another order, {sent} sent\n{}", query.text(1, Some(cursor))))),
    }
}
