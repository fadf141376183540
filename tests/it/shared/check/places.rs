//! Which table a name means, and names that are hard to write.

use relata::check::Finding;
use relata::prelude::*;

use super::{mended, report, stays, texts};
use crate::support::World;

#[derive(Entity, Debug, Clone)]
#[entity(table = "It's \"a\".Table;--", rename_all = "camelCase")]
#[has_many(pieces: Vec<Part>, by = whole_id)]
struct Whole {
    #[key]
    whole_id: i32,
    #[column(name = "a \"b\".c")]
    odd: String,
}

#[derive(Entity, Debug, Clone)]
#[entity(table = "parts", schema = "Che.cked \"s\"")]
#[belongs_to(whole: Whole, by = whole_id)]
struct Part {
    #[key]
    id: i32,
    #[column(name = "wholeId")]
    whole_id: i32,
    #[column(name = "é🦀")]
    far: Option<String>,
}

#[tokio::test]
async fn names_are_what_the_entities_say_whatever_is_in_them() {
    let script = "CREATE TABLE its_a (whole_id int); CREATE TABLE parts (id int);
        CREATE TABLE \"It's \"\"a\"\".Table;--\" (\"wholeId\" int NOT NULL, \"a \"\"b\"\".c\" text);
        CREATE SCHEMA \"Che.cked \"\"s\"\"\"; CREATE TABLE \"Che.cked \"\"s\"\"\".parts (id int PRIMARY KEY, \"wholeId\" int NOT NULL)";
    let expected = [
        "error: `Part` is mapped to column `é🦀` of table `Che.cked \"s\".parts`, which the database does not have
    ALTER TABLE \"Che.cked \"\"s\"\"\".\"parts\" ADD COLUMN \"é🦀\" text;",
        "error: field `Whole.odd`: column `a \"b\".c` of table `It's \"a\".Table;--` can be NULL, and the field is not an \
         `Option`
    ALTER TABLE \"It's \"\"a\"\".Table;--\" ALTER COLUMN \"a \"\"b\"\".c\" SET NOT NULL;",
        "error: `Whole` is found by `wholeId`, and nothing keeps that unique in table `It's \"a\".Table;--`
    ALTER TABLE \"It's \"\"a\"\".Table;--\" ADD PRIMARY KEY (\"wholeId\");",
        "warning: Part.whole: no foreign key leads from `wholeId` of table `Che.cked \"s\".parts` to `wholeId` of table \
         `It's \"a\".Table;--`, so that a row may lead nowhere
    ALTER TABLE \"Che.cked \"\"s\"\"\".\"parts\" ADD FOREIGN KEY (\"wholeId\") REFERENCES \"It's \"\"a\"\".Table;--\" (\"wholeId\");",
        "warning: Whole.pieces: no index of table `Che.cked \"s\".parts` begins with `wholeId`, by which it is searched
    CREATE INDEX ON \"Che.cked \"\"s\"\"\".\"parts\" (\"wholeId\");",
    ];
    mended::<Whole>(script, &expected).await;
}

#[derive(Entity, Debug, Clone)]
#[entity(table = "Upper")]
struct Upper {
    #[key]
    id: i32,
}

#[tokio::test]
async fn case_matters_as_in_the_statements() {
    let expected = ["error: `Upper` is mapped to table `Upper`, which the database does not have
    CREATE TABLE \"Upper\" (\"id\" integer NOT NULL, PRIMARY KEY (\"id\"));"];
    mended::<Upper>("CREATE TABLE upper (id int PRIMARY KEY)", &expected).await;
}

/// A name that is longer than the 63 bytes of an identifier, and longer than that in a column.
#[derive(Entity, Debug, Clone)]
#[entity(table = "a_table_whose_name_is_so_long_that_the_server_cuts_it_off_before_its_end")]
struct Long {
    #[key]
    a_column_whose_name_is_so_long_that_the_server_cuts_it_off_before_its_end: i32,
}

#[tokio::test]
async fn a_name_that_the_server_cuts_is_cut() {
    let script = "CREATE TABLE a_table_whose_name_is_so_long_that_the_server_cuts_it_off_before_its_end
        (a_column_whose_name_is_so_long_that_the_server_cuts_it_off_before_its_end int PRIMARY KEY)";
    let world = World::new(script).await;
    assert!(report::<Long>(&world).await.is_empty());
    assert!(Long::query().all(&world.pool).await.unwrap().is_empty());
}

#[derive(Entity, Debug, Clone)]
#[entity(table = "users\0")]
struct Zero {
    #[key]
    id: i32,
}

#[tokio::test]
async fn a_name_that_no_table_can_have_is_missing() {
    let world = World::new("CREATE TABLE users (id int PRIMARY KEY)").await;
    let report = report::<Zero>(&world).await;
    let messages: Vec<_> = report.findings().iter().map(Finding::message).collect();
    assert_eq!(messages, ["`Zero` is mapped to table `users\0`, which the database does not have"]);
}

#[derive(Entity, Debug, Clone)]
#[entity(table = "found")]
struct Found {
    #[key]
    id: i32,
}

#[tokio::test]
async fn a_name_without_a_schema_is_looked_up_in_the_search_path() {
    let script =
        "CREATE SCHEMA checked_first; CREATE SCHEMA checked_last; CREATE TABLE checked_last.found (id int PRIMARY KEY);
        CREATE TABLE checked_first.found (id text PRIMARY KEY);";
    let world = World::new(script).await;
    let client = world.client().await;
    let found = async || texts(&relata::check::<Found>(&client).await.unwrap());
    let missing = ["error: `Found` is mapped to table `found`, which the database does not have
    CREATE TABLE \"found\" (\"id\" integer NOT NULL, PRIMARY KEY (\"id\"));"];
    assert_eq!(found().await, missing);
    client.batch_execute("SET search_path = nowhere, checked_last, checked_first").await.unwrap();
    assert_eq!(found().await, [""; 0]);
    client.batch_execute("SET search_path = checked_first, checked_last").await.unwrap();
    let other = ["error: field `Found.id`: column `id` of table `found` is `text`, which cannot be read as `i32` \
                  (but `integer` can)"];
    assert_eq!(found().await, other);
    // What hides a table is met first, whatever it is.
    client.batch_execute("CREATE TEMP TABLE found (id int PRIMARY KEY)").await.unwrap();
    assert_eq!(found().await, [""; 0]);
    client.batch_execute("DROP TABLE pg_temp.found; CREATE TEMP SEQUENCE found").await.unwrap();
    assert!(found().await[0].starts_with("error: `Found` is mapped to column `id` of table `found`"));
}

#[derive(Entity, Debug, Clone)]
#[entity(table = "found", schema = "pg_temp")]
struct Temporary {
    #[key]
    id: i32,
}

#[tokio::test]
async fn the_temporary_schema_is_ones_own() {
    let world = World::new("CREATE TABLE found (id int PRIMARY KEY)").await;
    let client = world.client().await;
    let missing = ["error: `Temporary` is mapped to table `pg_temp.found`, which the database does not have
    CREATE TABLE \"pg_temp\".\"found\" (\"id\" integer NOT NULL, PRIMARY KEY (\"id\"));"];
    let report = relata::check::<Temporary>(&client).await.unwrap();
    assert_eq!(texts(&report), missing);
    client.batch_execute(report.findings()[0].fix().unwrap()).await.unwrap();
    assert!(relata::check::<Temporary>(&client).await.unwrap().is_empty());
}

#[derive(Entity, Debug, Clone)]
#[entity(table = "authors")]
#[has_many(books: Vec<Book>, by = author_id)]
struct Author {
    #[key]
    id: i32,
    name: String,
}

#[derive(Entity, Debug, Clone)]
#[entity(table = "books")]
#[belongs_to(author: Author, by = author_id)]
struct Book {
    #[key]
    id: i32,
    author_id: i32,
}

const ROWS: &str =
    "CREATE TABLE a (id int PRIMARY KEY, name text); CREATE TABLE b (id int PRIMARY KEY, author_id int);";

#[tokio::test]
async fn a_view_is_asked_for_its_columns_and_their_types_only() {
    let views = "CREATE VIEW authors AS SELECT id, name FROM a; CREATE VIEW books AS SELECT id, author_id FROM b";
    stays::<Author>(&format!("{ROWS}{views}"), &[]).await;
    let views =
        "CREATE VIEW authors AS SELECT id::text AS id FROM a; CREATE TABLE books (id int PRIMARY KEY, author_id int)";
    let expected = [
        "error: `Author` is mapped to column `name` of table `authors`, which the database does not have",
        "error: field `Author.id`: column `id` of table `authors` is `text`, which cannot be read as `i32` (but `integer` can)",
        "error: field `Book.author_id`: column `author_id` of table `books` can be NULL, and the field is not an `Option`
    ALTER TABLE \"books\" ALTER COLUMN \"author_id\" SET NOT NULL;",
        "error: Author.books: column `id` of table `authors` is `text`, and column `author_id` of table `books` is \
         `integer`: the database has no operator that compares the two",
        "error: Book.author: column `author_id` of table `books` is `integer`, and column `id` of table `authors` is \
         `text`: the database has no operator that compares the two",
        "warning: Author.books: no index of table `books` begins with `author_id`, by which it is searched
    CREATE INDEX ON \"books\" (\"author_id\");",
    ];
    let world = World::new(&format!("{ROWS}{views}")).await;
    assert_eq!(texts(&report::<Author>(&world).await), expected);
}

#[tokio::test]
async fn a_materialized_view_has_indexes() {
    let views = "CREATE MATERIALIZED VIEW authors AS SELECT id, name FROM a;
        CREATE MATERIALIZED VIEW books AS SELECT id, author_id FROM b; CREATE UNIQUE INDEX ON books (id)";
    let expected = [
        "error: `Author` is found by `id`, and nothing keeps that unique in table `authors`
    CREATE UNIQUE INDEX ON \"authors\" (\"id\");",
        "warning: Author.books: no index of table `books` begins with `author_id`, by which it is searched
    CREATE INDEX ON \"books\" (\"author_id\");",
    ];
    mended::<Author>(&format!("{ROWS}{views}"), &expected).await;
}
