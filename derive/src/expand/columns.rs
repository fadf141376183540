//! The descriptors of columns, their positions in the table, and how a row is decoded.
//!
//! The columns of embedded structs stand where their field stands. How many they are is known to the compiler only.

use proc_macro2::{Literal, TokenStream};
use quote::{quote, quote_spanned};
use syn::ext::IdentExt;
use syn::spanned::Spanned;

use super::{allow, private, private_at};
use crate::ast::Compare;
use crate::model::{Field, Kind, Model};
use crate::place;
use crate::types;

/// The whole list of columns, as a `&'static [Column]`.
pub(super) fn list(model: &Model) -> TokenStream {
    let p = private(model);
    if !model.fields.iter().any(|field| field.kind == Kind::Embed) {
        let columns =
            model.fields.iter().filter(|field| field.kind == Kind::Column).map(|field| descriptor(model, field));
        return quote! {{
            #[allow(unused_imports)]
            use #p::NoColumn as _;
            &[#(#columns),*]
        }};
    }
    let parts = model.fields.iter().filter_map(|field| match field.kind {
        Kind::Column => {
            let column = descriptor(model, field);
            Some(quote!(&[#column]))
        }
        Kind::Embed => {
            let (ty, p) = (&field.ty, private_at(model, field.ty.span()));
            Some(quote_spanned!(place::of(ty.span())=> <#ty as #p::Embed>::COLUMNS))
        }
        Kind::Skip => None,
    });
    let length = position(model, model.fields.len());
    quote! {{
        #[allow(unused_imports)]
        use #p::NoColumn as _;
        const __LENGTH: usize = #length;
        const __COLUMNS: [#p::Column; __LENGTH] = #p::concat::<__LENGTH>(&[#(#parts),*]);
        &__COLUMNS
    }}
}

fn descriptor(model: &Model, field: &Field) -> TokenStream {
    let p = private(model);
    let (name, column, nullable) = (field.ident.unraw().to_string(), &field.column, field.nullable);
    let rust_type = types::text(&field.ty);
    let sql_type = option(field.sql_type.as_ref());
    let ty = &field.ty;
    let compare = match field.compare {
        Compare::Client => quote!(Client),
        Compare::Database => quote!(Database),
    };
    let accepts = quote_spanned!(place::of(ty.span())=> #p::Probe::<#ty>::accepts);
    quote! {
        #p::Column {
            field: #name,
            name: #column,
            sql_type: #sql_type,
            nullable: #nullable,
            rust_type: #rust_type,
            compare: #p::schema::Compare::#compare,
            accepts: #accepts,
        }
    }
}

pub(super) fn option(text: Option<&String>) -> TokenStream {
    text.map_or_else(|| quote!(::core::option::Option::None), |text| quote!(::core::option::Option::Some(#text)))
}

/// The position in the table of the field's column, as a constant expression.
pub(super) fn position(model: &Model, field: usize) -> TokenStream {
    let before = || model.fields.iter().take(field);
    let columns = Literal::usize_unsuffixed(before().filter(|field| field.kind == Kind::Column).count());
    let embedded = before().filter(|field| field.kind == Kind::Embed).map(|field| {
        let (ty, p) = (&field.ty, private_at(model, field.ty.span()));
        quote_spanned!(place::of(ty.span())=> + <#ty as #p::Embed>::COLUMNS.len())
    });
    quote!(#columns #(#embedded)*)
}

/// The body of `decode`.
pub(super) fn decode(model: &Model) -> TokenStream {
    if model.broken {
        return quote!(::core::unreachable!());
    }
    let values = model.fields.iter().map(|field| {
        let (ident, ty, p) = (&field.ident, &field.written, private_at(model, field.written.span()));
        let value = match field.kind {
            Kind::Column => quote_spanned!(place::of(ty.span())=> #p::Cursor::next::<#ty>(__row)?),
            Kind::Embed => quote_spanned!(place::of(ty.span())=> <#ty as #p::Embed>::decode(__row)?),
            Kind::Skip => quote_spanned!(place::of(ty.span())=> <#ty as ::core::default::Default>::default()),
        };
        quote!(#ident: #value)
    });
    quote!(::core::result::Result::Ok(Self { #(#values),* }))
}

/// Refuses what the compiler knows and a macro does not: a type that is an `Option` under another name, and two columns
/// of one name where structs are embedded.
pub(super) fn assertions(model: &Model) -> TokenStream {
    if model.broken {
        return TokenStream::new();
    }
    let (p, allow, entity) = (private(model), allow(), &model.ident);
    let fields = model.fields.iter().filter(|field| field.kind == Kind::Column && !field.nullable);
    let options = fields.map(|field| {
        let (ty, p) = (&field.ty, private_at(model, field.ty.span()));
        let message = "write `Option<…>` out: relata reads nullability from the field's type";
        quote_spanned!(place::of(ty.span())=> ::core::assert!(!#p::Probe::<#ty>::IS_OPTION, #message);)
    });
    let names = model.fields.iter().find(|field| field.kind == Kind::Embed).map(|field| {
        let p = private_at(model, field.ident.span());
        let message = "a column of this struct has the name of another: give one of them a `#[column(name = \"…\")]`";
        quote_spanned! {place::of(field.ident.span())=>
            ::core::assert!(#p::distinct(<#entity as #p::Entity>::TABLE.columns), #message);
        }
    });
    quote! {
        #allow
        const _: () = {
            #[allow(unused_imports)]
            use #p::NoOption as _;
            #(#options)*
            #names
        };
    }
}
