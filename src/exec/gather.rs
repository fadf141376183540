//! From the rows of one statement to the entities, links and keys of its levels, row by row.
//!
//! Synchronous and erased: it sees positions of columns. A row is new to a level, or it is one that the level had
//! before, repeated by a collection that is joined to it.

use tokio_postgres::Row;

use super::pager::Pager;
use crate::entity::{Sink, Split};
use crate::error::{Error, ErrorKind};
use crate::key::{self, Batch, Instances};
use crate::row::raw;
use crate::sql::{Below, Carries, Part, Tree};
use crate::stitch::{self, Links, Stitch};

/// The levels of one statement while its rows come in.
pub(super) struct Gather<'s> {
    levels: Vec<Level<'s>>,
    batches: Vec<Batch>,
    /// The sinks of the statements below, in their order.
    below: Vec<&'s mut dyn Sink>,
    tree: &'s Tree,
}

struct Level<'s> {
    part: &'s Part,
    split: Split<'s>,
    links: Option<Links>,
    /// Where an entity may come in several rows.
    known: Option<Instances>,
    /// Where the rows are pages.
    pager: Option<Pager>,
    /// The number of entities.
    count: u32,
    /// The entity in the present row, and whether it is new.
    current: Current,
    /// The entity of each of its parents, where a parent may come in several rows and has one at most.
    of_parent: Vec<Option<u32>>,
}

/// The bounds of the number of rows for which a level makes room before the first one comes: growing a small list costs
/// more than a little room that stays empty.
const EXPECTED: (usize, usize) = (16, 4096);

#[derive(Clone, Copy)]
pub(super) enum Current {
    None,
    Known(u32),
    New(u32),
}

/// How a child finds the key that it belongs to.
pub(super) fn stitch_of(tree: &Tree) -> Stitch {
    match tree.carries {
        Carries::Nothing => Stitch::Only,
        Carries::Keys(..) => Stitch::Key,
        Carries::Ordinal(at) => Stitch::Ordinal(at),
    }
}

/// The batch of keys that a statement below asks with.
fn batch(below: &Below) -> Batch {
    let children = match &below.tree.carries {
        Carries::Keys(at, _) => Some(at.clone()),
        Carries::Nothing | Carries::Ordinal(_) => None,
    };
    Batch::new(below.keys.clone(), children)
}

impl<'s> Gather<'s> {
    /// Takes a statement's sinks apart. A sink without a load is one that `with_if` left out.
    pub(super) fn new(tree: &'s Tree, links: Option<Links>, sink: &'s mut dyn Sink) -> Result<Self, Error> {
        let mut sinks: Vec<(usize, &'s mut dyn Sink)> = Vec::new();
        let mut levels: Vec<Level<'s>> = Vec::with_capacity(tree.parts.len());
        let mut below = Vec::with_capacity(tree.below.len());
        if let [part] = tree.parts.as_slice() {
            levels.push(Level::new(part, sink.split(&mut sinks), links));
            for one in &tree.below {
                below.push(take(&mut sinks, one.edge.slot, one.tree.statement.path())?);
            }
        } else {
            let mut waiting: Vec<Vec<(usize, &'s mut dyn Sink)>> = Vec::with_capacity(tree.parts.len());
            let mut next = Some((sink, links));
            for part in &tree.parts {
                let (sink, links) = match (part.relation, next.take()) {
                    (None, Some(own)) => own,
                    (Some(relation), _) => {
                        let sink = take(&mut waiting[part.parent], part.slot, &part.path)?;
                        (sink, Some(Links::joined(part.path.clone(), relation)))
                    }
                    (None, None) => return Err(lost(&part.path)),
                };
                levels.push(Level::new(part, sink.split(&mut sinks), links));
                waiting.push(std::mem::take(&mut sinks));
            }
            for one in &tree.below {
                below.push(take(&mut waiting[one.part], one.edge.slot, one.tree.statement.path())?);
            }
        }
        if let (Some(page), Some(level)) = (&tree.page, levels.first_mut()) {
            level.pager = Some(Pager::new(page));
        }
        let mut batches = Vec::with_capacity(tree.below.len());
        for one in &tree.below {
            batches.push(batch(one));
        }
        Ok(Gather { levels, batches, below, tree })
    }

    /// Takes one row.
    #[inline]
    pub(super) fn accept(&mut self, row: &Row) -> Result<(), Error> {
        // Nothing is joined and nothing repeats: the common case, in a third of the instructions of the other.
        let [Level { part, split, links, known: None, pager: None, count, .. }] = self.levels.as_mut_slice() else {
            return self.accept_joined(row);
        };
        split.rows.accept(row, part.start)?;
        *count += 1;
        if let Some(links) = links {
            let ordinal = links.ordinal_of(row)?;
            links.add_child(ordinal);
        }
        for (batch, below) in self.batches.iter_mut().zip(&self.tree.below) {
            batch.add_parent(row).map_err(|error| error.at(below.tree.statement.path()))?;
        }
        Ok(())
    }

    #[inline(never)]
    fn accept_joined(&mut self, row: &Row) -> Result<(), Error> {
        for at in 0..self.levels.len() {
            let (before, rest) = self.levels.split_at_mut(at);
            let Some(level) = rest.first_mut() else { break };
            let current = match before.get(level.part.parent) {
                None => level.own(row)?,
                Some(parent) => level.joined(row, parent).map_err(|error| error.at(&level.part.path))?,
            };
            level.current = current;
            if let Current::New(_) = current {
                level.split.rows.accept(row, level.part.start).map_err(|error| error.at(&level.part.path))?;
            }
        }
        for (batch, below) in self.batches.iter_mut().zip(&self.tree.below) {
            if let Some(Level { current: Current::New(_), .. }) = self.levels.get(below.part) {
                batch.add_parent(row).map_err(|error| error.at(below.tree.statement.path()))?;
            }
        }
        Ok(())
    }

    /// Whether a statement below that takes one key has more, and then the key that led here, where the rows have a parent.
    pub(super) fn second_row(&self) -> Option<Option<String>> {
        let mut below = self.batches.iter().zip(&self.tree.below);
        let (_, below) = below.find(|(batch, below)| below.edge.one_key && batch.len() > 1)?;
        // A joined level tells a second row by itself.
        let links = self.levels.first().filter(|_| below.part == 0).and_then(|level| level.links.as_ref());
        Some(links.map(|links| links.describe(0)))
    }

    /// All rows are in: the links go to their sinks, the keys and the sinks below to whoever goes on.
    pub(super) fn close(self) -> impl Iterator<Item = (&'s Below, Batch, &'s mut dyn Sink)> {
        let mut counts = Vec::new();
        if self.levels.len() > 1 {
            counts.extend(self.levels.iter().map(|level| level.count as usize));
        }
        for level in self.levels {
            if let Some(mut links) = level.links {
                if let Some(&parents) = counts.get(level.part.parent) {
                    links.close(parents);
                }
                *level.split.links = Some(links);
            }
            if let (Some(pager), Some(ends)) = (level.pager, level.split.ends) {
                *ends = pager.close();
            }
        }
        let tree = self.tree;
        tree.below.iter().zip(self.batches).zip(self.below).map(|((below, batch), sink)| (below, batch, sink))
    }
}

impl<'s> Level<'s> {
    fn new(part: &'s Part, split: Split<'s>, links: Option<Links>) -> Self {
        let known = part.repeats.then(|| Instances::new(part.key.clone()));
        let expected = links.as_ref().map_or(0, Links::expected).clamp(EXPECTED.0, EXPECTED.1);
        split.rows.expect(expected);
        Level { part, split, links, known, pager: None, count: 0, current: Current::None, of_parent: Vec::new() }
    }

    /// A new entity, of this parent.
    fn add(&mut self, parent: u32) -> Current {
        if let Some(links) = &mut self.links {
            links.add_child(parent);
        }
        let ordinal = self.count;
        self.count += 1;
        Current::New(ordinal)
    }

    /// The row, as one of the statement's own level.
    #[inline]
    fn own(&mut self, row: &Row) -> Result<Current, Error> {
        let parent = match &mut self.links {
            None => 0,
            Some(links) => links.ordinal_of(row)?,
        };
        let Some(pager) = &mut self.pager else { return self.once(parent, row) };
        if pager.is_full(parent) {
            let known = match &mut self.known {
                Some(known) => known.known(parent, row)?,
                None => None,
            };
            // What is new now is the first row of the next page.
            return Ok(known.map_or_else(|| pager.more(parent), Current::Known));
        }
        let current = self.once(parent, row)?;
        if let (Current::New(_), Some(pager)) = (current, &mut self.pager) {
            pager.add(parent, row)?;
        }
        Ok(current)
    }

    /// The entity of this parent, which may have come before.
    #[inline]
    fn once(&mut self, parent: u32, row: &Row) -> Result<Current, Error> {
        if let Some(known) = &mut self.known {
            let (ordinal, new) = known.find(parent, row)?;
            if !new {
                return Ok(Current::Known(ordinal));
            }
        }
        Ok(self.add(parent))
    }

    /// The row, as one of a level that is joined to another.
    fn joined(&mut self, row: &Row, parent: &Level<'_>) -> Result<Current, Error> {
        let (ordinal, new) = match parent.current {
            Current::None => return Ok(Current::None),
            Current::Known(ordinal) => (ordinal, false),
            Current::New(ordinal) => (ordinal, true),
        };
        if !self.part.to_one {
            return if self.is_present(row)? { self.once(ordinal, row) } else { Ok(Current::None) };
        }
        if !new {
            let Some(&Some(known)) = self.of_parent.get(ordinal as usize) else { return Ok(Current::None) };
            let same = self.part.unique || matches!(self.once(ordinal, row)?, Current::Known(_));
            return if same { Ok(Current::Known(known)) } else { Err(self.several(row)) };
        }
        let current = if self.is_present(row)? {
            self.once(ordinal, row)?
        } else if self.part.promised {
            return Err(self.missing(row));
        } else {
            Current::None
        };
        if parent.known.is_some() {
            self.of_parent.push(match current {
                Current::None => None,
                Current::Known(own) | Current::New(own) => Some(own),
            });
        }
        Ok(current)
    }

    fn is_present(&self, row: &Row) -> Result<bool, Error> {
        for &at in &self.part.present {
            if raw(row, at)?.is_none() {
                return Ok(false);
            }
        }
        Ok(true)
    }

    #[cold]
    fn several(&self, row: &Row) -> Error {
        stitch::several(&self.part.path, &key::describe(row, &self.part.source).unwrap_or_default())
    }

    #[cold]
    fn missing(&self, row: &Row) -> Error {
        stitch::missing(&self.part.path, key::describe(row, &self.part.source).as_deref())
    }
}

fn take<'s>(sinks: &mut Vec<(usize, &'s mut dyn Sink)>, slot: usize, path: &str) -> Result<&'s mut dyn Sink, Error> {
    match sinks.iter().position(|(place, _)| *place == slot) {
        Some(at) => Ok(sinks.swap_remove(at).1),
        None => Err(lost(path)),
    }
}

/// A load without a place for its rows: a defect of this crate, reported rather than hidden.
#[cold]
fn lost(path: &str) -> Error {
    Error::new(ErrorKind::Decode, "the query's type has no place for this load").at(path)
}
