//! Keys as the program writes them: one value, or a tuple of them.
//!
//! They only become parameters here; how keys are compared is not this module's business.

use tokio_postgres::types::ToSql;

use crate::value::Value;

/// The columns of a key as a tuple, `(i32,)` for a key of one.
pub trait KeyTuple {
    /// The parameters, one a column.
    #[doc(hidden)]
    fn into_values(self) -> Vec<Value>;
}

/// What can be given as a key: for one column what becomes its type, for several a tuple of such.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a key of columns `{K}`",
    label = "not this entity's key",
    note = "a key of one column is its value, a key of several is a tuple in the order of their declaration"
)]
pub trait IntoKey<K> {
    #[doc(hidden)]
    fn into_key(self) -> K;
}

impl<A, S: Into<A>> IntoKey<(A,)> for S {
    fn into_key(self) -> (A,) {
        (self.into(),)
    }
}

macro_rules! tuple {
    ($($column:ident $from:ident $at:tt),*) => {
        impl<$($column: ToSql + Send + Sync + 'static),*> KeyTuple for ($($column,)*) {
            fn into_values(self) -> Vec<Value> {
                vec![$(Value::new(self.$at)),*]
            }
        }
    };
}

macro_rules! from_tuple {
    ($($column:ident $from:ident $at:tt),*) => {
        impl<$($column, $from: Into<$column>),*> IntoKey<($($column,)*)> for ($($from,)*) {
            fn into_key(self) -> ($($column,)*) {
                ($(self.$at.into(),)*)
            }
        }
    };
}

tuple!(A S 0);
tuple!(A S 0, B T 1);
tuple!(A S 0, B T 1, C U 2);
tuple!(A S 0, B T 1, C U 2, D V 3);
from_tuple!(A S 0, B T 1);
from_tuple!(A S 0, B T 1, C U 2);
from_tuple!(A S 0, B T 1, C U 2, D V 3);
