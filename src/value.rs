//! An owned parameter value.
//!
//! It is bound as it is: nothing here knows SQL, and its `Debug` shows no value, since queries are logged.

use std::fmt;
use std::sync::Arc;

use tokio_postgres::types::ToSql;

/// A parameter of a statement, shared by the query's clones.
#[derive(Clone)]
pub struct Value(Arc<dyn ToSql + Send + Sync>);

impl Value {
    /// Takes a value of any type that tokio-postgres can send.
    pub fn new(value: impl ToSql + Send + Sync + 'static) -> Self {
        Value(Arc::new(value))
    }

    /// The value, to be bound or (`ToSql` is `Debug`) shown on purpose.
    pub fn as_sql(&self) -> &(dyn ToSql + Sync) {
        &*self.0
    }
}

/// The same value, or one that prints alike.
impl PartialEq for Value {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0) || format!("{:?}", self.0) == format!("{:?}", other.0)
    }
}

impl fmt::Debug for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Value(_)")
    }
}
