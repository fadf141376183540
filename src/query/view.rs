//! Views: structs whose fields say what is selected and loaded.

use std::marker::PhantomData;

use super::{IntoLoad, Query, Spec};
use crate::entity::{Entity, Shape};
use crate::expr::{Selectable, Selection};

/// A struct whose shape is the query; [`#[derive(View)]`](derive@crate::View) implements it.
///
/// Each field is a column, a column along a path, an aggregate of a relation's rows, an expression, or a relation that is
/// loaded, as entities or as views again. Only that is selected; a key that no field has is read where a load needs it.
///
/// ```
/// # use relata::prelude::*;
/// # #[derive(Entity, Clone)]
/// # #[entity(table = "users")]
/// # struct User { #[key] id: i32, name: String }
/// # #[derive(Entity, Clone)]
/// # #[entity(table = "posts")]
/// # #[belongs_to(author: User, by = user_id)]
/// # #[has_many(comments: Vec<Comment>, by = post_id)]
/// # struct Post { #[key] id: i32, title: String, user_id: i32 }
/// # #[derive(Entity, Clone)]
/// # #[entity(table = "comments")]
/// # struct Comment { #[key] id: i32, body: String, post_id: i32 }
/// #[derive(View)]
/// #[view(Post)]
/// struct PostCard {
///     title: String,
///     #[view(path = author.name)]
///     author: String,
///     #[view(count = comments)]
///     replies: i64,
///     #[view(order_by = id.desc(), limit = 2)]
///     comments: Vec<CommentLine>,
/// }
///
/// #[derive(View)]
/// #[view(Comment)]
/// struct CommentLine {
///     body: String,
/// }
///
/// let query = PostCard::query().filter(Post.id.gt(5));
/// assert_eq!(query.plan().statements(), 2);
/// assert_eq!(
///     query.to_sql().text(),
///     r#"SELECT "t0"."title", "t1"."name", (SELECT COUNT(*) FROM "comments" AS "t2" WHERE "t0"."id" = "t2"."post_id"), "t0"."id" FROM "posts" AS "t0" LEFT JOIN "users" AS "t1" ON "t0"."user_id" = "t1"."id" WHERE "t0"."id" > $1"#,
/// );
/// ```
///
/// A view takes filters, orders, limits and locks as a query for the entity does, and stands for its entity in a load:
/// `User::query().with(User.posts.view::<PostCard>())`. It takes no loads, since it says itself what is loaded.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a view",
    label = "not a view",
    note = "a view is a struct with `#[derive(View)]` and `#[view(Entity)]`"
)]
pub trait View: Described {
    /// A query for all rows of the entity's table as this view.
    ///
    /// SQL: `SELECT fields FROM table`, and the statements of its loads.
    fn query() -> Query<Self> {
        let mut spec = Spec::of(<Self::Entity as Entity>::TABLE);
        describe::<Self>(&mut spec);
        Query::from_spec(spec)
    }
}

/// A view of this entity and of no other.
#[doc(hidden)]
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a view of `{E}`",
    label = "not a view of `{E}`",
    note = "a view of it is a struct with `#[derive(View)]` and `#[view({E})]`"
)]
pub trait ViewOf<E>: View<Entity = E> {}

#[diagnostic::do_not_recommend]
impl<E: Entity, V: View<Entity = E>> ViewOf<E> for V {}

/// What a load of a view's field can give its rows as: a view, or an entity as it is.
#[doc(hidden)]
#[diagnostic::on_unimplemented(
    message = "`{Self}` is neither an entity nor a view",
    label = "cannot be loaded into a view's field",
    note = "a field that is loaded is a `Vec` of entities or of views, an `Option` of one, or one"
)]
pub trait Described: Shape {
    /// What is selected and loaded; `None` for an entity, whose columns are all selected.
    fn describe() -> Option<Description<Self::Entity>> {
        None
    }
}

/// What a view of the entity `E` selects and loads.
#[doc(hidden)]
#[derive(Debug)]
pub struct Description<E> {
    selection: Selection,
    loads: Vec<super::LoadSpec>,
    entity: PhantomData<fn() -> E>,
}

impl<E> Default for Description<E> {
    fn default() -> Self {
        Description { selection: Selection::default(), loads: Vec::new(), entity: PhantomData }
    }
}

impl<E> Description<E> {
    /// Selects it after what was selected before.
    pub fn select(&mut self, item: impl Selectable<E>) {
        item.items(&mut self.selection);
    }

    /// Loads it into the next place, each row as a `T`.
    pub fn load<T: Described>(&mut self, load: impl IntoLoad<E>) {
        let mut load = load.erased().0;
        load.slot = self.loads.len();
        describe::<T>(&mut load.spec);
        self.loads.push(load);
    }
}

/// Has the rows be those of a view; entities stay as they are.
pub(super) fn describe<T: Described>(spec: &mut Spec) {
    if let Some(view) = T::describe() {
        spec.rows.items = Some(view.selection.0);
        spec.loads = view.loads;
    }
}
