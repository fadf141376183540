//! Enums and domains, which a fresh connection has to look up, and which hang a driver that meets them too late.

use std::error::Error as StdError;
use std::time::Duration;

use deadpool_postgres::Pool;
use relata::prelude::*;
use relata::{Connection, Executor};
use tokio::time::timeout;
use tokio_postgres::types::private::BytesMut;
use tokio_postgres::types::{FromSql, IsNull, Kind, ToSql, Type, to_sql_checked};

use crate::support::twins::{Strategy, Under, mixtures};
use crate::support::{World, connect, pool};

/// A value of an enum in the database, by its label.
#[derive(Debug, Clone, PartialEq)]
struct Color(String);

impl<'a> FromSql<'a> for Color {
    fn from_sql(_: &Type, raw: &'a [u8]) -> Result<Self, Box<dyn StdError + Sync + Send>> {
        Ok(Color(std::str::from_utf8(raw)?.to_owned()))
    }

    fn accepts(ty: &Type) -> bool {
        matches!(ty.kind(), Kind::Enum(_))
    }
}

impl ToSql for Color {
    fn to_sql(&self, _: &Type, out: &mut BytesMut) -> Result<IsNull, Box<dyn StdError + Sync + Send>> {
        out.extend_from_slice(self.0.as_bytes());
        Ok(IsNull::No)
    }

    fn accepts(ty: &Type) -> bool {
        matches!(ty.kind(), Kind::Enum(_))
    }

    to_sql_checked!();
}

/// Its key is an enum.
#[derive(Entity, Debug, Clone, PartialEq)]
#[entity(table = "palettes")]
#[has_many(marks: Vec<Mark>, by = color)]
struct Palette {
    #[key]
    color: Color,
}

#[derive(Entity, Debug, Clone, PartialEq)]
#[entity(table = "marks")]
#[belongs_to(palette: Palette, by = color)]
#[belongs_to(next: Option<Mark>, by = next_id)]
struct Mark {
    #[key]
    id: i32,
    color: Color,
    name: String,
    next_id: Option<i32>,
}

/// Its key has two columns, a domain and an enum.
#[derive(Entity, Debug, Clone, PartialEq)]
#[entity(table = "shelves")]
#[has_many(boxes: Vec<Carton>, by = (number, color))]
struct Shelf {
    #[key]
    number: i32,
    #[key]
    color: Color,
}

#[derive(Entity, Debug, Clone, PartialEq)]
#[entity(table = "boxes")]
#[belongs_to(place: Option<Shelf>, by = (shelf, color))]
struct Carton {
    #[key]
    id: i32,
    #[column(name = "number")]
    number: i64,
    color: Color,
    shelf: Option<i32>,
}

const TABLES: &str = "
CREATE TYPE color AS ENUM ('red', 'green', 'blue');
CREATE DOMAIN label AS text CHECK (length(value) < 100); CREATE DOMAIN number AS int CHECK (value > 0);
CREATE TABLE palettes (color color PRIMARY KEY);
CREATE TABLE marks (id number PRIMARY KEY, color color NOT NULL, name label NOT NULL, next_id number);
CREATE TABLE shelves (number number, color color, PRIMARY KEY (number, color));
CREATE TABLE boxes (id int PRIMARY KEY, number int8 NOT NULL, color color NOT NULL, shelf int);
INSERT INTO palettes VALUES ('red'), ('green'), ('blue');
INSERT INTO marks SELECT n, (ARRAY['red', 'green', 'blue'])[1 + n % 3]::color, 'mark ' || n, NULLIF((n + 1) % 20001, 0)
    FROM generate_series(1, 20000) AS n;
INSERT INTO shelves VALUES (1, 'red'), (1, 'blue'), (2, 'red');
INSERT INTO boxes VALUES (1, 1, 'red', 1), (2, 1, 'blue', NULL), (3, 2, 'blue', 2), (4, 1, 'red', 2), (5, 4294967297, 'red', 1);
";

async fn load(db: &impl Executor, strategy: Strategy) {
    let palettes = Palette::query().order_by(Palette.color.asc()).with(Palette.marks.under(strategy));
    let marks = palettes.all(db).await.unwrap();
    let counts: Vec<usize> = marks.iter().map(|palette| palette.marks().len()).collect();
    assert_eq!(counts, [6_666, 6_667, 6_667]);
    let marks = Mark::query().with(Mark.palette.under(strategy)).with(Mark.next.under(strategy));
    let marks = marks.order_by(Mark.id.asc()).all(db).await.unwrap();
    assert_eq!(marks.len(), 20_000);
    assert!(marks.iter().all(|mark| mark.palette().color == mark.color));
    assert!(marks[..19_999].iter().all(|mark| mark.next().is_some_and(|next| next.id == mark.id + 1)));
    assert!(marks[19_999].next().is_none());
}

#[tokio::test]
async fn twenty_thousand_rows_of_enums_and_domains_do_not_hang_a_fresh_connection() {
    let world = World::new(TABLES).await;
    let patience = Duration::from_secs(30);
    for [strategy] in mixtures() {
        timeout(patience, load(&pool(&world.config, 1), strategy)).await.unwrap();
        timeout(patience, load(&Connection::new(connect(&world.config).await), strategy)).await.unwrap();
        timeout(patience, load(&connect(&world.config).await, strategy)).await.unwrap();
        let mut client = connect(&world.config).await;
        timeout(patience, load(&client.transaction().await.unwrap(), strategy)).await.unwrap();
    }
}

#[tokio::test]
async fn a_key_of_a_domain_and_an_enum_is_a_key() {
    let world = World::new(TABLES).await;
    let ordered = Shelf::query().order_by(Shelf.number.asc()).order_by(Shelf.color.desc());
    for [strategy] in mixtures() {
        let boxes = Shelf.boxes.order_by(Carton.id.asc()).under(strategy);
        let shelves = ordered.clone().with(boxes).all(&world.pool).await.unwrap();
        let found: Vec<Vec<i32>> =
            shelves.iter().map(|shelf| shelf.boxes().iter().map(|carton| carton.id).collect()).collect();
        assert_eq!(found, [vec![2], vec![1, 4], vec![]]);
        let boxes = Carton::query().order_by(Carton.id.asc()).with(Carton.place.under(strategy));
        let boxes = boxes.all(&world.pool).await.unwrap();
        let found: Vec<Option<i32>> = boxes.iter().map(|carton| carton.place().map(|shelf| shelf.number)).collect();
        assert_eq!(found, [Some(1), None, None, Some(2), Some(1)]);
    }
    let red = Mark::query().filter(Mark.color.eq(Color(String::from("red")))).count(&world.pool).await.unwrap();
    assert_eq!(red, 6_666);
}

/// A type that is made after the connection was: looked up when it is first met.
#[tokio::test]
async fn a_type_that_was_dropped_and_made_again_is_looked_up_again() {
    let world = World::new(TABLES).await;
    let one: Pool = pool(&world.config, 1);
    assert_eq!(Palette::query().all(&one).await.unwrap().len(), 3);
    let again = "DROP TABLE palettes; ALTER TYPE color RENAME TO old; CREATE TYPE color AS ENUM ('red', 'pink');
        CREATE TABLE palettes (color color PRIMARY KEY); INSERT INTO palettes VALUES ('pink');";
    one.get().await.unwrap().batch_execute(again).await.unwrap();
    assert_eq!(Palette::query().one(&one).await.unwrap().color, Color(String::from("pink")));
}
