//! Pages of a level's rows: how each ends, and the slot that holds those of a relation.

use super::{Level, Presence, Read, Relation, Shape, Sink, Slot};
use crate::error::Error;
use crate::page::{Cursor, Page};
use crate::stitch::{self, Copied};

/// How the pages of a level end, one for each parent; a root has one.
#[derive(Debug, Default)]
pub(crate) struct Ends {
    /// The fingerprint of the order that they are in.
    pub(crate) order: u64,
    /// The values by which the last row was sorted, where rows follow.
    pub(crate) values: Vec<Option<Vec<Option<Vec<u8>>>>>,
}

impl<T: Shape> Level<T> {
    /// The rows of a root as a page.
    pub(crate) fn into_page(self) -> Result<Page<T>, Error> {
        let Level { rows, state, mut ends, .. } = self;
        let values = ends.values.pop().flatten();
        let next = values.map(|values| Cursor::new(ends.order, Vec::new(), values));
        Ok(Page { rows: T::finish(rows, state)?, next })
    }
}

impl<T: Copied> Copied for Page<T> {
    fn copied(&self) -> Self {
        Page { rows: self.rows.copied(), next: self.next.clone() }
    }
}

impl<T: Shape> Presence for Page<T> {
    fn is_loaded(&self) -> bool {
        true
    }

    fn left_out() -> Option<Self> {
        None
    }
}

impl<R: Relation<Target = T::Entity>, T: Shape> Slot<R> for Page<T> {
    type State = Level<T>;

    fn sink(state: &mut Level<T>) -> Option<&mut dyn Sink> {
        Some(state)
    }

    fn is_open(state: &Level<T>) -> bool {
        state.links.is_some()
    }

    fn values(state: Level<T>, parents: usize) -> Result<Vec<Self>, Error> {
        let Level { rows, state, links, ends } = state;
        let Some(links) = links else { return super::slot::nothing(R::DEF, parents) };
        let groups = stitch::many(&links, T::finish(rows, state)?)?;
        let mut pages = Vec::with_capacity(groups.len());
        for (parent, rows) in groups.into_iter().enumerate() {
            let mut page = Page { rows, next: None };
            if let Some(ordinal) = links.ordinal_of_parent(parent)
                && let Some(Some(values)) = ends.values.get(ordinal as usize)
            {
                page.next = Some(Cursor::new(ends.order, links.key(ordinal), values.clone()));
            }
            pages.push(page);
        }
        super::slot::counted(R::DEF, pages, parents)
    }
}

#[diagnostic::do_not_recommend]
impl<'a, R: Relation, T: 'a> Read<'a, R, &'a Page<T>> for Page<T> {
    fn read(&'a self) -> &'a Page<T> {
        self
    }
}
