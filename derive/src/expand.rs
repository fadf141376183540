//! Writes the code of a model.
//!
//! Nothing here can fail. Generated code names `::relata::__private`, `::core` and `::std` only, its own names start
//! with two underscores where a user's could stand, and what the user wrote keeps its span.

mod columns;
mod embed;
mod entity;
mod fields;
mod link;
mod loaded;
mod newtype;
mod relation;
mod serde;
mod shape;
mod slots;
mod view;

use proc_macro2::{Span, TokenStream};
use quote::{format_ident, quote};
use syn::Ident;
use syn::ext::IdentExt;

use crate::model::Model;
use crate::place;

pub(crate) use newtype::newtype;
pub(crate) use view::view;

/// All that `#[derive(Entity)]` generates.
pub(crate) fn entity(model: &Model) -> TokenStream {
    let mut code = fields::expand(model);
    if !model.has_constructor {
        code.extend(fields::constant(model));
    }
    code.extend(entity::expand(model));
    code.extend(columns::assertions(model));
    if !model.relations.is_empty() {
        code.extend(relation::expand(model));
        code.extend(loaded::expand(model));
        code.extend(shape::expand(model));
        code.extend(serde::expand(model));
    }
    code
}

/// All that `#[derive(Embed)]` generates.
pub(crate) fn embed(model: &Model) -> TokenStream {
    let mut code = fields::expand(model);
    code.extend(embed::expand(model));
    code.extend(columns::assertions(model));
    code
}

/// `::relata::__private`
fn private(model: &Model) -> TokenStream {
    let krate = &model.krate;
    quote!(#krate::__private)
}

/// The same, so that an error of the compiler is reported at this place.
fn private_at(model: &Model, place: Span) -> TokenStream {
    place::moved(private(model), place)
}

/// What every generated impl carries.
fn generated() -> TokenStream {
    let allow = allow();
    quote!(#[automatically_derived] #allow)
}

/// What every generated item carries: none of it was written by the user, so no lint is for the user.
fn allow() -> TokenStream {
    quote! {
        #[allow(
            clippy::all,
            clippy::pedantic,
            clippy::nursery,
            dead_code,
            deprecated,
            missing_copy_implementations,
            missing_debug_implementations,
            non_camel_case_types,
            non_snake_case,
            non_upper_case_globals,
            private_bounds,
            private_interfaces,
            unused_qualifications
        )]
    }
}

fn fields_name(model: &Model) -> Ident {
    format_ident!("{}Fields", model.ident.unraw(), span = model.ident.span())
}

fn loaded_name(model: &Model) -> Ident {
    format_ident!("Loaded{}", model.ident.unraw(), span = model.ident.span())
}

/// The marker type of a relation: `User_posts`.
fn marker_name(model: &Model, relation: &Ident) -> Ident {
    format_ident!("{}_{}", model.ident.unraw(), relation.unraw(), span = relation.span())
}

/// `doc` attributes of these lines.
fn docs(lines: &[String]) -> TokenStream {
    lines.iter().map(|line| format!(" {line}")).map(|line| quote!(#[doc = #line])).collect()
}
