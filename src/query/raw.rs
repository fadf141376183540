//! Whole queries in SQL of the program's own, whose rows are tuples.

use tokio_postgres::types::FromSql;

use super::Combined;
use crate::error::Error;
use crate::expr::{Arguments, Item, Rows, Source, fragment};
use crate::row::Items;
use crate::schema::Table;

/// What a row of a raw query is decoded to: a tuple of column types, of `Option`s where there may be NULL.
#[diagnostic::on_unimplemented(
    message = "a row of a raw query is not decoded to `{Self}`",
    label = "not a tuple of column types",
    note = "say the types of its columns as a tuple: `from_sql::<(i32, Option<String>)>(…)`"
)]
pub trait FromColumns: Send + Sized + 'static {
    #[doc(hidden)]
    const COLUMNS: usize;
    #[doc(hidden)]
    fn decode(row: &mut Items<'_>) -> Result<Self, Error>;
}

macro_rules! tuple {
    ($count:literal $($column:ident)+) => {
        #[diagnostic::do_not_recommend]
        impl<$($column: for<'r> FromSql<'r> + Send + 'static),+> FromColumns for ($($column,)+) {
            const COLUMNS: usize = $count;

            fn decode(row: &mut Items<'_>) -> Result<Self, Error> {
                Ok(($(row.any::<$column>()?,)+))
            }
        }
    };
}

tuple!(1 A);
tuple!(2 A B);
tuple!(3 A B C);
tuple!(4 A B C D);
tuple!(5 A B C D E);
tuple!(6 A B C D E F);
tuple!(7 A B C D E F G);
tuple!(8 A B C D E F G H);
tuple!(9 A B C D E F G H I);
tuple!(10 A B C D E F G H I J);
tuple!(11 A B C D E F G H I J K);
tuple!(12 A B C D E F G H I J K L);

/// What stands for the entity of rows that have none.
static NO_TABLE: Table =
    Table { entity: "raw query", schema: None, name: "raw query", columns: &[], key: &[], relations: || &[] };

/// A query in SQL of the program's own, whose rows are tuples of its columns; each `{}` in the text stands for one argument,
/// which is a value. For rows of an entity there is [`Queryable::from_sql`](super::Queryable::from_sql), which can load.
///
/// ```
/// let sales = relata::from_sql::<(i32, Option<i64>)>("SELECT year, SUM(price) FROM sales WHERE year > {} GROUP BY year", (2020,));
/// assert_eq!(
///     sales.order_by_position(1).limit(3).to_sql().text(),
///     r#"SELECT "t0".* FROM (SELECT year, SUM(price) FROM sales WHERE year > CAST($1 AS int4) GROUP BY year) AS "t0" ORDER BY 1 ASC LIMIT $2"#,
/// );
/// ```
///
/// A text that gives more columns or fewer is [`Decode`](crate::ErrorKind::Decode) at its first row.
///
/// SQL: `SELECT t0.* FROM (text) AS t0`.
pub fn from_sql<O: FromColumns>(text: &'static str, arguments: impl Arguments<()>) -> Combined<O> {
    let (texts, gaps) = fragment(text, arguments);
    let mut rows = Rows::of(&NO_TABLE);
    rows.source = Source::Raw { texts, gaps };
    rows.items = Some(vec![Item::Columns(O::COLUMNS)]);
    rows.selection = true;
    Combined::of_text(rows, O::decode)
}
