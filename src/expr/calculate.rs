//! `+ - * / %` between columns, expressions and values.

use std::ops::{Add, Div, Mul, Rem, Sub};

use super::{
    Aggregate, AsExpression, Col, Erased, Expression, Kind, Number, Operator, Path, PerRow, Remainder, Root, Single,
};
use crate::entity::{Entity, Nulls};

macro_rules! calculate {
    ([$($generics:tt)*] $type:ty, $path:ty, $root:ty, $nulls:ty, $kind:ty) => {
        calculate!(one [$($generics)*] $type, $path, $root, $nulls, $kind, Add add Operator::Add, Number);
        calculate!(one [$($generics)*] $type, $path, $root, $nulls, $kind, Sub sub Operator::Subtract, Number);
        calculate!(one [$($generics)*] $type, $path, $root, $nulls, $kind, Mul mul Operator::Multiply, Number);
        calculate!(one [$($generics)*] $type, $path, $root, $nulls, $kind, Div div Operator::Divide, Number);
        calculate!(one [$($generics)*] $type, $path, $root, $nulls, $kind, Rem rem Operator::Remainder, Remainder);
    };
    (one [$($generics:tt)*] $type:ty, $path:ty, $root:ty, $nulls:ty, $kind:ty, $trait:ident $method:ident $operator:path, $takes:ident) => {
        impl<$($generics)*, X: AsExpression<$root>> $trait<X> for $type
        where
            $path: Single<X>,
            T: $takes<X::Type>,
        {
            type Output = Expression<
                $root,
                <T as Number<X::Type>>::Out,
                <$nulls as Nulls>::Or<X::Nulls>,
                <$kind as Kind>::And<X::Kind>,
            >;

            fn $method(self, other: X) -> Self::Output {
                Expression::new(Erased(self.expr()).binary($operator, other.erased().0).0)
            }
        }
    };
}

calculate!([P: Path, T, N: Nulls] Col<P, T, N>, P, P::Root, N::Or<P::Nulls>, PerRow);
calculate!([E: Entity, T, N: Nulls, K: Kind] Expression<E, T, N, K>, Root<E>, E, N, K);
calculate!([E: Entity, T, N: Nulls, K: Kind, O] Aggregate<E, T, N, K, O>, Root<E>, E, N, K);
