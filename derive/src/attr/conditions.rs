//! Conditions and orders that are part of a relation: `only = (field = value)`, `order_by = (field desc)`.
//!
//! Whether the fields exist, and whether a value suits its column, the compiler checks in the code that is generated.

use syn::ext::IdentExt;
use syn::parse::ParseBuffer;
use syn::{Ident, Lit, LitBool, LitInt, LitStr, Token, token};

use super::arguments::{equals, listed};
use crate::ast::{Condition, Constant, Order};
use crate::errors::Errors;

/// `only = (field = value, …)`
pub(super) fn conditions(
    argument: &Ident,
    input: &ParseBuffer<'_>,
    errors: &mut Errors,
) -> syn::Result<Vec<Condition>> {
    equals(argument, input, "(field = value)")?;
    if !input.peek(token::Paren) {
        let message = format!("conditions stand in parentheses: `{argument} = (field = value)`");
        return Err(input.error(message));
    }
    let (place, all) = listed(argument, input, |input| condition(argument, input))?;
    let mut known: Vec<Condition> = Vec::with_capacity(all.len());
    if all.is_empty() {
        let message = format!("`{argument}` has no condition: write `{argument} = (field = value)`, or leave it out");
        return Err(syn::Error::new(place, message));
    }
    for one in all {
        if known.iter().any(|known| known.field == one.field) {
            errors.at(one.field.span(), format!("`{}` is given twice: it cannot equal two values", one.field));
        } else {
            known.push(one);
        }
    }
    Ok(known)
}

fn condition(argument: &Ident, input: &ParseBuffer<'_>) -> syn::Result<Condition> {
    let place = input.span();
    let expected = || syn::Error::new(place, format!("expected a condition: `{argument} = (field = value)`"));
    if input.peek(LitStr) {
        return Err(syn::Error::new(place, format!("a field is named without quotes: `{argument} = (field = value)`")));
    }
    let field: Ident = input.parse().map_err(|_| expected())?;
    input.parse::<Token![=]>().map_err(|_| expected())?;
    Ok(Condition { field, value: constant(input)? })
}

fn constant(input: &ParseBuffer<'_>) -> syn::Result<Constant> {
    let place = input.span();
    let negative = input.peek(Token![-]) && input.peek2(LitInt);
    if negative {
        input.parse::<Token![-]>()?;
    }
    if input.peek(LitInt) {
        let literal: LitInt = input.parse()?;
        let sign = if negative { "-" } else { "" };
        let number = format!("{sign}{}", literal.base10_digits());
        let too_large = |_| syn::Error::new(literal.span(), "an integer in a condition has at most 64 bits");
        return number.parse().map(Constant::Integer).map_err(too_large);
    }
    if input.peek(LitBool) {
        return Ok(Constant::Bool(input.parse::<LitBool>()?.value));
    }
    if input.peek(LitStr) {
        return Ok(Constant::Text(input.parse::<LitStr>()?.value()));
    }
    if input.peek(Ident::peek_any) && input.call(Ident::parse_any)? == "None" && !input.peek(Token![::]) {
        return Ok(Constant::Null);
    }
    let message = "a condition's value is an integer, `true`, `false`, a string, or `None` for NULL";
    let hint = match input.parse::<Lit>() {
        Ok(_) => "",
        Err(_) => "; write another type's value, such as an enum's, as the string that stands in the database",
    };
    Err(syn::Error::new(place, format!("{message}{hint}")))
}

/// `order_by = field` or `order_by = (field, field desc)`
pub(super) fn orders(argument: &Ident, input: &ParseBuffer<'_>) -> syn::Result<Vec<Order>> {
    equals(argument, input, "field")?;
    if !input.peek(token::Paren) {
        return Ok(vec![order(argument, input)?]);
    }
    let (place, all) = listed(argument, input, |input| order(argument, input))?;
    if all.is_empty() {
        return Err(syn::Error::new(place, format!("`{argument}` names no field")));
    }
    Ok(all)
}

fn order(argument: &Ident, input: &ParseBuffer<'_>) -> syn::Result<Order> {
    let place = input.span();
    if input.peek(LitStr) {
        return Err(syn::Error::new(place, format!("a field is named without quotes: `{argument} = field`")));
    }
    let expected = || format!("expected a field's name, or several in parentheses: `{argument} = (a, b desc)`");
    let field: Ident = input.parse().map_err(|_| syn::Error::new(place, expected()))?;
    let mut descending = false;
    if input.peek(Ident::peek_any) {
        let direction = input.call(Ident::parse_any)?;
        descending = direction == "desc";
        if !descending && direction != "asc" {
            let message = format!("expected `asc` or `desc` after the field's name: `{argument} = ({field} desc)`");
            return Err(syn::Error::new(direction.span(), message));
        }
    }
    Ok(Order { field, descending })
}

#[cfg(test)]
mod tests {
    use syn::parse::{ParseStream, Parser};
    use syn::{Ident, parse_quote};

    use super::{condition, conditions, constant, order, orders};
    use crate::ast::Constant;
    use crate::errors::Errors;

    fn value(text: &str) -> Result<Constant, String> {
        let parser = |input: ParseStream<'_>| constant(input);
        parser.parse_str(text).map_err(|error| error.to_string())
    }

    #[test]
    fn a_value_is_an_integer_a_truth_value_a_string_or_none() {
        assert_eq!(value("1"), Ok(Constant::Integer(1)));
        assert_eq!(value("-1_000"), Ok(Constant::Integer(-1000)));
        assert_eq!(value("0xff"), Ok(Constant::Integer(255)));
        assert_eq!(value("-9223372036854775808"), Ok(Constant::Integer(i64::MIN)));
        assert_eq!(value("true"), Ok(Constant::Bool(true)));
        assert_eq!(value(r##"r#"a "b""#"##), Ok(Constant::Text("a \"b\"".to_owned())));
        assert_eq!(value("None"), Ok(Constant::Null));
        for wrong in ["9223372036854775808", "1.5", "Kind::Open", "None::<i32>", "NULL", "-x", "'a'", "b\"a\""] {
            assert!(value(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_condition_is_a_field_and_a_value() {
        let argument: Ident = parse_quote!(only);
        let read = |text: &str| (|input: ParseStream<'_>| condition(&argument, input)).parse_str(text);
        assert!(read("r#type = 1").is_ok_and(|one| one.field == "r#type" && one.value == Constant::Integer(1)));
        for wrong in ["a", "a = ", "a == 1", "\"a\" = 1", "1 = 1", "a > 1"] {
            assert!(read(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn one_field_equals_one_value() {
        let (argument, mut errors): (Ident, _) = (parse_quote!(only), Errors::default());
        let parser = |input: ParseStream<'_>| conditions(&argument, input, &mut errors);
        let read = parser.parse_str("= (a = 1, b = 2, a = 3,)").unwrap_or_default();
        assert_eq!(read.iter().map(|one| one.field.to_string()).collect::<Vec<_>>(), ["a", "b"]);
        assert_eq!(errors.len(), 1);
    }

    #[test]
    fn an_order_is_one_field_or_several() {
        let argument: Ident = parse_quote!(order_by);
        let read = |text: &str| {
            let parser = |input: ParseStream<'_>| orders(&argument, input);
            let read = parser.parse_str(text).map_err(|error| error.to_string())?;
            Ok(read.iter().map(|one| (one.field.to_string(), one.descending)).collect::<Vec<_>>())
        };
        let term = |name: &str, descending| (name.to_owned(), descending);
        assert_eq!(read("= a"), Ok(vec![term("a", false)]));
        assert_eq!(read("= a desc"), Ok(vec![term("a", true)]));
        assert_eq!(read("= (a, b desc, c asc,)"), Ok(vec![term("a", false), term("b", true), term("c", false)]));
        // A field may have a direction's name.
        assert_eq!(read("= (desc desc)"), Ok(vec![term("desc", true)]));
        for wrong in ["= ()", "= (a up)", "= \"a\"", "a", "= (a b, c)"] {
            assert_eq!(read(wrong).map_err(|_: String| ()), Err(()), "{wrong}");
        }
        assert!((|input: ParseStream<'_>| order(&argument, input)).parse_str("1").is_err());
    }
}
