//! The text of a statement, and its parameters in the order of the placeholders.

use std::fmt::{self, Write};

use sea_query::{PostgresQueryBuilder, QueryBuilder, SelectStatement, SqlWriter, Value as SqlValue};

use crate::sql::Param;

/// Numbers placeholders: one parameter has one number, wherever it stands, so that PostgreSQL takes an expression that is
/// written twice for the same.
struct Text<'p> {
    text: String,
    known: &'p [Param],
    /// The number of each parameter that was written.
    numbers: Vec<usize>,
    params: Vec<Param>,
}

/// The text, and its parameters out of the list that their values are positions in.
pub(super) fn write(select: &SelectStatement, known: &[Param]) -> (String, Vec<Param>) {
    let text = String::with_capacity(256);
    let mut text = Text { text, known, numbers: vec![0; known.len()], params: Vec::with_capacity(known.len() + 2) };
    select.build_collect_into(PostgresQueryBuilder, &mut text);
    (text.text, text.params)
}

impl SqlWriter for Text<'_> {
    fn push_param<T: QueryBuilder>(&mut self, value: SqlValue, _: &T) {
        let at = match value {
            SqlValue::BigInt(Some(at)) => at as usize,
            // A limit or an offset.
            SqlValue::BigUnsigned(Some(at)) => at as usize,
            _ => return,
        };
        let Some(param) = self.known.get(at) else { return };
        if self.numbers[at] == 0 {
            self.params.push(param.clone());
            self.numbers[at] = self.params.len();
        }
        self.text.push('$');
        let _ = write!(self.text, "{}", self.numbers[at]);
    }

    fn as_writer(&mut self) -> &mut dyn Write {
        self
    }
}

impl Write for Text<'_> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        self.text.push_str(text);
        Ok(())
    }
}

/// sea-query asks for it, and does not call it here.
impl fmt::Display for Text<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}
