//! The attributes of relations: `name: Type`, then arguments.
//!
//! Whether the type suits the kind, and whether the fields exist, is checked later.

use syn::ext::IdentExt;
use syn::parse::ParseBuffer;
use syn::{Attribute, Ident, LitStr, Meta, Token, Type, token};

use super::arguments::{Arguments, equals, listed, skip, string};
use super::conditions::{conditions, orders};
use crate::ast::{Kind, Names, Relation, Through};
use crate::errors::Errors;
use crate::types;

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
                let mut read = Relation::new(kind, ident, ty);
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
    let mut known = Arguments::new(relation.kind.arguments()).or_elsewhere(elsewhere(relation.kind));
    known.read_from(input, errors, |argument, input, errors| {
        match argument.to_string().as_str() {
            "by" if relation.kind == Kind::ManyToMany => relation.sides = Some(sides(argument, input, errors)?),
            "by" => relation.by = Some(names(argument, input, errors)?),
            "references" => relation.references = Some(names(argument, input, errors)?),
            "through" => relation.through = Some(through(argument, input)?),
            "through_schema" => relation.through_schema = Some(string(argument, input)?),
            "only" => relation.only = conditions(argument, input, errors)?,
            "through_only" => relation.through_only = conditions(argument, input, errors)?,
            _ => relation.order = orders(argument, input)?,
        }
        Ok(())
    });
}

/// What is said of an argument that only other kinds take.
fn elsewhere(kind: Kind) -> fn(&str) -> Option<String> {
    match kind {
        Kind::ManyToMany => |name| {
            (name == "references").then(|| {
                "a many_to_many has no `references`: through a bare table it leads to keys, and an association \
                 entity's relations say `references = …` themselves"
                    .to_owned()
            })
        },
        Kind::HasMany => |name| association(name),
        Kind::HasOne | Kind::BelongsTo => |name| {
            if name == "order_by" {
                return Some("one row has no order: `order_by` is for a has_many and a many_to_many".to_owned());
            }
            association(name)
        },
    }
}

fn association(name: &str) -> Option<String> {
    let example = Kind::ManyToMany.example();
    ["through", "through_schema", "through_only"]
        .contains(&name)
        .then(|| format!("`{name}` is for a relation through an association table: `{example}`"))
}

/// `through = Enrollment` or `through = "enrollments"`
fn through(argument: &Ident, input: &ParseBuffer<'_>) -> syn::Result<Through> {
    if input.peek(Token![=]) && input.peek2(LitStr) {
        return Ok(Through::Table(string(argument, input)?));
    }
    equals(argument, input, "Entity")?;
    let place = input.span();
    match input.parse() {
        Ok(entity) if matches!(types::bare(&entity), Type::Path(_)) => Ok(Through::Entity(Box::new(entity))),
        _ => Err(syn::Error::new(
            place,
            "expected the association's entity, `through = Entity`, or the name of its table, `through = \"…\"`",
        )),
    }
}

/// `by = (here, there)` or `by = ((a, b), (c, d))`
fn sides(argument: &Ident, input: &ParseBuffer<'_>, errors: &mut Errors) -> syn::Result<Vec<Names>> {
    equals(argument, input, "(here, there)")?;
    if !input.peek(token::Paren) {
        return Ok(vec![Names { names: vec![name(argument, input, errors)?] }]);
    }
    let (place, sides) = listed(argument, input, |input| list(argument, input, errors))?;
    if sides.is_empty() {
        return Err(syn::Error::new(place, format!("`{argument}` names nothing")));
    }
    Ok(sides)
}

/// `by = user_id` or `by = (country, number)`
fn names(argument: &Ident, input: &ParseBuffer<'_>, errors: &mut Errors) -> syn::Result<Names> {
    equals(argument, input, "field")?;
    list(argument, input, errors)
}

fn list(argument: &Ident, input: &ParseBuffer<'_>, errors: &mut Errors) -> syn::Result<Names> {
    if !input.peek(token::Paren) {
        return Ok(Names { names: vec![name(argument, input, errors)?] });
    }
    let (place, names) = listed(argument, input, |input| name(argument, input, errors))?;
    if names.is_empty() {
        return Err(syn::Error::new(place, format!("`{argument}` names no field")));
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
