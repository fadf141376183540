//! What can be said of the goods: keys of several columns, of text, of other width, of floats, and of any case.

use std::rc::Rc;

use relata::outer;

use super::super::asked::Table;
use super::super::goods::about::{
    AT_HOME, BRANCH, BRANCH_ITEMS, BRANCH_TAGS, BRANCHES, BRANDS, GOODS, HOME, ITEMS, MAKER, PREDECESSOR, RATES, SOLD,
    STOCK_BRANCH, STOCK_ITEM, STOCKED, STOCKED_AT, STOCKS, SUCCESSORS, TAG_BRANCHES, TAGS, TAX, TAXED,
};
use super::super::goods::model::{Branch, Brand, Item, Rate, Stock, Tag};
use super::across::{path, path_to_one};
use super::catalog::{Asked, Catalog, Chosen, small};
use super::meaning::At;
use super::shapes::{self, Shaped};
use super::term::{Term, null, term};
use super::tuple::{Tuple, tuple};
use super::within::{self, Within};

/// What queries around lend.
fn lent<I: Asked>(table: &'static str) -> Vec<Term<I>> {
    match table {
        "branches" => {
            let at = At::root(&BRANCHES);
            vec![term(outer(Branch.number), at.outer("number")), term(outer(Branch.city), at.outer("city"))]
        }
        "items" => {
            let at = At::root(&ITEMS);
            vec![term(outer(Item.sku), at.outer("sku")), term(outer(Item.branch.name), at.to(&BRANCH).outer("name"))]
        }
        _ => Vec::new(),
    }
}

/// What queries within others start from.
fn inner<E: Asked>() -> Vec<Rc<dyn Within<E>>> {
    vec![within::of::<E, Branch>(), within::of::<E, Item>(), within::of::<E, Stock>(), within::of::<E, Rate>()]
}

macro_rules! branch {
    ($in:expr, $at:expr) => {{
        let at: &At = &$at;
        vec![term($in.city, at.col("city")), term($in.number, at.col("number")), term($in.name, at.col("name"))]
    }};
}

macro_rules! item {
    ($in:expr, $at:expr) => {{
        let at: &At = &$at;
        vec![
            term($in.sku, at.col("sku")),
            term($in.city, at.col("city")),
            null!($in.branch.name, at.to(&BRANCH).col("name")),
            term($in.sold, at.col("sold")),
            null!($in.rate, at.col("rate")),
            null!($in.maker.country, at.to(&MAKER).col("country")),
        ]
    }};
}

impl Asked for Branch {
    const ABOUT: &'static Table = &BRANCHES;
    const LINES: usize = 5;

    fn catalog(line: Option<usize>) -> Catalog<Self> {
        let at = At::root(&BRANCHES);
        let mut terms = branch!(Branch, at);
        terms.extend([
            term(Branch.name.concat(Branch.city), at.col("name").concat(&at.col("city"))),
            term(Branch.city.lower(), at.col("city").lower()),
        ]);
        let mut all = Catalog::new(terms, 2);
        all.paths = vec![
            path(Branch.items, &at, [&BRANCH_ITEMS]),
            path(Branch.sold, &at, [&SOLD]),
            path(Branch.at_home, &at, [&AT_HOME]),
            path(Branch.tags, &at, [&BRANCH_TAGS]),
            path(Branch.stocked, &at, [&STOCKED]),
            path(Branch.sold.successors, &at, [&SOLD, &SUCCESSORS]),
            path(Branch.tags.branches, &at, [&BRANCH_TAGS, &TAG_BRANCHES]),
            path(Branch.stocked.tax, &at, [&STOCKED, &TAX]),
        ];
        all.entities = vec![Chosen::entity::<Branch, _>(Branch, &at)];
        match line {
            None => {}
            Some(0) => {
                let (step, sold) = (all.step(&at, &SOLD, true), Branch.sold.each_or_null());
                all.behind(item!(sold, step), 2);
                all.entities.push(Chosen::entity::<Item, _>(sold, &step));
                all.paths.push(path(sold.stocked_at, &step, [&STOCKED_AT]));
            }
            Some(1) => {
                let (step, stocked) = (all.step(&at, &STOCKED, true), Branch.stocked.each_or_null());
                all.behind(item!(stocked, step), 2);
                all.entities.push(Chosen::entity::<Rate, _>(stocked.tax, &step.to(&TAX)));
                let below = all.step(&step.to(&HOME), &SOLD, true);
                all.behind(item!(stocked.home.sold.each_or_null(), below), 2);
            }
            Some(2) => {
                let (step, tags) = (all.step(&at, &BRANCH_TAGS, false), Branch.tags.each());
                // The code is sorted by, and not compared: its collation takes a letter's cases for one.
                all.behind(vec![null!(tags.weight, step.col("weight"))], 0);
                all.keys[1] = vec![term(tags.code, step.col("code"))];
                all.entities.push(Chosen::entity::<Tag, _>(tags, &step));
            }
            Some(3) => {
                let (step, items) = (all.step(&at, &BRANCH_ITEMS, false), Branch.items.each());
                all.behind(item!(items, step), 2);
                let below = all.step(&step, &SUCCESSORS, false);
                all.behind(item!(items.successors.each(), below), 2);
            }
            _ => {
                let (step, stocked) = (all.step(&at, &STOCKED, false), Branch.stocked.each());
                all.behind(item!(stocked, step), 2);
                let (step, home) = (all.step(&at, &AT_HOME, true), Branch.at_home.alias::<'h'>().each_or_null());
                all.behind(item!(home, step), 2);
            }
        }
        all
    }

    fn tuples() -> Vec<Rc<dyn Tuple<Self>>> {
        let (at, step) = (At::root(&BRANCHES), At::step(1, &ITEMS, "sold.each_or_null()"));
        let sold = Branch.sold.each_or_null();
        vec![
            tuple(
                Some(0),
                (sold, sold.tax, Branch.number, sold.sku, sold.rate),
                [step.entity(), step.to(&TAX).entity(), at.col("number"), step.col("sku"), step.col("rate")],
            ),
            tuple(None, (Branch.number, Branch), [at.col("number"), at.entity()]),
        ]
    }

    fn shapes() -> Vec<Shaped<Self>> {
        shapes::of_branch()
    }

    fn lent(table: &'static str) -> Vec<Term<Self>> {
        lent(table)
    }

    fn inner() -> Vec<Rc<dyn Within<Self>>> {
        inner()
    }
}

impl Asked for Item {
    const ABOUT: &'static Table = &ITEMS;
    const LINES: usize = 3;

    fn catalog(line: Option<usize>) -> Catalog<Self> {
        let at = At::root(&ITEMS);
        let mut terms = item!(Item, at);
        terms.extend([
            null!(Item.branch_number, at.col("branch_number")),
            null!(Item.home_city, at.col("home_city")),
            null!(Item.home.name, at.to(&HOME).col("name")),
            null!(Item.predecessor.sold, at.to(&PREDECESSOR).col("sold")),
            null!(Item.predecessor.branch.name, at.to(&PREDECESSOR).to(&BRANCH).col("name")),
            term(Item.name, at.col("name")),
            term(Item.home_number.or(Item.branch_number), at.col("home_number").or(&at.col("branch_number"))),
        ]);
        let mut all = Catalog::new(terms, 2);
        all.paths = vec![
            path_to_one(Item.branch, &at, [&BRANCH]),
            path_to_one(Item.predecessor, &at, [&PREDECESSOR]),
            path(Item.successors, &at, [&SUCCESSORS]),
            path(Item.stocked_at, &at, [&STOCKED_AT]),
            path(Item.stocked_at.tags, &at, [&STOCKED_AT, &BRANCH_TAGS]),
            path(Item.maker.goods, &at.to(&MAKER), [&GOODS]),
            path(Item.tax.taxed, &at, [&TAX, &TAXED]),
            path(Item.home.sold, &at.to(&HOME), [&SOLD]),
        ];
        all.entities = vec![
            Chosen::entity::<Item, _>(Item, &at),
            Chosen::entity::<Branch, _>(Item.predecessor.branch, &at.to(&PREDECESSOR).to(&BRANCH)),
            Chosen::entity::<Brand, _>(Item.maker, &at.to(&MAKER)),
        ];
        match line {
            None => {}
            Some(0) => {
                let (step, branches) = (all.step(&at, &STOCKED_AT, true), Item.stocked_at.each_or_null());
                all.behind(branch!(branches, step), 2);
                all.entities.push(Chosen::entity::<Branch, _>(branches, &step));
                let below = all.step(&step, &BRANCH_ITEMS, true);
                all.behind(item!(branches.items.each_or_null(), below), 2);
            }
            Some(1) => {
                let (step, others) = (all.step(&at, &SUCCESSORS, false), Item.successors.each());
                all.behind(item!(others, step), 2);
                all.paths.push(path(others.stocked_at, &step, [&STOCKED_AT]));
            }
            _ => {
                let (step, taxed) = (all.step(&at.to(&TAX), &TAXED, true), Item.tax.taxed.each_or_null());
                all.behind(item!(taxed, step), 2);
                all.entities.push(Chosen::entity::<Item, _>(taxed, &step));
            }
        }
        all
    }

    fn shapes() -> Vec<Shaped<Self>> {
        shapes::of_item()
    }

    fn lent(table: &'static str) -> Vec<Term<Self>> {
        lent(table)
    }

    fn inner() -> Vec<Rc<dyn Within<Self>>> {
        inner()
    }
}

small!(Brand BRANDS, at, 1 [
    term(Brand.name, at.col("name")),
    null!(Brand.country, at.col("country")),
] [
    path(Brand.goods, &at, [&GOODS]),
    path(Brand.goods.stocked_at, &at, [&GOODS, &STOCKED_AT]),
]);

small!(Rate RATES, at, 1 [
    term(Rate.value, at.col("value")),
    term(Rate.name, at.col("name")),
] [
    path(Rate.taxed, &at, [&TAXED]),
]);

impl Asked for Tag {
    const ABOUT: &'static Table = &TAGS;

    fn catalog(_: Option<usize>) -> Catalog<Self> {
        let at = At::root(&TAGS);
        // Again the code is sorted by alone.
        let mut all = Catalog::new(vec![null!(Tag.weight, at.col("weight"))], 0);
        all.keys[0] = vec![term(Tag.code, at.col("code"))];
        all.entities = vec![Chosen::entity::<Tag, _>(Tag, &at)];
        all.paths =
            vec![path(Tag.branches, &at, [&TAG_BRANCHES]), path(Tag.branches.sold, &at, [&TAG_BRANCHES, &SOLD])];
        all
    }

    fn lent(table: &'static str) -> Vec<Term<Self>> {
        lent(table)
    }

    fn inner() -> Vec<Rc<dyn Within<Self>>> {
        inner()
    }
}

small!(Stock STOCKS, at, 1 [
    term(Stock.id, at.col("id")),
    null!(Stock.amount, at.col("amount")),
    term(Stock.item.sold, at.to(&STOCK_ITEM).col("sold")),
    null!(Stock.item.predecessor.name, at.to(&STOCK_ITEM).to(&PREDECESSOR).col("name")),
    term(Stock.branch.name, at.to(&STOCK_BRANCH).col("name")),
    term(Stock.number, at.col("number")),
] [
    path(Stock.item.successors, &at.to(&STOCK_ITEM), [&SUCCESSORS]),
    path(Stock.branch.sold, &at, [&STOCK_BRANCH, &SOLD]),
]);
