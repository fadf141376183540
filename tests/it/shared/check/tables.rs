//! Tables, columns, types and rights.

use relata::check::FindingKind;
use relata::prelude::*;
use std::sync::atomic::{AtomicU32, Ordering};

use super::{mended, report, stays, texts};
use crate::support::World;

#[derive(Entity, Debug, Clone)]
#[entity(table = "rooms")]
#[has_many(chairs: Vec<Chair>, by = room_id)]
struct Room {
    #[key]
    id: i32,
    name: String,
    floor: Option<i16>,
}

#[derive(Entity, Debug, Clone)]
#[entity(table = "chairs")]
#[belongs_to(room: Room, by = room_id)]
#[many_to_many(owners: Vec<Owner>, through = "owned", by = (chair_id, owner_id))]
struct Chair {
    #[key]
    id: i64,
    room_id: i32,
}

#[derive(Entity, Debug, Clone)]
#[entity(table = "owners", schema = "checked_people")]
#[many_to_many(chairs: Vec<Chair>, through = "owned", by = (owner_id, chair_id))]
struct Owner {
    #[key]
    id: i32,
    tags: Vec<String>,
}

/// The same table as `Room`, read otherwise.
#[derive(Entity, Debug, Clone)]
#[entity(table = "rooms")]
struct Place {
    #[key]
    id: i32,
    floor: i16,
    area: f64,
}

const ROOMS: &str = "CREATE TABLE rooms (id int PRIMARY KEY, name text NOT NULL, floor int2);";
const CHAIRS: &str = "CREATE TABLE chairs (id int8 PRIMARY KEY, room_id int NOT NULL REFERENCES rooms);
    CREATE INDEX ON chairs (room_id);";

#[tokio::test]
async fn missing_tables_are_created_with_what_the_entities_read() {
    let expected = [
        "error: `Room` is mapped to table `rooms`, which the database does not have
    CREATE TABLE \"rooms\" (\"id\" integer NOT NULL, \"name\" text NOT NULL, \"floor\" smallint NOT NULL, \
    \"area\" double precision NOT NULL, PRIMARY KEY (\"id\"));",
        "error: `Chair` is mapped to table `chairs`, which the database does not have
    CREATE TABLE \"chairs\" (\"id\" bigint NOT NULL, \"room_id\" integer NOT NULL, PRIMARY KEY (\"id\"));",
        "error: `Owner` is mapped to table `checked_people.owners`, which the database does not have
    CREATE SCHEMA IF NOT EXISTS \"checked_people\"; CREATE TABLE \"checked_people\".\"owners\" \
    (\"id\" integer NOT NULL, \"tags\" text[] NOT NULL, PRIMARY KEY (\"id\"));",
        "error: Chair.owners, Owner.chairs: it goes through table `owned`, which the database does not have
    CREATE TABLE \"owned\" (\"chair_id\" bigint NOT NULL, \"owner_id\" integer NOT NULL, \
    PRIMARY KEY (\"chair_id\", \"owner_id\"));",
    ];
    mended::<(Room, Place)>("", &expected).await;
}

#[tokio::test]
async fn what_cannot_be_selected_from_is_a_missing_table() {
    let script = "CREATE TABLE x (id int); CREATE INDEX rooms ON x (id)";
    let expected = ["error: `Place` is mapped to table `rooms`, which is an index in the database"];
    stays::<Place>(script, &expected).await;
    let expected = ["error: `Place` is mapped to table `rooms`, which is a composite type in the database"];
    stays::<Place>("CREATE TYPE rooms AS (id int, floor int2, area float8)", &expected).await;
}

#[tokio::test]
async fn missing_columns_are_added() {
    let script = format!("CREATE TABLE rooms (id int PRIMARY KEY, \"Name\" text); {CHAIRS}");
    let expected = [
        "error: `Plain` is mapped to column `name` of table `rooms`, which the database does not have
    ALTER TABLE \"rooms\" ADD COLUMN \"name\" text NOT NULL;",
        "error: `Plain` is mapped to column `floor` of table `rooms`, which the database does not have
    ALTER TABLE \"rooms\" ADD COLUMN \"floor\" smallint;",
    ];
    mended::<Plain>(&script, &expected).await;
    let first = expected[1].replace("smallint;", "smallint NOT NULL;").replace("`Plain`", "`Place`");
    let expected = [
        first.as_str(),
        "error: `Place` is mapped to column `area` of table `rooms`, which the database does not have
    ALTER TABLE \"rooms\" ADD COLUMN \"area\" double precision NOT NULL;",
    ];
    mended::<Place>(&script, &expected).await;
}

/// `Room` without its relations.
#[derive(Entity, Debug, Clone)]
#[entity(table = "rooms")]
struct Plain {
    #[key]
    id: i32,
    name: String,
    floor: Option<i16>,
}

#[tokio::test]
async fn a_bare_association_has_its_columns() {
    let script = "CREATE TABLE reader (id int PRIMARY KEY); CREATE TABLE book (id int8 PRIMARY KEY);
        CREATE TABLE lent (reader_id int REFERENCES reader, until date); CREATE INDEX ON lent (reader_id);";
    let expected = [
        "error: Reader.books, Reader.late: it goes through column `book_id` of table `lent`, which the database does not \
         have
    ALTER TABLE \"lent\" ADD COLUMN \"book_id\" bigint NOT NULL;",
        "error: Reader.late: it goes through column `is_late` of table `lent`, which the database does not have",
    ];
    let world = World::new(script).await;
    let report = report::<Reader>(&world).await;
    assert_eq!(texts(&report), expected);
    assert_eq!((report.findings()[0].entity(), report.findings()[0].table()), ("Reader", "lent"));
    assert_eq!(report.findings()[0].relations(), ["Reader.books", "Reader.late"]);
}

#[tokio::test]
async fn a_bare_association_is_made_with_the_types_that_are_there() {
    let script = "CREATE DOMAIN number AS bigint; CREATE TABLE reader (id int PRIMARY KEY);
        CREATE TABLE book (id number PRIMARY KEY);";
    let expected = ["error: Library.books: it goes through table `held`, which the database does not have
    CREATE TABLE \"held\" (\"library\" integer NOT NULL, \"book\" number NOT NULL, PRIMARY KEY (\"library\", \"book\"));"];
    mended::<Library>(script, &expected).await;
}

#[derive(Entity, Debug, Clone)]
#[entity(table = "reader")]
#[many_to_many(books: Vec<Book>, through = "held", by = (library, book))]
struct Library {
    #[key]
    id: i32,
}

/// An entity of the table that relations go through as a bare one.
#[derive(Entity, Debug, Clone)]
#[entity(table = "lent")]
struct Lent {
    #[key]
    reader_id: i32,
}

#[tokio::test]
async fn a_bare_association_may_be_the_table_of_an_entity() {
    let script = "CREATE TABLE reader (id int PRIMARY KEY); CREATE TABLE book (id int8 PRIMARY KEY);";
    let world = World::new(script).await;
    let found = texts(&report::<(Lent, Reader)>(&world).await);
    let expected = ["error: `Lent` is mapped to table `lent`, which the database does not have"];
    assert_eq!(found, expected, "nobody says what type a column of a condition has");
    world.execute("CREATE TABLE lent (reader_id int PRIMARY KEY REFERENCES reader, is_late bool)").await;
    let found = texts(&report::<(Lent, Reader)>(&world).await);
    let expected = [
        "error: Reader.books, Reader.late: it goes through column `book_id` of table `lent`, which the database does not \
         have
    ALTER TABLE \"lent\" ADD COLUMN \"book_id\" bigint NOT NULL;",
    ];
    assert_eq!(found, expected);
}

#[derive(Entity, Debug, Clone)]
#[entity(table = "reader")]
#[many_to_many(books: Vec<Book>, through = "lent", by = (reader_id, book_id))]
#[many_to_many(late: Vec<Book>, through = "lent", by = (reader_id, book_id), through_only = (is_late = true))]
struct Reader {
    #[key]
    id: i32,
}

#[derive(Entity, Debug, Clone)]
#[entity(table = "book")]
struct Book {
    #[key]
    id: i64,
}

#[derive(Entity, Debug, Clone)]
#[entity(table = "samples")]
struct Sample {
    #[key]
    id: i32,
    a: i64,
    b: String,
    c: Option<bool>,
    d: Vec<u8>,
    e: Vec<i32>,
    f: u32,
}

#[tokio::test]
async fn a_type_that_a_field_cannot_read_is_an_error() {
    let script = "CREATE TYPE mood AS ENUM ('glad'); CREATE DOMAIN counted AS int4 CHECK (value > 0);
        CREATE TABLE samples (id counted PRIMARY KEY, a counted NOT NULL, b varchar(3) NOT NULL, c mood,
            d numeric(5, 2) NOT NULL, e counted[] NOT NULL, f int NOT NULL)";
    let expected = [
        "error: field `Sample.a`: column `a` of table `samples` is `counted`, which cannot be read as `i64` \
         (but `bigint` can)",
        "error: field `Sample.c`: column `c` of table `samples` is `mood`, which cannot be read as `bool` \
         (but `boolean` can)",
        "error: field `Sample.d`: column `d` of table `samples` is `numeric(5,2)`, which cannot be read as `Vec<u8>` \
         (but `bytea` can)",
        "error: field `Sample.e`: column `e` of table `samples` is `counted[]`, which cannot be read as `Vec<i32>` \
         (but `integer[]` can)",
        "error: field `Sample.f`: column `f` of table `samples` is `integer`, which cannot be read as `u32` \
         (but `oid` can)",
    ];
    stays::<Sample>(script, &expected).await;
}

#[tokio::test]
async fn a_column_that_can_be_null_wants_an_option() {
    let script = "CREATE DOMAIN named AS text NOT NULL; CREATE DOMAIN short AS named;
        CREATE TABLE rooms (id int PRIMARY KEY, name short, floor int2, area float8)";
    let expected = [
        "error: field `Place.floor`: column `floor` of table `rooms` can be NULL, and the field is not an `Option`
    ALTER TABLE \"rooms\" ALTER COLUMN \"floor\" SET NOT NULL;",
        "error: field `Place.area`: column `area` of table `rooms` can be NULL, and the field is not an `Option`
    ALTER TABLE \"rooms\" ALTER COLUMN \"area\" SET NOT NULL;",
    ];
    mended::<(Plain, Place)>(script, &expected).await;
}

#[tokio::test]
async fn what_the_role_may_not_read_is_named() {
    static COUNT: AtomicU32 = AtomicU32::new(0);
    let (role, schema) =
        (format!("Checker {}", std::process::id() + COUNT.fetch_add(1, Ordering::Relaxed)), "checked_rights");
    let script = format!(
        "{ROOMS} CREATE ROLE \"{role}\"; CREATE SCHEMA {schema}; CREATE TABLE {schema}.secrets (id int PRIMARY KEY, word text NOT NULL);
        GRANT SELECT (id) ON rooms TO \"{role}\"; DO $$ BEGIN
            EXECUTE format('GRANT USAGE ON SCHEMA %I TO %I', current_schema(), '{role}'); END $$;"
    );
    let world = World::new(&script).await;
    let client = world.client().await;
    client.batch_execute(&format!("SET ROLE \"{role}\"")).await.unwrap();
    let report = relata::check::<(Plain, Secret)>(&client).await.unwrap();
    let expected = [
        format!(
            "error: role `{role}` may not read `name`, `floor` of table `rooms`\n    \
             GRANT SELECT (\"name\", \"floor\") ON \"rooms\" TO \"{role}\";"
        ),
        format!(
            "error: role `{role}` may not use schema `{schema}`, in which table `{schema}.secrets` is\n    \
             GRANT USAGE ON SCHEMA \"{schema}\" TO \"{role}\";"
        ),
        format!(
            "error: role `{role}` may not read table `{schema}.secrets`\n    \
             GRANT SELECT ON \"{schema}\".\"secrets\" TO \"{role}\";"
        ),
    ];
    assert_eq!(texts(&report), expected);
    assert!(report.findings().iter().all(|finding| finding.kind() == FindingKind::NotReadable));
    for fix in report.findings().iter().filter_map(relata::check::Finding::fix) {
        world.execute(fix).await;
    }
    assert!(relata::check::<(Plain, Secret)>(&client).await.unwrap().is_empty());
    assert!(Secret::query().all(&client).await.unwrap().is_empty(), "and what was granted is enough to load");
    // A role belongs to the server and not to the schema.
    world.execute(&format!("DROP OWNED BY \"{role}\"; DROP ROLE \"{role}\"")).await;
}

#[derive(Entity, Debug, Clone)]
#[entity(table = "secrets", schema = "checked_rights")]
struct Secret {
    #[key]
    id: i32,
    word: String,
}
