//! `Embed` of an embedded struct.
//!
//! It knows no entity: its columns are the same wherever it is embedded.

use proc_macro2::TokenStream;
use quote::quote;

use super::{columns, fields_name, generated, private};
use crate::model::Model;

pub(super) fn expand(model: &Model) -> TokenStream {
    let (p, ident, fields, generated) = (private(model), &model.ident, fields_name(model), generated());
    let (columns, decode) = (columns::list(model), columns::decode(model));
    quote! {
        #generated
        impl #p::Embed for #ident {
            type Fields<__Path: 'static> = #fields<__Path>;
            const COLUMNS: &'static [#p::Column] = #columns;
            fn decode(__row: &mut #p::Cursor<'_>) -> ::core::result::Result<Self, #p::Error> {
                #decode
            }
        }
    }
}
