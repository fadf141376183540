//! What goes wrong while a view is read, and where: the field and its column, or the load.

use relata::ErrorKind;
use relata::prelude::*;

use crate::support::World;

#[derive(Entity, Clone)]
#[entity(table = "owners")]
#[has_many(things: Vec<Thing>, by = owner_id)]
#[has_one(first: Option<Thing>, by = owner_id)]
pub struct Owner {
    #[key]
    id: i32,
    name: String,
}

#[derive(Entity, Clone)]
#[entity(table = "things")]
#[belongs_to(owner: Owner, by = owner_id)]
pub struct Thing {
    #[key]
    id: i32,
    size: i32,
    note: String,
    owner_id: i32,
}

/// `size` is of another type than the entity says, `note` is NULL once, and one owner is not there.
const SCRIPT: &str = "
CREATE TABLE owners (id int PRIMARY KEY, name text NOT NULL);
CREATE TABLE things (id int PRIMARY KEY, size text NOT NULL, note text, owner_id int NOT NULL);
INSERT INTO owners VALUES (1, 'Ann'), (2, 'Ben');
INSERT INTO things VALUES (1, 'x', 'n', 1), (2, 'y', NULL, 2), (3, 'z', 'n', 9), (4, 'z', 'm', 1);";

macro_rules! lines {
    ($($module:ident $strategy:ident)*) => {
        $(mod $module {
            use super::*;

            #[derive(View, Debug)]
            #[view(Owner)]
            pub struct Sizes {
                pub name: String,
                #[view($strategy, order_by = id)]
                pub things: Vec<Size>,
            }

            #[derive(View, Debug)]
            #[view(Thing)]
            pub struct Size {
                pub id: i32,
                pub size: i32,
            }

            #[derive(View, Debug)]
            #[view(Thing)]
            pub struct Owned {
                pub id: i32,
                #[view($strategy)]
                pub owner: Name,
            }

            #[derive(View, Debug)]
            #[view(Owner)]
            pub struct Name {
                pub name: String,
            }

            #[derive(View, Debug)]
            #[view(Owner)]
            pub struct Single {
                pub name: String,
                #[view($strategy)]
                pub first: Option<Id>,
            }

            #[derive(View, Debug)]
            #[view(Thing)]
            pub struct Id {
                pub id: i32,
            }
        })*
    };
}

lines!(selected select_in joined joined);

#[derive(View, Debug)]
#[view(Thing)]
struct Note {
    id: i32,
    note: String,
}

macro_rules! fails {
    ($world:expr, $query:expr, $kind:ident, $message:expr) => {{
        let error = $query.all(&$world.pool).await.map(|rows| rows.len()).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::$kind, "{error}");
        assert!(error.to_string().contains($message), "{error}");
        error
    }};
}

#[tokio::test]
async fn a_column_of_another_type_is_told_by_its_field_and_its_place() {
    let world = World::new(SCRIPT).await;
    let message = "field `Size.size`: column 2 of the selection is `text`, which cannot be read as `i32`";
    let error = fails!(world, selected::Size::query(), Decode, message);
    assert_eq!(error.path(), Some("Thing"));
    let error = fails!(world, selected::Sizes::query(), Decode, message);
    assert_eq!(error.path(), Some("Owner.things"));
    let error = fails!(world, joined::Sizes::query(), Decode, "field `Size.size`: column");
    assert_eq!(error.path(), Some("Owner.things"));
}

#[tokio::test]
async fn null_where_a_field_is_no_option_is_told_by_its_field() {
    let world = World::new(SCRIPT).await;
    let message = "field `Note.note`: column 2 of the selection is NULL, and its type is not an `Option`";
    let error = fails!(world, Note::query().order_by(Thing.id.asc()), UnexpectedNull, message);
    assert_eq!(error.path(), Some("Thing"));
    assert_eq!(Note::query().filter(Thing.id.eq(1)).one(&world.pool).await.unwrap().note, "n");
}

#[tokio::test]
async fn a_promised_row_that_is_missing_is_an_error_of_its_load() {
    let world = World::new(SCRIPT).await;
    let message = "the relation promises a row, and there is none with key 9";
    let one = fails!(world, selected::Owned::query(), MissingTarget, message);
    let other = fails!(world, joined::Owned::query(), MissingTarget, message);
    assert_eq!((one.path(), other.path()), (Some("Thing.owner"), Some("Thing.owner")));
    let kept = Thing.id.ne(3);
    let rows = selected::Owned::query().filter(kept.clone()).order_by(Thing.id.asc()).all(&world.pool).await.unwrap();
    assert_eq!(
        rows.iter().map(|row| (row.id, row.owner.name.as_str())).collect::<Vec<_>>(),
        [(1, "Ann"), (2, "Ben"), (4, "Ann")]
    );
    let rows = joined::Owned::query().filter(kept).order_by(Thing.id.asc()).all(&world.pool).await.unwrap();
    assert_eq!(
        rows.iter().map(|row| (row.id, row.owner.name.as_str())).collect::<Vec<_>>(),
        [(1, "Ann"), (2, "Ben"), (4, "Ann")]
    );
}

#[tokio::test]
async fn a_second_row_for_one_is_an_error_of_its_load() {
    let world = World::new(SCRIPT).await;
    let message = "more than one row for key 1, where the relation allows one";
    let one = fails!(world, selected::Single::query(), SeveralRows, message);
    let other = fails!(world, joined::Single::query(), SeveralRows, message);
    assert_eq!((one.path(), other.path()), (Some("Owner.first"), Some("Owner.first")));
    let ben = Owner.id.eq(2);
    let row = selected::Single::query().filter(ben.clone()).one(&world.pool).await.unwrap();
    assert_eq!(row.first.map(|thing| thing.id), Some(2));
    let row = joined::Single::query().filter(ben).one(&world.pool).await.unwrap();
    assert_eq!(row.first.map(|thing| thing.id), Some(2));
}
