//! The errors of one derive, collected so that all of them are shown at once.
//!
//! It does not know what is right or wrong.

use std::fmt::Display;

use proc_macro2::{Span, TokenStream};
use quote::ToTokens;

#[derive(Default)]
pub(crate) struct Errors(Option<syn::Error>);

impl Errors {
    pub(crate) fn add(&mut self, error: syn::Error) {
        match &mut self.0 {
            Some(known) => known.combine(error),
            None => self.0 = Some(error),
        }
    }

    /// An error at one token.
    pub(crate) fn at(&mut self, span: Span, message: impl Display) {
        self.add(syn::Error::new(span, message));
    }

    /// An error over all of these tokens.
    pub(crate) fn over(&mut self, tokens: impl ToTokens, message: impl Display) {
        self.add(syn::Error::new_spanned(tokens, message));
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_none()
    }

    /// How many there are.
    pub(crate) fn len(&self) -> usize {
        self.0.clone().map_or(0, |errors| errors.into_iter().count())
    }

    /// The errors, then the code.
    pub(crate) fn before(self, code: TokenStream) -> TokenStream {
        let mut all = self.0.map(|error| error.into_compile_error()).unwrap_or_default();
        all.extend(code);
        all
    }
}
