//! The functions of a view's fields: one expression each, and the type that it is put into.

use proc_macro2::{Span, TokenStream};
use quote::{ToTokens, quote, quote_spanned};
use syn::spanned::Spanned;
use syn::{Expr, Ident, Type};

use super::{function, private_at};
use crate::place;
use crate::types;
use crate::view::{Aggregate, Argument, Content, Field, Load, Relative, Step, View, relative};

/// One function a field.
pub(super) fn functions(view: &View) -> TokenStream {
    view.fields.iter().enumerate().map(|(at, field)| one(view, at, field)).collect()
}

fn one(view: &View, at: usize, field: &Field) -> TokenStream {
    let (function, ty, entity) = (function(at), &field.ty, view.entity.span());
    let p = private_at(view, entity);
    let fields = quote_spanned!(place::of(entity)=> let __fields = #p::view::fields::<__Entity>(););
    // What is wrong with a value, and with the field's type for it, is said at the value, so that the compiler says it once.
    let (place, body) = match &field.content {
        Content::Load(load) => (ty.span(), self::load(view, field, load)),
        Content::Path(path) => (end(path), selected(view, field, "path", &along(path), end(path))),
        Content::Expr(expr) => {
            let (before, value) = about(expr, &quote!(__fields));
            let selected = selected(view, field, "expression", &value, expr.span());
            (expr.span(), quote!(#before #selected))
        }
        Content::Aggregate(aggregate) => {
            let at = aggregate.function.span();
            let (before, value) = self::aggregate(view, aggregate);
            let value = selected(view, field, "expression", &value, at);
            (at, quote!(#before #value))
        }
    };
    let result = if field.load().is_some() {
        let row = row(ty);
        let p = private_at(view, row.span());
        let state = quote_spanned!(place::of(row.span())=> State = #p::view::Level<#row>);
        quote_spanned!(place::of(place)=> Loaded<__Entity, #ty, #state>)
    } else {
        quote_spanned!(place::of(place)=> Selected<__Entity, #ty>)
    };
    let p = private_at(view, place);
    quote_spanned! {place::of(place)=>
        fn #function() -> impl #p::view::#result {
            #fields
            #body
        }
    }
}

/// Selects a value.
fn selected(view: &View, field: &Field, how: &str, value: &impl ToTokens, at: Span) -> TokenStream {
    let (p, how, ty) = (private_at(view, at), Ident::new(how, place::of(at)), &field.ty);
    quote_spanned! {place::of(at)=>
        let __value = #value;
        #p::view::#how::<__Entity, #ty, _>(__value)
    }
}

/// The type of the rows that are loaded into a field of this type.
pub(super) fn row(ty: &Type) -> &Type {
    types::in_vec(ty).or_else(|| types::in_option(ty)).or_else(|| types::in_page(ty)).unwrap_or(ty)
}

/// `__fields.author.name`
fn along(path: &[Ident]) -> TokenStream {
    let start = path.first().map_or_else(Span::call_site, Ident::span);
    let fields = Ident::new("__fields", place::of(start));
    quote!(#fields #(.#path)*)
}

fn end(path: &[Ident]) -> Span {
    path.last().map_or_else(Span::call_site, Ident::span)
}

/// The aggregate, after the relation that it crosses.
fn aggregate(view: &View, aggregate: &Aggregate) -> (TokenStream, TokenStream) {
    let function = Ident::new(&aggregate.function.to_string(), place::of(aggregate.function.span()));
    let mut code = relation(view, &aggregate.relations);
    let argument = aggregate.column.as_ref().map(|column| {
        let p = private_at(view, column.span());
        quote_spanned!(place::of(column.span())=> #p::view::target(__relation).#column)
    });
    let mut value = quote_spanned!(place::of(function.span())=> __relation.#function(#argument));
    if let Some(filter) = &aggregate.filter {
        let (before, filter) = about(filter, &fields_of(view, "target", filter.span()));
        code.extend(before);
        value = quote_spanned!(place::of(filter.span())=> #value.filter(#filter));
    }
    (code, value)
}

/// `let __relation = …;`
fn relation(view: &View, path: &[Ident]) -> TokenStream {
    let (at, path) = (end(path), along(path));
    let p = private_at(view, at);
    quote_spanned!(place::of(at)=> let __relation = #p::view::relation(#path);)
}

/// An expression, after what the fields are that its bare names mean.
fn about(expr: &Expr, fields: &TokenStream) -> (TokenStream, Expr) {
    let Relative { expr, locals } = relative(expr.clone());
    (quote!(#(let #locals = #fields;)*), expr)
}

/// The fields of the entity that a relation leads to, or through.
fn fields_of(view: &View, what: &str, at: Span) -> TokenStream {
    let (p, what) = (private_at(view, at), Ident::new(what, place::of(at)));
    quote_spanned!(place::of(at)=> #p::view::#what(__relation))
}

fn load(view: &View, field: &Field, load: &Load) -> TokenStream {
    let relation = relation(view, std::slice::from_ref(&load.relation));
    let steps = load.steps.iter().map(|step| self::step(view, step));
    let at = load.relation.span();
    let p = private_at(view, at);
    let given = quote_spanned!(place::of(at)=> let __item = #p::view::load::<__Entity, _>(__item););
    let (ty, row) = (&field.ty, row(&field.ty));
    let p = private_at(view, ty.span());
    let put = quote_spanned!(place::of(ty.span())=> __item.put(#p::view::place::<#ty, #row>()));
    quote! {
        #relation
        let __item = __relation;
        #(#steps)*
        #given
        #put
    }
}

fn step(view: &View, step: &Step) -> TokenStream {
    let method = Ident::new(&step.method.to_string(), place::of(step.method.span()));
    let (before, argument) = match &step.argument {
        Argument::None => (TokenStream::new(), None),
        Argument::Value(value) => (TokenStream::new(), Some(value.clone())),
        Argument::OfTarget(expr) => {
            let (before, expr) = about(expr, &fields_of(view, "target", step.method.span()));
            (before, Some(expr))
        }
        Argument::OfAssociation(expr) => {
            let (before, expr) = about(expr, &fields_of(view, "association", step.method.span()));
            (before, Some(expr))
        }
    };
    quote_spanned! {place::of(method.span())=>
        #before
        let __item = __item.#method(#argument);
    }
}
