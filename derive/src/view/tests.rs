//! What is read of a view, and what is refused: with one message for one mistake, and its fix.

use quote::ToTokens;

use super::{Argument, Content, View, read};
use crate::errors::Errors;

/// What is read, and the messages.
fn reading(input: &str) -> (Option<View>, String) {
    let mut errors = Errors::default();
    let view = read(syn::parse_str(input).expect("a struct"), &mut errors);
    (view, errors.before(proc_macro2::TokenStream::new()).to_string())
}

fn written(view: &View, field: usize) -> String {
    let text = |expr: &dyn ToTokens| expr.to_token_stream().to_string().replace(' ', "");
    let path = |path: &[syn::Ident]| path.iter().map(ToString::to_string).collect::<Vec<_>>().join(".");
    match &view.fields[field].content {
        Content::Path(names) => path(names),
        Content::Expr(expr) => format!("expr {}", text(expr)),
        Content::Aggregate(aggregate) => format!(
            "{} {} {} {}",
            aggregate.function,
            path(&aggregate.relations),
            aggregate.column.as_ref().map(ToString::to_string).unwrap_or_default(),
            aggregate.filter.as_ref().map(|filter| text(filter)).unwrap_or_default(),
        ),
        Content::Load(load) => load.steps.iter().fold(format!("load {}", load.relation), |all, step| {
            let argument = match &step.argument {
                Argument::None => String::new(),
                Argument::Value(expr) | Argument::OfTarget(expr) | Argument::OfAssociation(expr) => text(expr),
            };
            format!("{all} {}({argument})", step.method)
        }),
    }
}

#[track_caller]
fn holds(field: &str, expected: &str) {
    let (view, errors) = reading(&format!("#[view(app::Post)] struct Card {{ {field} }}"));
    let view = view.expect("an entity was named");
    assert_eq!((errors.as_str(), view.broken), ("", false));
    assert_eq!(written(&view, 0).trim_end(), expected);
}

#[track_caller]
fn refused(field: &str, message: &str) {
    let (view, errors) = reading(&format!("#[view(Post)] struct Card {{ {field} }}"));
    assert!(errors.contains(message), "{errors}");
    assert_eq!(errors.matches("compile_error").count(), 1, "one mistake, one message: {errors}");
    assert!(view.is_some_and(|view| view.broken));
}

#[test]
fn a_field_is_a_column_unless_it_says_otherwise() {
    holds("title: String", "title");
    holds("r#type: String", "r#type");
    holds("#[view(column = title)] name: String", "title");
    holds("#[view(path = author.profile.bio)] bio: String", "author.profile.bio");
    holds("#[view(expr = title.lower())] lower: String", "expr title.lower()");
}

#[test]
fn an_aggregate_crosses_a_path_of_relations() {
    holds("#[view(count = comments)] n: i64", "count comments");
    holds("#[view(count = author.posts, filter = id.gt(1))] n: i64", "count author.posts  id.gt(1)");
    holds("#[view(sum = lines.product.price)] total: Option<i64>", "sum lines.product price");
}

#[test]
fn a_load_is_what_its_arguments_say_in_the_order_of_its_methods() {
    holds("#[view(load)] comments: Vec<Comment>", "load comments");
    holds("#[view(joined)] author: User", "load author joined()");
    holds("#[view(filter = id.gt(1))] comments: Vec<Comment>", "load comments filter(id.gt(1))");
    holds(
        "#[view(window, relation = comments, order_by = (body, Comment.id.desc()), limit = 2, filter = id.gt(1))] \
         first: Vec<Comment>",
        "load comments filter(id.gt(1)) order_by(body.asc()) order_by(Comment.id.desc()) limit(2) window()",
    );
    holds(
        "#[view(filter_through = role.eq(1), order_by_through = at.desc(), offset = PAGE)] tags: Vec<Tag>",
        "load tags filter_through(role.eq(1)) order_by_through(at.desc()) offset(PAGE)",
    );
    holds("#[view(first = 2)] comments: Page<Comment>", "load comments first(2)");
    // Two attributes are one.
    holds("#[view(limit = 1)] #[view(select_in)] comments: Vec<C>", "load comments limit(1) select_in()");
}

#[test]
fn a_field_that_does_not_go_together_is_refused_with_its_fix() {
    refused("#[view(tittle)] a: i32", "unknown argument `tittle`: expected one of `column`, `path`");
    refused("#[view(colum = b)] a: i32", "did you mean `column`?");
    refused("#[view(where = b)] a: i32", "unknown argument `where`: `filter = …` says which rows");
    refused("#[view(path = a.b, count = c)] a: i32", "`path` and `count` exclude each other: a field holds one thing");
    refused(
        "#[view(count = c, limit = 2)] a: i32",
        "`limit` is for a relation that is loaded, and this field holds a `count`",
    );
    refused(
        "#[view(path = a.b, filter = c)] a: i32",
        "`filter` is for a relation that is loaded, or for an aggregate: `count`",
    );
    refused("#[view(sum = lines)] a: i32", "`sum` names a relation, and a column of its rows: `sum = lines.quantity`");
    refused("#[view(select_in, joined)] a: Vec<A>", "a load is fetched in one way");
    refused("#[view(window)] a: Vec<A>", "it goes with a `limit` or an `offset`");
    refused("#[view(load = a)] a: Vec<A>", "`load` takes no value");
    refused("#[view(limit = 1, limit = 2)] a: Vec<A>", "`limit` is given twice: keep one");
}

#[test]
fn a_value_that_cannot_be_read_is_refused_with_its_form() {
    refused("#[view(path = \"author.name\")] a: i32", "names stand without quotes: `path = author.name`");
    refused("#[view(path = author.name.lower())] a: i32", "anything else is an `expr = …`");
    refused("#[view(column = type)] a: i32", "expected a name after `column`");
    refused("#[view(count)] a: i32", "`count` needs a value: `count = comments`");
    refused("#[view(order_by = id desc)] a: Vec<A>", "an order is an expression: `order_by = id.desc()`");
    refused("#[view(order_by = ())] a: Vec<A>", "`order_by` sorts by nothing");
    refused("#[view(expr = )] a: i32", "expected an expression: `expr = title.lower()`");
    refused("#[view] a: i32", "takes arguments in parentheses");
}

#[test]
fn a_struct_that_is_no_view_is_refused_with_its_fix() {
    let refused = |input: &str, message: &str| {
        let (_, errors) = reading(input);
        assert!(errors.contains(message), "{errors}");
        assert_eq!(errors.matches("compile_error").count(), 1, "one mistake, one message: {errors}");
    };
    refused("struct Card { a: i32 }", "the entity is missing: write `#[view(Entity)]` on the struct");
    refused("#[view] struct Card { a: i32 }", "`#[view(Entity)]` names the entity in parentheses");
    refused("#[view(\"Post\")] struct Card { a: i32 }", "expected the entity of the view, without quotes");
    refused("#[view(Post, User)] struct Card { a: i32 }", "an argument is `crate = ::path`");
    refused("#[view(entity = Post)] struct Card { a: i32 }", "the entity is named without one");
    refused("#[view(Post)] #[view(User)] struct Card { a: i32 }", "a view is of one entity");
    refused("#[view(Post)] struct Card<T> { a: T }", "a view has no type, lifetime or const parameters");
    refused("#[view(Post)] struct Card(i32);", "a view is a struct with named fields");
    refused("#[view(Post)] enum Card { A }", "a view is a struct with named fields");
    refused("#[view(Post)] struct Card {}", "a view without a field selects nothing");
    let (view, errors) = reading("#[view(crate::Post, crate = ::app::orm)] struct Card { a: i32 }");
    let view = view.expect("an entity was named");
    assert_eq!((errors.as_str(), crate::types::text(&view.krate).as_str()), ("", "::app::orm"));
}
