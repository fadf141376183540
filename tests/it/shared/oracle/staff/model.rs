//! The entities of the staff.

use relata::prelude::*;
use serde::Serialize;

#[derive(Entity, Debug, Clone, Serialize)]
#[entity(table = "employees")]
#[belongs_to(manager: Option<Employee>, by = manager_id)]
#[has_many(subordinates: Vec<Employee>, by = manager_id)]
#[has_many(seniors: Vec<Employee>, by = manager_id, only = (rank = 2), order_by = (name, id desc))]
#[has_one(deputy: Option<Employee>, by = deputy_of)]
#[belongs_to(principal: Option<Employee>, by = deputy_of)]
#[belongs_to(office: Room, by = room)]
#[has_many(roommates: Vec<Employee>, by = room, references = room)]
#[has_one(stand_in: Option<Employee>, by = deputy_of, references = manager_id)]
#[many_to_many(follows: Vec<Employee>, through = Follow, by = (follower, followed))]
#[many_to_many(followers: Vec<Employee>, through = Follow, by = (followed, follower))]
#[many_to_many(likes: Vec<Employee>, through = "likes", by = (from_id, to_id))]
#[many_to_many(loves: Vec<Employee>, through = "likes", by = (from_id, to_id), through_only = (loud = true),
    only = (deputy_of = None))]
pub struct Employee {
    #[key]
    pub id: i64,
    pub name: String,
    pub rank: i32,
    pub manager_id: Option<i32>,
    pub deputy_of: Option<i64>,
    pub room: i32,
}

#[derive(Entity, Debug, Clone, Serialize)]
#[entity(table = "follows")]
#[belongs_to(follower: Employee, by = follower_id)]
#[belongs_to(followed: Employee, by = followed_id)]
pub struct Follow {
    #[key]
    pub follower_id: i32,
    #[key]
    pub followed_id: i32,
    pub since: Option<i32>,
}

#[derive(Entity, Debug, Clone, Serialize)]
#[entity(table = "rooms")]
#[has_many(people: Vec<Employee>, by = room)]
pub struct Room {
    #[key]
    pub number: i16,
    pub floor: Option<String>,
}
