//! Many-to-many where the association has a pair twice, or is what sorts the targets.

use relata::prelude::*;

use crate::support::World;
use crate::support::stock::{self, Item, ItemKeyword, Keyword, Order, Page, ids};
use crate::support::twins::{Joined, SelectIn, Strategy, Under, mixtures};

/// Fetched apart and joined, counted off for each parent and by a window.
const FORMS: [(Strategy, bool); 4] = [(SelectIn, false), (SelectIn, true), (Joined, false), (Joined, true)];

const PARTS: [Page; 6] =
    [Page::ALL, Page::first(1), Page::first(2), Page::part(1, 1), Page::part(1, 9), Page::after(2)];

#[tokio::test]
async fn b5_a_pair_that_is_there_twice_leads_to_its_target_once() {
    let world = stock::world().await;
    // Item 1 of order 1 three times, item 3 of order 3 twice.
    world.execute("INSERT INTO order_items VALUES (1, 1), (3, 3), (1, 1)").await;
    let expected = [vec![1, 2, 3], vec![1, 2, 3], vec![3, 4, 5], vec![1, 5], vec![5]];
    for (strategy, window) in FORMS {
        for part in PARTS {
            let load = part.of_each(Order.items.under(strategy), window);
            let query = Order::query().order_by(Order.id.asc()).with(load.clone());
            for query in [query.clone(), query.limit(3)] {
                let orders = query.all(&world.pool).await.unwrap();
                let found: Vec<Vec<i32>> = orders.iter().map(|order| ids!(order.items())).collect();
                let expected: Vec<Vec<i32>> = expected.iter().map(|items| part.cut(items.clone())).collect();
                assert_eq!(found, expected[..orders.len()], "{part:?}\n{}", query.to_sql());
            }
            // Of one parent.
            let query = Order::find(1).with(load);
            let one = query.one(&world.pool).await.unwrap();
            assert_eq!(ids!(one.items()), part.cut(vec![1, 2, 3]), "{part:?}\n{}", query.to_sql());
        }
        let back = Item::query().order_by(Item.id.asc()).with(Item.orders.under(strategy));
        let found: Vec<_> =
            back.all(&world.pool).await.unwrap().iter().map(|row| (row.id, ids!(row.orders()))).collect();
        assert_eq!(found, stock::item_orders());
    }
    // Nor is a parent doubled by a condition across it.
    let query = Order::query().filter(Order.items.any(Item.id.eq(1))).order_by(Order.id.asc());
    assert_eq!(ids!(query.all(&world.pool).await.unwrap()), [1, 2, 4]);
    assert_eq!(query.count(&world.pool).await.unwrap(), 3);
}

#[tokio::test]
async fn b12_below_a_pair_that_is_there_twice_nothing_is_doubled() {
    let world = stock::world().await;
    world
        .execute("INSERT INTO order_items VALUES (1, 1), (3, 3); INSERT INTO item_keywords VALUES (1, 2), (3, 6)")
        .await;
    let expected: Vec<Vec<(i32, Vec<i32>)>> = [vec![1, 2, 3], vec![1, 2, 3], vec![3, 4, 5], vec![1, 5], vec![5]]
        .iter()
        .map(|items| items.iter().map(|id| stock::item_keywords().swap_remove(*id as usize - 1)).collect())
        .collect();
    for [items, keywords] in mixtures() {
        for (part, window) in
            [(Page::ALL, false), (Page::first(2), false), (Page::first(2), true), (Page::part(1, 1), false)]
        {
            let load = Item.keywords.order_by(Keyword.id.asc()).under(keywords);
            let load = part.of_each(Order.items.under(items), window).with(part.of_each(load, window));
            let query = Order::query().order_by(Order.id.asc()).with(load);
            for (query, rows) in [(query.clone(), 5), (query.limit(4), 4)] {
                let orders = query.all(&world.pool).await.unwrap();
                let found: Vec<Vec<_>> = orders
                    .iter()
                    .map(|order| order.items().iter().map(|item| (item.id, ids!(item.keywords()))).collect())
                    .collect();
                let cut = |items: &Vec<(i32, Vec<i32>)>| {
                    let items = part.cut(items.clone()).into_iter();
                    items.map(|(id, keywords)| (id, part.cut(keywords))).collect::<Vec<_>>()
                };
                let expected: Vec<Vec<_>> = expected[..rows].iter().map(cut).collect();
                assert_eq!(found, expected, "{part:?}\n{}{}", query.plan(), query.to_sql());
            }
        }
    }
}

/// Fixture "M2MOmitJoin", simple, as an association entity with a key of its own.
mod sorted {
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
    #[many_to_many(as_: Vec<A>, through = Link, by = (b, a))]
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

    pub const TABLES: &str = "CREATE TABLE a (id int PRIMARY KEY); CREATE TABLE b (id int PRIMARY KEY);
        CREATE TABLE m2m (id int PRIMARY KEY, aid int NOT NULL REFERENCES a, bid int NOT NULL REFERENCES b);
        INSERT INTO a VALUES (1), (2); INSERT INTO b VALUES (1), (2), (3), (4);";
}

#[tokio::test]
async fn b7_targets_that_parents_share_stand_once_below_each() {
    use sorted::A;
    let rows = "INSERT INTO m2m VALUES (1, 1, 1), (2, 1, 2), (3, 2, 1)";
    let world = World::new(&format!("{}{rows}", sorted::TABLES)).await;
    for (strategy, window) in FORMS {
        for (part, expected) in [(Page::ALL, [vec![1, 2], vec![1]]), (Page::first(2), [vec![1, 2], vec![1]])] {
            let load = part.of_each(A.bs.order_by(sorted::B.id.asc()).under(strategy), window);
            let all = A::query().order_by(A.id.asc()).with(load).all(&world.pool).await.unwrap();
            assert_eq!(all.iter().map(|a| ids!(a.bs())).collect::<Vec<_>>(), expected);
        }
    }
}

/// What each parent's targets are, in the order of a column of the association's, part by part.
macro_rules! sorted_through {
    ($world:expr, $entity:ident . $relation:ident, $order:expr, $expected:expr) => {
        for (strategy, window) in FORMS {
            for part in PARTS {
                let load = part.of_each($entity.$relation.order_by_through($order).under(strategy), window);
                let query = $entity::query().order_by($entity.id.asc()).with(load);
                let all = query.all(&$world.pool).await.unwrap();
                let found: Vec<Vec<i32>> = all.iter().map(|row| ids!(row.$relation())).collect();
                let expected: Vec<Vec<i32>> = $expected.iter().map(|ids: &Vec<i32>| part.cut(ids.clone())).collect();
                assert_eq!(found, expected, "{part:?}\n{}", query.to_sql());
            }
        }
    };
}

#[tokio::test]
async fn d7_targets_in_the_order_of_the_associations_rows() {
    use sorted::{A, B, Link};
    let rows = "INSERT INTO m2m VALUES (2, 1, 1), (4, 2, 4), (1, 1, 3), (6, 2, 2), (3, 1, 2), (5, 2, 3)";
    let world = World::new(&format!("{}{rows}", sorted::TABLES)).await;
    sorted_through!(world, A.bs, Link.id.asc(), [vec![3, 1, 2], vec![4, 3, 2]]);
    sorted_through!(world, A.bs, Link.id.desc(), [vec![2, 1, 3], vec![2, 3, 4]]);
    sorted_through!(world, B.as_, Link.id.desc(), [vec![1], vec![2, 1], vec![2, 1], vec![2]]);
    // A pair that is there twice stands where its first row does.
    world.execute("INSERT INTO m2m VALUES (7, 1, 3), (8, 1, 1), (0, 1, 2)").await;
    sorted_through!(world, A.bs, Link.id.asc(), [vec![2, 3, 1], vec![4, 3, 2]]);
    sorted_through!(world, A.bs, Link.id.desc(), [vec![1, 3, 2], vec![2, 3, 4]]);
    // Together with a condition on the same rows, and one on the targets.
    for (strategy, window) in FORMS {
        for (part, expected) in
            [(Page::ALL, [vec![3, 1, 2], vec![4, 3, 2]]), (Page::first(2), [vec![3, 1], vec![4, 3]])]
        {
            let load = A.bs.filter_through(Link.id.between(1, 6)).order_by_through(Link.id.asc()).under(strategy);
            let query = A::query().order_by(A.id.asc()).with(part.of_each(load, window));
            let found: Vec<_> = query.all(&world.pool).await.unwrap().iter().map(|a| ids!(a.bs())).collect();
            assert_eq!(found, expected, "{}", query.to_sql());
        }
        let load = A.bs.filter(B.id.ne(3)).filter_through(Link.id.gt(2)).order_by_through(Link.id.desc());
        let query = A::query().order_by(A.id.asc()).with(load.limit(2).under(strategy));
        let found: Vec<_> = query.all(&world.pool).await.unwrap().iter().map(|a| ids!(a.bs())).collect();
        assert_eq!(found, [vec![1, 2], vec![2, 4]], "{}", query.to_sql());
    }
}

#[tokio::test]
async fn d8_keywords_in_the_order_of_a_column_of_the_association() {
    let world = stock::world().await;
    // Downwards by the item that leads to them, which is the item's own id from there.
    let backwards: Vec<Vec<i32>> =
        stock::keyword_items().into_iter().map(|(_, items)| items.into_iter().rev().collect()).collect();
    sorted_through!(world, Keyword.items, ItemKeyword.item_id.desc(), backwards);
    // By a column across a relation of the association, which every row of a parent shares, and then by the target's.
    for (strategy, window) in FORMS {
        let load = Keyword.items.order_by_through(ItemKeyword.keyword.name.asc()).order_by(Item.description.desc());
        for part in PARTS {
            let query =
                Keyword::query().order_by(Keyword.id.asc()).with(part.of_each(load.clone().under(strategy), window));
            let found: Vec<_> = query.all(&world.pool).await.unwrap().iter().map(|row| ids!(row.items())).collect();
            let expected: Vec<_> = backwards.iter().map(|items| part.cut(items.clone())).collect();
            assert_eq!(found, expected, "{part:?}\n{}", query.to_sql());
        }
    }
}

#[tokio::test]
async fn d9_without_an_order_the_targets_are_the_same_set() {
    let world = stock::world().await;
    for (strategy, window) in FORMS {
        let load = if window { Item.keywords.under(strategy).window() } else { Item.keywords.under(strategy) };
        let query = Item::query().order_by(Item.id.asc()).with(load);
        assert!(!query.to_sql().iter().last().unwrap().text().contains("keywords\".\"id\" ASC"), "none is added");
        let items = query.all(&world.pool).await.unwrap();
        let keywords = |item: &loaded!(Item { keywords })| {
            let mut ids = ids!(item.keywords());
            ids.sort_unstable();
            ids
        };
        let found: Vec<_> = items.iter().map(|item| (item.id, keywords(item))).collect();
        assert_eq!(found, stock::item_keywords());
        // A limit needs an order, and takes that of the key.
        let query = Item::query().order_by(Item.id.asc()).with(Item.keywords.limit(9).under(strategy));
        let items = query.all(&world.pool).await.unwrap();
        assert_eq!(
            items.iter().map(|item| (item.id, ids!(item.keywords()))).collect::<Vec<_>>(),
            stock::item_keywords()
        );
    }
}
