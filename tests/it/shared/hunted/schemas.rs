//! Tables in a schema of their own, and two of one name in different schemas, wherever a query names a table.

use relata::prelude::*;
use relata::{Page, Window, count, exists, outer, raw, row_number, scalar};

use crate::support::World;

/// Shops of the one schema, and those of the other that they were taken from.
#[derive(Entity, Debug, Clone, PartialEq)]
#[entity(table = "shops", schema = "hunted_new")]
#[belongs_to(before: Option<OldShop>, by = old_id)]
#[has_many(sales: Vec<Sale>, by = shop_id)]
#[many_to_many(goods: Vec<Good>, through = "stock", through_schema = "hunted_old", by = (shop_id, good_id))]
struct Shop {
    #[key]
    id: i32,
    old_id: Option<i32>,
    name: String,
}

mod old {
    use super::*;

    /// The same name of the struct, of the table and of its relation.
    #[derive(Entity, Debug, Clone, PartialEq)]
    #[entity(table = "shops", schema = "hunted_old")]
    #[has_many(sales: Vec<super::Sale>, by = old_shop_id)]
    pub(super) struct Shop {
        #[key]
        pub(super) id: i32,
        name: String,
    }
}

use old::Shop as OldShop;

#[derive(Entity, Debug, Clone, PartialEq)]
#[entity(table = "sales", schema = "hunted_new")]
#[belongs_to(shop: Shop, by = shop_id)]
#[belongs_to(old_shop: Option<OldShop>, by = old_shop_id)]
struct Sale {
    #[key]
    id: i32,
    shop_id: i32,
    old_shop_id: Option<i32>,
    amount: i32,
}

#[derive(Entity, Debug, Clone, PartialEq)]
#[entity(table = "goods", schema = "hunted_old")]
#[many_to_many(shops: Vec<Shop>, through = "stock", through_schema = "hunted_old", by = (good_id, shop_id))]
struct Good {
    #[key]
    id: i32,
    name: String,
}

#[derive(View, Debug, PartialEq)]
#[view(Shop)]
struct Card {
    name: String,
    #[view(path = before.name)]
    before: Option<String>,
    #[view(sum = sales.amount)]
    sold: Option<i64>,
    #[view(order_by = id.desc(), limit = 1)]
    sales: Vec<SaleCard>,
    #[view(order_by = id.asc())]
    goods: Vec<Good>,
}

#[derive(View, Debug, PartialEq)]
#[view(Sale)]
struct SaleCard {
    amount: i32,
    #[view(path = old_shop.name)]
    old: Option<String>,
}

const SCRIPT: &str = "
    DROP SCHEMA IF EXISTS hunted_old CASCADE; DROP SCHEMA IF EXISTS hunted_new CASCADE;
    CREATE SCHEMA hunted_old; CREATE SCHEMA hunted_new;
    CREATE TABLE hunted_old.shops (id int PRIMARY KEY, name text NOT NULL);
    CREATE TABLE hunted_new.shops (id int PRIMARY KEY, old_id int REFERENCES hunted_old.shops, name text NOT NULL);
    CREATE TABLE hunted_new.sales (id int PRIMARY KEY, shop_id int NOT NULL, old_shop_id int, amount int NOT NULL);
    CREATE TABLE hunted_old.goods (id int PRIMARY KEY, name text NOT NULL);
    CREATE TABLE hunted_old.stock (shop_id int, good_id int);
    INSERT INTO hunted_old.shops VALUES (1, 'old one'), (2, 'old two');
    INSERT INTO hunted_new.shops VALUES (1, 2, 'new one'), (2, 1, 'new two'), (3, NULL, 'new three');
    INSERT INTO hunted_new.sales VALUES (1, 1, 1, 5), (2, 1, 2, 6), (3, 2, NULL, 7), (4, 1, 1, 8);
    INSERT INTO hunted_old.goods VALUES (1, 'tea'), (2, 'salt');
    INSERT INTO hunted_old.stock VALUES (1, 1), (1, 2), (1, 1), (2, 2);
    CREATE TABLE shops (id int PRIMARY KEY, old_id int, name text NOT NULL);";

/// One test for all of it: the schemas have their names, so there is one world of them.
#[tokio::test]
async fn tables_of_one_name_in_two_schemas_are_two() {
    let world = World::new(SCRIPT).await;
    let db = &world.pool;
    let by = Shop.id.asc();
    // Paths, and rows of both.
    let both = Shop::query().select((Shop.name, Shop.before.name)).order_by(by.clone()).all(db).await.unwrap();
    let named = |one: &str, other: Option<&str>| (one.to_owned(), other.map(str::to_owned));
    let expected = [named("new one", Some("old two")), named("new two", Some("old one")), named("new three", None)];
    assert_eq!(both, expected);
    let whole = Shop::query().filter(Shop.before.name.eq("old one")).select((Shop, Shop.before)).one(db).await.unwrap();
    assert_eq!((whole.0.id, whole.1.unwrap().id), (2, 1));
    // Joins that multiply rows.
    let each = Shop.sales.each();
    let sold = Shop::query().select((Shop.id, each.amount, each.old_shop.name)).order_by(each.id.asc());
    assert_eq!(sold.all(db).await.unwrap().len(), 4);
    let goods = Shop.goods.each_or_null();
    let stocked = Shop::query().select((Shop.id, goods.name)).order_by(by.clone()).order_by(goods.id.asc());
    let stocked: Vec<(i32, Option<String>)> = stocked.all(db).await.unwrap();
    assert_eq!(stocked.len(), 4);
    let both = Sale.shop.sales.each();
    let beside = Sale::query().select((Sale.id, both.id)).filter(Sale.id.lt(both.id)).order_by(Sale.id.asc());
    assert_eq!(beside.order_by(both.id.asc()).all(db).await.unwrap(), [(1, 2), (1, 4), (2, 4)]);
    // Across, with both entities around: the nearest of that entity is meant, and the structs have one name.
    let same = Shop.before.sales.any(Sale.amount.gt(7) & Sale.shop_id.ne(outer(Shop.id)));
    assert_eq!(ids(Shop::query().filter(same).all(db).await.unwrap()), [2]);
    let inner = Shop.before.sales.any(exists(OldShop::query().filter(OldShop.id.eq(outer(Shop.id)))));
    assert_eq!(ids(Shop::query().filter(inner).order_by(by.clone()).all(db).await.unwrap()), [1, 2]);
    let counts = Shop::query().select((Shop.id, Shop.sales.count(), Shop.goods.count(), Shop.before.sales.count()));
    assert_eq!(counts.order_by(by.clone()).all(db).await.unwrap(), [(1, 3, 2, 1), (2, 1, 1, 2), (3, 0, 0, 0)]);
    // Groups, windows, queries within queries.
    let groups = Sale::query().group_by((Sale.shop.name, Sale.old_shop.name)).select((
        Sale.shop.name,
        Sale.old_shop.name,
        count(),
    ));
    let groups = groups.order_by(Sale.shop.name.asc()).order_by(Sale.old_shop.name.asc()).all(db).await.unwrap();
    assert_eq!(groups.iter().map(|group| group.2).collect::<Vec<_>>(), [2, 1, 1]);
    let numbers = row_number().over(Window::new().partition_by(Sale.old_shop.id).order_by(Sale.id.desc()));
    let numbers = Sale::query().select((Sale.id, numbers)).order_by(Sale.id.asc()).all(db).await.unwrap();
    assert_eq!(numbers, [(1, 2), (2, 1), (3, 1), (4, 1)]);
    let named = Shop.id.is_in_rows(OldShop::query().select(OldShop.id));
    assert_eq!(ids(Shop::query().filter(named).order_by(by.clone()).all(db).await.unwrap()), [1, 2]);
    let most = scalar(OldShop::query().select(OldShop.id.max()));
    assert_eq!(ids(Shop::query().filter(Shop.id.gt(most)).all(db).await.unwrap()), [3]);
    // Set operations.
    let names = Shop::query().select(Shop.name).union(OldShop::query().select(OldShop.name)).order_by_position(1);
    assert_eq!(names.all(db).await.unwrap(), ["new one", "new three", "new two", "old one", "old two"]);
    let either = Shop::query().filter(Shop.id.eq(1)).union(Shop::query().filter(Shop.before.id.eq(1)));
    let either =
        either.with(Shop.before).with(Shop.goods.order_by(Good.id.asc())).order_by(by.clone()).all(db).await.unwrap();
    assert_eq!(either.iter().map(|shop| shop.goods().len()).collect::<Vec<_>>(), [2, 1]);
    // The program's own text.
    let long = raw::<_, i32>("length({}) + length({})", (Shop.name, Shop.before.name));
    let long = Shop::query().select(long).order_by(by.clone()).all(db).await.unwrap();
    assert_eq!(long, [Some(14), Some(14), None]);
    let text = Shop::from_sql("SELECT * FROM hunted_new.shops WHERE id < {}", (3,)).with(Shop.sales).with(Shop.before);
    assert_eq!(text.order_by(by.clone()).all(db).await.unwrap()[0].sales().len(), 3);
    // Pages, of the query and of each parent.
    let shops = Shop::query().order_by(Shop.before.name.desc().nulls_last()).limit(1);
    let (mut page, mut walked): (Page<Shop>, Vec<i32>) = (shops.page(db).await.unwrap(), Vec::new());
    while let Some(next) = page.next.clone() {
        walked.extend(page.rows.iter().map(|shop| shop.id));
        page = shops.clone().after(next).page(db).await.unwrap();
    }
    walked.extend(page.rows.iter().map(|shop| shop.id));
    assert_eq!(walked, [1, 2, 3]);
    let first =
        Shop::query().with(Shop.sales.first(2)).with(Shop.goods.first(1)).order_by(by.clone()).all(db).await.unwrap();
    let next = first.iter().filter_map(|shop| shop.sales().next.clone());
    let rest = Shop::query().with(Shop.sales.after(next).first(2)).order_by(by.clone()).all(db).await.unwrap();
    assert_eq!(rest[0].sales().iter().map(|sale| sale.id).collect::<Vec<_>>(), [4]);
    let next: Vec<_> = first.iter().filter_map(|shop| shop.goods().next.clone()).collect();
    assert_eq!(next.len(), 1);
    let rest = Shop::query().with(Shop.goods.after(next).first(1)).order_by(by.clone()).all(db).await.unwrap();
    assert_eq!(rest[0].goods().iter().map(|good| good.id).collect::<Vec<_>>(), [2]);
    // Views, and locks.
    let cards = Card::query().order_by(by.clone()).all(db).await.unwrap();
    assert_eq!(cards[0].sold, Some(19));
    assert_eq!(cards[0].sales, [SaleCard { amount: 8, old: Some("old one".into()) }]);
    assert_eq!((cards[0].goods.len(), cards[2].goods.len(), &cards[2].before), (2, 0, &None));
    let mut client = db.get().await.unwrap();
    let within = client.transaction().await.unwrap();
    let locked = Shop::query().filter(Shop.before.name.eq("old two")).limit(1).with(Shop.sales).for_update();
    assert_eq!(locked.all(&within).await.unwrap()[0].sales().len(), 3);
    let counted = Shop::query().limit(1).counted(&within).await.unwrap();
    assert_eq!((counted.rows.len(), counted.total), (1, 3));
}

fn ids(shops: Vec<Shop>) -> Vec<i32> {
    shops.into_iter().map(|shop| shop.id).collect()
}
