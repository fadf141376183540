//! Group B: rows are neither doubled by what is loaded beside them, nor lost by what filters them.

use relata::prelude::*;

use crate::support::stock::{self, Address, Item, ItemKeyword, User, graph_of, ids};
use crate::support::trace::listen;

#[tokio::test]
async fn b2_a_to_one_load_doubles_no_row() {
    let world = stock::world().await;
    let query = Address::query().order_by(Address.id.asc()).with(Address.user);
    let addresses = query.all(&world.pool).await.unwrap();
    let users: Vec<_> = addresses.iter().map(|address| (address.id, address.user().map(|user| user.id))).collect();
    assert_eq!(users, stock::ADDRESS_USER);
    let names: Vec<_> = addresses.iter().filter_map(|address| address.user()).map(|user| user.name.as_str()).collect();
    assert_eq!(names, ["jack", "ed", "ed", "ed", "fred"]);
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
    assert_eq!(rows[..4], [("User", 4), ("User.addresses", 5), ("User.orders", 5), ("User.orders.lines", 12)]);
}

#[tokio::test]
async fn b9_a_filter_across_a_relation_leaves_the_loaded_collection_whole() {
    let world = stock::world().await;
    let items = Item::query()
        .filter(Item.tags.any(ItemKeyword.keyword.name.eq("red")))
        .order_by(Item.id.asc())
        .with(Item.tags.order_by(ItemKeyword.keyword_id.asc()).with(ItemKeyword.keyword))
        .all(&world.pool)
        .await
        .unwrap();
    let keywords = |item: &loaded!(Item { tags { keyword } })| {
        item.tags().iter().map(|tag| tag.keyword().id).collect::<Vec<i32>>()
    };
    let found: Vec<_> = items.iter().map(|item| (item.id, keywords(item))).collect();
    assert_eq!(found, stock::item_keywords()[..2]);
    assert_eq!(items[0].tags()[0].keyword().name, "red");
}

#[tokio::test]
async fn b10_a_filter_on_the_table_that_is_loaded_leaves_the_collection_whole() {
    let world = stock::world().await;
    let users = User::query()
        .filter(User.addresses.any(Address.email_address.eq("ed@lala.com")))
        .with(User.addresses.order_by(Address.id.asc()))
        .all(&world.pool)
        .await
        .unwrap();
    let found: Vec<_> = users.iter().map(|user| (user.id, ids!(user.addresses()))).collect();
    assert_eq!(found, stock::user_addresses()[1..2]);
}
