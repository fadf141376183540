//! Several loads in one statement: the values of each at their places, the names of each apart.

use relata::prelude::*;

use crate::support::World;
use crate::support::stock::Page;
use crate::support::twins::{Strategy, Under, mixtures};

mod credits {
    use relata::prelude::*;

    #[derive(Entity, Debug, Clone, PartialEq)]
    #[entity(table = "authors")]
    #[many_to_many(books: Vec<Book>, through = Credit, by = (author, book))]
    pub struct Author {
        #[key]
        pub id: i32,
        pub score: i32,
    }

    #[derive(Entity, Debug, Clone, PartialEq)]
    #[entity(table = "credits")]
    #[belongs_to(author: Author, by = author_id)]
    #[belongs_to(book: Book, by = book_id)]
    pub struct Credit {
        #[key]
        pub author_id: i32,
        #[key]
        pub book_id: i32,
        pub role: i16,
    }

    #[derive(Entity, Debug, Clone, PartialEq)]
    #[entity(table = "books")]
    #[has_many(reviews: Vec<Review>, by = book_id)]
    pub struct Book {
        #[key]
        pub id: i32,
        pub pages: i64,
    }

    #[derive(Entity, Debug, Clone, PartialEq)]
    #[entity(table = "reviews")]
    pub struct Review {
        #[key]
        pub id: i32,
        pub book_id: i32,
        pub stars: String,
    }
}

use credits::{Author, Book, Credit, Review};

/// Twelve authors, nine books, a credit where the numbers say so, and reviews of all books but one.
struct Rows;

impl Rows {
    fn score(author: i32) -> i32 {
        author * 5 % 7
    }

    fn pages(book: i32) -> i64 {
        i64::from(book * 4 % 9)
    }

    fn role(author: i32, book: i32) -> Option<i16> {
        let number = author * 7 + book * 3;
        (number % 4 != 0).then_some((number % 5) as i16)
    }

    /// Review `10 * book + n` has so many stars.
    fn stars(book: i32) -> Vec<(i32, String)> {
        (0..book - 1).map(|n| (10 * book + n, "*".repeat(((book + 2 * n) % 4) as usize))).collect()
    }

    async fn world() -> World {
        let mut script = String::from(
            "CREATE TABLE authors (id int PRIMARY KEY, score int NOT NULL);
            CREATE TABLE books (id int PRIMARY KEY, pages bigint NOT NULL);
            CREATE TABLE credits (author_id int REFERENCES authors, book_id int REFERENCES books, role smallint NOT NULL,
                PRIMARY KEY (author_id, book_id));
            CREATE TABLE reviews (id int PRIMARY KEY, book_id int NOT NULL REFERENCES books, stars text NOT NULL);",
        );
        for book in 1..=9 {
            script += &format!("INSERT INTO books VALUES ({book}, {});", Rows::pages(book));
            for (review, stars) in Rows::stars(book) {
                script += &format!("INSERT INTO reviews VALUES ({review}, {book}, '{stars}');");
            }
        }
        for author in 1..=12 {
            script += &format!("INSERT INTO authors VALUES ({author}, {});", Rows::score(author));
            for (book, role) in (1..=9).filter_map(|book| Some((book, Rows::role(author, book)?))) {
                script += &format!("INSERT INTO credits VALUES ({author}, {book}, {role});");
            }
        }
        World::new(&script).await
    }
}

/// The values of one query, each of another column.
#[derive(Debug, Clone, Copy)]
struct Asked {
    score: i32,
    pages: i64,
    role: i16,
    stars: &'static str,
    authors: Page,
    books: Page,
    reviews: Page,
    /// Only authors that have such a book.
    matching: bool,
}

type Found = Vec<(i32, Vec<(i32, Vec<i32>)>)>;

impl Asked {
    /// Row by row.
    fn expected(&self) -> Found {
        let reviews = |book: i32| {
            let mut rows: Vec<(String, i32)> = Rows::stars(book).into_iter().map(|(id, stars)| (stars, id)).collect();
            rows.retain(|(stars, _)| stars.as_str() >= self.stars);
            rows.sort_by(|(one, first), (other, second)| other.cmp(one).then(first.cmp(second)));
            self.reviews.cut(rows).into_iter().map(|(_, id)| id).collect::<Vec<i32>>()
        };
        let books = |author: i32| {
            let mut rows: Vec<(i16, i64, i32)> = (1..=9)
                .filter_map(|book| Some((Rows::role(author, book)?, Rows::pages(book), book)))
                .filter(|(role, pages, _)| *role <= self.role && *pages > self.pages)
                .collect();
            rows.sort_by_key(|(role, pages, id)| (std::cmp::Reverse(*role), *pages, *id));
            rows.into_iter().map(|(.., id)| id).collect::<Vec<i32>>()
        };
        let mut authors: Vec<i32> = (1..=12).filter(|author| Rows::score(*author) >= self.score).collect();
        authors.retain(|author| !self.matching || !books(*author).is_empty());
        authors.sort_by_key(|author| (-Rows::score(*author), *author));
        let whole = |author: i32| {
            self.books.cut(books(author)).into_iter().map(|book| (book, reviews(book))).collect::<Vec<_>>()
        };
        self.authors.cut(authors).into_iter().map(|author| (author, whole(author))).collect()
    }

    fn query(
        &self,
        [books, reviews]: [Strategy; 2],
        window: bool,
    ) -> relata::Query<loaded!(Author { books { reviews } })> {
        let load = Book.reviews.filter(Review.stars.ge(self.stars)).order_by(Review.stars.desc());
        let load = self.reviews.of_each(load.order_by(Review.id.asc()).under(reviews), window);
        let own = Author.books.filter(Book.pages.gt(self.pages)).filter_through(Credit.role.le(self.role));
        let own = own.order_by_through(Credit.role.desc()).order_by(Book.pages.asc()).order_by(Book.id.asc());
        let load = self.books.of_each(own.under(books), window).with(load);
        let authors = Author::query().filter(Author.score.ge(self.score));
        let authors = self.authors.of(authors.order_by(Author.score.desc()).order_by(Author.id.asc()));
        if self.matching { authors.with_matching(load) } else { authors.with(load) }
    }
}

#[tokio::test]
async fn each_value_stands_at_its_own_place() {
    let world = Rows::world().await;
    let pages = [Page::ALL, Page::part(1, 2), Page::first(3), Page::after(2)];
    let mut matched = 0;
    for at in 0..48 {
        let asked = Asked {
            score: at % 5,
            pages: i64::from(at % 3 * 2),
            role: (at % 4) as i16 + 1,
            stars: ["", "*", "**"][at as usize % 3],
            authors: pages[at as usize % 4],
            books: pages[at as usize / 4 % 4],
            reviews: pages[at as usize / 16],
            matching: at % 2 == 0,
        };
        let expected = asked.expected();
        matched += expected.iter().map(|(_, books)| books.len()).sum::<usize>();
        for (mixture, window) in mixtures().into_iter().flat_map(|mixture| [(mixture, false), (mixture, true)]) {
            let query = asked.query(mixture, window);
            let authors = query.all(&world.pool).await.unwrap();
            let books = |author: &loaded!(Author { books { reviews } })| {
                let reviews = |rows: &[Review]| rows.iter().map(|review| review.id).collect();
                author.books().iter().map(|book| (book.id, reviews(book.reviews()))).collect::<Vec<_>>()
            };
            let found: Found = authors.iter().map(|author| (author.id, books(author))).collect();
            assert_eq!(found, expected, "{asked:?}, {mixture:?}, {window}\n{}", query.to_sql());
            let counted = query.count(&world.pool).await.unwrap();
            assert_eq!(counted, expected.len() as u64);
        }
    }
    assert!(matched > 200, "the values leave something to load: {matched}");
}
