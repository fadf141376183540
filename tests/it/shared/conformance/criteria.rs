//! Group M: conditions of loads, bound anew at each run.

use relata::prelude::*;

use crate::support::World;
use crate::support::stock::{self, Address, Graph, Order, OrderItem, User, ids};
use crate::support::twins::{Joined, SelectIn, Under, mixtures};

/// The addresses of all users, without those that the condition refuses.
fn without(refused: impl Fn(&str) -> bool) -> Graph {
    let mails = ["jack@bean.com", "ed@wood.com", "ed@bettyboop.com", "ed@lala.com", "fred@fred.com"];
    let keep = |ids: Vec<i32>| ids.into_iter().filter(|id| !refused(mails[*id as usize - 1])).collect();
    stock::user_addresses().into_iter().map(|(id, addresses)| (id, keep(addresses))).collect()
}

#[tokio::test]
async fn m1_x21_the_values_of_a_loads_condition_are_those_of_this_run() {
    let world = stock::world().await;
    for strategy in [SelectIn, Joined] {
        let mut texts = Vec::new();
        for mail in ["ed@wood.com", "ed@lala.com", "ed@wood.com", "ed@lala.com", "nobody"] {
            let load = User.addresses.filter(Address.email_address.ne(mail)).order_by(Address.id.asc());
            let query = User::query().order_by(User.id.asc()).with(load.under(strategy));
            let users = query.all(&world.pool).await.unwrap();
            let found: Graph = users.iter().map(|user| (user.id, ids!(user.addresses()))).collect();
            assert_eq!(found, without(|other| other == mail), "{mail}");
            texts.push(query.to_sql().to_string());
        }
        texts.dedup();
        assert_eq!(texts.len(), 1);
    }

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
    for (mails, strategy) in lists.into_iter().flat_map(|mails| [(mails, SelectIn), (mails, Joined)]) {
        let load = User.addresses.filter(Address.email_address.is_not_in(mails.iter().copied()));
        let query = User::query().order_by(User.id.asc()).with(load.order_by(Address.id.asc()).under(strategy));
        let users = query.all(&world.pool).await.unwrap();
        let found: Graph = users.iter().map(|user| (user.id, ids!(user.addresses()))).collect();
        assert_eq!(found, without(|other| mails.contains(&other)), "{mails:?}, {strategy:?}");
    }
}

#[tokio::test]
async fn m3_conditions_of_two_levels_are_those_of_this_run() {
    let world = stock::world().await;
    let values = [(3, 3), (3, 4), (3, 4), (5, 5), (1, 3), (1, 4)];
    for (order, item) in values {
        let mut expected = stock::user_orders();
        for (_, orders) in &mut expected {
            orders.retain(|(id, _)| *id == order);
            orders.iter_mut().for_each(|(_, items)| items.retain(|id| *id == item));
        }
        for [orders, lines, of_line] in mixtures() {
            let (order_name, item_name) = (format!("order {order}"), format!("item {item}"));
            let lines = Order.lines.filter(OrderItem.item.description.eq(item_name)).under(lines);
            let lines = lines.with(OrderItem.item.under(of_line));
            let load = User.orders.filter(Order.description.eq(order_name)).under(orders).with(lines);
            let query = User::query().order_by(User.id.asc()).with(load);
            let users = query.all(&world.pool).await.unwrap();
            let items = |order: &loaded!(Order { lines { item } })| {
                order.lines().iter().map(|line| line.item().id).collect::<Vec<i32>>()
            };
            let found: Vec<(i32, Graph)> = users
                .iter()
                .map(|user| (user.id, user.orders().iter().map(|order| (order.id, items(order))).collect()))
                .collect();
            assert_eq!(found, expected, "order {order}, item {item}\n{}", query.to_sql());
        }
    }
}

/// Fixture "Temporal": parents and children with a time each.
mod temporal {
    use std::time::SystemTime;

    use relata::prelude::*;

    #[derive(Entity, Debug, Clone, PartialEq)]
    #[entity(table = "parent")]
    #[has_many(children: Vec<Child>, by = parent_id, order_by = id)]
    pub struct Parent {
        #[key]
        pub id: i32,
        pub timestamp: SystemTime,
    }

    #[derive(Entity, Debug, Clone, PartialEq)]
    #[entity(table = "child")]
    #[belongs_to(parent: Parent, by = parent_id)]
    pub struct Child {
        #[key]
        pub id: i32,
        pub parent_id: i32,
        pub timestamp: SystemTime,
    }

    pub const SCRIPT: &str = "CREATE TABLE parent (id int PRIMARY KEY, timestamp timestamp NOT NULL);
        CREATE TABLE child (id int PRIMARY KEY, parent_id int NOT NULL REFERENCES parent, timestamp timestamp NOT NULL);
        INSERT INTO parent VALUES (1, '2009-10-15 12:00'), (2, '2009-10-17 12:00');
        INSERT INTO child VALUES (1, 1, '2009-10-15 12:00'), (2, 1, '2009-10-17 12:00'), (3, 1, '2009-10-20 12:00'),
            (4, 2, '2009-10-12 12:00'), (5, 2, '2009-10-17 12:00');";

    /// Noon of a day of that October.
    pub fn october(day: u64) -> SystemTime {
        let first = 1_254_398_400;
        SystemTime::UNIX_EPOCH + std::time::Duration::from_secs(first + 86_400 * (day - 1))
    }
}

#[tokio::test]
async fn m7_one_range_of_time_for_parents_and_children() {
    use temporal::{Child, Parent, october};
    let world = World::new(temporal::SCRIPT).await;
    for [children, parent] in mixtures() {
        // Each run has a range of its own, and the text is the same.
        let mut texts = Vec::new();
        let ranges = [
            (16, 18, vec![(2, vec![5])]),
            (15, 18, vec![(1, vec![1, 2]), (2, vec![5])]),
            (12, 16, vec![(1, vec![1])]),
            (1, 2, vec![]),
            (16, 18, vec![(2, vec![5])]),
        ];
        for (from, to, expected) in ranges {
            let own = Parent.timestamp.ge(october(from)) & Parent.timestamp.lt(october(to));
            let of_child = Child.timestamp.ge(october(from)) & Child.timestamp.lt(october(to));
            let load =
                Parent.children.filter(of_child).under(children).with(Child.parent.filter(own.clone()).under(parent));
            let query = Parent::query().filter(own).order_by(Parent.id.asc()).with(load);
            let parents = query.all(&world.pool).await.unwrap();
            let found: Graph = parents.iter().map(|parent| (parent.id, ids!(parent.children()))).collect();
            assert_eq!(found, expected, "{}", query.to_sql());
            assert!(parents.iter().flat_map(|parent| parent.children()).all(|child| child.parent().is_some()));
            texts.push(query.to_sql().to_string());
        }
        texts.dedup();
        assert_eq!(texts.len(), 1);
    }
}
