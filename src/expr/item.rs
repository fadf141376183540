//! What can be selected: expressions, entities at the end of paths, and tuples of both.

use tokio_postgres::types::FromSql;

use super::{Aggregate, AsExpression, Col, Erased, Expression, Item, Kind, Path, PathStep, PerRow, Predicate, Rel};
use crate::entity::{Entity, Nulls, Relation};
use crate::error::{Error, ErrorKind};
use crate::row::Items;

/// What a query of `E` can select, and what one row of it gives: a column or another expression its type, an entity
/// itself, a tuple a tuple; an `Option` where it can be NULL.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be selected from `{E}`",
    label = "not a column or an expression of `{E}`, nor an entity that it leads to, nor a tuple of such",
    note = "a path begins with the entity of the query: `Post::query().select((Post.title, Post.author.name))`",
    note = "a value of a type of the program's own is given by `literal(…)`; a query within this one by `scalar(…)`"
)]
pub trait Selectable<E> {
    /// What one row gives.
    type Out: Send + 'static;
    /// What it has a value for.
    type Kind: Kind;
    /// The paths that it stands at the end of.
    #[doc(hidden)]
    type Paths;
    #[doc(hidden)]
    fn items(self, out: &mut Selection);
    #[doc(hidden)]
    fn decode(row: &mut Items<'_>) -> Result<Self::Out, Error>;
}

/// Rows that can be locked: those of an entity that is there for each row.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no row that can be locked",
    label = "not an entity that is there for each row",
    note = "`of` names an entity, `Order`, or one that promised relations lead to, `Order.customer`; PostgreSQL locks no row \
            that may be absent: lock those in a query that starts from them"
)]
pub trait Lockable {}

#[diagnostic::do_not_recommend]
impl<E: Entity> Lockable for E {}

/// Selected items as the public traits hand them on.
#[doc(hidden)]
#[derive(Debug, Default)]
pub struct Selection(pub(crate) Vec<Item>);

macro_rules! expression {
    ([$($generics:tt)*] $type:ty, $root:ty) => {
        #[diagnostic::do_not_recommend]
        impl<$($generics)*> Selectable<$root> for $type
        where
            Self: AsExpression<$root>,
            Typed<Self, $root>: for<'r> FromSql<'r> + Send + 'static,
        {
            type Out = <<Self as AsExpression<$root>>::Nulls as Nulls>::Of<Typed<Self, $root>>;
            type Kind = <Self as AsExpression<$root>>::Kind;
            type Paths = ();

            fn items(self, out: &mut Selection) {
                let Erased(expr) = AsExpression::<$root>::erased(self);
                out.0.push(Item::Expr(expr));
            }

            fn decode(row: &mut Items<'_>) -> Result<Self::Out, Error> {
                let value = row.next::<Typed<Self, $root>>()?;
                <<Self as AsExpression<$root>>::Nulls as Nulls>::of(value, || row.null())
            }
        }
    };
}

type Typed<X, E> = <X as AsExpression<E>>::Type;

// Not one for all that is an expression: a program may make a tuple one, for all that the compiler knows.
expression!([E, T, N, K] Expression<E, T, N, K>, E);
expression!([E, T, N, K, O] Aggregate<E, T, N, K, O>, E);
expression!([E, K] Predicate<E, K>, E);
expression!([E] & str, E);

// Values one type at a time, and not whatever is a `SqlType`: of a tuple the compiler then says which item is wrong. Others
// are given by `literal(…)`.
macro_rules! values {
    ($($(#[$feature:meta])? $type:ty: $name:literal;)*) => {
        $(
            $(#[$feature])?
            expression!([E] $type, E);
            $(#[$feature])?
            expression!([E] Option<$type>, E);
        )*
    };
}

super::literal::sql_types!(values);

/// A column, also at the end of a path to many: where it is selected, its path is asked for by itself, so that the compiler
/// says what is wrong.
#[diagnostic::do_not_recommend]
impl<E: Entity, P: Path<Root = E>, T: for<'r> FromSql<'r> + Send + 'static, N: Nulls> Selectable<E> for Col<P, T, N> {
    type Out = <N::Or<P::Nulls> as Nulls>::Of<T>;
    type Kind = PerRow;
    type Paths = P;

    fn items(self, out: &mut Selection) {
        out.0.push(Item::Expr(self.expr()));
    }

    fn decode(row: &mut Items<'_>) -> Result<Self::Out, Error> {
        let value = row.next::<T>()?;
        <N::Or<P::Nulls> as Nulls>::of(value, || row.null())
    }
}

/// The entity at the end of a path, as a column.
#[diagnostic::do_not_recommend]
impl<E: Entity, P: Path<Root = E>, S: PathStep> Selectable<E> for Rel<P, S> {
    type Out = <<(S, P) as Path>::Nulls as Nulls>::Of<<S::Relation as Relation>::Target>;
    type Kind = PerRow;
    type Paths = (S, P);

    fn items(self, out: &mut Selection) {
        entity_items::<<S::Relation as Relation>::Target, (S, P)>(out);
    }

    fn decode(row: &mut Items<'_>) -> Result<Self::Out, Error> {
        decode_entity::<<S::Relation as Relation>::Target, (S, P)>(row)
    }
}

/// The columns of the entity at the end of a path.
#[doc(hidden)]
pub fn entity_items<T: Entity, P: Path>(out: &mut Selection) {
    out.0.push(Item::Entity(super::path::steps::<P>(), T::TABLE));
}

/// The entity at the end of a path.
#[doc(hidden)]
pub fn decode_entity<T: Entity, P: Path>(row: &mut Items<'_>) -> Result<<P::Nulls as Nulls>::Of<T>, Error> {
    let entity = row.entity(T::TABLE, T::decode)?;
    <P::Nulls as Nulls>::of(entity, || missing::<P>(row))
}

/// No row at the end of a path that promises one.
#[cold]
fn missing<P: Path>(row: &Items<'_>) -> Error {
    let steps = super::path::steps::<P>();
    let Some(first) = steps.first() else { return row.null() };
    let mut path = String::from((first.relation.source)().entity);
    for step in &steps {
        path.push('.');
        path.push_str(step.relation.name);
    }
    Error::new(ErrorKind::MissingTarget, "the relation promises a row, and there is none").at(&path)
}

macro_rules! tuple {
    ($($item:ident)+) => {
        #[allow(non_snake_case)]
        impl<E, $($item: Selectable<E>),+> Selectable<E> for ($($item,)+) {
            type Out = ($($item::Out,)+);
            type Kind = tuple!(kind super::Constant, $($item)+);
            type Paths = tuple!([$($item)+]);

            fn items(self, out: &mut Selection) {
                let ($($item,)+) = self;
                $($item.items(out);)+
            }

            fn decode(row: &mut Items<'_>) -> Result<Self::Out, Error> {
                Ok(($($item::decode(row)?,)+))
            }
        }
    };
    ([$item:ident]) => { $item::Paths };
    ([$item:ident $($rest:ident)+]) => { super::path::Both<$item::Paths, tuple!([$($rest)+])> };
    (kind $kind:ty,) => { $kind };
    (kind $kind:ty, $item:ident $($rest:ident)*) => {
        tuple!(kind <$kind as Kind>::And<<$item as Selectable<E>>::Kind>, $($rest)*)
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
tuple!(A B C D F G H I J);
tuple!(A B C D F G H I J K);
tuple!(A B C D F G H I J K L);
tuple!(A B C D F G H I J K L M);
