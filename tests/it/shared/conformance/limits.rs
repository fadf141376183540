//! Group A: limits and offsets, with loads below them.

use relata::ErrorKind;
use relata::prelude::*;

use crate::support::World;
use crate::support::stock::{self, Address, Order, User, graph_of, ids};
use crate::support::trace::listen;
use crate::support::twins::{Joined, SelectIn, Strategy, Under, mixtures};

#[tokio::test]
async fn a1_limit_counts_parents() {
    let world = stock::world().await;
    let listener = listen();
    let page = stock::whole().order_by(User.id.asc()).limit(2).offset(1).all(&world.pool).await.unwrap();
    assert_eq!(graph_of(&page), stock::user_all()[1..3]);
    let ran = listener.take();
    let rows: Vec<(&str, Option<u64>)> = ran.iter().map(|ran| (ran.path.as_str(), ran.rows)).collect();
    assert!(rows.contains(&("User.addresses", Some(4))) && rows.contains(&("User.orders", Some(2))), "{rows:?}");

    let backwards: Vec<_> = stock::user_all().into_iter().rev().collect();
    for strategies in mixtures() {
        let page = stock::all_under(strategies).order_by(User.id.asc()).limit(2).offset(1);
        assert_eq!(stock::all_of(&page.all(&world.pool).await.unwrap()), stock::user_all()[1..3]);
        let page = stock::all_under(strategies).order_by(User.id.desc()).limit(2).offset(2);
        assert_eq!(stock::all_of(&page.all(&world.pool).await.unwrap()), backwards[2..]);
        // Without an order of its own a page is by the key; and an offset alone is a page, too.
        let page = stock::all_under(strategies).limit(3);
        assert_eq!(stock::all_of(&page.all(&world.pool).await.unwrap()), stock::user_all()[..3]);
        let page = stock::all_under(strategies).offset(3);
        assert_eq!(stock::all_of(&page.all(&world.pool).await.unwrap()), stock::user_all()[3..]);
        let page = stock::all_under(strategies).limit(0);
        assert!(page.all(&world.pool).await.unwrap().is_empty());
    }
}

/// Users beside each of their mails: a join of two tables, as a view.
#[derive(Entity, Debug, Clone, PartialEq)]
#[entity(table = "user_mails")]
#[has_many(orders: Vec<Order>, by = user_id, references = id)]
struct UserMail {
    #[key]
    id: i32,
    #[key]
    email_address: String,
    name: String,
}

#[tokio::test]
async fn a4_first_of_a_view_over_a_join_has_all_its_orders() {
    let world = stock::world().await;
    let view = "CREATE VIEW user_mails AS SELECT users.id, users.name, addresses.email_address
        FROM users JOIN addresses ON addresses.user_id = users.id";
    world.execute(view).await;
    let query = |strategy| {
        UserMail::query().order_by(UserMail.id.asc()).with(UserMail.orders.order_by(Order.id.asc()).under(strategy))
    };
    for [strategy] in mixtures() {
        let first = query(strategy).first(&world.pool).await.unwrap().unwrap();
        assert_eq!((first.name.as_str(), ids!(first.orders())), ("jack", vec![1, 3, 5]));
    }
    // A user stands in the view once a mail, each time with all of the orders.
    world.execute("INSERT INTO addresses VALUES (6, 7, 'jack@home.com')").await;
    for [strategy] in mixtures() {
        let all = query(strategy).all(&world.pool).await.unwrap();
        let orders: Vec<(i32, Vec<i32>)> = all.iter().map(|row| (row.id, ids!(row.orders()))).collect();
        let jack = (7, vec![1, 3, 5]);
        assert_eq!(orders, [jack.clone(), jack, (8, vec![]), (8, vec![]), (8, vec![]), (9, vec![2, 4])]);
    }
}

#[tokio::test]
async fn a5_a_limit_chooses_the_rows_before_any_load_is_joined() {
    let world = stock::world().await;
    for [address, user] in mixtures() {
        let query = Order::query().order_by(Order.id.asc()).limit(3).offset(1);
        let query = query.with(Order.address.under(address)).with(Order.user.under(user));
        let text = query.to_sql().text().to_owned();
        // PostgreSQL moves no limit below a join, also where the join multiplies nothing.
        let selects = if (address, user) == (SelectIn, SelectIn) { 1 } else { 2 };
        assert_eq!((text.matches("SELECT").count(), text.matches("LIMIT").count()), (selects, 1), "{text}");
        let orders = query.all(&world.pool).await.unwrap();
        let shape: Vec<(i32, Option<i32>, Option<&str>)> = orders
            .iter()
            .map(|order| {
                let user = order.user().map(|user| user.name.as_str());
                (order.id, order.address().map(|address| address.id), user)
            })
            .collect();
        assert_eq!(shape, [(2, Some(4), Some("fred")), (3, Some(1), Some("jack")), (4, Some(4), Some("fred"))]);
    }
    // A collection anywhere below it, however deep, and the parents are chosen first.
    let deep = Order.address.joined().with(Address.user.joined().with(User.addresses.joined()));
    let query = Order::query().order_by(Order.id.asc()).limit(3).offset(1).with(deep);
    let text = query.to_sql().text().to_owned();
    assert_eq!((text.matches("SELECT").count(), text.matches("LIMIT").count()), (2, 1), "{text}");
    let orders = query.all(&world.pool).await.unwrap();
    let at = |order: &loaded!(Order { address { user { addresses } } })| {
        order.address().and_then(|address| address.user()).map(|user| ids!(user.addresses()))
    };
    let found: Vec<_> = orders.iter().map(|order| (order.id, at(order))).collect();
    assert_eq!(found, [(2, Some(vec![2, 3, 4])), (3, Some(vec![1])), (4, Some(vec![2, 3, 4]))]);
}

#[tokio::test]
async fn a7_a_second_row_for_a_has_one_under_a_limit_is_an_error_and_costs_no_parent() {
    let world = stock::world().await;
    world.execute("INSERT INTO dingalings VALUES (3, 2, 'ding 3/2')").await;
    let query = Address::query().order_by(Address.id.asc()).limit(3);
    assert_eq!(ids!(query.all(&world.pool).await.unwrap()), [1, 2, 3]);
    for [dingaling, user, addresses] in mixtures() {
        let query = query.clone().with(Address.dingaling.under(dingaling));
        let error = query.clone().all(&world.pool).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::SeveralRows);
        let message = "Address.dingaling: more than one row for key 2, where the relation allows one";
        assert_eq!(error.to_string(), message);
        // Also where a collection beside it repeats the rows of both.
        let user = Address.user.under(user).with(User.addresses.under(addresses));
        let error = query.with(user).all(&world.pool).await.unwrap_err();
        assert_eq!((error.kind(), error.to_string().as_str()), (ErrorKind::SeveralRows, message));
    }
    // Where no second row is among those of the page, each parent is there once.
    world.execute("UPDATE dingalings SET address_id = 4 WHERE id = 3").await;
    for strategies in mixtures() {
        assert_eq!(dingalings(&world, strategies, 3).await, [(1, None), (2, Some(1)), (3, None)]);
    }
}

/// The first addresses, each with its dingaling, and with the addresses of its user beside it.
async fn dingalings(world: &World, [dingaling, user, addresses]: [Strategy; 3], rows: u64) -> Vec<(i32, Option<i32>)> {
    let user = Address.user.under(user).with(User.addresses.under(addresses));
    let query = Address::query().order_by(Address.id.asc()).limit(rows);
    let all = query.with(Address.dingaling.under(dingaling)).with(user).all(&world.pool).await.unwrap();
    let counts: Vec<usize> = all.iter().map(|row| row.user().map_or(0, |user| user.addresses().len())).collect();
    assert_eq!(counts, [1, 3, 3, 3, 1][..rows as usize]);
    all.iter().map(|row| (row.id, row.dingaling().map(|ding| ding.id))).collect()
}

#[tokio::test]
async fn a6_a_joined_has_one_under_a_limit_costs_no_parent() {
    let world = stock::world().await;
    for strategies in mixtures() {
        for rows in [1, 2, 5] {
            let found = dingalings(&world, strategies, rows).await;
            assert_eq!(found, stock::ADDRESS_DINGALING[..rows as usize]);
        }
    }
    // The database may hold a second row, so the limit is of the parents alone.
    let query = Address::query().order_by(Address.id.asc()).limit(1).with(Address.dingaling.joined());
    let text = query.to_sql().text().to_owned();
    let (inner, outer) = text.split_once(") AS \"t").unwrap();
    assert!(inner.contains("LIMIT") && outer.contains("LEFT JOIN \"dingalings\""), "{text}");
    let query = Address::query().order_by(Address.id.asc()).limit(1).with(Address.bounce.joined());
    assert_eq!(query.one(&world.pool).await.unwrap().bounce().bounces, Some(1));
}

#[tokio::test]
async fn a20_a_load_decided_at_run_time_under_a_limit_is_whole() {
    let world = stock::world().await;
    for (decided, strategy, statements) in
        [(true, SelectIn, 2), (false, SelectIn, 1), (true, Joined, 1), (false, Joined, 1)]
    {
        let load = User.addresses.order_by(Address.id.asc()).under(strategy);
        let query = User::query().order_by(User.id.asc()).limit(1).offset(1).with_if(decided, load);
        let listener = listen();
        let users = query.all(&world.pool).await.unwrap();
        assert_eq!(listener.take().len(), statements);
        let found: Vec<_> = users.iter().map(|user| (user.id, user.addresses().map(|rows| ids!(rows)))).collect();
        assert_eq!(found, [(8, decided.then(|| vec![2, 3, 4]))]);
    }
}
