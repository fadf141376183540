//! The staff in SQL: its tables, its relations, and what is asked of its rows.

use proptest::prelude::*;

use super::super::asked::{Link, Reach, Relation, Sort, Table};
use super::super::sides::{Both, Quantifier, erased, joined, quantifier, quote, sorted, text};
use super::model::{Employee, Follow, Room};

pub static EMPLOYEES: Table = Table {
    entity: "Employee",
    name: "employees",
    key: &["id"],
    filter: |depth| erased(joined(of_employee(depth))),
    sort: by_employee,
};
pub static FOLLOWS: Table = Table {
    entity: "Follow",
    name: "follows",
    key: &["follower_id", "followed_id"],
    filter: |_| erased(joined(of_follow())),
    sort: by_follow,
};
pub static ROOMS: Table =
    Table { entity: "Room", name: "rooms", key: &["number"], filter: |_| erased(joined(of_room())), sort: by_room };

const fn to(name: &'static str, reach: Reach, from: &'static [&'static str], link: &'static str) -> Relation {
    let (source, target) = (&EMPLOYEES, &EMPLOYEES);
    Relation { name, reach, source, target, from, link: Link::Direct(link), only: None, order: &[] }
}

const fn through(
    name: &'static str,
    table: &'static str,
    near: &'static str,
    far: &'static str,
    only: Option<&'static str>,
    entity: Option<&'static Table>,
) -> Relation {
    let link = Link::Through { table, near, far, only, entity };
    Relation { link, ..to(name, Reach::Many, &["id"], "") }
}

pub static MANAGER: Relation = to("manager", Reach::Maybe, &["manager_id"], "{t}.id = {p}.manager_id");
pub static SUBORDINATES: Relation = to("subordinates", Reach::Many, &["id"], "{t}.manager_id = {p}.id");
pub static SENIORS: Relation = Relation {
    only: Some("{t}.rank = 2"),
    order: &[("{t}.name", ""), ("{t}.id", "DESC")],
    ..to("seniors", Reach::Many, &["id"], "{t}.manager_id = {p}.id")
};
pub static DEPUTY: Relation = to("deputy", Reach::Maybe, &["id"], "{t}.deputy_of = {p}.id");
pub static PRINCIPAL: Relation = to("principal", Reach::Maybe, &["deputy_of"], "{t}.id = {p}.deputy_of");
pub static OFFICE: Relation =
    Relation { target: &ROOMS, ..to("office", Reach::Promised, &["room"], "{t}.number = {p}.room") };
pub static PEOPLE: Relation =
    Relation { source: &ROOMS, ..to("people", Reach::Many, &["number"], "{t}.room = {p}.number") };
pub static ROOMMATES: Relation = to("roommates", Reach::Many, &["room"], "{t}.room = {p}.room");
pub static STAND_IN: Relation = to("stand_in", Reach::Maybe, &["manager_id"], "{t}.deputy_of = {p}.manager_id");
pub static FOLLOWED: Relation =
    through("follows", "follows", "{a}.follower_id = {p}.id", "{a}.followed_id = {t}.id", None, Some(&FOLLOWS));
pub static FOLLOWERS: Relation =
    through("followers", "follows", "{a}.followed_id = {p}.id", "{a}.follower_id = {t}.id", None, Some(&FOLLOWS));
pub static LIKES: Relation = through("likes", "likes", "{a}.from_id = {p}.id", "{a}.to_id = {t}.id", None, None);
pub static LOVES: Relation = Relation {
    only: Some("{t}.deputy_of IS NULL"),
    ..through("loves", "likes", "{a}.from_id = {p}.id", "{a}.to_id = {t}.id", Some("{a}.loud"), None)
};
pub static FOLLOW_FOLLOWER: Relation =
    Relation { source: &FOLLOWS, ..to("follower", Reach::Promised, &["follower_id"], "{t}.id = {p}.follower_id") };
pub static FOLLOW_FOLLOWED: Relation =
    Relation { source: &FOLLOWS, ..to("followed", Reach::Promised, &["followed_id"], "{t}.id = {p}.followed_id") };

const MANAGER_NAME: &str = "(SELECT one.name FROM employees one WHERE one.id = @.manager_id)";
const MANAGERS_RANK: &str = "(SELECT two.rank FROM employees one, employees two
    WHERE one.id = @.manager_id AND two.id = one.manager_id)";

fn of_employee(depth: u32) -> BoxedStrategy<Both<Employee>> {
    let own = prop_oneof![
        text().prop_map(|name| Both::new(Employee.name.lt(&name), format!("@.name < {}", quote(&name)))),
        (0..3_i32).prop_map(|rank| Both::new(Employee.rank.eq(rank), format!("@.rank = {rank}"))),
        text().prop_map(|name| {
            Both::new(Employee.manager.name.eq(&name), format!("{MANAGER_NAME} = {}", quote(&name)))
        }),
        (0..3_i32).prop_map(|rank| {
            Both::new(Employee.manager.manager.rank.ge(rank), format!("{MANAGERS_RANK} >= {rank}"))
        }),
        Just(Both::new(Employee.manager.name.is_null(), format!("{MANAGER_NAME} IS NULL"))),
        Just(Both::new(Employee.name.eq(Employee.manager.name), format!("@.name = {MANAGER_NAME}"))),
    ];
    if depth == 0 {
        return own.boxed();
    }
    let others = (quantifier(), 0..6, joined(of_employee(depth - 1))).prop_map(|(of, which, condition)| {
        let inner = condition.predicate();
        macro_rules! of {
            ($relation:expr) => {
                match of {
                    Quantifier::Any => $relation.any(inner),
                    Quantifier::None => $relation.none(inner),
                    Quantifier::Every => $relation.every(inner),
                }
            };
        }
        let (predicate, path): (_, &[&Relation]) = match which {
            0 => (of!(Employee.subordinates), &[&SUBORDINATES]),
            1 => (of!(Employee.seniors), &[&SENIORS]),
            2 => (of!(Employee.follows), &[&FOLLOWED]),
            3 => (of!(Employee.follows.followers), &[&FOLLOWED, &FOLLOWERS]),
            4 => (of!(Employee.loves), &[&LOVES]),
            _ => (of!(Employee.manager.subordinates), &[&MANAGER, &SUBORDINATES]),
        };
        Both::counted(predicate, path, of, &condition)
    });
    prop_oneof![3 => own, 2 => others].boxed()
}

fn of_follow() -> BoxedStrategy<Both<Follow>> {
    let name = "(SELECT one.name FROM employees one WHERE one.id = @.follower_id)";
    prop_oneof![
        (2000..2003_i32).prop_map(|year| Both::new(Follow.since.ge(year), format!("@.since >= {year}"))),
        Just(Both::new(Follow.since.is_null(), "@.since IS NULL")),
        text().prop_map(move |text| Both::new(Follow.follower.name.ne(&text), format!("{name} <> {}", quote(&text)))),
    ]
    .boxed()
}

fn of_room() -> BoxedStrategy<Both<Room>> {
    prop_oneof![
        (0..4_i16).prop_map(|number| Both::new(Room.number.lt(number), format!("@.number < {number}"))),
        Just(Both::new(Room.floor.is_null(), "@.floor IS NULL")),
    ]
    .boxed()
}

fn by_employee() -> BoxedStrategy<Sort> {
    sorted(vec![
        (Employee.name.asc(), Employee.name.desc(), "@.name"),
        (Employee.rank.asc(), Employee.rank.desc(), "@.rank"),
        (Employee.id.asc(), Employee.id.desc(), "@.id"),
        (Employee.manager.name.asc(), Employee.manager.name.desc(), MANAGER_NAME),
        (Employee.manager.manager.rank.asc(), Employee.manager.manager.rank.desc(), MANAGERS_RANK),
    ])
}

fn by_follow() -> BoxedStrategy<Sort> {
    let rank = "(SELECT one.rank FROM employees one WHERE one.id = @.followed_id)";
    sorted(vec![
        (Follow.since.asc(), Follow.since.desc(), "@.since"),
        (Follow.followed.rank.asc(), Follow.followed.rank.desc(), rank),
    ])
}

fn by_room() -> BoxedStrategy<Sort> {
    sorted(vec![(Room.floor.asc(), Room.floor.desc(), "@.floor")])
}
