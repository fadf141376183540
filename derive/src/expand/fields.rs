//! The struct of an entity's columns and relations, and the constant of the entity's own name.
//!
//! It does not say what a relation is: its fields name the marker types.

use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};
use syn::spanned::Spanned;

use super::{allow, columns, docs, fields_name, generated, marker_name, private, private_at};
use crate::model::{Kind, Model};
use crate::place;
use crate::types;

/// The struct, over the path on which its fields are reached.
pub(super) fn expand(model: &Model) -> TokenStream {
    let (p, name, own_vis) = (private(model), fields_name(model), &model.own_vis);
    let (allow, generated) = (allow(), generated());
    let Handles { declared, values } = handles(model);
    let about = docs(&[format!("The columns and relations of `{}`, reached over the path `__Path`.", model.ident)]);
    let (unused, nothing) = if declared.is_empty() {
        let marker = quote!(__path: ::core::marker::PhantomData<fn() -> __Path>);
        (marker, quote!(__path: ::core::marker::PhantomData))
    } else {
        (TokenStream::new(), TokenStream::new())
    };
    quote! {
        #about
        #allow
        #own_vis struct #name<__Path: 'static> { #(#declared,)* #unused }
        #generated
        impl<__Path: 'static> ::core::clone::Clone for #name<__Path> {
            fn clone(&self) -> Self {
                *self
            }
        }
        #generated
        impl<__Path: 'static> ::core::marker::Copy for #name<__Path> {}
        #generated
        impl<__Path: 'static> #p::Fields for #name<__Path> {
            const REF: &'static Self = &#name { #(#values,)* #nothing };
        }
    }
}

/// The constant.
pub(super) fn constant(model: &Model) -> TokenStream {
    let (p, ident, name, vis, allow) = (private(model), &model.ident, fields_name(model), &model.vis, allow());
    let about = docs(&[format!("The columns and relations of the entity `{ident}`, where paths start.")]);
    quote! {
        #about
        #allow
        #vis const #ident: #name<#p::Root<#ident>> = *<#name<#p::Root<#ident>> as #p::Fields>::REF;
    }
}

struct Handles {
    declared: Vec<TokenStream>,
    values: Vec<TokenStream>,
}

fn handles(model: &Model) -> Handles {
    let (p, entity, vis) = (private(model), &model.ident, &model.vis);
    let all = if model.is_embed {
        quote!(<#entity as #p::Embed>::COLUMNS)
    } else {
        quote!(<#entity as #p::Entity>::TABLE.columns)
    };
    let mut handles = Handles { declared: Vec::new(), values: Vec::new() };
    for (at, field) in model.fields.iter().enumerate() {
        let (ident, ty) = (&field.ident, &field.ty);
        let nulls = if field.nullable { quote!(#p::Null) } else { quote!(#p::NotNull) };
        let (kind, value, about) = match field.kind {
            Kind::Skip => continue,
            Kind::Column => {
                let position = columns::position(model, at);
                let about = format!("The column `{}`.", field.column);
                (quote!(#p::Col<__Path, #ty, #nulls>), quote!(#p::Col::new(&#all[#position])), about)
            }
            Kind::Embed => {
                let p = private_at(model, ty.span());
                let fields = quote_spanned!(place::of(ty.span())=> <#ty as #p::Embed>::Fields<__Path>);
                let kind = quote_spanned!(place::of(ty.span())=> &'static #fields);
                let value = quote_spanned!(place::of(ty.span())=> <#fields as #p::Fields>::REF);
                (kind, value, format!("The columns of `{}`.", types::text(ty)))
            }
        };
        let about = docs(&[about, String::new()]);
        let written = &field.docs;
        handles.declared.push(quote!(#about #(#written)* #vis #ident: #kind));
        handles.values.push(quote!(#ident: #value));
    }
    for relation in &model.relations {
        let (ident, marker) = (&relation.ident, marker_name(model, &relation.ident));
        let about = docs(&[format!("The relation `{}`.", relation.name)]);
        handles.declared.push(quote!(#about #vis #ident: #p::Rel<__Path, #marker>));
        handles.values.push(quote!(#ident: #p::Rel::NEW));
    }
    handles
}
