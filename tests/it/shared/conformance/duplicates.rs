//! Group B: rows are neither doubled by what is loaded beside them, nor lost by what filters them.

use relata::prelude::*;

use crate::support::World;
use crate::support::stock::{self, Address, Item, ItemKeyword, Keyword, User, graph_of, ids};
use crate::support::trace::listen;
use crate::support::twins::{SelectIn, Under, mixtures};

#[tokio::test]
async fn b2_a_to_one_load_doubles_no_row() {
    let world = stock::world().await;
    for [strategy] in mixtures() {
        let query = Address::query().order_by(Address.id.asc()).with(Address.user.under(strategy));
        let addresses = query.all(&world.pool).await.unwrap();
        let users: Vec<_> = addresses.iter().map(|address| (address.id, address.user().map(|user| user.id))).collect();
        assert_eq!(users, stock::ADDRESS_USER);
        let names = addresses.iter().filter_map(|address| address.user()).map(|user| user.name.as_str());
        assert_eq!(names.collect::<Vec<_>>(), ["jack", "ed", "ed", "ed", "fred"]);
    }
}

#[tokio::test]
async fn b4_sibling_collections_do_not_multiply() {
    let world = stock::world().await;
    let listener = listen();
    let users = stock::whole().order_by(User.id.asc()).all(&world.pool).await.unwrap();
    assert_eq!(graph_of(&users), stock::user_all());
    let mut rows: Vec<_> = listener.take().into_iter().filter_map(|ran| Some((ran.path, ran.rows?))).collect();
    rows.sort();
    let rows: Vec<(&str, u64)> = rows.iter().map(|(path, rows)| (path.as_str(), *rows)).collect();
    assert_eq!(rows, [("User", 4), ("User.addresses", 5), ("User.orders", 5), ("User.orders.lines", 12)]);

    for strategies in mixtures() {
        let users = stock::all_under(strategies).order_by(User.id.asc()).all(&world.pool).await.unwrap();
        assert_eq!(stock::all_of(&users), stock::user_all(), "{strategies:?}");
    }
}

#[tokio::test]
async fn b9_a_filter_across_a_relation_leaves_the_loaded_collection_whole() {
    let world = stock::world().await;
    let keywords = |item: &loaded!(Item { tags { keyword } })| {
        item.tags().iter().map(|tag| tag.keyword().id).collect::<Vec<i32>>()
    };
    for [tags, keyword] in mixtures() {
        let load = Item.tags.order_by(ItemKeyword.keyword_id.asc()).under(tags);
        let query = Item::query()
            .filter(Item.tags.any(ItemKeyword.keyword.name.eq("red")))
            .order_by(Item.id.asc())
            .with(load.with(ItemKeyword.keyword.under(keyword)));
        let items = query.all(&world.pool).await.unwrap();
        let found: Vec<_> = items.iter().map(|item| (item.id, keywords(item))).collect();
        assert_eq!(found, stock::item_keywords()[..2]);
        assert_eq!(items[0].tags()[0].keyword().name, "red");

        // The same by the many-to-many itself, with a page of the items.
        let load = Item.keywords.order_by(Keyword.id.asc()).under(tags);
        let query = Item::query().filter(Item.keywords.any(Keyword.name.eq("red"))).order_by(Item.id.asc()).with(load);
        let all = query.clone().all(&world.pool).await.unwrap();
        let found: Vec<_> = all.iter().map(|item| (item.id, ids!(item.keywords()))).collect();
        assert_eq!(found, stock::item_keywords()[..2]);
        let page = query.limit(1).offset(1).all(&world.pool).await.unwrap();
        let found: Vec<_> = page.iter().map(|item| (item.id, ids!(item.keywords()))).collect();
        assert_eq!(found, stock::item_keywords()[1..2]);
    }
}

#[tokio::test]
async fn b10_a_filter_on_the_table_that_is_loaded_leaves_the_collection_whole() {
    let world = stock::world().await;
    for [strategy] in mixtures() {
        let query = User::query()
            .filter(User.addresses.any(Address.email_address.eq("ed@lala.com")))
            .with(User.addresses.order_by(Address.id.asc()).under(strategy));
        for query in [query.clone(), query.limit(4)] {
            let users = query.all(&world.pool).await.unwrap();
            let found: Vec<_> = users.iter().map(|user| (user.id, ids!(user.addresses()))).collect();
            assert_eq!(found, stock::user_addresses()[1..2]);
        }
    }
}

/// Fixture "SelDedup": an address may have several dingalings.
mod dingalings {
    use relata::prelude::*;

    #[derive(Entity, Debug, Clone, PartialEq)]
    #[entity(table = "users")]
    #[has_many(addresses: Vec<Address>, by = user_id)]
    pub struct User {
        #[key]
        pub id: i32,
    }

    #[derive(Entity, Debug, Clone, PartialEq)]
    #[entity(table = "addresses")]
    #[has_many(dingalings: Vec<Dingaling>, by = address_id)]
    pub struct Address {
        #[key]
        pub id: i32,
        pub user_id: i32,
    }

    #[derive(Entity, Debug, Clone, PartialEq)]
    #[entity(table = "dingalings")]
    pub struct Dingaling {
        #[key]
        pub id: i32,
        pub address_id: i32,
    }

    pub const SCRIPT: &str = "CREATE TABLE users (id int PRIMARY KEY);
        CREATE TABLE addresses (id int PRIMARY KEY, user_id int NOT NULL REFERENCES users);
        CREATE TABLE dingalings (id int PRIMARY KEY, address_id int NOT NULL REFERENCES addresses);
        INSERT INTO users VALUES (1), (2); INSERT INTO addresses VALUES (1, 1), (2, 1), (3, 2);
        INSERT INTO dingalings VALUES (1, 1), (2, 1), (3, 3);";
}

#[tokio::test]
async fn b6_a_collection_joined_below_a_collection_doubles_no_row() {
    use dingalings::{Address, Dingaling, User};
    let world = World::new(dingalings::SCRIPT).await;
    let listener = listen();
    let expected = [vec![(1, vec![1, 2]), (2, vec![])], vec![(3, vec![3])]];
    for [addresses, dingalings] in mixtures() {
        let load = User.addresses.order_by(Address.id.asc()).under(addresses);
        let load = load.with(Address.dingalings.order_by(Dingaling.id.asc()).under(dingalings));
        let users = User::query().order_by(User.id.asc()).with(load.clone()).all(&world.pool).await.unwrap();
        let apart = [addresses, dingalings].iter().filter(|strategy| **strategy == SelectIn).count();
        assert_eq!(listener.take().len(), 1 + apart);
        let below = |user: &loaded!(User { addresses { dingalings } })| {
            user.addresses().iter().map(|row| (row.id, ids!(row.dingalings()))).collect::<Vec<_>>()
        };
        assert_eq!(users.iter().map(below).collect::<Vec<_>>(), expected);
        // Nor does it count as a row of the addresses' limit.
        for (load, rows) in [(load.clone().limit(2), 2), (load.clone().limit(1), 1), (load.limit(1).window(), 1)] {
            let query = User::query().order_by(User.id.asc()).with(load);
            let users = query.all(&world.pool).await.unwrap();
            let found: Vec<_> = users.iter().map(below).collect();
            let expected: Vec<Vec<_>> = expected.iter().map(|all| all.iter().take(rows).cloned().collect()).collect();
            assert_eq!(found, expected, "{}", query.to_sql());
        }
        listener.take();
    }
}
