//! The oracle: for random rows, filters, orders, limits, strategies and load trees, a load equals what a naive loader
//! finds.
//!
//! Two naive loaders stand against the crate. That of `memory` goes over rows in memory and knows no SQL, and has the
//! richer filters; the other one asks row by row, by SQL written by hand, and has every kind of relation and key.
//! `PROPTEST_CASES` sets the number of data sets, 1,000 by default, `PROPTEST_RNG_SEED` the seed.

mod memory;
mod asked;
mod typed;
mod sides;
mod random;
mod naive;
mod compare;
mod case;
mod school;
mod staff;
mod goods;
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
