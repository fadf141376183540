//! Groups J, K and L: several ways to the same rows, several levels, and no parent lost on the way.

use relata::prelude::*;

use crate::support::World;
use crate::support::stock::{self, Address, Item, ItemKeyword, Order, OrderItem, User, ids};
use crate::support::trace::listen;

mod double {
    use relata::prelude::*;

    /// A user with two relations over the same columns of the same table.
    #[derive(Entity, Debug, Clone, PartialEq)]
    #[entity(table = "users")]
    #[has_many(open_orders: Vec<super::Order>, by = user_id)]
    #[has_many(closed_orders: Vec<super::Order>, by = user_id)]
    pub struct Customer {
        #[key]
        pub id: i32,
    }
}

#[tokio::test]
async fn j3_two_relations_over_the_same_columns_with_conditions_of_their_own() {
    use double::Customer;
    let world = stock::world().await;
    let lines = || Order.lines.order_by(OrderItem.item_id.asc());
    let tags = Item.tags.order_by(ItemKeyword.keyword_id.asc());
    let open = Customer.open_orders.filter(Order.isopen.eq(1)).order_by(Order.id.asc());
    let closed = Customer.closed_orders.filter(Order.isopen.eq(0)).order_by(Order.id.asc());
    let customers = Customer::query()
        .order_by(Customer.id.asc())
        .with(open.with(lines().with(OrderItem.item.with(tags))))
        .with(closed.with(lines()))
        .all(&world.pool)
        .await
        .unwrap();
    let closed: Vec<_> = customers.iter().map(|row| (row.id, ids!(row.closed_orders()))).collect();
    assert_eq!(closed, [(7, vec![1, 5]), (8, vec![]), (9, vec![2]), (10, vec![])]);
    let open: Vec<_> = customers.iter().map(|row| (row.id, ids!(row.open_orders()))).collect();
    assert_eq!(open, [(7, vec![3]), (8, vec![]), (9, vec![4]), (10, vec![])]);

    let mut orders = stock::user_orders().into_iter().flat_map(|(_, orders)| orders).collect::<Vec<_>>();
    orders.sort();
    for customer in &customers {
        for order in customer.closed_orders() {
            let items: Vec<i32> = order.lines().iter().map(|line| line.item_id).collect();
            assert_eq!(items, orders[order.id as usize - 1].1);
        }
        for order in customer.open_orders() {
            let items: Vec<_> = order.lines().iter().map(|line| line.item()).collect();
            assert_eq!(ids!(items), orders[order.id as usize - 1].1);
            for item in items {
                let keywords: Vec<i32> = item.tags().iter().map(|tag| tag.keyword_id).collect();
                assert_eq!(keywords, stock::item_keywords()[item.id as usize - 1].1);
            }
        }
    }
}

#[tokio::test]
async fn j8_the_same_row_by_two_paths_has_what_each_path_asked_for() {
    let world = stock::world().await;
    let low = User.addresses.filter(Address.id.le(2)).order_by(Address.id.asc());
    let high = User.addresses.filter(Address.id.ge(3)).order_by(Address.id.asc());
    let query = Order::query()
        .order_by(Order.id.asc())
        .with(Order.user.with(low))
        .with(Order.address.with(Address.user.with(high)));
    let orders = query.all(&world.pool).await.unwrap();
    let found: Vec<_> = orders
        .iter()
        .map(|order| {
            let user = order.user().unwrap();
            let behind = order.address().and_then(|address| address.user());
            (order.id, user.id, ids!(user.addresses()), behind.map(|user| (user.id, ids!(user.addresses()))))
        })
        .collect();
    // The orders of user 7 reach the same user both ways, with the addresses of the path.
    let expected = [
        (1, 7, vec![1], Some((7, vec![]))),
        (2, 9, vec![], Some((8, vec![3, 4]))),
        (3, 7, vec![1], Some((7, vec![]))),
        (4, 9, vec![], Some((8, vec![3, 4]))),
        (5, 7, vec![1], None),
    ];
    assert_eq!(found, expected);
}

#[tokio::test]
async fn k1_users_orders_items_keywords() {
    let world = stock::world().await;
    let keywords = Item.tags.order_by(ItemKeyword.keyword_id.asc()).with(ItemKeyword.keyword);
    let lines = Order.lines.order_by(OrderItem.item_id.asc()).with(OrderItem.item.with(keywords));
    let query = User::query().order_by(User.id.asc()).with(User.orders.order_by(Order.id.asc()).with(lines));
    let listener = listen();
    let users = query.all(&world.pool).await.unwrap();
    assert!(listener.take().len() <= query.plan().statements());
    let mut found = Vec::new();
    for user in &users {
        let mut orders = Vec::new();
        for order in user.orders() {
            orders.push((order.id, order.lines().iter().map(|line| line.item().id).collect()));
            for line in order.lines() {
                let tags = line.item().tags();
                let keywords: Vec<i32> = tags.iter().map(|tag| tag.keyword().id).collect();
                assert_eq!((line.item().id, keywords), stock::item_keywords()[line.item_id as usize - 1]);
            }
        }
        found.push((user.id, orders));
    }
    assert_eq!(found, stock::user_orders());
    let item = users[0].orders()[0].lines()[0].item();
    let names: Vec<&str> = item.tags().iter().map(|tag| tag.keyword().name.as_str()).collect();
    assert_eq!((item.description.as_str(), names), ("item 1", vec!["red", "big", "round"]));
}

#[tokio::test]
async fn k4_x7_branches_that_share_their_beginning_are_all_there() {
    let world = stock::world().await;
    let orders = User.orders.order_by(Order.id.asc());
    let users = User::query()
        .order_by(User.id.asc())
        .with(User.addresses.order_by(Address.id.asc()).with(Address.dingaling).with(Address.user))
        .with(orders.with(Order.lines).with(Order.address.with(Address.user).with(Address.dingaling)).with(Order.user))
        .all(&world.pool)
        .await
        .unwrap();
    let mut dingalings = Vec::new();
    for user in &users {
        for address in user.addresses() {
            assert_eq!(address.user().map(|of| of.id), Some(user.id));
            dingalings.push((address.id, address.dingaling().map(|ding| ding.id)));
        }
        for order in user.orders() {
            assert_eq!(order.user().map(|of| of.id), Some(user.id));
            assert_eq!(order.address().and_then(|at| at.dingaling()), None);
            // The address of an order is not always its user's own.
            let owner = order.address().and_then(|at| at.user()).map(|of| of.id);
            assert_eq!(owner, [Some(7), Some(8), Some(7), Some(8), None][order.id as usize - 1]);
        }
    }
    assert_eq!(dingalings, stock::ADDRESS_DINGALING);
    let counts: Vec<Vec<usize>> =
        users.iter().map(|user| user.orders().iter().map(|order| order.lines().len()).collect()).collect();
    assert_eq!(counts, [vec![3, 3, 1], vec![], vec![3, 2], vec![]]);
}

#[tokio::test]
async fn k5_loads_built_in_any_order_are_the_same_query() {
    let world = stock::world().await;
    let address = Order.address;
    let one = User::query().with(User.orders.with(address).with(Order.lines)).with(User.addresses);
    let other = User::query().with(User.addresses).with(User.orders.with(Order.lines).with(address));
    assert_eq!(one.to_sql().to_string(), other.to_sql().to_string());
    let (one, other) = (one.order_by(User.id.asc()), other.order_by(User.id.asc()));
    assert_eq!(one.all(&world.pool).await.unwrap(), other.all(&world.pool).await.unwrap());
}

#[tokio::test]
async fn k6_two_loads_below_one_load_run_it_once() {
    let world = stock::world().await;
    let query = User::query().order_by(User.id.asc()).with(User.orders.with(Order.lines).with(Order.address));
    let listener = listen();
    query.all(&world.pool).await.unwrap();
    let ran = listener.take();
    assert_eq!(ran.iter().filter(|ran| ran.sql.contains("FROM \"orders\"")).count(), 1);
    assert_eq!(ran.len(), query.plan().statements());
}

#[tokio::test]
async fn k10_a_limit_at_the_root_bounds_every_level() {
    let world = stock::world().await;
    let lines = Order.lines.order_by(OrderItem.item_id.asc());
    let query = User::query().order_by(User.id.asc()).limit(1).with(User.orders.order_by(Order.id.asc()).with(lines));
    let listener = listen();
    let users = query.all(&world.pool).await.unwrap();
    let rows: Vec<_> = listener.take().iter().map(|ran| ran.rows).collect();
    assert_eq!(rows, [Some(1), Some(3), Some(7)]);
    assert_eq!((users.len(), ids!(users[0].orders())), (1, vec![1, 3, 5]));
}

#[tokio::test]
async fn k11_below_a_filtered_load_is_what_passed_the_filter() {
    let world = stock::world().await;
    let open = User.orders.filter(Order.isopen.eq(1)).order_by(Order.id.asc());
    let query = User::query().order_by(User.id.asc()).with(open.with(Order.lines.order_by(OrderItem.item_id.asc())));
    let listener = listen();
    let users = query.all(&world.pool).await.unwrap();
    let rows: Vec<_> = listener.take().iter().map(|ran| ran.rows).collect();
    assert_eq!(rows, [Some(4), Some(2), Some(5)], "the items of orders 3 and 4 and of no other");
    let found: Vec<_> = users.iter().map(|user| (user.id, ids!(user.orders()))).collect();
    assert_eq!(found, [(7, vec![3]), (8, vec![]), (9, vec![4]), (10, vec![])]);
}

#[tokio::test]
async fn k13_a_path_that_comes_back_to_its_beginning_goes_on_from_there() {
    let world = stock::world().await;
    let back = Address.user.with(User.orders.order_by(Order.id.asc()));
    let query = User::query().order_by(User.id.asc()).with(User.addresses.order_by(Address.id.asc()).with(back));
    let users = query.all(&world.pool).await.unwrap();
    let orders: Vec<Vec<(i32, Vec<i32>)>> = users
        .iter()
        .map(|user| {
            let behind = user.addresses().iter().filter_map(|address| address.user());
            behind.map(|user| (user.id, ids!(user.orders()))).collect()
        })
        .collect();
    let none = (8, vec![]);
    let expected = [vec![(7, vec![1, 3, 5])], vec![none.clone(), none.clone(), none], vec![(9, vec![2, 4])], vec![]];
    assert_eq!(orders, expected);
}

/// Every order of every user is there, whatever is loaded below it.
async fn all_orders(world: &World, descending: bool) -> Vec<(i32, Vec<(i32, Option<i32>)>)> {
    let order = if descending { Order.id.desc() } else { Order.id.asc() };
    let load = User.orders.order_by(order).with(Order.address.with(Address.bounce));
    let users = User::query().order_by(User.id.asc()).with(load).all(&world.pool).await.unwrap();
    let orders = |user: &loaded!(User { orders { address { bounce } } })| {
        user.orders().iter().map(|order| (order.id, order.address().and_then(|at| at.bounce().bounces))).collect()
    };
    users.iter().map(|user| (user.id, orders(user))).collect()
}

#[tokio::test]
async fn l5_a_promised_row_below_an_optional_one_drops_nothing() {
    let world = stock::world().await;
    let mut expected = vec![
        (7, vec![(1, Some(1)), (3, Some(1)), (5, None)]),
        (8, vec![]),
        (9, vec![(2, Some(0)), (4, Some(0))]),
        (10, vec![]),
    ];
    assert_eq!(all_orders(&world, false).await, expected);
    expected.iter_mut().for_each(|(_, orders)| orders.reverse());
    assert_eq!(all_orders(&world, true).await, expected);
    // Nor does a filter along the same path, under an OR.
    let either = Order.address.bounce.bounces.eq(1) | Order.description.eq("order 5");
    let orders = Order::query().filter(either).order_by(Order.id.asc()).all(&world.pool).await.unwrap();
    assert_eq!(ids!(orders), [1, 3, 5]);
}
