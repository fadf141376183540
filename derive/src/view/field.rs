//! Reads a field of a view: what its `#[view(…)]` says, and whether it goes together.

use syn::parse::ParseBuffer;
use syn::{Expr, Ident};

use super::relative::is_path;
use super::{Aggregate, Argument, Content, Field, Load, Step, arguments};
use crate::attr::arguments::{Arguments, flag};
use crate::errors::Errors;
use crate::suggest;

const ARGUMENTS: &[&str] = &[
    "column",
    "path",
    "expr",
    "count",
    "count_distinct",
    "sum",
    "avg",
    "min",
    "max",
    "load",
    "relation",
    "filter",
    "filter_through",
    "order_by",
    "order_by_through",
    "limit",
    "offset",
    "first",
    "window",
    "select_in",
    "joined",
];

/// The aggregates of a column.
const AGGREGATES: &[&str] = &["count_distinct", "sum", "avg", "min", "max"];

/// What was written, argument by argument.
#[derive(Default)]
struct Written {
    content: Option<(Ident, Content)>,
    relation: Option<Ident>,
    filter: Option<(Ident, Expr)>,
    steps: Vec<Step>,
    /// The first argument that only a load takes.
    load: Option<Ident>,
    unread: bool,
}

/// The field, as complete as it can be.
pub(super) fn read(field: syn::Field, errors: &mut Errors) -> Option<Field> {
    let mut written = Written::default();
    let mut known = Arguments::new(ARGUMENTS).or_elsewhere(elsewhere);
    for attribute in field.attrs.iter().filter(|attribute| attribute.path().is_ident("view")) {
        written.unread |= !known.read(attribute, errors, |argument, input, errors| {
            let content = match argument.to_string().as_str() {
                "column" => Content::Path(vec![arguments::name(argument, input)?]),
                "path" => Content::Path(arguments::path(argument, input, "author.name")?),
                "expr" => Content::Expr(arguments::expression(argument, input, "title.lower()")?),
                "count" => {
                    Content::Aggregate(Aggregate::of_rows(argument, arguments::path(argument, input, "comments")?))
                }
                name if AGGREGATES.contains(&name) => {
                    let path = arguments::path(argument, input, "lines.quantity")?;
                    Content::Aggregate(Aggregate::of_column(argument, path)?)
                }
                name => return written.step(name, argument, input),
            };
            written.hold(argument, content, errors);
            Ok(())
        });
    }
    let ident = field.ident?;
    let content = written.content(&ident, errors);
    Some(Field { ident, ty: field.ty, content })
}

/// What is said of words that other tools have for this.
fn elsewhere(name: &str) -> Option<String> {
    let meant = match name {
        "name" | "rename" => "`column = …` names the entity's field",
        "where" | "only" => "`filter = …` says which rows",
        "order" | "sort" => "`order_by = …` says in which order",
        "nested" | "with" | "include" => "`load` loads a relation, as entities or as views",
        _ => return None,
    };
    Some(format!("unknown argument `{name}`: {meant}"))
}

impl Aggregate {
    fn of_rows(function: &Ident, relations: Vec<Ident>) -> Self {
        Aggregate { function: function.clone(), relations, column: None, filter: None }
    }

    fn of_column(function: &Ident, mut path: Vec<Ident>) -> syn::Result<Self> {
        let column = path.pop();
        if path.is_empty() {
            let message =
                format!("`{function}` names a relation, and a column of its rows: `{function} = lines.quantity`");
            return Err(syn::Error::new(column.map_or(function.span(), |column| column.span()), message));
        }
        Ok(Aggregate { function: function.clone(), relations: path, column, filter: None })
    }
}

impl Written {
    fn hold(&mut self, argument: &Ident, content: Content, errors: &mut Errors) {
        match &self.content {
            Some((first, _)) => {
                let message = format!("`{first}` and `{argument}` exclude each other: a field holds one thing");
                errors.at(argument.span(), message);
                self.unread = true;
            }
            None => self.content = Some((argument.clone(), content)),
        }
    }

    /// Reads an argument of a load, or the filter that an aggregate has, too.
    fn step(&mut self, name: &str, argument: &Ident, input: &ParseBuffer<'_>) -> syn::Result<()> {
        if name == "filter" {
            self.filter = Some((argument.clone(), arguments::expression(argument, input, "published.eq(true)")?));
            return Ok(());
        }
        self.load.get_or_insert_with(|| argument.clone());
        let mut steps = Vec::new();
        match name {
            "relation" => self.relation = Some(arguments::name(argument, input)?),
            "filter_through" => {
                steps.push(Argument::OfAssociation(arguments::expression(argument, input, "role.eq(\"editor\")")?));
            }
            "order_by" => steps.extend(orders(argument, input)?.map(Argument::OfTarget)),
            "order_by_through" => steps.extend(orders(argument, input)?.map(Argument::OfAssociation)),
            "limit" | "offset" | "first" => steps.push(Argument::Value(arguments::expression(argument, input, "10")?)),
            word => {
                flag(argument, input)?;
                if word != "load" {
                    steps.push(Argument::None);
                }
            }
        }
        self.steps.extend(steps.into_iter().map(|value| Step { method: argument.clone(), argument: value }));
        Ok(())
    }

    fn content(mut self, ident: &Ident, errors: &mut Errors) -> Content {
        let Some((argument, content)) = self.content.take() else {
            if self.load.is_some() || self.filter.is_some() {
                return Content::Load(self.into_load(ident, errors));
            }
            return Content::named(ident);
        };
        if let Some(load) = self.load.filter(|_| !self.unread) {
            let message = format!("`{load}` is for a relation that is loaded, and this field holds a `{argument}`");
            errors.at(load.span(), message);
        }
        match (content, self.filter) {
            (Content::Aggregate(aggregate), Some((_, filter))) => {
                Content::Aggregate(Aggregate { filter: Some(filter), ..aggregate })
            }
            (content, Some((filter, _))) => {
                let aggregates = suggest::list(AGGREGATES.iter().copied());
                let message =
                    format!("`filter` is for a relation that is loaded, or for an aggregate: `count`, {aggregates}");
                errors.at(filter.span(), message);
                content
            }
            (content, None) => content,
        }
    }

    fn into_load(self, ident: &Ident, errors: &mut Errors) -> Load {
        let Written { relation, filter, mut steps, .. } = self;
        if let Some((argument, filter)) = filter {
            steps.insert(0, Step { method: argument, argument: Argument::OfTarget(filter) });
        }
        let of = |name: &str| steps.iter().find(|step| step.method == name).map(|step| step.method.clone());
        if let (Some(_), Some(joined)) = (of("select_in"), of("joined")) {
            errors.at(joined.span(), "`select_in` and `joined` exclude each other: a load is fetched in one way");
        }
        if let (Some(window), None) = (of("window"), of("limit").or(of("offset")).or(of("first"))) {
            errors.at(window.span(), "`window` counts rows off: it goes with a `limit` or an `offset`");
        }
        // It is a method of a load, and not of the relation itself.
        steps.sort_by_key(|step| step.method == "window");
        Load { relation: relation.unwrap_or_else(|| ident.clone()), steps }
    }
}

/// The terms of an order; one that says no direction is ascending.
fn orders(argument: &Ident, input: &ParseBuffer<'_>) -> syn::Result<impl Iterator<Item = Expr> + use<>> {
    let orders = arguments::orders(argument, input)?;
    Ok(orders.into_iter().map(|order| if is_path(&order) { syn::parse_quote!(#order.asc()) } else { order }))
}
