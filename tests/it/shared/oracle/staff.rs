//! Employees: relations of an entity to itself, one row, several rows and many-to-many, over keys of other width.
//!
//! The key is an `int8`; what refers to it is an `int4`, or the other way round.

pub mod model;
pub mod about;
mod query;

use proptest::collection::{btree_map, btree_set, vec};
use proptest::option;
use proptest::prelude::*;
use serde_json::json;

use super::case::Data;
use super::sides::{some, text};

pub use query::SKELETONS;

pub const TABLES: &str = "
CREATE TABLE employees (id bigint PRIMARY KEY, name text NOT NULL, rank int NOT NULL, manager_id int,
    deputy_of bigint, room int NOT NULL);
CREATE TABLE follows (follower_id int, followed_id int, since int, PRIMARY KEY (follower_id, followed_id));
CREATE TABLE likes (to_id bigint, from_id int, loud bool NOT NULL);
CREATE TABLE rooms (number smallint PRIMARY KEY, floor text);
";

/// Beyond an `int4`, so that no `int4` is equal to it.
const FAR: i64 = 5_000_000_000;

/// Managers are anybody, also the employee himself, somebody below, or nobody who is there.
pub fn data() -> BoxedStrategy<Data> {
    let id = || prop_oneof![8 => 1..12_i64, 1 => Just(FAR)];
    let near = || 1..12_i32;
    let employee = || (text(), 0..3_i32, option::weighted(0.8, near()), option::weighted(0.4, id()), 0..4_i32);
    (
        some(12, |size| btree_map(id(), employee(), size)),
        some(36, |size| btree_map((near(), near()), option::of(2000..2003_i32), size)),
        some(30, |size| vec((id(), near(), any::<bool>()), size)),
        (btree_set(0..4_i16, 0..4), option::of(text())),
        // Now and then an office is not there, and two are the deputies of one.
        (prop::bool::weighted(0.2), prop::bool::weighted(0.25)),
    )
        .prop_map(|(employees, follows, likes, (some, floor), (loose, double))| {
            let mut deputies = Vec::new();
            let employees = employees.into_iter().map(|(id, (name, rank, manager, deputy_of, room))| {
                let deputy_of = deputy_of.filter(|of| double || !deputies.contains(of));
                deputies.extend(deputy_of);
                json!({
                    "id": id, "name": name, "rank": rank, "manager_id": manager, "deputy_of": deputy_of, "room": room,
                })
            });
            let follow = |((one, other), since)| json!({"follower_id": one, "followed_id": other, "since": since});
            let like = |(to, from, loud)| json!({"to_id": to, "from_id": from, "loud": loud});
            let rooms = (0..4).filter(|number| !loose || some.contains(number));
            Data(vec![
                ("employees", employees.collect()),
                ("follows", follows.into_iter().map(follow).collect()),
                ("likes", likes.into_iter().map(like).collect()),
                ("rooms", rooms.map(|number| json!({"number": number, "floor": floor})).collect()),
            ])
        })
        .boxed()
}
