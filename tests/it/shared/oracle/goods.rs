//! Goods of a shop: keys of several columns, of text, of other width, and such as the database alone compares.
//!
//! The key of `branches` is a text and an `int2`, and what refers to it is an `int8` and a text. `items` shares a column of
//! its own key with the keys of others. `rates` has floats, whose two zeros are equal, and `tags` texts whose case
//! makes no difference.

pub mod model;
pub mod about;
mod filter;
mod query;

use proptest::collection::{btree_map, vec};
use proptest::option;
use proptest::prelude::*;
use proptest::sample::select;
use serde_json::{Value, json};

use super::case::Data;
use super::sides::{some, text};

pub use query::SKELETONS;

pub const TABLES: &str = "
CREATE COLLATION ci (provider = icu, locale = 'und-u-ks-level2', deterministic = false);
CREATE TABLE branches (number smallint, name text NOT NULL, city text, PRIMARY KEY (city, number));
CREATE TABLE brands (name text PRIMARY KEY, country text);
CREATE TABLE rates (value float8 PRIMARY KEY, name text NOT NULL);
CREATE TABLE tags (code text COLLATE ci PRIMARY KEY, weight int);
CREATE TABLE items (sku int, name text NOT NULL, city text, branch_number bigint, home_number bigint, home_city text,
    replaces int, sold bool NOT NULL, brand text NOT NULL, rate float8, best_of float8, PRIMARY KEY (sku, city));
CREATE TABLE branch_tags (tag text COLLATE ci NOT NULL, number int, city text);
CREATE TABLE stocks (id bigint PRIMARY KEY, sku int NOT NULL, item_city text NOT NULL, number smallint NOT NULL,
    city text NOT NULL, amount int);
";

fn city() -> impl Strategy<Value = &'static str> {
    select(vec!["", "a", "A"])
}

fn rate() -> impl Strategy<Value = f64> {
    select(vec![0.0, -0.0, 0.1, 2.5])
}

fn tag() -> impl Strategy<Value = &'static str> {
    select(vec!["a", "A", "b", "é", ""])
}

/// What an item is made of besides its key: its name, its branch, its home, what it replaces, its brand and its rates.
type Item = (String, Option<i64>, (Option<i64>, Option<&'static str>), Option<i32>, (bool, String), [Option<f64>; 2]);

fn item() -> impl Strategy<Value = Item> {
    // Beyond an `int2`, so that no branch has it.
    let wide = || option::weighted(0.8, prop_oneof![8 => 1..4_i64, 1 => Just(70_000_i64)]);
    let rates = (option::weighted(0.8, rate()), option::weighted(0.4, rate())).prop_map(|(one, best)| [one, best]);
    let home = (wide(), option::weighted(0.8, city()));
    (text(), wide(), home, option::of(1..7_i32), (any::<bool>(), text()), rates)
}

pub fn data() -> BoxedStrategy<Data> {
    let number = || 1..4_i16;
    (
        some(8, |size| btree_map((city(), number()), text(), size)),
        vec((text(), option::of(city())), 0..8),
        some(6, |size| vec((rate(), text()), size)),
        some(7, |size| vec((tag(), option::of(0..3_i32)), size)),
        some(16, |size| btree_map((1..7_i32, city()), item(), size)),
        some(20, |size| vec((tag(), number(), city()), size)),
        some(30, |size| vec((1..7_i32, city(), number(), city(), option::of(0..3_i32)), size)),
        // Now and then a brand is not there, and one rate is the best of two items.
        (prop::bool::weighted(0.25), prop::bool::weighted(0.3)),
    )
        .prop_map(|(branches, mut brands, rates, tags, items, branch_tags, stocks, (loose, double))| {
            if !loose {
                brands.extend(items.values().map(|(.., (_, brand), _)| (brand.clone(), None)));
            }
            let mut best = Vec::new();
            let items = items.into_iter().map(|((sku, city), item)| {
                let (name, branch, home, replaces, (sold, brand), [rate, best_of]) = item;
                let best_of = best_of.filter(|of| double || !best.contains(of));
                best.extend(best_of);
                json!({
                    "sku": sku, "name": name, "city": city, "branch_number": branch, "home_number": home.0,
                    "home_city": home.1, "replaces": replaces, "sold": sold, "brand": brand, "rate": rate,
                    "best_of": best_of,
                })
            });
            let branch = |((city, number), name)| json!({"number": number, "name": name, "city": city});
            let brand = |(name, country): &(String, _)| (name.clone(), json!({"name": name, "country": country}));
            // Both zeros are one to the database, and so are a letter's two cases.
            let rate = |(value, name): &(f64, _)| ((value + 0.0).to_bits(), json!({"value": value, "name": name}));
            let tag = |(code, weight): &(&str, _)| (code.to_lowercase(), json!({"code": code, "weight": weight}));
            let branch_tag = |(tag, number, city)| json!({"tag": tag, "number": number, "city": city});
            let stock = |(id, (sku, item_city, number, city, amount))| {
                json!({
                    "id": id, "sku": sku, "item_city": item_city, "number": number, "city": city, "amount": amount,
                })
            };
            Data(vec![
                ("branches", branches.into_iter().map(branch).collect()),
                ("brands", once(&brands, brand)),
                ("rates", once(&rates, rate)),
                ("tags", once(&tags, tag)),
                ("items", items.collect()),
                ("branch_tags", branch_tags.into_iter().map(branch_tag).collect()),
                ("stocks", stocks.into_iter().enumerate().map(stock).collect()),
            ])
        })
        .boxed()
}

/// Rows, the first one of each key.
fn once<T, K: PartialEq>(rows: &[T], row: impl Fn(&T) -> (K, Value)) -> Vec<Value> {
    let mut all: Vec<(K, Value)> = Vec::new();
    for (key, value) in rows.iter().map(row) {
        if all.iter().all(|(known, _)| *known != key) {
            all.push((key, value));
        }
    }
    all.into_iter().map(|(_, value)| value).collect()
}
