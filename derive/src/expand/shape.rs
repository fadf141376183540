//! `Shape` of the loaded type: how its loads gather rows, and how the values are put together.
//!
//! Plain loops and calls: this is compiled for each load in the user's program.

use proc_macro2::TokenStream;
use quote::quote;

use super::slots::{self, nested, place};
use super::{generated, loaded_name, private};
use crate::model::Model;

pub(super) fn expand(model: &Model) -> TokenStream {
    let (p, entity, loaded, generated) = (private(model), &model.ident, loaded_name(model), generated());
    let slots = slots::of(model);
    let params: Vec<_> = slots.iter().map(|slot| &slot.param).collect();
    let markers: Vec<_> = slots.iter().map(|slot| &slot.marker).collect();
    let fields: Vec<_> = slots.iter().map(|slot| &slot.field).collect();
    let indices = slots.iter().map(|slot| slot.index);
    let places: Vec<_> = slots.iter().map(place).collect();
    let bounds = slots.iter().map(|slot| slots::bounded(model, slot));
    let states: Vec<_> = slots
        .iter()
        .map(|slot| {
            let (param, marker) = (&slot.param, &slot.marker);
            quote!(<#param as #p::Slot<#marker>>::State)
        })
        .collect();
    let state = nested(&states);
    let values = nested(&fields.iter().map(|field| quote!(::core::option::Option::Some(#field))).collect::<Vec<_>>());
    let nexts =
        nested(&fields.iter().map(|field| quote!(::core::iter::Iterator::next(&mut #field))).collect::<Vec<_>>());
    let bounds: Vec<_> = bounds.collect();
    quote! {
        #generated
        impl<#(#bounds),*> #p::Copied for #loaded<#(#params),*> {
            fn copied(&self) -> Self {
                #loaded {
                    __entity: #p::copy_of(&self.__entity),
                    #(#fields: #p::Copied::copied(&self.#fields),)*
                }
            }
        }
        #generated
        impl<#(#bounds),*> #p::Shape for #loaded<#(#params),*> {
            type Entity = #entity;
            type Row = #entity;
            type State = #state;
            fn sinks<'__s>(
                __state: &'__s mut Self::State,
                __out: &mut ::std::vec::Vec<(usize, &'__s mut dyn #p::Sink)>,
            ) {
                #(if let ::core::option::Option::Some(__sink) =
                    <#params as #p::Slot<#markers>>::sink(&mut __state #places)
                {
                    __out.push((#indices, __sink));
                })*
            }
            fn finish(
                __entities: ::std::vec::Vec<#entity>,
                __state: Self::State,
            ) -> ::core::result::Result<::std::vec::Vec<Self>, #p::Error> {
                let __parents = __entities.len();
                #(let mut #fields = ::core::iter::IntoIterator::into_iter(
                    <#params as #p::Slot<#markers>>::values(__state #places, __parents)?,
                );)*
                let mut __all = ::std::vec::Vec::with_capacity(__parents);
                for __entity in __entities {
                    if let #values = #nexts {
                        __all.push(#loaded { __entity, #(#fields),* });
                    }
                }
                ::core::result::Result::Ok(__all)
            }
        }
    }
}
