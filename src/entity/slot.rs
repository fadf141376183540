//! Slots: the places for an entity's relations in a loaded row, and what reads them.
//!
//! A slot's type says whether its relation was loaded, so reading one that was not does not compile. Its code is
//! compiled once a load, in plain loops.

use tokio_postgres::Row;

use super::{Decode, Ends, Exactly, Many, Reach, Relation, Rows, Shape, Sink, Split};
use crate::error::Error;
use crate::schema::RelationDef;
use crate::stitch::{self, Copied, Links};

/// The slot of a relation that was not loaded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct NotLoaded;

/// The slot of a relation that promises a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct One<T>(pub T);

/// The slot of a relation whose load was decided at run time, by `with_if`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct If<V>(pub Option<V>);

/// Whether a slot holds a value.
#[doc(hidden)]
pub trait Presence: Copied + Send + 'static {
    fn is_loaded(&self) -> bool;

    /// What the slot holds if it is left out of a serialized row; `None` where that is a mistake.
    fn left_out() -> Option<Self>;
}

/// What can stand in the slot of relation `R`.
#[doc(hidden)]
pub trait Slot<R>: Presence + Sized {
    type State: Default + Send + 'static;
    /// What gathers the relation's rows, if the slot can hold any.
    fn sink(state: &mut Self::State) -> Option<&mut dyn Sink>;
    /// Whether the load was part of the query.
    fn is_open(state: &Self::State) -> bool;
    /// One value for each of so many parents.
    fn values(state: Self::State, parents: usize) -> Result<Vec<Self>, Error>;
}

/// Reads a slot as `V`.
#[diagnostic::on_unimplemented(
    message = "the relation `{R}` was not loaded by the query that produced this value",
    label = "`{R}` is not loaded",
    note = "load it with the parent: `.with(…)`, with the relation as a path, such as `.with(User.posts)`"
)]
pub trait Read<'a, R, V> {
    /// Reads it.
    fn read(&'a self) -> V;
}

/// Puts a value of type `V` into this relation's slot of the shape `S`.
#[diagnostic::on_unimplemented(
    message = "the relation `{Self}` is loaded already by this query",
    label = "a second load of `{Self}`",
    note = "a relation is loaded once: give one load its filter, its order and its own loads; a view takes no load, since \
            its fields say what is loaded"
)]
pub trait Put<S, V>: Relation {
    /// The shape with the value in it.
    type Out: Shape<Entity = Self::Source>;
}

/// The rows of one level, the state of the loads below them, and their links to the level above once its statement
/// has run. A root has no links.
#[doc(hidden)]
pub struct Level<T: Shape> {
    pub(super) rows: Vec<T::Row>,
    pub(super) state: T::State,
    pub(super) links: Option<Links>,
    pub(super) ends: Ends,
}

impl<T: Shape> Level<T> {
    pub(crate) fn finish(self) -> Result<Vec<T>, Error> {
        T::finish(self.rows, self.state)
    }
}

impl<T: Shape> Default for Level<T> {
    fn default() -> Self {
        Level { rows: Vec::new(), state: T::State::default(), links: None, ends: Ends::default() }
    }
}

impl<T: Shape> Sink for Level<T> {
    fn split<'s>(&'s mut self, below: &mut Vec<(usize, &'s mut dyn Sink)>) -> Split<'s> {
        T::sinks(&mut self.state, below);
        Split { rows: &mut self.rows, links: &mut self.links, ends: Some(&mut self.ends) }
    }
}

/// It does not know the shape, so that it is compiled once an entity, with the entity's decoding inside, and not once a
/// load.
impl<D: Decode> Rows for Vec<D> {
    fn accept(&mut self, row: &Row, start: usize) -> Result<(), Error> {
        self.push(D::decode_at(row, start)?);
        Ok(())
    }

    fn expect(&mut self, rows: usize) {
        self.reserve(rows);
    }
}

impl Copied for NotLoaded {
    fn copied(&self) -> Self {
        NotLoaded
    }
}

impl<T: Copied> Copied for One<T> {
    fn copied(&self) -> Self {
        One(self.0.copied())
    }
}

impl<V: Copied> Copied for If<V> {
    fn copied(&self) -> Self {
        If(self.0.copied())
    }
}

impl Presence for NotLoaded {
    fn is_loaded(&self) -> bool {
        false
    }

    fn left_out() -> Option<Self> {
        Some(NotLoaded)
    }
}

impl<R> Slot<R> for NotLoaded {
    type State = ();

    fn sink((): &mut ()) -> Option<&mut dyn Sink> {
        None
    }

    fn is_open((): &()) -> bool {
        false
    }

    fn values((): (), parents: usize) -> Result<Vec<Self>, Error> {
        Ok(vec![NotLoaded; parents])
    }
}

macro_rules! slot {
    ($container:ident, $stitch:path, $left_out:expr) => {
        impl<T: Shape> Presence for $container<T> {
            fn is_loaded(&self) -> bool {
                true
            }

            fn left_out() -> Option<Self> {
                $left_out
            }
        }

        impl<R: Relation<Target = T::Entity>, T: Shape> Slot<R> for $container<T> {
            type State = Level<T>;

            fn sink(state: &mut Level<T>) -> Option<&mut dyn Sink> {
                Some(state)
            }

            fn is_open(state: &Level<T>) -> bool {
                state.links.is_some()
            }

            fn values(state: Level<T>, parents: usize) -> Result<Vec<Self>, Error> {
                let Level { rows, state, links, .. } = state;
                let Some(links) = links else { return nothing(R::DEF, parents) };
                let rows = $stitch(&links, T::finish(rows, state)?)?;
                counted(R::DEF, rows, parents)
            }
        }
    };
}

slot!(Vec, stitch::many, None);
// As serde has it of any field that is an `Option`.
slot!(Option, stitch::maybe_one, Some(None));
slot!(One, one, None);

fn one<T: Copied>(links: &Links, rows: Vec<T>) -> Result<Vec<One<T>>, Error> {
    let rows = stitch::one(links, rows)?;
    let mut all = Vec::with_capacity(rows.len());
    for row in rows {
        all.push(One(row));
    }
    Ok(all)
}

/// A level without rows has no links, and no parents either.
pub(super) fn nothing<V>(relation: &RelationDef, parents: usize) -> Result<Vec<V>, Error> {
    counted(relation, Vec::new(), parents)
}

pub(super) fn counted<V>(relation: &RelationDef, values: Vec<V>, parents: usize) -> Result<Vec<V>, Error> {
    if values.len() == parents { Ok(values) } else { Err(stitch::miscounted(relation, values.len(), parents)) }
}

impl<V: Presence> Presence for If<V> {
    fn is_loaded(&self) -> bool {
        self.0.is_some()
    }

    fn left_out() -> Option<Self> {
        Some(If(None))
    }
}

impl<R, V: Slot<R>> Slot<R> for If<V> {
    type State = V::State;

    fn sink(state: &mut Self::State) -> Option<&mut dyn Sink> {
        V::sink(state)
    }

    fn is_open(state: &Self::State) -> bool {
        V::is_open(state)
    }

    fn values(state: Self::State, parents: usize) -> Result<Vec<Self>, Error> {
        let mut all = Vec::with_capacity(parents);
        if V::is_open(&state) {
            for value in V::values(state, parents)? {
                all.push(If(Some(value)));
            }
        } else {
            for _ in 0..parents {
                all.push(If(None));
            }
        }
        Ok(all)
    }
}

#[diagnostic::do_not_recommend]
impl<'a, R: Relation<Reach = Many>, T: 'a> Read<'a, R, &'a [T]> for Vec<T> {
    fn read(&'a self) -> &'a [T] {
        self
    }
}

#[diagnostic::do_not_recommend]
impl<'a, R: Relation, T: 'a> Read<'a, R, Option<&'a T>> for Option<T> {
    fn read(&'a self) -> Option<&'a T> {
        self.as_ref()
    }
}

#[diagnostic::do_not_recommend]
impl<'a, R: Relation<Reach = Exactly>, T: 'a> Read<'a, R, &'a T> for One<T> {
    fn read(&'a self) -> &'a T {
        &self.0
    }
}

#[diagnostic::do_not_recommend]
impl<'a, R, V: Read<'a, R, U>, U> Read<'a, R, Option<U>> for If<V> {
    fn read(&'a self) -> Option<U> {
        self.0.as_ref().map(V::read)
    }
}

/// What `loaded!` writes for a relation and the shape of its target.
#[doc(hidden)]
pub type ValueOf<R, T> = <<R as Relation>::Reach as Reach>::Of<T>;

#[cfg(feature = "serde")]
mod serde_impls {
    use serde::de::{Error as _, IgnoredAny};
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    use super::{If, NotLoaded, One};

    impl Serialize for NotLoaded {
        fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
            serializer.serialize_none()
        }
    }

    /// Only where there is nothing to read: a relation that is there was loaded.
    impl<'de> Deserialize<'de> for NotLoaded {
        fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
            match Option::<IgnoredAny>::deserialize(deserializer)? {
                None => Ok(NotLoaded),
                Some(_) => Err(D::Error::custom("a relation is here that the type has as not loaded")),
            }
        }
    }

    impl<T: Serialize> Serialize for One<T> {
        fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
            self.0.serialize(serializer)
        }
    }

    impl<'de, T: Deserialize<'de>> Deserialize<'de> for One<T> {
        fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
            T::deserialize(deserializer).map(One)
        }
    }

    impl<V: Serialize> Serialize for If<V> {
        fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
            self.0.serialize(serializer)
        }
    }

    impl<'de, V: Deserialize<'de>> Deserialize<'de> for If<V> {
        fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
            V::deserialize(deserializer).map(|value| If(Some(value)))
        }
    }
}
