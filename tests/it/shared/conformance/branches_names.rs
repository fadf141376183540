//! Tables and columns with the names that statements give to what they choose, count off and send.

use relata::prelude::*;

use crate::support::World;
use crate::support::stock::Page;
use crate::support::twins::{Under, mixtures};

mod model {
    use relata::prelude::*;

    #[derive(Entity, Debug, Clone, PartialEq)]
    #[entity(table = "t1")]
    #[has_many(few: Vec<Few>, by = ordinal)]
    #[many_to_many(more: Vec<Few>, through = "arrays", by = (ordinal, (k0, n0)))]
    pub struct T {
        #[key]
        pub ordinal: i32,
        pub n0: i32,
        pub o0: i32,
        pub k0: i32,
        pub ordinal0: i32,
    }

    #[derive(Entity, Debug, Clone, PartialEq)]
    #[entity(table = "counted")]
    #[belongs_to(t: T, by = ordinal)]
    #[has_many(least: Vec<Least>, by = (o0, n0))]
    #[many_to_many(back: Vec<T>, through = "arrays", by = ((k0, n0), ordinal), order_by = (n0 desc, ordinal))]
    pub struct Few {
        #[key]
        pub n0: i32,
        pub ordinal: i32,
        #[key]
        pub o0: i32,
        pub k0: i32,
        pub a0: i32,
    }

    #[derive(Entity, Debug, Clone, PartialEq)]
    #[entity(table = "Select \"t0\"")]
    #[belongs_to(few: Few, by = (o0, n0))]
    pub struct Least {
        #[key]
        #[column(name = "t0.\"id\" $1")]
        pub id: i32,
        pub n0: i32,
        pub o0: i32,
    }

    pub const SCRIPT: &str = r#"
        CREATE TABLE t1 (ordinal int PRIMARY KEY, n0 int, o0 int, k0 int, ordinal0 int);
        CREATE TABLE counted (n0 int, o0 int, ordinal int, k0 int, a0 int, PRIMARY KEY (n0, o0));
        CREATE TABLE arrays (ordinal int, k0 int, n0 int);
        CREATE TABLE "Select ""t0""" ("t0.""id"" $1" int PRIMARY KEY, n0 int, o0 int);
        INSERT INTO t1 VALUES (1, 3, 2, 1, 9), (2, 1, 1, 2, 8), (3, 2, 2, 3, 7);
        INSERT INTO counted VALUES (1, 2, 1, 5, 5), (2, 1, 1, 4, 4), (1, 1, 2, 7, 7), (2, 2, 1, 1, 1), (3, 3, 2, 0, 0);
        INSERT INTO arrays VALUES (1, 1, 2), (1, 1, 1), (2, 2, 1), (3, 3, 3), (3, 1, 2), (3, 2, 2);
        INSERT INTO "Select ""t0""" VALUES (1, 2, 1), (2, 1, 2), (3, 2, 1), (4, 3, 3);"#;
}

use model::{Few, Least, T};

/// What stands below one row of `counted`, by its key.
fn least(few: (i32, i32)) -> Vec<i32> {
    match few {
        (1, 2) => vec![3, 1],
        (2, 1) => vec![2],
        (3, 3) => vec![4],
        _ => vec![],
    }
}

fn back(few: (i32, i32)) -> Vec<i32> {
    match few {
        (1, 2) => vec![1, 3],
        (1, 1) => vec![1],
        (2, 1) => vec![2],
        _ => vec![3],
    }
}

#[tokio::test]
async fn names_of_the_statements_own_are_kept_apart_from_those_of_the_tables() {
    let world = World::new(model::SCRIPT).await;
    let few = [(1, vec![(1, 2), (2, 1), (2, 2)]), (2, vec![(1, 1), (3, 3)]), (3, vec![])];
    let more = [(1, vec![(1, 2), (1, 1)]), (2, vec![(2, 1)]), (3, vec![(2, 2), (1, 2), (3, 3)])];
    let parts = [(Page::ALL, false), (Page::first(1), false), (Page::first(2), true), (Page::after(1), true)];
    for ([fews, leasts, mores, backs, owner], (part, window)) in
        mixtures().into_iter().flat_map(|mixture| parts.map(|part| (mixture, part)))
    {
        let load = Few.least.order_by(Least.few.a0.desc()).order_by(Least.id.desc()).under(leasts);
        let load = part.of_each(load, window).with(Least.few.under(owner));
        let load = part.of_each(T.few.order_by(Few.k0.desc()).under(fews), window).with(load);
        let other = part.of_each(T.more.order_by(Few.t.k0.asc()).order_by(Few.a0.asc()).under(mores), window);
        let other = other.with(part.of_each(Few.back.under(backs), window)).with(Few.t.under(owner));
        let query = T::query().order_by(T.ordinal.asc()).with(load).with(other);
        for (at, row) in query.all(&world.pool).await.unwrap().iter().enumerate() {
            let keys: Vec<_> = row.few().iter().map(|few| (few.n0, few.o0)).collect();
            assert_eq!((row.ordinal, keys), (few[at].0, part.cut(few[at].1.clone())), "{}", query.to_sql());
            for few in row.few() {
                let ids: Vec<i32> = few.least().iter().map(|least| least.id).collect();
                assert_eq!(ids, part.cut(least((few.n0, few.o0))), "{}", query.to_sql());
                assert!(few.least().iter().all(|least| (least.few().n0, least.few().o0) == (few.n0, few.o0)));
            }
            let keys: Vec<_> = row.more().iter().map(|few| (few.n0, few.o0)).collect();
            assert_eq!((row.ordinal, keys), (more[at].0, part.cut(more[at].1.clone())), "{}", query.to_sql());
            for few in row.more() {
                let ordinals: Vec<i32> = few.back().iter().map(|t| t.ordinal).collect();
                assert_eq!(ordinals, part.cut(back((few.n0, few.o0))), "{}", query.to_sql());
                assert_eq!(few.t().ordinal, few.ordinal);
            }
        }
    }
}
