//! Expressions that begin with a bare name: a field of the entity that they are about.
//!
//! `id.desc()` stands for `Comment.id.desc()`. What is written as arguments is not looked into: it may be about another
//! entity.

use syn::{Expr, ExprField, ExprPath, Ident, Member};

use crate::place;

/// An expression, and whether a name in it was bare.
pub(crate) struct Relative {
    pub(crate) expr: Expr,
    pub(crate) found: bool,
}

/// The expression with the fields of what `base` names where it begins with a bare name: one in lower case, as fields have
/// and entities, constants and types do not.
pub(crate) fn relative(mut expr: Expr, base: &str) -> Relative {
    let found = lead(&mut expr, base);
    Relative { expr, found }
}

fn lead(expr: &mut Expr, base: &str) -> bool {
    match expr {
        Expr::Path(path) => match field(path) {
            Some(name) => {
                *expr = member(base, name);
                true
            }
            None => false,
        },
        Expr::Field(field) => lead(&mut field.base, base),
        Expr::MethodCall(call) => lead(&mut call.receiver, base),
        Expr::Unary(unary) => lead(&mut unary.expr, base),
        Expr::Paren(paren) => lead(&mut paren.expr, base),
        Expr::Group(group) => lead(&mut group.expr, base),
        Expr::Binary(binary) => {
            let left = lead(&mut binary.left, base);
            lead(&mut binary.right, base) || left
        }
        Expr::Tuple(tuple) => tuple.elems.iter_mut().fold(false, |found, one| lead(one, base) || found),
        _ => false,
    }
}

/// The bare name that the path is.
fn field(path: &ExprPath) -> Option<Ident> {
    let name = path.path.get_ident().filter(|_| path.qself.is_none())?;
    let text = name.to_string();
    let first = text.strip_prefix("r#").unwrap_or(&text).chars().next()?;
    let reserved = ["self", "super", "crate"].contains(&text.as_str());
    (!first.is_uppercase() && !reserved).then(|| name.clone())
}

/// `base.name`
fn member(base: &str, name: Ident) -> Expr {
    let base = Ident::new(base, place::of(name.span()));
    let path = ExprPath { attrs: Vec::new(), qself: None, path: base.into() };
    Expr::Field(ExprField {
        attrs: Vec::new(),
        base: Box::new(Expr::Path(path)),
        dot_token: syn::token::Dot(place::of(name.span())),
        member: Member::Named(name),
    })
}

/// Whether it is fields and nothing more, so that no order says which way: `author.name`.
pub(crate) fn is_path(expr: &Expr) -> bool {
    match expr {
        Expr::Path(path) => field(path).is_some(),
        Expr::Field(field) => is_path(&field.base),
        Expr::Paren(paren) => is_path(&paren.expr),
        Expr::Group(group) => is_path(&group.expr),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use quote::ToTokens;

    use super::{is_path, relative};

    #[track_caller]
    fn becomes(written: &str, expected: &str) {
        let relative = relative(syn::parse_str(written).expect("an expression"), "base");
        let expected: syn::Expr = syn::parse_str(expected).expect("an expression");
        assert_eq!(relative.expr.to_token_stream().to_string(), expected.to_token_stream().to_string());
        assert_eq!(relative.found, relative.expr.to_token_stream().to_string().contains("base"));
    }

    #[test]
    fn a_bare_name_at_the_beginning_is_a_field() {
        becomes("id.desc()", "base.id.desc()");
        becomes("author.name.lower().asc()", "base.author.name.lower().asc()");
        becomes("r#type.asc()", "base.r#type.asc()");
        becomes("_id", "base._id");
        becomes("(id, 1, author.name)", "(base.id, 1, base.author.name)");
        becomes("price * (quantity - discount)", "base.price * (base.quantity - base.discount)");
        becomes(
            "!hidden.eq(true) & body.ne(\"\") | Comment.id.gt(1)",
            "!base.hidden.eq(true) & base.body.ne(\"\") | Comment.id.gt(1)",
        );
    }

    #[test]
    fn what_has_a_name_of_its_own_stays_as_it_is() {
        for written in [
            "Comment.id.desc()",
            "LATEST",
            "newest()",
            "orders::NEWEST",
            "case(hidden.eq(true), 1).end()",
            "1",
            "{ id }",
        ] {
            becomes(written, written);
        }
        becomes("author.any(name.eq(\"x\"))", "base.author.any(name.eq(\"x\"))");
    }

    #[test]
    fn fields_alone_are_told_from_expressions() {
        let path = |written: &str| is_path(&syn::parse_str(written).expect("an expression"));
        assert!(path("id") && path("(author.name)"));
        assert!(!path("id.desc()") && !path("Comment.id") && !path("id + 1"));
    }
}
