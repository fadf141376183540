//! Checks fields and their attributes, and columns' names.
//!
//! It looks at one struct; what relations make of its fields is checked elsewhere.

use std::collections::HashMap;

use syn::Ident;
use syn::ext::IdentExt;

use crate::ast;
use crate::case::Case;
use crate::errors::Errors;
use crate::model::{Field, Kind, Model};
use crate::suggest;
use crate::types;

/// Checks one field. After an error it is what its type allows.
pub(crate) fn check(field: ast::Field, rename_all: Option<Case>, errors: &mut Errors) -> Field {
    let inner = types::in_option(&field.ty);
    let kind = kind(&field, inner.is_some(), errors);
    if kind == Kind::Column && inner.and_then(types::in_option).is_some() {
        errors.over(&field.ty, "a column is NULL in one way only: write `Option` once");
    }
    if let Some(span) = field.key {
        if kind == Kind::Skip {
            errors.at(span, "a key is a column: take `skip` away, or `#[key]`");
        } else if kind == Kind::Embed {
            errors.at(span, "an embedded struct cannot be a key: mark single columns with `#[key]`");
        } else if inner.is_some() {
            errors.over(&field.ty, "a key cannot be NULL: write its type without `Option`");
        }
    }
    let column = field.name.map_or_else(
        || {
            let name = field.ident.unraw().to_string();
            rename_all.map_or_else(|| name.clone(), |case| case.apply(&name))
        },
        |name| name.value(),
    );
    Field {
        ty: inner.unwrap_or(&field.ty).clone(),
        written: field.ty.clone(),
        nullable: inner.is_some(),
        ident: field.ident,
        docs: field.docs,
        kind,
        column,
        sql_type: field.sql_type.map(|sql_type| sql_type.value()),
    }
}

fn kind(field: &ast::Field, optional: bool, errors: &mut Errors) -> Kind {
    let (kind, span, why) = match (field.skip, field.embed) {
        (Some(span), Some(_)) => {
            errors.at(span, "`skip` and `embed` exclude each other: a skipped field has no columns");
            return Kind::Skip;
        }
        (Some(span), None) => (Kind::Skip, span, "a skipped field is no column, so it has no name and no type there"),
        (None, Some(span)) => (Kind::Embed, span, "an embedded struct names its own columns: say it on its fields"),
        (None, None) => return Kind::Column,
    };
    for argument in [&field.name, &field.sql_type].into_iter().flatten() {
        errors.at(argument.span(), why);
    }
    if kind == Kind::Embed && optional {
        errors.at(
            span,
            "an embedded struct is always there: write its type without `Option`, and make its fields `Option`s",
        );
        return Kind::Skip;
    }
    kind
}

/// No two fields are the same column.
pub(crate) fn check_names(model: &Model, errors: &mut Errors) {
    let mut known = HashMap::new();
    for field in model.fields.iter().filter(|field| field.kind == Kind::Column) {
        if let Some(first) = known.insert(&field.column, &field.ident) {
            let message = format!(
                "`{first}` is the column `{}` already: give one of them a `#[column(name = \"…\")]`",
                field.column
            );
            errors.at(field.ident.span(), message);
        }
    }
}

/// The column of the struct that a relation means by this name.
pub(crate) fn column<'m>(model: &'m Model, name: &Ident, errors: &mut Errors) -> Option<&'m Field> {
    let (entity, found) = (&model.ident, model.fields.iter().find(|field| field.ident.unraw() == name.unraw()));
    match found.map(|field| (field, field.kind)) {
        Some((field, Kind::Column)) => return Some(field),
        Some((_, Kind::Skip)) => {
            errors.at(name.span(), format!("`{name}` is skipped, so it is no column of `{entity}`"))
        }
        Some((_, Kind::Embed)) => {
            errors.at(name.span(), format!("`{name}` is several columns: a relation names single ones"))
        }
        None => {
            let columns: Vec<_> = model.fields.iter().filter(|field| field.kind == Kind::Column).collect();
            let names: Vec<_> = columns.iter().map(|field| field.ident.unraw().to_string()).collect();
            let names = || names.iter().map(String::as_str);
            let (list, meant) = (suggest::list(names()), suggest::did_you_mean(&name.to_string(), names()));
            errors.at(name.span(), format!("`{entity}` has no field `{name}`: its columns are {list}{meant}"));
        }
    }
    None
}
