//! Checks that the names of relations, and of the methods made from them, do not meet.
//!
//! A relation is a field of the entity's constant, as its columns are, and a method of its loaded type.

use syn::ext::IdentExt;

use crate::ast::Relation;
use crate::errors::Errors;
use crate::model::{Kind, Model};

/// The relations without those whose name is another's.
pub(crate) fn distinct(model: &Model, relations: Vec<Relation>, errors: &mut Errors) -> Vec<Relation> {
    let names: Vec<String> = relations.iter().map(|relation| relation.ident.unraw().to_string()).collect();
    let mut kept = Vec::with_capacity(relations.len());
    for (at, relation) in relations.into_iter().enumerate() {
        let (name, span) = (&names[at], relation.ident.span());
        if model.fields.iter().any(|field| field.kind != Kind::Skip && field.ident.unraw() == *name) {
            let message = format!("`{0}.{name}` is a field already: give the relation another name", model.ident);
            errors.at(span, message);
        } else if names[..at].contains(name) {
            errors.at(span, format!("`{0}` has a relation `{name}` already: give this one another name", model.ident));
        } else if name == "into_parts" || name == "parts" {
            // A relation `parts` would have an `into_parts` too.
            let message = "`into_parts` is a method of the loaded type: give the relation another name";
            errors.at(span, message);
        } else if let Some(other) = name.strip_prefix("into_").filter(|other| names.iter().any(|name| name == other)) {
            let message =
                format!("`{name}` is the method that takes the relation `{other}` out: give one of them another name");
            errors.at(span, message);
        } else {
            kept.push(relation);
        }
    }
    kept
}
