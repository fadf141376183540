//! A view has no lint for its author but those of the struct itself.
#![deny(warnings, missing_docs, unreachable_pub, missing_debug_implementations, missing_copy_implementations)]
#![deny(rust_2018_idioms, unused_qualifications, single_use_lifetimes, clippy::all, clippy::pedantic, clippy::nursery)]

use relata::prelude::*;
use relata_ui::{Comment, Post};
use serde::Serialize;

/// A card.
#[derive(View, Debug, Clone, PartialEq, Eq, Serialize)]
#[view(Post)]
#[serde(rename_all = "camelCase")]
pub struct Card {
    /// Its title.
    pub title: String,
    /// Its author's name.
    #[view(path = author.name)]
    #[serde(rename = "by")]
    pub author: String,
    /// The last two comments.
    #[view(order_by = id.desc(), limit = 2)]
    pub comments: Vec<Line>,
    /// The number of others.
    #[view(count = comments, filter = body.ne("") & Comment.user_id.is_null())]
    pub anonymous: i64,
}

/// A line of it.
#[derive(View, Debug, Clone, PartialEq, Eq, Serialize)]
#[view(Comment)]
pub struct Line {
    /// The text.
    pub body: String,
}

fn main() {
    assert_eq!(Card::query().plan().statements(), 2);
    let card = Card { title: "a".into(), author: "b".into(), comments: vec![Line { body: "c".into() }], anonymous: 0 };
    let json = serde_json::to_string(&card).expect("plain data");
    assert_eq!(json, r#"{"title":"a","by":"b","comments":[{"body":"c"}],"anonymous":0}"#);
}
