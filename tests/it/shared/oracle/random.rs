//! Random trees for a skeleton.

use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::sample::select;

use super::asked::{Given, Link, Load, Reach, Rows, Site, Skeleton, Sort, Table, Tree};
use crate::support::twins;

pub fn tree(skeleton: &'static Skeleton) -> BoxedStrategy<Tree> {
    let rows = rows(skeleton.table, skeleton.table.sort.into(), [0.2, 0.3], loads(skeleton.sites));
    // A row that is asked for by its key is a shape of its own.
    (option::weighted(0.2, (skeleton.find)()), rows).prop_map(move |(find, rows)| Tree { skeleton, find, rows }).boxed()
}

/// What sorts the rows of a level: their own columns, and those of the association's rows.
struct Sorts {
    own: fn() -> BoxedStrategy<Sort>,
    through: Option<fn() -> BoxedStrategy<Sort>>,
}

impl From<fn() -> BoxedStrategy<Sort>> for Sorts {
    fn from(own: fn() -> BoxedStrategy<Sort>) -> Self {
        Sorts { own, through: None }
    }
}

impl Sorts {
    fn one(&self) -> BoxedStrategy<Sort> {
        let own = (self.own)();
        match self.through {
            None => own,
            Some(through) => prop_oneof![own, through().prop_map(|sort| Sort { through: true, ..sort })].boxed(),
        }
    }
}

/// What is asked of a level's rows; it is filtered and limited as often as is said.
fn rows(
    table: &'static Table,
    sorts: Sorts,
    [filtered, limited]: [f64; 2],
    loads: BoxedStrategy<Vec<Load>>,
) -> BoxedStrategy<Rows> {
    let filter = option::weighted(filtered, (table.filter)(2));
    let order = prop_oneof![3 => vec(sorts.one(), 0..1), 4 => vec(sorts.one(), 1..3)];
    let limit = option::weighted(limited, select(vec![0, 1, 1, 1, 2, 2, 3, 50]));
    let offset = option::weighted(limited / 2.0, select(vec![0, 1, 1, 1, 2]));
    (filter, order, limit, offset, loads)
        .prop_map(|(filter, order, limit, offset, loads)| Rows { filter, order, limit, offset, loads })
        .boxed()
}

fn loads(sites: &'static [Site]) -> BoxedStrategy<Vec<Load>> {
    let mut all = Just(Vec::new()).boxed();
    for site in sites {
        let more = match site.given {
            Given::Always => load(site).prop_map(Some).boxed(),
            Given::If | Given::Promised => option::weighted(0.6, load(site)).boxed(),
        };
        all = (all, more)
            .prop_map(|(mut all, more)| {
                all.extend(more);
                all
            })
            .boxed();
    }
    all
}

fn load(site: &'static Site) -> BoxedStrategy<Load> {
    let relation = site.relation;
    let entity = match relation.link {
        Link::Through { entity, .. } => entity,
        Link::Direct(_) => None,
    };
    let through = match entity {
        Some(entity) => option::weighted(0.3, (entity.filter)(1)).boxed(),
        None => Just(None).boxed(),
    };
    let sorts = Sorts { own: relation.target.sort, through: entity.map(|entity| entity.sort) };
    let many = relation.reach == Reach::Many;
    let rows = rows(relation.target, sorts, [0.25, 0.4], loads(site.sites));
    let strategy = select(vec![None, None, Some(twins::SelectIn), Some(twins::Joined), Some(twins::Joined)]);
    let matching = site.given == Given::Always;
    let promised = site.given == Given::Promised;
    (rows, strategy, any::<bool>(), prop::bool::weighted(0.35), through)
        .prop_map(move |(mut rows, strategy, window, match_them, through)| {
            if promised {
                rows.filter = None;
            }
            if !many {
                (rows.order, rows.limit, rows.offset) = (Vec::new(), None, None);
            }
            let (window, matching) = (many && window, matching && match_them);
            Load { relation, strategy, window, through, matching, promised, rows }
        })
        .boxed()
}
