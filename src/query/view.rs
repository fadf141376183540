//! Views: structs whose fields say what is selected and loaded.

use std::marker::PhantomData;

use super::{IntoLoad, LoadSpec, Query, Spec};
use crate::entity::{Entity, Shape};
use crate::expr::{Selectable, Selection};

/// A struct whose shape is the query; `#[derive(View)]` implements it.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a view",
    label = "not a view",
    note = "a view is a struct with `#[derive(View)]` and `#[view(Entity)]`"
)]
pub trait View: Shape {
    /// Says what is selected and what is loaded.
    #[doc(hidden)]
    fn describe(view: &mut Description<Self::Entity>);

    /// A query for all rows of the entity's table as this view. Only its columns are selected; its relations are loaded by
    /// the strategies that loads have.
    fn query() -> Query<Self> {
        let mut spec = Spec::of(<Self::Entity as Entity>::TABLE);
        describe::<Self>(&mut spec);
        Query::from_spec(spec)
    }
}

/// What a view of the entity `E` selects and loads.
#[doc(hidden)]
#[derive(Debug)]
pub struct Description<E> {
    selection: Selection,
    loads: Vec<LoadSpec>,
    entity: PhantomData<fn() -> E>,
}

impl<E: Entity> Description<E> {
    /// Selects it after what was selected before.
    pub fn select(&mut self, item: impl Selectable<E>) {
        item.items(&mut self.selection);
    }

    /// Loads it into the next place.
    pub fn load(&mut self, load: impl IntoLoad<E>) {
        let mut load = load.erased().0;
        load.slot = self.loads.len();
        self.loads.push(load);
    }
}

/// Has the rows be those of a view.
pub(super) fn describe<V: View>(spec: &mut Spec) {
    let mut view = Description { selection: Selection::default(), loads: Vec::new(), entity: PhantomData };
    V::describe(&mut view);
    spec.rows.items = Some(view.selection.0);
    spec.loads = view.loads;
}

/// What is selected fits a view's field.
#[doc(hidden)]
#[diagnostic::on_unimplemented(
    message = "a field of type `{F}` cannot hold what the query gives for it, `{Self}`",
    label = "the field is a `{F}`, and the query gives a `{Self}`"
)]
pub trait Fits<F> {
    fn fit(self) -> F;
}

#[diagnostic::do_not_recommend]
impl<T> Fits<T> for T {
    fn fit(self) -> T {
        self
    }
}

#[diagnostic::do_not_recommend]
impl<T> Fits<Option<T>> for T {
    fn fit(self) -> Option<T> {
        Some(self)
    }
}
