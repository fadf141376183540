//! The fields of a view that are loaded: what a load gives, and the types of fields that hold it.

use std::marker::PhantomData;

use crate::entity::{Copied, Entity, Level, One, Relation, Shape, Sink, Slot};
use crate::error::Error;
use crate::page::Page;
use crate::query::{Described, Description, IntoLoad};

/// What a load gives, as a field has it: a row that is promised is the row itself.
pub trait Given {
    type Bare;
}

impl<T> Given for Vec<T> {
    type Bare = Self;
}

impl<T> Given for Option<T> {
    type Bare = Self;
}

impl<T> Given for Page<T> {
    type Bare = Self;
}

impl<T> Given for One<T> {
    type Bare = T;
}

/// A load that gives `V` by relation `R`.
pub struct Giving<L, R, V> {
    load: L,
    types: PhantomData<fn() -> (R, V)>,
}

/// A load of the view's entity.
pub fn load<E, L: IntoLoad<E, Value: Given>>(load: L) -> Giving<L, L::Relation, <L::Value as Given>::Bare> {
    Giving { load, types: PhantomData }
}

/// A field's type that holds what relation `R` gives as a `V`: the entities themselves, or views of them.
#[diagnostic::on_unimplemented(
    message = "a field of type `{Self}` cannot hold what is loaded for it, `{V}`",
    label = "`{R}` gives `{V}`, as entities or as views of them",
    note = "a relation to many gives a `Vec`, one that promises a row the row itself, others an `Option`; with a filter no row \
            is promised, and with `first` there are `Page`s"
)]
pub trait Holds<T: Shape, R, V>: Sized {
    fn load<E>(view: &mut Description<E>, load: impl IntoLoad<E>);
    fn values(state: Level<T>, parents: usize) -> Result<Vec<Self>, Error>;
    fn copied(field: &Self) -> Self;
}

macro_rules! holds {
    ($field:ty, $given:ty, $values:expr) => {
        #[diagnostic::do_not_recommend]
        impl<R: Relation<Target = X>, X: Entity, T: Described + Shape<Entity = X>> Holds<T, R, $given> for $field {
            fn load<E>(view: &mut Description<E>, load: impl IntoLoad<E>) {
                view.load::<T>(load);
            }

            fn values(state: Level<T>, parents: usize) -> Result<Vec<Self>, Error> {
                $values(state, parents)
            }

            fn copied(field: &Self) -> Self {
                Copied::copied(field)
            }
        }
    };
}

holds!(Vec<T>, Vec<X>, <Self as Slot<R>>::values);
holds!(Option<T>, Option<X>, <Self as Slot<R>>::values);
holds!(Page<T>, Page<X>, <Self as Slot<R>>::values);
holds!(T, X, ones::<R, T>);

fn ones<R: Relation<Target = T::Entity>, T: Shape>(state: Level<T>, parents: usize) -> Result<Vec<T>, Error> {
    let ones = <One<T> as Slot<R>>::values(state, parents)?;
    let mut all = Vec::with_capacity(ones.len());
    for One(one) in ones {
        all.push(one);
    }
    Ok(all)
}

/// A field of type `F` that is loaded.
pub trait Loaded<E, F>: Sized {
    type State;
    fn load(self, view: &mut Description<E>);
    fn sink(state: &mut Self::State) -> &mut dyn Sink;
    fn values(state: Self::State, parents: usize) -> Result<Vec<F>, Error>;
    fn copied(field: &F) -> F;
}

struct Load<T, L, R, V>(Giving<L, R, V>, PhantomData<fn() -> T>);

impl<E, F: Holds<T, R, V>, T: Shape, L: IntoLoad<E>, R, V> Loaded<E, F> for Load<T, L, R, V> {
    type State = Level<T>;

    fn load(self, view: &mut Description<E>) {
        F::load(view, self.0.load);
    }

    fn sink(state: &mut Level<T>) -> &mut dyn Sink {
        state
    }

    fn values(state: Level<T>, parents: usize) -> Result<Vec<F>, Error> {
        F::values(state, parents)
    }

    fn copied(field: &F) -> F {
        F::copied(field)
    }
}

impl<L, R, V> Giving<L, R, V> {
    /// Puts what it gives into a field.
    pub fn put<E, F, T: Shape>(self, _: Place<F, T>) -> impl Loaded<E, F, State = Level<T>>
    where
        F: Holds<T, R, V>,
        L: IntoLoad<E>,
    {
        Load(self, PhantomData)
    }
}

/// A field of type `F`, with rows that are each a `T`. (As a value, so that what is wrong with it is said at one place.)
pub struct Place<F, T>(PhantomData<fn() -> (F, T)>);

pub fn place<F, T>() -> Place<F, T> {
    Place(PhantomData)
}

/// What takes the rows of a field.
pub fn sink<E, F, L: Loaded<E, F>>(_: fn() -> L, state: &mut L::State) -> &mut dyn Sink {
    L::sink(state)
}

/// One value of a field for each of so many rows.
pub fn values<E, F, L: Loaded<E, F>>(_: fn() -> L, state: L::State, parents: usize) -> Result<Vec<F>, Error> {
    L::values(state, parents)
}

/// A copy of a field that is loaded.
pub fn copied_load<E, F, L: Loaded<E, F>>(_: fn() -> L, field: &F) -> F {
    L::copied(field)
}
