//! Group X: what goes wrong again and again.

use relata::prelude::*;

use crate::support::World;
use crate::support::stock::{self, Address, Order, OrderItem, User, ids};
use crate::support::trace::listen;

#[tokio::test]
async fn x1_a_loads_condition_holds_in_every_form_of_its_statement() {
    let world = stock::world().await;
    let load =
        || User.addresses.filter(Address.email_address.like("%lala%") | Address.id.eq(3)).order_by(Address.id.asc());
    // One key, sent as a value; several, sent as an array.
    let one = User::find(8).with(load()).one(&world.pool).await.unwrap();
    assert_eq!(ids!(one.addresses()), [3, 4]);
    let all = User::query().order_by(User.id.asc()).with(load()).all(&world.pool).await.unwrap();
    assert_eq!(all.iter().map(|user| ids!(user.addresses())).collect::<Vec<_>>(), [vec![], vec![3, 4], vec![], vec![]]);
    // A key of two columns, joined with two arrays.
    let load = || Seat.bookings.filter(Booking.id.eq(1) | Booking.id.eq(4)).order_by(Booking.id.asc());
    world.execute(SEATS).await;
    let one = Seat::find((1, 1)).with(load()).one(&world.pool).await.unwrap();
    assert_eq!(ids!(one.bookings()), [1]);
    let all = Seat::query().order_by(Seat.number.asc()).with(load()).all(&world.pool).await.unwrap();
    assert_eq!(all.iter().map(|seat| ids!(seat.bookings())).collect::<Vec<_>>(), [vec![1], vec![4]]);
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
    let users = User::query().order_by(User.id.asc()).with(User.addresses.filter(mail.clone()));
    let users = users.all(&world.pool).await.unwrap();
    assert_eq!(users.iter().map(|user| ids!(user.addresses())).collect::<Vec<_>>(), [vec![1], vec![], vec![5], vec![]]);
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
    let lines = Order.lines.order_by(OrderItem.item_id.asc()).with(OrderItem.item);
    let address = Order.address.with(Address.user.with(User.addresses.order_by(Address.id.asc())));
    let query = Order::query().order_by(Order.id.asc()).with(address).with(lines);
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

#[tokio::test]
async fn x14_a_row_of_nulls_is_a_row() {
    let world = stock::world().await;
    world
        .execute("INSERT INTO dingalings VALUES (3, 3, NULL); UPDATE orders SET description = NULL, isopen = NULL")
        .await;
    let query = Address::query().order_by(Address.id.asc()).with(Address.dingaling);
    let found = query.all(&world.pool).await.unwrap();
    let found: Vec<_> = found.iter().map(|row| row.dingaling().map(|ding| ding.data.as_deref())).collect();
    assert_eq!(found, [None, Some(Some("ding 1/2")), Some(None), None, Some(Some("ding 2/5"))]);
    // In a filter its absence and its NULL are told apart by its key.
    let null = Address::query().filter(Address.dingaling.data.is_null() & Address.dingaling.id.is_not_null());
    assert_eq!(ids!(null.all(&world.pool).await.unwrap()), [3]);
    let users = User::query().order_by(User.id.asc()).with(User.orders).all(&world.pool).await.unwrap();
    assert_eq!(users.iter().map(|user| user.orders().len()).collect::<Vec<_>>(), [3, 0, 2, 0]);
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

const MANY: &str = "CREATE TABLE a (id int PRIMARY KEY); CREATE TABLE b (id int PRIMARY KEY, a_id int NOT NULL);";

#[tokio::test]
async fn x15_more_keys_than_a_statement_has_parameters() {
    let rows = "INSERT INTO a SELECT generate_series(1, 70000);
        INSERT INTO b SELECT id, id FROM generate_series(1, 70000) AS id;";
    let world = World::new(&format!("{MANY}{rows}")).await;
    let listener = listen();
    let all = A::query().with(A.bs.with(B.a)).all(&world.pool).await.unwrap();
    assert_eq!(listener.take().len(), 3);
    assert_eq!(all.len(), 70_000);
    assert!(all.iter().all(|a| a.bs().len() == 1 && a.bs()[0].id == a.id && a.bs()[0].a().id == a.id));
}

#[tokio::test]
async fn x16_children_keep_their_order_whatever_the_number_of_keys() {
    // Neighbours in the order belong to different parents, and each parent's children stand far apart.
    let rows = "INSERT INTO a SELECT generate_series(1, 3000);
        INSERT INTO b SELECT id, 1 + (id * 7919) % 3000 FROM generate_series(1, 12000) AS id;";
    let world = World::new(&format!("{MANY}{rows}")).await;
    for descending in [false, true] {
        let order = if descending { B.id.desc() } else { B.id.asc() };
        let all = A::query().with(A.bs.order_by(order)).all(&world.pool).await.unwrap();
        assert_eq!(all.iter().map(|a| a.bs().len()).sum::<usize>(), 12_000);
        for a in &all {
            assert_eq!(a.bs().len(), 4);
            assert!(a.bs().windows(2).all(|pair| (pair[0].id < pair[1].id) != descending));
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
    let all = User::query()
        .filter(User.name.ne("z") & User.alias.is_distinct_from("y"))
        .order_by(User.name.desc())
        .with(User.orders.order_by(Group.id.desc()).with(Group.user))
        .all(&world.pool)
        .await
        .unwrap();
    let found: Vec<_> = all.iter().map(|user| (user.id, user.name.as_str(), ids!(user.orders()))).collect();
    assert_eq!(found, [(2, "b", vec![3, 1]), (1, "a", vec![])]);
    assert_eq!(all[0].orders()[0].user().map(|user| user.id), Some(2));
    let filtered = Group::query().filter(Group.user.name.eq("b") & Group.user.orders.any(Group.id.eq(1)));
    assert_eq!(
        ids!(filtered.order_by(Group.user.alias.asc()).order_by(Group.id.asc()).all(&world.pool).await.unwrap()),
        [1, 3]
    );
    assert_eq!(Group::query().limit(1).count(&world.pool).await.unwrap(), 1);
}
