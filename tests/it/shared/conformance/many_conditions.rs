//! Conditions that are part of a many-to-many, conditions of its loads, and orders by its association.

use relata::prelude::*;

use crate::support::World;
use crate::support::stock::{self, Graph, Item, Keyword, Order, Page, User, ids};
use crate::support::twins::{Joined, SelectIn, Under, mixtures};

/// Fixture "M2MOmitJoin", filtered: b2 is not active, and links have kinds.
mod filtered {
    use relata::prelude::*;

    #[derive(Entity, Debug, Clone, PartialEq)]
    #[entity(table = "a")]
    #[many_to_many(all: Vec<B>, through = "a_b", by = (a_id, b_id), order_by = id)]
    #[many_to_many(active: Vec<B>, through = "a_b", by = (a_id, b_id), only = (active = 1), order_by = id)]
    #[many_to_many(marked: Vec<B>, through = "a_b", by = (a_id, b_id), through_only = (kind = "x"), order_by = id)]
    #[many_to_many(unmarked: Vec<B>, through = Link, by = (a, b), through_only = (kind = None), order_by = id)]
    #[many_to_many(both: Vec<B>, through = Link, by = (a, b), only = (active = 1), through_only = (kind = "x"))]
    pub struct A {
        #[key]
        pub id: i32,
    }

    #[derive(Entity, Debug, Clone, PartialEq)]
    #[entity(table = "b")]
    #[many_to_many(marked_by: Vec<A>, through = Link, by = (b, a), through_only = (kind = "x"), order_by = id)]
    pub struct B {
        #[key]
        pub id: i32,
        pub active: i32,
    }

    #[derive(Entity, Debug, Clone, PartialEq)]
    #[entity(table = "a_b")]
    #[belongs_to(a: A, by = a_id)]
    #[belongs_to(b: B, by = b_id)]
    pub struct Link {
        #[key]
        pub a_id: i32,
        #[key]
        pub b_id: i32,
        #[column(name = "kind")]
        pub kind: Option<String>,
    }

    pub const SCRIPT: &str =
        "CREATE TABLE a (id int PRIMARY KEY); CREATE TABLE b (id int PRIMARY KEY, active int NOT NULL);
        CREATE TABLE a_b (a_id int REFERENCES a, b_id int REFERENCES b, kind text, PRIMARY KEY (a_id, b_id));
        INSERT INTO a VALUES (1), (2), (3); INSERT INTO b VALUES (1, 1), (2, 0), (3, 1);
        INSERT INTO a_b VALUES (1, 1, 'x'), (1, 2, 'x'), (1, 3, 'y'), (2, 2, 'y'), (2, 3, NULL);";
}

/// The targets of each `a` by one of its relations, under every strategy and in parts.
macro_rules! targets {
    ($world:expr, $relation:ident, $expected:expr) => {
        for (strategy, window) in [(SelectIn, false), (SelectIn, true), (Joined, false), (Joined, true)] {
            for part in [Page::ALL, Page::first(1), Page::after(1), Page::part(1, 1)] {
                let load = part.of_each(filtered::A.$relation.under(strategy), window);
                let query = filtered::A::query().order_by(filtered::A.id.asc()).with(load);
                let found = query.all(&$world.pool).await.unwrap();
                let found: Vec<Vec<i32>> = found.iter().map(|a| ids!(a.$relation())).collect();
                let expected: [&[i32]; 3] = $expected;
                let expected = expected.map(|ids| part.cut(ids.to_vec()));
                assert_eq!(found, expected, "{strategy:?}, {part:?}\n{}", query.to_sql());
            }
        }
    };
}

#[tokio::test]
async fn h2_a_condition_on_the_target_is_part_of_the_relation() {
    use filtered::{A, B};
    let world = World::new(filtered::SCRIPT).await;
    targets!(world, all, [&[1, 2, 3], &[2, 3], &[]]);
    targets!(world, active, [&[1, 3], &[3], &[]]);
    // A load's own condition narrows it further, also with an `|` in it.
    for strategy in [SelectIn, Joined] {
        let load = A.active.filter(B.id.eq(2) | B.id.eq(3)).under(strategy);
        let query = A::query().order_by(A.id.asc()).with(load);
        let found: Vec<Vec<i32>> = query.all(&world.pool).await.unwrap().iter().map(|a| ids!(a.active())).collect();
        assert_eq!(found, [vec![3], vec![3], vec![]], "{}", query.to_sql());
    }
}

#[tokio::test]
async fn h3_a_condition_on_the_association_is_part_of_the_relation() {
    use filtered::{A, B};
    let world = World::new(filtered::SCRIPT).await;
    targets!(world, marked, [&[1, 2], &[], &[]]);
    targets!(world, unmarked, [&[], &[3], &[]]);
    targets!(world, both, [&[1], &[], &[]]);
    for [one, other] in mixtures() {
        let load = A.all.under(one).with(B.marked_by.filter(A.id.ge(1)).under(other));
        let query = A::query().order_by(A.id.asc()).with(load);
        let found: Vec<Graph> = query
            .all(&world.pool)
            .await
            .unwrap()
            .iter()
            .map(|a| a.all().iter().map(|b| (b.id, ids!(b.marked_by()))).collect())
            .collect();
        let marked = [(1, vec![1]), (2, vec![1]), (3, vec![])];
        assert_eq!(found, [marked.to_vec(), marked[1..].to_vec(), vec![]], "{}", query.to_sql());
    }
}

#[tokio::test]
async fn m10_a_relations_own_condition_holds_inside_an_exists() {
    use filtered::{A, B};
    let world = World::new(filtered::SCRIPT).await;
    let keeps = async |condition: Predicate<A>| {
        ids!(A::query().filter(condition).order_by(A.id.asc()).all(&world.pool).await.unwrap())
    };
    assert_eq!(keeps(A.all.any(B.id.eq(2))).await, [1, 2]);
    assert_eq!(keeps(A.active.any(B.id.eq(2))).await, [0; 0]);
    assert_eq!(keeps(A.active.any(B.id.eq(2) | B.id.eq(1))).await, [1]);
    assert_eq!(keeps(A.marked.any(Predicate::always())).await, [1]);
    assert_eq!(keeps(A.marked.none(Predicate::always())).await, [2, 3]);
    assert_eq!(keeps(A.unmarked.any(Predicate::always())).await, [2]);
    assert_eq!(keeps(A.both.any(B.id.eq(2))).await, [0; 0]);
    assert_eq!(keeps(A.active.every(B.id.ne(2))).await, [1, 2, 3], "2 is not among those that are meant");
    assert_eq!(keeps(A.all.every(B.id.ne(2))).await, [3]);
    assert_eq!(keeps(A.all.marked_by.any(A.id.eq(1))).await, [1, 2]);
    assert_eq!(keeps(A.active.marked_by.any(A.id.eq(1))).await, [1]);
    // In one query with others of its kind, each with its own.
    assert_eq!(keeps(A.active.any(B.id.eq(3)) & A.marked.none(B.id.eq(1))).await, [2]);
    let world = stock::world().await;
    let users = User::query().filter(User.open_orders.any(Order.items.any(Item.id.eq(1))));
    assert_eq!(ids!(users.all(&world.pool).await.unwrap()), [9]);
}

#[tokio::test]
async fn m16_conditions_on_the_targets_of_two_levels() {
    let world = stock::world().await;
    for strategies @ [orders, items, keywords] in mixtures() {
        for part in [Page::ALL, Page::first(1), Page::part(1, 3)] {
            let load = Item.keywords.filter(Keyword.name.ne("big") & !Keyword.name.starts_with("s"));
            let load = Order.items.filter(Item.description.ne("item 2")).under(items).with(load.under(keywords));
            let load = User.orders.filter(Order.id.ne(1)).under(orders).with(part.of_each(load, false));
            let query = User::query().order_by(User.id.asc()).with(load);
            let users = query.all(&world.pool).await.unwrap();
            let mut expected = stock::chain([Page::ALL; 4]);
            for (_, orders) in &mut expected {
                orders.retain(|(id, _)| *id != 1);
                for (_, items) in orders {
                    items.retain(|(id, _)| *id != 2);
                    *items = part.cut(std::mem::take(items));
                    items.iter_mut().for_each(|(_, keywords)| keywords.retain(|id| ![4, 5, 7].contains(id)));
                }
            }
            assert_eq!(stock::chain_of(&users), expected, "{strategies:?}, {part:?}\n{}", query.to_sql());
        }
    }
}

#[tokio::test]
async fn m9_the_condition_of_a_joined_load_drops_no_parent() {
    let world = stock::world().await;
    for [orders, items, keywords] in mixtures() {
        // No item meets it, and no order has one.
        let load = Order.items.filter(Item.description.eq("none")).under(items);
        let query = User::query().order_by(User.id.asc()).with(User.orders.under(orders).with(load));
        let users = query.all(&world.pool).await.unwrap();
        let orders: Vec<Vec<i32>> = users.iter().map(|user| ids!(user.orders())).collect();
        assert_eq!(orders, [vec![1, 3, 5], vec![], vec![2, 4], vec![]], "{}", query.to_sql());
        assert!(users.iter().flat_map(|user| user.orders()).all(|order| order.items().is_empty()));

        // A condition that NULL would meet, on a side that is not there.
        let nameless = Keyword.name.is_distinct_from("red");
        let load = Item.keywords.filter(nameless).under(keywords);
        let query = Item::query().order_by(Item.id.asc()).with(load);
        let found = query.all(&world.pool).await.unwrap();
        let counts: Vec<usize> = found.iter().map(|item| item.keywords().len()).collect();
        assert_eq!(counts, [2, 2, 3, 0, 0], "{}", query.to_sql());
    }
    // It stands in the join, beside the relation's own, and not in the WHERE of the parents.
    let query = User::query().with(User.open_orders.filter(Order.id.gt(3)).joined());
    let text = query.to_sql().text().to_owned();
    let (_, outside) = text.rsplit_once(") AS ").unwrap_or(("", &text));
    assert!(!outside.contains("WHERE") && text.contains("LEFT JOIN"), "{text}");
}

/// Fixture "OrderBySecondary": the order of targets is that of the association's rows.
mod secondary {
    use relata::prelude::*;

    #[derive(Entity, Debug, Clone, PartialEq)]
    #[entity(table = "a")]
    #[many_to_many(bs: Vec<B>, through = Link, by = (a, b))]
    pub struct A {
        #[key]
        pub id: i32,
    }

    #[derive(Entity, Debug, Clone, PartialEq)]
    #[entity(table = "b")]
    #[many_to_many(linked: Vec<A>, through = Link, by = (b, a))]
    pub struct B {
        #[key]
        pub id: i32,
    }

    #[derive(Entity, Debug, Clone, PartialEq)]
    #[entity(table = "m2m")]
    #[belongs_to(a: A, by = aid)]
    #[belongs_to(b: B, by = bid)]
    pub struct Link {
        #[key]
        pub id: i32,
        pub aid: i32,
        pub bid: i32,
    }

    pub const SCRIPT: &str = "CREATE TABLE a (id int PRIMARY KEY); CREATE TABLE b (id int PRIMARY KEY);
        CREATE TABLE m2m (id int PRIMARY KEY, aid int REFERENCES a, bid int REFERENCES b);
        INSERT INTO a VALUES (1), (2); INSERT INTO b VALUES (1), (2), (3), (4);
        INSERT INTO m2m VALUES (2, 1, 1), (4, 2, 4), (1, 1, 3), (6, 2, 2), (3, 1, 2), (5, 2, 3);";
}

#[tokio::test]
async fn targets_in_the_order_of_the_associations_rows_in_parts() {
    use secondary::{A, B, Link};
    let world = World::new(secondary::SCRIPT).await;
    // The last pair is there a second time, first in the order: a target stands where its first row does.
    for again in [false, true] {
        if again {
            world.execute("INSERT INTO m2m VALUES (0, 1, 2)").await;
        }
        let first = if again { vec![2, 3, 1] } else { vec![3, 1, 2] };
        let expected = [(1, first), (2, vec![4, 3, 2])];
        for ([bs, linked], window) in mixtures().into_iter().flat_map(|mixture| [(mixture, false), (mixture, true)]) {
            for part in [Page::ALL, Page::first(2), Page::after(1), Page::part(1, 1)] {
                let load = B.linked.order_by_through(Link.id.desc()).under(linked);
                let load = part.of_each(A.bs.order_by_through(Link.id.asc()).under(bs), window).with(load);
                let query = A::query().order_by(A.id.asc()).with(load);
                let all = query.all(&world.pool).await.unwrap();
                let found: Graph = all.iter().map(|a| (a.id, ids!(a.bs()))).collect();
                let cut: Graph = expected.clone().into_iter().map(|(id, ids)| (id, part.cut(ids))).collect();
                assert_eq!(found, cut, "{again}, {part:?}\n{}", query.to_sql());
                for b in all.iter().flat_map(|a| a.bs()) {
                    let back = [vec![1], vec![2, 1], vec![2, 1], vec![2]];
                    assert_eq!(ids!(b.linked()), back[b.id as usize - 1], "{}", query.to_sql());
                }
            }
        }
    }
}
