//! The shop in SQL: its tables and its relations.

use super::super::asked::{Link, Reach, Relation, Table};
use super::super::sides::{erased, joined};
use super::filter::{
    by_branch, by_brand, by_item, by_rate, by_stock, by_tag, of_branch, of_brand, of_item, of_rate, of_stock, of_tag,
};

macro_rules! table {
    ($entity:literal, $name:literal, $key:expr, $filter:ident, $sort:ident) => {
        Table { entity: $entity, name: $name, key: &$key, filter: |depth| erased(joined($filter(depth))), sort: $sort }
    };
}

pub static BRANCHES: Table = table!("Branch", "branches", ["city", "number"], of_branch, by_branch);
pub static ITEMS: Table = table!("Item", "items", ["sku", "city"], of_item, by_item);
pub static BRANDS: Table = table!("Brand", "brands", ["name"], of_brand, by_brand);
pub static RATES: Table = table!("Rate", "rates", ["value"], of_rate, by_rate);
pub static TAGS: Table = table!("Tag", "tags", ["code"], of_tag, by_tag);
pub static STOCKS: Table = table!("Stock", "stocks", ["id"], of_stock, by_stock);

const fn relation(
    name: &'static str,
    reach: Reach,
    [source, target]: [&'static Table; 2],
    from: &'static [&'static str],
    link: Link,
) -> Relation {
    Relation { name, reach, source, target, from, link, only: None, order: &[] }
}

const fn through(table: &'static str, near: &'static str, far: &'static str, entity: Option<&'static Table>) -> Link {
    Link::Through { table, near, far, only: None, entity }
}

const INSIDE: Link = Link::Direct("{t}.branch_number = {p}.number AND {t}.city = {p}.city");
const TAGGED: &str = "{a}.city = {t}.city AND {a}.number = {t}.number";

pub static BRANCH_ITEMS: Relation = relation("items", Reach::Many, [&BRANCHES, &ITEMS], &["city", "number"], INSIDE);
pub static SOLD: Relation = Relation {
    only: Some("{t}.sold"),
    order: &[("{t}.name", "DESC")],
    ..relation("sold", Reach::Many, [&BRANCHES, &ITEMS], &["city", "number"], INSIDE)
};
pub static AT_HOME: Relation = relation(
    "at_home",
    Reach::Many,
    [&BRANCHES, &ITEMS],
    &["city", "number"],
    Link::Direct("{t}.home_number = {p}.number AND {t}.home_city = {p}.city"),
);
pub static BRANCH_TAGS: Relation = relation(
    "tags",
    Reach::Many,
    [&BRANCHES, &TAGS],
    &["city", "number"],
    through("branch_tags", "{a}.city = {p}.city AND {a}.number = {p}.number", "{a}.tag = {t}.code", None),
);
pub static STOCKED: Relation = relation(
    "stocked",
    Reach::Many,
    [&BRANCHES, &ITEMS],
    &["city", "number"],
    through(
        "stocks",
        "{a}.city = {p}.city AND {a}.number = {p}.number",
        "{a}.sku = {t}.sku AND {a}.item_city = {t}.city",
        Some(&STOCKS),
    ),
);
pub static BRANCH: Relation = relation(
    "branch",
    Reach::Maybe,
    [&ITEMS, &BRANCHES],
    &["city", "branch_number"],
    Link::Direct("{t}.number = {p}.branch_number AND {t}.city = {p}.city"),
);
pub static HOME: Relation = relation(
    "home",
    Reach::Maybe,
    [&ITEMS, &BRANCHES],
    &["home_city", "home_number"],
    Link::Direct("{t}.number = {p}.home_number AND {t}.city = {p}.home_city"),
);
pub static PREDECESSOR: Relation = relation(
    "predecessor",
    Reach::Maybe,
    [&ITEMS, &ITEMS],
    &["replaces", "city"],
    Link::Direct("{t}.sku = {p}.replaces AND {t}.city = {p}.city"),
);
pub static SUCCESSORS: Relation = relation(
    "successors",
    Reach::Many,
    [&ITEMS, &ITEMS],
    &["sku", "city"],
    Link::Direct("{t}.replaces = {p}.sku AND {t}.city = {p}.city"),
);
pub static MAKER: Relation =
    relation("maker", Reach::Promised, [&ITEMS, &BRANDS], &["brand"], Link::Direct("{t}.name = {p}.brand"));
pub static GOODS: Relation =
    relation("goods", Reach::Many, [&BRANDS, &ITEMS], &["name"], Link::Direct("{t}.brand = {p}.name"));
pub static TAX: Relation =
    relation("tax", Reach::Maybe, [&ITEMS, &RATES], &["rate"], Link::Direct("{t}.value = {p}.rate"));
pub static TAXED: Relation =
    relation("taxed", Reach::Many, [&RATES, &ITEMS], &["value"], Link::Direct("{t}.rate = {p}.value"));
pub static BEST: Relation =
    relation("best", Reach::Maybe, [&RATES, &ITEMS], &["value"], Link::Direct("{t}.best_of = {p}.value"));
pub static STOCKED_AT: Relation = relation(
    "stocked_at",
    Reach::Many,
    [&ITEMS, &BRANCHES],
    &["sku", "city"],
    through("stocks", "{a}.sku = {p}.sku AND {a}.item_city = {p}.city", TAGGED, Some(&STOCKS)),
);
pub static TAG_BRANCHES: Relation = relation(
    "branches",
    Reach::Many,
    [&TAGS, &BRANCHES],
    &["code"],
    through("branch_tags", "{a}.tag = {p}.code", TAGGED, None),
);
pub static STOCK_ITEM: Relation = relation(
    "item",
    Reach::Promised,
    [&STOCKS, &ITEMS],
    &["sku", "item_city"],
    Link::Direct("{t}.sku = {p}.sku AND {t}.city = {p}.item_city"),
);
pub static STOCK_BRANCH: Relation = relation(
    "branch",
    Reach::Promised,
    [&STOCKS, &BRANCHES],
    &["city", "number"],
    Link::Direct("{t}.city = {p}.city AND {t}.number = {p}.number"),
);
