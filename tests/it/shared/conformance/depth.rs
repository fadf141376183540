//! Group L, and long chains: promised rows and optional ones below each other, in every mixture of strategies.

use relata::ErrorKind;
use relata::prelude::*;

use crate::support::World;
use crate::support::stock::{self, Address, Graph, Node, Order, User, ids};
use crate::support::twins::{Joined, SelectIn, Strategy, Under, mixtures};

/// A chain of eight loads, each under its strategy, and what reads it: the ids from the row itself to the last one.
macro_rules! chain {
    ($relation:ident, $strategies:expr) => {{
        let load = |at: usize| Node.$relation.under($strategies[at]);
        load(0).with(load(1).with(load(2).with(load(3).with(load(4).with(load(5).with(load(6).with(load(7))))))))
    }};
    (read $node:expr, $next:ident $(, $level:ident)*) => {{
        let node = $node;
        let mut ids = vec![node.id];
        if let Some(next) = node.$next() {
            ids.extend(chain!(read next $(, $level)*));
        }
        ids
    }};
    (read $node:expr) => { vec![$node.id] };
    (read_first $node:expr, $next:ident $(, $level:ident)*) => {{
        let node = $node;
        let mut ids = vec![node.id];
        for next in node.$next() {
            ids.extend(chain!(read_first next $(, $level)*));
        }
        ids
    }};
    (read_first $node:expr) => { vec![$node.id] };
}

#[tokio::test]
async fn i9_eight_levels_up_and_down_a_chain_of_two_hundred() {
    let world = stock::world().await;
    world.execute("INSERT INTO nodes SELECT id, nullif(id - 1, 0) FROM generate_series(1, 200) AS id").await;
    for strategies in mixtures::<8>() {
        let apart = strategies.iter().filter(|strategy| **strategy == SelectIn).count();
        let from = [1, 5, 100, 196, 200];
        let query = Node::query().filter(Node.id.is_in(from)).order_by(Node.id.asc()).with(chain!(parent, strategies));
        assert_eq!(query.plan().statements(), 1 + apart);
        let found: Vec<Vec<i32>> = query
            .all(&world.pool)
            .await
            .unwrap()
            .iter()
            .map(|node| chain!(read node, parent, parent, parent, parent, parent, parent, parent, parent))
            .collect();
        let above = |id: i32| (1.max(id - 8)..=id).rev().collect::<Vec<i32>>();
        assert_eq!(found, from.map(above), "{strategies:?}\n{}", query.to_sql());

        let query =
            Node::query().filter(Node.id.is_in(from)).order_by(Node.id.asc()).with(chain!(children, strategies));
        assert_eq!(query.plan().statements(), 1 + apart);
        let found: Vec<Vec<i32>> = query
            .all(&world.pool)
            .await
            .unwrap()
            .iter()
            .map(|node| {
                chain!(read_first node, children, children, children, children, children, children, children, children)
            })
            .collect();
        let below = |id: i32| (id..=200.min(id + 8)).collect::<Vec<i32>>();
        assert_eq!(found, from.map(below), "{strategies:?}\n{}", query.to_sql());
    }
}

#[tokio::test]
async fn l1_a_collection_drops_no_parent_unless_it_is_asked_to_match() {
    let world = stock::world().await;
    for strategy in [SelectIn, Joined] {
        let users = User::query().order_by(User.id.asc());
        let all = users.clone().with(User.addresses.under(strategy)).all(&world.pool).await.unwrap();
        let found: Graph = all.iter().map(|user| (user.id, ids!(user.addresses()))).collect();
        assert_eq!(found, stock::user_addresses());
        let matching = users.with_matching(User.addresses.under(strategy)).all(&world.pool).await.unwrap();
        let found: Graph = matching.iter().map(|user| (user.id, ids!(user.addresses()))).collect();
        assert_eq!(found, stock::user_addresses()[..3]);
    }
}

#[tokio::test]
async fn l2_a_row_that_is_missing_drops_no_parent_unless_it_is_asked_to_match() {
    let world = stock::world().await;
    for strategy in [SelectIn, Joined] {
        let orders = Order::query().order_by(Order.id.asc());
        let all = orders.clone().with(Order.address.under(strategy)).all(&world.pool).await.unwrap();
        let found: Vec<_> = all.iter().map(|row| (row.id, row.address().map(|address| address.id))).collect();
        assert_eq!(found, stock::ORDER_ADDRESS);
        let matching = orders.with_matching(Order.address.under(strategy)).all(&world.pool).await.unwrap();
        let found: Vec<_> = matching.iter().map(|row| (row.id, row.address().map(|address| address.id))).collect();
        assert_eq!(found, stock::ORDER_ADDRESS[..4]);
    }
}

#[tokio::test]
async fn m13_matching_with_a_condition_keeps_who_has_such_a_row() {
    let world = stock::world().await;
    for [orders, items] in mixtures() {
        let open = User.orders.filter(Order.isopen.eq(1)).under(orders).with(Order.items.under(items));
        let query = User::query().order_by(User.id.asc()).with_matching(open);
        let users = query.all(&world.pool).await.unwrap();
        let rows = |user: &loaded!(User { orders { items } })| {
            user.orders().iter().map(|order| (order.id, ids!(order.items()))).collect::<Graph>()
        };
        let found: Vec<(i32, Graph)> = users.iter().map(|user| (user.id, rows(user))).collect();
        assert_eq!(found, [(7, vec![(3, vec![3, 4, 5])]), (9, vec![(4, vec![1, 5])])], "{}", query.to_sql());
        assert_eq!(query.clone().limit(1).offset(1).all(&world.pool).await.unwrap(), users[1..]);
        assert_eq!(query.count(&world.pool).await.unwrap(), 2);
    }
}

#[tokio::test]
async fn l3_l4_promised_rows_below_optional_ones_and_optional_ones_below_them() {
    use crate::support::stock::{EmailBounce, OrderItem};
    let world = stock::world().await;
    // An order of nobody's without a line, and an address without an order; each address has its bounces.
    world
        .execute(
            "INSERT INTO orders VALUES (6, 10, NULL, 'order 6', 1); INSERT INTO addresses VALUES (6, 10, 'chuck@x.com');
            INSERT INTO email_bounces VALUES (6, NULL);",
        )
        .await;
    let owners = |address: i32| [7, 8, 8, 8, 9, 10][address as usize - 1];
    for [orders, lines, item, of_item, address, bounce, owner] in mixtures() {
        let lines = Order.lines.order_by(OrderItem.item_id.asc()).under(lines);
        let lines = lines.with(OrderItem.item.under(item).with(stock::Item.keywords.under(of_item)));
        let address = Order.address.under(address).with(Address.bounce.under(bounce)).with(Address.user.under(owner));
        let load = User.orders.under(orders).with(lines).with(address);
        let query = User::query().order_by(User.id.asc()).with(load);
        let users = query.all(&world.pool).await.unwrap();
        let mut found = Vec::new();
        for user in &users {
            let mut orders = Vec::new();
            for order in user.orders() {
                let expected = stock::ORDER_ADDRESS.get(order.id as usize - 1).and_then(|(_, address)| *address);
                let address = order.address();
                assert_eq!(address.map(|row| row.id), expected, "{}", query.to_sql());
                if let Some(row) = address {
                    assert_eq!(row.bounce(), &EmailBounce { id: row.id, bounces: Some(i32::from(row.id == 1)) });
                    assert_eq!(row.user().map(|user| user.id), Some(owners(row.id)));
                }
                for line in order.lines() {
                    let keywords = &stock::item_keywords()[line.item_id as usize - 1].1;
                    assert_eq!((line.item().id, line.item().keywords().len()), (line.item_id, keywords.len()));
                }
                orders.push((order.id, order.lines().iter().map(|line| line.item().id).collect()));
            }
            found.push((user.id, orders));
        }
        let mut expected = stock::user_orders();
        expected[3].1.push((6, vec![]));
        assert_eq!(found, expected, "{}", query.to_sql());
    }
}

mod rooms {
    use relata::prelude::*;

    #[derive(Entity, Debug, Clone, PartialEq)]
    #[entity(table = "room")]
    #[belongs_to(event: Option<Event>, by = event_id)]
    #[belongs_to(day: Day, by = day_id)]
    pub struct Room {
        #[key]
        pub id: i32,
        pub event_id: Option<i32>,
        pub day_id: i32,
    }

    #[derive(Entity, Debug, Clone, PartialEq)]
    #[entity(table = "event")]
    #[belongs_to(run: Run, by = run_id)]
    pub struct Event {
        #[key]
        pub id: i32,
        pub run_id: i32,
    }

    #[derive(Entity, Debug, Clone, PartialEq)]
    #[entity(table = "run")]
    #[belongs_to(day: Day, by = day_id)]
    pub struct Run {
        #[key]
        pub id: i32,
        pub day_id: i32,
    }

    #[derive(Entity, Debug, Clone, PartialEq)]
    #[entity(table = "day")]
    #[belongs_to(source: Source, by = source_id)]
    pub struct Day {
        #[key]
        pub id: i32,
        pub source_id: i32,
    }

    #[derive(Entity, Debug, Clone, PartialEq)]
    #[entity(table = "source")]
    pub struct Source {
        #[key]
        pub id: i32,
    }

    /// Without foreign keys, so that a promise can be broken.
    pub const SCRIPT: &str = "CREATE TABLE source (id int PRIMARY KEY); CREATE TABLE day (id int PRIMARY KEY, source_id int NOT NULL);
        CREATE TABLE run (id int PRIMARY KEY, day_id int NOT NULL); CREATE TABLE event (id int PRIMARY KEY, run_id int NOT NULL);
        CREATE TABLE room (id int PRIMARY KEY, event_id int, day_id int NOT NULL);
        INSERT INTO source VALUES (1), (2), (3); INSERT INTO day VALUES (1, 2), (2, 1), (3, 3); INSERT INTO run VALUES (1, 2), (2, 1);
        INSERT INTO event VALUES (1, 2), (2, 1), (3, 2); INSERT INTO room VALUES (1, 2, 1), (2, NULL, 3), (3, 3, 1), (4, 9, 1);";
}

/// The query of L7 and L8: an optional row with a chain of promises below it, beside another promise.
fn rooms_under(
    [event, run, day, source, other]: [Strategy; 5],
) -> relata::Query<loaded!(rooms::Room { event { run { day { source } } }, day { source } })> {
    use rooms::{Day, Event, Room, Run};
    let chain = Event.run.under(run).with(Run.day.under(day).with(Day.source.under(source)));
    Room::query()
        .order_by(Room.id.asc())
        .with(Room.event.under(event).with(chain))
        .with(Room.day.under(other).with(Day.source.under(source)))
}

#[tokio::test]
async fn l7_a_chain_of_promises_below_a_row_that_may_be_missing() {
    let world = World::new(rooms::SCRIPT).await;
    for strategies in mixtures() {
        let query = rooms_under(strategies);
        let rooms = query.all(&world.pool).await.unwrap();
        let found: Vec<_> = rooms
            .iter()
            .map(|room| {
                room.event()
                    .map(|event| (event.id, event.run().id, event.run().day().id, event.run().day().source().id))
            })
            .collect();
        assert_eq!(found, [Some((2, 1, 2, 1)), None, Some((3, 2, 1, 2)), None], "{}", query.to_sql());
    }
}

#[tokio::test]
async fn l8_what_may_be_missing_on_one_branch_is_promised_on_another() {
    let world = World::new(rooms::SCRIPT).await;
    for strategies in mixtures() {
        let rooms = rooms_under(strategies).all(&world.pool).await.unwrap();
        let found: Vec<_> = rooms.iter().map(|room| (room.id, room.day().id, room.day().source().id)).collect();
        assert_eq!(found, [(1, 1, 2), (2, 3, 3), (3, 1, 2), (4, 1, 2)]);
    }
    // A promise that is broken on one branch is named, also where the other branch has no row.
    let broken = [
        ("DELETE FROM source WHERE id = 1", "Room.event.run.day.source", "1"),
        ("INSERT INTO source VALUES (1); UPDATE event SET run_id = 7 WHERE id = 3", "Room.event.run", "7"),
        ("UPDATE event SET run_id = 2 WHERE id = 3; UPDATE room SET day_id = 5 WHERE id = 2", "Room.day", "5"),
    ];
    for (script, path, key) in broken {
        world.execute(script).await;
        for strategies in mixtures() {
            let error = rooms_under(strategies).all(&world.pool).await.unwrap_err();
            assert_eq!(error.kind(), ErrorKind::MissingTarget);
            let message = format!("{path}: the relation promises a row, and there is none with key {key}");
            assert_eq!(error.to_string(), message, "{strategies:?}");
        }
    }
}
