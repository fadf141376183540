//! Paired comparison: two works in turns, the ratio of each pair, their median and its interval.
//!
//! Must not know what the works are. A ratio within a pair is blind to whatever slows both down, so it stays
//! comparable where times do not.

use std::fmt;
use std::time::Duration;

/// Pairs of times, in the order in which they were taken.
#[derive(Debug, Default)]
pub struct Pairs(Vec<(Duration, Duration)>);

/// A median and the interval in which it lies with a probability of 95 %.
#[derive(Debug, Clone, Copy)]
pub struct Median {
    /// The median.
    pub value: f64,
    /// The interval's ends.
    pub between: (f64, f64),
}

impl Pairs {
    /// Takes a pair: the time by hand, then relata's.
    pub fn push(&mut self, base: Duration, other: Duration) {
        self.0.push((base, other));
    }

    /// The median time of the first of each pair.
    pub fn base(&self) -> Duration {
        middle(self.0.iter().map(|pair| pair.0).collect())
    }

    /// The median time of the second of each pair.
    pub fn other(&self) -> Duration {
        middle(self.0.iter().map(|pair| pair.1).collect())
    }

    /// The median of the pairs' ratios.
    pub fn ratio(&self) -> Median {
        let mut all: Vec<f64> = self.0.iter().map(|(base, other)| other.as_secs_f64() / base.as_secs_f64()).collect();
        all.sort_by(f64::total_cmp);
        let count = all.len();
        // Order statistics, from the normal approximation to the binomial distribution: no assumption on the times.
        let half = 0.98 * (count as f64).sqrt();
        let low = (count as f64 / 2.0 - half).floor().max(0.0) as usize;
        let high = ((count as f64 / 2.0 + half).ceil() as usize).min(count.saturating_sub(1));
        let at = |index: usize| all.get(index).copied().unwrap_or(f64::NAN);
        Median { value: at(count / 2), between: (at(low), at(high)) }
    }
}

fn middle(mut all: Vec<Duration>) -> Duration {
    all.sort();
    all.get(all.len() / 2).copied().unwrap_or_default()
}

impl fmt::Display for Median {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Median { value, between: (low, high) } = self;
        write!(f, "{value:.3} ({low:.3} to {high:.3})")
    }
}
