//! What the derive's output names. Not part of the API.

#[path = "private/declared.rs"]
mod declared;
#[path = "private/newtype.rs"]
pub mod newtype;
#[path = "private/view.rs"]
pub mod view;

use std::fmt;
use std::marker::PhantomData;

use tokio_postgres::types::{FromSql, Type};

pub use crate::entity::{
    Copied, Decode, Embed, Entity, Exactly, Fields, If, KeyTuple, Many, MaybeOne, Named, NotLoaded, NotNull, Null,
    Nulls, One, Presence, Put, Reach, Read, Relation, Shape, Sink, Slot, Through, ValueOf,
};
pub use declared::{
    AnyText, AtMostOne, Integer, IsText, LeadsTo, Nullable, Quoted, Side, Truth, Unquoted, association_fields,
    equals_bool, equals_integer, equals_null, here, there, through, to_key,
};

use crate::page::Page;

pub use crate::error::Error;
pub use crate::expr::{Col, Path, PerRow, Rel, Root, Selectable, Selection, Single, decode_entity, entity_items};
pub use crate::row::{Cursor, Items};
pub use crate::schema::{self, Column, KeyPair, RelationDef, Table, concat};
pub use crate::value::Value;
#[cfg(feature = "serde")]
pub use serde;

/// Two columns that a relation can equate: of one type, or integers of different width.
#[diagnostic::on_unimplemented(
    message = "a relation cannot equate a column of type `{Self}` with one of type `{T}`",
    label = "these key columns have different types",
    note = "the columns on both sides of a relation have the same type, or are integers (i16, i32, i64)"
)]
pub trait KeyCompat<T> {}

#[diagnostic::do_not_recommend]
impl<T> KeyCompat<T> for T {}
#[diagnostic::do_not_recommend]
impl KeyCompat<i32> for i16 {}
#[diagnostic::do_not_recommend]
impl KeyCompat<i64> for i16 {}
#[diagnostic::do_not_recommend]
impl KeyCompat<i16> for i32 {}
#[diagnostic::do_not_recommend]
impl KeyCompat<i64> for i32 {}
#[diagnostic::do_not_recommend]
impl KeyCompat<i16> for i64 {}
#[diagnostic::do_not_recommend]
impl KeyCompat<i32> for i64 {}

/// The columns of a foreign key, in the order of the key of the entity that they refer to.
#[diagnostic::on_unimplemented(
    message = "the columns `{Self}` cannot refer to a key of columns `{K}`",
    label = "another number of columns, or other types",
    note = "name a column for each column of the key, in the key's order, or say which columns are meant: \
            `references = …`"
)]
pub trait RefersTo<K> {}

impl<A: KeyCompat<W>, W> RefersTo<(W,)> for (A,) {}
#[diagnostic::do_not_recommend]
impl<A: KeyCompat<W>, B: KeyCompat<X>, W, X> RefersTo<(W, X)> for (A, B) {}
#[diagnostic::do_not_recommend]
impl<A: KeyCompat<W>, B: KeyCompat<X>, C: KeyCompat<Y>, W, X, Y> RefersTo<(W, X, Y)> for (A, B, C) {}
#[diagnostic::do_not_recommend]
impl<A: KeyCompat<W>, B: KeyCompat<X>, C: KeyCompat<Y>, D: KeyCompat<Z>, W, X, Y, Z> RefersTo<(W, X, Y, Z)>
    for (A, B, C, D)
{
}

/// A pair of a foreign key's column and the `N`th column of the key of `E`; `K` are all of the foreign key's columns.
pub const fn key_pair<E: Entity, K: RefersTo<E::KeyColumns>, P, T, M>(source: &Col<P, T, M>, n: usize) -> KeyPair {
    KeyPair { source: source.column(), target: &E::TABLE.columns[E::TABLE.key[n]] }
}

/// The same for the columns after the first, with which all of them were checked.
pub const fn next_key_pair<E: Entity, P, T, M>(source: &Col<P, T, M>, n: usize) -> KeyPair {
    KeyPair { source: source.column(), target: &E::TABLE.columns[E::TABLE.key[n]] }
}

/// Two columns, and the types of both. (A bound that had one type only would decide the other, and the compiler
/// would then find the second column mistaken instead of the pair.)
pub struct Both<T, U> {
    pair: KeyPair,
    types: PhantomData<fn() -> (T, U)>,
}

/// Two columns of a relation's descriptor, whatever their types.
pub const fn both<P, T, M, Q, U, N>(source: &Col<P, T, M>, target: &Col<Q, U, N>) -> Both<T, U> {
    Both { pair: KeyPair { source: source.column(), target: target.column() }, types: PhantomData }
}

impl<T, U> Both<T, U> {
    /// The pair, if a relation can equate the two.
    pub const fn pair(self) -> KeyPair
    where
        T: KeyCompat<U>,
    {
        self.pair
    }
}

/// The key of an entity whose derive found an error, so that relations to it add none.
#[derive(Debug, Clone, Copy)]
pub struct Unknown;

#[diagnostic::do_not_recommend]
impl<A> RefersTo<Unknown> for A {}

impl KeyTuple for Unknown {
    fn into_values(self) -> Vec<Value> {
        Vec::new()
    }
}

/// Takes the value out of the slot of relation `R`, as `V`.
#[diagnostic::on_unimplemented(
    message = "the relation `{R}` was not loaded by the query that produced this value",
    label = "`{R}` is not loaded",
    note = "load it with the parent: `.with(…)`, with the relation as a path, such as `.with(User.posts)`"
)]
pub trait Take<R, V> {
    fn take(self) -> V;
}

#[diagnostic::do_not_recommend]
impl<R: Relation<Reach = Many>, T> Take<R, Vec<T>> for Vec<T> {
    fn take(self) -> Vec<T> {
        self
    }
}

#[diagnostic::do_not_recommend]
impl<R: Relation<Reach = Many>, T> Take<R, Page<T>> for Page<T> {
    fn take(self) -> Page<T> {
        self
    }
}

#[diagnostic::do_not_recommend]
impl<R: Relation, T> Take<R, Option<T>> for Option<T> {
    fn take(self) -> Option<T> {
        self
    }
}

#[diagnostic::do_not_recommend]
impl<R: Relation<Reach = Exactly>, T> Take<R, T> for One<T> {
    fn take(self) -> T {
        self.0
    }
}

#[diagnostic::do_not_recommend]
impl<R, V: Take<R, U>, U> Take<R, Option<U>> for If<V> {
    fn take(self) -> Option<U> {
        self.0.map(V::take)
    }
}

/// A clone of the entity. A loaded type asks no `Clone` of it a second time: whether it has one is said at its derive.
pub fn copy_of<E: Entity>(entity: &E) -> E {
    entity.clone()
}

/// The fields of the entity that a relation starts from.
pub const fn source_fields<R: Relation>() -> &'static <R::Source as Entity>::Fields<Root<R::Source>> {
    Fields::REF
}

/// The fields of the entity that a relation leads to.
pub const fn target_fields<R: Relation>() -> &'static <R::Target as Entity>::Fields<Root<R::Target>> {
    Fields::REF
}

/// A column's descriptor, whatever its type.
pub const fn column<P, T, N>(column: &Col<P, T, N>) -> &'static Column {
    column.column()
}

/// Whether no two columns have one name, which an entity and the structs that it embeds may have.
pub const fn distinct(columns: &[Column]) -> bool {
    let mut one = 0;
    while one < columns.len() {
        let mut other = one + 1;
        while other < columns.len() {
            if same(columns[one].name.as_bytes(), columns[other].name.as_bytes()) {
                return false;
            }
            other += 1;
        }
        one += 1;
    }
    true
}

const fn same(one: &[u8], other: &[u8]) -> bool {
    let mut at = 0;
    while at < one.len() && at < other.len() && one[at] == other[at] {
        at += 1;
    }
    at == one.len() && at == other.len()
}

/// The table that a relation starts from.
pub fn source<R: Relation>() -> &'static Table {
    R::Source::TABLE
}

/// The table that a relation leads to.
pub fn target<R: Relation>() -> &'static Table {
    R::Target::TABLE
}

/// Shape for serde: whether a field is left out.
pub fn absent<S: Presence>(slot: &&S) -> bool {
    !slot.is_loaded()
}

/// `Debug`, `PartialEq` and serde of a loaded type ask the same of its entity. A bound on the entity alone would be
/// checked where the type is derived, and refuse an entity without them; with a type parameter in it, it is checked
/// where it is used.
pub struct Of<E, X>(PhantomData<(E, X)>);

pub trait DebugOf<E> {
    fn field(entity: &E) -> &dyn fmt::Debug;
}

impl<E: fmt::Debug, X> DebugOf<E> for Of<E, X> {
    fn field(entity: &E) -> &dyn fmt::Debug {
        entity
    }
}

pub trait PartialEqOf<E> {
    fn eq(one: &E, other: &E) -> bool;
}

impl<E: PartialEq, X> PartialEqOf<E> for Of<E, X> {
    fn eq(one: &E, other: &E) -> bool {
        one == other
    }
}

/// Whether a type is written as an `Option` under another name, which the derive cannot see: an inherent constant
/// wins over the trait's.
pub struct Probe<T>(PhantomData<T>);

impl<T> Probe<Option<T>> {
    pub const IS_OPTION: bool = true;
}

pub trait NoOption {
    const IS_OPTION: bool = false;
}

impl<T> NoOption for Probe<T> {}

impl<T: for<'r> FromSql<'r>> Probe<T> {
    /// Whether a column of this SQL type can be read as `T`.
    pub fn accepts(ty: &Type) -> bool {
        <T as FromSql<'_>>::accepts(ty)
    }
}

/// What a type that cannot be read accepts: that is an error where it is read, and none here.
pub trait NoColumn {
    fn accepts(_: &Type) -> bool {
        true
    }
}

impl<T> NoColumn for Probe<T> {}

/// A relation's field while a row is read back: it may be left out, if its slot knows what that means.
#[cfg(feature = "serde")]
pub struct Field<S>(Option<S>);

#[cfg(feature = "serde")]
impl<S> Field<S> {
    /// Inherent, so that it has no trait to be in scope.
    pub fn missing() -> Self {
        Field(None)
    }
}

#[cfg(feature = "serde")]
impl<'de, S: serde::Deserialize<'de>> serde::Deserialize<'de> for Field<S> {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        S::deserialize(deserializer).map(|slot| Field(Some(slot)))
    }
}

#[cfg(feature = "serde")]
impl<S: Presence> Field<S> {
    pub fn slot<E: serde::de::Error>(self, name: &'static str) -> Result<S, E> {
        self.0.or_else(S::left_out).ok_or_else(|| E::missing_field(name))
    }
}

#[cfg(feature = "serde")]
#[doc(hidden)]
#[macro_export]
macro_rules! __serde {
    ($($item:item)*) => { $($item)* };
}

#[cfg(not(feature = "serde"))]
#[doc(hidden)]
#[macro_export]
macro_rules! __serde {
    ($($item:item)*) => {};
}
