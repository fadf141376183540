//! Strings and names that break SQL which is pasted together.

use relata::ErrorKind;
use relata::prelude::*;

use super::probe::refused;
use crate::contract::c01_blog::{Post, User};
use crate::support::{World, blog, pool};

const NAMES: [&str; 14] = [
    "'; DROP TABLE users; --",
    "\"quoted\" and 'quoted'",
    "back\\slash \\' \\\\",
    "100%_sure",
    "%",
    "_",
    "\\%",
    "$1 :name ?",
    "/* */ -- E'\\n'",
    "emoji 🦀 and e\u{301} and \u{202e}",
    "line\nfeed\r\ttab",
    "",
    " ",
    "NULL",
];

#[tokio::test]
async fn values_are_taken_as_they_are() {
    let world = World::new(blog::TABLES).await;
    let one = pool(&world.config, 1);
    let client = one.get().await.unwrap();
    for name in NAMES {
        client.execute("INSERT INTO users (name) VALUES ($1)", &[&name]).await.unwrap();
    }
    drop(client);
    let all = User::query().all(&one).await.unwrap();
    for name in NAMES {
        let found = User::query().filter(User.name.eq(name)).all(&one).await.unwrap();
        assert_eq!(found.iter().map(|user| user.name.as_str()).collect::<Vec<_>>(), [name]);
        let by = |pick: fn(&str, &str) -> bool| all.iter().filter(|user| pick(&user.name, name)).count() as u64;
        let count = async |condition| User::query().filter(condition).count(&one).await.unwrap();
        assert_eq!(count(User.name.contains(name)).await, by(|text, part| text.contains(part)), "{name:?}");
        assert_eq!(count(User.name.starts_with(name)).await, by(|text, part| text.starts_with(part)), "{name:?}");
        assert_eq!(count(User.name.ends_with(name)).await, by(|text, part| text.ends_with(part)), "{name:?}");
        assert_eq!(count(User.name.is_in([name])).await, 1);
    }
    assert_eq!(count_of(&one, User.name.is_in(NAMES)).await, NAMES.len() as u64);
}

async fn count_of(db: &deadpool_postgres::Pool, condition: relata::Predicate<User>) -> u64 {
    User::query().filter(condition).count(db).await.unwrap()
}

#[tokio::test]
async fn a_value_that_text_cannot_hold_is_an_error() {
    let world = blog::world().await;
    let one = pool(&world.config, 1);
    let says = "User: the server refused the statement: invalid byte sequence for encoding \"UTF8\": 0x00";
    refused(User::query().filter(User.name.eq("a\0b")).all(&one).await, ErrorKind::Database, says);
    refused(User::query().filter(User.name.contains("\0")).count(&one).await, ErrorKind::Database, says);
    let found = User::query().filter(User.posts.any(Post.title.is_in(["\0"]))).exists(&one).await;
    refused(found, ErrorKind::Database, says);
    super::probe::usable(&one).await;
}

#[tokio::test]
async fn a_megabyte_of_text_is_a_value_like_any_other() {
    let world = World::new(blog::TABLES).await;
    let one = pool(&world.config, 1);
    let long = "ä%_\\'".repeat(1 << 20);
    one.get().await.unwrap().execute("INSERT INTO users (name) VALUES ($1)", &[&long]).await.unwrap();
    assert_eq!(User::query().filter(User.name.eq(&long)).one(&one).await.unwrap().name, long);
    assert_eq!(User::query().filter(User.name.starts_with(&long[..1 << 20])).count(&one).await.unwrap(), 1);
    assert_eq!(User::query().filter(User.name.ne(&long)).count(&one).await.unwrap(), 0);
}

#[tokio::test]
async fn limits_beyond_the_servers_integers_are_no_limits() {
    let world = blog::world().await;
    let one = pool(&world.config, 1);
    assert_eq!(User::query().limit(u64::MAX).with(User.posts).all(&one).await.unwrap().len(), 4);
    assert_eq!(User::query().limit(u64::MAX).offset(1).all(&one).await.unwrap().len(), 3);
    assert_eq!(User::query().offset(u64::MAX).all(&one).await.unwrap().len(), 0);
    assert_eq!(User::query().limit(u64::MAX).offset(u64::MAX).count(&one).await.unwrap(), 0);
    assert_eq!(User::query().limit(i64::MAX as u64 + 1).count(&one).await.unwrap(), 4);
    assert_eq!(User::query().limit(0).with(User.posts).all(&one).await.unwrap().len(), 0);
    for load in [User.posts.limit(u64::MAX), User.posts.limit(u64::MAX).window(), User.posts.limit(i64::MAX as u64)] {
        for (offset, kept) in [(0, 5), (1, 2), (u64::MAX, 0)] {
            for load in [load.clone().select_in(), load.clone().joined()] {
                let users = User::query().with(load.offset(offset)).all(&one).await.unwrap();
                assert_eq!(users.iter().map(|user| user.posts().len()).sum::<usize>(), kept);
            }
        }
    }
    assert!(User::query().limit(0).first(&one).await.unwrap().is_none());
}

/// Quotes, spaces, upper case and points in names.
#[derive(Entity, Debug, Clone, PartialEq)]
#[entity(table = "The \"Order\".s; --")]
#[has_many(lines: Vec<Line>, by = order)]
struct Order {
    #[key]
    #[column(name = "Select")]
    id: i32,
    #[column(name = "it's \"quoted\"\" \\ $1 ?")]
    text: String,
}

/// Words of SQL, letters beyond ASCII, and names of 63 bytes.
#[derive(Entity, Debug, Clone, PartialEq)]
#[entity(table = "group")]
#[belongs_to(parent: Option<Order>, by = order)]
struct Line {
    #[key]
    #[column(name = "ключ🔑")]
    id: i32,
    #[column(name = "order")]
    order: i32,
    #[column(name = "a23456789b123456789c123456789d123456789e123456789f123456789g123")]
    longest: String,
    #[column(name = "t0")]
    t0: String,
}

const NAMED: &str = r#"
CREATE TABLE "The ""Order"".s; --" ("Select" int PRIMARY KEY, "it's ""quoted"""" \ $1 ?" text NOT NULL);
CREATE TABLE "group" ("ключ🔑" int PRIMARY KEY, "order" int NOT NULL, t0 text NOT NULL,
    a23456789b123456789c123456789d123456789e123456789f123456789g123 text NOT NULL);
INSERT INTO "The ""Order"".s; --" VALUES (1, 'one'), (2, 'two');
INSERT INTO "group" VALUES (1, 1, 'x', 'long'), (2, 1, 'y', 'long'), (3, 2, 'x', 'long');
"#;

#[tokio::test]
async fn names_are_quoted_in_loads_paths_and_errors() {
    let world = World::new(NAMED).await;
    let one = pool(&world.config, 1);
    let lines = Order.lines.filter(Line.t0.eq("x"));
    let first = lines.clone().order_by(Line.parent.text.asc()).limit(9);
    for load in [lines, first.clone(), first.window()] {
        for load in [load.clone().select_in(), load.joined()] {
            let orders = Order::query().order_by(Order.text.asc()).with(load);
            let orders = orders.filter(Order.lines.any(Line.longest.eq("long"))).limit(5).all(&one).await.unwrap();
            let lines: Vec<usize> = orders.iter().map(|order| order.lines().len()).collect();
            assert_eq!(lines, [1, 1]);
        }
    }
    for parent in [Line.parent.select_in(), Line.parent.joined()] {
        let line = Line::query().filter(Line.parent.text.eq("two")).with(parent).one(&one).await.unwrap();
        assert_eq!((line.id, line.parent().map(|order| order.id)), (3, Some(2)));
    }

    let client = one.get().await.unwrap();
    client.batch_execute(r#"ALTER TABLE "group" RENAME "ключ🔑" TO lost"#).await.unwrap();
    drop(client);
    let says = "Order.lines: `Line` is mapped to column `ключ🔑` of table `group`, which the database does not have";
    refused(Order::query().with(Order.lines).all(&one).await, ErrorKind::MissingColumn, says);
    let found = Order::query().filter(Order.lines.any(Line.id.eq(1))).exists(&one).await;
    let says = "Order: `Line` is mapped to column `ключ🔑` of table `group`, which the database does not have";
    refused(found, ErrorKind::MissingColumn, says);
    let client = one.get().await.unwrap();
    client
        .batch_execute(r#"ALTER TABLE "The ""Order"".s; --" RENAME "it's ""quoted"""" \ $1 ?" TO lost"#)
        .await
        .unwrap();
    drop(client);
    let says = "Order: `Order` is mapped to column `it's \"quoted\"\" \\ $1 ?` of table `The \"Order\".s; --`, which the \
                database does not have";
    refused(Order::query().all(&one).await, ErrorKind::MissingColumn, says);
    one.get().await.unwrap().batch_execute(r#"DROP TABLE "The ""Order"".s; --""#).await.unwrap();
    let says = "Order: `Order` is mapped to table `The \"Order\".s; --`, which the database does not have";
    refused(Order::query().all(&one).await, ErrorKind::MissingTable, says);
    assert_eq!(one.status().size, 1);
}

/// Named with a byte that ends every text of the protocol.
#[derive(Entity, Debug, Clone, PartialEq)]
#[entity(table = "users")]
struct Nul {
    #[key]
    id: i32,
    #[column(name = "na\0me")]
    name: String,
}

#[tokio::test]
async fn a_name_that_cannot_be_sent_is_an_error() {
    let world = blog::world().await;
    let one = pool(&world.config, 1);
    let says = "Nul: the statement cannot be sent: error encoding message to server";
    refused(Nul::query().all(&one).await, ErrorKind::Encode, says);
    super::probe::usable(&one).await;
    assert_eq!(one.status().size, 1);
}
