//! The names that a loaded type gives to the slots of its relations.
//!
//! A slot is a type parameter, which the user meets in documents: `LoadedUser<PostsSlot, ProfileSlot>`.

use proc_macro2::TokenStream;
use quote::{ToTokens, format_ident, quote};
use syn::{Ident, Index};

use super::{marker_name, private};
use crate::case;
use crate::model::{Model, Relation};

/// A relation's place in the loaded type.
pub(super) struct Slot<'m> {
    pub(super) relation: &'m Relation,
    pub(super) marker: Ident,
    /// The type parameter.
    pub(super) param: Ident,
    /// The field, and a local of the same meaning.
    pub(super) field: Ident,
    pub(super) index: usize,
}

/// The slots in the order of the relations' declaration.
pub(super) fn of(model: &Model) -> Vec<Slot<'_>> {
    let mut slots: Vec<Slot<'_>> = Vec::with_capacity(model.relations.len());
    for (index, relation) in model.relations.iter().enumerate() {
        let mut param = format_ident!("{}Slot", case::pascal(&relation.name));
        while param == model.ident || slots.iter().any(|slot| slot.param == param) {
            param = format_ident!("{param}_");
        }
        let marker = marker_name(model, &relation.ident);
        slots.push(Slot { relation, marker, param, field: format_ident!("__{}_slot", relation.name), index });
    }
    slots
}

/// `PostsSlot: Slot<User_posts>`
pub(super) fn bounded(model: &Model, slot: &Slot<'_>) -> TokenStream {
    let (p, param, marker) = (private(model), &slot.param, &slot.marker);
    quote!(#param: #p::Slot<#marker>)
}

/// Types or values of any number as one, which implements what tuples of two do: `(a, (b, ()))`.
pub(super) fn nested(all: &[impl ToTokens]) -> TokenStream {
    all.iter().rev().fold(quote!(()), |rest, one| quote!((#one, #rest)))
}

/// The place of a slot in such a value: `.1.1.0`
pub(super) fn place(slot: &Slot<'_>) -> TokenStream {
    let (first, rest) = (Index::from(0), Index::from(1));
    let steps = std::iter::repeat_n(rest, slot.index);
    quote!(#(.#steps)*.#first)
}
