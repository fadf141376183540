//! Derive macros of relata: `Entity`, `Embed`, `Newtype`, `View` and `loaded!`.
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
mod newtype;
mod view;

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
///   a filter or an order, gives its root a second time unless a load is joined to it. `check` asks for the constraint.
/// - `#[belongs_to(author: User, by = user_id)]`: `by` names the own field that equals the target's key;
///   `author: Option<User>` where there may be no row
///
/// - `#[many_to_many(courses: Vec<Course>, through = Enrollment, by = (student, course))]`: through an association
///   entity, by its relations, the one that leads back to this entity and the one that leads to the target. Loads can
///   then filter and sort by it.
/// - `#[many_to_many(courses: Vec<Course>, through = "enrollments", by = (student_id, course_id))]`: through an
///   association table that has no entity, by its columns, those that equal this entity's key and those that equal the
///   target's; `through_schema = "app"` qualifies the table's name
///
/// A relation over a composite key names its fields in the key's order, `by = (country, number)`, and a bare
/// association table's columns `by = ((country, number), course_id)`; a relation that does not lead to a key says which
/// fields it means, `references = email`.
///
/// What else is part of a relation, in loads and in paths, conditions and orders across it:
///
/// | argument | on | means |
/// |---|---|---|
/// | `only = (published = true, kind = "news", deleted_at = None)` | every kind | the target's rows whose fields equal these values: integers, `true` and `false`, strings (which stand for a value of any other type as the database writes it), `None` for NULL |
/// | `through_only = (grade = "A")` | `many_to_many` | the same for the association's fields, or for the columns of a bare table |
/// | `order_by = (created_at desc, id)` | `has_many`, `many_to_many` | the order of the rows where a load asks for none |
///
/// On a field:
///
/// - `#[key]`: part of the primary key; `#[key(generated)]` where the database makes its values
/// - `#[column(name = "…")]`, `#[column(skip)]` (not a column, read as its default) and `#[column(embed)]` (a struct with
///   `#[derive(Embed)]`)
/// - `#[column(sql_type = "…")]`: the column's SQL type. A composite type needs it in filters and as a key, and so does
///   `cidr`: PostgreSQL would infer `record` and `inet` for what they are compared with. Values of other types are sent
///   as PostgreSQL infers them.
/// - `#[column(compare = database)]`: as part of a key its values are compared by the database alone, since equal ones
///   may differ in their bytes. It is the default of fields of type `f32`, `f64`, `Decimal`, `BigDecimal` and `Numeric`,
///   and of the SQL types `numeric`, `real`, `double precision`, `citext`, `interval`, `timetz` and `jsonb`;
///   `compare = client` is that of all others.
///
/// A column that can be NULL is an `Option`, written out as one.
#[proc_macro_derive(Entity, attributes(entity, key, column, has_many, has_one, belongs_to, many_to_many))]
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
/// `#[column(sql_type = "…")]`, `#[column(compare = …)]` and `#[column(skip)]`, as in an entity.
#[proc_macro_derive(Embed, attributes(embed, key, column, has_many, has_one, belongs_to, many_to_many))]
pub fn derive_embed(input: TokenStream) -> TokenStream {
    let input = parse_macro_input!(input as DeriveInput);
    let mut errors = errors::Errors::default();
    let written = attr::embed(input, &mut errors);
    let code = check::embed(written, &mut errors).map(|model| expand::embed(&model));
    errors.before(code.unwrap_or_default()).into()
}

/// Makes a struct around one value, `struct UserId(i32);`, what its value is to PostgreSQL: a column, also of NULLs
/// (`Option<UserId>`) and of arrays (`Vec<UserId>`), a key and a parameter.
///
/// It implements tokio-postgres's `ToSql` (which asks for `Debug`) and `FromSql`, `From` the value, so that
/// `User::find(5)` and `User.id.is_in([1, 2])` need no `UserId(…)`, and for a struct around text `From<&str>` and
/// `relata::Text`. A column of a domain is one of what it is a domain of. A relation equates a newtype with the same
/// newtype only.
///
/// On the struct `#[newtype(crate = ::path::to::relata)]`. A struct that checks its value, so that not all of them
/// become one, has `ToSql` and `FromSql` written by hand.
#[proc_macro_derive(Newtype, attributes(newtype))]
pub fn derive_newtype(input: TokenStream) -> TokenStream {
    let input = parse_macro_input!(input as DeriveInput);
    let mut errors = errors::Errors::default();
    let code = newtype::read(input, &mut errors).map(|newtype| expand::newtype(&newtype));
    errors.before(code.unwrap_or_default()).into()
}

/// Makes a struct with named fields a view of an entity: its fields say what is selected, and which relations are loaded.
///
/// On the struct `#[view(Post)]`, the entity, and in it `crate = ::path::to::relata`. A field without an attribute is the
/// entity's column of its name. Others say what they hold:
///
/// | attribute | holds |
/// |---|---|
/// | `#[view(column = title)]` | the entity's column of that name |
/// | `#[view(path = author.name)]` | a column along a path to one row, or, without a column, the entity at its end |
/// | `#[view(count = comments)]` | the number of rows at the end of a path of relations |
/// | `#[view(sum = lines.quantity)]`, `avg`, `min`, `max`, `count_distinct` | an aggregate of a column of these rows, `None` without a row; with `filter = …`, of some of them |
/// | `#[view(expr = title.lower())]` | any expression that `select` takes |
/// | `#[view(load)]` | the relation of the field's name, loaded |
///
/// A load gives a `Vec`, an `Option`, or the row itself where one is promised, each row as an entity or as a view of it. These
/// make a field a load as well, and are what the methods of a load are: `relation = comments`, where the field has another
/// name, `filter = body.ne("")`, `order_by = (body.asc(), id.desc())`, `limit = 2` and `offset = 2` (for each row of the view),
/// `first = 2` (a `Page` for each of them), `window`, `select_in`, `joined`, and `filter_through`, `order_by_through` for a many-to-many. Two fields may load one
/// relation.
///
/// An expression that begins with a name in lower case means a field: of the entity in `expr`, of the rows in `filter` and
/// `order_by`, of the association in `filter_through` and `order_by_through`. So `id.desc()` is `Comment.id.desc()`. Names
/// among the arguments of a call are not looked at. An order without a direction is ascending.
///
/// A field's type is what is selected, or an `Option` of it; a type that does not fit does not compile. `Clone` is not asked
/// of the view.
#[proc_macro_derive(View, attributes(view))]
pub fn derive_view(input: TokenStream) -> TokenStream {
    let input = parse_macro_input!(input as DeriveInput);
    let mut errors = errors::Errors::default();
    let code = view::read(input, &mut errors).map(|view| expand::view(&view));
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
