//! Reads and checks a view: a struct whose fields say what is selected and loaded of an entity.
//!
//! What the entity has is known to the compiler only, which finds out in the generated code.

mod arguments;
mod field;
mod relative;
#[cfg(test)]
mod tests;

use syn::ext::IdentExt;
use syn::parse::{ParseBuffer, ParseStream};
use syn::{Attribute, DeriveInput, Expr, Ident, Meta, Path, Token, Type, parse_quote};

use crate::ast::named;
use crate::attr::arguments::{Arguments, path, skip};
use crate::errors::Errors;
pub(crate) use relative::{Relative, relative};

/// A view, for `expand`.
pub(crate) struct View {
    pub(crate) ident: Ident,
    pub(crate) entity: Path,
    pub(crate) krate: Path,
    pub(crate) fields: Vec<Field>,
    /// There was an error, so the code is there only to spare the user errors that follow from it.
    pub(crate) broken: bool,
}

/// A field of the struct.
pub(crate) struct Field {
    pub(crate) ident: Ident,
    pub(crate) ty: Type,
    pub(crate) content: Content,
}

/// What a field holds.
pub(crate) enum Content {
    /// What is at the end of a path: `author.name`.
    Path(Vec<Ident>),
    /// An expression over the entity.
    Expr(Expr),
    Aggregate(Aggregate),
    Load(Load),
}

/// An aggregate of the rows at the end of a path.
pub(crate) struct Aggregate {
    /// The method: `count`.
    pub(crate) function: Ident,
    /// The path; none only after an error.
    pub(crate) relations: Vec<Ident>,
    /// Of which column of the rows, if not of the rows themselves.
    pub(crate) column: Option<Ident>,
    pub(crate) filter: Option<Expr>,
}

/// A relation that is loaded.
pub(crate) struct Load {
    pub(crate) relation: Ident,
    /// The methods of the load, in the order in which they are called.
    pub(crate) steps: Vec<Step>,
}

/// One method of a load.
pub(crate) struct Step {
    pub(crate) method: Ident,
    pub(crate) argument: Argument,
}

/// What a load's method is given.
pub(crate) enum Argument {
    None,
    /// A number.
    Value(Expr),
    /// A condition on the rows, or their order.
    OfTarget(Expr),
    /// A condition on the association's rows, or their order.
    OfAssociation(Expr),
}

/// The view that was written; none of one that has parameters or no entity, since then there is no query to speak of.
pub(crate) fn read(input: DeriveInput, errors: &mut Errors) -> Option<View> {
    let mut options = Options::default();
    for attribute in input.attrs.iter().filter(|attribute| attribute.path().is_ident("view")) {
        options.read(attribute, errors);
    }
    let ident = input.ident;
    if !input.generics.params.is_empty() {
        errors.over(&input.generics, "a view has no type, lifetime or const parameters: write one for each query");
        return None;
    }
    if options.entity.is_none() && !options.unread {
        errors.at(ident.span(), "the entity is missing: write `#[view(Entity)]` on the struct");
    }
    let fields = named(input.data);
    if fields.is_none() {
        errors.at(ident.span(), "a view is a struct with named fields");
    } else if fields.as_ref().is_some_and(Vec::is_empty) {
        errors.at(ident.span(), "a view without a field selects nothing: `.count(db)` and `.exists(db)` need no row");
    }
    let fields = fields.into_iter().flatten().filter_map(|one| field::read(one, errors)).collect();
    let krate = options.krate.unwrap_or_else(|| parse_quote!(::relata));
    Some(View { ident, entity: options.entity?, krate, fields, broken: !errors.is_empty() })
}

/// The arguments of the struct's `#[view(…)]`.
#[derive(Default)]
struct Options {
    entity: Option<Path>,
    krate: Option<Path>,
    /// Whether something could not be read, so that an entity which seems to be missing may be that.
    unread: bool,
}

impl Options {
    fn read(&mut self, attribute: &Attribute, errors: &mut Errors) {
        let before = errors.len();
        if let Meta::List(_) = attribute.meta {
            let read = attribute.parse_args_with(|input: ParseStream<'_>| {
                self.read_from(input, errors);
                Ok(())
            });
            if let Err(error) = read {
                errors.add(error);
            }
        } else {
            errors.over(attribute, "`#[view(Entity)]` names the entity in parentheses");
        }
        self.unread |= errors.len() > before;
    }

    fn read_from(&mut self, input: &ParseBuffer<'_>, errors: &mut Errors) {
        if !input.is_empty() && !input.peek2(Token![=]) {
            match input.call(Path::parse_mod_style) {
                Ok(path) if self.entity.is_some() => {
                    errors.over(path, "a view is of one entity, which is named already");
                }
                Ok(path) => self.entity = Some(path),
                Err(error) => {
                    let message = "expected the entity of the view, without quotes: `#[view(Entity)]`";
                    errors.at(error.span(), message);
                    skip(input);
                }
            }
            if !input.is_empty() && input.parse::<Token![,]>().is_err() {
                errors.at(input.span(), "expected a comma after the entity");
                skip(input);
                let _ = input.parse::<Token![,]>();
            }
        }
        let entity = |_: &str| Some("an argument is `crate = ::path`; the entity is named without one".to_owned());
        let mut arguments = Arguments::new(&["crate"]).or_elsewhere(entity);
        arguments.read_from(input, errors, |argument, input, _| {
            self.krate = Some(path(argument, input)?);
            Ok(())
        });
    }
}

impl Field {
    /// `PostCard.title`
    pub(crate) fn place(&self, view: &Ident) -> String {
        format!("{}.{}", view.unraw(), self.ident.unraw())
    }

    pub(crate) fn load(&self) -> Option<&Load> {
        match &self.content {
            Content::Load(load) => Some(load),
            _ => None,
        }
    }
}

impl Content {
    /// What stands at the field's own name.
    fn named(ident: &Ident) -> Self {
        Content::Path(vec![ident.clone()])
    }
}
