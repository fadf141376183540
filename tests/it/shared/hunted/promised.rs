//! A row that is promised and missing, and a second one where one is allowed: in views, selections, pages and counts.

use relata::prelude::*;
use relata::{ErrorKind, count};

use crate::support::World;

#[derive(Entity, Debug, Clone, PartialEq)]
#[entity(table = "people")]
#[has_one(badge: Option<Badge>, by = person_id)]
#[belongs_to(team: Team, by = team_id)]
#[has_many(tasks: Vec<Task>, by = person_id)]
struct Person {
    #[key]
    id: i32,
    team_id: i32,
    name: String,
}

#[derive(Entity, Debug, Clone, PartialEq)]
#[entity(table = "badges")]
struct Badge {
    #[key]
    id: i32,
    person_id: i32,
    label: String,
}

#[derive(Entity, Debug, Clone, PartialEq)]
#[entity(table = "teams")]
#[has_many(people: Vec<Person>, by = team_id)]
struct Team {
    #[key]
    id: i32,
    name: String,
}

#[derive(Entity, Debug, Clone, PartialEq)]
#[entity(table = "tasks")]
#[belongs_to(person: Person, by = person_id)]
struct Task {
    #[key]
    id: i32,
    person_id: i32,
}

#[derive(View, Debug, PartialEq)]
#[view(Person)]
struct Labelled {
    name: String,
    #[view(path = badge.label)]
    label: Option<String>,
    #[view(order_by = id.asc(), limit = 1)]
    tasks: Vec<Task>,
}

#[derive(View, Debug, PartialEq)]
#[view(Person)]
struct Badged {
    name: String,
    #[view(load)]
    badge: Option<Badge>,
}

#[derive(View, Debug, PartialEq)]
#[view(Person)]
struct Member {
    name: String,
    #[view(path = team.name)]
    team: String,
}

#[derive(View, Debug, PartialEq)]
#[view(Person)]
struct Grouped {
    name: String,
    #[view(load)]
    team: Team,
}

/// Ann has two badges, and Cid's team is gone.
async fn world() -> World {
    World::new(
        "CREATE TABLE people (id int PRIMARY KEY, team_id int NOT NULL, name text NOT NULL);
        CREATE TABLE badges (id int PRIMARY KEY, person_id int NOT NULL, label text NOT NULL);
        CREATE TABLE teams (id int PRIMARY KEY, name text NOT NULL);
        CREATE TABLE tasks (id int PRIMARY KEY, person_id int NOT NULL);
        INSERT INTO people VALUES (1, 1, 'Ann'), (2, 1, 'Bob'), (3, 9, 'Cid');
        INSERT INTO badges VALUES (1, 1, 'x'), (2, 1, 'y'), (3, 2, 'x');
        INSERT INTO teams VALUES (1, 'one'), (2, 'two');
        INSERT INTO tasks VALUES (1, 1), (2, 1), (3, 2), (4, 8);",
    )
    .await
}

#[tokio::test]
async fn a_promised_row_that_is_missing_is_an_error_wherever_it_is_read() {
    let world = world().await;
    let db = &world.pool;
    let by = Person.id.asc();
    let read = [
        Person::query().select((Person.id, Person.team.name)).all(db).await.map(drop),
        Person::query().select((Person.id, Person.team)).all(db).await.map(drop),
        Person::query().group_by(Person.team.name).select((Person.team.name, count())).all(db).await.map(drop),
        Person::query().select(Person.team.name.concat("!")).all(db).await.map(drop),
        Task::query().select((Task.id, Task.person.team)).all(db).await.map(drop),
        Member::query().all(db).await.map(drop),
        Member::query().order_by(by.clone()).limit(3).page(db).await.map(drop),
        Member::query().counted(db).await.map(drop),
    ];
    for (at, read) in read.into_iter().enumerate() {
        let kind = read.unwrap_err().kind();
        assert!(matches!(kind, ErrorKind::UnexpectedNull | ErrorKind::MissingTarget), "{at}: {kind:?}");
    }
    let loaded = [
        Grouped::query().all(db).await.map(drop),
        Grouped::query().page(db).await.map(drop),
        Grouped::query().counted(db).await.map(drop),
        Person::query().with(Person.team.select_in()).limit(3).page(db).await.map(drop),
        Person::query().with(Person.team).counted(db).await.map(drop),
    ];
    for loaded in loaded {
        let error = loaded.unwrap_err();
        assert_eq!((error.kind(), error.path()), (ErrorKind::MissingTarget, Some("Person.team")));
    }
}

/// The row beyond a page, rows beyond a limit, and what aggregates leave out are nobody's business.
#[tokio::test]
async fn a_promised_row_that_is_missing_and_not_read_is_none() {
    let world = world().await;
    let db = &world.pool;
    let by = Person.id.asc();
    let page = Person::query().with(Person.team).order_by(by.clone()).limit(2).page(db).await.unwrap();
    assert!(page.rows.len() == 2 && page.next.is_some());
    assert_eq!(Grouped::query().order_by(by.clone()).limit(2).page(db).await.unwrap().rows.len(), 2);
    assert_eq!(Grouped::query().order_by(by.clone()).limit(2).counted(db).await.unwrap().total, 3);
    assert_eq!(Member::query().filter(Person.team.exists()).page(db).await.unwrap().rows.len(), 2);
    assert_eq!(
        Person::query().select((Person.team.name.max(), Person.team.name.count())).one(db).await.unwrap(),
        (Some("one".into()), 2)
    );
    assert_eq!(
        Person::query().filter(Person.team.none(Predicate::always())).select(Person.id).all(db).await.unwrap(),
        [3]
    );
    let order = Person::query().order_by(Person.team.name.desc()).limit(1);
    let (mut walked, mut page) = (Vec::new(), order.page(db).await.unwrap());
    while let Some(next) = page.next.take() {
        walked.push(page.rows[0].id);
        page = order.clone().after(next).page(db).await.unwrap();
    }
    walked.push(page.rows[0].id);
    assert_eq!(walked, [3, 1, 2]);
}

#[tokio::test]
async fn a_second_row_for_one_is_an_error_of_its_load_and_a_row_more_of_a_path() {
    let world = world().await;
    let db = &world.pool;
    for error in [
        Badged::query().all(db).await.map(drop).unwrap_err(),
        Badged::query().order_by(Person.id.asc()).limit(1).page(db).await.map(drop).unwrap_err(),
        Badged::query().counted(db).await.map(drop).unwrap_err(),
        Person::query().with(Person.badge.select_in()).limit(2).page(db).await.map(drop).unwrap_err(),
        Team::query().with(Team.people.with(Person.badge).first(5)).all(db).await.map(drop).unwrap_err(),
    ] {
        assert_eq!(error.kind(), ErrorKind::SeveralRows, "{error:?}");
        assert!(error.path().unwrap().ends_with(".badge"), "{error:?}");
    }
    assert_eq!(Badged::query().filter(Person.id.gt(1)).page(db).await.unwrap().rows.len(), 2);
    let rows = Person::query()
        .select((Person.id, Person.badge.label))
        .order_by(Person.id.asc())
        .order_by(Person.badge.id.asc());
    let rows = rows.all(db).await.unwrap();
    assert_eq!(rows, [(1, Some("x".into())), (1, Some("y".into())), (2, Some("x".into())), (3, None)]);
    let labelled = Labelled::query().order_by(Person.id.asc()).order_by(Person.badge.id.asc()).all(db).await.unwrap();
    let seen: Vec<_> = labelled.iter().map(|row| (row.name.as_str(), row.label.as_deref(), row.tasks.len())).collect();
    assert_eq!(seen, [("Ann", Some("x"), 1), ("Ann", Some("y"), 1), ("Bob", Some("x"), 1), ("Cid", None, 0)]);
}

#[tokio::test]
async fn a_view_is_counted_as_it_is_read() {
    let world = world().await;
    let counted = Labelled::query().counted(&world.pool).await.unwrap();
    assert_eq!(counted.total, counted.rows.len() as u64);
    assert_eq!(Labelled::query().count(&world.pool).await.unwrap(), 4);
}

#[tokio::test]
async fn rows_that_an_order_gives_twice_are_counted_twice() {
    let world = world().await;
    let db = &world.pool;
    let sorted = Person::query().order_by(Person.badge.label.asc());
    let counted = sorted.counted(db).await.unwrap();
    assert_eq!((counted.rows.len(), counted.total, sorted.count(db).await.unwrap()), (4, 4, 4));
    assert_eq!(sorted.clone().limit(9).count(db).await.unwrap(), 4);
    assert!(sorted.offset(3).exists(db).await.unwrap());
}
