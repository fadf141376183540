//! What was written: the struct, its attributes' arguments and its fields, each with its span.
//!
//! Nothing here is checked: arguments may contradict each other, or be missing.

use proc_macro2::{Span, TokenStream};
use quote::{ToTokens, TokenStreamExt};
use syn::{Attribute, Fields, Generics, Ident, LitStr, Path, Type, Visibility};

use crate::case::Case;

/// The struct, or what stands in its place.
pub(crate) struct Input {
    pub(crate) ident: Ident,
    pub(crate) vis: Visibility,
    pub(crate) generics: Generics,
    pub(crate) options: Options,
    pub(crate) serde: Serde,
    /// Whether it is a struct without named fields, so that its name is a value, too.
    pub(crate) has_constructor: bool,
    /// `None` unless it is a struct with named fields.
    pub(crate) fields: Option<Vec<Field>>,
    pub(crate) relations: Vec<Relation>,
}

/// The arguments of `#[entity(…)]` or `#[embed(…)]`.
#[derive(Default)]
pub(crate) struct Options {
    pub(crate) table: Option<LitStr>,
    pub(crate) schema: Option<LitStr>,
    pub(crate) rename_all: Option<Case>,
    pub(crate) vis: Option<Visibility>,
    pub(crate) krate: Option<Path>,
    /// Whether an argument could not be read, so that one which seems to be missing may be that one.
    pub(crate) unread: bool,
}

/// The struct's own `#[serde(rename_all = …)]`, in either direction.
#[derive(Default, Clone, Copy)]
pub(crate) struct Serde {
    pub(crate) serialize: Option<Case>,
    pub(crate) deserialize: Option<Case>,
}

/// A field, with the arguments of its `#[key]` and its `#[column]`.
pub(crate) struct Field {
    pub(crate) ident: Ident,
    pub(crate) ty: Type,
    pub(crate) docs: Vec<Attribute>,
    pub(crate) key: Option<Span>,
    pub(crate) name: Option<LitStr>,
    pub(crate) sql_type: Option<LitStr>,
    pub(crate) skip: Option<Span>,
    pub(crate) embed: Option<Span>,
    pub(crate) compare: Option<(Compare, Span)>,
}

/// Where a key's values are compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Compare {
    Client,
    Database,
}

/// A relation's attribute.
pub(crate) struct Relation {
    pub(crate) kind: Kind,
    pub(crate) ident: Ident,
    /// With its container: `Vec<Post>`.
    pub(crate) ty: Type,
    pub(crate) by: Option<Names>,
    /// The `by` of a many-to-many, which has a part for each side.
    pub(crate) sides: Option<Vec<Names>>,
    pub(crate) references: Option<Names>,
    pub(crate) through: Option<Through>,
    pub(crate) through_schema: Option<LitStr>,
    pub(crate) only: Vec<Condition>,
    pub(crate) through_only: Vec<Condition>,
    pub(crate) order: Vec<Order>,
    /// Whether an argument could not be read.
    pub(crate) unread: bool,
}

impl Relation {
    /// One without arguments.
    pub(crate) fn new(kind: Kind, ident: Ident, ty: Type) -> Self {
        Relation {
            kind,
            ident,
            ty,
            by: None,
            sides: None,
            references: None,
            through: None,
            through_schema: None,
            only: Vec::new(),
            through_only: Vec::new(),
            order: Vec::new(),
            unread: false,
        }
    }
}

/// The names of fields: `a` or `(a, b)`.
pub(crate) struct Names {
    pub(crate) names: Vec<Ident>,
}

/// What a many-to-many goes through.
pub(crate) enum Through {
    /// An entity: `through = Enrollment`.
    Entity(Box<Type>),
    /// A bare table: `through = "enrollments"`.
    Table(LitStr),
}

/// `field = value`
#[derive(Clone)]
pub(crate) struct Condition {
    pub(crate) field: Ident,
    pub(crate) value: Constant,
}

/// A value in an attribute.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Constant {
    Null,
    Bool(bool),
    Integer(i64),
    Text(String),
}

/// `field`, `field asc` or `field desc`
#[derive(Clone)]
pub(crate) struct Order {
    pub(crate) field: Ident,
    pub(crate) descending: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    HasMany,
    HasOne,
    BelongsTo,
    ManyToMany,
}

impl Kind {
    const ALL: [Kind; 4] = [Kind::HasMany, Kind::HasOne, Kind::BelongsTo, Kind::ManyToMany];

    /// The kind that this attribute declares.
    pub(crate) fn of(attribute: &Attribute) -> Option<Self> {
        Kind::ALL.into_iter().find(|kind| attribute.path().is_ident(kind.name()))
    }

    /// The attribute's name.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Kind::HasMany => "has_many",
            Kind::HasOne => "has_one",
            Kind::BelongsTo => "belongs_to",
            Kind::ManyToMany => "many_to_many",
        }
    }

    /// A whole attribute, for messages.
    pub(crate) fn example(self) -> &'static str {
        match self {
            Kind::HasMany => "#[has_many(posts: Vec<Post>, by = user_id)]",
            Kind::HasOne => "#[has_one(profile: Option<Profile>, by = user_id)]",
            Kind::BelongsTo => "#[belongs_to(author: User, by = user_id)]",
            Kind::ManyToMany => "#[many_to_many(courses: Vec<Course>, through = Enrollment, by = (student, course))]",
        }
    }

    /// The arguments that it takes.
    pub(crate) fn arguments(self) -> &'static [&'static str] {
        match self {
            Kind::HasMany => &["by", "references", "only", "order_by"],
            Kind::HasOne | Kind::BelongsTo => &["by", "references", "only"],
            Kind::ManyToMany => &["through", "through_schema", "by", "only", "through_only", "order_by"],
        }
    }
}

/// Whether the name of this is a value: a constructor.
pub(crate) fn has_constructor(data: &syn::Data) -> bool {
    matches!(data, syn::Data::Struct(syn::DataStruct { fields: Fields::Unnamed(_) | Fields::Unit, .. }))
}

/// The named fields of a struct; `None` for anything else.
pub(crate) fn named(data: syn::Data) -> Option<Vec<syn::Field>> {
    match data {
        syn::Data::Struct(data) => match data.fields {
            Fields::Named(fields) => Some(fields.named.into_iter().collect()),
            Fields::Unnamed(_) | Fields::Unit => None,
        },
        syn::Data::Enum(_) | syn::Data::Union(_) => None,
    }
}

impl ToTokens for Names {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        tokens.append_all(&self.names);
    }
}
