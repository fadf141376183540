//! The oracle: for random rows, filters, orders, limits, strategies and load trees, a load equals what a naive loader
//! finds; random selections, aggregates and groups equal what a naive evaluator makes of all rows (`selections`); and a
//! walk over all pages of an order is the whole, while rows come and go (`walks`).
//!
//! Two naive loaders stand against the crate. That of `memory` goes over rows in memory and knows no SQL, and has the
//! richer filters; the other one asks row by row, by SQL written by hand, and has every kind of relation and key.
//! `PROPTEST_CASES` sets the number of data sets, 1,000 by default, `PROPTEST_RNG_SEED` the seed.

mod memory;
pub mod asked;
mod typed;
mod sides;
mod random;
mod naive;
mod compare;
mod case;
mod school;
mod staff;
mod goods;
mod selections;
mod walks;
mod found;

use std::hash::{BuildHasher, RandomState};

use proptest::strategy::Strategy;
use proptest::test_runner::{Config, RngSeed, TestCaseError, TestError, TestRunner};

/// Runs a property; so many of a thousand cases, or of what `PROPTEST_CASES` says, are its share.
fn property<S: Strategy>(share: u32, values: &S, check: impl Fn(S::Value) -> Result<(), TestCaseError>) {
    let mut config = Config { failure_persistence: None, ..Config::default() };
    if config.max_shrink_iters == u32::MAX {
        (config.max_shrink_iters, config.max_shrink_time) = (20_000, 120_000);
    }
    let asked = std::env::var_os("PROPTEST_CASES").map_or(1000, |_| config.cases);
    config.cases = (asked * share).div_ceil(1000);
    if config.rng_seed == RngSeed::Random {
        config.rng_seed = RngSeed::Fixed(RandomState::new().hash_one(share));
    }
    let seed = config.rng_seed;
    match TestRunner::new(config).run(values, check) {
        Ok(()) => {}
        Err(TestError::Fail(reason, value)) => {
            panic!("{reason}\nsmallest, with PROPTEST_RNG_SEED={seed}:\n{value:?}");
        }
        Err(error) => panic!("{error}"),
    }
}

fn fail(message: impl Into<String>) -> TestCaseError {
    TestCaseError::fail(message.into())
}

#[test]
fn oracle_many_to_many_both_ways_through_entities_and_bare_tables() {
    case::run(300, school::TABLES, school::data(), school::SKELETONS);
}

#[test]
fn oracle_a_load_equals_what_a_naive_loader_finds() {
    memory::run(250);
}

#[test]
fn oracle_relations_of_an_entity_to_itself() {
    case::run(200, staff::TABLES, staff::data(), staff::SKELETONS);
}

#[test]
fn oracle_keys_of_several_columns_of_text_of_other_width_and_compared_by_the_database() {
    case::run(250, goods::TABLES, goods::data(), goods::SKELETONS);
}

#[test]
fn oracle_selections_filters_and_aggregates_across_many_to_many() {
    selections::run(300, school::TABLES, school::data(), selections::SCHOOL);
}

#[test]
fn oracle_selections_of_an_entity_related_to_itself() {
    selections::run(200, staff::TABLES, staff::data(), selections::STAFF);
}

#[test]
fn oracle_selections_over_keys_of_several_columns_and_of_any_kind() {
    selections::run(200, goods::TABLES, goods::data(), selections::GOODS);
}

#[test]
fn oracle_selections_of_several_entities_as_one() {
    selections::combined::run(50, school::TABLES, school::data(), selections::SCHOOL_SEVERAL);
    selections::combined::run(30, staff::TABLES, staff::data(), selections::STAFF_SEVERAL);
    selections::combined::run(40, goods::TABLES, goods::data(), selections::GOODS_SEVERAL);
}

#[test]
fn oracle_walks_over_pages_while_rows_come_and_go() {
    walks::run(150, school::TABLES, school::data(), walks::SCHOOL);
}

#[test]
fn oracle_walks_over_views_and_what_they_load() {
    walks::run(40, school::TABLES, school::data(), walks::SCHOOL_SHAPES);
    walks::run(30, staff::TABLES, staff::data(), walks::STAFF_SHAPES);
    walks::run(30, goods::TABLES, goods::data(), walks::GOODS_SHAPES);
}

#[test]
fn oracle_walks_of_an_entity_related_to_itself() {
    walks::run(100, staff::TABLES, staff::data(), walks::STAFF);
}

#[test]
fn oracle_walks_over_keys_of_several_columns_and_of_any_kind() {
    walks::run(100, goods::TABLES, goods::data(), walks::GOODS);
}

#[test]
fn oracle_walks_over_the_pages_of_each_parent_while_rows_come_and_go() {
    walks::run_parents(100, school::TABLES, school::data(), walks::SCHOOL_CHILDREN);
}

#[test]
fn oracle_walks_over_the_pages_of_each_parent_of_the_same_entity() {
    walks::run_parents(60, staff::TABLES, staff::data(), walks::STAFF_CHILDREN);
}

#[test]
fn oracle_walks_over_the_pages_of_each_parent_by_keys_of_any_kind() {
    walks::run_parents(60, goods::TABLES, goods::data(), walks::GOODS_CHILDREN);
}

#[test]
fn oracle_walks_with_forged_cursors_and_those_of_other_orders_are_refused() {
    walks::run_forged(50, school::TABLES, school::data(), walks::SCHOOL);
    walks::run_forged(50, goods::TABLES, goods::data(), walks::GOODS);
}
