//! Groups A and B: limits, orders and equal rows of queries that name paths to many, with whole trees below them.

use relata::prelude::*;
use relata::{ErrorKind, Query, count};

use crate::support::stock::{self, Address, All, Item, Order, Page, User, ids};
use crate::support::trace::listen;
use crate::support::twins::{Strategy, Under, mixtures};

/// These users with their addresses and orders and the items of those, each under its strategy.
pub(super) fn with_all(users: Query<User>, [addresses, orders, items]: [Strategy; 3]) -> Query<All> {
    let orders = User.orders.under(orders).with(Order.items.under(items));
    users.with(User.addresses.under(addresses)).with(orders)
}

/// What is right for [`with_all`], of users with these ids.
pub(super) fn all_of_ids(ids: &[i32]) -> Vec<(i32, Vec<i32>, stock::Graph)> {
    ids.iter().map(|id| stock::user_all()[*id as usize - 7].clone()).collect()
}

#[tokio::test]
async fn a3_an_order_by_what_is_not_read_at_the_end_of_a_path_to_many() {
    let world = stock::world().await;
    for strategies in mixtures() {
        // Each user once, whatever the number of orders that put it into its place.
        let users = User::query().filter(User.orders.exists()).order_by(User.orders.max(Order.user_id).desc());
        for (limit, offset, expected) in [(2, 0, vec![9, 7]), (1, 0, vec![9]), (2, 1, vec![7])] {
            let query = with_all(users.clone().limit(limit).offset(offset), strategies);
            assert_eq!(stock::all_of(&query.all(&world.pool).await.unwrap()), all_of_ids(&expected));
        }
        let mail = User.addresses.max(Address.email_address);
        let query = with_all(User::query().order_by(mail.desc().nulls_last()).limit(1), strategies);
        assert_eq!(stock::all_of(&query.all(&world.pool).await.unwrap()), all_of_ids(&[7]), "{}", query.to_sql());
    }
    // A row for each order is asked for by name, and a limit counts those.
    let order = User.orders.each();
    let query = User::query().select((User, order.id)).order_by(order.user_id.desc()).order_by(order.id.asc());
    let rows = query.limit(2).offset(1).all(&world.pool).await.unwrap();
    let rows: Vec<(&str, i32)> = rows.iter().map(|(user, order)| (user.name.as_str(), *order)).collect();
    assert_eq!(rows, [("fred", 4), ("jack", 1)]);
    // Rows of entities are in no such order, since one of them would have many places in it.
    let listener = listen();
    let error = User::query().order_by(order.user_id.desc()).limit(2).all(&world.pool).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidQuery);
    assert!(error.to_string().contains("`User.orders.each()` gives several rows for one"), "{error}");
    assert!(listener.take().is_empty());
}

#[tokio::test]
async fn a8_distinct_rows_are_made_before_any_load_is_joined() {
    let world = stock::world().await;
    // Each user sixteen times.
    let users = || User::from_sql("SELECT users.* FROM users, users AS a, users AS b", ());
    assert_eq!(users().count(&world.pool).await.unwrap(), 64);
    for strategies in mixtures() {
        for (page, expected) in [(Page::ALL, 0..4), (Page::first(2), 0..2), (Page::part(1, 2), 1..3)] {
            let query = with_all(page.of(users().distinct().order_by(User.id.asc())), strategies);
            let found = stock::all_of(&query.all(&world.pool).await.unwrap());
            assert_eq!(found, stock::user_all()[expected], "{}", query.to_sql());
            assert_eq!(query.count(&world.pool).await.unwrap(), found.len() as u64);
        }
    }
}

#[tokio::test]
async fn a9_rows_that_are_grouped_or_distinct_have_rows_joined_to_them() {
    let world = stock::world().await;
    for [user, orders] in mixtures() {
        // The last address of each user, with that user and the user's orders.
        let last = Address::query().distinct_on(Address.user_id).order_by(Address.user_id.asc());
        let last = last.order_by(Address.id.desc());
        for limit in [2, 9] {
            let load = Address.user.under(user).with(User.orders.under(orders));
            let query = last.clone().limit(limit).with(load);
            let rows = query.all(&world.pool).await.unwrap();
            let found: Vec<_> =
                rows.iter().map(|row| (row.id, row.user().map(|user| (user.id, ids!(user.orders()))))).collect();
            let mut expected = vec![(1, Some((7, vec![1, 3, 5]))), (4, Some((8, vec![]))), (5, Some((9, vec![2, 4])))];
            expected.truncate(limit as usize);
            assert_eq!(found, expected, "{}", query.to_sql());
        }
        // Equal addresses once, beside the user that is joined.
        let addresses = Address::from_sql("SELECT addresses.* FROM addresses, users", ());
        let query = addresses.distinct().order_by(Address.id.asc()).with(Address.user.under(user));
        let rows = query.all(&world.pool).await.unwrap();
        let found: Vec<_> = rows.iter().map(|row| (row.id, row.user().map(|user| user.id))).collect();
        assert_eq!(found, stock::ADDRESS_USER, "{}", query.to_sql());
        // The last order of each user, by groups of orders.
        let groups = Order::query().group_by(Order.user_id).select(Order.id.max());
        let query = Order::query().filter(Order.id.is_in_rows(groups)).order_by(Order.id.asc());
        let query = query.with(Order.user.under(user)).with(Order.items.under(orders));
        let rows = query.all(&world.pool).await.unwrap();
        let found: Vec<_> =
            rows.iter().map(|row| (row.id, row.user().map(|user| user.id), ids!(row.items()))).collect();
        assert_eq!(found, [(4, Some(9), vec![1, 5]), (5, Some(7), vec![5])], "{}", query.to_sql());
    }
    // An entity across a path is what groups have in common.
    let query = Order::query().group_by(Order.user).select((Order.user, count(), Order.id.max()));
    let rows = query.order_by(Order.user.id.asc()).all(&world.pool).await.unwrap();
    let found: Vec<_> =
        rows.iter().map(|(user, count, max)| (user.as_ref().map(|user| user.id), *count, *max)).collect();
    assert_eq!(found, [(Some(7), 3, Some(5)), (Some(9), 2, Some(4))]);
}

#[tokio::test]
async fn a15_a_limit_counts_entities_or_the_rows_that_a_join_makes_of_them_as_the_query_says() {
    let world = stock::world().await;
    for strategies in mixtures() {
        let users = User::query().filter(User.addresses.exists()).order_by(User.id.asc()).limit(3);
        let query = with_all(users, strategies);
        assert_eq!(stock::all_of(&query.all(&world.pool).await.unwrap()), all_of_ids(&[7, 8, 9]));
    }
    let address = User.addresses.each();
    let query = User::query().select((User, address)).order_by(User.id.asc()).order_by(address.id.asc());
    let rows = query.clone().limit(3).all(&world.pool).await.unwrap();
    let rows: Vec<_> = rows.iter().map(|(user, address)| (user.id, address.id)).collect();
    assert_eq!(rows, [(7, 1), (8, 2), (8, 3)]);
    assert_eq!(query.limit(3).offset(4).count(&world.pool).await.unwrap(), 1);
}

#[tokio::test]
async fn a18_loads_and_limits_are_of_the_rows_of_a_whole_union() {
    let world = stock::world().await;
    let (low, high) = (|| User::query().filter(User.id.le(8)), || User::query().filter(User.id.ge(8)));
    for strategies in mixtures() {
        for (users, expected) in [
            (low().union(high()).order_by(User.id.asc()), vec![7, 8, 9, 10]),
            (low().union(high()).order_by(User.id.desc()).limit(2).offset(1), vec![9, 8]),
            (low().union(high()).filter(User.orders.exists()).order_by(User.name.asc()), vec![9, 7]),
            (low().union_all(high()).order_by(User.id.asc()).limit(4), vec![7, 8, 8, 9]),
            (low().intersect(high()), vec![8]),
            (low().except(high()).limit(5), vec![7]),
            // Each side has limits of its own.
            (low().limit(1).union(high().order_by(User.id.desc()).limit(1)).order_by(User.id.asc()), vec![7, 10]),
        ] {
            let query = with_all(users, strategies);
            let found = stock::all_of(&query.all(&world.pool).await.unwrap());
            assert_eq!(found, all_of_ids(&expected), "{}", query.to_sql());
        }
    }
}

#[tokio::test]
async fn a19_aggregates_order_a_query_and_its_loads_under_limits() {
    let world = stock::world().await;
    for [orders, items] in mixtures() {
        for window in [false, true] {
            for part in [Page::ALL, Page::first(2), Page::part(1, 1)] {
                let load = User.orders.order_by(Order.items.count().asc()).order_by(Order.id.asc()).under(orders);
                let most = Item.orders.count().filter(Order.isopen.eq(0));
                let items = Order.items.order_by(most.desc()).order_by(Item.id.desc()).under(items);
                let load = part.of_each(load, window).with(items);
                // Users by the number of their orders' items: none, none, five and seven.
                let users = User::query().order_by(User.orders.items.count().asc()).order_by(User.id.desc());
                let query = users.limit(3).offset(1).with(load);
                let users = query.all(&world.pool).await.unwrap();
                let found: Vec<_> = users
                    .iter()
                    .map(|user| {
                        (user.id, user.orders().iter().map(|row| (row.id, ids!(row.items()))).collect::<Vec<_>>())
                    })
                    .collect();
                // In closed orders items 3, 2 and 1 are two times, item 5 once, and item 4 never.
                let fred = vec![(4, vec![1, 5]), (2, vec![3, 2, 1])];
                let jack = vec![(5, vec![5]), (1, vec![3, 2, 1]), (3, vec![3, 5, 4])];
                let expected = [(8, vec![]), (9, part.cut(fred)), (7, part.cut(jack))];
                assert_eq!(found, expected, "{}", query.to_sql());
            }
        }
    }
}
