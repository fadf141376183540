//! Group X: what goes wrong again and again.

use relata::prelude::*;

use crate::support::World;
use crate::support::stock::{self, Address, Order, OrderItem, User, ids};
use crate::support::trace::listen;
use crate::support::twins::{Joined, SelectIn, Under, mixtures};

#[tokio::test]
async fn x1_a_loads_condition_holds_in_every_form_of_its_statement() {
    let world = stock::world().await;
    let load =
        || User.addresses.filter(Address.email_address.like("%lala%") | Address.id.eq(3)).order_by(Address.id.asc());
    // One key, sent as a value; several, sent as an array; a join; rows that are counted off, both ways.
    let forms = [load(), load().limit(9), load().limit(9).window()];
    for load in forms.into_iter().flat_map(|load| [load.clone().select_in(), load.joined()]) {
        let one = User::find(8).with(load.clone()).one(&world.pool).await.unwrap();
        assert_eq!(ids!(one.addresses()), [3, 4]);
        let all = User::query().order_by(User.id.asc()).with(load).all(&world.pool).await.unwrap();
        let found: Vec<_> = all.iter().map(|user| ids!(user.addresses())).collect();
        assert_eq!(found, [vec![], vec![3, 4], vec![], vec![]]);
    }
    // A key of two columns, joined with two arrays.
    let load = || Seat.bookings.filter(Booking.id.eq(1) | Booking.id.eq(4)).order_by(Booking.id.asc());
    world.execute(SEATS).await;
    let forms = [load(), load().limit(9), load().limit(9).window()];
    for load in forms.into_iter().flat_map(|load| [load.clone().select_in(), load.joined()]) {
        let one = Seat::find((1, 1)).with(load.clone()).one(&world.pool).await.unwrap();
        assert_eq!(ids!(one.bookings()), [1]);
        let all = Seat::query().order_by(Seat.number.asc()).with(load).all(&world.pool).await.unwrap();
        assert_eq!(all.iter().map(|seat| ids!(seat.bookings())).collect::<Vec<_>>(), [vec![1], vec![4]]);
    }
    // The relation's own condition, alone and beside the load's.
    let own =
        [User.open_orders.order_by(Order.id.asc()), User.open_orders.limit(9), User.open_orders.limit(9).window()];
    for load in own.into_iter().flat_map(|load| [load.clone().select_in(), load.joined()]) {
        let all = User::query().order_by(User.id.asc()).with(load.clone()).all(&world.pool).await.unwrap();
        let found: Vec<_> = all.iter().map(|user| ids!(user.open_orders())).collect();
        assert_eq!(found, [vec![3], vec![], vec![4], vec![]]);
        let one = User::find(7).with(load.clone()).one(&world.pool).await.unwrap();
        assert_eq!(ids!(one.open_orders()), [3]);
        let narrow = load.filter(Order.id.gt(3) | Order.id.lt(2));
        let all = User::query().order_by(User.id.asc()).with(narrow).all(&world.pool).await.unwrap();
        let found: Vec<_> = all.iter().map(|user| ids!(user.open_orders())).collect();
        assert_eq!(found, [vec![], vec![], vec![4], vec![]]);
    }
    let kept = User::query().filter(User.open_orders.any(Order.id.le(3) | Order.id.eq(2))).order_by(User.id.asc());
    assert_eq!(ids!(kept.all(&world.pool).await.unwrap()), [7]);
    let kept = User::query().filter(User.open_orders.none(Order.id.gt(0))).order_by(User.id.asc());
    assert_eq!(ids!(kept.all(&world.pool).await.unwrap()), [8, 10]);
    let kept = User::query().filter(User.open_orders.every(Order.id.eq(3))).order_by(User.id.asc());
    assert_eq!(ids!(kept.all(&world.pool).await.unwrap()), [7, 8, 10]);
    // And in a condition across the relation.
    let kept = User::query().filter(User.addresses.any(Address.email_address.like("%lala%") | Address.id.eq(3)));
    assert_eq!(ids!(kept.all(&world.pool).await.unwrap()), [8]);
}

#[derive(Entity, Debug, Clone, PartialEq)]
#[entity(table = "seats")]
#[has_many(bookings: Vec<Booking>, by = (hall, number))]
struct Seat {
    #[key]
    hall: i32,
    #[key]
    number: i32,
}

#[derive(Entity, Debug, Clone, PartialEq)]
#[entity(table = "bookings")]
struct Booking {
    #[key]
    id: i32,
    hall: i32,
    number: i32,
}

const SEATS: &str = "CREATE TABLE seats (hall int, number int, PRIMARY KEY (hall, number));
    CREATE TABLE bookings (id int PRIMARY KEY, hall int NOT NULL, number int NOT NULL);
    INSERT INTO seats VALUES (1, 1), (1, 2);
    INSERT INTO bookings VALUES (1, 1, 1), (2, 1, 1), (3, 1, 2), (4, 1, 2);";

#[tokio::test]
async fn x4_an_or_does_not_swallow_a_join_condition() {
    let world = stock::world().await;
    let mail = Address.email_address.eq("jack@bean.com") | Address.email_address.eq("fred@fred.com");
    let load = User.addresses.filter(mail.clone());
    for load in [load.clone().select_in(), load.clone().joined(), load.clone().limit(2), load.limit(2).joined()] {
        let users = User::query().order_by(User.id.asc()).with(load).all(&world.pool).await.unwrap();
        let found: Vec<_> = users.iter().map(|user| ids!(user.addresses())).collect();
        assert_eq!(found, [vec![1], vec![], vec![5], vec![]]);
    }
    let kept = User::query().filter(User.addresses.any(mail.clone())).order_by(User.id.asc());
    assert_eq!(ids!(kept.all(&world.pool).await.unwrap()), [7, 9]);
    let every = User::query().filter(User.addresses.every(mail)).order_by(User.id.asc());
    assert_eq!(ids!(every.all(&world.pool).await.unwrap()), [7, 9, 10]);
    // Several columns and an OR, under a limit.
    let either = (Order.user.name.eq("jack") | Order.address.email_address.eq("ed@lala.com")) & Order.isopen.eq(1);
    let orders = Order::query().filter(either).filter(Order.id.ne(3) | Order.id.ne(4)).order_by(Order.id.asc());
    assert_eq!(ids!(orders.limit(9).all(&world.pool).await.unwrap()), [3, 4]);
}

#[tokio::test]
async fn x13_a_shared_child_is_given_to_each_of_its_parents() {
    let world = stock::world().await;
    for [lines, item, address, user, addresses] in mixtures() {
        let lines = Order.lines.order_by(OrderItem.item_id.asc()).under(lines).with(OrderItem.item.under(item));
        let user = Address.user.under(user).with(User.addresses.order_by(Address.id.asc()).under(addresses));
        let query = Order::query().order_by(Order.id.asc()).with(Order.address.under(address).with(user)).with(lines);
        let orders = query.all(&world.pool).await.unwrap();
        // Address 4 with all that is below it stands under two orders, and so does address 1.
        let found: Vec<_> = orders
            .iter()
            .map(|order| order.address().map(|at| (at.id, at.user().map(|user| ids!(user.addresses())))))
            .collect();
        let (one, four) = (Some((1, Some(vec![1]))), Some((4, Some(vec![2, 3, 4]))));
        assert_eq!(found, [one.clone(), four.clone(), one, four, None]);
        let shared: Vec<_> = orders.iter().flat_map(|order| order.lines()).filter(|line| line.item().id == 5).collect();
        assert_eq!(shared.iter().map(|line| line.order_id).collect::<Vec<_>>(), [3, 4, 5]);
        assert!(shared.iter().all(|line| line.item().description == "item 5"));
    }
}

#[tokio::test]
async fn x14_a_row_of_nulls_is_a_row() {
    let world = stock::world().await;
    world
        .execute("INSERT INTO dingalings VALUES (3, 3, NULL); UPDATE orders SET description = NULL, isopen = NULL")
        .await;
    for [dingaling, address] in mixtures() {
        let query = Address::query().order_by(Address.id.asc()).with(Address.dingaling.under(dingaling));
        let found = query.all(&world.pool).await.unwrap();
        let found: Vec<_> = found.iter().map(|row| row.dingaling().map(|ding| ding.data.as_deref())).collect();
        assert_eq!(found, [None, Some(Some("ding 1/2")), Some(None), None, Some(Some("ding 2/5"))]);
        // Below a row that is absent there is none, and below one of NULLs there may be one.
        let load = Order.address.under(address).with(Address.dingaling.under(dingaling));
        let found = Order::query().order_by(Order.id.asc()).with(load).all(&world.pool).await.unwrap();
        let found: Vec<_> = found.iter().map(|row| row.address().map(|at| at.dingaling().is_some())).collect();
        assert_eq!(found, [Some(false), Some(false), Some(false), Some(false), None]);
        let users =
            User::query().order_by(User.id.asc()).with(User.orders.under(address)).all(&world.pool).await.unwrap();
        assert_eq!(users.iter().map(|user| user.orders().len()).collect::<Vec<_>>(), [3, 0, 2, 0]);
    }
    // In a filter its absence and its NULL are told apart by its key.
    let null = Address::query().filter(Address.dingaling.data.is_null() & Address.dingaling.id.is_not_null());
    assert_eq!(ids!(null.all(&world.pool).await.unwrap()), [3]);
}

#[derive(Entity, Debug, Clone, PartialEq)]
#[entity(table = "a")]
#[has_many(bs: Vec<B>, by = a_id)]
struct A {
    #[key]
    id: i32,
}

#[derive(Entity, Debug, Clone, PartialEq)]
#[entity(table = "b")]
#[belongs_to(a: A, by = a_id)]
struct B {
    #[key]
    id: i32,
    a_id: i32,
}

const MANY: &str = "CREATE TABLE a (id int PRIMARY KEY); CREATE TABLE b (id int PRIMARY KEY, a_id int NOT NULL);
    CREATE INDEX ON b (a_id);";

#[tokio::test]
async fn x15_more_keys_than_a_statement_has_parameters() {
    let rows = "INSERT INTO a SELECT generate_series(1, 70000);
        INSERT INTO b SELECT id, id FROM generate_series(1, 70000) AS id; ANALYZE a, b;";
    let world = World::new(&format!("{MANY}{rows}")).await;
    let listener = listen();
    for [bs, a] in mixtures() {
        let all = A::query().with(A.bs.under(bs).with(B.a.under(a))).all(&world.pool).await.unwrap();
        assert_eq!(listener.take().len(), 1 + usize::from(bs == SelectIn) + usize::from(a == SelectIn));
        assert_eq!(all.len(), 70_000);
        assert!(all.iter().all(|a| a.bs().len() == 1 && a.bs()[0].id == a.id && a.bs()[0].a().id == a.id));
    }
    // Counted off, with a key for each of them.
    for load in [A.bs.limit(1), A.bs.limit(1).window()] {
        let all = A::query().with(load).all(&world.pool).await.unwrap();
        assert_eq!(listener.take().len(), 2);
        assert!(all.iter().all(|a| a.bs().len() == 1 && a.bs()[0].id == a.id));
    }
}

#[tokio::test]
async fn x16_children_keep_their_order_whatever_the_number_of_keys() {
    // Neighbours in the order belong to different parents, and each parent's children stand far apart.
    let rows = "INSERT INTO a SELECT generate_series(1, 3000);
        INSERT INTO b SELECT id, 1 + (id * 7919) % 3000 FROM generate_series(1, 12000) AS id; ANALYZE a, b;";
    let world = World::new(&format!("{MANY}{rows}")).await;
    for (descending, strategy) in [(false, SelectIn), (true, SelectIn), (false, Joined), (true, Joined)] {
        let load = A.bs.order_by(if descending { B.id.desc() } else { B.id.asc() }).under(strategy);
        for (load, each) in [(load.clone(), 4), (load.clone().limit(3), 3), (load.limit(3).window(), 3)] {
            let all = A::query().with(load).all(&world.pool).await.unwrap();
            assert_eq!(all.len(), 3000);
            for a in &all {
                assert_eq!(a.bs().len(), each);
                assert!(a.bs().windows(2).all(|pair| (pair[0].id < pair[1].id) != descending));
            }
        }
    }
}

mod names {
    use relata::prelude::*;

    #[derive(Entity, Debug, Clone, PartialEq)]
    #[entity(table = "User \"Übersicht\" 表")]
    #[has_many(orders: Vec<Group>, by = of_user)]
    pub struct User {
        #[key]
        #[column(name = "select")]
        pub id: i32,
        #[column(name = "it's $1; -- a \"name\"")]
        pub name: String,
        #[column(name = "t0")]
        pub alias: Option<String>,
    }

    /// The table's name and a column's have 63 bytes, as many as a name can have.
    #[derive(Entity, Debug, Clone, PartialEq)]
    #[entity(table = "group by äöü 3456789 123456789 123456789 123456789 123456789")]
    #[belongs_to(user: Option<User>, by = of_user)]
    pub struct Group {
        #[key]
        #[column(name = "FROM")]
        pub id: i32,
        #[column(name = "column_of_63_bytes_23456789_123456789_123456789_123456789_12345")]
        pub of_user: Option<i32>,
    }
}

#[tokio::test]
async fn x23_names_of_any_kind() {
    use names::{Group, User};
    let quoted = |name: &str| format!("\"{}\"", name.replace('"', "\"\""));
    let (users, groups) = (User::TABLE, Group::TABLE);
    assert_eq!((groups.name.len(), groups.columns[1].name.len()), (63, 63));
    let script = format!(
        "CREATE TABLE {users} ({} int PRIMARY KEY, {} text NOT NULL, {} text);
        CREATE TABLE {groups} ({} int PRIMARY KEY, {} int);
        INSERT INTO {users} VALUES (1, 'a', 'x'), (2, 'b', NULL); INSERT INTO {groups} VALUES (1, 2), (2, NULL), (3, 2);",
        quoted(users.columns[0].name),
        quoted(users.columns[1].name),
        quoted(users.columns[2].name),
        quoted(groups.columns[0].name),
        quoted(groups.columns[1].name),
        users = quoted(users.name),
        groups = quoted(groups.name),
    );
    let world = World::new(&script).await;
    let load = User.orders.order_by(Group.id.desc());
    for load in [load.clone(), load.clone().limit(5), load.limit(5).window()] {
        for [orders, user] in mixtures() {
            let all = User::query()
                .filter(User.name.ne("z") & User.alias.is_distinct_from("y"))
                .order_by(User.name.desc())
                .with(load.clone().under(orders).with(Group.user.under(user)))
                .all(&world.pool)
                .await
                .unwrap();
            let found: Vec<_> = all.iter().map(|user| (user.id, user.name.as_str(), ids!(user.orders()))).collect();
            assert_eq!(found, [(2, "b", vec![3, 1]), (1, "a", vec![])]);
            assert_eq!(all[0].orders()[0].user().map(|user| user.id), Some(2));
        }
    }
    let filtered = Group::query().filter(Group.user.name.eq("b") & Group.user.orders.any(Group.id.eq(1)));
    assert_eq!(
        ids!(filtered.order_by(Group.user.alias.asc()).order_by(Group.id.asc()).all(&world.pool).await.unwrap()),
        [1, 3]
    );
    assert_eq!(Group::query().limit(1).count(&world.pool).await.unwrap(), 1);
}
