//! Checks what a many-to-many goes through: an association entity and its relations, or a bare table and its columns.
//!
//! Whether the entity has the relations, and where they lead, is known to the compiler only.

use syn::ext::IdentExt;
use syn::{Ident, LitStr, Type};

use super::relation::count;
use crate::ast::{Names, Relation, Through};
use crate::errors::Errors;
use crate::model::{Association, Model, Sides, Table};
use crate::types;

/// The association; nothing after an error that leaves none.
pub(super) fn check(
    model: &Model,
    relation: &Relation,
    target: Option<&Type>,
    errors: &mut Errors,
) -> Option<Association> {
    let (here, name) = (&model.ident, &relation.ident);
    let there = target.map_or_else(|| "its target".to_owned(), |target| format!("`{}`", types::text(target)));
    let Some(through) = &relation.through else {
        if !relation.unread {
            let message = format!(
                "`through` is missing: `#[many_to_many({name}: …, through = …, by = (…, …))]` names the association's \
                 entity, or its table in quotes"
            );
            errors.at(name.span(), message);
        }
        return None;
    };
    let by = match through {
        Through::Entity(entity) => {
            if let Some(schema) = &relation.through_schema {
                errors.at(schema.span(), "`through_schema` is for a bare table: an entity says its schema itself");
            }
            let between = types::text(entity);
            let what = format!("the relations of `{between}` that lead to `{here}` and to {there}");
            let by = sides(relation, &what, errors)
                .and_then(|(one, other)| Some((single(one, &between, errors)?, single(other, &between, errors)?)));
            Sides::Entity(Type::clone(entity), by.filter(|_| target.is_some()))
        }
        Through::Table(table) => {
            let what = format!("the columns of `{}` that equal the key of `{here}` and that of {there}", table.value());
            let (one, other) = sides(relation, &what, errors).filter(|_| target.is_some())?;
            Sides::Table(bare(model, table, relation.through_schema.as_ref(), one, other, errors)?)
        }
    };
    Some(Association { by, only: relation.through_only.clone() })
}

/// The two parts of `by`.
fn sides<'r>(relation: &'r Relation, what: &str, errors: &mut Errors) -> Option<(&'r Names, &'r Names)> {
    let name = &relation.ident;
    match relation.sides.as_deref() {
        Some([here, there]) => return Some((here, there)),
        Some(sides) => {
            let (number, names) = (sides.len(), sides.iter().flat_map(|side| &side.names));
            let named = if number == 1 { "one side".to_owned() } else { format!("{number} sides") };
            let names: proc_macro2::TokenStream = names.map(quote::ToTokens::to_token_stream).collect();
            errors.over(names, format!("`by` names {named}: write `by = (here, there)`, {what}"));
        }
        None if !relation.unread => {
            let message = format!("`by` is missing: `#[many_to_many({name}: …, by = (here, there))]` names {what}");
            errors.at(name.span(), message);
        }
        None => {}
    }
    None
}

/// The one relation of a side.
fn single(side: &Names, between: &str, errors: &mut Errors) -> Option<Ident> {
    match side.names.as_slice() {
        [name] => Some(name.clone()),
        _ => {
            errors.over(side, format!("a side of `by` is one relation of `{between}`, which knows its columns itself"));
            None
        }
    }
}

fn bare(
    model: &Model,
    table: &LitStr,
    schema: Option<&LitStr>,
    here: &Names,
    there: &Names,
    errors: &mut Errors,
) -> Option<Table> {
    let key: Vec<_> = model.key.iter().map(|&at| model.fields[at].ident.clone()).collect();
    if key.is_empty() {
        return None;
    }
    if here.names.len() != key.len() {
        let shown = key.iter().map(|name| format!("`{}`", name.unraw())).collect::<Vec<_>>().join(", ");
        let (columns, fields) = (here.names.len(), count(key.len()));
        let columns = if columns == 1 { "1 column".to_owned() } else { format!("{columns} columns") };
        let message = format!(
            "this side of `by` names {columns}, but the key of `{}` is {fields} ({shown}): name a column of `{}` for \
             each, in this order: `by = ((a, b), (c, d))`",
            model.ident,
            table.value()
        );
        errors.over(here, message);
        return None;
    }
    Some(Table {
        schema: schema.map(LitStr::value),
        name: table.value(),
        here: here.names.iter().cloned().zip(key).collect(),
        there: there.names.clone(),
    })
}
