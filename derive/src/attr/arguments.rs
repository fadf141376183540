//! The arguments of an attribute, one by one: each is known, and given once.
//!
//! An argument that cannot be read is reported and skipped, so that the others are still read.

use proc_macro2::{Span, TokenStream, TokenTree};
use syn::ext::IdentExt;
use syn::parse::{ParseBuffer, ParseStream};
use syn::{Attribute, Ident, LitStr, Meta, Path, Token, Visibility, parenthesized};

use crate::ast::Compare;
use crate::errors::Errors;
use crate::suggest;

/// The arguments that an attribute takes, and those that were there already.
pub(crate) struct Arguments {
    known: &'static [&'static str],
    /// What is said of an argument that only another attribute takes.
    elsewhere: fn(&str) -> Option<String>,
    seen: Vec<String>,
}

impl Arguments {
    pub(crate) fn new(known: &'static [&'static str]) -> Self {
        Arguments { known, elsewhere: |_| None, seen: Vec::new() }
    }

    /// Says this of arguments that it does not take, where another attribute does.
    pub(crate) fn or_elsewhere(mut self, elsewhere: fn(&str) -> Option<String>) -> Self {
        self.elsewhere = elsewhere;
        self
    }

    /// Reads all arguments of an attribute; whether all of them could be read.
    pub(crate) fn read(
        &mut self,
        attribute: &Attribute,
        errors: &mut Errors,
        each: impl FnMut(&Ident, &ParseBuffer<'_>, &mut Errors) -> syn::Result<()>,
    ) -> bool {
        let before = errors.len();
        if let Meta::List(_) = attribute.meta {
            let read = attribute.parse_args_with(|input: ParseStream<'_>| {
                self.read_from(input, errors, each);
                Ok(())
            });
            if let Err(error) = read {
                errors.add(error);
            }
        } else {
            let name = attribute.path().get_ident().map(Ident::to_string).unwrap_or_default();
            let known = suggest::list(self.known.iter().copied());
            errors.over(attribute, format!("`#[{name}(…)]` takes arguments in parentheses: {known}"));
        }
        errors.len() == before
    }

    /// Reads arguments to the end of the input.
    pub(crate) fn read_from(
        &mut self,
        input: &ParseBuffer<'_>,
        errors: &mut Errors,
        mut each: impl FnMut(&Ident, &ParseBuffer<'_>, &mut Errors) -> syn::Result<()>,
    ) {
        while !input.is_empty() {
            if let Err(error) = self.argument(input, errors, &mut each) {
                errors.add(error);
                skip(input);
            } else if !input.is_empty() && !input.peek(Token![,]) {
                errors.at(input.span(), "expected a comma before the next argument");
                skip(input);
            }
            // There is one, or nothing.
            let _ = input.parse::<Token![,]>();
        }
    }

    fn argument(
        &mut self,
        input: &ParseBuffer<'_>,
        errors: &mut Errors,
        each: &mut impl FnMut(&Ident, &ParseBuffer<'_>, &mut Errors) -> syn::Result<()>,
    ) -> syn::Result<()> {
        let known = || suggest::list(self.known.iter().copied());
        let Ok(name) = input.call(Ident::parse_any) else {
            return Err(input.error(format!("expected an argument: one of {}", known())));
        };
        let text = name.to_string();
        if !self.known.contains(&text.as_str()) {
            let elsewhere = (self.elsewhere)(&text);
            let message = match self.known {
                _ if elsewhere.is_some() => elsewhere.unwrap_or_default(),
                [one] => format!("unknown argument `{text}`: expected `{one}`"),
                several => {
                    let meant = suggest::did_you_mean(&text, several.iter().copied());
                    format!("unknown argument `{text}`: expected one of {}{meant}", known())
                }
            };
            return Err(syn::Error::new(name.span(), message));
        }
        if self.seen.contains(&text) {
            return Err(syn::Error::new(name.span(), format!("`{text}` is given twice: keep one")));
        }
        self.seen.push(text);
        each(&name, input, errors)
    }
}

/// Reads over the rest of an argument.
pub(crate) fn skip(input: &ParseBuffer<'_>) {
    while !input.is_empty() && !input.peek(Token![,]) {
        let _ = input.parse::<TokenTree>();
    }
}

/// What stands in parentheses, separated by commas; after an error the rest is skipped, so that there is no second one.
pub(crate) fn listed<T>(
    argument: &Ident,
    input: &ParseBuffer<'_>,
    mut each: impl FnMut(&ParseBuffer<'_>) -> syn::Result<T>,
) -> syn::Result<(Span, Vec<T>)> {
    let content;
    let parentheses = parenthesized!(content in input);
    let mut all = Vec::new();
    let mut one = || -> syn::Result<()> {
        all.push(each(&content)?);
        if !content.is_empty() && content.parse::<Token![,]>().is_err() {
            return Err(content.error(format!("expected a comma before the next part of `{argument}`")));
        }
        Ok(())
    };
    while !content.is_empty() {
        if let Err(error) = one() {
            let _ = content.parse::<TokenStream>();
            return Err(error);
        }
    }
    Ok((parentheses.span.join(), all))
}

/// The `=` before an argument's value.
pub(crate) fn equals(name: &Ident, input: &ParseBuffer<'_>, value: &str) -> syn::Result<()> {
    if input.parse::<Token![=]>().is_err() {
        return Err(syn::Error::new(name.span(), format!("`{name}` needs a value: `{name} = {value}`")));
    }
    Ok(())
}

/// `name = "…"`
pub(crate) fn string(name: &Ident, input: &ParseBuffer<'_>) -> syn::Result<LitStr> {
    equals(name, input, "\"…\"")?;
    let text: LitStr =
        input.parse().map_err(|error| syn::Error::new(error.span(), format!("expected a string: `{name} = \"…\"`")))?;
    if text.value().is_empty() {
        return Err(syn::Error::new(text.span(), format!("`{name}` is empty")));
    }
    Ok(text)
}

/// An argument without a value.
pub(crate) fn flag(name: &Ident, input: &ParseBuffer<'_>) -> syn::Result<Span> {
    if input.is_empty() || input.peek(Token![,]) {
        Ok(name.span())
    } else {
        Err(input.error(format!("`{name}` takes no value")))
    }
}

/// `vis = pub(crate)`
pub(crate) fn visibility(name: &Ident, input: &ParseBuffer<'_>) -> syn::Result<Visibility> {
    equals(name, input, "pub(crate)")?;
    match input.parse()? {
        Visibility::Inherited => Err(input.error("expected a visibility: `vis = pub(crate)`")),
        visibility => Ok(visibility),
    }
}

/// `crate = ::path`
pub(crate) fn path(name: &Ident, input: &ParseBuffer<'_>) -> syn::Result<Path> {
    equals(name, input, "::path::to::relata")?;
    input.call(Path::parse_mod_style).map_err(|error| {
        syn::Error::new(error.span(), format!("expected a path without quotes: `{name} = ::path::to::relata`"))
    })
}

/// `compare = database`
pub(crate) fn compare(name: &Ident, input: &ParseBuffer<'_>) -> syn::Result<(Compare, Span)> {
    equals(name, input, "database")?;
    let expected = "expected `compare = database`, or `compare = client`, which is the default of most types";
    let place = input.span();
    let word = input.call(Ident::parse_any).map_err(|_| syn::Error::new(place, expected))?;
    match word.to_string().as_str() {
        "client" => Ok((Compare::Client, name.span())),
        "database" => Ok((Compare::Database, name.span())),
        _ => Err(syn::Error::new(place, expected)),
    }
}
