//! Fragments of SQL: text of the program, typed by whoever writes it, with an expression in each gap.

use super::{AsExpression, Erased, Expr, Expression, PerRow, Predicate};
use crate::entity::Null;

/// The expressions that stand in the gaps of a fragment: `()`, or a tuple of columns, expressions and values.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot fill the gaps of a fragment over the rows of `{E}`",
    label = "not a tuple of expressions over the rows of `{E}`",
    note = "a fragment takes a tuple, one expression or value for each `{{}}`: `(User.name, 5)`"
)]
pub trait Arguments<E> {
    #[doc(hidden)]
    fn gaps(self) -> Vec<Erased>;
}

#[diagnostic::do_not_recommend]
impl<E> Arguments<E> for () {
    fn gaps(self) -> Vec<Erased> {
        Vec::new()
    }
}

macro_rules! tuple {
    ($($item:ident)+) => {
        #[allow(non_snake_case)]
        impl<E, $($item: AsExpression<E>),+> Arguments<E> for ($($item,)+) {
            fn gaps(self) -> Vec<Erased> {
                let ($($item,)+) = self;
                vec![$($item.erased()),+]
            }
        }
    };
}

tuple!(A);
tuple!(A B);
tuple!(A B C);
tuple!(A B C D);
tuple!(A B C D F);
tuple!(A B C D F G);
tuple!(A B C D F G H);
tuple!(A B C D F G H I);

/// The fragment's text between its gaps, and what fills them. Their numbers are compared before anything is sent.
pub(crate) fn fragment<E>(text: &'static str, arguments: impl Arguments<E>) -> (Vec<&'static str>, Vec<Expr>) {
    (text.split("{}").collect(), arguments.gaps().into_iter().map(|gap| gap.0).collect())
}

/// An expression in SQL of the program's own, of the type that the caller says, which can be NULL: each `{}` in the text
/// stands for one argument, a column as the query names it, a value as a parameter.
///
/// Braces that are no gap are written apart: `'{ }'` is PostgreSQL's empty array and empty JSON object as well.
///
/// Another number of arguments than of gaps, or a `$1` of the text's own, is
/// [`InvalidQuery`](crate::ErrorKind::InvalidQuery) when the query runs.
pub fn raw<E, T>(text: &'static str, arguments: impl Arguments<E>) -> Expression<E, T, Null> {
    Expression::new(expr(text, arguments))
}

/// A condition in SQL of the program's own, as [`raw`].
pub fn raw_predicate<E>(text: &'static str, arguments: impl Arguments<E>) -> Predicate<E, PerRow> {
    Predicate::new(expr(text, arguments))
}

fn expr<E>(text: &'static str, arguments: impl Arguments<E>) -> Expr {
    let (texts, gaps) = fragment(text, arguments);
    Expr::Raw { texts, gaps }
}
