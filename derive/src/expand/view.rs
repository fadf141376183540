//! What `#[derive(View)]` generates: `View`, and `Shape` with a hidden struct of the fields that are selected.
//!
//! Each field has a function that writes its expression once; its result says how it is selected, decoded or loaded. All
//! of it stands in a block of its own, so that no name of it meets one of the user's.

mod field;

use proc_macro2::{Span, TokenStream};
use quote::{format_ident, quote, quote_spanned};
use syn::Ident;
use syn::spanned::Spanned;

use super::slots::nested;
use super::{allow, generated};
use crate::place;
use crate::view::{Field, View};

/// All that `#[derive(View)]` generates.
pub(crate) fn view(view: &View) -> TokenStream {
    let (allow, entity) = (allow(), &view.entity);
    let functions = if view.broken { TokenStream::new() } else { field::functions(view) };
    let parts = [row(view), state(view), copied(view), shape(view), described(view)];
    quote! {
        #allow
        const _: () = {
            type __Entity = #entity;
            #functions
            #(#parts)*
        };
    }
}

/// `::relata::__private`
fn private(view: &View) -> TokenStream {
    let krate = &view.krate;
    quote!(#krate::__private)
}

/// The same, so that an error of the compiler is reported at this place.
fn private_at(view: &View, place: Span) -> TokenStream {
    place::moved(private(view), place)
}

/// The function of a field.
fn function(at: usize) -> Ident {
    format_ident!("__field_{at}")
}

fn selected(view: &View) -> impl Iterator<Item = (usize, &Field)> {
    view.fields.iter().enumerate().filter(|(_, field)| field.load().is_none())
}

fn loaded(view: &View) -> impl Iterator<Item = (usize, &Field)> {
    view.fields.iter().enumerate().filter(|(_, field)| field.load().is_some())
}

/// The hidden struct, and how it is decoded.
fn row(view: &View) -> TokenStream {
    let (p, generated) = (private(view), generated());
    let idents: Vec<_> = selected(view).map(|(_, field)| &field.ident).collect();
    let types = selected(view).map(|(_, field)| &field.ty);
    let values = selected(view).map(|(at, field)| {
        let (ident, function, place) = (&field.ident, function(at), field.place(&view.ident));
        quote!(#ident: #p::view::decode(#function, &mut __row, #place)?)
    });
    let decode = if view.broken {
        quote!(::core::unreachable!())
    } else {
        quote! {
            let mut __row = #p::view::items(__row, __start);
            ::core::result::Result::Ok(__Row { #(#values),* })
        }
    };
    quote! {
        pub struct __Row { #(#idents: #types),* }
        #generated
        impl #p::Decode for __Row {
            #[inline]
            fn decode_at(__row: &#p::view::Row, __start: usize) -> ::core::result::Result<Self, #p::Error> {
                #decode
            }
        }
    }
}

/// A copy, field by field: no `Clone` is asked of the view.
fn copied(view: &View) -> TokenStream {
    let (p, generated, ident) = (private(view), generated(), &view.ident);
    let body = if view.broken {
        quote!(::core::unreachable!())
    } else {
        let values = view.fields.iter().enumerate().map(|(at, field)| {
            let (ident, function) = (&field.ident, function(at));
            let copied = if field.load().is_some() { quote!(copied_load) } else { quote!(copied) };
            quote!(#ident: #p::view::#copied(#function, &self.#ident))
        });
        quote!(#ident { #(#values),* })
    };
    quote! {
        #generated
        impl #p::Copied for #ident {
            fn copied(&self) -> Self {
                #body
            }
        }
    }
}

fn shape(view: &View) -> TokenStream {
    let (p, generated, ident) = (private(view), generated(), &view.ident);
    let entity = quote_spanned!(place::of(view.entity.span())=> type Entity = __Entity;);
    let (sinks, finish) = if view.broken {
        (quote!(::core::unreachable!()), quote!(::core::unreachable!()))
    } else {
        (sinks(view), finish(view))
    };
    quote! {
        #generated
        impl #p::Shape for #ident {
            #entity
            type Row = __Row;
            type State = __State;
            fn sinks<'__s>(
                __state: &'__s mut __State,
                __out: &mut ::std::vec::Vec<(usize, &'__s mut dyn #p::Sink)>,
            ) {
                #sinks
            }
            fn finish(
                __rows: ::std::vec::Vec<__Row>,
                __state: __State,
            ) -> ::core::result::Result<::std::vec::Vec<Self>, #p::Error> {
                #finish
            }
        }
    }
}

/// The hidden struct of what the loads gather. It has a name, so that what is loaded into a private field is not part of
/// the view's interface.
fn state(view: &View) -> TokenStream {
    let generated = generated();
    let names: Vec<_> = loaded(view).map(|(at, _)| local(at, Span::call_site())).collect();
    let types = loaded(view).map(|(_, field)| {
        let row = field::row(&field.ty);
        let p = private_at(view, row.span());
        quote_spanned!(place::of(row.span())=> #p::view::Level<#row>)
    });
    let types = types.filter(|_| !view.broken);
    let defaults = loaded(view).map(|(_, field)| {
        let span = field::row(&field.ty).span();
        place::moved(quote!(::core::default::Default::default()), span)
    });
    let names: Vec<_> = names.into_iter().filter(|_| !view.broken).collect();
    let sized = loaded(view).next().filter(|_| !view.broken).map(|(_, field)| {
        quote_spanned! {place::of(field::row(&field.ty).span())=>
            const _: ::core::option::Option<__State> = ::core::option::Option::None;
        }
    });
    quote! {
        pub struct __State { #(#names: #types),* }
        // Views that load each other without end have no size. The compiler looks only where one is needed.
        #sized
        #generated
        impl ::core::default::Default for __State {
            fn default() -> Self {
                __State { #(#names: #defaults),* }
            }
        }
    }
}

/// What is loaded for a field: in the state, and as a local.
fn local(at: usize, span: Span) -> Ident {
    format_ident!("__loaded_{at}", span = place::of(span))
}

fn sinks(view: &View) -> TokenStream {
    let sinks = loaded(view).enumerate().map(|(load, (at, field))| {
        let (function, span) = (function(at), field::row(&field.ty).span());
        let (local, p) = (local(at, span), private_at(view, span));
        quote_spanned!(place::of(span)=> __out.push((#load, #p::view::sink(#function, &mut __state.#local)));)
    });
    quote!(#(#sinks)*)
}

fn finish(view: &View) -> TokenStream {
    let ident = &view.ident;
    let locals: Vec<_> = loaded(view).map(|(at, _)| local(at, Span::call_site())).collect();
    let values = loaded(view).map(|(at, field)| {
        let (function, span) = (function(at), field::row(&field.ty).span());
        let (local, p) = (local(at, span), private_at(view, span));
        quote_spanned!(place::of(span)=> #p::view::values(#function, __state.#local, __parents)?)
    });
    let found = nested(&locals.iter().map(|local| quote!(::core::option::Option::Some(#local))).collect::<Vec<_>>());
    let nexts =
        nested(&locals.iter().map(|local| quote!(::core::iter::Iterator::next(&mut #local))).collect::<Vec<_>>());
    let fields = view.fields.iter().enumerate().map(|(at, field)| {
        let (ident, local) = (&field.ident, local(at, Span::call_site()));
        if field.load().is_some() { quote!(#ident: #local) } else { quote!(#ident: __row.#ident) }
    });
    quote! {
        let __parents = __rows.len();
        #(let mut #locals = ::core::iter::IntoIterator::into_iter(#values);)*
        let mut __all = ::std::vec::Vec::with_capacity(__parents);
        for __row in __rows {
            if let #found = #nexts {
                __all.push(#ident { #(#fields),* });
            }
        }
        ::core::result::Result::Ok(__all)
    }
}

/// What the view asks for, field by field.
fn described(view: &View) -> TokenStream {
    let (p, generated, ident) = (private(view), generated(), &view.ident);
    let fields = view.fields.iter().enumerate().map(|(at, field)| {
        let function = function(at);
        let method = if field.load().is_some() { quote!(Loaded::load) } else { quote!(Selected::select) };
        quote!(#p::view::#method(#function(), &mut __view);)
    });
    let body = if view.broken {
        quote!(::core::unreachable!())
    } else {
        quote! {
            let mut __view = <#p::view::Description<__Entity> as ::core::default::Default>::default();
            #(#fields)*
            ::core::option::Option::Some(__view)
        }
    };
    quote! {
        #generated
        impl #p::view::Described for #ident {
            fn describe() -> ::core::option::Option<#p::view::Description<__Entity>> {
                #body
            }
        }
        #generated
        impl #p::view::View for #ident {}
    }
}
