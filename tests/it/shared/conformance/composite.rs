//! Group E, and the composite cases of group C: keys of several columns match as a whole.

use relata::prelude::*;

use crate::support::World;
use crate::support::trace::listen;
use crate::support::twins::{Joined, SelectIn, Strategy, Under, mixtures};

#[derive(Entity, Debug, Clone, PartialEq)]
#[entity(table = "a")]
#[has_many(bs: Vec<B>, by = (a_id1, a_id2))]
struct A {
    #[key]
    id1: i32,
    #[key]
    id2: i32,
}

/// Its columns stand in another order than those of the key.
#[derive(Entity, Debug, Clone, PartialEq)]
#[entity(table = "b")]
#[belongs_to(a: Option<A>, by = (a_id1, a_id2))]
struct B {
    #[key]
    id: i32,
    a_id2: Option<i32>,
    a_id1: Option<i32>,
}

const TABLES: &str = "CREATE TABLE a (id1 int, id2 int, PRIMARY KEY (id1, id2));
    CREATE TABLE b (id int PRIMARY KEY, a_id1 int, a_id2 int, FOREIGN KEY (a_id1, a_id2) REFERENCES a);";

/// The keys are (1, 3) to (19, 21), six children each.
async fn tuples() -> World {
    let rows = "INSERT INTO a SELECT i, i + 2 FROM generate_series(1, 19) AS i;
        INSERT INTO b SELECT 6 * i + j, i, i + 2 FROM generate_series(1, 19) AS i, generate_series(0, 5) AS j;";
    World::new(&format!("{TABLES}{rows}")).await
}

#[tokio::test]
async fn e1_children_of_composite_keys() {
    let world = tuples().await;
    let listener = listen();
    let children = |a: &loaded!(A { bs })| a.bs().iter().map(|b| b.id).collect::<Vec<i32>>();
    for (strategy, rows) in [(SelectIn, &[Some(19), Some(114)][..]), (Joined, &[Some(114)])] {
        let load = A.bs.order_by(B.id.asc()).under(strategy);
        let all = A::query().order_by(A.id1.asc()).with(load.clone()).all(&world.pool).await.unwrap();
        assert_eq!(listener.take().iter().map(|ran| ran.rows).collect::<Vec<_>>(), rows);
        let found: Vec<(i32, i32, Vec<i32>)> = all.iter().map(|a| (a.id1, a.id2, children(a))).collect();
        let expected: Vec<_> = (1..=19).map(|i| (i, i + 2, (6 * i..6 * i + 6).collect())).collect();
        assert_eq!(found, expected);
        // Two of each parent, after the first one.
        let load = load.limit(2).offset(1);
        for load in [load.clone(), load.window()] {
            let all = A::query().order_by(A.id1.asc()).limit(7).with(load).all(&world.pool).await.unwrap();
            let found: Vec<Vec<i32>> = all.iter().map(children).collect();
            assert_eq!(found, (1..=7).map(|i| vec![6 * i + 1, 6 * i + 2]).collect::<Vec<_>>());
        }
        listener.take();
    }
}

#[tokio::test]
async fn e2_parents_of_composite_keys() {
    let world = tuples().await;
    let listener = listen();
    for (strategy, rows) in [(SelectIn, 19), (Joined, 114)] {
        let all = B::query().order_by(B.id.asc()).with(B.a.under(strategy)).all(&world.pool).await.unwrap();
        assert_eq!(listener.take().last().unwrap().rows, Some(rows), "by keys, each is asked for once");
        assert_eq!(all.len(), 114);
        for b in &all {
            assert_eq!(b.a(), Some(&A { id1: b.id / 6, id2: b.id / 6 + 2 }));
        }
    }
}

#[derive(Entity, Debug, Clone, PartialEq)]
#[entity(table = "composite_pk_table")]
struct Pair {
    #[key]
    i: i32,
    #[key]
    j: i32,
    k: i32,
}

#[tokio::test]
async fn e3_composite_and_single_keys_by_turns() {
    use crate::support::stock::{self, Address, User, ids};
    let world = stock::world().await;
    for [strategy] in mixtures::<1>().into_iter().chain(mixtures()) {
        assert_eq!(Pair::find((1, 2)).one(&world.pool).await.unwrap().k, 3);
        assert_eq!(Pair::find((2, 1)).one(&world.pool).await.unwrap().k, 4);
        let load = User.addresses.order_by(Address.id.asc()).under(strategy);
        let user = User::find(8).with(load).one(&world.pool).await.unwrap();
        assert_eq!(ids!(user.addresses()), [2, 3, 4]);
    }
}

/// The key of each row's parent.
async fn up(world: &World, strategy: Strategy) -> Vec<Option<(i32, i32)>> {
    let all = B::query().order_by(B.id.asc()).with(B.a.under(strategy)).all(&world.pool).await.unwrap();
    all.iter().map(|b| b.a().map(|a| (a.id1, a.id2))).collect()
}

/// The children of each row.
async fn down(world: &World, strategy: Strategy) -> Vec<Vec<i32>> {
    let load = A.bs.order_by(B.id.asc()).under(strategy);
    let all = A::query().order_by(A.id1.asc()).with(load).all(&world.pool).await.unwrap();
    all.iter().map(|a| a.bs().iter().map(|b| b.id).collect()).collect()
}

#[tokio::test]
async fn e5_columns_are_paired_by_the_keys_order_and_not_by_the_tables() {
    let rows = "INSERT INTO a VALUES (1, 2), (2, 1); INSERT INTO b VALUES (1, 1, 2), (2, 2, 1), (3, 1, 2);";
    let world = World::new(&format!("{TABLES}{rows}")).await;
    for [strategy] in mixtures() {
        assert_eq!(up(&world, strategy).await, [Some((1, 2)), Some((2, 1)), Some((1, 2))]);
        assert_eq!(down(&world, strategy).await, [vec![1, 3], vec![2]]);
    }
    assert_eq!(B::query().filter(B.a.id1.eq(2)).one(&world.pool).await.unwrap().id, 2);
    assert_eq!(A::query().filter(A.bs.any(B.id.eq(2))).one(&world.pool).await.unwrap().id1, 2);
}

#[tokio::test]
async fn c9_a_key_with_a_null_in_it_leads_to_none() {
    let rows = "INSERT INTO a VALUES (1, 3), (2, 4), (3, 5);
        INSERT INTO b VALUES (1, 1, 3), (2, 1, 3), (3, 2, 4), (4, NULL, NULL), (5, 1, NULL);";
    let world = World::new(&format!("{TABLES}{rows}")).await;
    let listener = listen();
    for (strategy, rows) in [(SelectIn, 2), (Joined, 5)] {
        assert_eq!(up(&world, strategy).await, [Some((1, 3)), Some((1, 3)), Some((2, 4)), None, None]);
        assert_eq!(listener.take().last().unwrap().rows, Some(rows), "only whole keys are asked for");
        // From the other side: the rows with a part of a key belong to nobody.
        assert_eq!(down(&world, strategy).await, [vec![1, 2], vec![3], vec![]]);
        listener.take();
    }
}

#[derive(Entity, Debug, Clone, PartialEq)]
#[entity(table = "sections")]
#[belongs_to(parent: Option<Section>, by = (year, parent_idx))]
struct Section {
    #[key]
    year: i32,
    #[key]
    idx: i32,
    parent_idx: Option<i32>,
}

#[tokio::test]
async fn c8_a_half_null_key_asks_for_nothing() {
    let script = "CREATE TABLE sections (year int, idx int, parent_idx int, PRIMARY KEY (year, idx),
            FOREIGN KEY (year, parent_idx) REFERENCES sections);
        INSERT INTO sections VALUES (5, 1, NULL)";
    let world = World::new(script).await;
    let listener = listen();
    for [strategy] in mixtures() {
        let section = Section::query().with(Section.parent.under(strategy)).one(&world.pool).await.unwrap();
        assert!(section.parent().is_none());
        assert_eq!(listener.take().len(), 1);
    }
}

#[derive(Entity, Debug, Clone, PartialEq)]
#[entity(table = "employees")]
#[belongs_to(reports_to: Option<Employee>, by = (company_id, reports_to_id))]
#[has_many(reports: Vec<Employee>, by = (company_id, reports_to_id))]
struct Employee {
    #[key]
    company_id: i32,
    #[key]
    emp_id: i32,
    name: String,
    reports_to_id: Option<i32>,
}

/// Two companies whose employees have the same numbers.
const EMPLOYEES: &str = "
CREATE TABLE employees (company_id int, emp_id int, name text NOT NULL, reports_to_id int,
    PRIMARY KEY (company_id, emp_id), FOREIGN KEY (company_id, reports_to_id) REFERENCES employees);
INSERT INTO employees VALUES (1, 1, 'emp1', NULL), (1, 2, 'emp2', 1), (1, 3, 'emp3', 1), (1, 4, 'emp4', 3),
    (2, 1, 'emp5', NULL), (2, 2, 'emp6', 1), (2, 3, 'emp7', 1);";

#[tokio::test]
async fn e7_a_relation_to_itself_that_shares_a_column_with_the_key() {
    let world = World::new(EMPLOYEES).await;
    let all = Employee::query().order_by(Employee.name.asc());
    let expected = [
        ("emp1", None, vec!["emp2", "emp3"]),
        ("emp2", Some("emp1"), vec![]),
        ("emp3", Some("emp1"), vec!["emp4"]),
        ("emp4", Some("emp3"), vec![]),
        ("emp5", None, vec!["emp6", "emp7"]),
        ("emp6", Some("emp5"), vec![]),
        ("emp7", Some("emp5"), vec![]),
    ];
    for [up, down] in mixtures() {
        let reports = Employee.reports.order_by(Employee.emp_id.asc()).under(down);
        let query = all.clone().with(Employee.reports_to.under(up)).with(reports);
        let employees = query.all(&world.pool).await.unwrap();
        let found: Vec<(&str, Option<&str>, Vec<&str>)> = employees
            .iter()
            .map(|row| {
                let above = row.reports_to().map(|above| above.name.as_str());
                (row.name.as_str(), above, row.reports().iter().map(|below| below.name.as_str()).collect())
            })
            .collect();
        assert_eq!(found, expected);
    }

    let names = async |condition: Predicate<Employee>| {
        let found = all.clone().filter(condition).all(&world.pool).await.unwrap();
        found.into_iter().map(|row| row.name).collect::<Vec<_>>()
    };
    assert_eq!(names(Employee.reports_to.name.eq("emp1")).await, ["emp2", "emp3"]);
    assert_eq!(names(Employee.reports_to.reports_to.name.eq("emp1")).await, ["emp4"]);
    assert_eq!(names(Employee.reports.any(Employee.name.eq("emp7"))).await, ["emp5"]);
    assert_eq!(names(Employee.reports.reports.any(Predicate::always())).await, ["emp1"]);
    assert_eq!(names(Employee.reports.none(Predicate::always())).await, ["emp2", "emp4", "emp6", "emp7"]);
}

#[derive(Entity, Debug, Clone, PartialEq)]
#[entity(table = "places")]
#[belongs_to(spot: Option<Spot>, by = (hall, number))]
struct Place {
    #[key]
    id: i32,
    hall: i32,
    number: i32,
}

#[derive(Entity, Debug, Clone, PartialEq)]
#[entity(table = "spots")]
#[has_many(places: Vec<Place>, by = (hall, number))]
struct Spot {
    #[key]
    hall: i32,
    #[key]
    number: i32,
}

#[tokio::test]
async fn e8_all_columns_of_a_relation_are_compared_also_where_the_constraint_has_one_of_them() {
    let script = "CREATE TABLE spots (hall int UNIQUE, number int, PRIMARY KEY (hall, number));
        CREATE TABLE places (id int PRIMARY KEY, hall int REFERENCES spots (hall), number int);
        INSERT INTO spots VALUES (1, 2), (2, 1); INSERT INTO places VALUES (1, 1, 2), (2, 1, 1), (3, 2, 1)";
    let world = World::new(script).await;
    for [strategy] in mixtures() {
        let places = Place::query().order_by(Place.id.asc()).with(Place.spot.under(strategy));
        let places = places.all(&world.pool).await.unwrap();
        let halls: Vec<_> = places.iter().map(|place| place.spot().map(|spot| spot.hall)).collect();
        assert_eq!(halls, [Some(1), None, Some(2)]);
        let spots = Spot::query().order_by(Spot.hall.asc()).with(Spot.places.under(strategy));
        let spots = spots.all(&world.pool).await.unwrap();
        let ids: Vec<i32> = spots.iter().map(|spot| spot.places().iter().map(|place| place.id).sum()).collect();
        assert_eq!(ids, [1, 3]);
    }
    assert_eq!(Place::query().filter(Place.spot.hall.is_null()).one(&world.pool).await.unwrap().id, 2);
    assert_eq!(Spot::query().filter(Spot.places.any(Place.id.eq(2))).count(&world.pool).await.unwrap(), 0);
}
