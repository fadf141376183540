//! What can be said of the staff: relations of an entity to itself, over keys of other width.

use std::rc::Rc;

use relata::outer;

use super::super::asked::Table;
use super::super::staff::about::{
    DEPUTY, EMPLOYEES, FOLLOW_FOLLOWED, FOLLOW_FOLLOWER, FOLLOWED, FOLLOWERS, FOLLOWS, LIKES, LOVES, MANAGER, OFFICE,
    PEOPLE, PRINCIPAL, ROOMMATES, ROOMS, SENIORS, STAND_IN, SUBORDINATES,
};
use super::super::staff::model::{Employee, Follow, Room};
use super::across::{path, path_to_one};
use super::catalog::{Asked, Catalog, Chosen};
use super::meaning::{At, Meaning};
use super::shapes::{self, Shaped};
use super::term::{Term, null, term};
use super::tuple::{Tuple, tuple};
use super::values::Val;
use super::within::{self, Within};

/// What queries around lend.
fn lent<I: Asked>(table: &'static str) -> Vec<Term<I>> {
    match table {
        "employees" => {
            let at = At::root(&EMPLOYEES);
            vec![
                term(outer(Employee.id), at.outer("id")),
                term(outer(Employee.manager.rank), at.to(&MANAGER).outer("rank")),
                term(outer(Employee.name), at.outer("name")),
            ]
        }
        "rooms" => vec![term(outer(Room.floor), At::root(&ROOMS).outer("floor"))],
        _ => Vec::new(),
    }
}

/// What queries within others start from.
fn inner<E: Asked>() -> Vec<Rc<dyn Within<E>>> {
    vec![within::of::<E, Employee>(), within::of::<E, Room>(), within::of::<E, Follow>()]
}

macro_rules! employee {
    ($in:expr, $at:expr) => {{
        let at: &At = &$at;
        vec![
            term($in.id, at.col("id")),
            term($in.name, at.col("name")),
            term($in.rank, at.col("rank")),
            null!($in.manager_id, at.col("manager_id")),
            null!($in.manager.name, at.to(&MANAGER).col("name")),
        ]
    }};
}

impl Asked for Employee {
    const ABOUT: &'static Table = &EMPLOYEES;
    const LINES: usize = 8;

    fn catalog(line: Option<usize>) -> Catalog<Self> {
        let at = At::root(&EMPLOYEES);
        let (above, principal) = (at.to(&MANAGER).to(&MANAGER), at.to(&PRINCIPAL));
        let mut terms = employee!(Employee, at);
        terms.extend([
            null!(Employee.deputy_of, at.col("deputy_of")),
            term(Employee.room, at.col("room")),
            null!(Employee.manager.manager.rank, above.col("rank")),
            null!(Employee.principal.manager_id, principal.col("manager_id")),
            null!(Employee.office.floor, at.to(&OFFICE).col("floor")),
            term(Employee.rank + Employee.room, at.col("rank").plus(&at.col("room"))),
            term(Employee.manager.rank.or(7), at.to(&MANAGER).col("rank").or(&Meaning::constant(Val::Int(7)))),
        ]);
        let mut all = Catalog::new(terms, 1);
        all.paths = vec![
            path(Employee.subordinates, &at, [&SUBORDINATES]),
            path(Employee.seniors, &at, [&SENIORS]),
            path(Employee.follows, &at, [&FOLLOWED]),
            path(Employee.likes, &at, [&LIKES]),
            path(Employee.loves, &at, [&LOVES]),
            path(Employee.roommates, &at, [&ROOMMATES]),
            path_to_one(Employee.manager, &at, [&MANAGER]),
            path_to_one(Employee.deputy, &at, [&DEPUTY]),
            path_to_one(Employee.stand_in, &at, [&STAND_IN]),
            path(Employee.follows.followers, &at, [&FOLLOWED, &FOLLOWERS]),
            path(Employee.likes.loves, &at, [&LIKES, &LOVES]),
            path(Employee.manager.subordinates, &at.to(&MANAGER), [&SUBORDINATES]),
            path_to_one(Employee.manager.principal, &at.to(&MANAGER), [&PRINCIPAL]),
            path(Employee.subordinates.office.people, &at, [&SUBORDINATES, &OFFICE, &PEOPLE]),
        ];
        all.entities = vec![
            Chosen::entity::<Employee, _>(Employee, &at),
            Chosen::entity::<Employee, _>(Employee.manager.manager, &above),
            Chosen::entity::<Room, _>(Employee.office, &at.to(&OFFICE)),
        ];
        macro_rules! to_employee {
            ($each:expr, $from:expr, $relation:ident $(, $or_null:literal)?) => {{
                let step = all.step($from, &$relation, false $(|| $or_null)?);
                all.behind(employee!($each, step), 1);
                all.entities.push(Chosen::entity::<Employee, _>($each, &step));
                step
            }};
        }
        match line {
            None => {}
            Some(0) => {
                let step = to_employee!(Employee.subordinates.each(), &at, SUBORDINATES);
                let below = Employee.subordinates.each().subordinates.each_or_null();
                to_employee!(below, &step, SUBORDINATES, true);
                all.paths.push(path(below.likes, &At::step(2, &EMPLOYEES, "below"), [&LIKES]));
            }
            Some(1) => {
                let seniors = Employee.seniors.each_or_null();
                let step = to_employee!(seniors, &at, SENIORS, true);
                all.paths.push(path(seniors.manager.follows, &step.to(&MANAGER), [&FOLLOWED]));
            }
            Some(2) => {
                let step = to_employee!(Employee.likes.each_or_null(), &at, LIKES, true);
                to_employee!(Employee.likes.each_or_null().likes.each(), &step, LIKES);
            }
            Some(3) => {
                let step = to_employee!(Employee.follows.each(), &at, FOLLOWED);
                all.paths.push(path_to_one(Employee.follows.each().deputy, &step, [&DEPUTY]));
            }
            Some(4) => drop(to_employee!(Employee.loves.each_or_null(), &at, LOVES, true)),
            Some(5) => {
                let boss = at.to(&MANAGER);
                to_employee!(Employee.manager.subordinates.each_or_null(), &boss, SUBORDINATES, true);
            }
            Some(6) => {
                to_employee!(Employee.roommates.each(), &at, ROOMMATES);
                to_employee!(Employee.roommates.alias::<'b'>().each(), &at, ROOMMATES);
            }
            _ => {
                to_employee!(Employee.follows.each_or_null(), &at, FOLLOWED, true);
                to_employee!(Employee.follows.alias::<'f'>().each_or_null(), &at, FOLLOWED, true);
            }
        }
        all
    }

    fn tuples() -> Vec<Rc<dyn Tuple<Self>>> {
        let at = At::root(&EMPLOYEES);
        let step = At::step(1, &EMPLOYEES, "likes.each_or_null()");
        let liked = Employee.likes.each_or_null();
        vec![
            tuple(
                None,
                (Employee.id, Employee.manager, Employee.manager.name, Employee.principal.room),
                [at.col("id"), at.to(&MANAGER).entity(), at.to(&MANAGER).col("name"), at.to(&PRINCIPAL).col("room")],
            ),
            tuple(
                Some(2),
                (liked, Employee.name, liked.manager.name, liked.rank),
                [step.entity(), at.col("name"), step.to(&MANAGER).col("name"), step.col("rank")],
            ),
        ]
    }

    fn shapes() -> Vec<Shaped<Self>> {
        shapes::of_employee()
    }

    fn lent(table: &'static str) -> Vec<Term<Self>> {
        lent(table)
    }

    fn inner() -> Vec<Rc<dyn Within<Self>>> {
        inner()
    }
}

impl Asked for Follow {
    const ABOUT: &'static Table = &FOLLOWS;

    fn catalog(_: Option<usize>) -> Catalog<Self> {
        let at = At::root(&FOLLOWS);
        let (follower, followed) = (at.to(&FOLLOW_FOLLOWER), at.to(&FOLLOW_FOLLOWED));
        let terms = vec![
            term(Follow.follower_id, at.col("follower_id")),
            term(Follow.followed_id, at.col("followed_id")),
            null!(Follow.since, at.col("since")),
            term(Follow.follower.name, follower.col("name")),
            null!(Follow.followed.manager.rank, followed.to(&MANAGER).col("rank")),
        ];
        let mut all = Catalog::new(terms, 2);
        all.entities = vec![
            Chosen::entity::<Follow, _>(Follow, &at),
            Chosen::entity::<Employee, _>(Follow.followed.manager, &followed.to(&MANAGER)),
        ];
        all.paths = vec![
            path(Follow.follower.likes, &follower, [&LIKES]),
            path(Follow.followed, &at, [&FOLLOW_FOLLOWED]),
            path(Follow.followed.follows, &at, [&FOLLOW_FOLLOWED, &FOLLOWED]),
        ];
        all
    }

    fn lent(table: &'static str) -> Vec<Term<Self>> {
        lent(table)
    }

    fn inner() -> Vec<Rc<dyn Within<Self>>> {
        inner()
    }
}

impl Asked for Room {
    const ABOUT: &'static Table = &ROOMS;
    const LINES: usize = 2;

    fn catalog(line: Option<usize>) -> Catalog<Self> {
        let at = At::root(&ROOMS);
        let terms = vec![term(Room.number, at.col("number")), null!(Room.floor, at.col("floor"))];
        let mut all = Catalog::new(terms, 1);
        all.entities = vec![Chosen::entity::<Room, _>(Room, &at)];
        all.paths = vec![
            path(Room.people, &at, [&PEOPLE]),
            path(Room.people.manager, &at, [&PEOPLE, &MANAGER]),
            path(Room.people.loves, &at, [&PEOPLE, &LOVES]),
        ];
        match line {
            None => {}
            Some(0) => {
                let step = all.step(&at, &PEOPLE, true);
                let people = Room.people.each_or_null();
                all.behind(employee!(people, step), 1);
                all.entities.push(Chosen::entity::<Employee, _>(people.manager, &step.to(&MANAGER)));
                all.paths.push(path(people.subordinates, &step, [&SUBORDINATES]));
            }
            _ => {
                let step = all.step(&at, &PEOPLE, false);
                let people = Room.people.each();
                all.behind(employee!(people, step), 1);
                let below = all.step(&step.to(&MANAGER), &FOLLOWERS, true);
                all.behind(employee!(people.manager.followers.each_or_null(), below), 1);
            }
        }
        all
    }

    fn shapes() -> Vec<Shaped<Self>> {
        shapes::of_room()
    }

    fn lent(table: &'static str) -> Vec<Term<Self>> {
        lent(table)
    }

    fn inner() -> Vec<Rc<dyn Within<Self>>> {
        inner()
    }
}
