//! What keeps the rows of relations there, and single.

use relata::prelude::*;

use super::{mended, stays};

#[derive(Entity, Debug, Clone)]
#[entity(table = "people")]
#[has_one(passport: Option<Passport>, by = owner_id)]
#[has_one(home: Option<Home>, by = person_id, only = (is_current = true, left_at = None))]
#[has_one(desk: Desk, by = id)]
struct Person {
    #[key]
    id: i32,
}

#[derive(Entity, Debug, Clone)]
#[entity(table = "passports")]
#[belongs_to(owner: Person, by = owner_id)]
struct Passport {
    #[key]
    number: String,
    owner_id: i32,
}

#[derive(Entity, Debug, Clone)]
#[entity(table = "homes")]
struct Home {
    #[key]
    id: i32,
    person_id: i32,
    is_current: bool,
    left_at: Option<i64>,
}

/// Shares its key with its person.
#[derive(Entity, Debug, Clone)]
#[entity(table = "desks")]
#[belongs_to(person: Person, by = id)]
struct Desk {
    #[key]
    id: i32,
}

const PEOPLE: &str = "CREATE TABLE people (id int PRIMARY KEY);
    CREATE TABLE desks (id int PRIMARY KEY REFERENCES people);";
const HOMES: &str =
    "CREATE TABLE homes (id int PRIMARY KEY, person_id int NOT NULL, is_current bool NOT NULL, left_at int8);";
const PASSPORTS: &str =
    "CREATE TABLE passports (number text PRIMARY KEY, owner_id int NOT NULL REFERENCES people UNIQUE);";

#[tokio::test]
async fn one_row_is_kept_single_by_an_index() {
    let script = format!(
        "{PEOPLE}{HOMES} CREATE TABLE passports (number text PRIMARY KEY, owner_id int NOT NULL REFERENCES people);
        CREATE INDEX ON homes (person_id);"
    );
    let expected = [
        "error: Person.passport: it leads to one row, and nothing keeps `owner_id` unique in table `passports`
    CREATE UNIQUE INDEX ON \"passports\" (\"owner_id\");",
        "error: Person.home: it leads to one row, and nothing keeps `person_id` unique in table `homes`
    CREATE UNIQUE INDEX ON \"homes\" (\"person_id\") WHERE \"is_current\" = true AND \"left_at\" IS NULL;",
    ];
    mended::<Person>(&script, &expected).await;
}

#[tokio::test]
async fn a_promise_is_kept_by_a_foreign_key() {
    let script = format!(
        "{HOMES} CREATE TABLE people (id int PRIMARY KEY); CREATE TABLE desks (id int PRIMARY KEY);
        CREATE UNIQUE INDEX ON homes (person_id) WHERE is_current;
        CREATE TABLE passports (number text PRIMARY KEY, owner_id int NOT NULL UNIQUE);"
    );
    let world = crate::support::World::new(&script).await;
    let found = super::texts(&super::report::<Person>(&world).await);
    let expected = [
        "warning: Person.desk: no foreign key leads from `id` of table `people` to `id` of table `desks`, so that a row \
         may lead nowhere
    ALTER TABLE \"people\" ADD FOREIGN KEY (\"id\") REFERENCES \"desks\" (\"id\");",
        "warning: Passport.owner: no foreign key leads from `owner_id` of table `passports` to `id` of table `people`, \
         so that a row may lead nowhere
    ALTER TABLE \"passports\" ADD FOREIGN KEY (\"owner_id\") REFERENCES \"people\" (\"id\");",
        "warning: Desk.person: no foreign key leads from `id` of table `desks` to `id` of table `people`, so that a row \
         may lead nowhere
    ALTER TABLE \"desks\" ADD FOREIGN KEY (\"id\") REFERENCES \"people\" (\"id\");",
    ];
    assert_eq!(found, expected, "which table of two that share a key has the foreign key, nobody can say");
    // With one of the two, the other relation's promise is about the side that has it.
    world.execute("ALTER TABLE desks ADD FOREIGN KEY (id) REFERENCES people").await;
    assert_eq!(super::texts(&super::report::<Person>(&world).await), expected[1..2]);
}

#[tokio::test]
async fn a_foreign_key_that_was_not_validated_keeps_nothing_yet() {
    let script = format!(
        "{PEOPLE}{HOMES} CREATE UNIQUE INDEX ON homes (person_id) WHERE is_current;
        CREATE TABLE passports (number text PRIMARY KEY, owner_id int NOT NULL UNIQUE);
        ALTER TABLE passports ADD CONSTRAINT \"of whom\" FOREIGN KEY (owner_id) REFERENCES people NOT VALID;"
    );
    let expected = [
        "warning: Passport.owner: foreign key `of whom` of table `passports` was not validated, so that rows from before \
         may lead nowhere
    ALTER TABLE \"passports\" VALIDATE CONSTRAINT \"of whom\";",
    ];
    mended::<Passport>(&script, &expected).await;
}

#[derive(Entity, Debug, Clone)]
#[entity(table = "rooms")]
struct Room {
    #[key]
    hall: i32,
    #[key]
    number: i32,
}

#[derive(Entity, Debug, Clone)]
#[entity(table = "doors")]
#[belongs_to(behind: Room, by = (hall, room))]
struct Door {
    #[key]
    id: i32,
    room: i32,
    hall: i32,
}

async fn doors(constraint: &str, expected: &[&str]) {
    let script = format!(
        "CREATE TABLE rooms (hall int, number int, floor int NOT NULL, PRIMARY KEY (number, hall),
            UNIQUE (hall, number, floor), UNIQUE (hall));
        CREATE TABLE doors (id int PRIMARY KEY, room int NOT NULL, hall int NOT NULL, floor int, level int NOT NULL
            {constraint});"
    );
    mended::<Door>(&script, expected).await;
}

#[tokio::test]
async fn a_foreign_key_has_all_columns_of_the_relation() {
    let expected =
        "warning: Door.behind: no foreign key leads from `hall`, `room` of table `doors` to `hall`, `number` of \
                    table `rooms`, so that a row may lead nowhere
    ALTER TABLE \"doors\" ADD FOREIGN KEY (\"hall\", \"room\") REFERENCES \"rooms\" (\"hall\", \"number\");";
    doors("", &[expected]).await;
    doors(", FOREIGN KEY (hall) REFERENCES rooms (hall)", &[expected]).await;
    doors(", FOREIGN KEY (hall, room) REFERENCES rooms (number, hall)", &[expected]).await;
    doors(", FOREIGN KEY (room, hall) REFERENCES rooms (number, hall)", &[]).await;
    // One with a column more passes a row by whose other column is NULL, unless none can be.
    doors(", FOREIGN KEY (hall, room, floor) REFERENCES rooms (hall, number, floor)", &[expected]).await;
    doors(", FOREIGN KEY (hall, room, level) REFERENCES rooms (hall, number, floor)", &[]).await;
    doors(", FOREIGN KEY (hall, room, floor) REFERENCES rooms (hall, number, floor) MATCH FULL", &[]).await;
}

#[derive(Entity, Debug, Clone)]
#[entity(table = "students")]
#[many_to_many(courses: Vec<Course>, through = Enrollment, by = (student, course))]
struct Student {
    #[key]
    id: i32,
}

#[derive(Entity, Debug, Clone)]
#[entity(table = "courses")]
#[many_to_many(students: Vec<Student>, through = "enrollments", by = (course_id, student_id))]
struct Course {
    #[key]
    id: i32,
}

#[derive(Entity, Debug, Clone)]
#[entity(table = "enrollments")]
#[belongs_to(student: Student, by = student_id)]
#[belongs_to(course: Option<Course>, by = course_id)]
struct Enrollment {
    #[key]
    student_id: i32,
    #[key]
    course_id: i32,
}

#[tokio::test]
async fn an_association_has_foreign_keys_and_an_index_for_each_way() {
    let script = "CREATE TABLE students (id int PRIMARY KEY); CREATE TABLE courses (id int PRIMARY KEY);
        CREATE TABLE enrollments (student_id int, course_id int, PRIMARY KEY (student_id, course_id))";
    let expected = [
        "warning: Student.courses, Course.students, Enrollment.student: no foreign key leads from `student_id` of table \
         `enrollments` to `id` of table `students`, so that a row may lead nowhere
    ALTER TABLE \"enrollments\" ADD FOREIGN KEY (\"student_id\") REFERENCES \"students\" (\"id\");",
        "warning: Student.courses, Course.students: no foreign key leads from `course_id` of table `enrollments` to `id` \
         of table `courses`, so that a row may lead nowhere
    ALTER TABLE \"enrollments\" ADD FOREIGN KEY (\"course_id\") REFERENCES \"courses\" (\"id\");",
        "warning: Course.students: no index of table `enrollments` begins with `course_id`, by which it is searched
    CREATE INDEX ON \"enrollments\" (\"course_id\");",
    ];
    mended::<Student>(script, &expected).await;
}

#[tokio::test]
async fn a_row_that_may_be_missing_needs_no_foreign_key() {
    let script = format!(
        "{PEOPLE}{HOMES}{PASSPORTS} CREATE UNIQUE INDEX ON homes (person_id) WHERE is_current AND left_at IS NULL;"
    );
    stays::<Person>(&script, &[]).await;
}

#[derive(Entity, Debug, Clone)]
#[entity(table = "cities")]
#[belongs_to(country: Country, by = country_code, references = code)]
#[belongs_to(capital: Country, by = country_code, references = code, only = (is_current = true))]
struct City {
    #[key]
    id: i32,
    country_code: String,
}

#[derive(Entity, Debug, Clone)]
#[entity(table = "countries")]
struct Country {
    #[key]
    id: i32,
    code: String,
    is_current: bool,
}

#[tokio::test]
async fn what_a_foreign_key_refers_to_is_unique_first() {
    let cities = "CREATE TABLE cities (id int PRIMARY KEY, country_code text NOT NULL);";
    let countries = "CREATE TABLE countries (id int PRIMARY KEY, code text NOT NULL, is_current bool NOT NULL";
    let wanted =
        "warning: City.country: no foreign key leads from `country_code` of table `cities` to `code` of table \
                  `countries`, so that a row may lead nowhere
    ALTER TABLE \"cities\" ADD FOREIGN KEY (\"country_code\") REFERENCES \"countries\" (\"code\");";
    mended::<City>(&format!("{cities}{countries}, UNIQUE (code))"), &[wanted]).await;
    // One that holds at the end of a transaction only cannot be referred to.
    let first = wanted.replace("ALTER TABLE", "CREATE UNIQUE INDEX ON \"countries\" (\"code\"); ALTER TABLE");
    mended::<City>(&format!("{cities}{countries}, UNIQUE (code) DEFERRABLE)"), &[&first]).await;
    // One of another finding is there by then.
    let single = "error: City.country: it leads to one row, and nothing keeps `code` unique in table `countries`
    CREATE UNIQUE INDEX ON \"countries\" (\"code\");";
    let current =
        single.replace("country:", "capital:").replace("(\"code\");", "(\"code\") WHERE \"is_current\" = true;");
    mended::<City>(&format!("{cities}{countries})"), &[single, &current, wanted]).await;
}

#[tokio::test]
async fn a_part_of_a_key_that_is_unique_is_not_all_that_a_foreign_key_refers_to() {
    let script = "CREATE TABLE rooms (hall int NOT NULL, number int NOT NULL UNIQUE);
        CREATE TABLE doors (id int PRIMARY KEY, room int NOT NULL, hall int NOT NULL)";
    let expected = [
        "warning: Door.behind: no foreign key leads from `hall`, `room` of table `doors` to `hall`, `number` of table \
         `rooms`, so that a row may lead nowhere
    CREATE UNIQUE INDEX ON \"rooms\" (\"hall\", \"number\"); ALTER TABLE \"doors\" ADD FOREIGN KEY (\"hall\", \"room\") \
         REFERENCES \"rooms\" (\"hall\", \"number\");",
    ];
    mended::<Door>(script, &expected).await;
}
