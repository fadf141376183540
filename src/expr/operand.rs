//! What a column can be compared with: a value of its type, or another column of the same root.
//!
//! `None` is not among it, except for the comparisons that know NULL.

use tokio_postgres::types::ToSql;

use super::{Col, Erased, Expr, Path, Text};
use crate::entity::{Entity, Nulls};
use crate::value::Value;

/// What a column of type `T` of the entity `E` can be compared with.
#[diagnostic::on_unimplemented(
    message = "a column of type `{T}` cannot be compared with `{Self}`",
    label = "neither a `{T}` nor a column of `{E}` of that type",
    note = "compare a column with a value of its type, or with another column; for NULL there are `is_null()` and \
            `is_distinct_from(…)`"
)]
pub trait Operand<E, T> {
    #[doc(hidden)]
    fn erased(self) -> Erased;
}

/// What a column of type `T` can be compared with where NULL is a value like any other.
#[diagnostic::on_unimplemented(
    message = "a column of type `{T}` cannot be compared with `{Self}`",
    label = "neither a `{T}`, an `Option` of it, nor a column of `{E}` of that type"
)]
pub trait Perhaps<E, T> {
    #[doc(hidden)]
    fn erased(self) -> Erased;
}

fn value<T: ToSql + Send + Sync + 'static>(value: T) -> Erased {
    Erased(Expr::Value(Value::new(value)))
}

#[diagnostic::do_not_recommend]
impl<E, T: ToSql + Send + Sync + 'static> Operand<E, T> for T {
    fn erased(self) -> Erased {
        value(self)
    }
}

#[diagnostic::do_not_recommend]
impl<E, T: ToSql + Clone + Send + Sync + 'static> Operand<E, T> for &T {
    fn erased(self) -> Erased {
        value(self.clone())
    }
}

#[diagnostic::do_not_recommend]
impl<'s, E, T: Text + From<&'s str> + ToSql + Send + Sync + 'static> Operand<E, T> for &'s str {
    fn erased(self) -> Erased {
        value(T::from(self))
    }
}

#[diagnostic::do_not_recommend]
impl<E> Operand<E, Vec<u8>> for &[u8] {
    fn erased(self) -> Erased {
        value(self.to_owned())
    }
}

#[diagnostic::do_not_recommend]
impl<E: Entity, P: Path<Root = E> + super::Single<T>, T: 'static, N: Nulls> Operand<E, T> for Col<P, T, N> {
    fn erased(self) -> Erased {
        Erased(self.expr())
    }
}

#[diagnostic::do_not_recommend]
impl<E, T: ToSql + Send + Sync + 'static> Perhaps<E, T> for T {
    fn erased(self) -> Erased {
        value(self)
    }
}

#[diagnostic::do_not_recommend]
impl<E, T: ToSql + Send + Sync + 'static> Perhaps<E, T> for Option<T> {
    fn erased(self) -> Erased {
        value(self)
    }
}

#[diagnostic::do_not_recommend]
impl<'s, E, T: Text + From<&'s str> + ToSql + Send + Sync + 'static> Perhaps<E, T> for &'s str {
    fn erased(self) -> Erased {
        value(T::from(self))
    }
}

#[diagnostic::do_not_recommend]
impl<'s, E, T: Text + From<&'s str> + ToSql + Send + Sync + 'static> Perhaps<E, T> for Option<&'s str> {
    fn erased(self) -> Erased {
        value(self.map(T::from))
    }
}

#[diagnostic::do_not_recommend]
impl<E: Entity, P: Path<Root = E> + super::Single<T>, T: 'static, N: Nulls> Perhaps<E, T> for Col<P, T, N> {
    fn erased(self) -> Erased {
        Erased(self.expr())
    }
}
