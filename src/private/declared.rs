//! What a relation's attribute names besides columns to equate: the sides of an association, and constants.
//!
//! A wrong name is the compiler's error at that name. Functions here run while compiling only.

use crate::entity::{Entity, Exactly, Fields, MaybeOne, Null, Relation, Through};
use crate::expr::{Col, Rel, Root};
use crate::schema::{Association, Column, Condition, KeyPair, Link, RelationDef, Table};

/// A relation of the association entity: a side of a many-to-many.
#[diagnostic::on_unimplemented(
    message = "`by` names relations of the association entity, and this is none",
    label = "not a relation",
    note = "the association has a `#[belongs_to(…)]` for each side: `by = (here, there)` names the one that leads back \
            to this entity, then the one that leads to the target"
)]
pub trait Side {
    type Relation: Relation;
}

#[diagnostic::do_not_recommend]
impl<A: Entity, R: Relation<Source = A>> Side for Rel<Root<A>, R> {
    type Relation = R;
}

/// Where a side leads.
#[diagnostic::on_unimplemented(
    message = "this relation leads to `{Self}`, where one to `{E}` is expected",
    label = "leads to `{Self}`",
    note = "`by = (here, there)` names the association's relation that leads back to this entity, then the one that \
            leads to the target"
)]
pub trait LeadsTo<E> {}

#[diagnostic::do_not_recommend]
impl<E> LeadsTo<E> for E {}

/// A reach of at most one row.
#[diagnostic::on_unimplemented(
    message = "this relation of the association leads to many rows",
    label = "leads to many rows",
    note = "a row of an association belongs to one row on each side: name a `#[belongs_to(…)]` of its"
)]
pub trait AtMostOne {}

#[diagnostic::do_not_recommend]
impl AtMostOne for Exactly {}
#[diagnostic::do_not_recommend]
impl AtMostOne for MaybeOne {}

type To<X> = <<X as Side>::Relation as Relation>::Target;
type ReachOf<X> = <<X as Side>::Relation as Relation>::Reach;

/// From the association to the entity that the relation starts from.
#[track_caller]
pub const fn here<M: Through, X: Side>(_: &X) -> &'static [KeyPair]
where
    To<X>: LeadsTo<M::Source>,
    ReachOf<X>: AtMostOne,
{
    pairs(X::Relation::DEF)
}

/// From the association to the relation's target.
#[track_caller]
pub const fn there<M: Through, X: Side>(_: &X) -> &'static [KeyPair]
where
    To<X>: LeadsTo<M::Target>,
    ReachOf<X>: AtMostOne,
{
    pairs(X::Relation::DEF)
}

/// An association entity, with the columns of both sides.
pub const fn through<M: Through>(
    source: &'static [KeyPair],
    target: &'static [KeyPair],
    only: &'static [Condition],
) -> Association {
    let table = M::Association::TABLE;
    Association { schema: table.schema, table: table.name, entity: Some(association::<M>), source, target, only }
}

/// The columns of a side: what else it has, a many-to-many would lose.
#[track_caller]
const fn pairs(side: &'static RelationDef) -> &'static [KeyPair] {
    assert!(
        side.only.is_empty(),
        "this relation of the association has conditions of its own (`only`): name one without, and say the \
         conditions in `only` or `through_only`"
    );
    match side.link {
        Link::Direct(pairs) => pairs,
        Link::Through(_) => panic!("this relation of the association goes through a table itself"),
    }
}

fn association<M: Through>() -> &'static Table {
    M::Association::TABLE
}

/// The fields of the association entity that a relation goes through.
pub const fn association_fields<M: Through>() -> &'static <M::Association as Entity>::Fields<Root<M::Association>> {
    Fields::REF
}

/// Pairs a bare association's columns with a key. Their number is checked elsewhere, so that the message is at the
/// columns.
pub const fn to_key<const N: usize>(columns: [&'static Column; N], table: &'static Table) -> [KeyPair; N] {
    let mut pairs = [KeyPair { source: columns[0], target: &table.columns[table.key[0]] }; N];
    let mut at = 1;
    while at < N && at < table.key.len() {
        pairs[at] = KeyPair { source: columns[at], target: &table.columns[table.key[at]] };
        at += 1;
    }
    pairs
}

/// A type of column that can equal `true` or `false`.
#[diagnostic::on_unimplemented(
    message = "a column of type `{Self}` equals neither `true` nor `false`",
    label = "a column of type `{Self}`",
    note = "a condition's value is an integer for a column of integers, `true` or `false` for one of type `bool`, \
            `None` for NULL, and a string for any other"
)]
pub trait Truth {}

impl Truth for bool {}

/// A type of column that can equal an integer.
#[diagnostic::on_unimplemented(
    message = "a column of type `{Self}` equals no integer",
    label = "a column of type `{Self}`",
    note = "a condition's value is an integer for a column of integers, `true` or `false` for one of type `bool`, \
            `None` for NULL, and a string for any other"
)]
pub trait Integer {}

/// A type of column that equals no string, though a string may stand for a value of almost any type, an enum's too.
pub trait Unquoted {}

/// What no unquoted type has.
#[diagnostic::on_unimplemented(
    message = "a column of type `{Self}` equals no string",
    label = "a column of type `{Self}`",
    note = "a condition's value is an integer for a column of integers, `true` or `false` for one of type `bool`, \
            `None` for NULL, and a string for any other"
)]
pub trait Quoted<X> {}

/// The nullability of a column that can equal `None`.
#[diagnostic::on_unimplemented(
    message = "this column can never be NULL, so it never equals `None`",
    label = "the field is not an `Option`"
)]
pub trait Nullable {}

#[diagnostic::do_not_recommend]
impl Nullable for Null {}

pub const fn equals_bool<P, T: Truth, N>(column: &Col<P, T, N>) -> &'static Column {
    column.column()
}

pub const fn equals_integer<P, T: Integer, N>(column: &Col<P, T, N>) -> &'static Column {
    column.column()
}

pub const fn equals_null<P, T, N: Nullable>(column: &Col<P, T, N>) -> &'static Column {
    column.column()
}

/// Whether a column can equal a string: an inherent method, which wins over the trait's, says which cannot.
pub struct IsText<C>(pub C);

pub trait AnyText: Sized {
    fn check<X>(self) {}
}

impl<P, T, N> AnyText for IsText<&Col<P, T, N>> {}

impl<P, T: Unquoted, N> IsText<&Col<P, T, N>> {
    pub fn check<X>(self)
    where
        T: Quoted<X>,
    {
    }
}

impl Unquoted for bool {}

macro_rules! integers {
    ($($integer:ty)*) => {
        $(
            impl Integer for $integer {}
            impl Unquoted for $integer {}
        )*
    };
}

integers!(i8 i16 i32 i64 u32);
