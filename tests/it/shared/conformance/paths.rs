//! Groups J, K and L: several ways to the same rows, several levels, and no parent lost on the way.

use relata::prelude::*;

use crate::support::World;
use crate::support::stock::{self, Address, Graph, Item, Order, OrderItem, User, ids};
use crate::support::trace::listen;
use crate::support::twins::{Joined, SelectIn, Strategy, Under, mixtures};

#[tokio::test]
async fn j3_two_relations_over_the_same_columns_with_conditions_of_their_own() {
    let world = stock::world().await;
    let keywords_of = |item: &loaded!(Item { keywords })| {
        let mut keywords = ids!(item.keywords());
        keywords.sort_unstable();
        (item.id, keywords)
    };
    let everything = stock::chain([stock::Page::ALL; 4]);
    let that_are = |isopen: i32| {
        let mut all = everything.clone();
        let rows = stock::orders_that_are(isopen).into_iter().map(|(_, orders)| orders);
        for ((_, orders), kept) in all.iter_mut().zip(rows) {
            orders.retain(|(id, _)| kept.iter().any(|(known, _)| known == id));
        }
        all
    };
    let (open, closed) = (that_are(1), that_are(0));
    for [open_orders, open_items, open_keywords, closed_orders, closed_items, closed_keywords] in mixtures() {
        let load = Order.items.under(open_items).with(Item.keywords.under(open_keywords));
        let query = User::query().order_by(User.id.asc()).with(User.open_orders.under(open_orders).with(load));
        let load = Order.items.under(closed_items).with(Item.keywords.under(closed_keywords));
        let query = query.with(User.closed_orders.under(closed_orders).with(load));
        let users = query.all(&world.pool).await.unwrap();
        let orders = |rows: &[loaded!(Order { items { keywords } })]| {
            let items = |order: &loaded!(Order { items { keywords } })| order.items().iter().map(keywords_of).collect();
            rows.iter().map(|order| (order.id, items(order))).collect::<Vec<(i32, Graph)>>()
        };
        let found: Vec<_> = users.iter().map(|user| (user.id, orders(user.open_orders()))).collect();
        assert_eq!(found, open, "{}", query.to_sql());
        let found: Vec<_> = users.iter().map(|user| (user.id, orders(user.closed_orders()))).collect();
        assert_eq!(found, closed, "{}", query.to_sql());
        let shape: Vec<_> = users.iter().map(|user| (ids!(user.open_orders()), ids!(user.closed_orders()))).collect();
        assert_eq!(shape, [(vec![3], vec![1, 5]), (vec![], vec![]), (vec![4], vec![2]), (vec![], vec![])]);
    }
    // Their conditions hold in a filter, too, each in its own.
    let both =
        User.open_orders.any(Order.items.any(Item.id.eq(5))) & User.closed_orders.none(Order.address_id.is_null());
    assert_eq!(ids!(User::query().filter(both).all(&world.pool).await.unwrap()), [9]);
}

#[tokio::test]
async fn j8_the_same_row_by_two_paths_has_what_each_path_asked_for() {
    let world = stock::world().await;
    // The orders of user 7 reach the same user both ways, with the addresses of the path.
    let expected = [
        (1, 7, vec![1], Some((7, vec![]))),
        (2, 9, vec![], Some((8, vec![3, 4]))),
        (3, 7, vec![1], Some((7, vec![]))),
        (4, 9, vec![], Some((8, vec![3, 4]))),
        (5, 7, vec![1], None),
    ];
    for [user, lows, address, owner, highs] in mixtures() {
        let low = User.addresses.filter(Address.id.le(2)).order_by(Address.id.asc()).under(lows);
        let high = User.addresses.filter(Address.id.ge(3)).order_by(Address.id.asc()).under(highs);
        let query = Order::query()
            .order_by(Order.id.asc())
            .with(Order.user.under(user).with(low))
            .with(Order.address.under(address).with(Address.user.under(owner).with(high)));
        let orders = query.all(&world.pool).await.unwrap();
        let found: Vec<_> = orders
            .iter()
            .map(|order| {
                let user = order.user().unwrap();
                let behind = order.address().and_then(|address| address.user());
                (order.id, user.id, ids!(user.addresses()), behind.map(|user| (user.id, ids!(user.addresses()))))
            })
            .collect();
        assert_eq!(found, expected, "{}", query.to_sql());
    }
}

#[tokio::test]
async fn k4_x7_branches_that_share_their_beginning_are_all_there() {
    let world = stock::world().await;
    for [addresses, orders, lines, address, first, second] in mixtures() {
        let own = User.addresses.order_by(Address.id.asc()).under(addresses);
        let own = own.with(Address.dingaling.under(first)).with(Address.user.under(second));
        let at = Order.address.under(address).with(Address.user.under(first)).with(Address.dingaling.under(second));
        let orders = User.orders.order_by(Order.id.asc()).under(orders);
        let orders = orders.with(Order.lines.under(lines)).with(at).with(Order.user.under(first));
        let query = User::query().order_by(User.id.asc()).with(own).with(orders);
        let users = query.all(&world.pool).await.unwrap();
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
        assert_eq!(dingalings, stock::ADDRESS_DINGALING, "{}", query.to_sql());
        let counts: Vec<Vec<usize>> =
            users.iter().map(|user| user.orders().iter().map(|order| order.lines().len()).collect()).collect();
        assert_eq!(counts, [vec![3, 3, 1], vec![], vec![3, 2], vec![]], "{}", query.to_sql());
    }
}

#[tokio::test]
async fn k5_loads_built_in_any_order_are_the_same_query() {
    let world = stock::world().await;
    for [orders, address, lines, addresses] in mixtures() {
        let (address, lines) = (Order.address.under(address), Order.lines.under(lines));
        let one = User::query().with(User.orders.under(orders).with(address.clone()).with(lines.clone()));
        let one = one.with(User.addresses.under(addresses));
        let other = User::query().with(User.addresses.under(addresses));
        let other = other.with(User.orders.under(orders).with(lines).with(address));
        assert_eq!(one.to_sql().to_string(), other.to_sql().to_string());
        let (one, other) = (one.order_by(User.id.asc()), other.order_by(User.id.asc()));
        assert_eq!(one.all(&world.pool).await.unwrap(), other.all(&world.pool).await.unwrap());
    }
}

#[tokio::test]
async fn k6_two_loads_below_one_load_run_it_once() {
    let world = stock::world().await;
    for [orders, lines, address] in mixtures() {
        let load = User.orders.under(orders).with(Order.lines.under(lines)).with(Order.address.under(address));
        let query = User::query().order_by(User.id.asc()).with(load);
        let listener = listen();
        query.all(&world.pool).await.unwrap();
        let ran = listener.take();
        let orders: usize = ran.iter().map(|ran| ran.sql.matches("\"orders\" AS").count()).sum();
        assert_eq!(orders, 1, "{}", query.to_sql());
        assert_eq!(ran.len(), query.plan().statements());
    }
}

#[tokio::test]
async fn k10_a_limit_at_the_root_bounds_every_level() {
    let world = stock::world().await;
    for (orders, lines, expected) in [
        (SelectIn, SelectIn, vec![Some(1), Some(3), Some(7)]),
        (Joined, SelectIn, vec![Some(3), Some(7)]),
        (SelectIn, Joined, vec![Some(1), Some(7)]),
        (Joined, Joined, vec![Some(7)]),
    ] {
        let lines = Order.lines.order_by(OrderItem.item_id.asc()).under(lines);
        let orders = User.orders.order_by(Order.id.asc()).under(orders).with(lines);
        let query = User::query().order_by(User.id.asc()).limit(1).with(orders);
        let listener = listen();
        let users = query.all(&world.pool).await.unwrap();
        let rows: Vec<_> = listener.take().iter().map(|ran| ran.rows).collect();
        assert_eq!(rows, expected, "{}", query.to_sql());
        assert_eq!((users.len(), ids!(users[0].orders())), (1, vec![1, 3, 5]));
    }
}

#[tokio::test]
async fn k11_below_a_filtered_load_is_what_passed_the_filter() {
    let world = stock::world().await;
    // Users, orders 3 and 4, and their items and no other's; joined, a user without such an order is a row.
    for (orders, lines, expected) in [
        (SelectIn, SelectIn, vec![Some(4), Some(2), Some(5)]),
        (Joined, SelectIn, vec![Some(4), Some(5)]),
        (SelectIn, Joined, vec![Some(4), Some(5)]),
        (Joined, Joined, vec![Some(7)]),
    ] {
        let open = User.orders.filter(Order.isopen.eq(1)).order_by(Order.id.asc()).under(orders);
        let lines = Order.lines.order_by(OrderItem.item_id.asc()).under(lines);
        let query = User::query().order_by(User.id.asc()).with(open.with(lines));
        let listener = listen();
        let users = query.all(&world.pool).await.unwrap();
        let rows: Vec<_> = listener.take().iter().map(|ran| ran.rows).collect();
        assert_eq!(rows, expected, "{}", query.to_sql());
        let found: Vec<_> = users.iter().map(|user| (user.id, ids!(user.orders()))).collect();
        assert_eq!(found, [(7, vec![3]), (8, vec![]), (9, vec![4]), (10, vec![])]);
    }
}

#[tokio::test]
async fn k13_a_path_that_comes_back_to_its_beginning_goes_on_from_there() {
    let world = stock::world().await;
    let none = (8, vec![]);
    let expected = [vec![(7, vec![1, 3, 5])], vec![none.clone(), none.clone(), none], vec![(9, vec![2, 4])], vec![]];
    for [addresses, user, orders] in mixtures() {
        let back = Address.user.under(user).with(User.orders.order_by(Order.id.asc()).under(orders));
        let load = User.addresses.order_by(Address.id.asc()).under(addresses).with(back);
        let query = User::query().order_by(User.id.asc()).with(load);
        let users = query.all(&world.pool).await.unwrap();
        let orders: Vec<Vec<(i32, Vec<i32>)>> = users
            .iter()
            .map(|user| {
                let behind = user.addresses().iter().filter_map(|address| address.user());
                behind.map(|user| (user.id, ids!(user.orders()))).collect()
            })
            .collect();
        assert_eq!(orders, expected, "{}", query.to_sql());
    }
}

/// Every order of every user is there, whatever is loaded below it.
async fn all_orders(
    world: &World,
    descending: bool,
    [orders, address, bounce]: [Strategy; 3],
) -> Vec<(i32, Vec<(i32, Option<i32>)>)> {
    let order = if descending { Order.id.desc() } else { Order.id.asc() };
    let address = Order.address.under(address).with(Address.bounce.under(bounce));
    let load = User.orders.order_by(order).under(orders).with(address);
    let users = User::query().order_by(User.id.asc()).with(load).all(&world.pool).await.unwrap();
    let orders = |user: &loaded!(User { orders { address { bounce } } })| {
        user.orders().iter().map(|order| (order.id, order.address().and_then(|at| at.bounce().bounces))).collect()
    };
    users.iter().map(|user| (user.id, orders(user))).collect()
}

#[tokio::test]
async fn l5_a_promised_row_below_an_optional_one_drops_nothing() {
    let world = stock::world().await;
    for strategies in mixtures() {
        let mut expected = vec![
            (7, vec![(1, Some(1)), (3, Some(1)), (5, None)]),
            (8, vec![]),
            (9, vec![(2, Some(0)), (4, Some(0))]),
            (10, vec![]),
        ];
        assert_eq!(all_orders(&world, false, strategies).await, expected, "{strategies:?}");
        expected.iter_mut().for_each(|(_, orders)| orders.reverse());
        assert_eq!(all_orders(&world, true, strategies).await, expected, "{strategies:?}");
    }
    // Nor does a filter along the same path, under an OR.
    let either = Order.address.bounce.bounces.eq(1) | Order.description.eq("order 5");
    let orders = Order::query().filter(either).order_by(Order.id.asc()).all(&world.pool).await.unwrap();
    assert_eq!(ids!(orders), [1, 3, 5]);
}
