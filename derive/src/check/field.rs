//! Checks fields and their attributes, and columns' names.
//!
//! It looks at one struct; what relations make of its fields is checked elsewhere.

use std::collections::HashMap;

use syn::ext::IdentExt;
use syn::{Ident, LitStr, Type};

use crate::ast::{self, Compare};
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
        compare: field
            .compare
            .map_or_else(|| compare(inner.unwrap_or(&field.ty), field.sql_type.as_ref()), |(at, _)| at),
        sql_type: field.sql_type.map(|sql_type| sql_type.value()),
    }
}

/// Types whose equal values may have different bytes, so that only the database compares them.
fn compare(ty: &Type, sql_type: Option<&LitStr>) -> Compare {
    const RUST: [&str; 5] = ["f32", "f64", "Decimal", "BigDecimal", "Numeric"];
    const SQL: [&str; 13] = [
        "numeric",
        "decimal",
        "dec",
        "real",
        "float",
        "float4",
        "float8",
        "double precision",
        "citext",
        "interval",
        "timetz",
        "time with time zone",
        "jsonb",
    ];
    let by_rust = types::last_name(ty).is_some_and(|name| RUST.iter().any(|known| name == known));
    let by_sql = sql_type.is_some_and(|written| {
        let text = written.value().to_lowercase();
        // Without a precision, `numeric(10, 2)`, and without a schema, `public.citext`.
        let name = text.split_once('(').map_or(text.as_str(), |(name, _)| name).trim();
        let name = name.rsplit('.').next().unwrap_or(name).trim_matches('"');
        // With its precision inside, `time(3) with time zone`, and with its fields, `interval day to second`.
        let timetz = text.starts_with("time") && text.ends_with("with time zone") && !text.contains("stamp");
        SQL.contains(&name) || timetz || name.starts_with("interval ")
    });
    if by_rust || by_sql { Compare::Database } else { Compare::Client }
}

fn kind(field: &ast::Field, optional: bool, errors: &mut Errors) -> Kind {
    let (kind, span, why) = match (field.skip, field.embed) {
        (Some(span), Some(_)) => {
            errors.at(span, "`skip` and `embed` exclude each other: a skipped field has no columns");
            return Kind::Skip;
        }
        (Some(span), None) => (Kind::Skip, span, "a skipped field is no column: there is nothing to say of one"),
        (None, Some(span)) => (Kind::Embed, span, "an embedded struct names its own columns: say it on its fields"),
        (None, None) => return Kind::Column,
    };
    for argument in [&field.name, &field.sql_type].into_iter().flatten() {
        errors.at(argument.span(), why);
    }
    if let Some((_, span)) = field.compare {
        errors.at(span, why);
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

#[cfg(test)]
mod tests {
    use proc_macro2::Span;
    use syn::{LitStr, Type, parse_quote};

    use super::compare;
    use crate::ast::Compare;

    fn of(ty: Type, sql_type: Option<&str>) -> Compare {
        compare(&ty, sql_type.map(|name| LitStr::new(name, Span::call_site())).as_ref())
    }

    #[test]
    fn the_database_compares_what_has_equal_values_of_different_bytes() {
        for ty in [parse_quote!(f32), parse_quote!(rust_decimal::Decimal), parse_quote!((BigDecimal))] {
            assert_eq!(of(ty, None), Compare::Database);
        }
        for ty in [parse_quote!(i64), parse_quote!(Vec<f64>), parse_quote!(Decimal64), parse_quote!([f32; 2])] {
            assert_eq!(of(ty, None), Compare::Client);
        }
    }

    #[test]
    fn the_sql_type_decides_in_any_spelling() {
        let database = [
            "numeric",
            "NUMERIC(10, 2)",
            "numeric (10)",
            " decimal",
            "float(24)",
            "Double Precision",
            "public.citext",
            "\"app\".\"citext\"",
            "timetz(3)",
            "time(3) with time zone",
            "time with time zone",
            "interval day to second",
            "interval",
            "jsonb",
        ];
        for name in database {
            assert_eq!(of(parse_quote!(Opaque), Some(name)), Compare::Database, "{name}");
        }
        for name in ["text", "int4", "timestamp with time zone", "timestamptz", "time", "json", "numeric_code"] {
            assert_eq!(of(parse_quote!(Opaque), Some(name)), Compare::Client, "{name}");
        }
    }
}
