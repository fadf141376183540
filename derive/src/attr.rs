//! Reads the attributes of a struct and of its fields.
//!
//! It reports what it cannot read and goes on with the next argument; whether arguments go together is not its
//! business.

pub(crate) mod arguments;
mod conditions;
mod relation;

use syn::spanned::Spanned;
use syn::{Attribute, DeriveInput, LitStr, Meta};

use crate::ast::{Field, Input, Kind, Options, Serde, has_constructor, named};
use crate::case::Case;
use crate::errors::Errors;
use crate::suggest;
use arguments::{Arguments, compare, flag, path, string, visibility};

const ENTITY: &[&str] = &["table", "schema", "rename_all", "vis", "crate"];
const EMBED: &[&str] = &["rename_all", "vis", "crate"];

/// Reads a struct that derives `Entity`.
pub(crate) fn entity(input: DeriveInput, errors: &mut Errors) -> Input {
    let mut written = common(input, "entity", ENTITY, errors);
    written.input.relations =
        written.attributes.iter().filter_map(|attribute| relation::read(attribute, errors)).collect();
    for attribute in &written.attributes {
        if let Some(name) = one_of(attribute, &["key", "column"]) {
            errors.over(attribute.path(), format!("`#[{name}]` belongs on a field of the struct"));
        }
    }
    written.input
}

/// Reads a struct that derives `Embed`.
pub(crate) fn embed(input: DeriveInput, errors: &mut Errors) -> Input {
    let mut written = common(input, "embed", EMBED, errors);
    for attribute in &written.attributes {
        if one_of(attribute, &["key", "column"]).is_some() || Kind::of(attribute).is_some() {
            errors.over(
                attribute.path(),
                "an embedded struct has columns only: this belongs to the entity that embeds it",
            );
        }
    }
    for field in written.input.fields.iter_mut().flatten() {
        if let Some(span) = field.key.take() {
            errors.at(span, "an embedded struct has no key: `#[key]` belongs on a field of the entity that embeds it");
        }
        if let Some(span) = field.embed.take() {
            errors.at(span, "an embedded struct embeds no other: list its columns here");
            field.skip = Some(span);
        }
    }
    written.input
}

struct Read {
    input: Input,
    attributes: Vec<Attribute>,
}

fn common(input: DeriveInput, name: &str, known: &'static [&'static str], errors: &mut Errors) -> Read {
    let mut options = Options::default();
    let mut arguments = Arguments::new(known);
    for attribute in input.attrs.iter().filter(|attribute| attribute.path().is_ident(name)) {
        options.unread |= !arguments.read(attribute, errors, |argument, input, errors| {
            match argument.to_string().as_str() {
                "table" => options.table = Some(string(argument, input)?),
                "schema" => options.schema = Some(string(argument, input)?),
                "rename_all" => options.rename_all = case(&string(argument, input)?, errors),
                "vis" => options.vis = Some(visibility(argument, input)?),
                _ => options.krate = Some(path(argument, input)?),
            }
            Ok(())
        });
    }
    let has_constructor = has_constructor(&input.data);
    let fields = named(input.data).map(|fields| fields.into_iter().filter_map(|one| field(one, errors)).collect());
    let serde = serde(&input.attrs);
    let (ident, vis, generics) = (input.ident, input.vis, input.generics);
    let relations = Vec::new();
    let read = Input { ident, vis, generics, options, serde, has_constructor, fields, relations };
    Read { input: read, attributes: input.attrs }
}

/// The name of the attribute, if it is one of these.
fn one_of(attribute: &Attribute, names: &[&'static str]) -> Option<&'static str> {
    names.iter().copied().find(|name| attribute.path().is_ident(name))
}

fn case(name: &LitStr, errors: &mut Errors) -> Option<Case> {
    let text = name.value();
    let case = Case::named(&text);
    if case.is_none() {
        let (names, meant) = (suggest::list(Case::NAMES), suggest::did_you_mean(&text, Case::NAMES));
        errors.at(name.span(), format!("unknown case `{text}`: expected one of {names}{meant}"));
    }
    case
}

fn field(field: syn::Field, errors: &mut Errors) -> Option<Field> {
    let docs = field.attrs.iter().filter(|attribute| attribute.path().is_ident("doc")).cloned().collect();
    let (key, name, sql_type, skip, embed) = (None, None, None, None, None);
    let mut read = Field { ident: field.ident?, ty: field.ty, docs, key, name, sql_type, skip, embed, compare: None };
    let mut arguments = Arguments::new(&["name", "sql_type", "compare", "skip", "embed"]);
    for attribute in &field.attrs {
        if attribute.path().is_ident("key") {
            if read.key.is_some() {
                errors.over(attribute, "`#[key]` is here already");
            }
            read.key = Some(attribute.path().span());
            if !matches!(attribute.meta, Meta::Path(_)) {
                Arguments::new(&["generated"])
                    .read(attribute, errors, |argument, input, _| flag(argument, input).map(|_| ()));
            }
        } else if attribute.path().is_ident("column") {
            arguments.read(attribute, errors, |argument, input, _| {
                match argument.to_string().as_str() {
                    "name" => read.name = Some(string(argument, input)?),
                    "sql_type" => read.sql_type = Some(string(argument, input)?),
                    "compare" => read.compare = Some(compare(argument, input)?),
                    "skip" => read.skip = Some(flag(argument, input)?),
                    _ => read.embed = Some(flag(argument, input)?),
                }
                Ok(())
            });
        } else if attribute.path().is_ident("entity") || attribute.path().is_ident("embed") {
            errors.over(attribute.path(), "this belongs on the struct");
        } else if let Some(kind) = Kind::of(attribute) {
            let message = "a relation belongs on the struct, beside its fields and not on one of them";
            errors.over(attribute.path(), format!("{message}: `{}`", kind.example()));
        }
    }
    Some(read)
}

/// The struct's `#[serde(rename_all = …)]`; what else stands in serde's attributes is serde's business.
fn serde(attributes: &[Attribute]) -> Serde {
    let mut serde = Serde::default();
    for attribute in attributes.iter().filter(|attribute| attribute.path().is_ident("serde")) {
        let _ = attribute.parse_nested_meta(|meta| {
            if !meta.path.is_ident("rename_all") {
                // Reads over the value of another argument.
                if meta.input.peek(syn::Token![=]) {
                    meta.value()?.parse::<syn::Expr>()?;
                } else if meta.input.peek(syn::token::Paren) {
                    meta.input.parse::<proc_macro2::TokenTree>()?;
                }
            } else if meta.input.peek(syn::token::Paren) {
                meta.parse_nested_meta(|meta| {
                    let case = Case::named(&meta.value()?.parse::<LitStr>()?.value());
                    if meta.path.is_ident("serialize") {
                        serde.serialize = case;
                    } else {
                        serde.deserialize = case;
                    }
                    Ok(())
                })?;
            } else {
                let case = Case::named(&meta.value()?.parse::<LitStr>()?.value());
                (serde.serialize, serde.deserialize) = (case, case);
            }
            Ok(())
        });
    }
    serde
}
