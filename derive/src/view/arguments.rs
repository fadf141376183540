//! The values of the arguments in a field's `#[view(…)]`: names, paths and expressions.

use syn::parse::ParseBuffer;
use syn::{Expr, Ident, LitStr, Token};

use crate::attr::arguments::equals;

/// `column = field`
pub(super) fn name(argument: &Ident, input: &ParseBuffer<'_>) -> syn::Result<Ident> {
    equals(argument, input, "name")?;
    one(argument, input)
}

/// `path = author.name`
pub(super) fn path(argument: &Ident, input: &ParseBuffer<'_>, example: &str) -> syn::Result<Vec<Ident>> {
    equals(argument, input, example)?;
    let mut all = vec![one(argument, input)?];
    while input.peek(Token![.]) {
        input.parse::<Token![.]>()?;
        all.push(one(argument, input)?);
    }
    if !input.is_empty() && !input.peek(Token![,]) {
        let message = format!("`{argument}` takes names with dots between them; anything else is an `expr = …`");
        return Err(input.error(message));
    }
    Ok(all)
}

fn one(argument: &Ident, input: &ParseBuffer<'_>) -> syn::Result<Ident> {
    if input.peek(LitStr) {
        let quoted: LitStr = input.parse()?;
        let message = format!("names stand without quotes: `{argument} = {}`", quoted.value());
        return Err(syn::Error::new(quoted.span(), message));
    }
    input.parse().map_err(|error| syn::Error::new(error.span(), format!("expected a name after `{argument}`: {error}")))
}

/// `filter = published.eq(true)`
pub(super) fn expression(argument: &Ident, input: &ParseBuffer<'_>, example: &str) -> syn::Result<Expr> {
    equals(argument, input, example)?;
    let place = input.span();
    input.parse().map_err(|_| syn::Error::new(place, format!("expected an expression: `{argument} = {example}`")))
}

/// `order_by = id.desc()` or `order_by = (name.asc(), id.desc())`
pub(super) fn orders(argument: &Ident, input: &ParseBuffer<'_>) -> syn::Result<Vec<Expr>> {
    let written = expression(argument, input, "id.desc()")?;
    if input.peek(Ident) {
        let message = format!("an order is an expression: `{argument} = id.desc()`");
        return Err(input.error(message));
    }
    match written {
        Expr::Tuple(tuple) if tuple.elems.is_empty() => {
            Err(syn::Error::new_spanned(tuple, format!("`{argument}` sorts by nothing: `{argument} = id.desc()`")))
        }
        Expr::Tuple(tuple) => Ok(tuple.elems.into_iter().collect()),
        other => Ok(vec![other]),
    }
}
