//! A public newtype of a private type.
#![deny(warnings)]

mod inner {
    use relata::prelude::*;

    #[derive(Newtype, Debug, Clone)]
    struct Word(String);

    #[derive(Newtype, Debug, Clone)]
    pub struct Title(Word);

    #[derive(Entity, Debug, Clone)]
    #[entity(table = "books")]
    pub struct Book {
        #[key]
        pub id: i32,
        pub title: Title,
    }
}

use inner::Book;
use relata::prelude::*;

fn main() {
    let _ = Book::query().filter(Book.title.like("A%") & Book.title.eq("Aa") & Book.title.is_in(["Ab"]));
}
