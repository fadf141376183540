//! Where generated code points: the compiler reports an error in it at the user's tokens that caused it.
//!
//! Only the place is the user's. Names are resolved as they were before, since a struct may come from a macro, whose
//! hygiene generated code must not follow.

use proc_macro2::{Group, Span, TokenStream, TokenTree};

/// The place, for `quote_spanned`.
pub(crate) fn of(place: Span) -> Span {
    place.resolved_at(Span::call_site())
}

/// The tokens at the place.
pub(crate) fn moved(tokens: TokenStream, place: Span) -> TokenStream {
    tokens
        .into_iter()
        .map(|token| match token {
            TokenTree::Group(group) => {
                let mut moved = Group::new(group.delimiter(), self::moved(group.stream(), place));
                moved.set_span(place.resolved_at(group.span()));
                TokenTree::Group(moved)
            }
            mut token => {
                token.set_span(place.resolved_at(token.span()));
                token
            }
        })
        .collect()
}
