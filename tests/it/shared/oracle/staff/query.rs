//! The queries of the staff: every load that a tree can ask for.

use proptest::prelude::*;
use relata::prelude::*;

use super::super::asked::{Find, Given, Site, Skeleton, Tree};
use super::super::sides::found;
use super::super::typed::{Runs, Told, below, given, many, one, root, site, through};
use super::FAR;
use super::about::{
    DEPUTY, EMPLOYEES, FOLLOWED, FOLLOWERS, LIKES, LOVES, MANAGER, OFFICE, PEOPLE, PRINCIPAL, ROOMMATES, ROOMS,
    SENIORS, STAND_IN, SUBORDINATES,
};
use super::model::{Employee, Room};

pub static SKELETONS: &[Skeleton] = &[
    Skeleton {
        table: &EMPLOYEES,
        find: find_employee,
        query: chains,
        sites: &[
            site!(If MANAGER site!(If MANAGER site!(If SUBORDINATES))),
            site!(If SUBORDINATES site!(If SUBORDINATES site!(If MANAGER), site!(If LIKES)), site!(If DEPUTY)),
            site!(If DEPUTY site!(If PRINCIPAL site!(If SENIORS))),
            site!(Promised OFFICE site!(If PEOPLE)),
            site!(If STAND_IN site!(If SENIORS)),
        ],
    },
    Skeleton {
        table: &EMPLOYEES,
        find: find_employee,
        query: networks,
        sites: &[
            site!(If SENIORS site!(If FOLLOWED site!(Promised OFFICE site!(If PEOPLE)))),
            site!(If FOLLOWED site!(If FOLLOWERS site!(If MANAGER)), site!(If DEPUTY)),
            site!(If LIKES site!(If LIKES site!(If LOVES)), site!(If PRINCIPAL)),
            site!(If LOVES site!(If SUBORDINATES)),
            site!(If ROOMMATES site!(If STAND_IN), site!(If ROOMMATES)),
        ],
    },
    Skeleton {
        table: &ROOMS,
        find: || (0..4_i16).prop_map(|number| found(Room::find(number), format!("@.number = {number}"))).boxed(),
        query: matching,
        sites: &[site!(Always PEOPLE
            site!(Always MANAGER site!(Always MANAGER), site!(If DEPUTY)),
            site!(Always FOLLOWED site!(Always LOVES)))],
    },
];

fn find_employee() -> BoxedStrategy<Find> {
    let id = prop_oneof![8 => 1..12_i64, 1 => Just(FAR)];
    id.prop_map(|id| found(Employee::find(id), format!("@.id = {id}"))).boxed()
}

fn chains(tree: &Tree) -> Box<dyn Runs> {
    let manager = tree.rows.load("manager");
    let above = below(manager, "manager");
    let their = below(above, "subordinates");
    let subordinates = tree.rows.load("subordinates");
    let (more, vice) = (below(subordinates, "subordinates"), below(subordinates, "deputy"));
    let (back, likes) = (below(more, "manager"), below(more, "likes"));
    let deputy = tree.rows.load("deputy");
    let principal = below(deputy, "principal");
    let seniors = below(principal, "seniors");
    let office = tree.rows.load("office");
    let people = below(office, "people");
    let stand_in = tree.rows.load("stand_in");
    let their_seniors = below(stand_in, "seniors");
    let query = root::<Employee>(tree)
        .with_if(
            manager.is_some(),
            one(Employee.manager, manager).with_if(
                above.is_some(),
                one(Employee.manager, above).with_if(their.is_some(), many(Employee.subordinates, their)),
            ),
        )
        .with_if(
            subordinates.is_some(),
            many(Employee.subordinates, subordinates)
                .with_if(
                    more.is_some(),
                    many(Employee.subordinates, more)
                        .with_if(back.is_some(), one(Employee.manager, back))
                        .with_if(likes.is_some(), many(Employee.likes, likes)),
                )
                .with_if(vice.is_some(), one(Employee.deputy, vice)),
        )
        .with_if(
            deputy.is_some(),
            one(Employee.deputy, deputy).with_if(
                principal.is_some(),
                one(Employee.principal, principal).with_if(seniors.is_some(), many(Employee.seniors, seniors)),
            ),
        )
        .with_if(office.is_some(), Employee.office.with_if(people.is_some(), many(Room.people, people)).told(office))
        .with_if(
            stand_in.is_some(),
            one(Employee.stand_in, stand_in).with_if(their_seniors.is_some(), many(Employee.seniors, their_seniors)),
        );
    Box::new(query)
}

fn networks(tree: &Tree) -> Box<dyn Runs> {
    let seniors = tree.rows.load("seniors");
    let seniors_follow = below(seniors, "follows");
    let office = below(seniors_follow, "office");
    let people = below(office, "people");
    let follows = tree.rows.load("follows");
    let (followers, deputy) = (below(follows, "followers"), below(follows, "deputy"));
    let manager = below(followers, "manager");
    let likes = tree.rows.load("likes");
    let (liked, principal) = (below(likes, "likes"), below(likes, "principal"));
    let loved = below(liked, "loves");
    let loves = tree.rows.load("loves");
    let subordinates = below(loves, "subordinates");
    let roommates = tree.rows.load("roommates");
    let (stand_in, others) = (below(roommates, "stand_in"), below(roommates, "roommates"));
    let query = root::<Employee>(tree)
        .with_if(
            seniors.is_some(),
            many(Employee.seniors, seniors).with_if(
                seniors_follow.is_some(),
                through(Employee.follows, seniors_follow).with_if(
                    office.is_some(),
                    Employee.office.with_if(people.is_some(), many(Room.people, people)).told(office),
                ),
            ),
        )
        .with_if(
            follows.is_some(),
            through(Employee.follows, follows)
                .with_if(
                    followers.is_some(),
                    through(Employee.followers, followers).with_if(manager.is_some(), one(Employee.manager, manager)),
                )
                .with_if(deputy.is_some(), one(Employee.deputy, deputy)),
        )
        .with_if(
            likes.is_some(),
            many(Employee.likes, likes)
                .with_if(
                    liked.is_some(),
                    many(Employee.likes, liked).with_if(loved.is_some(), many(Employee.loves, loved)),
                )
                .with_if(principal.is_some(), one(Employee.principal, principal)),
        )
        .with_if(
            loves.is_some(),
            many(Employee.loves, loves).with_if(subordinates.is_some(), many(Employee.subordinates, subordinates)),
        )
        .with_if(
            roommates.is_some(),
            many(Employee.roommates, roommates)
                .with_if(stand_in.is_some(), one(Employee.stand_in, stand_in))
                .with_if(others.is_some(), many(Employee.roommates, others)),
        );
    Box::new(query)
}

fn matching(tree: &Tree) -> Box<dyn Runs> {
    let people = tree.rows.load("people");
    let (manager, follows) = (below(people, "manager"), below(people, "follows"));
    let (above, deputy) = (below(manager, "manager"), below(manager, "deputy"));
    let loves = below(follows, "loves");
    let managers = given!(one(Employee.manager, manager), above, one(Employee.manager, above));
    let managers = managers.with_if(deputy.is_some(), one(Employee.deputy, deputy));
    let followed = given!(through(Employee.follows, follows), loves, many(Employee.loves, loves));
    let inside = given!(many(Room.people, people), manager, managers);
    let inside = given!(inside, follows, followed);
    Box::new(given!(root::<Room>(tree), people, inside))
}
