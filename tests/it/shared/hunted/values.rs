//! Hostile values where issue 4 put some: separators, cases, keys of JSON, fragments, cursors.

use std::error::Error as StdError;

use relata::prelude::*;
use relata::{ErrorKind, case, literal, raw, raw_predicate, value};

use serde_json::{Value, json};
use tokio_postgres::types::{FromSql, Type};

use crate::support::World;
use crate::support::blog::{self, Post, User};

/// Texts that would be something else if they were part of the SQL, or of a pattern, or of an array.
const HOSTILE: [&str; 12] =
    ["", "'", "\"", "\\", "\\'", "%", "_", "{}", "$1", "'; DROP TABLE users; --", "NULL", "ä🦀\n\t"];

#[tokio::test]
async fn values_stay_what_they_are() {
    let world = blog::world().await;
    let db = &world.pool;
    for text in HOSTILE {
        let one = User::find(1);
        let told = case(User.id.gt(5), "").otherwise(text);
        let row =
            one.clone().select((told, literal(text.to_owned()), text, User.name.null_if(text), User.name.concat(text)));
        let row = row.one(db).await.unwrap();
        assert_eq!((row.0.as_str(), row.1.as_str(), row.2.as_str()), (text, text, text));
        assert_eq!(row.4, format!("{}{text}", row.3.unwrap()));
        let raw = one.clone().select(raw::<_, String>("{} || '{' || {} || '}'", (text, text))).one(db).await.unwrap();
        assert_eq!(raw.unwrap(), format!("{text}{{{text}}}"));
        let all = User::query().select(User.name.string_agg(text).order_by(User.id.asc())).one(db).await.unwrap();
        let names: Vec<String> = User::query().select(User.name).order_by(User.id.asc()).all(db).await.unwrap();
        assert_eq!(all.unwrap(), names.join(text));
        let found = literal(format!("a{text}b")).contains(text) & User.id.eq(1);
        assert!(User::query().filter(found).exists(db).await.unwrap(), "{text:?}");
        let found = User.name.concat(text).ends_with(text) & raw_predicate("{} = {}", (text, value(text)));
        assert_eq!(User::query().filter(found).count(db).await.unwrap(), 4, "{text:?}");
        let found = User.posts.any(Post.title.eq(text)) | User.posts.count().filter(Post.title.contains(text)).lt(0);
        assert!(!User::query().filter(found).exists(db).await.unwrap());
    }
}

#[tokio::test]
async fn a_nul_byte_is_an_error_and_the_connection_stays() {
    let world = blog::world().await;
    let db = &world.pool;
    let name = "a\0b";
    let errors = [
        User::query().select(User.name.string_agg(name)).all(db).await.map(drop).unwrap_err(),
        User::query().select((User.id, name)).all(db).await.map(drop).unwrap_err(),
        User::query().filter(raw_predicate("{} = {}", (User.name, name))).page(db).await.map(drop).unwrap_err(),
        User::query().filter(User.name.lower().is_in([name])).counted(db).await.map(drop).unwrap_err(),
        User::query().select(case(User.id.gt(1), name).end()).all(db).await.map(drop).unwrap_err(),
    ];
    for error in errors {
        assert_eq!(error.kind(), ErrorKind::Database, "{error:?}");
        assert_eq!(error.sqlstate().map(|code| code.code().to_owned()), Some("22021".to_owned()), "{error:?}");
    }
    assert_eq!(User::query().all(db).await.unwrap().len(), 4);
}

#[tokio::test]
async fn ten_megabytes_are_a_value_and_a_cursor_like_any_other() {
    let world = blog::world().await;
    let db = &world.pool;
    let long = "x".repeat(10_000_000);
    let row = User::find(1).select((long.as_str(), User.name.concat(long.as_str()).length())).one(db).await.unwrap();
    assert_eq!((row.0.len(), row.1), (10_000_000, 10_000_000 + 5));
    let by = User::query().order_by(User.name.concat(long).asc()).limit(3);
    let first = by.page(db).await.unwrap();
    let text = first.next.unwrap().to_string();
    let rest = by.after(text.parse::<relata::Cursor>().unwrap()).page(db).await.unwrap();
    assert_eq!((first.rows.len(), rest.len()), (3, 1));
}

/// A `jsonb`, read by the program's own type.
#[derive(Debug, Clone, PartialEq)]
struct Doc(Value);

impl relata::Json for Doc {}

impl<'a> FromSql<'a> for Doc {
    fn from_sql(_: &Type, raw: &'a [u8]) -> Result<Self, Box<dyn StdError + Sync + Send>> {
        Ok(Doc(serde_json::from_slice(raw.get(1..).unwrap_or_default())?))
    }

    fn accepts(ty: &Type) -> bool {
        *ty == Type::JSONB
    }
}

#[derive(Entity, Debug, Clone)]
#[entity(table = "docs")]
struct Page {
    #[key]
    id: i32,
    doc: Option<Doc>,
}

#[tokio::test]
async fn a_key_of_json_is_any_text() {
    let world =
        World::new("CREATE TABLE docs (id int PRIMARY KEY, doc jsonb); INSERT INTO docs VALUES (1, NULL)").await;
    let db = &world.pool;
    for (at, text) in HOSTILE.into_iter().enumerate() {
        let at = at as i32 + 2;
        let client = db.get().await.unwrap();
        let insert = "INSERT INTO docs VALUES ($1, jsonb_build_object($2::text, jsonb_build_array(1, $2::text, null)))";
        client.execute(insert, &[&at, &text]).await.unwrap();
        let array = Page.doc.json(text);
        let found = (array.clone(), array.clone().json_at(1), array.clone().json_at(-1), Page.doc.json_text(text));
        let found = Page::find(at).select(found).one(db).await.unwrap();
        let expected = json!([1, text, null]);
        assert_eq!(found.0, Some(Doc(expected.clone())));
        assert_eq!((found.1, found.2), (Some(Doc(json!(text))), Some(Doc(json!(null)))));
        assert_eq!(serde_json::from_str::<Value>(&found.3.unwrap()).unwrap(), expected);
        let same = array.is_not_null() & Page.doc.json(format!("{text}x")).is_null();
        assert_eq!(Page::query().filter(same).select(Page.id).all(db).await.unwrap(), [at], "{text:?}");
    }
    let beyond = (Page.doc.json("a").json_at(7), Page.doc.json_text("\u{1F980}"));
    assert!(Page::query().select(beyond).all(db).await.unwrap().iter().all(|row| row.0.is_none() && row.1.is_none()));
}
