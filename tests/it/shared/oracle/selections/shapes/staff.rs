//! The shapes of the staff's rows.

use relata::prelude::*;
use serde::Serialize;

use super::super::super::staff::about::{EMPLOYEES, FOLLOWED, LIKES, MANAGER, PEOPLE, ROOMS, SUBORDINATES};
use super::super::super::staff::model::{Employee, Room};
use super::super::by::Fold;
use super::{ALL, Fields, Shaped, along, entity, fold, many, maybe, shaped, view};

#[derive(View, Serialize)]
#[view(Employee)]
struct Person {
    rank: i32,
    #[view(path = manager.manager.name)]
    above: Option<String>,
    #[view(count = likes.follows)]
    likes: i64,
    #[view(joined)]
    manager: Option<Junior>,
    #[view(order_by = (rank.desc(), id), limit = 2, window)]
    subordinates: Vec<Junior>,
    #[view(relation = follows, order_by = name.desc(), offset = 1)]
    followed: Vec<Named>,
}

#[derive(View, Serialize)]
#[view(Employee)]
struct Junior {
    name: String,
    #[view(sum = subordinates.rank)]
    sum: Option<i64>,
    #[view(joined, relation = subordinates, order_by = id.desc())]
    below: Vec<Employee>,
}

#[derive(View, Serialize)]
#[view(Employee)]
struct Named {
    name: String,
    id: i64,
}

#[derive(View, Serialize)]
#[view(Room)]
struct Floor {
    floor: Option<String>,
    #[view(min = people.manager.rank)]
    rank: Option<i32>,
    #[view(joined, order_by = (name, id))]
    people: Vec<Junior>,
}

fn junior() -> Fields {
    view(&EMPLOYEES)
        .columns(["name"])
        .field("sum", fold(Fold::Sum, [&SUBORDINATES], "rank", None))
        .field("below", many(&SUBORDINATES, [("id", true)], ALL, entity(&EMPLOYEES)))
}

fn person() -> Fields {
    let named = view(&EMPLOYEES).columns(["name", "id"]);
    view(&EMPLOYEES)
        .columns(["rank"])
        .field("above", along([&MANAGER, &MANAGER], "name"))
        .field("likes", fold(Fold::Rows, [&LIKES, &FOLLOWED], "id", None))
        .field("manager", maybe(&MANAGER, junior()))
        .field("subordinates", many(&SUBORDINATES, [("rank", true), ("id", false)], [0, 2], junior()))
        .field("followed", many(&FOLLOWED, [("name", true), ("id", false)], [1, usize::MAX], named))
}

pub fn of_employee() -> Vec<Shaped<Employee>> {
    let manager = entity(&EMPLOYEES).field("likes", many(&LIKES, [("id", true)], [0, 2], junior()));
    shaped! {
        |query| query.view::<Person>() => person();
        |query| query.with(Employee.manager.with(Employee.likes.order_by(Employee.id.desc()).limit(2).view::<Junior>()))
            => entity(&EMPLOYEES).field("manager", maybe(&MANAGER, manager.clone()));
        |query| query
            .with(Employee.subordinates.order_by(Employee.id.asc()).joined())
            .with(Employee.follows.order_by(Employee.id.desc()).select_in())
            => entity(&EMPLOYEES)
                .field("subordinates", many(&SUBORDINATES, [("id", false)], ALL, entity(&EMPLOYEES)))
                .field("follows", many(&FOLLOWED, [("id", true)], ALL, entity(&EMPLOYEES)));
    }
}

pub fn of_room() -> Vec<Shaped<Room>> {
    let floor = || {
        view(&ROOMS)
            .columns(["floor"])
            .field("rank", fold(Fold::Min, [&PEOPLE, &MANAGER], "rank", None))
            .field("people", many(&PEOPLE, [("name", false), ("id", false)], ALL, junior()))
    };
    shaped! {
        |query| query.view::<Floor>() => floor();
        |query| query.with(Room.people.order_by(Employee.id.asc()).view::<Person>())
            => entity(&ROOMS).field("people", many(&PEOPLE, [("id", false)], ALL, person()));
    }
}
