//! Conditions and an order that are part of a relation, and keys that the database compares.
#![deny(warnings)]
use relata::entity::{Entity as _, Relation};
use relata::prelude::*;
use relata::schema::{Compare, Condition, Constant, RelationDef};

/// Stands for a type that is an enum in the database.
type Status = String;

#[derive(Entity, Debug, Clone, PartialEq)]
#[entity(table = "users")]
#[has_many(
    posts: Vec<Post>,
    by = user_id,
    only = (published = true, stars = -1, r#type = "news", deleted_at = None, status = "a 'b' \\"),
    order_by = (stars desc, id asc, title)
)]
#[has_many(drafts: Vec<Post>, by = user_id, only = (published = false), order_by = stars desc)]
#[has_one(pinned: Option<Post>, by = user_id, only = (pinned = 9_000_000_000))]
#[many_to_many(
    tags: Vec<Tag>,
    through = "taggings",
    by = (user_id, tag_id),
    only = (number = 0x10),
    through_only = (kind = "user", active = true, level = 3, left_at = None),
    order_by = (number)
)]
struct User {
    #[key]
    id: i32,
}

#[derive(Entity, Debug, Clone, PartialEq)]
#[entity(table = "posts")]
#[belongs_to(author: Option<User>, by = user_id, only = (id = 1))]
struct Post {
    #[key]
    id: i32,
    user_id: i32,
    title: String,
    published: bool,
    stars: i16,
    pinned: Option<i64>,
    status: Option<Status>,
    #[column(name = "kind")]
    r#type: String,
    deleted_at: Option<std::time::SystemTime>,
}

#[derive(Entity, Debug, Clone, PartialEq)]
#[entity(table = "tags")]
struct Tag {
    #[key]
    number: u32,
}

#[derive(Embed, Debug, Clone, PartialEq)]
struct Range {
    low: Option<f32>,
    #[column(compare = client)]
    high: std::primitive::f64,
}

#[derive(Entity, Debug, Clone, PartialEq)]
#[entity(table = "measures")]
struct Measure {
    #[key]
    #[column(compare = database)]
    id: i32,
    #[column(embed)]
    range: Range,
    rate: f64,
    #[column(sql_type = "NUMERIC (10, 2)")]
    price: String,
    #[column(sql_type = "public.citext")]
    nick: Option<String>,
    #[column(sql_type = "citext", compare = client)]
    code: String,
    #[column(sql_type = "double precision")]
    width: String,
    #[column(sql_type = "time(3) with time zone")]
    at: String,
    #[column(sql_type = "timestamp with time zone")]
    on: std::time::SystemTime,
    #[column(sql_type = "text")]
    name: String,
    list: Vec<f64>,
}

fn conditions(all: &'static [Condition]) -> Vec<(&'static str, Constant)> {
    all.iter().map(|one| (one.column.name, one.equals)).collect()
}

fn order(def: &'static RelationDef) -> Vec<(&'static str, bool)> {
    def.order.iter().map(|one| (one.column.name, one.descending)).collect()
}

fn main() {
    use Constant::{Bool, Integer, Null, Text};
    let posts = [
        ("published", Bool(true)),
        ("stars", Integer(-1)),
        ("kind", Text("news")),
        ("deleted_at", Null),
        ("status", Text("a 'b' \\")),
    ];
    assert_eq!(conditions(User_posts::DEF.only), posts);
    assert_eq!(order(User_posts::DEF), [("stars", true), ("id", false), ("title", false)]);
    assert_eq!(order(User_drafts::DEF), [("stars", true)]);
    assert_eq!(conditions(User_pinned::DEF.only), [("pinned", Integer(9_000_000_000))]);
    assert_eq!(conditions(Post_author::DEF.only), [("id", Integer(1))]);
    assert_eq!(conditions(User_tags::DEF.only), [("number", Integer(16))]);
    assert_eq!(order(User_tags::DEF), [("number", false)]);
    let through = [("kind", Text("user")), ("active", Bool(true)), ("level", Integer(3)), ("left_at", Null)];
    assert_eq!(conditions(User_tags::DEF.association().unwrap().only), through);

    let compared: Vec<_> = Measure::TABLE
        .columns
        .iter()
        .filter(|column| column.compare == Compare::Database)
        .map(|column| column.name)
        .collect();
    assert_eq!(compared, ["id", "low", "rate", "price", "nick", "width", "at"]);
}
