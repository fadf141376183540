//! Group A: limits and offsets, with loads below them.

use relata::ErrorKind;
use relata::prelude::*;

use crate::support::stock::{self, Address, Order, User, graph_of, ids};
use crate::support::trace::listen;

#[tokio::test]
async fn a1_limit_counts_parents() {
    let world = stock::world().await;
    let listener = listen();
    let page = stock::whole().order_by(User.id.asc()).limit(2).offset(1).all(&world.pool).await.unwrap();
    assert_eq!(graph_of(&page), stock::user_all()[1..3]);
    let ran = listener.take();
    let rows: Vec<(&str, Option<u64>)> = ran.iter().map(|ran| (ran.path.as_str(), ran.rows)).collect();
    assert!(rows.contains(&("User.addresses", Some(4))) && rows.contains(&("User.orders", Some(2))), "{rows:?}");

    let page = stock::whole().order_by(User.id.desc()).limit(2).offset(2).all(&world.pool).await.unwrap();
    let expected: Vec<_> = stock::user_all().into_iter().rev().skip(2).collect();
    assert_eq!(graph_of(&page), expected);
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
    let query = UserMail::query().order_by(UserMail.id.asc()).with(UserMail.orders.order_by(Order.id.asc()));
    let first = query.first(&world.pool).await.unwrap().unwrap();
    assert_eq!((first.name.as_str(), ids!(first.orders())), ("jack", vec![1, 3, 5]));

    // A user stands in the view once a mail, each time with all of the orders.
    world.execute("INSERT INTO addresses VALUES (6, 7, 'jack@home.com')").await;
    let all = query.all(&world.pool).await.unwrap();
    let orders: Vec<(i32, Vec<i32>)> = all.iter().map(|row| (row.id, ids!(row.orders()))).collect();
    let jack = (7, vec![1, 3, 5]);
    assert_eq!(orders, [jack.clone(), jack, (8, vec![]), (8, vec![]), (8, vec![]), (9, vec![2, 4])]);
}

#[tokio::test]
async fn a5_a_limit_with_to_one_loads_needs_no_subquery() {
    let world = stock::world().await;
    let query = Order::query().order_by(Order.id.asc()).limit(3).offset(1).with(Order.address).with(Order.user);
    let text = query.to_sql().text().to_owned();
    assert_eq!((text.matches("SELECT").count(), text.matches("LIMIT").count()), (1, 1), "{text}");
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

#[tokio::test]
async fn a7_a_second_row_for_a_has_one_under_a_limit_is_an_error_and_costs_no_parent() {
    let world = stock::world().await;
    world.execute("INSERT INTO dingalings VALUES (3, 2, 'ding 3/2')").await;
    let query = Address::query().order_by(Address.id.asc()).limit(3);
    assert_eq!(ids!(query.all(&world.pool).await.unwrap()), [1, 2, 3]);
    let error = query.with(Address.dingaling).all(&world.pool).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::SeveralRows);
    let message = "Address.dingaling: more than one row for key 2, where the relation allows one";
    assert_eq!(error.to_string(), message);
}

#[tokio::test]
async fn a20_a_load_decided_at_run_time_under_a_limit_is_whole() {
    let world = stock::world().await;
    for (decided, statements) in [(true, 2), (false, 1)] {
        let load = User.addresses.order_by(Address.id.asc());
        let query = User::query().order_by(User.id.asc()).limit(1).offset(1).with_if(decided, load);
        let listener = listen();
        let users = query.all(&world.pool).await.unwrap();
        assert_eq!(listener.take().len(), statements);
        let found: Vec<_> = users.iter().map(|user| (user.id, user.addresses().map(|rows| ids!(rows)))).collect();
        assert_eq!(found, [(8, decided.then(|| vec![2, 3, 4]))]);
    }
}
