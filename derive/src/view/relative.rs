//! Expressions that begin with a bare name: a field of the entity that they are about.
//!
//! `id.desc()` stands for `Comment.id.desc()`. What is written as arguments is not looked into: it may be about another
//! entity.

use syn::{Expr, ExprField, ExprPath, Ident, Member};

/// An expression, and the locals that its bare names became fields of: all of one name, each with the place and the hygiene
/// of the field, so that the compiler sees one expression of one origin.
pub(crate) struct Relative {
    pub(crate) expr: Expr,
    pub(crate) locals: Vec<Ident>,
}

/// The expression with the fields of a local where it begins with a bare name: one in lower case, as fields have and
/// entities, constants and types do not.
pub(crate) fn relative(mut expr: Expr) -> Relative {
    let mut locals = Vec::new();
    lead(&mut expr, &mut locals);
    Relative { expr, locals }
}

fn lead(expr: &mut Expr, locals: &mut Vec<Ident>) {
    match expr {
        Expr::Path(path) => {
            if let Some(name) = field(path) {
                let local = Ident::new("__about", name.span());
                *expr = member(local.clone(), name);
                locals.push(local);
            }
        }
        Expr::Field(field) => lead(&mut field.base, locals),
        Expr::MethodCall(call) => lead(&mut call.receiver, locals),
        Expr::Unary(unary) => lead(&mut unary.expr, locals),
        Expr::Paren(paren) => lead(&mut paren.expr, locals),
        Expr::Group(group) => lead(&mut group.expr, locals),
        Expr::Binary(binary) => {
            lead(&mut binary.left, locals);
            lead(&mut binary.right, locals);
        }
        Expr::Tuple(tuple) => tuple.elems.iter_mut().for_each(|one| lead(one, locals)),
        _ => {}
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

/// `local.name`
fn member(local: Ident, name: Ident) -> Expr {
    let dot_token = syn::token::Dot(name.span());
    let path = ExprPath { attrs: Vec::new(), qself: None, path: local.into() };
    let base = Box::new(Expr::Path(path));
    Expr::Field(ExprField { attrs: Vec::new(), base, dot_token, member: Member::Named(name) })
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
        let relative = relative(syn::parse_str(written).expect("an expression"));
        let expected: syn::Expr = syn::parse_str(&expected.replace("base", "__about")).expect("an expression");
        assert_eq!(relative.expr.to_token_stream().to_string(), expected.to_token_stream().to_string());
        assert_eq!(relative.locals.len(), expected.to_token_stream().to_string().matches("__about").count());
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
