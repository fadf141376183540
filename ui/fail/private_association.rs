//! A `pub` entity whose association entity is not.
use relata::prelude::*;

#[derive(Entity, Clone)]
#[entity(table = "students")]
#[many_to_many(friends: Vec<Student>, through = Friendship, by = (one, other))]
pub struct Student {
    #[key]
    pub id: i32,
}

#[derive(Entity, Clone)]
#[entity(table = "friendships")]
#[belongs_to(one: Student, by = one_id)]
#[belongs_to(other: Student, by = other_id)]
pub(crate) struct Friendship {
    #[key]
    pub(crate) one_id: i32,
    #[key]
    pub(crate) other_id: i32,
}

fn main() {}
