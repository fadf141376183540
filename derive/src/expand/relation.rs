//! A marker type for each relation: its descriptor, its name, and what loading it does to a row's type.
//!
//! It does not know what the loaded type holds besides slots.

use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};

use super::slots::{self, Slot};
use syn::spanned::Spanned;

use super::{allow, docs, generated, link, loaded_name, private};
use crate::hash;
use crate::model::{Model, Reach};
use crate::place;

pub(super) fn expand(model: &Model) -> TokenStream {
    let slots = slots::of(model);
    let mut code = TokenStream::new();
    for slot in &slots {
        code.extend(marker(model, slot));
        code.extend(puts(model, slot, &slots));
    }
    code
}

fn marker(model: &Model, slot: &Slot<'_>) -> TokenStream {
    let (p, entity, vis, marker) = (private(model), &model.ident, &model.vis, &slot.marker);
    let (allow, generated) = (allow(), generated());
    let (name, index, target) = (&slot.relation.name, slot.index, &slot.relation.target);
    let reach = match slot.relation.reach {
        Reach::Exactly => quote!(Exactly),
        Reach::MaybeOne => quote!(MaybeOne),
        Reach::Many => quote!(Many),
    };
    let leads_to = quote_spanned!(place::of(target.span())=> type Target = #target;);
    let (link, only, order) = (link::link(model, slot), link::only(model, slot), link::order(model, slot));
    let beside = link::beside(model, slot);
    let about = docs(&[format!("The relation `{entity}.{name}`.")]);
    // A type that is more visible than the marker cannot lead to it.
    let named = (!model.narrowed).then(|| {
        let hash = hash::name(name);
        quote! {
            #generated
            impl #p::Named<#hash> for #entity {
                type Relation = #marker;
            }
        }
    });
    quote! {
        #about
        #allow
        #[derive(::core::fmt::Debug, ::core::clone::Clone, ::core::marker::Copy)]
        #vis struct #marker;
        #generated
        impl #p::Relation for #marker {
            type Source = #entity;
            #leads_to
            type Reach = #p::#reach;
            const DEF: &'static #p::RelationDef = &#p::RelationDef {
                name: #name,
                index: #index,
                source: #p::source::<Self>,
                target: #p::target::<Self>,
                reach: <<Self as #p::Relation>::Reach as #p::Reach>::REACH,
                link: #link,
                only: &[#only],
                order: &[#order],
            };
        }
        #beside
        #named
    }
}

/// Puts a value into the relation's slot: of the plain entity, and of one whose other slots may be filled.
fn puts(model: &Model, slot: &Slot<'_>, slots: &[Slot<'_>]) -> TokenStream {
    let (p, entity, loaded, marker, generated) =
        (private(model), &model.ident, loaded_name(model), &slot.marker, generated());
    let none = quote!(#p::NotLoaded);
    let is_this = |other: &Slot<'_>| other.index == slot.index;
    let alone = slots.iter().map(|other| if is_this(other) { quote!(__Value) } else { none.clone() });
    let before = slots.iter().map(|other| {
        let param = &other.param;
        if is_this(other) { none.clone() } else { quote!(#param) }
    });
    let after = slots.iter().map(|other| {
        let param = &other.param;
        if is_this(other) { quote!(__Value) } else { quote!(#param) }
    });
    let bounds = slots.iter().filter(|other| !is_this(other)).map(|other| slots::bounded(model, other));
    quote_spanned! {place::of(slot.relation.ident.span())=>
        #generated
        impl<__Value: #p::Slot<#marker>> #p::Put<#entity, __Value> for #marker {
            type Out = #loaded<#(#alone),*>;
        }
        #generated
        impl<__Value: #p::Slot<#marker>, #(#bounds),*> #p::Put<#loaded<#(#before),*>, __Value> for #marker {
            type Out = #loaded<#(#after),*>;
        }
    }
}
