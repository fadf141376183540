//! Group D: the order of parents and that of children are two things.

use relata::prelude::*;

use crate::support::World;
use crate::support::stock::{self, Address, Graph, Order, OrderItem, User, ids};

async fn addresses(world: &World, order: relata::Order<Address>) -> Graph {
    let query = User::query().order_by(User.id.asc()).with(User.addresses.order_by(order));
    query.all(&world.pool).await.unwrap().iter().map(|user| (user.id, ids!(user.addresses()))).collect()
}

#[tokio::test]
async fn d1_children_follow_the_loads_order() {
    let world = stock::world().await;
    let expected = [(7, vec![1]), (8, vec![3, 4, 2]), (9, vec![5]), (10, vec![])];
    assert_eq!(addresses(&world, Address.email_address.asc()).await, expected);
}

#[tokio::test]
async fn d2_children_follow_several_columns_and_both_directions() {
    let world = stock::world().await;
    let expected = [(7, vec![1]), (8, vec![2, 4, 3]), (9, vec![5]), (10, vec![])];
    assert_eq!(addresses(&world, Address.email_address.desc()).await, expected);

    let load = User.orders.order_by(Order.isopen.asc()).order_by(Order.id.desc());
    let users = User::query().order_by(User.name.desc()).with(load).all(&world.pool).await.unwrap();
    let found: Graph = users.iter().map(|user| (user.id, ids!(user.orders()))).collect();
    assert_eq!(found, [(7, vec![5, 1, 3]), (9, vec![2, 4]), (8, vec![]), (10, vec![])]);
}

#[tokio::test]
async fn d3_parents_follow_a_column_of_another_table_and_children_their_own_order() {
    let world = stock::world().await;
    let orders = Order::query()
        .order_by(Order.address.email_address.desc().nulls_last())
        .order_by(Order.id.asc())
        .with(Order.lines.order_by(OrderItem.item.description.desc()))
        .with(Order.address)
        .all(&world.pool)
        .await
        .unwrap();
    let found: Graph =
        orders.iter().map(|order| (order.id, order.lines().iter().map(|line| line.item_id).collect())).collect();
    let expected = [(1, vec![3, 2, 1]), (3, vec![5, 4, 3]), (2, vec![3, 2, 1]), (4, vec![5, 1]), (5, vec![5])];
    assert_eq!(found, expected);
    assert_eq!(
        orders.iter().map(|order| order.address().map(|row| row.id)).collect::<Vec<_>>(),
        [Some(1), Some(1), Some(4), Some(4), None]
    );
}

#[tokio::test]
async fn d11_every_level_keeps_its_own_order() {
    let world = stock::world().await;
    let lines = Order.lines.order_by(OrderItem.item_id.desc()).with(OrderItem.item);
    let users = User::query()
        .order_by(User.id.desc())
        .with(User.addresses.order_by(Address.id.desc()))
        .with(User.orders.order_by(Order.id.desc()).with(lines))
        .all(&world.pool)
        .await
        .unwrap();
    let mut expected = stock::user_all();
    expected.reverse();
    for (_, addresses, orders) in &mut expected {
        addresses.reverse();
        orders.reverse();
        orders.iter_mut().for_each(|(_, items)| items.reverse());
    }
    assert_eq!(stock::graph_of(&users), expected);
}

#[tokio::test]
async fn d13_each_query_orders_a_relation_in_its_own_way() {
    let world = stock::world().await;
    let mut found = Vec::new();
    for order in [Address.id.asc(), Address.email_address.asc(), Address.id.desc(), Address.dingaling.id.asc()] {
        found.push(addresses(&world, order).await.swap_remove(1).1);
    }
    assert_eq!(found[..3], [vec![2, 3, 4], vec![3, 4, 2], vec![4, 3, 2]]);
    assert_eq!(found[3][0], 2, "NULLs come last");
}
