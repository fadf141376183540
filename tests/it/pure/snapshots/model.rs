//! A library: a relation of every kind.

use relata::prelude::*;
use serde::Serialize;

#[derive(Entity, Debug, Clone, PartialEq, Serialize)]
#[entity(table = "authors")]
#[has_many(books: Vec<Book>, by = author_id)]
#[has_many(printed: Vec<Book>, by = author_id, only = (printed = true, lost_in = None))]
#[has_many(newest: Vec<Book>, by = author_id, order_by = (year desc, title))]
#[has_one(account: Option<Account>, by = author_id)]
#[has_one(address: Address, by = author_id)]
pub struct Author {
    #[key(generated)]
    pub id: i32,
    pub name: String,
}

/// Its key is its author's.
#[derive(Entity, Debug, Clone, PartialEq, Serialize)]
#[entity(table = "addresses")]
pub struct Address {
    #[key]
    pub author_id: i32,
    pub city: String,
}

/// Its author is unique, and not its key.
#[derive(Entity, Debug, Clone, PartialEq, Serialize)]
#[entity(table = "accounts")]
pub struct Account {
    #[key(generated)]
    pub id: i32,
    pub author_id: i32,
}

#[derive(Entity, Debug, Clone, PartialEq, Serialize)]
#[entity(table = "books")]
#[belongs_to(author: Author, by = author_id)]
#[belongs_to(editor: Option<Author>, by = editor_id)]
#[many_to_many(genres: Vec<Genre>, through = Shelving, by = (book, genre))]
#[many_to_many(keywords: Vec<Keyword>, through = "book_keywords", by = (book_id, keyword_id))]
#[has_many(editions: Vec<Edition>, by = book_id)]
pub struct Book {
    #[key(generated)]
    pub id: i32,
    pub title: String,
    pub year: i32,
    pub printed: bool,
    pub lost_in: Option<i32>,
    pub author_id: i32,
    pub editor_id: Option<i32>,
}

#[derive(Entity, Debug, Clone, PartialEq, Serialize)]
#[entity(table = "genres")]
#[many_to_many(books: Vec<Book>, through = Shelving, by = (genre, book))]
pub struct Genre {
    #[key(generated)]
    pub id: i32,
    pub name: String,
}

#[derive(Entity, Debug, Clone, PartialEq, Serialize)]
#[entity(table = "shelvings")]
#[belongs_to(book: Book, by = book_id)]
#[belongs_to(genre: Genre, by = genre_id)]
pub struct Shelving {
    #[key]
    pub book_id: i32,
    #[key]
    pub genre_id: i32,
    pub shelf: i32,
}

#[derive(Entity, Debug, Clone, PartialEq, Serialize)]
#[entity(table = "keywords")]
pub struct Keyword {
    #[key(generated)]
    pub id: i32,
    pub word: String,
}

#[derive(Entity, Debug, Clone, PartialEq, Serialize)]
#[entity(table = "editions")]
#[belongs_to(book: Book, by = book_id)]
#[has_many(copies: Vec<Copy>, by = (book_id, edition))]
pub struct Edition {
    #[key]
    pub book_id: i32,
    #[key]
    pub number: i32,
}

#[derive(Entity, Debug, Clone, PartialEq, Serialize)]
#[entity(table = "copies")]
#[belongs_to(of: Option<Edition>, by = (book_id, edition))]
pub struct Copy {
    #[key(generated)]
    pub id: i32,
    pub book_id: i32,
    pub edition: Option<i32>,
}

#[derive(Entity, Debug, Clone, PartialEq, Serialize)]
#[entity(table = "rooms")]
#[belongs_to(within: Option<Room>, by = within_id)]
#[has_many(rooms: Vec<Room>, by = within_id)]
#[many_to_many(doors: Vec<Room>, through = "doors", by = (here, there))]
pub struct Room {
    #[key(generated)]
    pub id: i32,
    pub within_id: Option<i32>,
}

/// Its key is a number that only the database compares.
#[derive(Entity, Debug, Clone, PartialEq, Serialize)]
#[entity(table = "fees")]
#[has_many(cards: Vec<Card>, by = fee)]
pub struct Fee {
    #[key]
    pub id: f64,
}

#[derive(Entity, Debug, Clone, PartialEq, Serialize)]
#[entity(table = "cards")]
#[belongs_to(of: Fee, by = fee)]
pub struct Card {
    #[key(generated)]
    pub id: i32,
    pub fee: f64,
}

pub const SCRIPT: &str = "
CREATE TABLE authors (id int PRIMARY KEY, name text NOT NULL);
CREATE TABLE addresses (author_id int PRIMARY KEY REFERENCES authors, city text NOT NULL);
CREATE TABLE accounts (id int PRIMARY KEY, author_id int NOT NULL UNIQUE REFERENCES authors);
CREATE TABLE books (id int PRIMARY KEY, title text NOT NULL, year int NOT NULL, printed bool NOT NULL, lost_in int,
    author_id int NOT NULL REFERENCES authors, editor_id int REFERENCES authors);
CREATE INDEX ON books (author_id, year); CREATE INDEX ON books (editor_id);
CREATE TABLE genres (id int PRIMARY KEY, name text NOT NULL);
CREATE TABLE shelvings (book_id int REFERENCES books, genre_id int REFERENCES genres, shelf int NOT NULL,
    PRIMARY KEY (book_id, genre_id));
CREATE INDEX ON shelvings (genre_id);
CREATE TABLE keywords (id int PRIMARY KEY, word text NOT NULL);
CREATE TABLE book_keywords (book_id int NOT NULL REFERENCES books, keyword_id int NOT NULL REFERENCES keywords);
CREATE INDEX ON book_keywords (book_id); CREATE INDEX ON book_keywords (keyword_id);
CREATE TABLE editions (book_id int REFERENCES books, number int, PRIMARY KEY (book_id, number));
CREATE TABLE copies (id int PRIMARY KEY, book_id int NOT NULL, edition int,
    FOREIGN KEY (book_id, edition) REFERENCES editions);
CREATE INDEX ON copies (book_id, edition);
CREATE TABLE rooms (id int PRIMARY KEY, within_id int REFERENCES rooms);
CREATE INDEX ON rooms (within_id);
CREATE TABLE doors (here int NOT NULL REFERENCES rooms, there int NOT NULL REFERENCES rooms);
CREATE INDEX ON doors (here);
CREATE TABLE fees (id float8 PRIMARY KEY);
CREATE TABLE cards (id int PRIMARY KEY, fee float8 NOT NULL REFERENCES fees);
CREATE INDEX ON cards (fee);
INSERT INTO authors VALUES (1, 'Ada'), (2, 'Ben'), (3, 'Cleo');
INSERT INTO addresses VALUES (1, 'Ulm'), (2, 'Bern'), (3, 'Ulm');
INSERT INTO accounts VALUES (1, 3), (2, 1);
INSERT INTO books VALUES (1, 'Winter', 1990, true, NULL, 1, 2), (2, 'Autumn', 2001, true, 2020, 2, NULL),
    (3, 'Summer', 2001, false, NULL, 1, 1), (4, 'Spring', 1990, true, NULL, 1, 3), (5, 'Autumn', 2001, true, NULL, 1, 2);
INSERT INTO genres VALUES (1, 'Poems'), (2, 'Plays'), (3, 'Essays');
INSERT INTO shelvings VALUES (1, 2, 9), (1, 1, 7), (1, 3, 8), (2, 1, 7), (3, 3, 7);
INSERT INTO keywords VALUES (1, 'snow'), (2, 'rain'), (3, 'sun');
INSERT INTO book_keywords VALUES (1, 1), (1, 2), (1, 1), (2, 2), (3, 3), (3, 2);
INSERT INTO editions VALUES (1, 1), (1, 2), (2, 1), (3, 1);
INSERT INTO copies VALUES (1, 1, 1), (2, 1, 2), (3, 1, 1), (4, 2, 1), (5, 1, NULL), (6, 1, 1);
INSERT INTO rooms VALUES (1, NULL), (2, 1), (3, 1), (4, 1), (5, 3);
INSERT INTO doors VALUES (2, 3), (3, 2), (3, 4), (4, 3), (3, 5), (5, 3), (3, 3);
INSERT INTO fees VALUES (0), (2.5), (7);
INSERT INTO cards VALUES (1, 2.5), (2, '-0'), (3, 2.5), (4, 2.5);
ANALYZE;";
