//! Indexes by which loads find rows.

use relata::prelude::*;

use super::{half_made, mended, report, stays, texts};
use crate::support::World;

#[derive(Entity, Debug, Clone)]
#[entity(table = "users")]
#[has_many(posts: Vec<Post>, by = user_id)]
#[has_many(drafts: Vec<Post>, by = user_id, only = (published = false))]
struct User {
    #[key]
    id: i32,
}

#[derive(Entity, Debug, Clone)]
#[entity(table = "posts")]
struct Post {
    #[key]
    id: i32,
    user_id: Option<i32>,
    published: bool,
}

const WANTED: &str =
    "warning: User.posts, User.drafts: no index of table `posts` begins with `user_id`, by which it is \
                      searched
    CREATE INDEX ON \"posts\" (\"user_id\");";

async fn posts(indexes: &str, expected: &[&str]) {
    let script = format!(
        "CREATE TABLE users (id int PRIMARY KEY);
        CREATE TABLE posts (id int PRIMARY KEY, user_id int REFERENCES users, published bool NOT NULL); {indexes}"
    );
    mended::<User>(&script, expected).await;
}

#[tokio::test]
async fn one_index_is_one_finding_for_all_relations_that_need_it() {
    posts("", &[WANTED]).await;
}

#[tokio::test]
async fn an_index_counts_if_it_begins_with_the_columns() {
    for index in [
        "CREATE INDEX ON posts (user_id)",
        "CREATE INDEX ON posts (user_id DESC NULLS LAST, published)",
        "CREATE INDEX ON posts USING hash (user_id)",
        "CREATE UNIQUE INDEX ON posts (user_id, id)",
        "ALTER TABLE posts ADD UNIQUE (user_id)",
        "CREATE INDEX ON posts (user_id, (id % 10))",
    ] {
        posts(index, &[]).await;
    }
    for index in [
        "CREATE INDEX ON posts (published, user_id)",
        "CREATE INDEX ON posts (published) INCLUDE (user_id)",
        "CREATE INDEX ON posts ((user_id + 0))",
        "CREATE INDEX ON posts USING brin (user_id)",
        "CREATE INDEX ON posts USING gist (int4range(user_id, NULL))",
    ] {
        posts(index, &[WANTED]).await;
    }
}

#[tokio::test]
async fn an_index_that_would_count_and_does_not_is_told() {
    let script = "CREATE TABLE users (id int PRIMARY KEY); INSERT INTO users VALUES (1);
        CREATE TABLE posts (id int PRIMARY KEY, user_id int REFERENCES users, published bool NOT NULL);
        INSERT INTO posts VALUES (1, 1, true), (2, 1, true)";
    let world = World::new(script).await;
    half_made(&world, "CREATE UNIQUE INDEX CONCURRENTLY half_made ON posts (user_id)").await;
    let told = WANTED.replace("searched\n", "searched; index `half_made` does, and is not valid\n");
    assert_eq!(texts(&report::<User>(&world).await), [told]);
}

#[derive(Entity, Debug, Clone)]
#[entity(table = "seats")]
#[has_many(tickets: Vec<Ticket>, by = (row, place))]
struct Seat {
    #[key]
    row: i32,
    #[key]
    place: i32,
}

#[derive(Entity, Debug, Clone)]
#[entity(table = "tickets")]
#[belongs_to(seat: Option<Seat>, by = (row, place))]
#[belongs_to(show: Option<Show>, by = show_id)]
struct Ticket {
    #[key]
    id: i32,
    row: i32,
    place: i32,
    show_id: i32,
}

#[derive(Entity, Debug, Clone)]
#[entity(table = "shows")]
#[has_many(tickets: Vec<Ticket>, by = show_id)]
#[has_many(numbered: Vec<Numbered>, by = row)]
struct Show {
    #[key]
    id: i32,
}

/// A ticket, reached by a part of the columns.
#[derive(Entity, Debug, Clone)]
#[entity(table = "tickets")]
struct Numbered {
    #[key]
    id: i32,
    row: i32,
}

async fn tickets(indexes: &str, expected: &[&str]) {
    let script = format!(
        "CREATE TABLE seats (\"row\" int, place int, PRIMARY KEY (place, \"row\")); CREATE TABLE shows (id int PRIMARY KEY);
        CREATE TABLE tickets (id int PRIMARY KEY, \"row\" int NOT NULL, place int NOT NULL, show_id int NOT NULL); {indexes}"
    );
    mended::<(Seat, Show)>(&script, expected).await;
}

#[tokio::test]
async fn all_columns_of_a_key_come_first_in_any_order() {
    let pair =
        "warning: Seat.tickets, Show.numbered: no index of table `tickets` begins with `row`, `place`, by which it \
                is searched
    CREATE INDEX ON \"tickets\" (\"row\", \"place\");";
    let show = "warning: Show.tickets: no index of table `tickets` begins with `show_id`, by which it is searched
    CREATE INDEX ON \"tickets\" (\"show_id\");";
    // What the longer index begins with is no second one.
    tickets("", &[pair, show]).await;
    let pair = pair.replace(", Show.numbered", "");
    let row = "warning: Show.numbered: no index of table `tickets` begins with `row`, by which it is searched
    CREATE INDEX ON \"tickets\" (\"row\");";
    tickets("CREATE INDEX ON tickets (place, \"row\")", &[show, row]).await;
    tickets("CREATE INDEX ON tickets (\"row\"); CREATE INDEX ON tickets (place)", &[&pair, show]).await;
    tickets("CREATE INDEX ON tickets (\"row\", show_id, place); CREATE INDEX ON tickets (show_id)", &[&pair]).await;
    tickets("CREATE INDEX ON tickets (\"row\", place, show_id); CREATE INDEX ON tickets (show_id)", &[]).await;
    // One row of each place: there is nothing left to search.
    tickets(
        "CREATE UNIQUE INDEX ON tickets (place); CREATE INDEX ON tickets (\"row\"); CREATE INDEX ON tickets (show_id)",
        &[],
    )
    .await;
}

#[tokio::test]
async fn an_index_that_another_fix_makes_is_not_asked_for_again() {
    let script = "CREATE TABLE seats (\"row\" int NOT NULL, place int NOT NULL);
        CREATE TABLE tickets (id int PRIMARY KEY, \"row\" int NOT NULL, place int NOT NULL, show_id int NOT NULL);
        CREATE TABLE shows (id int PRIMARY KEY); CREATE INDEX ON tickets (\"row\", place); CREATE INDEX ON tickets (show_id);";
    let expected = ["error: `Seat` is found by `row`, `place`, and nothing keeps that unique in table `seats`
    ALTER TABLE \"seats\" ADD PRIMARY KEY (\"row\", \"place\");"];
    mended::<Seat>(script, &expected).await;
}

#[derive(Entity, Debug, Clone)]
#[entity(table = "people")]
#[has_many(letters: Vec<Letter>, by = sender)]
struct Person {
    #[key]
    name: String,
}

#[derive(Entity, Debug, Clone)]
#[entity(table = "letters")]
struct Letter {
    #[key]
    id: i32,
    sender: String,
}

#[tokio::test]
async fn an_index_compares_as_the_column_does() {
    let wanted = ["warning: Person.letters: no index of table `letters` begins with `sender`, by which it is searched
    CREATE INDEX ON \"letters\" (\"sender\");"];
    for (ty, index, counts) in [
        ("text", "sender", true),
        ("text", "sender COLLATE \"C\"", false),
        ("text COLLATE \"C\"", "sender", true),
        ("text", "sender text_pattern_ops", true),
        ("varchar(9)", "sender", true),
        ("varchar(9)", "sender varchar_pattern_ops", true),
        ("char(9)", "sender", true),
        ("char(9)", "sender bpchar_pattern_ops", true),
        ("code", "sender", true),
    ] {
        let script = format!(
            "CREATE DOMAIN code AS text; CREATE TABLE people (name {ty} PRIMARY KEY);
            CREATE TABLE letters (id int PRIMARY KEY, sender {ty} NOT NULL); CREATE INDEX ON letters ({index})"
        );
        mended::<Person>(&script, if counts { &[] } else { &wanted }).await;
    }
}

#[derive(Entity, Debug, Clone)]
#[entity(table = "employees")]
#[belongs_to(manager: Option<Employee>, by = manager_id)]
#[has_many(reports: Vec<Employee>, by = manager_id)]
#[many_to_many(friends: Vec<Employee>, through = "friends", by = (one, other))]
struct Employee {
    #[key]
    id: i32,
    manager_id: Option<i32>,
}

#[tokio::test]
async fn relations_of_a_table_to_itself_search_it_too() {
    let script = "CREATE TABLE employees (id int PRIMARY KEY, manager_id int REFERENCES employees);
        CREATE TABLE friends (one int REFERENCES employees, other int REFERENCES employees, PRIMARY KEY (other, one))";
    let expected = [
        "warning: Employee.reports: no index of table `employees` begins with `manager_id`, by which it is searched
    CREATE INDEX ON \"employees\" (\"manager_id\");",
        "warning: Employee.friends: no index of table `friends` begins with `one`, by which it is searched
    CREATE INDEX ON \"friends\" (\"one\");",
    ];
    mended::<Employee>(script, &expected).await;
    stays::<Employee>(&format!("{script}; CREATE INDEX ON employees (manager_id); CREATE INDEX ON friends (one)"), &[])
        .await;
}
