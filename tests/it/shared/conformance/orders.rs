//! Group D: the order of parents and that of children are two things.

use relata::prelude::*;

use crate::support::World;
use crate::support::stock::{self, Address, Graph, Item, Order, OrderItem, User, ids};
use crate::support::twins::{Strategy, Under, mixtures};

async fn addresses(world: &World, order: relata::Order<Address>, strategy: Strategy) -> Graph {
    let query = User::query().order_by(User.id.asc()).with(User.addresses.order_by(order).under(strategy));
    query.all(&world.pool).await.unwrap().iter().map(|user| (user.id, ids!(user.addresses()))).collect()
}

#[tokio::test]
async fn d1_children_follow_the_loads_order() {
    let world = stock::world().await;
    let expected = [(7, vec![1]), (8, vec![3, 4, 2]), (9, vec![5]), (10, vec![])];
    for [strategy] in mixtures() {
        assert_eq!(addresses(&world, Address.email_address.asc(), strategy).await, expected);
    }
}

#[tokio::test]
async fn d2_children_follow_several_columns_and_both_directions() {
    let world = stock::world().await;
    let expected = [(7, vec![1]), (8, vec![2, 4, 3]), (9, vec![5]), (10, vec![])];
    for [strategy] in mixtures() {
        assert_eq!(addresses(&world, Address.email_address.desc(), strategy).await, expected);

        let load = User.orders.order_by(Order.isopen.asc()).order_by(Order.id.desc()).under(strategy);
        let users = User::query().order_by(User.name.desc()).with(load).all(&world.pool).await.unwrap();
        let found: Graph = users.iter().map(|user| (user.id, ids!(user.orders()))).collect();
        assert_eq!(found, [(7, vec![5, 1, 3]), (9, vec![2, 4]), (8, vec![]), (10, vec![])]);
    }
}

#[tokio::test]
async fn d3_parents_follow_a_column_of_another_table_and_children_their_own_order() {
    let world = stock::world().await;
    let lines = Order.lines.order_by(OrderItem.item.description.desc());
    for [line, address] in mixtures() {
        let query = Order::query()
            .order_by(Order.address.email_address.desc().nulls_last())
            .order_by(Order.id.asc())
            .with(Order.address.under(address));
        for load in [lines.clone(), lines.clone().limit(9), lines.clone().limit(9).window()] {
            let query = query.clone().with(load.under(line));
            for (query, rows) in [(query.clone(), 5), (query.limit(3), 3)] {
                let orders = query.all(&world.pool).await.unwrap();
                let items =
                    |order: &loaded!(Order { lines, address })| order.lines().iter().map(|line| line.item_id).collect();
                let found: Graph = orders.iter().map(|order| (order.id, items(order))).collect();
                let expected =
                    [(1, vec![3, 2, 1]), (3, vec![5, 4, 3]), (2, vec![3, 2, 1]), (4, vec![5, 1]), (5, vec![5])];
                assert_eq!(found, expected[..rows]);
                let found: Vec<_> = orders.iter().map(|order| order.address().map(|row| row.id)).collect();
                assert_eq!(found, [Some(1), Some(1), Some(4), Some(4), None][..rows]);
            }
        }
    }
}

#[tokio::test]
async fn d11_every_level_keeps_its_own_order() {
    let world = stock::world().await;
    let mut expected = stock::user_all();
    expected.reverse();
    for (_, addresses, orders) in &mut expected {
        addresses.reverse();
        orders.reverse();
        orders.iter_mut().for_each(|(_, items)| items.reverse());
    }
    for [addresses, orders, lines, item] in mixtures() {
        let lines = Order.lines.order_by(OrderItem.item_id.desc()).under(lines).with(OrderItem.item.under(item));
        let query = User::query()
            .order_by(User.id.desc())
            .with(User.addresses.order_by(Address.id.desc()).under(addresses))
            .with(User.orders.order_by(Order.id.desc()).under(orders).with(lines));
        let users = query.clone().all(&world.pool).await.unwrap();
        assert_eq!(stock::graph_of(&users), expected);
        let page = query.limit(2).offset(1).all(&world.pool).await.unwrap();
        assert_eq!(stock::graph_of(&page), expected[1..3]);
    }
}

#[tokio::test]
async fn d13_each_query_orders_a_relation_in_its_own_way() {
    let world = stock::world().await;
    for [strategy] in mixtures() {
        let mut found = Vec::new();
        for order in [Address.id.asc(), Address.email_address.asc(), Address.id.desc(), Address.dingaling.id.asc()] {
            found.push(addresses(&world, order, strategy).await.swap_remove(1).1);
        }
        assert_eq!(found[..3], [vec![2, 3, 4], vec![3, 4, 2], vec![4, 3, 2]]);
        assert_eq!(found[3][0], 2, "NULLs come last");
    }
}

#[tokio::test]
async fn d5_an_order_of_children_is_none_of_their_parents() {
    let world = stock::world().await;
    let expected = [(7, vec![1]), (8, vec![2, 4, 3]), (9, vec![5]), (10, vec![])];
    for [addresses, orders, items] in mixtures() {
        let orders = User.orders.order_by(Order.isopen.desc()).order_by(Order.id.desc()).under(orders);
        let query = User::query()
            .with(User.addresses.order_by(Address.email_address.desc()).under(addresses))
            .with(orders.with(Order.items.order_by(Item.id.desc()).under(items)));
        // Without an order of their own the parents come in any, each of them once and whole.
        let mut users = query.clone().all(&world.pool).await.unwrap();
        users.sort_by_key(|user| user.id);
        let found: Graph = users.iter().map(|user| (user.id, ids!(user.addresses()))).collect();
        assert_eq!(found, expected, "{}", query.to_sql());
        let orders = |user: &stock::All| user.orders().iter().map(|order| (order.id, ids!(order.items()))).collect();
        let found: Vec<Graph> = users.iter().map(orders).collect();
        let jack = vec![(3, vec![5, 4, 3]), (5, vec![5]), (1, vec![3, 2, 1])];
        assert_eq!(found, [jack, vec![], vec![(4, vec![5, 1]), (2, vec![3, 2, 1])], vec![]], "{}", query.to_sql());
    }
}

#[tokio::test]
async fn d6_ties_of_parents_are_not_broken_by_their_children() {
    let world = stock::world().await;
    let items = |order: &loaded!(Order { items })| (order.id, ids!(order.items()));
    let expected = [(1, vec![3, 2, 1]), (2, vec![3, 2, 1]), (5, vec![5]), (3, vec![5, 4, 3]), (4, vec![5, 1])];
    for [strategy] in mixtures() {
        let query =
            Order::query().order_by(Order.isopen.asc()).with(Order.items.order_by(Item.id.desc()).under(strategy));
        let mut orders = query.clone().all(&world.pool).await.unwrap();
        assert!(orders.windows(2).all(|pair| pair[0].isopen <= pair[1].isopen), "{}", query.to_sql());
        orders.sort_by_key(|order| (order.isopen, order.id));
        assert_eq!(orders.iter().map(items).collect::<Graph>(), expected);
        // Where parents are counted off, the key breaks the ties, whatever is joined to them.
        for (offset, limit) in [(0, 5), (0, 2), (1, 2), (2, 9), (3, 1)] {
            let page = query.clone().offset(offset).limit(limit).all(&world.pool).await.unwrap();
            let found: Graph = page.iter().map(items).collect();
            let expected: Graph = expected.iter().skip(offset as usize).take(limit as usize).cloned().collect();
            assert_eq!(found, expected, "{offset}, {limit}\n{}", query.to_sql());
        }
    }
}
