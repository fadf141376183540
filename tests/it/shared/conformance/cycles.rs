//! Group I: relations of a table to itself, and loads that come back to where they began.

use relata::prelude::*;

use crate::support::World;
use crate::support::stock::{self, Address, Node, User, ids};
use crate::support::trace::listen;
use crate::support::twins::{Joined, SelectIn, Under, mixtures};

#[tokio::test]
async fn i2_three_levels_of_a_tree() {
    let world = stock::tree().await;
    let below = Node.children.order_by(Node.id.asc());
    let query = Node::query()
        .filter(Node.parent_id.is_null())
        .with(below.clone().with(below.clone().with(below)))
        .order_by(Node.id.asc());
    let listener = listen();
    let roots = query.all(&world.pool).await.unwrap();
    assert_eq!(listener.take().len(), 4);
    assert_eq!(ids!(roots), [1]);
    let found: Vec<_> = roots[0].children().iter().map(|node| (node.id, ids!(node.children()))).collect();
    assert_eq!(found, [(2, vec![]), (3, vec![5, 6, 7]), (4, vec![])]);
    let leaves = roots[0].children()[1].children();
    assert!(leaves.iter().all(|leaf| leaf.children().is_empty()));
    assert_eq!(leaves[2].data.as_deref(), Some("n123"));
}

#[tokio::test]
async fn i4_first_with_two_levels_of_a_tree() {
    let world = stock::tree().await;
    for strategies @ [one, two] in mixtures() {
        let below = || Node.children.order_by(Node.id.asc());
        let query = Node::query().order_by(Node.id.asc()).with(below().under(one).with(below().under(two)));
        let listener = listen();
        let first = query.first(&world.pool).await.unwrap().unwrap();
        let apart = strategies.iter().filter(|strategy| **strategy == SelectIn).count();
        assert_eq!(listener.take().len(), 1 + apart);
        let found: Vec<_> = first.children().iter().map(|node| (node.id, ids!(node.children()))).collect();
        assert_eq!((first.id, found), (1, vec![(2, vec![]), (3, vec![5, 6, 7]), (4, vec![])]), "{}", query.to_sql());
    }
}

/// A load of a chain so many levels deep, and what reads it: one level for each token.
macro_rules! chain {
    (load $strategy:expr;) => { Node.children.under($strategy) };
    (load $strategy:expr; $level:tt $($more:tt)*) => {
        Node.children.under($strategy).with(chain!(load $strategy; $($more)*))
    };
    (read $node:expr;) => { $node.children()[0].id };
    (read $node:expr; $level:tt $($more:tt)*) => { chain!(read $node.children()[0]; $($more)*) };
}

#[tokio::test]
async fn i9_twenty_levels_of_a_chain() {
    let world = stock::world().await;
    world.execute("INSERT INTO nodes SELECT id, nullif(id - 1, 0) FROM generate_series(1, 200) AS id").await;
    for (strategy, statements) in [(SelectIn, 21), (Joined, 1)] {
        let query = Node::find(1).with(chain!(load strategy; x x x x x x x x x x x x x x x x x x x));
        assert_eq!((query.plan().statements(), query.plan().round_trips()), (statements, statements));
        let listener = listen();
        let root = query.one(&world.pool).await.unwrap();
        assert_eq!(listener.take().len(), statements);
        assert_eq!(chain!(read root; x x x x x x x x x x x x x x x x x x x), 21);
    }
}

#[tokio::test]
async fn i13_there_and_back_again() {
    let world = stock::world().await;
    for [addresses, user] in mixtures() {
        let load = User.addresses.order_by(Address.id.asc()).under(addresses).with(Address.user.under(user));
        let users = User::query().order_by(User.id.asc()).with(load).all(&world.pool).await.unwrap();
        let found: Vec<_> = users.iter().map(|user| (user.id, ids!(user.addresses()))).collect();
        assert_eq!(found, stock::user_addresses());
        for user in &users {
            let plain = User { id: user.id, name: user.name.clone() };
            assert!(user.addresses().iter().all(|address| address.user() == Some(&plain)));
        }
    }
}

mod mixed {
    use relata::prelude::*;

    #[derive(Entity, Debug, Clone, PartialEq)]
    #[entity(table = "a_table")]
    pub struct A {
        #[key]
        pub id: i32,
    }

    #[derive(Entity, Debug, Clone, PartialEq)]
    #[entity(table = "b_table")]
    #[belongs_to(a: Option<A>, by = parent_a_id)]
    #[belongs_to(b1: Option<B>, by = parent_b1_id)]
    #[belongs_to(b2: Option<B>, by = parent_b2_id)]
    pub struct B {
        #[key]
        pub id: i32,
        pub parent_a_id: Option<i32>,
        pub parent_b1_id: Option<i32>,
        pub parent_b2_id: Option<i32>,
    }

    pub const SCRIPT: &str = "CREATE TABLE a_table (id int PRIMARY KEY);
        CREATE TABLE b_table (id int PRIMARY KEY, parent_a_id int REFERENCES a_table,
            parent_b1_id int REFERENCES b_table, parent_b2_id int REFERENCES b_table);
        INSERT INTO a_table VALUES (1), (2), (3);
        INSERT INTO b_table VALUES (1, 2, NULL, NULL), (2, 1, 1, NULL), (3, 1, 1, 2), (4, 3, 1, NULL), (5, 3, NULL, 2),
            (6, 1, 1, 3), (7, 2, NULL, 3), (8, 2, 1, 2), (9, NULL, 1, NULL), (10, 3, 7, 2), (11, 3, 1, 8), (12, 2, 5, 2),
            (13, 3, 4, 4), (14, 3, 7, 2);";
}

#[tokio::test]
async fn i14_two_relations_to_itself_side_by_side() {
    use mixed::B;
    let world = World::new(mixed::SCRIPT).await;
    let plain = B::query().order_by(B.id.asc()).all(&world.pool).await.unwrap();
    let row = |id: Option<i32>| id.and_then(|id| plain.iter().find(|row| row.id == id));
    for [a, b1, b2, b2_of_b1, b1_of_b2, a_of_b2] in mixtures() {
        let query = B::query()
            .order_by(B.id.asc())
            .with(B.b1.under(b1).with(B.b2.under(b2_of_b1)))
            .with(B.b2.under(b2).with(B.b1.under(b1_of_b2)).with(B.a.under(a_of_b2)))
            .with(B.a.under(a));
        let rows = query.all(&world.pool).await.unwrap();
        assert_eq!(ids!(rows), (1..=14).collect::<Vec<i32>>());
        for b in &rows {
            assert_eq!(b.a().map(|a| a.id), b.parent_a_id, "{}", query.to_sql());
            let (b1, b2) = (row(b.parent_b1_id), row(b.parent_b2_id));
            let found = b.b1().map(|b1| (b1.id, b1.b2().map(|b2| b2.id)));
            assert_eq!(found, b1.map(|b1| (b1.id, b1.parent_b2_id)), "{}", query.to_sql());
            let found = b.b2().map(|b2| (b2.id, b2.b1().map(|b1| b1.id), b2.a().map(|a| a.id)));
            assert_eq!(found, b2.map(|b2| (b2.id, b2.parent_b1_id, b2.parent_a_id)), "{}", query.to_sql());
        }
        let shape =
            |at: usize| (rows[at].b1().map(|b1| b1.id), rows[at].b2().map(|b2| b2.id), rows[at].a().map(|a| a.id));
        assert_eq!(
            [shape(1), shape(7), shape(10)],
            [(Some(1), None, Some(1)), (Some(1), Some(2), Some(2)), (Some(1), Some(8), Some(3)),]
        );
    }

    // Each of the two has an alias of its own in a filter, and in a filter behind it.
    let both = B.b1.parent_a_id.eq(2) & B.b2.parent_a_id.eq(1) & B.b2.b1.id.eq(1) & B.b1.b1.id.is_null();
    let ids = ids!(B::query().filter(both).order_by(B.id.asc()).all(&world.pool).await.unwrap());
    assert_eq!(ids, [3, 6, 8, 10, 14]);
}

#[tokio::test]
async fn i19_conditions_across_a_relation_to_itself() {
    let world = stock::tree().await;
    let names = async |condition: Predicate<Node>| {
        let found = Node::query().filter(condition).order_by(Node.id.asc()).all(&world.pool).await.unwrap();
        found.into_iter().filter_map(|node| node.data).collect::<Vec<String>>()
    };
    assert_eq!(names(Node.children.any(Node.data.eq("n12"))).await, ["n1"]);
    assert_eq!(names(Node.children.none(Predicate::always())).await, ["n11", "n13", "n121", "n122", "n123"]);
    assert_eq!(names(!Node.children.any(Predicate::always())).await, ["n11", "n13", "n121", "n122", "n123"]);
    assert_eq!(names(Node.children.children.any(Node.data.eq("n122"))).await, ["n1"]);
    assert_eq!(names(Node.parent.data.eq("n12")).await, ["n121", "n122", "n123"]);
    assert_eq!(names(Node.parent.parent.data.eq("n1")).await, ["n121", "n122", "n123"]);
    assert_eq!(names(Node.parent.id.is_null()).await, ["n1"]);
    assert_eq!(names(Node.parent.data.is_distinct_from("n12")).await, ["n1", "n11", "n12", "n13"]);
    assert_eq!(names(Node.parent.data.ne("n12")).await, ["n11", "n12", "n13"], "as in SQL, a NULL is not unequal");
}
