//! The loaded type: the entity, a slot for each relation, and what reads them.
//!
//! It does not know how its values come about.

use proc_macro2::TokenStream;
use quote::{format_ident, quote, quote_spanned};

use super::slots::{self, Slot};
use super::{allow, docs, generated, loaded_name, private, private_at};
use crate::model::{Model, Reach};
use crate::place;
use crate::types;

pub(super) fn expand(model: &Model) -> TokenStream {
    let (p, entity, vis, loaded) = (private(model), &model.ident, &model.vis, loaded_name(model));
    let (allow, generated) = (allow(), generated());
    let slots = slots::of(model);
    let params: Vec<_> = slots.iter().map(|slot| &slot.param).collect();
    let fields: Vec<_> = slots.iter().map(|slot| &slot.field).collect();
    let accessors = slots.iter().map(|slot| accessor(model, slot));
    let about = docs(&[
        format!("A `{entity}` with the relations that its query loaded."),
        String::new(),
        format!(
            "It derefs to the `{entity}`; each relation is a method, which compiles where the relation was loaded."
        ),
    ]);
    let parts =
        docs(&[format!("The `{entity}`, and what is in the slot of each relation in the order of declaration.")]);
    let comparison = comparison(model, &slots);
    quote! {
        #about
        #allow
        #vis struct #loaded<#(#params = #p::NotLoaded),*> {
            __entity: #entity,
            #(#fields: #params,)*
        }
        #generated
        impl<#(#params),*> ::core::ops::Deref for #loaded<#(#params),*> {
            type Target = #entity;
            fn deref(&self) -> &#entity {
                &self.__entity
            }
        }
        #generated
        impl<#(#params),*> #loaded<#(#params),*> {
            #(#accessors)*
            #parts
            #[must_use]
            #vis fn into_parts(self) -> (#entity, #(#params),*) {
                (self.__entity, #(self.#fields),*)
            }
        }
        #generated
        impl<#(#params: ::core::clone::Clone),*> ::core::clone::Clone for #loaded<#(#params),*> {
            fn clone(&self) -> Self {
                #loaded {
                    __entity: #p::copy_of(&self.__entity),
                    #(#fields: ::core::clone::Clone::clone(&self.#fields),)*
                }
            }
        }
        #comparison
    }
}

fn accessor(model: &Model, slot: &Slot<'_>) -> TokenStream {
    let (vis, param, marker, field) = (&model.vis, &slot.param, &slot.marker, &slot.field);
    let p = private_at(model, slot.relation.ident.span());
    let (ident, name) = (&slot.relation.ident, &slot.relation.name);
    let target = types::text(&slot.relation.target);
    let (shown, taken) = match slot.relation.reach {
        Reach::Exactly => (format!("&{target}"), target),
        Reach::MaybeOne => (format!("Option<&{target}>"), format!("Option<{target}>")),
        Reach::Many => (format!("&[{target}]"), format!("Vec<{target}>")),
    };
    let about = docs(&[format!("The relation `{name}`, as `{shown}`, if the query loaded it.")]);
    let take = format_ident!("into_{}", name, span = ident.span());
    let about_take = docs(&[format!("The relation `{name}` by value, as `{taken}`, if the query loaded it.")]);
    quote_spanned! {place::of(ident.span())=>
        #about
        #[must_use]
        #vis fn #ident<'a, V>(&'a self) -> V
        where
            #param: #p::Read<'a, #marker, V>,
        {
            #p::Read::<'a, #marker, V>::read(&self.#field)
        }
        #about_take
        #[must_use]
        #vis fn #take<V>(self) -> V
        where
            #param: #p::Take<#marker, V>,
        {
            #p::Take::<#marker, V>::take(self.#field)
        }
    }
}

/// `Debug` and `PartialEq`, for entities that have them.
fn comparison(model: &Model, slots: &[Slot<'_>]) -> TokenStream {
    let (p, entity, loaded, generated) = (private(model), &model.ident, loaded_name(model), generated());
    let params: Vec<_> = slots.iter().map(|slot| &slot.param).collect();
    let fields: Vec<_> = slots.iter().map(|slot| &slot.field).collect();
    let names = slots.iter().map(|slot| &slot.relation.name);
    let name = loaded.to_string();
    let of = quote!(#p::Of<#entity, (#(#params,)*)>);
    quote! {
        #generated
        impl<#(#params: ::core::fmt::Debug + #p::Presence),*> ::core::fmt::Debug for #loaded<#(#params),*>
        where
            #of: #p::DebugOf<#entity>,
        {
            fn fmt(&self, __f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                let mut __all = ::core::fmt::Formatter::debug_struct(__f, #name);
                __all.field("entity", <#of as #p::DebugOf<#entity>>::field(&self.__entity));
                #(if #p::Presence::is_loaded(&self.#fields) {
                    __all.field(#names, &self.#fields);
                })*
                __all.finish()
            }
        }
        #generated
        impl<#(#params: ::core::cmp::PartialEq),*> ::core::cmp::PartialEq for #loaded<#(#params),*>
        where
            #of: #p::PartialEqOf<#entity>,
        {
            fn eq(&self, __other: &Self) -> bool {
                <#of as #p::PartialEqOf<#entity>>::eq(&self.__entity, &__other.__entity)
                    #(&& self.#fields == __other.#fields)*
            }
        }
    }
}
