//! Strategy twins: one scenario under every strategy, and under every mixture of them.

use relata::entity::{Entity, Reach, Relation};
use relata::expr::{Rel, Root};
use relata::query::Load;

/// A strategy that a load can be told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Strategy {
    SelectIn,
    Joined,
}

pub use Strategy::{Joined, SelectIn};

/// Tells a relation, or a load of one, its strategy.
pub trait Under {
    /// The load that it becomes.
    type Load;

    fn under(self, strategy: Strategy) -> Self::Load;
}

impl<R: Relation, T: relata::Shape<Entity = R::Target>, K: Reach> Under for Load<R, T, K> {
    type Load = Self;

    fn under(self, strategy: Strategy) -> Self {
        match strategy {
            SelectIn => self.select_in(),
            Joined => self.joined(),
        }
    }
}

impl<E: Entity, R: Relation<Source = E>> Under for Rel<Root<E>, R> {
    type Load = Load<R, R::Target>;

    fn under(self, strategy: Strategy) -> Self::Load {
        match strategy {
            SelectIn => self.select_in(),
            Joined => self.joined(),
        }
    }
}

/// Every mixture of strategies for so many loads.
pub fn mixtures<const N: usize>() -> Vec<[Strategy; N]> {
    (0..1_usize << N)
        .map(|bits| std::array::from_fn(|at| if bits >> at & 1 == 1 { Joined } else { SelectIn }))
        .collect()
}
