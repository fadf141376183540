//! The entities of the shop.

use relata::prelude::*;
use serde::Serialize;

#[derive(Entity, Debug, Clone, Serialize)]
#[entity(table = "branches")]
#[has_many(items: Vec<Item>, by = (city, branch_number))]
#[has_many(sold: Vec<Item>, by = (city, branch_number), only = (sold = true), order_by = (name desc))]
#[has_many(at_home: Vec<Item>, by = (home_city, home_number))]
#[many_to_many(tags: Vec<Tag>, through = "branch_tags", by = ((city, number), tag))]
#[many_to_many(stocked: Vec<Item>, through = Stock, by = (branch, item))]
pub struct Branch {
    pub name: String,
    #[key]
    pub city: String,
    #[key]
    pub number: i16,
}

#[derive(Entity, Debug, Clone, Serialize)]
#[entity(table = "items")]
#[belongs_to(branch: Option<Branch>, by = (city, branch_number))]
#[belongs_to(home: Option<Branch>, by = (home_city, home_number))]
#[belongs_to(predecessor: Option<Item>, by = (replaces, city))]
#[has_many(successors: Vec<Item>, by = (replaces, city))]
#[belongs_to(maker: Brand, by = brand)]
#[belongs_to(tax: Option<Rate>, by = rate)]
#[many_to_many(stocked_at: Vec<Branch>, through = Stock, by = (item, branch))]
pub struct Item {
    #[key]
    pub sku: i32,
    pub name: String,
    #[key]
    pub city: String,
    pub branch_number: Option<i64>,
    pub home_number: Option<i64>,
    pub home_city: Option<String>,
    pub replaces: Option<i32>,
    pub sold: bool,
    pub brand: String,
    pub rate: Option<f64>,
    pub best_of: Option<f64>,
}

#[derive(Entity, Debug, Clone, Serialize)]
#[entity(table = "brands")]
#[has_many(goods: Vec<Item>, by = brand)]
pub struct Brand {
    #[key]
    pub name: String,
    pub country: Option<String>,
}

#[derive(Entity, Debug, Clone, Serialize)]
#[entity(table = "rates")]
#[has_many(taxed: Vec<Item>, by = rate)]
#[has_one(best: Option<Item>, by = best_of)]
pub struct Rate {
    #[key]
    pub value: f64,
    pub name: String,
}

#[derive(Entity, Debug, Clone, Serialize)]
#[entity(table = "tags")]
#[many_to_many(branches: Vec<Branch>, through = "branch_tags", by = (tag, (city, number)))]
pub struct Tag {
    #[key]
    #[column(compare = database)]
    pub code: String,
    pub weight: Option<i32>,
}

#[derive(Entity, Debug, Clone, Serialize)]
#[entity(table = "stocks")]
#[belongs_to(item: Item, by = (sku, item_city))]
#[belongs_to(branch: Branch, by = (city, number))]
pub struct Stock {
    #[key]
    pub id: i64,
    pub sku: i32,
    pub item_city: String,
    pub number: i16,
    pub city: String,
    pub amount: Option<i32>,
}
