//! The queries: for each kind of relation every way to load it, of many parents and of one.

use std::future::Future;
use std::pin::Pin;

use deadpool_postgres::Pool;
use relata::prelude::*;
use relata::sql::Statements;
use relata::{Plan, Query, Shape};
use serde::Serialize;
use serde_json::Value;

use super::file::broken;
use super::model::*;

/// The files, one a kind.
pub const KINDS: [&str; 12] = [
    "has_many",
    "belongs_to",
    "belongs_to_optional",
    "has_one",
    "through_entity",
    "through_table",
    "itself",
    "composite",
    "only",
    "default_order",
    "database",
    "mixed",
];

/// A query, and what it is called.
pub struct Case {
    pub name: &'static str,
    /// Whether each collection is in an order that was asked for.
    pub ordered: bool,
    pub query: Box<dyn Asked>,
}

/// A query without its type.
pub trait Asked {
    fn plan(&self) -> Plan;
    fn statements(&self) -> Statements;
    fn rows<'q>(&'q self, db: &'q Pool) -> Pin<Box<dyn Future<Output = Vec<Value>> + 'q>>;
}

impl<T: Shape + Serialize> Asked for Query<T> {
    fn plan(&self) -> Plan {
        Query::plan(self)
    }

    fn statements(&self) -> Statements {
        self.to_sql()
    }

    fn rows<'q>(&'q self, db: &'q Pool) -> Pin<Box<dyn Future<Output = Vec<Value>> + 'q>> {
        Box::pin(async {
            let rows = self.all(db).await.unwrap_or_else(|error| panic!("{error}\n{}", self.to_sql()));
            rows.iter().map(|row| serde_json::to_value(row).unwrap()).collect()
        })
    }
}

impl Case {
    /// The plan, and each statement with its parameters.
    pub fn text(&self) -> String {
        let mut text = self.query.plan().to_string();
        for statement in &self.query.statements() {
            let params = statement.params();
            let params = if params.is_empty() { String::new() } else { format!(": {}", params.join(", ")) };
            text += &format!("-- {}{params}\n{}\n", statement.path(), broken(statement.text()));
        }
        text
    }
}

/// Every way to load a collection, below all parents and below one.
macro_rules! to_many {
    ($parent:ident, $key:expr, $relation:ident, $order:expr, $target:ident.$column:ident) => {{
        let (all, one) = (|| $parent::query().order_by($order), || $parent::find($key));
        let load = || $parent.$relation;
        let first = || load().order_by($target.$column.asc()).limit(2);
        let skipped = || first().offset(1);
        vec![
            case("select-in", all().with(load())),
            case("select-in, of one parent", one().with(load())),
            case("joined", all().with(load().joined())),
            case("joined, to a page of parents", all().limit(2).with(load().joined())),
            case("select-in, limited", all().with(first())).ordered(),
            case("select-in, limited, of one parent", one().with(first())).ordered(),
            case("select-in, limited by a window", all().with(skipped().window())).ordered(),
            case("joined, limited", all().with(first().joined())).ordered(),
            case("joined, limited by a window", all().with(skipped().joined().window())).ordered(),
        ]
    }};
}

/// Every way to load one row.
macro_rules! to_one {
    ($child:ident, $key:expr, $relation:ident, $filter:expr) => {{
        let (all, one) = (|| $child::query().order_by($child.id.asc()), || $child::find($key));
        vec![
            case("joined", all().with($child.$relation)),
            case("joined, to a page", all().limit(2).with($child.$relation)),
            case("joined, filtered", all().with($child.$relation.filter($filter).joined())),
            case("select-in", all().with($child.$relation.select_in())),
            case("select-in, of one row", one().with($child.$relation.select_in())),
            case("select-in, filtered", all().with($child.$relation.filter($filter))),
        ]
    }};
}

fn case<T: Shape + Serialize>(name: &'static str, query: Query<T>) -> Case {
    Case { name, ordered: false, query: Box::new(query) }
}

impl Case {
    fn ordered(self) -> Self {
        Case { ordered: true, ..self }
    }
}

/// The queries of one kind.
pub fn cases(kind: &str) -> Vec<Case> {
    match kind {
        "has_many" => to_many!(Author, 1, books, Author.id.asc(), Book.title),
        "belongs_to" => to_one!(Book, 1, author, Author.name.eq("Ada")),
        "belongs_to_optional" => to_one!(Book, 1, editor, Author.name.eq("Ada")),
        "has_one" => has_one(),
        "through_entity" => to_many!(Book, 1, genres, Book.id.asc(), Genre.name),
        "through_table" => to_many!(Book, 1, keywords, Book.id.asc(), Keyword.word),
        "itself" => itself(),
        "composite" => composite(),
        "only" => to_many!(Author, 1, printed, Author.id.asc(), Book.title),
        "default_order" => default_order(),
        "database" => database(),
        "mixed" => mixed(),
        _ => Vec::new(),
    }
}

fn has_one() -> Vec<Case> {
    let mut cases = to_one!(Author, 1, account, Account.id.gt(1));
    // By the target's key no second row can be there, so that a page is one of parents whatever is joined.
    cases.extend([
        case("joined by the target's key, to a page", Author::query().limit(2).with(Author.address)),
        case("select-in by the target's key", Author::query().with(Author.address.select_in())),
    ]);
    cases
}

fn itself() -> Vec<Case> {
    let mut cases = to_many!(Room, 1, rooms, Room.id.asc(), Room.id);
    let all = || Room::query().order_by(Room.id.asc());
    cases.extend([
        case("two levels up, joined", all().with(Room.within.with(Room.within))),
        case("two levels up, select-in", all().with(Room.within.select_in().with(Room.within.select_in()))),
        case("two levels down, joined", all().limit(2).with(Room.rooms.joined().with(Room.rooms.joined()))),
        case("up and down, side by side", all().with(Room.within).with(Room.rooms)),
        case("through a table, select-in", all().with(Room.doors)),
        case("through a table, joined", all().with(Room.doors.joined())),
        case("through a table, limited", all().with(Room.doors.order_by(Room.id.desc()).limit(2))).ordered(),
    ]);
    cases
}

fn composite() -> Vec<Case> {
    let mut cases = to_many!(Edition, (1, 1), copies, Edition.book_id.asc(), Copy.id);
    let all = || Copy::query().order_by(Copy.id.asc());
    cases.extend([
        case("to one, joined", all().with(Copy.of)),
        case("to one, select-in", all().with(Copy.of.select_in())),
        case("to one, select-in, of one row", Copy::find(1).with(Copy.of.select_in())),
    ]);
    cases
}

/// The relation's own order, and a load's, which takes its place.
fn default_order() -> Vec<Case> {
    let all = || Author::query().order_by(Author.id.asc());
    vec![
        case("select-in", all().with(Author.newest)).ordered(),
        case("select-in, in another order", all().with(Author.newest.order_by(Book.id.asc()))).ordered(),
        case("joined", all().with(Author.newest.joined())).ordered(),
        case("select-in, limited", all().with(Author.newest.limit(2))).ordered(),
        case("select-in, limited by a window", all().with(Author.newest.limit(2).window())).ordered(),
        case("joined, limited", all().with(Author.newest.limit(2).joined())).ordered(),
        case("joined, limited by a window", all().with(Author.newest.limit(2).joined().window())).ordered(),
    ]
}

fn database() -> Vec<Case> {
    let mut cases = to_many!(Fee, 2.5, cards, Fee.id.asc(), Card.id);
    let all = || Card::query().order_by(Card.id.asc());
    cases.extend([
        case("to one, joined", all().with(Card.of)),
        case("to one, select-in", all().with(Card.of.select_in())),
        case("to one, select-in, of one row", Card::find(1).with(Card.of.select_in())),
    ]);
    cases
}

/// Several levels, conditions of all sorts, orders across relations.
fn mixed() -> Vec<Case> {
    let authors = || Author::query().order_by(Author.name.asc());
    let books = || Book::query().order_by(Book.id.asc());
    let first_shelf = || Book.genres.filter_through(Shelving.shelf.le(8)).order_by_through(Shelving.shelf.asc());
    let editions = || Book.editions.order_by(Edition.number.asc());
    vec![
        case(
            "a page of parents, two collections below each other, joined",
            authors().limit(2).offset(1).with(Author.books.joined().with(Book.editions.joined())),
        ),
        case(
            "two collections side by side, both told to be joined",
            books().with(Book.editions.joined()).with(Book.keywords.joined()),
        ),
        case(
            "a collection joined below one that is limited",
            authors().with(Author.books.order_by(Book.year.desc()).limit(2).with(editions().joined())),
        )
        .ordered(),
        case(
            "the same of one parent",
            Author::find(1).with(Author.books.order_by(Book.year.desc()).limit(2).with(editions().joined())),
        )
        .ordered(),
        case(
            "a limit below a limit, joined",
            authors().limit(2).with(Author.newest.limit(2).joined().with(editions().limit(1).joined())),
        )
        .ordered(),
        case("one row below many", authors().with(Author.books.with(Book.editor))),
        case("one row below many, joined with them", authors().with(Author.books.joined().with(Book.editor))),
        case("one row beside another collection", authors().with(Author.books.with(Book.editor).with(Book.editions))),
        case("a condition on the association, and its order", books().with(first_shelf())).ordered(),
        case("a condition on the association, and its order, joined", books().with(first_shelf().joined())).ordered(),
        case("a condition on the association, and its order, limited", books().with(first_shelf().limit(1))).ordered(),
        case(
            "in the order of another table, limited",
            authors().with(Author.books.order_by(Book.editor.name.desc().nulls_last()).limit(2)),
        )
        .ordered(),
        case(
            "in the order of another table, joined, limited by a window",
            authors().with(Author.books.order_by(Book.editor.name.desc().nulls_last()).limit(2).joined().window()),
        )
        .ordered(),
        case(
            "matching, select-in",
            authors().with_matching(Author.printed.filter(Book.editor.name.eq("Ben") | Book.year.gt(2000))),
        ),
        case(
            "matching, joined",
            authors().with_matching(Author.printed.filter(Book.editor.name.eq("Ben") | Book.year.gt(2000)).joined()),
        ),
        case(
            "matching through an association, of a page",
            books()
                .limit(2)
                .with_matching(Book.genres.filter(Genre.name.ne("Plays")).filter_through(Shelving.shelf.le(7))),
        ),
        case(
            "conditions across relations, beside a join of the same one",
            books().filter(Book.editor.name.eq("Ben") & Book.genres.every(Genre.id.lt(3))).with(Book.editor),
        ),
        case(
            "a page in the order of a row that is joined",
            Book::query().order_by(Book.author.name.desc()).limit(3).with(Book.author.with(Author.account)),
        ),
    ]
}
