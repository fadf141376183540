//! Keywords as fields, columns and relations.
use relata::Query;
use relata::prelude::*;

#[derive(Entity, Clone)]
#[entity(table = "kinds")]
#[has_many(r#impl: Vec<Thing>, by = r#type)]
pub struct Kind {
    #[key]
    pub r#type: i32,
}

#[derive(Entity, Clone)]
#[entity(table = "things")]
#[belongs_to(r#fn: Kind, by = r#type)]
pub struct Thing {
    #[key]
    pub id: i32,
    pub r#type: i32,
    pub r#match: Option<String>,
}

fn main() {
    let query: Query<loaded!(Kind { r#impl { r#fn } })> = Kind::query().with(Kind.r#impl.with(Thing.r#fn));
    let _ = query;
    let query: Query<loaded!(Kind { impl { fn } })> = Kind::query().with(Kind.r#impl.with(Thing.r#fn));
    let _ = query;
    let _ = Thing::query().filter(Thing.r#fn.r#type.eq(1) & Thing.r#match.is_null());
    let columns = <Thing as Entity>::TABLE.columns;
    assert_eq!(columns.iter().map(|column| column.name).collect::<Vec<_>>(), ["id", "type", "match"]);
    let read = |kind: LoadedKind<Vec<Thing>>| (kind.r#impl().len(), kind.into_impl());
    let _ = read;
}
