//! Conditions that are part of a relation: on its target, and on a part of the target's key.

use relata::ErrorKind;
use relata::prelude::*;

use crate::support::World;
use crate::support::stock::ids;
use crate::support::twins::{Joined, SelectIn, Under, mixtures};

/// Fixture "City/Person": city 1 with people 1 and 2, city 2, which is deleted, with people 3 and 4.
mod cities {
    use relata::prelude::*;

    #[derive(Entity, Debug, Clone, PartialEq)]
    #[entity(table = "cities")]
    #[has_many(people: Vec<Person>, by = city_id, order_by = id)]
    pub struct City {
        #[key]
        pub id: i32,
        pub deleted: bool,
    }

    #[derive(Entity, Debug, Clone, PartialEq)]
    #[entity(table = "people")]
    #[belongs_to(city: Option<City>, by = city_id, only = (deleted = false))]
    #[belongs_to(any_city: City, by = city_id)]
    pub struct Person {
        #[key]
        pub id: i32,
        pub city_id: i32,
    }

    /// The same table, with the promise that a city is there that is not deleted.
    #[derive(Entity, Debug, Clone, PartialEq)]
    #[entity(table = "people")]
    #[belongs_to(city: City, by = city_id, only = (deleted = false))]
    pub struct Resident {
        #[key]
        pub id: i32,
        pub city_id: i32,
    }

    pub const SCRIPT: &str = "CREATE TABLE cities (id int PRIMARY KEY, deleted bool NOT NULL);
        CREATE TABLE people (id int PRIMARY KEY, city_id int NOT NULL REFERENCES cities);
        INSERT INTO cities VALUES (1, false), (2, true);
        INSERT INTO people VALUES (1, 1), (2, 1), (3, 2), (4, 2);";
}

#[tokio::test]
async fn c12_a_row_that_fails_the_relations_own_condition_is_none() {
    use cities::{City, Person, Resident};
    let world = World::new(cities::SCRIPT).await;
    // Whether there is another city or not.
    for cities in ["", "DELETE FROM people WHERE city_id = 1; DELETE FROM cities WHERE id = 1"] {
        world.execute(cities).await;
        let alone = !cities.is_empty();
        for [city, any_city, people] in mixtures() {
            let query = Person::query()
                .order_by(Person.id.asc())
                .with(Person.city.under(city).with(City.people.under(people)))
                .with(Person.any_city.under(any_city));
            let found: Vec<_> = query
                .all(&world.pool)
                .await
                .unwrap()
                .iter()
                .map(|row| (row.city().map(|city| (city.id, ids!(city.people()))), row.any_city().id))
                .collect();
            let one = (Some((1, vec![1, 2])), 1);
            let expected = [one.clone(), one, (None, 2), (None, 2)];
            assert_eq!(found, expected[if alone { 2 } else { 0 }..], "{}", query.to_sql());
            // One of them, whose key is sent as a value.
            let three = Person::find(3).with(Person.city.under(city)).one(&world.pool).await.unwrap();
            assert!(three.city().is_none());
            // Filtered, too.
            let load = Person.city.filter(City.id.gt(0) | City.deleted.eq(true)).under(city);
            let all = Person::query().with(load).all(&world.pool).await.unwrap();
            assert_eq!(all.iter().filter(|row| row.city().is_some()).count(), if alone { 0 } else { 2 });

            let query = Resident::query().filter(Resident.city_id.eq(2)).order_by(Resident.id.asc());
            let error = query.with(Resident.city.under(city)).all(&world.pool).await.unwrap_err();
            let message = "Resident.city: the relation promises a row, and there is none with key 2";
            assert_eq!((error.kind(), error.to_string().as_str()), (ErrorKind::MissingTarget, message));
        }
        // In paths and in conditions across it.
        let ids = async |condition: Predicate<Person>| {
            ids!(Person::query().filter(condition).order_by(Person.id.asc()).all(&world.pool).await.unwrap())
        };
        let here: &[i32] = if alone { &[] } else { &[1, 2] };
        assert_eq!(ids(Person.city.id.is_null()).await, [3, 4]);
        assert_eq!(ids(Person.city.deleted.is_distinct_from(false)).await, [3, 4]);
        assert_eq!(ids(Person.city.any(City.id.gt(0) | City.deleted.eq(true))).await, here);
        assert_eq!(ids(Person.city.none(Predicate::always())).await, [3, 4]);
        assert_eq!(ids(Person.any_city.people.any(Person.city.id.is_not_null())).await, here);
        // A condition on the row that a collection starts from is the query's.
        let query = City::query().filter(City.deleted.eq(false)).with(City.people);
        assert_eq!(
            query.all(&world.pool).await.unwrap().iter().map(|city| city.people().len()).sum::<usize>(),
            here.len()
        );
    }
}

/// A text in each language, of which one is the text of a relation: a part of the key is fixed to a value.
mod texts {
    use relata::prelude::*;

    #[derive(Entity, Debug, Clone, PartialEq)]
    #[entity(table = "items")]
    #[has_one(english: Option<Text>, by = item_id, only = (lang = "en"))]
    #[has_one(final_german: Option<Text>, by = item_id, only = (lang = "de", draft = false))]
    #[has_many(drafts: Vec<Text>, by = item_id, only = (draft = true), order_by = (lang desc))]
    #[has_many(untitled: Vec<Text>, by = item_id, only = (title = None), order_by = lang)]
    #[has_many(numbered: Vec<Text>, by = item_id, only = (number = -1))]
    pub struct Item {
        #[key]
        pub id: i32,
    }

    #[derive(Entity, Debug, Clone, PartialEq)]
    #[entity(table = "texts")]
    #[belongs_to(item: Item, by = item_id)]
    pub struct Text {
        #[key]
        pub item_id: i32,
        #[key]
        pub lang: String,
        pub title: Option<String>,
        pub draft: bool,
        pub number: Option<i16>,
    }

    pub const SCRIPT: &str = "CREATE TABLE items (id int PRIMARY KEY);
        CREATE TABLE texts (item_id int REFERENCES items, lang varchar(2), title text, draft bool NOT NULL, number smallint,
            PRIMARY KEY (item_id, lang));
        INSERT INTO items VALUES (1), (2), (3);
        INSERT INTO texts VALUES (1, 'en', 'one', false, -1), (1, 'de', 'eins', true, 1), (1, 'fr', NULL, true, NULL),
            (2, 'de', 'zwei', false, -1), (2, 'en', NULL, true, 0);";
}

/// The language of the texts that a strategy finds, of each item.
macro_rules! languages {
    ($world:expr, $relation:ident, $strategy:expr, $languages:expr) => {{
        let query = Item::query().order_by(Item.id.asc()).with(Item.$relation.under($strategy));
        let items = query.all(&$world.pool).await.unwrap();
        let found: Vec<String> = items.iter().map(|item| $languages(item.$relation())).collect();
        // One by one the keys are sent as values.
        for (id, expected) in (1..).zip(&found) {
            let one = Item::find(id).with(Item.$relation.under($strategy)).one(&$world.pool).await.unwrap();
            assert_eq!(&$languages(one.$relation()), expected, "{}", query.to_sql());
        }
        found
    }};
}

#[tokio::test]
async fn c13_a_part_of_the_key_is_fixed_to_a_value() {
    use texts::{Item, Text};
    let world = World::new(texts::SCRIPT).await;
    let one = |text: Option<&Text>| text.map_or_else(String::new, |text| text.lang.clone());
    let many = |texts: &[Text]| texts.iter().map(|text| text.lang.as_str()).collect::<Vec<_>>().join(" ");
    for [strategy] in mixtures() {
        assert_eq!(languages!(world, english, strategy, one), ["en", "en", ""]);
        assert_eq!(languages!(world, final_german, strategy, one), ["", "de", ""]);
        assert_eq!(languages!(world, drafts, strategy, many), ["fr de", "en", ""]);
        assert_eq!(languages!(world, untitled, strategy, many), ["fr", "en", ""]);
        assert_eq!(languages!(world, numbered, strategy, many), ["en", "de", ""]);
    }
    for (strategy, window) in [(SelectIn, false), (SelectIn, true), (Joined, false), (Joined, true)] {
        let load = Item.drafts.limit(1).under(strategy);
        let load = if window { load.window() } else { load };
        let items = Item::query().order_by(Item.id.asc()).with(load).all(&world.pool).await.unwrap();
        assert_eq!(items.iter().map(|item| many(item.drafts())).collect::<Vec<_>>(), ["fr", "en", ""]);
    }
    // Two of them side by side, in one statement or in three, and a limit over them.
    for [english, german, drafts] in mixtures() {
        let query = Item::query()
            .order_by(Item.id.desc())
            .limit(2)
            .offset(1)
            .with(Item.english.under(english))
            .with(Item.final_german.under(german))
            .with(Item.drafts.under(drafts));
        let found: Vec<_> = query
            .all(&world.pool)
            .await
            .unwrap()
            .iter()
            .map(|item| (item.id, one(item.english()), one(item.final_german()), many(item.drafts())))
            .collect();
        let text = |text: &str| text.to_owned();
        let expected = [(2, text("en"), text("de"), text("en")), (1, text("en"), text(""), text("fr de"))];
        assert_eq!(found, expected, "{}", query.to_sql());
    }
    let ids = async |condition: Predicate<Item>| {
        ids!(Item::query().filter(condition).order_by(Item.id.asc()).all(&world.pool).await.unwrap())
    };
    assert_eq!(ids(Item.english.title.eq("one")).await, [1]);
    assert_eq!(ids(Item.english.lang.is_null()).await, [3]);
    assert_eq!(ids(Item.english.title.is_null()).await, [2, 3]);
    assert_eq!(ids(Item.drafts.any(Text.lang.eq("de") | Text.lang.eq("en"))).await, [1, 2]);
    assert_eq!(ids(Item.drafts.every(Text.title.is_null())).await, [2, 3]);
    assert_eq!(ids(Item.untitled.none(Predicate::always())).await, [3]);
    assert_eq!(ids(Item.english.any(Text.draft.eq(true)) & Item.final_german.any(Text.number.eq(-1))).await, [2]);
}
