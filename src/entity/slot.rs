//! Slots: the places for an entity's relations in a loaded row, and what reads them.
//!
//! A slot's type says whether its relation was loaded, so reading one that was not does not compile. Its code is
//! compiled once a load, in plain loops.

use tokio_postgres::Row;

use super::{Entity, Exactly, Many, Reach, Relation, Shape, Sink};
use crate::error::Error;
use crate::row::Cursor;
use crate::schema::RelationDef;
use crate::stitch::{self, Links};

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
pub trait Presence: Clone + Send + 'static {
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
    note = "a relation is loaded once: give one load its filter, its order and its own loads"
)]
pub trait Put<S, V>: Relation {
    /// The shape with the value in it.
    type Out: Shape<Entity = Self::Source>;
}

/// The entities of one level, and the state of the loads below them.
pub(crate) struct Level<T: Shape> {
    entities: Vec<T::Entity>,
    state: T::State,
}

impl<T: Shape> Level<T> {
    pub(crate) fn finish(self) -> Result<Vec<T>, Error> {
        T::finish(self.entities, self.state)
    }
}

impl<T: Shape> Default for Level<T> {
    fn default() -> Self {
        Level { entities: Vec::new(), state: T::State::default() }
    }
}

impl<T: Shape> Sink for Level<T> {
    fn accept(&mut self, row: &Row) -> Result<(), Error> {
        push(&mut self.entities, row)
    }

    fn close(&mut self, _: Links) {}

    fn sinks<'s>(&'s mut self, out: &mut Vec<(usize, &'s mut dyn Sink)>) {
        T::sinks(&mut self.state, out);
    }
}

/// Decodes a row to the end of the list. It does not know the shape, so that it is compiled once an entity, with the
/// entity's decoding inside, and not once a load.
fn push<E: Entity>(entities: &mut Vec<E>, row: &Row) -> Result<(), Error> {
    let mut cursor = Cursor::new(row, E::TABLE, 0);
    entities.push(E::decode(&mut cursor)?);
    Ok(())
}

/// The state of one load: its level, and its links to the level above once its statement has run.
#[doc(hidden)]
pub struct Edge<T: Shape> {
    level: Level<T>,
    links: Option<Links>,
}

impl<T: Shape> Default for Edge<T> {
    fn default() -> Self {
        Edge { level: Level::default(), links: None }
    }
}

impl<T: Shape> Sink for Edge<T> {
    fn accept(&mut self, row: &Row) -> Result<(), Error> {
        self.level.accept(row)
    }

    fn close(&mut self, links: Links) {
        self.links = Some(links);
    }

    fn sinks<'s>(&'s mut self, out: &mut Vec<(usize, &'s mut dyn Sink)>) {
        self.level.sinks(out);
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
            type State = Edge<T>;

            fn sink(state: &mut Edge<T>) -> Option<&mut dyn Sink> {
                Some(state)
            }

            fn values(state: Edge<T>, parents: usize) -> Result<Vec<Self>, Error> {
                let Some(links) = state.links else { return nothing(R::DEF, parents) };
                let rows = $stitch(&links, state.level.finish()?)?;
                counted(R::DEF, rows, parents)
            }
        }
    };
}

slot!(Vec, stitch::many, None);
// As serde has it of any field that is an `Option`.
slot!(Option, stitch::maybe_one, Some(None));
slot!(One, one, None);

fn one<T: Clone>(links: &Links, rows: Vec<T>) -> Result<Vec<One<T>>, Error> {
    let rows = stitch::one(links, rows)?;
    let mut all = Vec::with_capacity(rows.len());
    for row in rows {
        all.push(One(row));
    }
    Ok(all)
}

/// A level without rows has no links, and no parents either.
fn nothing<V>(relation: &RelationDef, parents: usize) -> Result<Vec<V>, Error> {
    counted(relation, Vec::new(), parents)
}

fn counted<V>(relation: &RelationDef, values: Vec<V>, parents: usize) -> Result<Vec<V>, Error> {
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

/// The state of a load that may not be part of the query.
#[doc(hidden)]
pub struct Perhaps<S> {
    state: S,
    opened: bool,
}

impl<S: Default> Default for Perhaps<S> {
    fn default() -> Self {
        Perhaps { state: S::default(), opened: false }
    }
}

impl<S: Sink> Sink for Perhaps<S> {
    fn accept(&mut self, row: &Row) -> Result<(), Error> {
        self.state.accept(row)
    }

    fn close(&mut self, links: Links) {
        self.opened = true;
        self.state.close(links);
    }

    fn sinks<'s>(&'s mut self, out: &mut Vec<(usize, &'s mut dyn Sink)>) {
        self.state.sinks(out);
    }
}

impl<R, V: Slot<R>> Slot<R> for If<V>
where
    V::State: Sink,
{
    type State = Perhaps<V::State>;

    fn sink(state: &mut Self::State) -> Option<&mut dyn Sink> {
        Some(state)
    }

    fn values(state: Self::State, parents: usize) -> Result<Vec<Self>, Error> {
        let mut all = Vec::with_capacity(parents);
        if state.opened {
            for value in V::values(state.state, parents)? {
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
