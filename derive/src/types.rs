//! What a type says by its tokens: an `Option`, a `Vec`, or neither.
//!
//! A macro sees no meaning: a type that is an `Option` under another name is one that it does not know.

use quote::ToTokens;
use syn::{GenericArgument, Ident, PathArguments, Type};

/// The type in an `Option`, if it is written as one.
pub(crate) fn in_option(ty: &Type) -> Option<&Type> {
    inside(ty, "Option", "option", &["std", "core"])
}

/// The type in a `Vec`, if it is written as one.
pub(crate) fn in_vec(ty: &Type) -> Option<&Type> {
    inside(ty, "Vec", "vec", &["std", "alloc"])
}

/// The type in a `Page`, under whatever path.
pub(crate) fn in_page(ty: &Type) -> Option<&Type> {
    let Type::Path(path) = bare(ty) else { return None };
    let last = path.path.segments.last().filter(|last| last.ident == "Page")?;
    let PathArguments::AngleBracketed(arguments) = &last.arguments else { return None };
    match arguments.args.first() {
        Some(GenericArgument::Type(inner)) if arguments.args.len() == 1 => Some(inner),
        _ => None,
    }
}

/// The last name of the type's path: `Decimal` of `rust_decimal::Decimal`.
pub(crate) fn last_name(ty: &Type) -> Option<&Ident> {
    match bare(ty) {
        Type::Path(path) => path.path.segments.last().map(|segment| &segment.ident),
        _ => None,
    }
}

/// The type without what a macro by example or parentheses put around it.
pub(crate) fn bare(ty: &Type) -> &Type {
    match ty {
        Type::Group(group) => bare(&group.elem),
        Type::Paren(paren) => bare(&paren.elem),
        other => other,
    }
}

fn inside<'t>(ty: &'t Type, name: &str, module: &str, crates: &[&str]) -> Option<&'t Type> {
    let Type::Path(path) = bare(ty) else { return None };
    if path.qself.is_some() {
        return None;
    }
    let segments = &path.path.segments;
    let last = segments.last()?;
    let prefix: Vec<String> = segments.iter().take(segments.len() - 1).map(|part| part.ident.to_string()).collect();
    let known = match prefix.as_slice() {
        [] => path.path.leading_colon.is_none(),
        [root, parent] => crates.contains(&root.as_str()) && parent == module,
        _ => false,
    };
    let PathArguments::AngleBracketed(arguments) = &last.arguments else { return None };
    match arguments.args.first() {
        Some(GenericArgument::Type(inner)) if known && last.ident == name && arguments.args.len() == 1 => Some(inner),
        _ => None,
    }
}

/// The tokens as a person would write them.
pub(crate) fn text(tokens: &impl ToTokens) -> String {
    let mut text = tokens.to_token_stream().to_string();
    for (spaced, tight) in [
        (" :: ", "::"),
        (":: ", "::"),
        (" ::", "::"),
        (" < ", "<"),
        ("< ", "<"),
        (" <", "<"),
        (" >", ">"),
        (" ,", ","),
        (" ;", ";"),
        ("& ", "&"),
        ("[ ", "["),
        (" ]", "]"),
        ("( ", "("),
        (" )", ")"),
    ] {
        text = text.replace(spaced, tight);
    }
    text
}

#[cfg(test)]
mod tests {
    use syn::parse_quote;

    use super::{in_option, in_page, in_vec, text};

    #[test]
    fn an_option_is_recognised_by_its_usual_paths() {
        assert!(in_option(&parse_quote!(Option<i32>)).is_some());
        assert!(in_option(&parse_quote!(::std::option::Option<i32>)).is_some());
        assert!(in_option(&parse_quote!(core::option::Option<i32>)).is_some());
        assert!(in_option(&parse_quote!(mine::Option<i32>)).is_none());
        assert!(in_option(&parse_quote!(Vec<i32>)).is_none());
        assert!(in_vec(&parse_quote!(std::vec::Vec<i32>)).is_some());
        assert!(in_page(&parse_quote!(relata::Page<Post>)).is_some());
        assert!(in_page(&parse_quote!(Page)).is_none());
    }

    #[test]
    fn a_type_is_written_without_odd_spaces() {
        let ty: syn::Type = parse_quote!(::std::collections::BTreeMap<&'static str, Vec<[u8; 4]>>);
        assert_eq!(text(&ty), "::std::collections::BTreeMap<&'static str, Vec<[u8; 4]>>");
    }
}
