//! How a relation finds its rows: pairs of columns, an association, the conditions and the order of its own.
//!
//! Fields of other entities are resolved by the compiler: what is wrong with one is its error, at the name in the
//! attribute.

use proc_macro2::{Literal, TokenStream};
use quote::{ToTokens, quote, quote_spanned};
use syn::Ident;
use syn::ext::IdentExt;
use syn::spanned::Spanned;

use super::slots::Slot;
use super::{allow, columns, generated, private, private_at};
use crate::ast::{Condition, Constant, Order};
use crate::model::{Association, Link, Model, Pairs, Sides, Table};
use crate::place;

/// The `Link` of the relation's descriptor.
pub(super) fn link(model: &Model, slot: &Slot<'_>) -> TokenStream {
    let p = private(model);
    match &slot.relation.link {
        Link::Direct(pairs) => {
            let pairs = self::pairs(model, slot, pairs);
            quote!(#p::schema::Link::Direct(&[#pairs]))
        }
        Link::Through(association) => {
            let only = through_only(model, association);
            let association = match &association.by {
                Sides::Entity(entity, Some(by)) => through_entity(model, entity, by, &only),
                // There is an error already.
                Sides::Entity(_, None) => return quote!(#p::schema::Link::Direct(&[])),
                Sides::Table(table) => through_table(model, slot, table, &only),
            };
            quote!(#p::schema::Link::Through(#association))
        }
    }
}

/// The conditions on the target's rows.
pub(super) fn only(model: &Model, slot: &Slot<'_>) -> TokenStream {
    let fields = |p: TokenStream| quote!(#p::target_fields::<Self>());
    slot.relation.only.iter().map(|condition| self::condition(model, condition, &fields)).collect()
}

/// The order of the target's rows.
pub(super) fn order(model: &Model, slot: &Slot<'_>) -> TokenStream {
    let term = |Order { field, descending }: &Order| {
        let p = private_at(model, field.span());
        quote_spanned! {place::of(field.span())=>
            #p::schema::OrderBy { column: #p::column(&#p::target_fields::<Self>().#field), descending: #descending },
        }
    };
    slot.relation.order.iter().map(term).collect()
}

/// What goes with the relation's marker: its association, and what the compiler has to check of it besides types.
pub(super) fn beside(model: &Model, slot: &Slot<'_>) -> TokenStream {
    let (p, marker, generated) = (private(model), &slot.marker, generated());
    let target = quote!(#p::target_fields::<#marker>());
    let mut checks = texts(model, &slot.relation.only, &target);
    let mut code = TokenStream::new();
    if let Link::Through(association) = &slot.relation.link {
        match &association.by {
            Sides::Entity(entity, by) => {
                let kind = quote_spanned!(place::of(entity.span())=> type Association = #entity;);
                code = quote! {
                    #generated
                    impl #p::Through for #marker {
                        #kind
                    }
                };
                let fields = quote!(#p::association_fields::<#marker>());
                checks.extend(texts(model, &association.only, &fields));
                if by.is_some() {
                    // What is wrong with a side, it says when it is evaluated.
                    checks.extend(quote_spanned! {place::of(slot.relation.ident.span())=>
                        let _ = <#marker as #p::Relation>::DEF;
                    });
                }
            }
            Sides::Table(table) => checks.extend(arity(model, slot, table)),
        }
    }
    if !model.broken && !checks.is_empty() {
        let allow = allow();
        code.extend(quote! {
            #allow
            const _: () = {
                #[allow(unused_imports)]
                use #p::AnyText as _;
                #checks
            };
        });
    }
    code
}

/// The pairs of columns of a direct link.
fn pairs(model: &Model, slot: &Slot<'_>, pairs: &Pairs) -> TokenStream {
    let target = &slot.relation.target;
    match pairs {
        Pairs::Fields(fields) => fields
            .iter()
            .map(|(own, other)| {
                let p = private_at(model, other.span());
                quote_spanned! {place::of(other.span())=>
                    #p::both(
                        &#p::source_fields::<Self>().#own,
                        &#p::target_fields::<Self>().#other,
                    ).pair(),
                }
            })
            .collect(),
        Pairs::Key(fields) => {
            let types: Vec<_> = fields.iter().map(|(_, ty)| ty).collect();
            let pair = |(at, (own, _)): (usize, &(Ident, syn::Type))| {
                let p = private_at(model, own.span());
                // All columns are checked at once, at the first of them.
                let function = if at == 0 {
                    quote_spanned!(place::of(own.span())=> #p::key_pair::<#target, (#(#types,)*), _, _, _>)
                } else {
                    quote_spanned!(place::of(own.span())=> #p::next_key_pair::<#target, _, _, _>)
                };
                quote_spanned! {place::of(own.span())=>
                    #function(
                        &#p::source_fields::<Self>().#own,
                        #at,
                    ),
                }
            };
            fields.iter().enumerate().map(pair).collect()
        }
    }
}

fn through_entity(
    model: &Model,
    entity: &syn::Type,
    (here, there): &(Ident, Ident),
    only: &TokenStream,
) -> TokenStream {
    let p = private_at(model, entity.span());
    let fields = quote_spanned!(place::of(entity.span())=> let __fields = #p::association_fields::<Self>(););
    let p = private_at(model, here.span());
    let one = quote_spanned!(place::of(here.span())=> let __here = #p::here::<Self, _>(&__fields.#here););
    let p = private_at(model, there.span());
    let other = quote_spanned!(place::of(there.span())=> let __there = #p::there::<Self, _>(&__fields.#there););
    let p = private(model);
    quote! {{
        #fields
        #one
        #other
        #p::through::<Self>(__here, __there, const { &[#only] })
    }}
}

fn through_table(model: &Model, slot: &Slot<'_>, table: &Table, only: &TokenStream) -> TokenStream {
    let (p, target) = (private(model), &slot.relation.target);
    let (schema, name) = (columns::option(table.schema.as_ref()), &table.name);
    let here = table.here.iter().map(|(column, own)| {
        let column = bare(model, column);
        quote!(#p::KeyPair { source: #column, target: #p::column(&#p::source_fields::<Self>().#own) })
    });
    let there = table.there.iter().map(|column| bare(model, column));
    quote! {
        #p::schema::Association {
            schema: #schema,
            table: #name,
            entity: ::core::option::Option::None,
            source: &[#(#here),*],
            target: &#p::to_key([#(#there),*], <#target as #p::Entity>::TABLE),
            only: &[#only],
        }
    }
}

/// The descriptor of an association's column that no entity has.
fn bare(model: &Model, column: &Ident) -> TokenStream {
    let (p, name) = (private(model), column.unraw().to_string());
    quote!(&#p::Column::bare(#name))
}

fn through_only(model: &Model, association: &Association) -> TokenStream {
    let p = private(model);
    let fields = |p: TokenStream| quote!(#p::association_fields::<Self>());
    let condition = |condition: &Condition| match &association.by {
        Sides::Entity(..) => self::condition(model, condition, &fields),
        Sides::Table(_) => {
            let (column, (_, value)) = (bare(model, &condition.field), constant(&p, &condition.value));
            quote!(#p::schema::Condition { column: #column, equals: #value },)
        }
    };
    association.only.iter().map(condition).collect()
}

/// A condition on one of these fields.
fn condition(model: &Model, condition: &Condition, fields: &dyn Fn(TokenStream) -> TokenStream) -> TokenStream {
    let field = &condition.field;
    let p = private_at(model, field.span());
    let (function, value) = constant(&p, &condition.value);
    let function = Ident::new(function, place::of(field.span()));
    let fields = place::moved(fields(p.clone()), field.span());
    quote_spanned! {place::of(field.span())=>
        #p::schema::Condition { column: #p::#function(&#fields.#field), equals: #value },
    }
}

/// The value, and the function that checks its kind against the column's type.
fn constant(p: &TokenStream, value: &Constant) -> (&'static str, TokenStream) {
    let (function, kind, value) = match value {
        Constant::Null => return ("equals_null", quote!(#p::schema::Constant::Null)),
        Constant::Bool(value) => ("equals_bool", quote!(Bool), value.to_token_stream()),
        Constant::Integer(value) => {
            ("equals_integer", quote!(Integer), Literal::i64_suffixed(*value).to_token_stream())
        }
        // What is not text, the compiler says apart: see `texts`.
        Constant::Text(value) => ("column", quote!(Text), value.to_token_stream()),
    };
    (function, quote!(#p::schema::Constant::#kind(#value)))
}

/// Checks that no string stands for a truth value or an integer.
fn texts(model: &Model, conditions: &[Condition], fields: &TokenStream) -> TokenStream {
    let text = conditions.iter().filter(|condition| matches!(condition.value, Constant::Text(_)));
    text.map(|condition| {
        let field = &condition.field;
        let (p, fields) = (private_at(model, field.span()), place::moved(fields.clone(), field.span()));
        quote_spanned!(place::of(field.span())=> let _: fn() = || #p::IsText(&#fields.#field).check::<()>();)
    })
    .collect()
}

/// Checks that a bare table has a column for each of the target's key.
fn arity(model: &Model, slot: &Slot<'_>, table: &Table) -> TokenStream {
    let Some(first) = table.there.first() else { return TokenStream::new() };
    let (p, target, columns) = (private_at(model, first.span()), &slot.relation.target, table.there.len());
    let message = "this side of `by` names another number of columns than the target's key has: name one for each, in \
                   the key's order, `by = ((a, b), (c, d))`";
    quote_spanned! {place::of(first.span())=>
        ::core::assert!(<#target as #p::Entity>::TABLE.key.len() == #columns, #message);
    }
}
