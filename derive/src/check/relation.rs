//! Checks relations: their names, their types, and the fields that they equate.
//!
//! A target's fields and key are known to the compiler only, which checks them in the code that is generated.

use syn::ext::IdentExt;
use syn::{Type, parse_quote};

use super::{association, names};
use crate::ast::{Kind, Names, Relation};
use crate::errors::Errors;
use crate::model::{self, Field, Link, Model, Pairs, Reach};
use crate::types;

/// Checks all relations of an entity. All of them are in the result, so that nothing else reports a missing one.
pub(crate) fn check(model: &Model, relations: Vec<Relation>, errors: &mut Errors) -> Vec<model::Relation> {
    let relations = names::distinct(model, relations, errors);
    relations.into_iter().map(|relation| one(model, relation, errors)).collect()
}

fn one(model: &Model, relation: Relation, errors: &mut Errors) -> model::Relation {
    let (reach, target) = target(&relation, errors);
    let link = match relation.kind {
        Kind::ManyToMany => association::check(model, &relation, target.as_ref(), errors)
            .map(|association| Link::Through(Box::new(association))),
        _ => pairs(model, &relation, reach, errors).filter(|_| target.is_some()).map(Link::Direct),
    };
    // After an error the relation leads somewhere, so that the compiler does not say the same.
    let entity = &model.ident;
    model::Relation {
        name: relation.ident.unraw().to_string(),
        target: target.unwrap_or_else(|| parse_quote!(#entity)),
        reach,
        link: link.unwrap_or(Link::Direct(Pairs::Fields(Vec::new()))),
        only: relation.only,
        order: relation.order,
        ident: relation.ident,
    }
}

/// How many rows the type says, and of what, if it can be an entity.
fn target(relation: &Relation, errors: &mut Errors) -> (Reach, Option<Type>) {
    let (name, ty) = (&relation.ident, types::bare(&relation.ty));
    let kind = relation.kind.name();
    let (vec, option) = (types::in_vec(ty), types::in_option(ty));
    let target = types::bare(vec.or(option).unwrap_or(ty));
    let shown = types::text(target);
    let reach = match (relation.kind, vec, option) {
        (Kind::HasMany | Kind::ManyToMany, None, _) => {
            errors.over(ty, format!("a {kind} gives a `Vec`: write `{name}: Vec<{shown}>`"));
            Reach::Many
        }
        (Kind::HasMany | Kind::ManyToMany, Some(_), _) => Reach::Many,
        (_, Some(_), _) => {
            let message = format!(
                "a {kind} gives one row: write `{name}: {shown}`, or `{name}: Option<{shown}>` if there may be none"
            );
            errors.over(ty, message);
            Reach::MaybeOne
        }
        (_, None, Some(_)) => Reach::MaybeOne,
        (_, None, None) => Reach::Exactly,
    };
    if types::in_vec(target).or(types::in_option(target)).is_some() || !matches!(target, Type::Path(_)) {
        errors.over(target, "expected an entity: a relation leads to a struct with `#[derive(Entity)]`");
        return (reach, None);
    }
    (reach, Some(target.clone()))
}

/// The columns that are equal without an association; nothing after an error.
fn pairs(model: &Model, relation: &Relation, reach: Reach, errors: &mut Errors) -> Option<Pairs> {
    let Some(by) = &relation.by else {
        if !relation.unread {
            let (kind, name) = (relation.kind.name(), &relation.ident);
            let what = match relation.kind {
                Kind::BelongsTo => format!("the field of `{}` that equals the target's key", model.ident),
                _ => format!("the field of the target that equals the key of `{}`", model.ident),
            };
            errors.at(name.span(), format!("`by` is missing: `#[{kind}({name}: …, by = …)]` names {what}"));
        }
        return None;
    };
    match relation.kind {
        Kind::BelongsTo => belongs_to(model, relation, by, reach, errors),
        _ => has(model, relation, by, errors),
    }
}

fn has(model: &Model, relation: &Relation, by: &Names, errors: &mut Errors) -> Option<Pairs> {
    let own: Vec<_> = if let Some(references) = &relation.references {
        own_fields(model, references, errors)?.into_iter().map(|field| field.ident.clone()).collect()
    } else if model.key.is_empty() {
        return None;
    } else {
        model.key.iter().map(|&at| model.fields[at].ident.clone()).collect()
    };
    if by.names.len() != own.len() {
        let shown = own.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ");
        let (what, fix) = match &relation.references {
            Some(_) => ("`references` names", "name as many fields in both"),
            None => (
                "the key of this entity is",
                "name a field of the target for each, in this order, or say which columns are meant: `references = …`",
            ),
        };
        errors.over(
            by,
            format!("`by` names {}, but {what} {} ({shown}): {fix}", count(by.names.len()), count(own.len())),
        );
        return None;
    }
    Some(Pairs::Fields(own.into_iter().zip(by.names.iter().cloned()).collect()))
}

fn belongs_to(model: &Model, relation: &Relation, by: &Names, reach: Reach, errors: &mut Errors) -> Option<Pairs> {
    let own = own_fields(model, by, errors)?;
    if let (Reach::Exactly, Some(field)) = (reach, own.iter().find(|field| field.nullable)) {
        let (name, ty) = (&relation.ident, types::text(&relation.ty));
        let message = format!("`{}` can be NULL, so there may be no row: write `{name}: Option<{ty}>`", field.ident);
        errors.over(&relation.ty, message);
    }
    let Some(references) = &relation.references else {
        // The user's identifier in the attribute, which is where the compiler then reports a wrong one.
        return Some(Pairs::Key(by.names.iter().cloned().zip(own.into_iter().map(|field| field.ty.clone())).collect()));
    };
    if references.names.len() != by.names.len() {
        let (one, other) = (count(by.names.len()), count(references.names.len()));
        errors
            .over(references, format!("`by` names {one}, but `references` names {other}: name as many fields in both"));
        return None;
    }
    Some(Pairs::Fields(by.names.iter().cloned().zip(references.names.iter().cloned()).collect()))
}

pub(super) fn count(number: usize) -> String {
    if number == 1 { "1 field".to_owned() } else { format!("{number} fields") }
}

/// The columns of the struct itself that have these names; nothing if one of them is not there.
fn own_fields<'m>(model: &'m Model, names: &Names, errors: &mut Errors) -> Option<Vec<&'m Field>> {
    let found: Vec<_> = names.names.iter().map(|name| super::field::column(model, name, errors)).collect();
    found.into_iter().collect()
}
