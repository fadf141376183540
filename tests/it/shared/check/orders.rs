//! Indexes that give the rows of a relation in its own order.

use relata::prelude::*;

use super::mended;

#[derive(Entity, Debug, Clone)]
#[entity(table = "users")]
#[has_many(posts: Vec<Post>, by = user_id, order_by = (made desc))]
#[has_many(oldest: Vec<Post>, by = user_id, order_by = (made))]
#[has_many(any: Vec<Post>, by = user_id)]
#[has_many(mixed: Vec<Post>, by = user_id, order_by = (user_id, title, made desc))]
struct User {
    #[key]
    id: i32,
}

#[derive(Entity, Debug, Clone)]
#[entity(table = "posts")]
struct Post {
    #[key]
    id: i32,
    user_id: i32,
    made: i64,
    title: String,
}

const MADE: &str =
    "warning: User.posts, User.oldest: no index of table `posts` has `made` behind `user_id`: an index finds \
                    the rows, and they are sorted each time
    CREATE INDEX ON \"posts\" (\"user_id\", \"made\");";
const MIXED: &str =
    "warning: User.mixed: no index of table `posts` has `title`, `made` behind `user_id`: an index finds \
                     the rows, and they are sorted each time
    CREATE INDEX ON \"posts\" (\"user_id\", \"title\", \"made\" DESC);";

async fn posts(indexes: &str, expected: &[&str]) {
    let script = format!(
        "CREATE TABLE users (id int PRIMARY KEY);
        CREATE TABLE posts (id int PRIMARY KEY, user_id int NOT NULL REFERENCES users, made int8 NOT NULL,
            title text NOT NULL); {indexes}"
    );
    mended::<User>(&script, expected).await;
}

#[tokio::test]
async fn an_order_without_an_index_is_a_finding_of_its_own() {
    posts("CREATE INDEX ON posts (user_id)", &[MADE, MIXED]).await;
    posts("CREATE INDEX ON posts USING hash (user_id)", &[MADE, MIXED]).await;
}

#[tokio::test]
async fn without_any_index_one_finds_and_sorts() {
    let none =
        "warning: User.any, User.mixed: no index of table `posts` begins with `user_id`, by which it is searched; \
                with `title`, `made` behind, it gives the rows in order
    CREATE INDEX ON \"posts\" (\"user_id\", \"title\", \"made\" DESC);";
    let made =
        "warning: User.posts, User.oldest: no index of table `posts` begins with `user_id`, by which it is searched; \
                with `made` behind, it gives the rows in order
    CREATE INDEX ON \"posts\" (\"user_id\", \"made\");";
    posts("", &[made, none]).await;
}

#[tokio::test]
async fn an_index_is_read_forward_and_backward() {
    let mixed = "CREATE INDEX ON posts (user_id, title, made DESC)";
    posts(&format!("CREATE INDEX ON posts (user_id, made); {mixed}"), &[]).await;
    posts(&format!("CREATE INDEX ON posts (user_id DESC, made DESC, id); {mixed}"), &[]).await;
    posts("CREATE INDEX ON posts (user_id, made); CREATE INDEX ON posts (user_id, title DESC, made)", &[]).await;
    posts("CREATE INDEX ON posts (user_id, made); CREATE INDEX ON posts (user_id, title, made)", &[MIXED]).await;
    posts(&format!("CREATE INDEX ON posts (user_id, id, made); {mixed}"), &[MADE]).await;
    posts(&format!("CREATE INDEX ON posts (made, user_id); {mixed}"), &[MADE]).await;
    posts(&format!("CREATE INDEX ON posts (user_id, made DESC NULLS LAST); {mixed}"), &[MADE]).await;
    posts(
        "CREATE INDEX ON posts (user_id, made); CREATE INDEX ON posts (user_id, title text_pattern_ops, made DESC)",
        &[MIXED],
    )
    .await;
}

#[derive(Entity, Debug, Clone)]
#[entity(table = "students")]
#[many_to_many(courses: Vec<Course>, through = "enrollments", by = (student_id, course_id), order_by = (name))]
struct Student {
    #[key]
    id: i32,
}

#[derive(Entity, Debug, Clone)]
#[entity(table = "courses")]
struct Course {
    #[key]
    id: i32,
    name: String,
}

#[tokio::test]
async fn no_index_gives_the_order_of_a_many_to_many() {
    let script =
        "CREATE TABLE students (id int PRIMARY KEY); CREATE TABLE courses (id int PRIMARY KEY, name text NOT NULL);
        CREATE TABLE enrollments (student_id int REFERENCES students, course_id int REFERENCES courses,
            PRIMARY KEY (student_id, course_id));";
    mended::<Student>(script, &[]).await;
}
