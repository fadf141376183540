//! Which rows of a level are those of a page, and where the next page begins.

use tokio_postgres::Row;

use super::gather::Current;
use crate::entity::Ends;
use crate::error::Error;
use crate::row::raw;
use crate::sql::PageIn;

/// The pages of a level while its rows come in, one for each parent.
pub(super) struct Pager {
    size: u64,
    /// The positions of what the rows are ordered by.
    order: Vec<usize>,
    fingerprint: u64,
    pages: Vec<One>,
}

#[derive(Default, Clone)]
struct One {
    rows: u64,
    /// A row follows the page.
    more: bool,
    /// The values that the last row was ordered by.
    last: Vec<Option<Vec<u8>>>,
}

impl Pager {
    pub(super) fn new(page: &PageIn) -> Self {
        Pager { size: page.of.size, order: page.of.order.clone(), fingerprint: page.order, pages: Vec::new() }
    }

    fn page(&mut self, parent: u32) -> &mut One {
        let at = parent as usize;
        if self.pages.len() <= at {
            self.pages.resize(at + 1, One::default());
        }
        &mut self.pages[at]
    }

    /// Whether the parent's page has all of its rows.
    pub(super) fn is_full(&mut self, parent: u32) -> bool {
        let size = self.size;
        self.page(parent).rows >= size
    }

    /// There is a row after the parent's page.
    pub(super) fn more(&mut self, parent: u32) -> Current {
        // A page of no rows ends nowhere.
        self.page(parent).more = self.size > 0;
        Current::None
    }

    /// A row of the parent's page.
    pub(super) fn add(&mut self, parent: u32, row: &Row) -> Result<(), Error> {
        let last = self.page(parent).rows + 1 == self.size;
        if last {
            let mut values = Vec::with_capacity(self.order.len());
            for &at in &self.order {
                values.push(raw(row, at)?.map(<[u8]>::to_vec));
            }
            self.page(parent).last = values;
        }
        self.page(parent).rows += 1;
        Ok(())
    }

    pub(super) fn close(self) -> Ends {
        let values = self.pages.into_iter().map(|page| page.more.then_some(page.last)).collect();
        Ends { order: self.fingerprint, values }
    }
}
