//! What a window function means: a value for each row or group, of those around it.

use std::cmp::Ordering;

use super::by::Fold;
use super::meaning::{Env, Meaning};
use super::naive::{Sorted, compare};
use super::tables::Tables;
use super::values::Val;
use super::windows::Function;

/// A function over a window.
pub struct Pane {
    pub of: Function,
    pub value: Meaning,
    pub filter: Option<Meaning<Option<bool>>>,
    pub partition: Vec<Meaning>,
    pub order: Vec<Sorted>,
    pub frame: Option<[Option<u32>; 2]>,
}

impl Pane {
    /// The steps that it names.
    pub fn steps(&self) -> u8 {
        let order = self.order.iter().map(|sorted| &sorted.by);
        let named = order.chain(&self.partition).fold(0, |all, is| all | is.steps);
        let value = if self.is_of_value() { self.value.steps } else { 0 };
        named | value | self.filter.as_ref().map_or(0, |filter| filter.steps)
    }

    fn is_of_value(&self) -> bool {
        use Function::{Dense, Number, Rank, Tile};
        !matches!(self.of, Number | Rank | Dense | Tile(_) | Function::Fold(Fold::Rows))
    }

    pub fn told(&self) -> String {
        let partition: Vec<&str> = self.partition.iter().map(|is| is.text.as_str()).collect();
        let order = self.order.iter().map(|by| format!("{} {} {}", by.by.text, by.descending, by.nulls_first));
        format!("({partition:?} by {:?} rows {:?})", order.collect::<Vec<_>>(), self.frame)
    }

    /// Its value for each row or group, in the order in which they are given.
    pub fn values(&self, tables: &Tables, groups: &[Vec<Env>]) -> Vec<Val> {
        let of = |is: &Meaning, at: usize| (is.of)(tables, &groups[at]);
        let orders: Vec<Vec<Val>> =
            (0..groups.len()).map(|at| self.order.iter().map(|sorted| of(&sorted.by, at)).collect()).collect();
        let mut partitions: Vec<(Vec<Val>, Vec<usize>)> = Vec::new();
        for at in 0..groups.len() {
            let key: Vec<Val> = self.partition.iter().map(|is| of(is, at)).collect();
            let alike = |known: &[Val]| known.iter().zip(&key).all(|(one, other)| one.same(other));
            match partitions.iter_mut().find(|(known, _)| alike(known)) {
                Some((_, rows)) => rows.push(at),
                None => partitions.push((key, vec![at])),
            }
        }
        let mut values = vec![Val::Null; groups.len()];
        for (_, mut rows) in partitions {
            rows.sort_by(|one, other| compare(&self.order, &orders[*one], &orders[*other]));
            let peers = |one: usize, other: usize| {
                compare(&self.order, &orders[rows[one]], &orders[rows[other]]) == Ordering::Equal
            };
            for place in 0..rows.len() {
                values[rows[place]] = self.value(tables, groups, &rows, place, &peers);
            }
        }
        values
    }

    /// For the row at this place of a partition.
    fn value(
        &self,
        tables: &Tables,
        groups: &[Vec<Env>],
        rows: &[usize],
        place: usize,
        peers: &dyn Fn(usize, usize) -> bool,
    ) -> Val {
        let last = rows.len() - 1;
        let at = |place: usize| (self.value.of)(tables, &groups[rows[place]]);
        let frame = match self.frame {
            Some([before, after]) => {
                let first = before.map_or(0, |rows| place.saturating_sub(rows as usize));
                first..=after.map_or(last, |rows| last.min(place + rows as usize))
            }
            None => 0..=(place..=last).take_while(|other| peers(place, *other)).last().unwrap(),
        };
        let number = |number: usize| Val::Int(number as i64);
        let is_first_peer = |place: &usize| *place == 0 || !peers(place - 1, *place);
        match self.of {
            Function::Number => number(place + 1),
            Function::Rank => number((0..=place).rfind(is_first_peer).unwrap() + 1),
            Function::Dense => number((0..=place).filter(is_first_peer).count()),
            Function::Tile(parts) => {
                // The first ones have a row more.
                let (parts, mut first) = (parts.of(4) + 1, 0);
                for part in 0..parts {
                    first += rows.len() / parts + usize::from(part < rows.len() % parts);
                    if place < first {
                        return number(part + 1);
                    }
                }
                unreachable!("a row is in a part")
            }
            Function::Lag => place.checked_sub(1).map_or(Val::Null, at),
            Function::Lead => {
                if place < last {
                    at(place + 1)
                } else {
                    Val::Null
                }
            }
            Function::First => at(*frame.start()),
            Function::Last => at(*frame.end()),
            Function::Running => Fold::Sum.of(frame.map(at).collect()),
            Function::Fold(of) => {
                let met = |place: &usize| {
                    let filter = self.filter.as_ref();
                    filter.is_none_or(|filter| (filter.of)(tables, &groups[rows[*place]]) == Some(true))
                };
                let all = frame.filter(met);
                if of == Fold::Rows { number(all.count()) } else { of.of(all.map(at).collect()) }
            }
        }
    }
}
