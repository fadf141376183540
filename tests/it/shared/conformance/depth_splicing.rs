//! Fixture "InnerJoinSplicing": two branches below one level, each of several collections, in every mixture.

use relata::prelude::*;

use crate::support::World;
use crate::support::stock::{Graph, Page, ids};
use crate::support::twins::{Under, mixtures};

mod model {
    use relata::prelude::*;

    #[derive(Entity, Debug, Clone, PartialEq)]
    #[entity(table = "a")]
    #[has_many(bs: Vec<B>, by = a_id, order_by = id)]
    pub struct A {
        #[key]
        pub id: i32,
    }

    #[derive(Entity, Debug, Clone, PartialEq)]
    #[entity(table = "b")]
    #[belongs_to(a: A, by = a_id)]
    #[has_many(c1s: Vec<C1>, by = b_id, order_by = id)]
    #[has_many(c2s: Vec<C2>, by = b_id, order_by = id)]
    pub struct B {
        #[key]
        pub id: i32,
        pub a_id: i32,
    }

    #[derive(Entity, Debug, Clone, PartialEq)]
    #[entity(table = "c1")]
    #[belongs_to(b: B, by = b_id)]
    #[has_many(d1s: Vec<D1>, by = c1_id, order_by = id)]
    pub struct C1 {
        #[key]
        pub id: i32,
        pub b_id: i32,
        pub value: Option<String>,
    }

    #[derive(Entity, Debug, Clone, PartialEq)]
    #[entity(table = "c2")]
    #[has_many(d2s: Vec<D2>, by = c2_id, order_by = id)]
    pub struct C2 {
        #[key]
        pub id: i32,
        pub b_id: i32,
        pub value: Option<String>,
    }

    #[derive(Entity, Debug, Clone, PartialEq)]
    #[entity(table = "d1")]
    #[belongs_to(c1: C1, by = c1_id)]
    #[has_many(e1s: Vec<E1>, by = d1_id, order_by = id)]
    pub struct D1 {
        #[key]
        pub id: i32,
        pub c1_id: i32,
        pub value: Option<String>,
    }

    #[derive(Entity, Debug, Clone, PartialEq)]
    #[entity(table = "d2")]
    pub struct D2 {
        #[key]
        pub id: i32,
        pub c2_id: i32,
        pub value: Option<String>,
    }

    #[derive(Entity, Debug, Clone, PartialEq)]
    #[entity(table = "e1")]
    #[belongs_to(d1: D1, by = d1_id)]
    pub struct E1 {
        #[key]
        pub id: i32,
        pub d1_id: i32,
        pub value: Option<String>,
    }

    pub const SCRIPT: &str = "CREATE TABLE a (id int PRIMARY KEY);
        CREATE TABLE b (id int PRIMARY KEY, a_id int NOT NULL REFERENCES a);
        CREATE TABLE c1 (id int PRIMARY KEY, b_id int NOT NULL REFERENCES b, value text);
        CREATE TABLE c2 (id int PRIMARY KEY, b_id int NOT NULL REFERENCES b, value text);
        CREATE TABLE d1 (id int PRIMARY KEY, c1_id int NOT NULL REFERENCES c1, value text);
        CREATE TABLE d2 (id int PRIMARY KEY, c2_id int NOT NULL REFERENCES c2, value text);
        CREATE TABLE e1 (id int PRIMARY KEY, d1_id int NOT NULL REFERENCES d1, value text);
        INSERT INTO a VALUES (1), (2); INSERT INTO b VALUES (1, 1), (2, 1), (3, 2);
        INSERT INTO c1 VALUES (1, 1, 'C11'), (4, 2, 'C14'), (8, 3, NULL);
        INSERT INTO c2 VALUES (1, 1, 'C21'), (2, 1, 'C22'), (4, 2, 'C24'), (8, 3, NULL);
        INSERT INTO d1 VALUES (1, 1, NULL), (2, 1, NULL), (3, 4, NULL), (4, 4, NULL), (5, 8, 'D15');
        INSERT INTO d2 VALUES (3, 1, NULL), (4, 2, NULL), (6, 8, 'D26');
        INSERT INTO e1 VALUES (1, 1, NULL), (2, 2, NULL), (3, 3, 'E13'), (4, 3, 'E14'), (5, 4, NULL), (6, 5, NULL);";
}

use model::{A, B, C1, C2, D1, E1};

/// A row of B: its id, then what is below it on either branch.
type Branches = (i32, Vec<(i32, Graph)>, Graph);

fn whole() -> Vec<(i32, Vec<Branches>)> {
    let first = (1, vec![(1, vec![(1, vec![1]), (2, vec![2])])], vec![(1, vec![3]), (2, vec![4])]);
    let second = (2, vec![(4, vec![(3, vec![3, 4]), (4, vec![5])])], vec![(4, vec![])]);
    vec![(1, vec![first, second]), (2, vec![(3, vec![(8, vec![(5, vec![6])])], vec![(8, vec![6])])])]
}

#[tokio::test]
async fn l6_two_branches_of_several_collections() {
    let world = World::new(model::SCRIPT).await;
    for strategies @ [bs, c1s, c2s, d1s, d2s, e1s] in mixtures() {
        for part in [Page::ALL, Page::first(1), Page::after(1)] {
            let one = part.of_each(C1.d1s.under(d1s), false).with(D1.e1s.under(e1s));
            let one = B.c1s.under(c1s).with(one);
            let other = part.of_each(B.c2s.under(c2s), false).with(C2.d2s.under(d2s));
            let query = A::query().order_by(A.id.asc()).with(A.bs.under(bs).with(one).with(other));
            let all = query.all(&world.pool).await.unwrap();
            let mut found = Vec::new();
            for a in &all {
                let mut rows: Vec<Branches> = Vec::new();
                for b in a.bs() {
                    let d1s = |c1: &loaded!(C1 { d1s { e1s } })| {
                        c1.d1s().iter().map(|d1| (d1.id, ids!(d1.e1s()))).collect::<Graph>()
                    };
                    let one = b.c1s().iter().map(|c1| (c1.id, d1s(c1))).collect();
                    rows.push((b.id, one, b.c2s().iter().map(|c2| (c2.id, ids!(c2.d2s()))).collect()));
                }
                found.push((a.id, rows));
            }
            let mut expected = whole();
            for (_, one, other) in expected.iter_mut().flat_map(|(_, rows)| rows) {
                one.iter_mut().for_each(|(_, d1s)| *d1s = part.cut(std::mem::take(d1s)));
                *other = part.cut(std::mem::take(other));
            }
            assert_eq!(found, expected, "{strategies:?}, {part:?}\n{}", query.to_sql());
        }
    }
}

#[tokio::test]
async fn four_promised_rows_above_each_other_with_collections_beside_them() {
    let world = World::new(model::SCRIPT).await;
    let above =
        |e1: i32| [(1, 1, 1, 1), (2, 1, 1, 1), (3, 4, 2, 1), (3, 4, 2, 1), (4, 4, 2, 1), (5, 8, 3, 2)][e1 as usize - 1];
    for strategies @ [d1, c1, b, a, c2s, d1s] in mixtures() {
        let top = C1.b.under(b).with(B.a.under(a)).with(B.c2s.under(c2s));
        let load = E1.d1.under(d1).with(D1.c1.under(c1).with(top).with(C1.d1s.under(d1s)));
        let query = E1::query().order_by(E1.id.desc()).limit(4).with(load);
        let rows = query.all(&world.pool).await.unwrap();
        assert_eq!(ids!(rows), [6, 5, 4, 3], "a limit counts the rows that it is for");
        for row in &rows {
            let (d1, c1) = (row.d1(), row.d1().c1());
            assert_eq!((d1.id, c1.id, c1.b().id, c1.b().a().id), above(row.id), "{}", query.to_sql());
            let siblings = if c1.id == 4 { vec![3, 4] } else { vec![5] };
            assert_eq!(ids!(c1.d1s()), siblings, "{strategies:?}\n{}", query.to_sql());
            assert_eq!(ids!(c1.b().c2s()), [c1.id], "{strategies:?}\n{}", query.to_sql());
        }
        assert_eq!(rows[0].d1().value.as_deref(), Some("D15"));
    }
}
