//! Entities that are mapped to what the database does not have, or has otherwise.

use relata::prelude::*;
use relata::{Error, ErrorKind};

use super::probe::{prepared, refused, usable};
use crate::support::blog::User;
use crate::support::{World, blog, pool};

#[derive(Entity, Debug, Clone)]
#[entity(table = "users")]
#[has_many(articles: Vec<Article>, by = author_id)]
#[has_many(ghosts: Vec<Ghost>, by = author_id)]
struct Author {
    #[key]
    id: i32,
    name: String,
}

#[derive(Entity, Debug, Clone)]
#[entity(table = "users")]
struct Person {
    #[key]
    id: i32,
    nickname: String,
}

#[derive(Entity, Debug, Clone)]
#[entity(table = "posts")]
#[belongs_to(author: Author, by = author_id)]
#[belongs_to(person: Person, by = author_id)]
#[has_many(notes: Vec<Note>, by = article_id)]
#[has_many(scores: Vec<Score>, by = article_id)]
#[has_many(marks: Vec<Mark>, by = article_id)]
struct Article {
    #[key]
    id: i32,
    #[column(name = "user_id")]
    author_id: i32,
    title: String,
}

/// Mapped to a column that is called otherwise.
#[derive(Entity, Debug, Clone)]
#[entity(table = "comments")]
struct Note {
    #[key]
    id: i32,
    #[column(name = "post_id")]
    article_id: i32,
    text: String,
}

/// Reads text as a number.
#[derive(Entity, Debug, Clone)]
#[entity(table = "comments")]
struct Score {
    #[key]
    id: i32,
    #[column(name = "post_id")]
    article_id: i32,
    body: i64,
}

/// Its foreign key is text in the database.
#[derive(Entity, Debug, Clone)]
#[entity(table = "marks")]
struct Mark {
    #[key]
    id: i32,
    article_id: i32,
}

#[derive(Entity, Debug, Clone)]
#[entity(table = "ghosts", schema = "spirits")]
#[belongs_to(author: Author, by = author_id)]
struct Ghost {
    #[key]
    id: i32,
    author_id: i32,
}

/// Two columns as a key, one of which is not there.
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
struct Ticket {
    #[key]
    id: i32,
    row: i32,
    place: i32,
}

async fn world() -> World {
    let more = "
        CREATE TABLE marks (id int PRIMARY KEY, article_id text NOT NULL); INSERT INTO marks VALUES (1, '1');
        CREATE TABLE seats (\"row\" int, place int, PRIMARY KEY (\"row\", place)); INSERT INTO seats VALUES (1, 1);
        CREATE TABLE tickets (id int PRIMARY KEY, \"row\" int NOT NULL);";
    let mut world = World::new(&format!("{}{}{more}", blog::TABLES, blog::ROWS)).await;
    world.pool = pool(&world.config, 1);
    world
}

#[tokio::test]
async fn a_missing_table_is_named_with_its_entity() {
    let world = world().await;
    let pool = &world.pool;
    let says = "Ghost: `Ghost` is mapped to table `spirits.ghosts`, which the database does not have";
    refused(Ghost::query().all(pool).await, ErrorKind::MissingTable, says);
    let says = "Author.ghosts: `Ghost` is mapped to table `spirits.ghosts`, which the database does not have";
    let error = refused(Author::query().with(Author.ghosts).all(pool).await, ErrorKind::MissingTable, says);
    assert!(error.sql().is_some_and(|sql| sql.contains("\"spirits\".\"ghosts\"")));
    assert_eq!(error.sqlstate().map(|state| state.code()), Some("42P01"));
    let says = "Author: `Ghost` is mapped to table `spirits.ghosts`, which the database does not have";
    let found = Author::query().filter(Author.ghosts.any(Ghost.id.eq(1))).count(pool).await;
    refused(found, ErrorKind::MissingTable, says);
    usable(pool).await;
}

#[tokio::test]
async fn a_missing_column_is_named_wherever_it_is_used() {
    let world = world().await;
    let pool = &world.pool;
    let kind = ErrorKind::MissingColumn;
    let nickname = "`Person` is mapped to column `nickname` of table `users`, which the database does not have";
    let text = "`Note` is mapped to column `text` of table `comments`, which the database does not have";

    refused(Person::query().all(pool).await, kind, &format!("Person: {nickname}"));
    usable(pool).await;
    let deep = Author::query().with(Author.articles.with(Article.notes)).all(pool).await;
    refused(deep, kind, &format!("Author.articles.notes: {text}"));
    usable(pool).await;
    let joined = Author::query().with(Author.articles.joined().with(Article.notes.joined())).all(pool).await;
    refused(joined, kind, &format!("Author: {text}"));
    usable(pool).await;
    let joined = Article::query().filter(Article.person.nickname.eq("x")).all(pool).await;
    refused(joined, kind, &format!("Article: {nickname}"));
    usable(pool).await;
    let exists = Author::query().filter(Author.articles.any(Article.notes.any(Note.text.eq("x")))).exists(pool).await;
    refused(exists, kind, &format!("Author: {text}"));
    usable(pool).await;
    let ordered = Article::query().order_by(Article.person.nickname.asc()).first(pool).await;
    refused(ordered, kind, &format!("Article: {nickname}"));
    let key = Seat::query().with(Seat.tickets).all(pool).await;
    let place = "`Ticket` is mapped to column `place` of table `tickets`, which the database does not have";
    refused(key, kind, &format!("Seat.tickets: {place}"));
    usable(pool).await;
}

#[tokio::test]
async fn a_column_of_another_type_is_named_with_both_types() {
    let world = world().await;
    let pool = &world.pool;
    let body = "field `Score.body`: column `body` of table `comments` is `text`, which cannot be read as `i64`";
    refused(Score::query().all(pool).await, ErrorKind::Decode, &format!("Score: {body}"));
    usable(pool).await;
    let child = Author::query().with(Author.articles.with(Article.scores)).all(pool).await;
    refused(child, ErrorKind::Decode, &format!("Author.articles.scores: {body}"));
    usable(pool).await;
    let joined = Author::query().with(Author.articles.joined().with(Article.scores.joined())).all(pool).await;
    refused(joined, ErrorKind::Decode, &format!("Author.articles.scores: {body}"));
    usable(pool).await;
}

#[tokio::test]
async fn a_value_of_another_type_than_its_column_is_an_error_of_encoding() {
    let world = world().await;
    let pool = &world.pool;
    let compared = Score::query().filter(Score.body.eq(1)).all(pool).await;
    let says = "Score: parameter $1 of the statement is `text`, and its value cannot be sent as that";
    refused(compared, ErrorKind::Encode, says);
    usable(pool).await;
}

#[tokio::test]
async fn keys_of_different_types_are_an_error_of_encoding() {
    let world = world().await;
    let pool = &world.pool;
    let several = Article::query().with(Article.marks).all(pool).await;
    let says = "Article.marks: column `article_id` of table `marks` is compared as `text`, and the values of column \
                `id` of table `posts` cannot be sent as that";
    refused(several, ErrorKind::Encode, says);
    usable(pool).await;
    let one = Article::find(1).with(Article.marks).all(pool).await;
    refused(one, ErrorKind::Encode, says);
    usable(pool).await;
    let joined = Article::query().with(Article.marks.joined()).all(pool).await.unwrap_err();
    assert_eq!((joined.kind(), joined.path()), (ErrorKind::Database, Some("Article")), "{joined}");
    assert_eq!(joined.sqlstate().map(|state| state.code()), Some("42883"), "no operator compares them");
    usable(pool).await;
}

#[tokio::test]
async fn a_failing_load_leaves_no_prepared_statement_behind() {
    let world = world().await;
    let pool = &world.pool;
    usable(pool).await;
    let mut before = 0;
    for round in 0..20 {
        let load: Result<_, Error> =
            Author::query().with(Author.articles.with(Article.notes).with(Article.scores)).all(pool).await;
        assert_eq!(load.unwrap_err().kind(), ErrorKind::MissingColumn);
        let now = prepared(&pool.get().await.unwrap()).await;
        assert!(round < 2 || now == before, "{now} prepared statements after round {round}, {before} before it");
        before = now;
    }
    assert_eq!(User::query().count(pool).await.unwrap(), 4);
}
