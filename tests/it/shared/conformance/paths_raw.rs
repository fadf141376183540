//! Groups G and M: rows of SQL of the program's own, loaded further, and loads with a query in their condition.

use relata::prelude::*;
use relata::{ErrorKind, outer, scalar};

use super::paths_limits::{all_of_ids, with_all};
use crate::support::stock::{self, Order, Page, User, ids};
use crate::support::trace::listen;
use crate::support::twins::{Under, mixtures};

#[tokio::test]
async fn g17_rows_of_a_raw_query_are_loaded_further_as_those_of_any_query() {
    let world = stock::world().await;
    let users = |least: i32| User::from_sql("SELECT * FROM users WHERE id >= {} AND name <> {}", (least, "chuck"));
    for strategies in mixtures() {
        for (page, least, expected) in [
            (Page::ALL, 7, vec![7, 8, 9]),
            (Page::ALL, 9, vec![9]),
            (Page::first(2), 7, vec![7, 8]),
            (Page::part(1, 5), 8, vec![9]),
            (Page::ALL, 11, vec![]),
        ] {
            let query = with_all(page.of(users(least).order_by(User.id.asc())), strategies);
            let listener = listen();
            let found = stock::all_of(&query.all(&world.pool).await.unwrap());
            assert_eq!(found, all_of_ids(&expected), "{}", query.to_sql());
            let (ran, most) = (listener.take().len(), query.plan().statements());
            assert_eq!(ran, if expected.is_empty() { 1 } else { most }, "{}", query.to_sql());
        }
        // Conditions across relations narrow the rows of the text.
        let query = with_all(users(7).filter(User.orders.exists()).order_by(User.id.desc()), strategies);
        assert_eq!(stock::all_of(&query.all(&world.pool).await.unwrap()), all_of_ids(&[9, 7]), "{}", query.to_sql());
    }
    // And to one row, from rows that a function of the database gives.
    let text = "SELECT (jsonb_populate_record(NULL::orders, to_jsonb(orders))).* FROM orders WHERE isopen = {}";
    for [user] in mixtures() {
        let query = Order::from_sql(text, (1,)).order_by(Order.id.asc()).with(Order.user.under(user));
        let rows = query.all(&world.pool).await.unwrap();
        let found: Vec<_> = rows.iter().map(|row| (row.id, row.user().map(|user| user.id))).collect();
        assert_eq!(found, [(3, Some(7)), (4, Some(9))], "{}", query.to_sql());
    }
}

#[tokio::test]
async fn g18_columns_of_a_raw_query_are_taken_by_their_names() {
    let world = stock::world().await;
    let jack = User { id: 7, name: "jack".into() };
    // In another order than the entity's, with columns of other tables between them, and with names that look alike.
    for text in [
        "SELECT * FROM users",
        "SELECT name, id FROM users",
        "SELECT a.email_address, a.user_id, u.name, a.id AS address_id, u.id, 5 AS \"Id\" FROM users AS u
            LEFT JOIN addresses AS a ON a.user_id = u.id AND a.id <> 3 AND a.id <> 4",
        "SELECT address_id AS orders, users.* FROM orders RIGHT JOIN users ON users.id = orders.id",
    ] {
        let users = User::from_sql(text, ()).order_by(User.id.asc()).all(&world.pool).await.unwrap();
        assert_eq!((ids!(users), &users[0]), (vec![7, 8, 9, 10], &jack), "{text}");
        for strategies in mixtures() {
            let query = with_all(User::from_sql(text, ()).order_by(User.id.asc()), strategies);
            assert_eq!(stock::all_of(&query.all(&world.pool).await.unwrap()), stock::user_all(), "{}", query.to_sql());
        }
    }
    // A name that is there twice, or that is not there, is an error and no other column.
    let twice = "SELECT addresses.*, users.* FROM users JOIN addresses ON user_id = users.id";
    let error = User::from_sql(twice, ()).all(&world.pool).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Database, "{error:?}");
    let error = User::from_sql("SELECT id, name AS nick FROM users", ()).all(&world.pool).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::MissingColumn, "{error:?}");
}

#[tokio::test]
async fn m4_a_query_of_the_same_entity_in_a_loads_condition() {
    let world = stock::world().await;
    for [orders, items] in mixtures() {
        for window in [false, true] {
            for part in [Page::ALL, Page::first(1)] {
                // Orders of those that are open, or closed, and whose description is not this one's.
                for (isopen, not, jack, fred) in [
                    (0, "order 1", vec![5], vec![2]),
                    (0, "none", vec![1, 5], vec![2]),
                    (1, "order 3", vec![], vec![4]),
                    (1, "order 5", vec![3], vec![4]),
                ] {
                    let some = Order::query().filter(Order.isopen.eq(isopen) & Order.description.ne(not));
                    let load = User.orders.filter(Order.id.is_in_rows(some.select(Order.id))).under(orders);
                    let load = part.of_each(load, window).with(Order.items.under(items));
                    let query = User::query().order_by(User.id.asc()).with(load);
                    let users = query.all(&world.pool).await.unwrap();
                    let found: Vec<_> = users.iter().map(|user| (user.id, ids!(user.orders()))).collect();
                    let expected = [(7, part.cut(jack)), (8, vec![]), (9, part.cut(fred)), (10, vec![])];
                    assert_eq!(found, expected, "{}", query.to_sql());
                    let all: Vec<_> = stock::user_orders().into_iter().flat_map(|(_, orders)| orders).collect();
                    for order in users.iter().flat_map(|user| user.orders()) {
                        assert!(all.contains(&(order.id, ids!(order.items()))), "{}", query.to_sql());
                    }
                }
            }
        }
        // A query that looks at the row around it, which is of the same table: the last order of each user.
        let same = Order::query().filter(Order.user_id.eq(outer(Order.user_id)));
        let last = User.orders.filter(Order.id.eq(scalar(same.select(Order.id.max())))).under(orders);
        let query = User::query().order_by(User.id.asc()).with(last.with(Order.items.under(items)));
        let users = query.all(&world.pool).await.unwrap();
        let found: Vec<_> = users
            .iter()
            .map(|user| (user.id, user.orders().iter().map(|row| (row.id, ids!(row.items()))).collect::<Vec<_>>()))
            .collect();
        let expected = [(7, vec![(5, vec![5])]), (8, vec![]), (9, vec![(4, vec![1, 5])]), (10, vec![])];
        assert_eq!(found, expected, "{}", query.to_sql());
    }
}
