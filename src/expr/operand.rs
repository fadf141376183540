//! What a column can be compared with: a value of its type, or another column of the same root.
//!
//! `None` is not among it, except for the comparisons that know NULL.

use tokio_postgres::types::ToSql;

use super::{Aggregate, Col, Comparable, Erased, Expr, Expression, Kind, Path, PerRow, Single, Text, Within};
use crate::entity::{Entity, Nulls};
use crate::value::Value;

/// What a column of type `T` of the entity `E` can be compared with.
#[diagnostic::on_unimplemented(
    message = "a column of type `{T}` cannot be compared with `{Self}`",
    label = "neither a `{T}` nor a column of `{E}` of that type",
    note = "compare a column with a value of its type, or with another column; for NULL there are `is_null()` and \
            `is_distinct_from(…)`",
    note = "a column of another type is cast, `.cast::<i64>()`; one at the end of a path to many has many values for one row, \
            `.any(…)`"
)]
pub trait Operand<E, T, K = PerRow> {
    #[doc(hidden)]
    fn erased(self) -> Erased;
}

/// What a column of type `T` can be compared with where NULL is a value like any other.
#[diagnostic::on_unimplemented(
    message = "a column of type `{T}` cannot be compared with `{Self}`",
    label = "neither a `{T}`, an `Option` of it, nor a column of `{E}` of that type"
)]
pub trait Perhaps<E, T, K = PerRow> {
    #[doc(hidden)]
    fn erased(self) -> Erased;
}

fn value<T: ToSql + Send + Sync + 'static>(value: T) -> Erased {
    Erased(Expr::Value(Value::new(value)))
}

#[diagnostic::do_not_recommend]
impl<E, K, T: ToSql + Send + Sync + 'static> Operand<E, T, K> for T {
    fn erased(self) -> Erased {
        value(self)
    }
}

#[diagnostic::do_not_recommend]
impl<E, K, T: ToSql + Clone + Send + Sync + 'static> Operand<E, T, K> for &T {
    fn erased(self) -> Erased {
        value(self.clone())
    }
}

#[diagnostic::do_not_recommend]
impl<'s, E, K, T: Text + From<&'s str> + ToSql + Send + Sync + 'static> Operand<E, T, K> for &'s str {
    fn erased(self) -> Erased {
        value(T::from(self))
    }
}

#[diagnostic::do_not_recommend]
impl<E, K> Operand<E, Vec<u8>, K> for &[u8] {
    fn erased(self) -> Erased {
        value(self.to_owned())
    }
}

#[diagnostic::do_not_recommend]
impl<E, K, P, T, U, N> Operand<E, T, K> for Col<P, U, N>
where
    E: Entity,
    K: Kind,
    P: Path<Root = E> + Single<U>,
    T: Comparable<U>,
    N: Nulls,
    PerRow: Within<K>,
{
    fn erased(self) -> Erased {
        Erased(self.expr())
    }
}

#[diagnostic::do_not_recommend]
impl<E, K, T: ToSql + Send + Sync + 'static> Perhaps<E, T, K> for T {
    fn erased(self) -> Erased {
        value(self)
    }
}

#[diagnostic::do_not_recommend]
impl<E, K, T: ToSql + Send + Sync + 'static> Perhaps<E, T, K> for Option<T> {
    fn erased(self) -> Erased {
        value(self)
    }
}

#[diagnostic::do_not_recommend]
impl<'s, E, K, T: Text + From<&'s str> + ToSql + Send + Sync + 'static> Perhaps<E, T, K> for &'s str {
    fn erased(self) -> Erased {
        value(T::from(self))
    }
}

#[diagnostic::do_not_recommend]
impl<'s, E, K, T: Text + From<&'s str> + ToSql + Send + Sync + 'static> Perhaps<E, T, K> for Option<&'s str> {
    fn erased(self) -> Erased {
        value(self.map(T::from))
    }
}

#[diagnostic::do_not_recommend]
impl<E, K, P, T, U, N> Perhaps<E, T, K> for Col<P, U, N>
where
    E: Entity,
    K: Kind,
    P: Path<Root = E> + Single<U>,
    T: Comparable<U>,
    N: Nulls,
    PerRow: Within<K>,
{
    fn erased(self) -> Erased {
        Erased(self.expr())
    }
}

macro_rules! expression {
    ($trait:ident, [$($generics:tt)*] $type:ty, $kind:ty) => {
        #[diagnostic::do_not_recommend]
        impl<E, T: Comparable<U>, K, U, $($generics)*> $trait<E, T, K> for $type
        where
            $kind: Within<K>,
        {
            fn erased(self) -> Erased {
                Erased(self.expr())
            }
        }
    };
}

expression!(Operand, [N, L] Expression<E, U, N, L>, L);
expression!(Perhaps, [N, L] Expression<E, U, N, L>, L);
expression!(Operand, [N, L, O] Aggregate<E, U, N, L, O>, L);
expression!(Perhaps, [N, L, O] Aggregate<E, U, N, L, O>, L);
