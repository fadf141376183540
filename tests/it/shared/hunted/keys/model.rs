//! Flights, their legs and who works on them: every key has several columns, of several types.

use relata::prelude::*;

#[derive(Entity, Debug, Clone, PartialEq)]
#[entity(table = "flights")]
#[has_many(legs: Vec<Leg>, by = (line, number))]
#[has_many(first_legs: Vec<Leg>, by = (line, number), only = (no = 1))]
#[many_to_many(crew: Vec<Person>, through = "duties", by = ((line, number), (country, nr)))]
#[many_to_many(staff: Vec<Person>, through = Duty, by = (flight, person))]
#[belongs_to(captain: Option<Person>, by = (captain_country, captain_nr))]
pub struct Flight {
    #[key]
    pub line: String,
    #[key]
    pub number: i32,
    pub captain_country: Option<String>,
    pub captain_nr: Option<i64>,
    pub seats: Option<i32>,
}

#[derive(Entity, Debug, Clone, PartialEq)]
#[entity(table = "legs")]
#[belongs_to(flight: Flight, by = (line, number))]
pub struct Leg {
    #[key]
    pub line: String,
    #[key]
    pub number: i32,
    #[key]
    pub no: i16,
    pub city: String,
}

#[derive(Entity, Debug, Clone, PartialEq)]
#[entity(table = "people")]
#[has_many(commands: Vec<Flight>, by = (captain_country, captain_nr))]
#[many_to_many(flights: Vec<Flight>, through = "duties", by = ((country, nr), (line, number)))]
pub struct Person {
    #[key]
    pub country: String,
    #[key]
    pub nr: i64,
    pub name: String,
}

/// Its key is both of its links.
#[derive(Entity, Debug, Clone, PartialEq)]
#[entity(table = "duties")]
#[belongs_to(flight: Flight, by = (line, number))]
#[belongs_to(person: Person, by = (country, nr))]
pub struct Duty {
    #[key]
    pub line: String,
    #[key]
    pub number: i32,
    #[key]
    pub country: String,
    #[key]
    pub nr: i64,
    pub hours: i32,
}

#[derive(View, Debug, PartialEq)]
#[view(Flight)]
pub struct Card {
    pub seats: Option<i32>,
    #[view(path = captain.name)]
    pub captain: Option<String>,
    #[view(count = crew)]
    pub people: i64,
    #[view(order_by = no.desc(), limit = 1)]
    pub legs: Vec<City>,
    #[view(order_by = name.asc(), limit = 2)]
    pub staff: Vec<Named>,
}

#[derive(View, Debug, PartialEq)]
#[view(Leg)]
pub struct City {
    pub city: String,
}

#[derive(View, Debug, PartialEq, Clone)]
#[view(Person)]
pub struct Named {
    pub name: String,
}

pub const SCRIPT: &str = "
    CREATE TABLE people (country varchar(2), nr int8, name text NOT NULL, PRIMARY KEY (country, nr));
    CREATE TABLE flights (line text, number int, captain_country varchar(2), captain_nr int8, seats int,
        PRIMARY KEY (line, number));
    CREATE TABLE legs (line text, number int, no int2, city text NOT NULL, PRIMARY KEY (line, number, no));
    CREATE TABLE duties (line text, number int, country varchar(2), nr int8, hours int NOT NULL,
        PRIMARY KEY (line, number, country, nr));
    INSERT INTO people VALUES ('de', 1, 'Ann'), ('de', 2, 'Bob'), ('fr', 1, 'Cid'), ('fr', 2, 'Dan');
    INSERT INTO flights VALUES ('A', 1, 'de', 1, 10), ('A', 2, 'fr', 1, NULL), ('B', 1, 'de', NULL, 10), ('B', 2, NULL, 2, 5),
        ('C', 1, 'de', 1, NULL);
    INSERT INTO legs SELECT line, number, no, chr(64 + no) || number FROM flights, generate_series(1, 3) AS no WHERE line <> 'C';
    INSERT INTO duties VALUES ('A', 1, 'de', 1, 3), ('A', 1, 'de', 2, 4), ('A', 1, 'fr', 1, 5), ('A', 2, 'de', 1, 6),
        ('B', 2, 'fr', 2, 7);";
