//! Group M: conditions of loads, bound anew at each run.

use relata::prelude::*;

use crate::support::stock::{self, Address, Graph, Order, OrderItem, User, ids};

/// The addresses of all users, without those that the condition refuses.
fn without(refused: impl Fn(&str) -> bool) -> Graph {
    let mails = ["jack@bean.com", "ed@wood.com", "ed@bettyboop.com", "ed@lala.com", "fred@fred.com"];
    let keep = |ids: Vec<i32>| ids.into_iter().filter(|id| !refused(mails[*id as usize - 1])).collect();
    stock::user_addresses().into_iter().map(|(id, addresses)| (id, keep(addresses))).collect()
}

#[tokio::test]
async fn m1_x21_the_values_of_a_loads_condition_are_those_of_this_run() {
    let world = stock::world().await;
    let mut texts = Vec::new();
    for mail in ["ed@wood.com", "ed@lala.com", "ed@wood.com", "ed@lala.com", "nobody"] {
        let load = User.addresses.filter(Address.email_address.ne(mail)).order_by(Address.id.asc());
        let query = User::query().order_by(User.id.asc()).with(load);
        let users = query.all(&world.pool).await.unwrap();
        let found: Graph = users.iter().map(|user| (user.id, ids!(user.addresses()))).collect();
        assert_eq!(found, without(|other| other == mail), "{mail}");
        texts.push(query.to_sql().text().to_owned());
    }
    texts.dedup();
    assert_eq!(texts.len(), 1);

    // Two runs at once on one connection have a value each.
    let client = world.client().await;
    let of = |id: i32| User::query().filter(User.id.eq(id)).with(User.addresses.order_by(Address.id.asc()));
    let (ed, fred) = (of(8), of(9));
    let (ed, fred) = tokio::join!(ed.one(&client), fred.one(&client));
    assert_eq!((ids!(ed.unwrap().addresses()), ids!(fred.unwrap().addresses())), (vec![2, 3, 4], vec![5]));
}

#[tokio::test]
async fn m2_a_list_in_a_loads_condition_is_that_of_this_run() {
    let world = stock::world().await;
    let lists: [&[&str]; 4] = [&["ed@wood.com", "jack@bean.com"], &["ed@lala.com"], &[], &["fred@fred.com", "x", "x"]];
    for mails in lists {
        let load = User.addresses.filter(Address.email_address.is_not_in(mails.iter().copied()));
        let query = User::query().order_by(User.id.asc()).with(load.order_by(Address.id.asc()));
        let users = query.all(&world.pool).await.unwrap();
        let found: Graph = users.iter().map(|user| (user.id, ids!(user.addresses()))).collect();
        assert_eq!(found, without(|other| mails.contains(&other)), "{mails:?}");
    }
}

#[tokio::test]
async fn m3_conditions_of_two_levels_are_those_of_this_run() {
    let world = stock::world().await;
    let values = [(3, 3), (3, 4), (3, 4), (5, 5), (1, 3), (1, 4)];
    for (order, item) in values {
        let (order_name, item_name) = (format!("order {order}"), format!("item {item}"));
        let lines = Order.lines.filter(OrderItem.item.description.eq(item_name)).with(OrderItem.item);
        let load = User.orders.filter(Order.description.eq(order_name)).with(lines);
        let users = User::query().order_by(User.id.asc()).with(load).all(&world.pool).await.unwrap();
        let mut expected = stock::user_orders();
        for (_, orders) in &mut expected {
            orders.retain(|(id, _)| *id == order);
            orders.iter_mut().for_each(|(_, items)| items.retain(|id| *id == item));
        }
        let items = |order: &loaded!(Order { lines { item } })| {
            order.lines().iter().map(|line| line.item().id).collect::<Vec<i32>>()
        };
        let found: Vec<(i32, Graph)> = users
            .iter()
            .map(|user| (user.id, user.orders().iter().map(|order| (order.id, items(order))).collect()))
            .collect();
        assert_eq!(found, expected, "order {order}, item {item}");
    }
}
