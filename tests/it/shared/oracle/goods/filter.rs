//! What is asked of the shop's rows.

use proptest::prelude::*;

use super::super::asked::{Relation, Sort};
use super::super::sides::{Both, Quantifier, joined, quantifier, quote, sorted, text};
use super::about::{BRANCH_ITEMS, BRANCH_TAGS, SOLD, STOCKED, STOCKED_AT, SUCCESSORS};
use super::model::{Branch, Brand, Item, Rate, Stock, Tag};
use super::{city, rate, tag};

type Leaf<E> = BoxedStrategy<Both<E>>;

const BRANCH_NAME: &str = "(SELECT one.name FROM branches one
    WHERE one.city = @.city AND one.number = @.branch_number)";
const TAX_NAME: &str = "(SELECT one.name FROM rates one WHERE one.value = @.rate)";
const PREDECESSORS_MAKER: &str = "(SELECT two.country FROM items one, brands two
    WHERE one.sku = @.replaces AND one.city = @.city AND two.name = one.brand)";

macro_rules! of {
    ($of:expr, $relation:expr, $condition:expr) => {
        match $of {
            Quantifier::Any => $relation.any($condition),
            Quantifier::None => $relation.none($condition),
            Quantifier::Every => $relation.every($condition),
        }
    };
}

pub fn of_branch(depth: u32) -> Leaf<Branch> {
    let own = prop_oneof![
        text().prop_map(|name| Both::new(Branch.name.le(&name), format!("@.name <= {}", quote(&name)))),
        city().prop_map(|city| Both::new(Branch.city.ne(city), format!("@.city <> {}", quote(city)))),
        (1..4_i16).prop_map(|number| Both::new(Branch.number.ge(number), format!("@.number >= {number}"))),
    ];
    if depth == 0 {
        return own.boxed();
    }
    let items = (quantifier(), 0..3, joined(of_item(depth - 1))).prop_map(|(of, which, condition)| {
        let inner = condition.predicate();
        let (predicate, path): (_, &[&Relation]) = match which {
            0 => (of!(of, Branch.items, inner), &[&BRANCH_ITEMS]),
            1 => (of!(of, Branch.sold, inner), &[&SOLD]),
            _ => (of!(of, Branch.stocked, inner), &[&STOCKED]),
        };
        Both::counted(predicate, path, of, &condition)
    });
    let tags = (quantifier(), joined(of_tag(0))).prop_map(|(of, condition)| {
        Both::counted(of!(of, Branch.tags, condition.predicate()), &[&BRANCH_TAGS], of, &condition)
    });
    prop_oneof![4 => own, 2 => items, 1 => tags].boxed()
}

pub fn of_item(depth: u32) -> Leaf<Item> {
    let own = prop_oneof![
        any::<bool>().prop_map(|sold| Both::new(Item.sold.eq(sold), format!("@.sold = {sold}"))),
        (1..7_i32).prop_map(|sku| Both::new(Item.sku.ne(sku), format!("@.sku <> {sku}"))),
        rate().prop_map(|rate| Both::new(Item.rate.eq(rate), format!("@.rate = '{rate:?}'"))),
        text().prop_map(|name| { Both::new(Item.branch.name.eq(&name), format!("{BRANCH_NAME} = {}", quote(&name))) }),
        Just(Both::new(
            Item.home.name.is_null(),
            "(SELECT one.name FROM branches one
            WHERE one.city = @.home_city AND one.number = @.home_number) IS NULL"
        )),
        text().prop_map(|name| Both::new(Item.tax.name.gt(&name), format!("{TAX_NAME} > {}", quote(&name)))),
        Just(Both::new(Item.predecessor.maker.country.is_not_null(), format!("{PREDECESSORS_MAKER} IS NOT NULL"))),
    ];
    if depth == 0 {
        return own.boxed();
    }
    let others = (quantifier(), joined(of_item(depth - 1))).prop_map(|(of, condition)| {
        Both::counted(of!(of, Item.successors, condition.predicate()), &[&SUCCESSORS], of, &condition)
    });
    let branches = (quantifier(), joined(of_branch(depth - 1))).prop_map(|(of, condition)| {
        Both::counted(of!(of, Item.stocked_at, condition.predicate()), &[&STOCKED_AT], of, &condition)
    });
    prop_oneof![4 => own, 1 => others, 1 => branches].boxed()
}

pub fn of_brand(_: u32) -> Leaf<Brand> {
    prop_oneof![
        text().prop_map(|name| Both::new(Brand.name.ge(&name), format!("@.name >= {}", quote(&name)))),
        Just(Both::new(Brand.country.is_null(), "@.country IS NULL")),
    ]
    .boxed()
}

pub fn of_rate(_: u32) -> Leaf<Rate> {
    prop_oneof![
        rate().prop_map(|rate| Both::new(Rate.value.ge(rate), format!("@.value >= '{rate:?}'"))),
        text().prop_map(|name| Both::new(Rate.name.ne(&name), format!("@.name <> {}", quote(&name)))),
    ]
    .boxed()
}

pub fn of_tag(_: u32) -> Leaf<Tag> {
    prop_oneof![
        tag().prop_map(|tag| Both::new(Tag.code.eq(tag), format!("@.code = {}", quote(tag)))),
        (0..3_i32).prop_map(|weight| Both::new(Tag.weight.lt(weight), format!("@.weight < {weight}"))),
    ]
    .boxed()
}

pub fn of_stock(_: u32) -> Leaf<Stock> {
    let sold = "(SELECT one.sold FROM items one WHERE one.sku = @.sku AND one.city = @.item_city)";
    prop_oneof![
        (0..3_i32).prop_map(|amount| Both::new(Stock.amount.gt(amount), format!("@.amount > {amount}"))),
        Just(Both::new(Stock.amount.is_null(), "@.amount IS NULL")),
        Just(Both::new(Stock.item.sold.eq(false), format!("{sold} = false"))),
    ]
    .boxed()
}

pub fn by_branch() -> BoxedStrategy<Sort> {
    sorted(vec![
        (Branch.name.asc(), Branch.name.desc(), "@.name"),
        (Branch.number.asc(), Branch.number.desc(), "@.number"),
    ])
}

pub fn by_item() -> BoxedStrategy<Sort> {
    sorted(vec![
        (Item.name.asc(), Item.name.desc(), "@.name"),
        (Item.city.asc(), Item.city.desc(), "@.city"),
        (Item.home_number.asc(), Item.home_number.desc(), "@.home_number"),
        // The two zeros tie.
        (Item.rate.asc(), Item.rate.desc(), "(@.rate + 0)"),
        (Item.branch.name.asc(), Item.branch.name.desc(), BRANCH_NAME),
    ])
}

pub fn by_brand() -> BoxedStrategy<Sort> {
    sorted(vec![(Brand.country.asc(), Brand.country.desc(), "@.country")])
}

pub fn by_rate() -> BoxedStrategy<Sort> {
    sorted(vec![(Rate.name.asc(), Rate.name.desc(), "@.name"), (Rate.value.asc(), Rate.value.desc(), "(@.value + 0)")])
}

pub fn by_tag() -> BoxedStrategy<Sort> {
    sorted(vec![(Tag.weight.asc(), Tag.weight.desc(), "@.weight"), (Tag.code.asc(), Tag.code.desc(), "@.code")])
}

pub fn by_stock() -> BoxedStrategy<Sort> {
    let branch = "(SELECT one.name FROM branches one WHERE one.city = @.city AND one.number = @.number)";
    sorted(vec![
        (Stock.amount.asc(), Stock.amount.desc(), "@.amount"),
        (Stock.branch.name.asc(), Stock.branch.name.desc(), branch),
    ])
}
