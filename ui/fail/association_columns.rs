//! A bare association table has a column for each of the target's key.
use relata::prelude::*;

#[derive(Entity, Clone)]
#[entity(table = "students")]
#[many_to_many(clubs: Vec<Club>, through = "members", by = (student_id, club_id))]
#[many_to_many(friends: Vec<Student>, through = "friends", by = (one_id, (other_id, since)))]
struct Student {
    #[key]
    id: i32,
}

#[derive(Entity, Clone)]
#[entity(table = "clubs")]
struct Club {
    #[key]
    country: i32,
    #[key]
    number: i32,
}

fn main() {}
