//! Derive macros of relata: `Entity`, `Embed` and `loaded!`.
//!
//! They know the syntax of the program that uses relata and no database. Stages, in reading order: `ast` is what was
//! written, `attr` reads the attributes into it, `check` finds every error, and `expand`, which cannot fail, writes
//! the code.

mod errors;
mod suggest;
mod types;
mod case;
mod hash;
mod place;
mod ast;
mod attr;
mod model;
mod check;
mod expand;
mod loaded;

use proc_macro::TokenStream;
use syn::{DeriveInput, parse_macro_input};

/// Maps a struct with named fields to a table.
///
/// It makes a constant of the struct's own name, whose fields are the columns and the relations (`User.name`,
/// `User.posts`), and for an entity with relations the type of its rows with some of them loaded (`LoadedUser`).
///
/// On the struct:
///
/// - `#[entity(table = "users")]`, and in it `schema = "app"`, `rename_all = "camelCase"` (the columns' names),
///   `vis = pub(crate)` (of all that is generated, where it should be less than the struct's) and
///   `crate = ::path::to::relata`
/// - `#[has_many(posts: Vec<Post>, by = user_id)]`: `by` names the target's field that equals this entity's key
/// - `#[has_one(profile: Option<Profile>, by = user_id)]`: the same, with at most one row; `profile: Profile`
///   promises one.
///   The columns are to be unique in the database: a load that meets two rows is an error, and a path through them, in
///   a filter or an order, gives its root a second time.
/// - `#[belongs_to(author: User, by = user_id)]`: `by` names the own field that equals the target's key;
///   `author: Option<User>` where there may be no row
///
/// A relation over a composite key names its fields in the key's order, `by = (country, number)`; one that does not
/// lead to a key says which fields it means, `references = email`.
///
/// On a field:
///
/// - `#[key]`: part of the primary key; `#[key(generated)]` where the database makes its values
/// - `#[column(name = "…")]`, `#[column(sql_type = "…")]`, `#[column(skip)]` (not a column, read as its default) and
///   `#[column(embed)]` (a struct with `#[derive(Embed)]`)
///
/// A column that can be NULL is an `Option`, written out as one.
#[proc_macro_derive(Entity, attributes(entity, key, column, has_many, has_one, belongs_to))]
pub fn derive_entity(input: TokenStream) -> TokenStream {
    let input = parse_macro_input!(input as DeriveInput);
    let mut errors = errors::Errors::default();
    let written = attr::entity(input, &mut errors);
    let code = check::entity(written, &mut errors).map(|model| expand::entity(&model));
    errors.before(code.unwrap_or_default()).into()
}

/// Makes a struct with named fields a part of the tables of the entities that embed it, with `#[column(embed)]`.
///
/// On the struct `#[embed(rename_all = "…", vis = …, crate = …)]`, on a field `#[column(name = "…")]`,
/// `#[column(sql_type = "…")]` and `#[column(skip)]`, as in an entity.
#[proc_macro_derive(Embed, attributes(embed, key, column, has_many, has_one, belongs_to))]
pub fn derive_embed(input: TokenStream) -> TokenStream {
    let input = parse_macro_input!(input as DeriveInput);
    let mut errors = errors::Errors::default();
    let written = attr::embed(input, &mut errors);
    let code = check::embed(written, &mut errors).map(|model| expand::embed(&model));
    errors.before(code.unwrap_or_default()).into()
}

/// The type of an entity's rows with these relations loaded, each with the loads below it.
///
/// `loaded!(User { posts { comments }, profile })` is the type of the rows of
/// `User::query().with(User.posts.with(Post.comments)).with(User.profile)`; the order makes no difference.
/// A relation that was loaded by `with_if` has a question mark: `loaded!(User { posts? })`.
/// Where relata has another name, it is said first: `loaded!(crate = ::path::to::relata, User { posts })`.
#[proc_macro]
pub fn loaded(input: TokenStream) -> TokenStream {
    loaded::expand(input.into()).into()
}
