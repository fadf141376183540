//! The queries of the shop: every load that a tree can ask for.

use proptest::prelude::*;
use relata::prelude::*;

use super::super::asked::{Find, Given, Site, Skeleton, Tree};
use super::super::sides::{found, quote};
use super::super::typed::{Runs, Told, below, given, many, one, root, site, through};
use super::about::{
    AT_HOME, BEST, BRANCH, BRANCH_ITEMS, BRANCH_TAGS, BRANCHES, GOODS, HOME, ITEMS, MAKER, PREDECESSOR, RATES, SOLD,
    STOCKED, STOCKED_AT, SUCCESSORS, TAG_BRANCHES, TAGS, TAX, TAXED,
};
use super::model::{Branch, Brand, Item, Rate, Tag};
use super::{city, rate, tag};

pub static SKELETONS: &[Skeleton] = &[
    Skeleton {
        table: &BRANCHES,
        find: || {
            let key = (city(), 1..4_i16);
            key.prop_map(|(city, number)| {
                let sql = format!("@.city = {} AND @.number = {number}", quote(city));
                found(Branch::find((city, number)), sql)
            })
            .boxed()
        },
        query: of_branches,
        sites: &[
            site!(If BRANCH_ITEMS site!(If BRANCH site!(If BRANCH_TAGS)), site!(If HOME)),
            site!(If SOLD site!(If PREDECESSOR)),
            site!(If BRANCH_TAGS site!(If TAG_BRANCHES site!(If AT_HOME))),
            site!(If STOCKED site!(If STOCKED_AT), site!(If TAX)),
        ],
    },
    Skeleton {
        table: &ITEMS,
        find: || {
            let key = (1..7_i32, city());
            key.prop_map(|(sku, city)| {
                found(Item::find((sku, city)), format!("@.sku = {sku} AND @.city = {}", quote(city)))
            })
            .boxed()
        },
        query: of_items,
        sites: &[
            site!(If BRANCH site!(If STOCKED)),
            site!(If PREDECESSOR site!(If SUCCESSORS)),
            site!(If SUCCESSORS site!(If PREDECESSOR)),
            site!(Promised MAKER site!(If GOODS)),
            site!(If TAX site!(If TAXED site!(If TAX))),
            site!(If STOCKED_AT site!(If SOLD)),
        ],
    },
    Skeleton {
        table: &RATES,
        find: find_rate,
        query: of_rates,
        sites: &[site!(If TAXED site!(If BRANCH), site!(If PREDECESSOR)), site!(If BEST site!(If TAX))],
    },
    Skeleton {
        table: &TAGS,
        find: || tag().prop_map(|tag| found(Tag::find(tag), format!("@.code = {}", quote(tag)))).boxed(),
        query: matching_tags,
        sites: &[site!(Always TAG_BRANCHES site!(Always BRANCH_ITEMS site!(Always HOME)), site!(If BRANCH_TAGS))],
    },
    Skeleton {
        table: &RATES,
        find: find_rate,
        query: matching_rates,
        sites: &[site!(Always BEST site!(Always BRANCH)), site!(Always TAXED site!(Always STOCKED_AT))],
    },
];

fn find_rate() -> BoxedStrategy<Find> {
    rate().prop_map(|rate| found(Rate::find(rate), format!("@.value = '{rate:?}'"))).boxed()
}

fn of_branches(tree: &Tree) -> Box<dyn Runs> {
    let items = tree.rows.load("items");
    let (branch, home) = (below(items, "branch"), below(items, "home"));
    let branch_tags = below(branch, "tags");
    let sold = tree.rows.load("sold");
    let predecessor = below(sold, "predecessor");
    let tags = tree.rows.load("tags");
    let branches = below(tags, "branches");
    let at_home = below(branches, "at_home");
    let stocked = tree.rows.load("stocked");
    let (stocked_at, tax) = (below(stocked, "stocked_at"), below(stocked, "tax"));
    let query = root::<Branch>(tree)
        .with_if(
            items.is_some(),
            many(Branch.items, items)
                .with_if(
                    branch.is_some(),
                    one(Item.branch, branch).with_if(branch_tags.is_some(), many(Branch.tags, branch_tags)),
                )
                .with_if(home.is_some(), one(Item.home, home)),
        )
        .with_if(
            sold.is_some(),
            many(Branch.sold, sold).with_if(predecessor.is_some(), one(Item.predecessor, predecessor)),
        )
        .with_if(
            tags.is_some(),
            many(Branch.tags, tags).with_if(
                branches.is_some(),
                many(Tag.branches, branches).with_if(at_home.is_some(), many(Branch.at_home, at_home)),
            ),
        )
        .with_if(
            stocked.is_some(),
            through(Branch.stocked, stocked)
                .with_if(stocked_at.is_some(), through(Item.stocked_at, stocked_at))
                .with_if(tax.is_some(), one(Item.tax, tax)),
        );
    Box::new(query)
}

fn of_items(tree: &Tree) -> Box<dyn Runs> {
    let branch = tree.rows.load("branch");
    let stocked = below(branch, "stocked");
    let predecessor = tree.rows.load("predecessor");
    let others = below(predecessor, "successors");
    let successors = tree.rows.load("successors");
    let back = below(successors, "predecessor");
    let maker = tree.rows.load("maker");
    let goods = below(maker, "goods");
    let tax = tree.rows.load("tax");
    let taxed = below(tax, "taxed");
    let same_tax = below(taxed, "tax");
    let stocked_at = tree.rows.load("stocked_at");
    let sold = below(stocked_at, "sold");
    let query = root::<Item>(tree)
        .with_if(
            branch.is_some(),
            one(Item.branch, branch).with_if(stocked.is_some(), through(Branch.stocked, stocked)),
        )
        .with_if(
            predecessor.is_some(),
            one(Item.predecessor, predecessor).with_if(others.is_some(), many(Item.successors, others)),
        )
        .with_if(
            successors.is_some(),
            many(Item.successors, successors).with_if(back.is_some(), one(Item.predecessor, back)),
        )
        .with_if(maker.is_some(), Item.maker.with_if(goods.is_some(), many(Brand.goods, goods)).told(maker))
        .with_if(
            tax.is_some(),
            one(Item.tax, tax)
                .with_if(taxed.is_some(), many(Rate.taxed, taxed).with_if(same_tax.is_some(), one(Item.tax, same_tax))),
        )
        .with_if(
            stocked_at.is_some(),
            through(Item.stocked_at, stocked_at).with_if(sold.is_some(), many(Branch.sold, sold)),
        );
    Box::new(query)
}

fn of_rates(tree: &Tree) -> Box<dyn Runs> {
    let taxed = tree.rows.load("taxed");
    let (branch, predecessor) = (below(taxed, "branch"), below(taxed, "predecessor"));
    let best = tree.rows.load("best");
    let tax = below(best, "tax");
    let query = root::<Rate>(tree)
        .with_if(
            taxed.is_some(),
            many(Rate.taxed, taxed)
                .with_if(branch.is_some(), one(Item.branch, branch))
                .with_if(predecessor.is_some(), one(Item.predecessor, predecessor)),
        )
        .with_if(best.is_some(), one(Rate.best, best).with_if(tax.is_some(), one(Item.tax, tax)));
    Box::new(query)
}

fn matching_tags(tree: &Tree) -> Box<dyn Runs> {
    let branches = tree.rows.load("branches");
    let (items, tags) = (below(branches, "items"), below(branches, "tags"));
    let home = below(items, "home");
    let inside = given!(many(Branch.items, items), home, one(Item.home, home));
    let tagged = given!(many(Tag.branches, branches), items, inside);
    let tagged = tagged.with_if(tags.is_some(), many(Branch.tags, tags));
    Box::new(given!(root::<Tag>(tree), branches, tagged))
}

fn matching_rates(tree: &Tree) -> Box<dyn Runs> {
    let best = tree.rows.load("best");
    let branch = below(best, "branch");
    let taxed = tree.rows.load("taxed");
    let stocked_at = below(taxed, "stocked_at");
    let bests = given!(one(Rate.best, best), branch, one(Item.branch, branch));
    let all = given!(many(Rate.taxed, taxed), stocked_at, through(Item.stocked_at, stocked_at));
    let query = given!(root::<Rate>(tree), best, bests);
    Box::new(given!(query, taxed, all))
}
