//! `Entity`, and `Shape` of the entity without loads.
//!
//! Of its relations it knows the names of their markers.

use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};
use syn::ext::IdentExt;

use super::{columns, fields_name, generated, marker_name, private};
use crate::model::Model;
use crate::place;

pub(super) fn expand(model: &Model) -> TokenStream {
    let (p, ident, fields, generated) = (private(model), &model.ident, fields_name(model), generated());
    let entity = ident.unraw().to_string();
    let (table, schema) = (&model.table, columns::option(model.schema.as_ref()));
    let (columns, decode) = (columns::list(model), columns::decode(model));
    let positions = positions(model);
    let key = key(model);
    let markers = model.relations.iter().map(|relation| marker_name(model, &relation.ident));
    quote_spanned! {place::of(ident.span())=>
        #generated
        impl #p::Entity for #ident {
            type Fields<__Path: 'static> = #fields<__Path>;
            #key
            const TABLE: &'static #p::Table = &#p::Table {
                entity: #entity,
                schema: #schema,
                name: #table,
                columns: #columns,
                key: &[#(#positions),*],
                relations: || &[#(<#markers as #p::Relation>::DEF),*],
            };
            // Part of the loop that takes the rows: an entity is then built where it stays.
            #[inline]
            fn decode(__row: &mut #p::Cursor<'_>) -> ::core::result::Result<Self, #p::Error> {
                #decode
            }
        }
        #generated
        impl<__Path: #p::Path> #p::Selectable<<__Path as #p::Path>::Root> for #fields<__Path> {
            type Out = <<__Path as #p::Path>::Nulls as #p::Nulls>::Of<#ident>;
            type Kind = #p::PerRow;
            type Paths = __Path;
            fn items(self, __out: &mut #p::Selection) {
                #p::entity_items::<#ident, __Path>(__out);
            }
            fn decode(__row: &mut #p::Items<'_>) -> ::core::result::Result<Self::Out, #p::Error> {
                #p::decode_entity::<#ident, __Path>(__row)
            }
        }
        #generated
        impl #p::Copied for #ident {
            fn copied(&self) -> Self {
                #p::copy_of(self)
            }
        }
        #generated
        impl #p::view::Described for #ident {}
        #generated
        impl #p::Shape for #ident {
            type Entity = Self;
            type Row = Self;
            type State = ();
            fn sinks<'__s>(_: &'__s mut (), _: &mut ::std::vec::Vec<(usize, &'__s mut dyn #p::Sink)>) {}
            fn finish(
                __entities: ::std::vec::Vec<Self>,
                (): (),
            ) -> ::core::result::Result<::std::vec::Vec<Self>, #p::Error> {
                ::core::result::Result::Ok(__entities)
            }
        }
    }
}

/// The positions of the key's columns. Without a key, which is an error already, any position will do.
fn positions(model: &Model) -> Vec<TokenStream> {
    if model.key.is_empty() {
        return vec![quote!(0); 4];
    }
    model.key.iter().map(|&at| columns::position(model, at)).collect()
}

/// The key's types.
fn key(model: &Model) -> TokenStream {
    let p = private(model);
    let types: Vec<_> = model.key.iter().map(|&at| &model.fields[at].ty).collect();
    let columns = if types.is_empty() { quote!(#p::Unknown) } else { quote!((#(#types,)*)) };
    quote!(type KeyColumns = #columns;)
}
