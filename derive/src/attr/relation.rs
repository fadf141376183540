//! The attributes of relations: `name: Type`, then arguments.
//!
//! Whether the type suits the kind, and whether the fields exist, is checked later.

use syn::ext::IdentExt;
use syn::parse::ParseBuffer;
use syn::{Attribute, Ident, LitStr, Meta, Token, Type, parenthesized, token};

use super::arguments::{Arguments, equals, skip};
use crate::ast::{Kind, Names, Relation};
use crate::errors::Errors;

/// Reads a relation, if the attribute declares one whose name and type can be read.
pub(crate) fn read(attribute: &Attribute, errors: &mut Errors) -> Option<Relation> {
    let kind = Kind::of(attribute)?;
    let Meta::List(list) = &attribute.meta else {
        errors.over(attribute, expected(kind));
        return None;
    };
    let before = errors.len();
    let mut relation = None;
    let read = list.parse_args_with(|input: &ParseBuffer<'_>| {
        match head(kind, input) {
            Ok((ident, ty)) => {
                let mut read = Relation { kind, ident, ty, by: None, references: None, unread: false };
                arguments(&mut read, input, errors);
                relation = Some(read);
            }
            Err(error) => {
                errors.add(error);
                while !input.is_empty() {
                    skip(input);
                    let _ = input.parse::<Token![,]>();
                }
            }
        }
        Ok(())
    });
    if let Err(error) = read {
        errors.add(error);
    }
    relation.map(|relation| Relation { unread: errors.len() > before, ..relation })
}

fn expected(kind: Kind) -> String {
    format!("expected the relation's name and its type first: `{}`", kind.example())
}

fn head(kind: Kind, input: &ParseBuffer<'_>) -> syn::Result<(Ident, Type)> {
    let at = input.span();
    let explain = |_| syn::Error::new(at, expected(kind));
    let name = input.call(Ident::parse_any).map_err(explain)?;
    input.parse::<Token![:]>().map_err(explain)?;
    if syn::parse_str::<Ident>(&name.to_string()).is_err() {
        return Err(syn::Error::new(at, format!("`{name}` is a keyword: write `r#{name}`")));
    }
    let ty = input.parse::<Type>()?;
    Ok((name, ty))
}

fn arguments(relation: &mut Relation, input: &ParseBuffer<'_>, errors: &mut Errors) {
    if !input.is_empty() && input.parse::<Token![,]>().is_err() {
        errors.at(input.span(), "expected a comma after the relation's type");
        skip(input);
        let _ = input.parse::<Token![,]>();
    }
    Arguments::new(&["by", "references"]).read_from(input, errors, |argument, input, errors| {
        let names = names(argument, input, errors)?;
        match argument.to_string().as_str() {
            "by" => relation.by = Some(names),
            _ => relation.references = Some(names),
        }
        Ok(())
    });
}

/// `by = user_id` or `by = (country, number)`
fn names(argument: &Ident, input: &ParseBuffer<'_>, errors: &mut Errors) -> syn::Result<Names> {
    equals(argument, input, "field")?;
    let mut names = Vec::new();
    if input.peek(token::Paren) {
        let content;
        let parentheses = parenthesized!(content in input);
        while !content.is_empty() {
            names.push(name(argument, &content, errors)?);
            if !content.is_empty() {
                content.parse::<Token![,]>()?;
            }
        }
        if names.is_empty() {
            return Err(syn::Error::new(parentheses.span.join(), format!("`{argument}` names no field")));
        }
    } else {
        names.push(name(argument, input, errors)?);
    }
    Ok(Names { names })
}

fn name(argument: &Ident, input: &ParseBuffer<'_>, errors: &mut Errors) -> syn::Result<Ident> {
    if input.peek(LitStr) {
        let quoted: LitStr = input.parse()?;
        let name = quoted.value();
        errors.at(quoted.span(), format!("a field is named without quotes: `{argument} = {name}`"));
        return quoted.parse();
    }
    input.parse().map_err(|error| {
        let message = format!("expected a field's name, or several in parentheses: `{argument} = (a, b)`");
        syn::Error::new(error.span(), message)
    })
}
