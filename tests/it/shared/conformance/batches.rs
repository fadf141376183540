//! Group F: any number of keys travels in one statement, and none where there are none.

use relata::prelude::*;

use crate::support::World;
use crate::support::stock::{self, Address, Node, Order, User, ids};
use crate::support::trace::listen;
use crate::support::twins::{Joined, SelectIn, Strategy, Under, mixtures};

#[derive(Entity, Debug, Clone, PartialEq)]
#[entity(table = "a")]
#[has_many(bs: Vec<B>, by = a_id)]
struct A {
    #[key]
    id: i32,
}

#[derive(Entity, Debug, Clone, PartialEq)]
#[entity(table = "b")]
#[belongs_to(a: A, by = a_id)]
struct B {
    #[key]
    id: i32,
    a_id: i32,
}

/// So many parents with five children each, as fixture 5.4 numbers them.
async fn world(parents: i32) -> World {
    let script = format!(
        "CREATE TABLE a (id int PRIMARY KEY); CREATE TABLE b (id int PRIMARY KEY, a_id int NOT NULL REFERENCES a);
        INSERT INTO a SELECT generate_series(1, {parents});
        INSERT INTO b SELECT 6 * i + j, i FROM generate_series(1, {parents}) AS i, generate_series(1, 5) AS j;"
    );
    World::new(&script).await
}

async fn loads_whole(world: &World, parents: i32) {
    let listener = listen();
    // As many children as there are, and the first three of each parent, both ways.
    for (limit, window, each) in [(None, false, 5), (Some(3), false, 3), (Some(3), true, 3)] {
        for (strategy, statements) in [(SelectIn, 2), (Joined, 1)] {
            let mut load = A.bs.order_by(B.id.asc()).under(strategy);
            load = limit.map_or(load.clone(), |limit| load.limit(limit));
            load = if window { load.window() } else { load };
            let query = A::query().order_by(A.id.asc()).limit(parents as u64).with(load);
            let all = query.all(&world.pool).await.unwrap();
            assert_eq!(listener.take().len(), statements);
            let found: Vec<(i32, Vec<i32>)> = all.iter().map(|a| (a.id, ids!(a.bs()))).collect();
            let expected = (1..=parents).map(|i| (i, (6 * i + 1..6 * i + 1 + each).collect()));
            assert_eq!(found, expected.collect::<Vec<_>>(), "{}", query.to_sql());
        }
    }
}

#[tokio::test]
async fn f1_one_statement_serves_any_number_of_keys() {
    let world = world(100).await;
    for parents in [1, 2, 47, 48, 99, 100] {
        loads_whole(&world, parents).await;
    }
}

#[tokio::test]
async fn f3_a_key_that_many_parents_have_is_sent_once() {
    let world = world(100).await;
    let listener = listen();
    for (strategy, expected) in [(SelectIn, &[Some(500), Some(100)][..]), (Joined, &[Some(500)])] {
        let all = B::query().order_by(B.id.asc()).with(B.a.under(strategy)).all(&world.pool).await.unwrap();
        assert_eq!(listener.take().iter().map(|ran| ran.rows).collect::<Vec<_>>(), expected);
        assert_eq!(all.len(), 500);
        assert!(all.iter().all(|b| b.a().id == b.a_id));
    }
}

#[tokio::test]
async fn f8_a_root_without_rows_is_one_statement() {
    let world = stock::world().await;
    let listener = listen();
    let users = stock::whole().filter(User.id.lt(0)).all(&world.pool).await.unwrap();
    assert!(users.is_empty());
    assert_eq!(listener.take().len(), 1);
    for [addresses, orders, items] in mixtures() {
        let orders = User.orders.under(orders).with(Order.items.limit(2).under(items));
        let query = User::query().filter(User.id.lt(0)).with(User.addresses.under(addresses)).with(orders);
        assert!(query.all(&world.pool).await.unwrap().is_empty());
        assert_eq!(listener.take().len(), 1);
    }
}

#[tokio::test]
async fn f14_round_numbers_of_keys_have_no_empty_statement_after_them() {
    let world = world(1001).await;
    for parents in [499, 500, 501, 999, 1000, 1001] {
        loads_whole(&world, parents).await;
    }
}

#[tokio::test]
async fn f15_the_same_text_with_other_values_asks_for_other_rows() {
    let world = stock::world().await;
    let query = |ids: [i32; 2], limit: u64, strategy: Strategy| {
        let users = User::query().filter(User.id.is_in(ids)).order_by(User.id.asc());
        users.with(User.addresses.order_by(Address.id.asc()).limit(limit).under(strategy))
    };
    for [strategy] in mixtures() {
        assert_eq!(query([7, 8], 9, strategy).to_sql().to_string(), query([9, 10], 2, strategy).to_sql().to_string());
        for limit in [9, 2, 1] {
            let mut found = Vec::new();
            for ids in [[7, 8], [9, 10], [8, 9]] {
                let users = query(ids, limit, strategy).all(&world.pool).await.unwrap();
                found.push(users.iter().map(|user| (user.id, ids!(user.addresses()))).collect::<Vec<_>>());
            }
            let mut all = stock::user_addresses();
            all.iter_mut().for_each(|(_, addresses)| addresses.truncate(limit as usize));
            assert_eq!(found, [&all[..2], &all[2..], &all[1..3]]);
        }
    }
}

#[tokio::test]
async fn f16_a_query_that_is_built_anew_is_the_same_query() {
    let world = stock::tree().await;
    for [parent, above, children, below] in mixtures() {
        let mut texts = Vec::new();
        for _ in 0..3 {
            let query = Node::query()
                .filter(Node.parent.parent.data.eq("n1") | Node.children.children.any(Node.data.eq("n122")))
                .order_by(Node.id.asc())
                .with(Node.parent.under(parent).with(Node.parent.under(above)))
                .with(Node.children.under(children).with(Node.children.under(below)));
            let listener = listen();
            let nodes = query.all(&world.pool).await.unwrap();
            let mut ran: Vec<String> = listener.take().into_iter().map(|ran| ran.sql).collect();
            ran.sort();
            texts.push(ran);
            assert_eq!(ids!(nodes), [1, 5, 6, 7]);
            let above = nodes[1].parent().and_then(|parent| parent.parent()).map(|above| above.id);
            assert_eq!((above, nodes[0].children().len()), (Some(1), 3));
        }
        assert!(texts[0] == texts[1] && texts[1] == texts[2]);
    }
}
