//! Group C: keys that are NULL, that dangle, or of which a part is NULL.

use relata::ErrorKind;
use relata::prelude::*;

use crate::support::World;
use crate::support::stock::{self, Address, EmailBounce, Node, Order, User, ids};
use crate::support::trace::listen;
use crate::support::twins::{Under, mixtures};

#[tokio::test]
async fn c1_a_null_key_among_others_leads_to_none() {
    let world = stock::world().await;
    for [strategy] in mixtures() {
        let query = Order::query().filter(Order.id.ge(4)).order_by(Order.id.asc()).with(Order.address.under(strategy));
        let orders = query.all(&world.pool).await.unwrap();
        let found: Vec<_> = orders.iter().map(|order| (order.id, order.address().map(|address| address.id))).collect();
        assert_eq!(found, stock::ORDER_ADDRESS[3..]);
    }
}

#[tokio::test]
async fn c3_a_parent_without_children_has_an_empty_list() {
    let world = stock::world().await;
    for [addresses, orders] in mixtures() {
        let load = User.addresses.order_by(Address.id.asc()).under(addresses);
        let query = User::query().order_by(User.id.asc()).with(load).with(User.orders.under(orders));
        let users = query.all(&world.pool).await.unwrap();
        let addresses: Vec<_> = users.iter().map(|user| (user.id, ids!(user.addresses()))).collect();
        assert_eq!(addresses, stock::user_addresses());
        assert_eq!(users.iter().map(|user| user.orders().len()).collect::<Vec<_>>(), [3, 0, 2, 0]);
    }
}

/// Without a foreign key constraint: a target may be missing.
mod loose {
    use relata::prelude::*;

    #[derive(Entity, Debug, Clone, PartialEq)]
    #[entity(table = "a")]
    #[belongs_to(b: Option<B>, by = b_id)]
    pub struct A {
        #[key]
        pub id: i32,
        pub b_id: Option<i32>,
    }

    /// The same table, with the promise that a row is there.
    #[derive(Entity, Debug, Clone, PartialEq)]
    #[entity(table = "a")]
    #[belongs_to(b: B, by = b_id)]
    pub struct Promised {
        #[key]
        pub id: i32,
        pub b_id: i32,
    }

    #[derive(Entity, Debug, Clone, PartialEq)]
    #[entity(table = "b")]
    pub struct B {
        #[key]
        pub id: i32,
        pub x: i32,
        pub y: i32,
    }
}

const LOOSE: &str = "CREATE TABLE b (id int PRIMARY KEY, x int NOT NULL, y int NOT NULL);
    CREATE TABLE a (id int PRIMARY KEY, b_id int);
    INSERT INTO b VALUES (1, 5, 9), (2, 10, 8);";

#[tokio::test]
async fn c4_a_dangling_key_leads_to_none_and_where_a_row_is_promised_it_is_a_missing_target() {
    use loose::{A, B, Promised};
    let world = World::new(&format!("{LOOSE} INSERT INTO a VALUES (1, 1), (2, 5), (3, 2), (4, NULL);")).await;
    for [strategy] in mixtures() {
        let all = A::query().order_by(A.id.asc()).with(A.b.under(strategy)).all(&world.pool).await.unwrap();
        let found: Vec<Option<B>> = all.iter().map(|a| a.b().cloned()).collect();
        assert_eq!(found, [Some(B { id: 1, x: 5, y: 9 }), None, Some(B { id: 2, x: 10, y: 8 }), None]);

        let query = Promised::query().filter(Promised.id.le(3)).order_by(Promised.id.asc());
        let error = query.with(Promised.b.under(strategy)).all(&world.pool).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::MissingTarget);
        assert_eq!(error.to_string(), "Promised.b: the relation promises a row, and there is none with key 5");
    }
}

#[tokio::test]
async fn c5_a_missing_row_and_a_null_key_side_by_side() {
    use loose::A;
    let world = World::new(&format!("{LOOSE} INSERT INTO a VALUES (1, 1), (2, 42), (3, NULL);")).await;
    let listener = listen();
    for ([strategy], statements) in mixtures().into_iter().zip([2, 1]) {
        let all = A::query().order_by(A.id.asc()).with(A.b.under(strategy)).all(&world.pool).await.unwrap();
        assert_eq!(all.iter().map(|a| a.b().map(|b| b.id)).collect::<Vec<_>>(), [Some(1), None, None]);
        assert_eq!(listener.take().len(), statements);
    }
}

#[tokio::test]
async fn c7_an_address_of_nobody_asks_for_no_user() {
    let world = stock::world().await;
    world.execute("INSERT INTO addresses VALUES (6, NULL, 'no@body.com')").await;
    let listener = listen();
    for [user, orders] in mixtures() {
        let load = Address.user.under(user).with(User.orders.under(orders));
        let address = Address::find(6).with(load).one(&world.pool).await.unwrap();
        assert!(address.user().is_none());
        assert_eq!(listener.take().len(), 1);
    }
}

#[tokio::test]
async fn c10_when_all_keys_are_null_no_second_statement_is_sent() {
    let world = stock::world().await;
    world.execute("UPDATE orders SET address_id = NULL").await;
    let listener = listen();
    for [address, user] in mixtures() {
        let load = Order.address.under(address).with(Address.user.under(user));
        let orders = Order::query().with(load).all(&world.pool).await.unwrap();
        assert_eq!(orders.iter().filter(|order| order.address().is_none()).count(), 5);
        assert_eq!(listener.take().len(), 1);
    }
}

#[tokio::test]
async fn c11_no_parent_is_none_also_where_the_row_is_another_ones_parent() {
    let world = stock::world().await;
    world.execute("INSERT INTO nodes VALUES (1, NULL), (2, 2), (4, NULL), (3, 4)").await;
    for [parent, above] in mixtures() {
        for (ids, expected) in [([1, 2], [None, Some(2)]), ([3, 4], [Some(4), None])] {
            let query =
                Node::query().filter(Node.id.is_in(ids)).order_by(Node.id.asc()).with(Node.parent.under(parent));
            let nodes = query.all(&world.pool).await.unwrap();
            assert_eq!(nodes.iter().map(|node| node.parent().map(|parent| parent.id)).collect::<Vec<_>>(), expected);
        }
        // All four at once: 4 stands there as a root and as the parent of 3.
        let query = Node::query().order_by(Node.id.asc());
        let load = Node.parent.under(parent).with(Node.parent.under(above));
        let nodes = query.with(load).all(&world.pool).await.unwrap();
        let chains: Vec<Option<(i32, Option<i32>)>> = nodes
            .iter()
            .map(|node| node.parent().map(|parent| (parent.id, parent.parent().map(|above| above.id))))
            .collect();
        assert_eq!(chains, [None, Some((2, Some(2))), Some((4, None)), None]);
    }
}

#[tokio::test]
async fn c15_a_has_one_without_a_row_is_none() {
    let world = stock::world().await;
    for [dingaling, bounce] in mixtures() {
        let query = Address::query().order_by(Address.id.asc()).with(Address.dingaling.under(dingaling));
        let addresses = query.with(Address.bounce.under(bounce)).all(&world.pool).await.unwrap();
        let found: Vec<_> = addresses.iter().map(|row| (row.id, row.dingaling().map(|ding| ding.id))).collect();
        assert_eq!(found, stock::ADDRESS_DINGALING);
        let bounces: Vec<_> = addresses.iter().map(|row| row.bounce().bounces).collect();
        assert_eq!(bounces, [Some(1), Some(0), Some(5), Some(0), Some(0)]);
    }
}

#[tokio::test]
async fn c16_a_target_that_fails_the_loads_condition_is_none() {
    let world = stock::world().await;
    for [strategy] in mixtures() {
        let load = Order.address.filter(Address.id.ne(4)).under(strategy);
        for query in [Order::query().order_by(Order.id.asc()), Order::query().limit(5)] {
            let orders = query.with(load.clone()).all(&world.pool).await.unwrap();
            let found: Vec<_> = orders.iter().map(|order| order.address().map(|address| address.id)).collect();
            assert_eq!(found, [Some(1), None, Some(1), None, None]);
        }
        // A promised target becomes an `Option` by the filter, so that none is missing.
        let bounced = Address.bounce.filter(EmailBounce.bounces.gt(0)).under(strategy);
        let addresses = Address::query().order_by(Address.id.asc()).with(bounced).all(&world.pool).await.unwrap();
        let found: Vec<_> =
            addresses.iter().map(|address| address.bounce().and_then(|bounce| bounce.bounces)).collect();
        assert_eq!(found, [Some(1), None, Some(5), None, None]);
    }
}
