//! Limits over collections: of parents, whatever is joined to them, and of each parent's rows.

use relata::prelude::*;
use relata::{Query, Shape};

use crate::support::World;
use crate::support::stock::{self, Item, Keyword, Order, Page, User, ids};
use crate::support::trace::listen;
use crate::support::twins::{Joined, SelectIn, Strategy, Under, mixtures};

mod tree {
    use relata::prelude::*;

    #[derive(Entity, Debug, Clone, PartialEq)]
    #[entity(table = "a")]
    #[has_many(bs: Vec<B>, by = a_id, order_by = (rank desc, id))]
    #[has_many(ds: Vec<D>, by = a_id)]
    #[many_to_many(friends: Vec<A>, through = "a_a", by = (a_id, friend_id), order_by = (id desc))]
    pub struct A {
        #[key]
        pub id: i32,
        pub rank: i32,
    }

    #[derive(Entity, Debug, Clone, PartialEq)]
    #[entity(table = "b")]
    #[belongs_to(a: A, by = a_id)]
    #[has_many(cs: Vec<C>, by = b_id, order_by = id)]
    pub struct B {
        #[key]
        pub id: i32,
        pub a_id: i32,
        pub rank: i32,
    }

    #[derive(Entity, Debug, Clone, PartialEq)]
    #[entity(table = "c")]
    pub struct C {
        #[key]
        pub id: i32,
        pub b_id: i32,
    }

    #[derive(Entity, Debug, Clone, PartialEq)]
    #[entity(table = "d")]
    pub struct D {
        #[key]
        pub id: i32,
        pub a_id: i32,
    }

    /// Each parent `i` of 1 to 30 has `i % 5` rows of `b`, which have 0 to 2 rows of `c` each, and `i % 3` rows of `d`;
    /// it is a friend of the two after it. Neighbours by their ids belong to different parents, and ranks are ties.
    pub const SCRIPT: &str = "CREATE TABLE a (id int PRIMARY KEY, rank int NOT NULL);
        CREATE TABLE b (id int PRIMARY KEY, a_id int NOT NULL REFERENCES a, rank int NOT NULL);
        CREATE TABLE c (id int PRIMARY KEY, b_id int NOT NULL REFERENCES b);
        CREATE TABLE d (id int PRIMARY KEY, a_id int NOT NULL REFERENCES a);
        CREATE TABLE a_a (a_id int NOT NULL REFERENCES a, friend_id int NOT NULL REFERENCES a);
        INSERT INTO a SELECT i, i % 4 FROM generate_series(1, 30) AS i;
        INSERT INTO b SELECT 100 * j + i, i, j % 2 FROM generate_series(1, 30) AS i, generate_series(1, i % 5) AS j;
        INSERT INTO c SELECT 1000 * k + id, id FROM b, generate_series(1, id % 3) AS k;
        INSERT INTO d SELECT 100 * j + i, i FROM generate_series(1, 30) AS i, generate_series(1, i % 3) AS j;
        INSERT INTO a_a SELECT i, i + j FROM generate_series(1, 28) AS i, generate_series(1, 2) AS j;";

    /// The rows of `b` below a parent, in the relation's order.
    pub fn bs(a: i32) -> Vec<i32> {
        let mut all: Vec<i32> = (1..=a % 5).map(|j| 100 * j + a).collect();
        all.sort_by_key(|id| (-(id / 100 % 2), *id));
        all
    }

    /// The rows of `c` below a row of `b`.
    pub fn cs(b: i32) -> Vec<i32> {
        (1..=b % 3).map(|k| 1000 * k + b).collect()
    }

    pub fn friends(a: i32) -> Vec<i32> {
        if a > 28 { vec![] } else { vec![a + 2, a + 1] }
    }
}

use tree::{A, B, D, SCRIPT};

const PAGES: [Page; 6] =
    [Page::ALL, Page::first(1), Page::first(7), Page::part(3, 5), Page::part(28, 5), Page::after(11)];

type Below = Vec<(i32, Vec<(i32, Vec<i32>)>)>;

/// The parents of a page, by rank and downwards, and below them pages of theirs.
fn below([parents, children, grandchildren]: [Page; 3]) -> Below {
    let mut all: Vec<i32> = (1..=30).collect();
    all.sort_by_key(|id| (id % 4, -id));
    let child = |id: i32| (id, grandchildren.cut(tree::cs(id)));
    let parent = |id: i32| (id, children.cut(tree::bs(id)).into_iter().map(child).collect());
    parents.cut(all).into_iter().map(parent).collect()
}

async fn found<T: Shape>(world: &World, query: &Query<T>) -> Vec<T> {
    query.all(&world.pool).await.unwrap_or_else(|error| panic!("{error}\n{}{}", query.plan(), query.to_sql()))
}

fn read(rows: &[loaded!(A { bs { cs } })]) -> Below {
    let children = |row: &loaded!(A { bs { cs } })| row.bs().iter().map(|b| (b.id, ids!(b.cs()))).collect();
    rows.iter().map(|row| (row.id, children(row))).collect()
}

#[tokio::test]
async fn x8_a_limit_of_parents_counts_parents_and_no_joined_rows() {
    let world = World::new(SCRIPT).await;
    for [bs, cs] in mixtures() {
        for page in PAGES {
            let query = A::query().order_by(A.rank.asc()).order_by(A.id.desc());
            let query = page.of(query).with(A.bs.under(bs).with(B.cs.under(cs)));
            let expected = below([page, Page::ALL, Page::ALL]);
            assert_eq!(read(&found(&world, &query).await), expected, "{}", query.to_sql());
        }
    }
    // The verbs that count do so without the loads, and those that take one row take all that belongs to it.
    let query = A::query().order_by(A.id.asc()).limit(20).with(A.bs.joined());
    assert_eq!(query.count(&world.pool).await.unwrap(), 20);
    let first = query.offset(3).first(&world.pool).await.unwrap().unwrap();
    assert_eq!((first.id, ids!(first.bs())), (4, tree::bs(4)));
}

#[tokio::test]
async fn x9_a_limit_of_a_load_counts_for_each_parent() {
    let world = World::new(SCRIPT).await;
    let each = [Page::first(1), Page::first(2), Page::part(1, 2), Page::after(1), Page::first(0), Page::first(99)];
    for [bs, cs] in mixtures() {
        for (at, page) in each.into_iter().enumerate() {
            for (parents, window) in
                [(Page::ALL, false), (Page::ALL, true), (Page::part(2, 9), false), (Page::first(4), true)]
            {
                // Of the children, of the grandchildren, of both.
                for [children, grandchildren] in
                    [[page, Page::ALL], [Page::ALL, page], [page, each[(at + 1) % each.len()]]]
                {
                    let load = grandchildren.of_each(B.cs.under(cs), window);
                    let load = children.of_each(A.bs.under(bs), !window).with(load);
                    let query = parents.of(A::query().order_by(A.rank.asc()).order_by(A.id.desc())).with(load);
                    let expected = below([parents, children, grandchildren]);
                    assert_eq!(read(&found(&world, &query).await), expected, "{}{}", query.plan(), query.to_sql());
                }
            }
        }
    }
}

#[tokio::test]
async fn x9_a_limit_of_a_many_to_many_counts_for_each_parent() {
    let world = World::new(SCRIPT).await;
    for (strategy, window) in [(SelectIn, false), (SelectIn, true), (Joined, false), (Joined, true)] {
        for page in [Page::first(1), Page::part(1, 1), Page::after(1), Page::first(9)] {
            let load = page.of_each(A.friends.under(strategy), window);
            let query = A::query().order_by(A.id.asc()).with(load);
            for row in found(&world, &query).await {
                assert_eq!(ids!(row.friends()), page.cut(tree::friends(row.id)), "{}", query.to_sql());
            }
            // Of one parent, whose key is sent as a value, or who is joined.
            let load = page.of_each(A.friends.under(strategy), window);
            let one = A::find(5).with(load).one(&world.pool).await.unwrap();
            assert_eq!(ids!(one.friends()), page.cut(vec![7, 6]));
        }
    }
}

#[tokio::test]
async fn x9_limits_in_the_order_of_another_table() {
    let world = World::new(SCRIPT).await;
    // By the rank of the row's own parent, which all of them share, then by the id downwards.
    for [bs, window] in mixtures() {
        let load = A.bs.order_by(B.a.rank.asc()).order_by(B.id.desc()).limit(2).under(bs);
        let load = if window == Joined { load.window() } else { load };
        let query = A::query().order_by(A.id.asc()).with(load);
        for row in found(&world, &query).await {
            let mut expected = tree::bs(row.id);
            expected.sort_unstable_by_key(|id| -id);
            expected.truncate(2);
            assert_eq!(ids!(row.bs()), expected, "{}", query.to_sql());
        }
    }
}

#[tokio::test]
async fn x20_two_joined_collections_do_not_multiply() {
    let world = World::new(SCRIPT).await;
    let listener = listen();
    for strategies in mixtures() {
        let [bs, cs, ds, friends] = strategies;
        let query = A::query()
            .order_by(A.id.asc())
            .with(A.bs.under(bs).with(B.cs.under(cs)))
            .with(A.ds.order_by(D.id.asc()).under(ds))
            .with(A.friends.under(friends));
        let rows = found(&world, &query).await;
        // No statement has more rows than its levels have, one below the other.
        let (longest, statements) = {
            let ran = listener.take();
            (ran.iter().filter_map(|ran| ran.rows).max().unwrap_or(0), ran.len())
        };
        assert!(longest <= 90, "{longest} rows\n{}", query.to_sql());
        // Of the three collections of a parent one is joined at most, and one more below it.
        let apart = |joined: &[Strategy]| joined.iter().filter(|one| **one == SelectIn).count();
        let siblings = apart(&[bs, ds, friends]).max(2);
        assert_eq!(statements, 1 + siblings + apart(&[cs]), "{}", query.plan());
        for row in &rows {
            let children: Vec<i32> = row.bs().iter().map(|b| b.id).collect();
            assert_eq!(children, tree::bs(row.id));
            assert!(row.bs().iter().all(|b| ids!(b.cs()) == tree::cs(b.id)));
            assert_eq!(ids!(row.ds()), (1..=row.id % 3).map(|j| 100 * j + row.id).collect::<Vec<_>>());
            assert_eq!(ids!(row.friends()), tree::friends(row.id));
        }
        assert_eq!(rows.len(), 30);
    }
}

#[tokio::test]
async fn x20_collections_on_two_branches_do_not_multiply() {
    let world = stock::world().await;
    // One below the address of an order, one beside it.
    for [address, user, addresses, items] in mixtures() {
        use crate::support::stock::Address;
        let user = Address.user.under(user).with(User.addresses.under(addresses));
        let query = Order::query()
            .order_by(Order.id.asc())
            .with(Order.address.under(address).with(user))
            .with(Order.items.under(items));
        for query in [query.clone(), query.limit(4)] {
            let orders = found(&world, &query).await;
            let items: Vec<Vec<i32>> = orders.iter().map(|order| ids!(order.items())).collect();
            let expected = [vec![1, 2, 3], vec![1, 2, 3], vec![3, 4, 5], vec![1, 5], vec![5]];
            assert_eq!(items, expected[..orders.len()], "{}", query.to_sql());
            let beside: Vec<Option<Vec<i32>>> = orders
                .iter()
                .map(|order| order.address().and_then(|address| address.user()).map(|user| ids!(user.addresses())))
                .collect();
            let (jack, ed) = (Some(vec![1]), Some(vec![2, 3, 4]));
            assert_eq!(beside, [jack.clone(), ed.clone(), jack, ed, None][..orders.len()], "{}", query.to_sql());
        }
    }
}

#[tokio::test]
async fn a2_a_limit_counts_items_and_not_their_keywords() {
    let world = stock::world().await;
    for [strategy] in mixtures() {
        let query = Item::query()
            .filter(Item.description.is_in(["item 2", "item 5", "item 3"]))
            .order_by(Item.id.asc())
            .limit(2)
            .with(Item.keywords.order_by(Keyword.id.asc()).under(strategy));
        let items = found(&world, &query).await;
        let keywords: Vec<_> = items.iter().map(|item| (item.id, ids!(item.keywords()))).collect();
        assert_eq!(keywords, stock::item_keywords()[1..3], "{}", query.to_sql());
        let rest = found(&world, &query.offset(2)).await;
        assert_eq!(rest.iter().map(|item| (item.id, ids!(item.keywords()))).collect::<Vec<_>>(), [(5, vec![])]);
    }
}
