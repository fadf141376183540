//! Where the levels of a statement stand in its rows: columns after columns, each level before those joined to it.
//!
//! The rendering writes the columns in the order that is laid out here.

use std::sync::Arc;

use crate::plan::{Edge, Level};
use crate::query::Strategy;
use crate::schema::{Column, Link, Reach, RelationDef};

/// One level among the columns of a statement.
#[derive(Debug)]
pub(crate) struct Part {
    /// The part that it is joined to; the first one has no relation, and stands for itself.
    pub(crate) parent: usize,
    pub(crate) relation: Option<&'static RelationDef>,
    /// Where its rows go, among the loads of its parent.
    pub(crate) slot: usize,
    pub(crate) path: Arc<str>,
    /// Its first column.
    pub(crate) start: usize,
    /// The positions of the parent's columns that lead here.
    pub(crate) source: Vec<usize>,
    /// The positions of the columns that are not NULL where there is a row.
    pub(crate) present: Vec<usize>,
    /// The positions of its key, where it repeats.
    pub(crate) key: Vec<usize>,
    /// A row is promised.
    pub(crate) promised: bool,
    /// At most one row a parent.
    pub(crate) to_one: bool,
    /// No parent can have more than one row, by the target's key.
    pub(crate) unique: bool,
    /// One entity of it may come in several rows, so that each is looked up.
    pub(crate) repeats: bool,
}

/// What leads the rows of a statement back to their parents.
#[derive(Debug, Clone)]
pub(crate) enum Carries {
    /// Nothing: the root's rows have no parent, or there is one parent.
    Nothing,
    /// Their keys, in these columns, the last so many of which are there for this alone.
    Keys(Vec<usize>, usize),
    /// The ordinals of their keys, in this column.
    Ordinal(usize),
}

impl Carries {
    /// The number of columns that are there for this alone; they follow the level's own.
    pub(super) fn width(&self) -> usize {
        match self {
            Carries::Nothing => 0,
            Carries::Keys(_, width) => *width,
            Carries::Ordinal(_) => 1,
        }
    }
}

/// What leads the rows of a load of its own statement back to their parents.
pub(super) fn carries(edge: &Edge) -> Carries {
    let level = &edge.level;
    let width = level.width();
    match &edge.relation.link {
        _ if edge.ordinals && edge.one_key => Carries::Nothing,
        _ if edge.ordinals => Carries::Ordinal(width),
        Link::Direct(pairs) => Carries::Keys(positions(level, pairs.iter().map(|pair| pair.target)), 0),
        Link::Through(association) => {
            let keys = association.source.len();
            Carries::Keys((width..width + keys).collect(), keys)
        }
    }
}

/// The parts of a level's statement; `width` columns follow the level's own, and one row `repeats` where its parent
/// may be given it twice.
pub(super) fn parts(level: &Level, width: usize, repeats: bool) -> Vec<Part> {
    let mut parts = alone(level);
    parts[0].repeats = repeats;
    let mut next = level.width() + width;
    join(level, 0, &mut next, &mut parts);
    parts[0].repeats |= parts.len() > 1 && level.is_multiplied();
    mark(&mut parts);
    if parts[0].repeats {
        parts[0].key = level.key();
    }
    parts
}

/// The level without what is joined to it.
pub(super) fn alone(level: &Level) -> Vec<Part> {
    vec![Part {
        parent: 0,
        relation: None,
        slot: 0,
        path: level.path.clone(),
        start: 0,
        source: Vec::new(),
        present: Vec::new(),
        key: Vec::new(),
        promised: false,
        to_one: false,
        unique: false,
        repeats: false,
    }]
}

fn joined(level: &Level) -> impl Iterator<Item = &Edge> {
    level.edges.iter().filter(|edge| edge.strategy == Strategy::Joined)
}

fn join(level: &Level, parent: usize, next: &mut usize, parts: &mut Vec<Part>) {
    for edge in joined(level) {
        let start = *next;
        let level = &edge.level;
        *next += level.width();
        let at = |columns: Vec<usize>| columns.into_iter().map(|column| start + column).collect();
        let targets = match &edge.relation.link {
            Link::Direct(pairs) => positions(level, pairs.iter().map(|pair| pair.target)),
            Link::Through(association) => positions(level, association.target.iter().map(|pair| pair.target)),
        };
        let to_one = edge.relation.reach != Reach::Many;
        let before = parts[parent].start;
        parts.push(Part {
            parent,
            relation: Some(edge.relation),
            slot: edge.slot,
            path: edge.level.path.clone(),
            start,
            source: edge.parents.iter().map(|column| before + column).collect(),
            present: at(targets),
            key: at(level.key()),
            promised: edge.promised,
            to_one,
            unique: to_one && edge.relation.is_unique(),
            repeats: edge.repeats(),
        });
        join(&edge.level, parts.len() - 1, next, parts);
    }
}

/// A part repeats where another one multiplies its rows: one that is joined below it or beside it, or one above it that
/// the database gives twice.
fn mark(parts: &mut [Part]) {
    if parts.len() == 1 {
        return;
    }
    let multiplying: Vec<usize> = (1..parts.len()).filter(|&at| !parts[at].unique).collect();
    let twice: Vec<bool> = parts.iter().map(|part| part.repeats).collect();
    for at in 0..parts.len() {
        let mut above = vec![at];
        let mut part = at;
        while part != parts[part].parent {
            part = parts[part].parent;
            above.push(part);
        }
        parts[at].repeats |=
            above.iter().any(|&above| twice[above]) || multiplying.iter().any(|other| !above.contains(other));
    }
}

fn positions(level: &Level, columns: impl Iterator<Item = &'static Column>) -> Vec<usize> {
    columns.filter_map(|column| level.position(column)).collect()
}

/// The loads below a level's statement that have their own, taken out of the plan: each with its part and the positions
/// of the key that it asks with.
pub(super) fn below(level: &mut Level, parts: &[Part]) -> Vec<(usize, Vec<usize>, Edge)> {
    fn collect(level: &mut Level, part: &mut usize, parts: &[Part], out: &mut Vec<(usize, Vec<usize>, Edge)>) {
        let own = *part;
        for mut edge in std::mem::take(&mut level.edges) {
            if edge.strategy == Strategy::Joined {
                *part += 1;
                collect(&mut edge.level, part, parts, out);
            } else {
                let start = parts.get(own).map_or(0, |part| part.start);
                let mut keys = std::mem::take(&mut edge.parents);
                keys.iter_mut().for_each(|column| *column += start);
                out.push((own, keys, edge));
            }
        }
    }
    let mut out = Vec::with_capacity(level.edges.len());
    collect(level, &mut 0, parts, &mut out);
    out
}
