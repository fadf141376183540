//! Finds every error in what was written, and makes the model of it.
//!
//! An error is at the span of its cause and says the fix. Whatever is wrong, the model is as complete as it can be, so
//! that one mistake gives one message.

mod field;
mod names;
mod association;
mod relation;

use syn::{Visibility, parse_quote};

use crate::ast::Input;
use crate::errors::Errors;
use crate::model::{Kind, Model};

/// As many as tuples that the library knows as keys.
const MOST_KEY_COLUMNS: usize = 4;

/// The model of an entity; none of one that has parameters, since then there is no type to speak of.
pub(crate) fn entity(mut input: Input, errors: &mut Errors) -> Option<Model> {
    let relations = std::mem::take(&mut input.relations);
    let keys: Vec<bool> = input.fields.iter().flatten().map(|field| field.key.is_some()).collect();
    let ident = input.ident.clone();
    let is_struct = input.fields.is_some();
    let table_missing = input.options.table.is_none() && !input.options.unread;

    let mut model = common(input, "an entity", errors)?;
    let is_column = |at: &usize| model.fields[*at].kind == Kind::Column;
    model.key = (0..keys.len()).filter(|&at| keys[at]).filter(is_column).collect();
    if let Some(&at) = model.key.get(MOST_KEY_COLUMNS) {
        errors.at(model.fields[at].ident.span(), format!("a key has at most {MOST_KEY_COLUMNS} columns"));
        model.key.truncate(MOST_KEY_COLUMNS);
    }
    if table_missing {
        errors.at(ident.span(), "the table's name is missing: write `#[entity(table = \"…\")]` on the struct");
    }
    if !keys.contains(&true) && is_struct {
        errors.at(ident.span(), "`#[key]` is missing: mark the field(s) of the primary key with it");
    }
    field::check_names(&model, errors);
    model.relations = relation::check(&model, relations, errors);
    model.broken = !errors.is_empty();
    Some(model)
}

/// The model of an embedded struct.
pub(crate) fn embed(input: Input, errors: &mut Errors) -> Option<Model> {
    let mut model = common(input, "an embedded struct", errors)?;
    model.is_embed = true;
    field::check_names(&model, errors);
    model.broken = !errors.is_empty();
    Some(model)
}

fn common(input: Input, what: &str, errors: &mut Errors) -> Option<Model> {
    if !input.generics.params.is_empty() {
        errors.over(&input.generics, format!("{what} has no type, lifetime or const parameters"));
        return None;
    }
    if input.fields.is_none() {
        errors.at(input.ident.span(), format!("{what} is a struct with named fields"));
    }
    let options = input.options;
    let (vis, narrowed) = visibility(&input.vis, options.vis, errors);
    let rename_all = options.rename_all;
    let fields = input.fields.into_iter().flatten().map(|one| field::check(one, rename_all, errors)).collect();
    Some(Model {
        ident: input.ident,
        is_embed: false,
        has_constructor: input.has_constructor,
        own_vis: input.vis,
        vis,
        narrowed,
        krate: options.krate.unwrap_or_else(|| parse_quote!(::relata)),
        table: options.table.map(|table| table.value()).unwrap_or_default(),
        schema: options.schema.map(|schema| schema.value()),
        serde: input.serde,
        fields,
        key: Vec::new(),
        relations: Vec::new(),
        broken: false,
    })
}

/// The visibility of what is generated, and whether it is another than the struct's.
fn visibility(own: &Visibility, given: Option<Visibility>, errors: &mut Errors) -> (Visibility, bool) {
    let Some(given) = given else { return (own.clone(), false) };
    if given == *own {
        return (given, false);
    }
    if width(&given) > width(own) {
        errors.over(&given, "the struct itself is less visible: `vis` can only narrow its visibility");
        return (own.clone(), false);
    }
    (given, true)
}

fn width(visibility: &Visibility) -> u8 {
    match visibility {
        Visibility::Inherited => 0,
        Visibility::Restricted(_) => 1,
        Visibility::Public(_) => 2,
    }
}
