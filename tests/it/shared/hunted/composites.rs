//! Columns of a composite type: where they are sorted by, and compared anywhere but directly.

use postgres_types::{FromSql, ToSql};
use relata::prelude::*;
use relata::{Cursor, Window, case, count, lag, scalar, value};

use crate::support::World;

#[derive(ToSql, FromSql, Debug, Clone, PartialEq)]
#[postgres(name = "place")]
struct Place {
    shelf: Option<i32>,
    number: Option<i32>,
}

fn place(shelf: impl Into<Option<i32>>, number: impl Into<Option<i32>>) -> Place {
    Place { shelf: shelf.into(), number: number.into() }
}

#[derive(Entity, Debug, Clone, PartialEq)]
#[entity(table = "items")]
#[belongs_to(room: Room, by = room_id)]
#[has_many(notes: Vec<Note>, by = item_id)]
struct Item {
    #[key]
    id: i32,
    room_id: i32,
    #[column(sql_type = "place")]
    at: Place,
    #[column(sql_type = "place")]
    before: Option<Place>,
}

#[derive(Entity, Debug, Clone, PartialEq)]
#[entity(table = "rooms")]
#[has_many(items: Vec<Item>, by = room_id)]
struct Room {
    #[key]
    id: i32,
}

#[derive(Entity, Debug, Clone, PartialEq)]
#[entity(table = "notes")]
#[belongs_to(item: Item, by = item_id)]
struct Note {
    #[key]
    id: i32,
    item_id: i32,
}

async fn world() -> World {
    World::new(
        "CREATE TYPE place AS (shelf int, number int);
        CREATE TABLE rooms (id int PRIMARY KEY);
        CREATE TABLE items (id int PRIMARY KEY, room_id int NOT NULL, at place NOT NULL, before place);
        CREATE TABLE notes (id int PRIMARY KEY, item_id int NOT NULL);
        INSERT INTO rooms VALUES (1), (2);
        INSERT INTO items VALUES (1, 1, '(1,1)', '(1,1)'), (2, 1, '(1,)', '(1,)'), (3, 1, '(,)', '(,)'), (4, 1, '(2,)', NULL),
            (5, 1, '(2,)', '(2,)'), (6, 2, '(,5)', '(,5)');
        INSERT INTO notes SELECT id, id FROM items;",
    )
    .await
}

/// The ids of all rows in pages of one, and those of all rows at once.
macro_rules! walked {
    ($db:expr, $query:expr) => {{
        let query = $query.limit(1);
        let (mut walked, mut next) = (Vec::new(), None::<Cursor>);
        loop {
            let page = query.clone().after(next).page($db).await.unwrap();
            walked.extend(page.rows.iter().map(|row| row.id));
            next = page.next;
            if next.is_none() || walked.len() > 9 {
                break;
            }
        }
        let all: Vec<i32> = query.limit(9).all($db).await.unwrap().iter().map(|row| row.id).collect();
        assert_eq!(walked, all);
    }};
}

#[tokio::test]
async fn a_composite_that_is_never_null_is_an_order_of_pages() {
    let world = world().await;
    walked!(&world.pool, Item::query().order_by(Item.at.asc()));
    walked!(&world.pool, Item::query().order_by(Item.at.desc()).order_by(Item.room_id.asc()));
}

/// To SQL a row of NULLs is NULL and sorted as a value.
#[tokio::test]
async fn a_composite_of_nulls_has_its_place_in_a_walk() {
    let world = world().await;
    walked!(&world.pool, Item::query().order_by(Item.before.asc()));
    walked!(&world.pool, Item::query().order_by(Item.before.desc()));
    walked!(&world.pool, Item::query().order_by(Item.before.asc().nulls_first()));
}

#[tokio::test]
async fn a_composite_of_nulls_has_its_place_in_the_pages_of_each_parent() {
    let world = world().await;
    let db = &world.pool;
    let load = || Room.items.order_by(Item.before.asc());
    let mut rooms = Room::query().with(load().first(1)).order_by(Room.id.asc()).all(db).await.unwrap();
    let mut walked: Vec<i32> = rooms[0].items().iter().map(|item| item.id).collect();
    while let Some(next) = rooms[0].items().next.clone()
        && walked.len() < 9
    {
        rooms = Room::query().with(load().after([next]).first(1)).order_by(Room.id.asc()).all(db).await.unwrap();
        walked.extend(rooms[0].items().iter().map(|item| item.id));
    }
    assert_eq!(walked, [1, 2, 5, 3, 4]);
}

#[tokio::test]
async fn a_composite_behind_a_path_is_an_order_of_pages() {
    let world = world().await;
    walked!(&world.pool, Note::query().order_by(Note.item.at.asc()));
}

#[tokio::test]
async fn a_composite_is_compared_in_an_expression_as_by_itself() {
    let world = world().await;
    let db = &world.pool;
    let number = || place(1, None);
    assert_eq!(Item::query().filter(Item.before.eq(number())).count(db).await.unwrap(), 1);
    assert_eq!(Note::query().filter(Note.item.before.is_in([number()])).count(db).await.unwrap(), 1);
    assert_eq!(Item::query().filter(Item.before.or(Item.at).eq(number())).count(db).await.unwrap(), 1);
    assert_eq!(Item::query().filter(Item.before.or(Item.at).is_in([place(2, None)])).count(db).await.unwrap(), 2);
    let all = Item::query().select(Item.before.null_if(value(number()))).all(db).await.unwrap();
    assert_eq!(all.iter().filter(|place| place.is_none()).count(), 2);
}

#[tokio::test]
async fn a_composite_is_selected_grouped_and_given_instead_of_another() {
    let world = world().await;
    let db = &world.pool;
    let by = Item.id.asc();
    let all = Item::query()
        .select((Item.before, Item.before.or(value(place(9, 9)))))
        .order_by(by.clone())
        .all(db)
        .await
        .unwrap();
    assert_eq!(all[2], (Some(place(None, None)), place(None, None)));
    assert_eq!(all[3], (None, place(9, 9)));
    let moved = case(Item.id.gt(5), value(place(0, 0))).otherwise(Item.at);
    let moved = Item::query().select(moved).order_by(by).all(db).await.unwrap();
    assert_eq!((&moved[0], &moved[5]), (&place(1, 1), &place(0, 0)));
    let groups = Item::query()
        .group_by(Item.at)
        .having(count().gt(1))
        .select((Item.at, Item.id.array_agg().order_by(Item.id.asc())));
    assert_eq!(groups.all(db).await.unwrap(), [(place(2, None), Some(vec![4, 5]))]);
    let each = Room.items.each();
    let most = Room::query().select((each.at, each.notes.count())).distinct().order_by(each.at.desc());
    assert_eq!(most.all(db).await.unwrap().len(), 5);
}

#[tokio::test]
async fn a_composite_out_of_a_window_or_a_query_is_compared() {
    let world = world().await;
    let db = &world.pool;
    let before = lag(Item.at).over(Window::new().order_by(Item.id.asc())).eq(place(1, 1));
    let before = Item::query().select(before).order_by(Item.id.asc()).limit(3).all(db).await.unwrap();
    assert_eq!(before, [None, Some(true), Some(false)]);
    let first = scalar(Item::query().filter(Item.id.eq(1)).select(Item.at));
    assert_eq!(Item::query().filter(first.eq(place(1, 1))).count(db).await.unwrap(), 6);
}
