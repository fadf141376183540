//! Where a page begins, as the program gives it.

use crate::page::Cursor;

/// What a page can begin after: a cursor, or none for the first page.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a cursor",
    label = "not a cursor",
    note = "a cursor's text is read by `text.parse::<relata::Cursor>()?`"
)]
pub trait IntoCursor {
    #[doc(hidden)]
    fn into_cursor(self) -> Option<Cursor>;
}

impl IntoCursor for Cursor {
    fn into_cursor(self) -> Option<Cursor> {
        Some(self)
    }
}

impl IntoCursor for &Cursor {
    fn into_cursor(self) -> Option<Cursor> {
        Some(self.clone())
    }
}

impl<C: IntoCursor> IntoCursor for Option<C> {
    fn into_cursor(self) -> Option<Cursor> {
        self.and_then(C::into_cursor)
    }
}
