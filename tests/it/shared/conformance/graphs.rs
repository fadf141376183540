//! The canned graphs of the stock world, under every mixture of strategies, whole and in parts.
//!
//! A part is cut from the list that says what is right, and asked for by limits and offsets: of the users, and of each
//! parent's rows.

use relata::prelude::*;
use relata::{ErrorKind, Query, Shape};

use crate::support::World;
use crate::support::stock::{self, Address, Dingaling, Graph, Item, Keyword, Order, Page, User, ids};
use crate::support::trace::listen;
use crate::support::twins::{Joined, SelectIn, Strategy, Under, mixtures};

/// Everything, nothing, and parts that begin or end within a collection, or beyond it.
const PARTS: [Page; 7] =
    [Page::ALL, Page::first(0), Page::first(1), Page::first(3), Page::part(1, 1), Page::part(2, 5), Page::after(1)];

/// Runs a query, which takes no more statements than its plan says.
async fn run<T: Shape>(world: &World, query: &Query<T>) -> Vec<T> {
    let listener = listen();
    let rows = query.all(&world.pool).await;
    let rows = rows.unwrap_or_else(|error| panic!("{error}\n{}{}", query.plan(), query.to_sql()));
    let (ran, planned) = (listener.take().len(), query.plan().statements());
    assert!(ran <= planned, "{ran} statements, not {planned}\n{}", query.plan());
    rows
}

fn sorted(mut ids: Vec<i32>) -> Vec<i32> {
    ids.sort_unstable();
    ids
}

#[tokio::test]
async fn the_addresses_of_users_in_parts() {
    let world = stock::world().await;
    for strategy in [SelectIn, Joined] {
        for (users, each) in PARTS.iter().flat_map(|users| PARTS.map(|each| (*users, each))) {
            for window in [false, true] {
                let load = each.of_each(User.addresses.under(strategy), window);
                let query = users.of(User::query().order_by(User.id.asc())).with(load);
                let found = run(&world, &query).await;
                let found: Graph = found.iter().map(|user| (user.id, ids!(user.addresses()))).collect();
                let expected = users.cut(stock::user_addresses());
                let expected: Graph = expected.into_iter().map(|(id, rows)| (id, each.cut(rows))).collect();
                assert_eq!(found, expected, "{strategy:?}, {users:?}, {each:?}, {window}\n{}", query.to_sql());
            }
        }
    }
}

#[tokio::test]
async fn h7_one_to_many_then_many_to_many() {
    let world = stock::world().await;
    let parts = [Page::ALL, Page::first(1), Page::part(1, 2), Page::after(1)];
    for strategies in mixtures::<2>() {
        for at in 0..64 {
            let [users, orders, items] = [parts[at % 4], parts[at / 4 % 4], parts[at / 16]];
            let window = at % 3 == 0;
            let load = items.of_each(Order.items.under(strategies[1]), window);
            let load = orders.of_each(User.orders.under(strategies[0]), window).with(load);
            let query = users.of(User::query().order_by(User.id.asc())).with(load);
            let found: Vec<(i32, Graph)> = run(&world, &query)
                .await
                .iter()
                .map(|user| (user.id, user.orders().iter().map(|order| (order.id, ids!(order.items()))).collect()))
                .collect();
            let order = |(id, rows)| (id, items.cut(rows));
            let user = |(id, rows)| (id, orders.cut(rows).into_iter().map(order).collect::<Graph>());
            let expected: Vec<(i32, Graph)> = users.cut(stock::user_orders()).into_iter().map(user).collect();
            assert_eq!(found, expected, "{strategies:?}, {users:?}, {orders:?}, {items:?}\n{}", query.to_sql());
        }
    }
}

#[tokio::test]
async fn everything_of_users_in_as_many_statements_as_loads_stand_apart() {
    let world = stock::world().await;
    let apart = |strategy: Strategy| usize::from(strategy == SelectIn);
    for strategies in mixtures::<3>() {
        let [addresses, orders, items] = strategies;
        for part in PARTS {
            let query = part.of(stock::all_under(strategies).order_by(User.id.asc()));
            let found = run(&world, &query).await;
            let expected = part.cut(stock::user_all());
            assert_eq!(stock::all_of(&found), expected, "{strategies:?}, {part:?}\n{}", query.to_sql());
            // Two collections side by side are never in one statement.
            let second = if addresses == Joined { SelectIn } else { orders };
            assert_eq!(query.plan().statements(), 1 + apart(addresses) + apart(second) + apart(items));
        }
    }
}

#[tokio::test]
async fn h1_keywords_of_items_and_items_of_keywords() {
    let world = stock::world().await;
    for strategy in [SelectIn, Joined] {
        let query = Item::query().order_by(Item.id.asc()).with(Item.keywords.under(strategy));
        let items = run(&world, &query).await;
        let found: Graph = items.iter().map(|item| (item.id, sorted(ids!(item.keywords())))).collect();
        assert_eq!(found, stock::item_keywords(), "{strategy:?}\n{}", query.to_sql());
        let small = items[1].keywords().iter().find(|keyword| keyword.id == 5);
        assert_eq!(small, Some(&Keyword { id: 5, name: "small".to_owned() }));

        let query = Keyword::query().order_by(Keyword.id.asc()).with(Keyword.items.under(strategy));
        let found: Graph = run(&world, &query).await.iter().map(|row| (row.id, sorted(ids!(row.items())))).collect();
        assert_eq!(found, stock::keyword_items(), "{strategy:?}\n{}", query.to_sql());

        let query = Item::query().order_by(Item.id.asc()).with(Item.orders.under(strategy));
        let found: Graph = run(&world, &query).await.iter().map(|item| (item.id, ids!(item.orders()))).collect();
        assert_eq!(found, stock::item_orders(), "{strategy:?}\n{}", query.to_sql());
    }
}

#[tokio::test]
async fn parts_of_many_to_many_in_both_directions() {
    let world = stock::world().await;
    for (strategy, window) in [(SelectIn, false), (SelectIn, true), (Joined, false), (Joined, true)] {
        for part in PARTS {
            // Without an order of its own: a limit gives it that of the key.
            let load = part.of_each(Item.keywords.under(strategy), window);
            let query = Item::query().order_by(Item.id.asc()).with(load);
            let items = run(&world, &query).await;
            let found: Graph = items.iter().map(|item| (item.id, sorted(ids!(item.keywords())))).collect();
            let expected: Graph = stock::item_keywords().into_iter().map(|(id, rows)| (id, part.cut(rows))).collect();
            assert_eq!(found, expected, "{strategy:?}, {part:?}, {window}\n{}", query.to_sql());

            let load = part.of_each(Keyword.items.order_by(Item.id.desc()).under(strategy), window);
            let query = Keyword::query().order_by(Keyword.id.asc()).with(load);
            let found: Graph = run(&world, &query).await.iter().map(|row| (row.id, ids!(row.items()))).collect();
            let cut = |(id, rows): (i32, Vec<i32>)| (id, part.cut(rows.into_iter().rev().collect()));
            let expected: Graph = stock::keyword_items().into_iter().map(cut).collect();
            assert_eq!(found, expected, "{strategy:?}, {part:?}, {window}\n{}", query.to_sql());
        }
    }
}

#[tokio::test]
async fn what_an_address_leads_to() {
    let world = stock::world().await;
    let bounces = [Some(1), Some(0), Some(5), Some(0), Some(0)];
    for [user, dingaling, bounce] in mixtures() {
        for part in PARTS {
            let query = part.of(Address::query().order_by(Address.id.asc()));
            let query = query
                .with(Address.user.under(user))
                .with(Address.dingaling.under(dingaling))
                .with(Address.bounce.under(bounce));
            let rows = run(&world, &query).await;
            let users: Vec<_> = rows.iter().map(|row| (row.id, row.user().map(|user| user.id))).collect();
            assert_eq!(users, part.cut(stock::ADDRESS_USER.to_vec()), "{}", query.to_sql());
            let dingalings: Vec<_> = rows.iter().map(|row| (row.id, row.dingaling().map(|ding| ding.id))).collect();
            assert_eq!(dingalings, part.cut(stock::ADDRESS_DINGALING.to_vec()), "{}", query.to_sql());
            let found: Vec<_> = rows.iter().map(|row| row.bounce().bounces).collect();
            assert_eq!(found, part.cut(bounces.to_vec()), "{}", query.to_sql());
        }
    }
}

#[tokio::test]
async fn what_an_order_and_a_dingaling_lead_to() {
    let world = stock::world().await;
    for [address, owner, ding, user] in mixtures() {
        let load = Order.address.under(address).with(Address.user.under(owner)).with(Address.dingaling.under(ding));
        let query = Order::query().order_by(Order.id.asc()).with(load).with(Order.user.under(user));
        let orders = run(&world, &query).await;
        let found: Vec<_> = orders.iter().map(|row| (row.id, row.address().map(|address| address.id))).collect();
        assert_eq!(found, stock::ORDER_ADDRESS, "{}", query.to_sql());
        for order in &orders {
            assert_eq!(order.user().map(|user| user.id), order.user_id);
            let Some(address) = order.address() else { continue };
            assert_eq!((address.id, address.user().map(|user| user.id)), stock::ADDRESS_USER[address.id as usize - 1]);
            assert!(address.dingaling().is_none());
        }

        let load = Dingaling.address.under(address).with(Address.user.under(owner)).with(Address.bounce.under(ding));
        let query = Dingaling::query().order_by(Dingaling.id.asc()).with(load);
        let dingalings = run(&world, &query).await;
        let found: Vec<_> = dingalings
            .iter()
            .filter_map(|row| row.address())
            .map(|address| (address.id, address.user().map(|user| user.id), address.bounce().bounces))
            .collect();
        assert_eq!(found, [(2, Some(8), Some(0)), (5, Some(9), Some(0))], "{}", query.to_sql());
    }
}

#[tokio::test]
async fn k1_users_orders_items_keywords() {
    let world = stock::world().await;
    let parts: [[Page; 4]; 9] = [
        [Page::ALL; 4],
        [Page::first(2), Page::ALL, Page::ALL, Page::ALL],
        [Page::part(1, 2), Page::ALL, Page::ALL, Page::first(1)],
        [Page::ALL, Page::first(1), Page::ALL, Page::ALL],
        [Page::ALL, Page::ALL, Page::part(1, 1), Page::ALL],
        [Page::ALL, Page::ALL, Page::ALL, Page::after(2)],
        [Page::first(1), Page::after(1), Page::first(2), Page::part(1, 2)],
        [Page::ALL, Page::first(2), Page::first(2), Page::first(2)],
        [Page::after(2), Page::ALL, Page::first(0), Page::first(2)],
    ];
    for strategies in mixtures::<3>() {
        let apart = strategies.iter().filter(|strategy| **strategy == SelectIn).count();
        for (parts, window) in parts.iter().flat_map(|parts| [(*parts, false), (*parts, true)]) {
            let query = stock::chain_under(strategies, parts, window);
            // Collections inside each other are joined as they are asked for.
            assert_eq!(query.plan().statements(), 1 + apart, "{}", query.plan());
            let users = run(&world, &query).await;
            let expected = stock::chain(parts);
            assert_eq!(stock::chain_of(&users), expected, "{strategies:?}, {parts:?}, {window}\n{}", query.to_sql());
        }
        let listener = listen();
        let users = stock::chain_under(strategies, [Page::ALL; 4], false).all(&world.pool).await.unwrap();
        assert_eq!(listener.take().len(), 1 + apart, "no level is empty");
        let item = &users[0].orders()[0].items()[0];
        let mut names: Vec<&str> = item.keywords().iter().map(|keyword| keyword.name.as_str()).collect();
        names.sort_unstable();
        assert_eq!((item.description.as_str(), names), ("item 1", vec!["big", "red", "round"]));
    }
}

#[tokio::test]
async fn k1_users_orders_items_keywords_by_the_entities_between_them() {
    use crate::support::stock::{ItemKeyword, OrderItem};
    let world = stock::world().await;
    let everything = stock::chain([Page::ALL; 4]);
    for [orders, lines, item, tags, keyword] in mixtures() {
        let load =
            Item.tags.order_by(ItemKeyword.keyword_id.asc()).under(tags).with(ItemKeyword.keyword.under(keyword));
        let load = OrderItem.item.under(item).with(load);
        let load = Order.lines.order_by(OrderItem.item_id.asc()).under(lines).with(load);
        let query = User::query().order_by(User.id.asc()).with(User.orders.under(orders).with(load));
        let mut found: stock::Chain = Vec::new();
        for user in run(&world, &query).await {
            let mut orders = Vec::new();
            for order in user.orders() {
                let items = order.lines().iter().map(|line| line.item());
                let keywords = items.map(|item| (item.id, item.tags().iter().map(|tag| tag.keyword().id).collect()));
                orders.push((order.id, keywords.collect::<Graph>()));
            }
            found.push((user.id, orders));
        }
        assert_eq!(found, everything, "{}", query.to_sql());
    }
}

#[tokio::test]
async fn verbs_count_users_whatever_is_joined_to_them() {
    let world = stock::world().await;
    let whole = stock::user_all();
    for strategies in mixtures() {
        let query = stock::all_under(strategies).order_by(User.id.asc());
        let first = query.first(&world.pool).await.unwrap().unwrap();
        assert_eq!(stock::all_of(&[first]), whole[..1], "{}", query.to_sql());
        assert_eq!(query.count(&world.pool).await.unwrap(), 4);
        assert_eq!(query.clone().offset(1).limit(2).count(&world.pool).await.unwrap(), 2);
        assert_eq!(query.one(&world.pool).await.unwrap_err().kind(), ErrorKind::SeveralRows);
        assert_eq!(query.at_most_one(&world.pool).await.unwrap_err().kind(), ErrorKind::SeveralRows);

        // One user of many rows is one row.
        let query = query.filter(User.name.eq("jack"));
        assert_eq!(stock::all_of(&[query.one(&world.pool).await.unwrap()]), whole[..1], "{}", query.to_sql());
        assert!(query.at_most_one(&world.pool).await.unwrap().is_some());
        assert!(query.exists(&world.pool).await.unwrap());
        let none = query.filter(User.id.eq(8));
        assert!(none.first(&world.pool).await.unwrap().is_none() && !none.exists(&world.pool).await.unwrap());
        let found = stock::all_under(strategies).filter(User.id.eq(9)).all(&world.pool).await.unwrap();
        assert_eq!(stock::all_of(&found), whole[2..3]);
    }
}
