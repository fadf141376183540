//! Keys of several columns, of several types, wherever rows are told apart by them.

mod model;

use relata::prelude::*;
use relata::{Cursor, Page, count, outer};

use self::model::{Card, City, Duty, Flight, Leg, Named, Person, SCRIPT};
use crate::support::World;
use crate::support::selected::same;

const BY: &str = "ORDER BY f.line, f.number";

fn sorted<T: relata::Shape<Entity = Flight>>(query: relata::Query<T>) -> relata::Query<T> {
    query.order_by(Flight.line.asc()).order_by(Flight.number.asc())
}

#[tokio::test]
async fn pages_of_a_key_of_several_columns_need_no_order() {
    let world = World::new(SCRIPT).await;
    let db = &world.pool;
    let key = |leg: &Leg| (leg.line.clone(), leg.number, leg.no);
    for query in [
        Leg::query(),
        Leg::query().order_by(Leg.number.desc()),
        Leg::query().order_by(Leg.no.asc()).order_by(Leg.line.desc()),
    ] {
        let all: Vec<_> = query.clone().limit(100).all(db).await.unwrap().iter().map(key).collect();
        assert_eq!(all.len(), 12);
        for size in [1, 5, 11, 12] {
            let query = query.clone().limit(size);
            let (mut walked, mut next) = (Vec::new(), None::<Cursor>);
            loop {
                let page: Page<Leg> = query.clone().after(next).page(db).await.unwrap();
                walked.extend(page.rows.iter().map(key));
                next = page.next;
                if next.is_none() {
                    break;
                }
            }
            assert_eq!(walked, all, "{}", query.to_sql());
        }
    }
}

#[tokio::test]
async fn whatever_crosses_a_key_of_several_columns_compares_all_of_them() {
    let world = World::new(SCRIPT).await;
    let db = &world.pool;
    let by = |query: relata::Query<Flight>| sorted(query);
    let crew = "EXISTS (SELECT 1 FROM duties d WHERE (d.line, d.number, d.country, d.nr) = (f.line, f.number, p.country, p.nr))";
    let (each, staff) = (Flight.crew.each(), Flight.staff.each_or_null());
    let query = by(Flight::query()).select((Flight.line, Flight.number, each.name)).order_by(each.name.asc());
    let sql = format!("SELECT f.line, f.number, p.name FROM flights f JOIN people p ON {crew} {BY}, 3");
    assert_eq!(same(db, &query, &sql, &[]).await.len(), 5);
    let query = by(Flight::query()).select((Flight.line, Flight.number, staff.name, staff.flights.count()));
    let sql = format!(
        "SELECT f.line, f.number, p.name, (SELECT count(*) FROM duties d WHERE d.country = p.country AND d.nr = p.nr)
        FROM flights f LEFT JOIN people p ON {crew} {BY}, 3"
    );
    assert_eq!(same(db, &query.order_by(staff.name.asc()), &sql, &[]).await.len(), 7);
    let leg = Flight.legs.each();
    let query =
        by(Flight::query()).select((leg.city, leg.flight.captain.name, leg.flight.seats)).order_by(leg.no.asc());
    let sql = format!(
        "SELECT l.city, p.name, f.seats FROM flights f JOIN legs l USING (line, number) LEFT JOIN people p
        ON (f.captain_country, f.captain_nr) = (p.country, p.nr) {BY}, l.no"
    );
    assert_eq!(same(db, &query, &sql, &[]).await.len(), 12);
    let across = (
        Flight.line,
        Flight.number,
        Flight.legs.count(),
        Flight.first_legs.max(Leg.city),
        Flight.crew.count().filter(Person.country.eq("de")),
        Flight.crew.flights.count(),
        Flight.captain.commands.count(),
    );
    let sql = format!(
        "SELECT f.line, f.number, (SELECT count(*) FROM legs l WHERE (l.line, l.number) = (f.line, f.number)),
            (SELECT max(city) FROM legs l WHERE (l.line, l.number, l.no) = (f.line, f.number, 1)),
            (SELECT count(*) FROM duties d WHERE (d.line, d.number) = (f.line, f.number) AND d.country = 'de'),
            (SELECT count(*) FROM duties d JOIN duties e USING (country, nr) WHERE (d.line, d.number) = (f.line, f.number)),
            (SELECT count(*) FROM flights g JOIN people p ON (g.captain_country, g.captain_nr) = (p.country, p.nr)
                WHERE (f.captain_country, f.captain_nr) = (p.country, p.nr))
        FROM flights f {BY}"
    );
    same(db, &by(Flight::query()).select(across), &sql, &[]).await;
    // Conditions.
    let cases = [
        (
            Flight.crew.any(Person.name.gt("C")),
            "EXISTS (SELECT 1 FROM duties d JOIN people p USING (country, nr)
            WHERE (d.line, d.number) = (f.line, f.number) AND p.name > 'C')",
        ),
        (
            Flight.staff.every(Person.commands.exists()),
            "NOT EXISTS (SELECT 1 FROM duties d JOIN people p USING (country, nr)
            WHERE (d.line, d.number) = (f.line, f.number) AND NOT EXISTS (SELECT 1 FROM flights g
                WHERE (g.captain_country, g.captain_nr) = (p.country, p.nr)))",
        ),
        (
            Flight.captain.is_absent(),
            "NOT EXISTS (SELECT 1 FROM people p WHERE (p.country, p.nr) = (f.captain_country, f.captain_nr))",
        ),
        (
            Flight.number.is_in_rows(Duty::query().filter(Duty.line.eq(outer(Flight.line))).select(Duty.number)),
            "(f.line, f.number) IN (SELECT line, number FROM duties)",
        ),
        (Flight.legs.none(Leg.no.gt(2)), "f.line = 'C'"),
    ];
    for (condition, sql) in cases {
        let query = by(Flight::query()).filter(condition).select((Flight.line, Flight.number));
        same(db, &query, &format!("SELECT f.line, f.number FROM flights f WHERE {sql} {BY}"), &[]).await;
    }
    // Groups by a key of several columns have the other columns in common; those by a part of it have not.
    let groups = Flight::query().group_by((Flight.line, Flight.number)).select((
        Flight.line,
        Flight.seats,
        Flight.legs.count(),
        count(),
    ));
    let sql = format!(
        "SELECT f.line, f.seats, count(l.*), 1::int8 FROM flights f LEFT JOIN legs l USING (line, number) GROUP BY f.line, f.number {BY}"
    );
    same(db, &groups.order_by(Flight.line.asc()).order_by(Flight.number.asc()), &sql, &[]).await;
    let error = Flight::query().group_by(Flight.line).select((Flight.line, Flight.seats)).all(db).await.unwrap_err();
    assert_eq!(error.kind(), relata::ErrorKind::InvalidQuery);
    let cards = sorted(Card::query()).all(db).await.unwrap();
    let first = Card {
        seats: Some(10),
        captain: Some("Ann".into()),
        people: 3,
        legs: vec![City { city: "C1".into() }],
        staff: vec![Named { name: "Ann".into() }, Named { name: "Bob".into() }],
    };
    assert_eq!(cards[0], first);
    assert_eq!(
        cards.iter().map(|card| (card.legs.len(), card.staff.len())).collect::<Vec<_>>(),
        [(1, 2), (1, 1), (1, 0), (1, 1), (0, 0)]
    );
    let both = sorted(Flight::query().filter(Flight.seats.eq(10)).union(Flight::query().filter(Flight.line.eq("A"))));
    let both = both
        .with(Flight.crew.order_by(Person.name.desc()).limit(1))
        .with(Flight.captain)
        .limit(2)
        .all(db)
        .await
        .unwrap();
    assert_eq!(both.iter().map(|flight| flight.crew()[0].name.clone()).collect::<Vec<_>>(), ["Cid", "Ann"]);
    let found = Flight::find(("A", 1)).with(Flight.staff.order_by(Person.name.asc()).first(2)).one(db).await.unwrap();
    let next = found.staff().next.clone();
    let rest = Flight::find(("A", 1))
        .with(Flight.staff.order_by(Person.name.asc()).after(next).first(2))
        .one(db)
        .await
        .unwrap();
    assert_eq!((rest.staff().len(), rest.staff()[0].name.as_str(), &rest.staff().next), (1, "Cid", &None));
}

#[tokio::test]
async fn parents_of_a_key_of_several_columns_have_their_own_cursors() {
    let world = World::new(SCRIPT).await;
    let db = &world.pool;
    let first = sorted(Flight::query()).with(Flight.legs.order_by(Leg.city.desc()).first(1)).all(db).await.unwrap();
    let cursors: Vec<Cursor> = first.iter().filter_map(|flight| flight.legs().next.clone()).collect();
    assert_eq!(cursors.len(), 4);
    // Some of them only, in another order, and as text.
    let some: Vec<Cursor> = cursors.iter().rev().take(2).map(|next| next.to_string().parse().unwrap()).collect();
    let second =
        sorted(Flight::query()).with(Flight.legs.order_by(Leg.city.desc()).after(some).first(5)).all(db).await.unwrap();
    let lengths: Vec<usize> = second.iter().map(|flight| flight.legs().len()).collect();
    assert_eq!(lengths, [3, 3, 2, 2, 0]);
    // Many to many, through an entity and through a table.
    let duty = || Flight.staff.order_by_through(Duty.hours.desc());
    let first = sorted(Flight::query()).with(duty().first(1)).with(Flight.crew.first(2)).all(db).await.unwrap();
    let next = first.iter().filter_map(|flight| flight.staff().next.clone());
    let crew = first.iter().filter_map(|flight| flight.crew().next.clone());
    let rest = Flight::query().with(duty().after(next).first(5)).with(Flight.crew.after(crew).first(9));
    let rest = sorted(rest).all(db).await.unwrap();
    let names = |people: &[Person]| people.iter().map(|person| person.name.clone()).collect::<Vec<_>>();
    assert_eq!(
        (names(&first[0].staff().rows), names(&rest[0].staff().rows)),
        (vec!["Cid".to_owned()], vec!["Bob".to_owned(), "Ann".to_owned()])
    );
    assert_eq!(
        (names(&first[0].crew().rows), names(&rest[0].crew().rows)),
        (vec!["Ann".to_owned(), "Bob".to_owned()], vec!["Cid".to_owned()])
    );
    // Parents whose foreign key is partly NULL have none.
    let people =
        Person::query().with(Person.commands.first(1)).order_by(Person.country.asc()).order_by(Person.nr.asc());
    let people = people.all(db).await.unwrap();
    let next: Vec<Cursor> = people.iter().filter_map(|person| person.commands().next.clone()).collect();
    assert_eq!((next.len(), people[0].commands().len()), (1, 1));
    let rest =
        Person::query().with(Person.commands.after(next).first(9)).order_by(Person.name.asc()).all(db).await.unwrap();
    assert_eq!(rest.iter().map(|person| person.commands().len()).collect::<Vec<_>>(), [1, 0, 1, 0]);
}
