//! The shapes of the shop's rows.

use relata::prelude::*;
use serde::Serialize;

use super::super::super::goods::about::{
    BRANCH, BRANCH_ITEMS, BRANCHES, ITEMS, PREDECESSOR, RATES, STOCKED, STOCKED_AT, SUCCESSORS, TAX,
};
use super::super::super::goods::model::{Branch, Item, Rate};
use super::super::by::Fold;
use super::{ALL, Fields, Shaped, along, entity, fold, many, maybe, shaped, view};

#[derive(View, Serialize)]
#[view(Branch)]
struct Store {
    name: String,
    #[view(min = stocked.name)]
    first: Option<String>,
    #[view(count = items, filter = sold.eq(true))]
    sold: i64,
    #[view(joined, order_by = (name.desc(), sku))]
    items: Vec<Article>,
    #[view(order_by = (sku, city.desc()), limit = 2)]
    stocked: Vec<Item>,
}

#[derive(View, Serialize)]
#[view(Item)]
struct Article {
    sold: bool,
    #[view(path = predecessor.branch.name)]
    before: Option<String>,
    #[view(select_in)]
    tax: Option<Rate>,
    #[view(joined, order_by = sku)]
    successors: Vec<Successor>,
}

#[derive(View, Serialize)]
#[view(Item)]
struct Successor {
    name: String,
    #[view(count_distinct = stocked_at.number)]
    places: i64,
    #[view(joined)]
    branch: Option<Branch>,
}

fn article() -> Fields {
    let successor = view(&ITEMS)
        .columns(["name"])
        .field("places", fold(Fold::Distinct, [&STOCKED_AT], "number", None))
        .field("branch", maybe(&BRANCH, entity(&BRANCHES)));
    view(&ITEMS)
        .columns(["sold"])
        .field("before", along([&PREDECESSOR, &BRANCH], "name"))
        .field("tax", maybe(&TAX, entity(&RATES)))
        .field("successors", many(&SUCCESSORS, [("sku", false)], ALL, successor))
}

fn store() -> Fields {
    view(&BRANCHES)
        .columns(["name"])
        .field("first", fold(Fold::Min, [&STOCKED], "name", None))
        .field("sold", fold(Fold::Rows, [&BRANCH_ITEMS], "sku", Some("sold")))
        .field("items", many(&BRANCH_ITEMS, [("name", true), ("sku", false)], ALL, article()))
        .field("stocked", many(&STOCKED, [("sku", false), ("city", true)], [0, 2], entity(&ITEMS)))
}

pub fn of_branch() -> Vec<Shaped<Branch>> {
    shaped! {
        |query| query.view::<Store>() => store();
        |query| query.with(Branch.stocked.order_by(Item.city.asc()).order_by(Item.sku.desc()).joined().view::<Article>())
            => entity(&BRANCHES).field("stocked", many(&STOCKED, [("city", false), ("sku", true)], ALL, article()));
    }
}

pub fn of_item() -> Vec<Shaped<Item>> {
    shaped! {
        |query| query.view::<Article>() => article();
        |query| query.with(Item.branch.view::<Store>()).with(Item.successors.order_by(Item.sku.asc()).limit(1))
            => entity(&ITEMS)
                .field("branch", maybe(&BRANCH, store()))
                .field("successors", many(&SUCCESSORS, [("sku", false)], [0, 1], entity(&ITEMS)));
    }
}
