//! Reads and checks a newtype: a struct around one value.
//!
//! What it holds is known by its tokens only; whether PostgreSQL has a type for it the compiler finds out, in the
//! generated code.

use syn::spanned::Spanned;
use syn::{Data, DeriveInput, Fields, Ident, Index, Member, Path, Type, parse_quote};

use crate::attr::arguments::{Arguments, path};
use crate::errors::Errors;
use crate::types;

/// A newtype, for `expand`.
pub(crate) struct Newtype {
    pub(crate) ident: Ident,
    /// What it holds, and where; `None` only after an error.
    pub(crate) inner: Option<(Member, Type)>,
    pub(crate) krate: Path,
    /// There was an error, so the code is there only to spare the user errors that follow from it.
    pub(crate) broken: bool,
}

/// The newtype that was written; none of one that has parameters, since then there is no type to speak of.
pub(crate) fn read(input: DeriveInput, errors: &mut Errors) -> Option<Newtype> {
    let mut krate = None;
    let mut arguments = Arguments::new(&["crate"]);
    for attribute in input.attrs.iter().filter(|attribute| attribute.path().is_ident("newtype")) {
        arguments.read(attribute, errors, |argument, input, _| {
            krate = Some(path(argument, input)?);
            Ok(())
        });
    }
    let ident = input.ident;
    if !input.generics.params.is_empty() {
        let message = "a newtype has no type, lifetime or const parameters: write one for each type that it would hold";
        errors.over(&input.generics, format!("{message}, as `struct {ident}(i32);`"));
        return None;
    }
    let inner = inner(&ident, input.data, errors);
    Some(Newtype { ident, inner, krate: krate.unwrap_or_else(|| parse_quote!(::relata)), broken: !errors.is_empty() })
}

/// The one value. A field with a name is an error, and known nevertheless, so that nothing follows from it.
fn inner(ident: &Ident, data: Data, errors: &mut Errors) -> Option<(Member, Type)> {
    let example = format!("`struct {ident}(i32);`");
    let Data::Struct(data) = data else {
        errors.at(ident.span(), format!("a newtype is a struct around one value: write {example}"));
        return None;
    };
    let named = matches!(data.fields, Fields::Named(_));
    let mut fields: Vec<syn::Field> = data.fields.into_iter().collect();
    if fields.len() != 1 {
        let (count, values) = (fields.len(), if fields.is_empty() { "none" } else { "several" });
        let fix = if count > 1 && named {
            "for several columns in one struct there is `#[derive(Embed)]`".to_owned()
        } else {
            format!("write {example}")
        };
        errors.at(ident.span(), format!("a newtype is a struct around one value, and this one has {values}: {fix}"));
        return None;
    }
    let field = fields.pop()?;
    if named {
        let held = types::text(&field.ty);
        let fix = format!("write `struct {ident}({held});`");
        errors.at(field.ident.span(), format!("a newtype's value has no name, so that `.0` reads it: {fix}"));
    }
    if let Some(value) = types::in_option(&field.ty) {
        let value = types::text(value);
        let fix = format!("write `struct {ident}({value});`, and `Option<{ident}>` where a column can be NULL");
        errors.over(&field.ty, format!("a newtype holds a value that is there: {fix}"));
    } else if let Type::Reference(reference) = types::bare(&field.ty) {
        let owned = if types::text(&reference.elem) == "[u8]" { "Vec<u8>" } else { "String" };
        errors.over(&field.ty, format!("a newtype owns its value, as a row does: hold a `{owned}`, for example"));
    }
    let member = field.ident.map_or(Member::Unnamed(Index::from(0)), Member::Named);
    Some((member, field.ty))
}

#[cfg(test)]
mod tests {
    use quote::ToTokens;
    use syn::Member;

    use super::{Newtype, read};
    use crate::errors::Errors;

    /// What is read, and the messages.
    fn reading(input: &str) -> (Option<Newtype>, String) {
        let mut errors = Errors::default();
        let newtype = read(syn::parse_str(input).expect("a struct"), &mut errors);
        (newtype, errors.before(proc_macro2::TokenStream::new()).to_string())
    }

    #[track_caller]
    fn refused(input: &str, message: &str) {
        let (newtype, errors) = reading(input);
        assert!(errors.contains(message), "{errors}");
        assert_eq!(errors.matches("compile_error").count(), 1, "one mistake, one message: {errors}");
        assert!(newtype.is_none_or(|newtype| newtype.broken));
    }

    #[test]
    fn a_struct_around_one_value_is_a_newtype() {
        let (newtype, errors) = reading("#[newtype(crate = ::app::orm)] pub struct Tags(pub Vec<Option<String>>);");
        let newtype = newtype.expect("it was read");
        assert_eq!((errors.as_str(), newtype.broken, newtype.ident.to_string().as_str()), ("", false, "Tags"));
        assert_eq!(newtype.krate.to_token_stream().to_string(), ":: app :: orm");
        let Some((Member::Unnamed(at), ty)) = newtype.inner else { panic!("the value has no name") };
        assert_eq!((at.index, crate::types::text(&ty).as_str()), (0, "Vec<Option<String>>"));
    }

    #[test]
    fn what_is_no_newtype_is_refused_with_its_fix() {
        refused("struct Id<T>(T);", "parameters: write one for each type that it would hold, as `struct Id(i32);`");
        refused("struct Id<'a>(&'a str);", "a newtype has no type, lifetime or const parameters");
        refused("struct Id<const N: usize>([u8; N]);", "a newtype has no type, lifetime or const parameters");
        refused("enum Id { One(i32) }", "a struct around one value: write `struct Id(i32);`");
        refused("struct Id;", "this one has none: write `struct Id(i32);`");
        refused("struct Id(i32, i32);", "this one has several: write `struct Id(i32);`");
        refused("struct Id { a: i32, b: i32 }", "there is `#[derive(Embed)]`");
        refused("struct Id { id: Vec<i32> }", "has no name, so that `.0` reads it: write `struct Id(Vec<i32>);`");
        refused("struct Id(Option<i32>);", "write `struct Id(i32);`, and `Option<Id>` where a column can be NULL");
        refused("struct Id(&'static str);", "owns its value, as a row does: hold a `String`");
        refused("struct Id(&'static [u8]);", "owns its value, as a row does: hold a `Vec<u8>`");
    }

    #[test]
    fn an_argument_that_is_not_known_is_refused() {
        refused("#[newtype(krate = ::app::orm)] struct Id(i32);", "unknown argument `krate`: expected `crate`");
    }
}
