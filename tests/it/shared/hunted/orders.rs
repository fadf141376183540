//! Walks over pages in orders that are more than a column: what the rows are counted from, and what they are sorted by.

use postgres_types::{FromSql, ToSql};
use relata::prelude::*;
use relata::{Cursor, Error, ErrorKind, raw_predicate};

use crate::support::World;

#[derive(Entity, Debug, Clone, PartialEq)]
#[entity(table = "rooms")]
#[has_many(items: Vec<Item>, by = room_id)]
struct Room {
    #[key]
    id: i32,
}

#[derive(Entity, Debug, Clone, PartialEq)]
#[entity(table = "items")]
#[has_many(notes: Vec<Note>, by = item_id)]
struct Item {
    #[key]
    id: i32,
    room_id: i32,
    weight: f64,
    tags: Vec<String>,
    moods: Vec<Mood>,
}

#[derive(ToSql, FromSql, Debug, Clone, PartialEq)]
#[postgres(name = "mood", rename_all = "lowercase")]
enum Mood {
    Sad,
    Happy,
}

#[derive(Entity, Debug, Clone, PartialEq)]
#[entity(table = "notes")]
struct Note {
    #[key]
    id: i32,
    item_id: i32,
}

#[derive(View, Debug, Clone, PartialEq)]
#[view(Item)]
struct Card {
    weight: f64,
    #[view(count = notes)]
    notes: i64,
}

async fn world() -> World {
    World::new(
        "CREATE TYPE mood AS ENUM ('sad', 'happy');
        CREATE TABLE rooms (id int PRIMARY KEY); INSERT INTO rooms VALUES (1), (2);
        CREATE TABLE items (id int PRIMARY KEY, room_id int NOT NULL, weight float8 NOT NULL, tags text[] NOT NULL,
            moods mood[] NOT NULL DEFAULT '{sad}');
        INSERT INTO items (id, room_id, weight, tags) VALUES (1, 1, 1, '{b}'), (2, 1, 1, '{a,b}'), (3, 1, 2, '{}'), (4, 1, 3, '{c}'), (5, 1, 4, '{a}'), (6, 2, 4, '{}');
        UPDATE items SET moods = '{happy,sad}' WHERE id IN (1, 3);
        CREATE TABLE notes (id int PRIMARY KEY, item_id int NOT NULL);
        INSERT INTO notes VALUES (1, 1), (2, 1), (3, 2), (4, 2), (5, 4), (6, 5);",
    )
    .await
}

/// The ids of all pages.
async fn walk(world: &World, query: relata::Query<Item>) -> Result<Vec<i32>, Error> {
    let (mut all, mut next) = (Vec::new(), None::<Cursor>);
    loop {
        let page = query.clone().after(next).page(&world.pool).await?;
        all.extend(page.rows.iter().map(|item| item.id));
        next = page.next;
        if next.is_none() || all.len() > 9 {
            return Ok(all);
        }
    }
}

/// The ids of all pages of the first room.
macro_rules! walk_room {
    ($world:expr, $load:expr) => {
        async {
            let (mut all, mut cursors) = (Vec::new(), Vec::new());
            loop {
                let rooms = Room::query().with($load.after(cursors).first(2)).order_by(Room.id.asc());
                let rooms = rooms.all(&$world.pool).await?;
                all.extend(rooms[0].items().iter().map(|item| item.id));
                cursors = rooms[0].items().next.clone().into_iter().collect();
                if cursors.is_empty() || all.len() > 9 {
                    return Ok::<_, Error>(all);
                }
            }
        }
    };
}

/// All rows, or an error that says why not; never some of them.
#[track_caller]
fn whole_or_refused(walked: Result<Vec<i32>, Error>, whole: &[i32]) {
    match walked {
        Ok(walked) => assert_eq!(walked, whole),
        Err(error) => assert_eq!(error.kind(), ErrorKind::InvalidQuery, "{error:?}"),
    }
}

#[tokio::test]
async fn a_walk_from_an_offset_leaves_out_the_first_rows_alone() {
    let world = world().await;
    let query = Item::query().order_by(Item.id.asc()).offset(1).limit(2);
    whole_or_refused(walk(&world, query).await, &[2, 3, 4, 5, 6]);
}

#[tokio::test]
async fn a_walk_over_each_parents_rows_from_an_offset_leaves_out_the_first_alone() {
    let world = world().await;
    whole_or_refused(walk_room!(world, Room.items.order_by(Item.id.asc()).offset(1)).await, &[2, 3, 4, 5]);
}

#[tokio::test]
async fn arrays_are_an_order_of_pages() {
    let world = world().await;
    let query = Item::query().order_by(Item.tags.asc()).limit(2);
    assert_eq!(walk(&world, query).await.unwrap(), [3, 6, 5, 2, 1, 4]);
}

#[tokio::test]
async fn arrays_are_an_order_of_each_parents_pages_or_refused() {
    let world = world().await;
    whole_or_refused(walk_room!(world, Room.items.order_by(Item.tags.asc())).await, &[3, 5, 2, 1, 4]);
}

#[tokio::test]
async fn arrays_of_an_enum_are_refused_as_all_arrays_are() {
    let world = world().await;
    let db = &world.pool;
    whole_or_refused(walk_room!(world, Room.items.order_by(Item.moods.asc())).await, &[2, 4, 5, 1, 3]);
    for error in [
        Item::query().select(Item.tags.array_agg()).all(db).await.map(drop).unwrap_err(),
        Item::query().select(Item.moods.array_agg()).all(db).await.map(drop).unwrap_err(),
        Item::query().filter(Item.tags.is_in([vec![String::from("a")]])).all(db).await.map(drop).unwrap_err(),
        Item::query().filter(Item.moods.is_in([vec![Mood::Happy, Mood::Sad]])).all(db).await.map(drop).unwrap_err(),
    ] {
        assert_eq!(error.kind(), ErrorKind::InvalidQuery, "{error:?}");
    }
    assert_eq!(Item::query().filter(Item.moods.eq(vec![Mood::Happy, Mood::Sad])).count(db).await.unwrap(), 2);
}

#[tokio::test]
async fn distinct_rows_of_a_view_come_in_pages_by_an_expression_of_it() {
    let world = world().await;
    let query = Card::query().distinct().order_by(Item.notes.count().desc()).order_by(Item.weight.desc()).limit(2);
    let first = query.page(&world.pool).await.unwrap();
    let card = |weight, notes| Card { weight, notes };
    assert_eq!(first.rows, [card(1.0, 2), card(4.0, 1)]);
    let second = query.clone().after(first.next).page(&world.pool).await.unwrap();
    assert_eq!(second.rows, [card(3.0, 1), card(4.0, 0)]);
    let third = query.after(second.next).page(&world.pool).await.unwrap();
    assert_eq!((third.rows, third.next), (vec![card(2.0, 0)], None));
}

#[tokio::test]
async fn an_order_names_a_column_twice_and_the_key_anywhere() {
    let world = world().await;
    let by = [Item.weight.desc(), Item.weight.asc(), Item.id.desc(), Item.room_id.asc(), Item.id.asc()];
    let query = by.into_iter().fold(Item::query().limit(1), |query, by| query.order_by(by));
    assert_eq!(walk(&world, query).await.unwrap(), [6, 5, 4, 3, 2, 1]);
    let by = [Item.notes.max(Note.id).desc(), Item.weight.cast::<i32>().asc()];
    let query = by.into_iter().fold(Item::query().limit(2), |query, by| query.order_by(by));
    assert_eq!(walk(&world, query).await.unwrap(), [3, 6, 5, 4, 2, 1]);
}

/// What it would stand for depends on the rest of the query.
#[tokio::test]
async fn a_fragment_does_not_number_parameters_itself() {
    let world = world().await;
    for query in [
        Item::query().filter(Item.weight.eq(1.0)).filter(raw_predicate("{} = $1", (Item.weight,))),
        Item::query().filter(raw_predicate("{} = $1", (Item.weight,))),
    ] {
        let error = query.all(&world.pool).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidQuery, "{error:?}");
    }
    // It is text within quotes.
    let quoted = raw_predicate("'$1' = {} AND $$a$1$$ = 'a$1' AND \"t0\".\"id\" < {}", ("$1", 3));
    assert_eq!(Item::query().filter(quoted).count(&world.pool).await.unwrap(), 2);
}
