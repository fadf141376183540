//! `loaded!`: the type of an entity's rows with some relations loaded.
//!
//! It knows names only: which relation a name is, and what loading it gives, the entity's traits say.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{quote, quote_spanned};
use syn::ext::IdentExt;
use syn::parse::{Parse, ParseStream};
use syn::punctuated::Punctuated;
use syn::{Path, Token, braced, token};

use crate::hash;
use crate::place;

/// Expands to the type, or to the errors.
pub(crate) fn expand(input: TokenStream) -> TokenStream {
    match syn::parse2::<Loaded>(input) {
        Ok(loaded) => {
            let (p, entity) = (&loaded.private, &loaded.entity);
            shape(p, &quote!(#entity), &loaded.relations)
        }
        Err(error) => error.into_compile_error(),
    }
}

struct Loaded {
    private: TokenStream,
    entity: Path,
    relations: Vec<Relation>,
}

struct Relation {
    name: String,
    span: Span,
    /// Loaded by `with_if`.
    perhaps: bool,
    relations: Vec<Relation>,
}

impl Parse for Loaded {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let mut private = quote!(::relata::__private);
        if input.peek(Token![crate]) && input.peek2(Token![=]) {
            input.parse::<Token![crate]>()?;
            input.parse::<Token![=]>()?;
            let krate = input.call(Path::parse_mod_style)?;
            input.parse::<Token![,]>()?;
            private = quote!(#krate::__private);
        }
        let entity: Path = input.parse().map_err(|error| {
            syn::Error::new(error.span(), "expected an entity and its relations: `loaded!(User { posts, profile })`")
        })?;
        let relations = relations(input)?;
        if !input.is_empty() {
            return Err(input.error("expected nothing more: `loaded!(User { posts, profile })` is one entity"));
        }
        Ok(Loaded { private, entity, relations })
    }
}

/// `{ posts { comments }, profile? }`, or nothing.
fn relations(input: ParseStream<'_>) -> syn::Result<Vec<Relation>> {
    if !input.peek(token::Brace) {
        return Ok(Vec::new());
    }
    let content;
    braced!(content in input);
    let relations = Punctuated::<Relation, Token![,]>::parse_terminated(&content)?;
    let mut all: Vec<Relation> = Vec::with_capacity(relations.len());
    for relation in relations {
        if all.iter().any(|known| known.name == relation.name) {
            let message = format!("`{}` is here already: a relation is loaded once", relation.name);
            return Err(syn::Error::new(relation.span, message));
        }
        all.push(relation);
    }
    Ok(all)
}

impl Parse for Relation {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let ident = input.call(Ident::parse_any).map_err(|error| {
            syn::Error::new(
                error.span(),
                "expected a relation's name, and in braces what is loaded with it: `posts { comments }`",
            )
        })?;
        let perhaps = input.parse::<Option<Token![?]>>()?.is_some();
        let relations = relations(input)?;
        if !input.is_empty() && !input.peek(Token![,]) {
            return Err(input.error("expected a comma before the next relation"));
        }
        Ok(Relation { name: ident.unraw().to_string(), span: ident.span(), perhaps, relations })
    }
}

/// The entity with these relations put into it, one by one.
fn shape(p: &TokenStream, entity: &TokenStream, relations: &[Relation]) -> TokenStream {
    let mut shape = entity.clone();
    for relation in relations {
        let (span, hash) = (relation.span, hash::name(&relation.name));
        let p = &place::moved(p.clone(), span);
        let span = place::of(span);
        let marker = quote_spanned!(span=> <#entity as #p::Named<#hash>>::Relation);
        let target = quote_spanned!(span=> <#marker as #p::Relation>::Target);
        let below = self::shape(p, &target, &relation.relations);
        let mut value = quote_spanned!(span=> #p::ValueOf<#marker, #below>);
        if relation.perhaps {
            value = quote_spanned!(span=> #p::If<#value>);
        }
        shape = quote_spanned!(span=> <#marker as #p::Put<#shape, #value>>::Out);
    }
    shape
}
