//! Keys: whether they are keys of their tables, and whether the client can compare them.

use relata::prelude::*;

use super::{half_made, mended, report, stays, texts};
use crate::support::World;

#[derive(Entity, Debug, Clone)]
#[entity(table = "seats")]
struct Seat {
    #[key]
    row: i32,
    #[key]
    place: i32,
    label: String,
}

async fn seats(constraint: &str, expected: &[&str]) {
    let table = "CREATE TABLE seats (\"row\" int NOT NULL, place int NOT NULL, label text NOT NULL, gone bool";
    mended::<Seat>(&format!("{table}{constraint}"), expected).await;
}

const NO_KEY: &str = "error: `Seat` is found by `row`, `place`, and nothing keeps that unique in table `seats`
    ALTER TABLE \"seats\" ADD PRIMARY KEY (\"row\", \"place\");";

#[tokio::test]
async fn a_key_is_unique_in_its_table() {
    seats(")", &[NO_KEY]).await;
    let taken = NO_KEY.replace("ALTER TABLE \"seats\" ADD PRIMARY KEY", "CREATE UNIQUE INDEX ON \"seats\"");
    seats(", PRIMARY KEY (\"row\", place, label))", &[taken.as_str()]).await;
    seats(", PRIMARY KEY (label))", &[taken.as_str()]).await;
}

#[tokio::test]
async fn columns_in_another_order_and_a_part_of_them_are_a_key() {
    for key in [
        ", PRIMARY KEY (\"row\", place))",
        ", PRIMARY KEY (place, \"row\"))",
        ", UNIQUE (place, \"row\") DEFERRABLE INITIALLY DEFERRED)",
        ", UNIQUE (place))",
        "); CREATE UNIQUE INDEX ON seats (place) INCLUDE (label)",
    ] {
        seats(key, &[]).await;
    }
}

#[tokio::test]
async fn an_index_that_is_partial_of_an_expression_not_unique_or_not_valid_makes_no_key() {
    for index in [
        "); CREATE UNIQUE INDEX ON seats (\"row\", place) WHERE gone",
        "); CREATE UNIQUE INDEX ON seats (\"row\", abs(place))",
        "); CREATE INDEX ON seats (\"row\", place)",
    ] {
        seats(index, &[NO_KEY]).await;
    }
    let script = "CREATE TABLE seats (\"row\" int NOT NULL, place int NOT NULL, label text NOT NULL);
        INSERT INTO seats VALUES (1, 1, 'a'), (1, 1, 'b')";
    let world = World::new(script).await;
    half_made(&world, "CREATE UNIQUE INDEX CONCURRENTLY half_made ON seats (\"row\", place)").await;
    assert_eq!(texts(&report::<Seat>(&world).await), [NO_KEY]);
}

/// The same table, by the same key in another order.
#[derive(Entity, Debug, Clone)]
#[entity(table = "seats")]
struct Chair {
    #[key]
    place: i32,
    #[key]
    row: i32,
}

#[tokio::test]
async fn a_key_of_two_entities_is_one_finding() {
    let script = "CREATE TABLE seats (\"row\" int NOT NULL, place int NOT NULL, label text NOT NULL)";
    mended::<(Seat, Chair)>(script, &[NO_KEY]).await;
}

#[derive(Entity, Debug, Clone)]
#[entity(table = "words")]
#[has_many(uses: Vec<Use>, by = word)]
#[many_to_many(lists: Vec<List>, through = "listed", by = (word, list))]
struct Word {
    #[key]
    word: String,
}

#[derive(Entity, Debug, Clone)]
#[entity(table = "uses")]
struct Use {
    #[key]
    id: i32,
    word: String,
}

#[derive(Entity, Debug, Clone)]
#[entity(table = "lists")]
struct List {
    #[key]
    id: i32,
}

fn words(ty: &str) -> String {
    format!(
        "CREATE COLLATION ci (provider = icu, locale = 'und-u-ks-level2', deterministic = false);
        CREATE TABLE words (word {ty} PRIMARY KEY); CREATE TABLE lists (id int PRIMARY KEY);
        CREATE TABLE uses (id int PRIMARY KEY, word {ty} NOT NULL REFERENCES words); CREATE INDEX ON uses (word);
        CREATE TABLE listed (word {ty} REFERENCES words, list int REFERENCES lists, PRIMARY KEY (word, list));"
    )
}

#[tokio::test]
async fn keys_that_the_database_compares_otherwise_are_named_with_their_attribute() {
    let expected = [
        "error: Word.uses, Word.lists: column `word` of table `words` has a nondeterministic collation, where equal \
         values can differ byte by byte, which is how the client compares keys: write `#[column(compare = database)]` \
         on field `Word.word`",
        "error: Word.uses: column `word` of table `uses` has a nondeterministic collation, where equal values can differ \
         byte by byte, which is how the client compares keys: write `#[column(compare = database)]` on field `Use.word`",
        "error: Word.lists: column `word` of table `listed` has a nondeterministic collation, where equal values can \
         differ byte by byte, which is how the client compares keys: write `#[column(compare = database)]` on field \
         `Word.word`",
    ];
    stays::<Word>(&words("text COLLATE ci"), &expected).await;
    let domain =
        words("text").replace("CREATE TABLE words", "CREATE DOMAIN said AS text COLLATE ci; CREATE TABLE words");
    stays::<Word>(&domain.replace("(word text", "(word said").replace(", word text", ", word said"), &expected).await;
    stays::<Word>(&words("text COLLATE \"C\""), &[]).await;
    stays::<Word>(&words("char(5)"), &[]).await;
}

#[derive(Entity, Debug, Clone)]
#[entity(table = "prices")]
#[has_many(goods: Vec<Good>, by = price)]
struct Price {
    #[key]
    #[column(compare = client)]
    price: f64,
}

#[derive(Entity, Debug, Clone)]
#[entity(table = "goods")]
struct Good {
    #[key]
    id: i32,
    #[column(compare = client)]
    price: f64,
}

/// As `Price`, and the database compares its key.
#[derive(Entity, Debug, Clone)]
#[entity(table = "prices")]
#[has_many(goods: Vec<Good>, by = price)]
struct Compared {
    #[key]
    #[column(compare = database)]
    price: f64,
}

#[tokio::test]
async fn a_key_of_an_inexact_type_is_one_once_the_database_compares_it() {
    let script = "CREATE TABLE prices (price float8 PRIMARY KEY);
        CREATE TABLE goods (id int PRIMARY KEY, price float8 NOT NULL); CREATE INDEX ON goods (price)";
    let what = |table: &str, field: &str| {
        format!(
            "error: Price.goods: column `price` of table `{table}` is `double precision`, where equal values can differ \
             byte by byte, which is how the client compares keys: write `#[column(compare = database)]` on field \
             `{field}`"
        )
    };
    let (prices, goods) = (what("prices", "Price.price"), what("goods", "Good.price"));
    stays::<Price>(script, &[&prices, &goods]).await;
    stays::<Compared>(script, &[]).await;
}

#[derive(Entity, Debug, Clone)]
#[entity(table = "bags")]
#[has_many(inner: Vec<Bag>, by = around)]
struct Bag {
    #[key]
    #[column(compare = database)]
    id: Vec<i32>,
    around: Option<Vec<i32>>,
}

#[tokio::test]
async fn an_array_is_no_key_of_a_relation() {
    let script = "CREATE TABLE bags (id int[] PRIMARY KEY, around int[]); CREATE INDEX ON bags (around)";
    let expected = [
        "error: Bag.inner: column `id` of table `bags` is `integer[]`, and arrays cannot be sent as keys",
        "error: Bag.inner: column `around` of table `bags` is `integer[]`, and arrays cannot be sent as keys",
    ];
    stays::<Bag>(script, &expected).await;
}

#[derive(Entity, Debug, Clone)]
#[entity(table = "docs")]
#[has_many(notes: Vec<Note>, by = doc)]
struct Doc {
    #[key]
    id: String,
}

#[derive(Entity, Debug, Clone)]
#[entity(table = "notes")]
struct Note {
    #[key]
    id: i32,
    doc: String,
}

fn docs(id: &str, doc: &str) -> String {
    format!(
        "CREATE TYPE kind AS ENUM ('a'); CREATE DOMAIN code AS varchar(9);
        CREATE TABLE docs (id {id} PRIMARY KEY); CREATE TABLE notes (id int PRIMARY KEY, doc {doc} NOT NULL);
        CREATE INDEX ON notes (doc);"
    )
}

#[tokio::test]
async fn columns_of_types_that_nothing_compares_are_an_error() {
    let world = World::new(&docs("text", "int")).await;
    let expected = "error: Doc.notes: column `id` of table `docs` is `text`, and column `doc` of table `notes` is \
                    `integer`: the database has no operator that compares the two";
    assert!(texts(&report::<Doc>(&world).await).contains(&expected.to_owned()));
    let world = World::new(&docs("kind", "text")).await;
    let expected = expected.replace("`text`,", "`kind`,").replace("`integer`", "`text`");
    assert!(texts(&report::<Doc>(&world).await).contains(&expected));
}

#[tokio::test]
async fn columns_of_types_that_no_index_compares_are_a_warning() {
    let expected = "warning: Doc.notes: column `id` of table `docs` is `text`, and column `doc` of table `notes` is \
                    `character(5)`: no operator of an index compares the two";
    stays::<Doc>(&docs("text", "char(5)"), &[expected]).await;
    for (id, doc) in [("text", "varchar(5)"), ("code", "text"), ("name", "text"), ("kind", "kind"), ("code", "code")] {
        let world = World::new(&docs(id, doc)).await;
        let unlike: Vec<_> =
            texts(&report::<Doc>(&world).await).into_iter().filter(|text| text.contains("compares")).collect();
        assert!(unlike.is_empty(), "{id} and {doc}: {unlike:?}");
    }
}

#[derive(Entity, Debug, Clone)]
#[entity(table = "wide")]
#[has_many(narrow: Vec<Narrow>, by = wide_id)]
struct Wide {
    #[key]
    id: i64,
}

#[derive(Entity, Debug, Clone)]
#[entity(table = "narrow")]
#[belongs_to(wide: Wide, by = wide_id)]
struct Narrow {
    #[key]
    id: i16,
    wide_id: i32,
}

#[tokio::test]
async fn integers_of_unlike_width_are_alike() {
    let script = "CREATE TABLE wide (id int8 PRIMARY KEY);
        CREATE TABLE narrow (id int2 PRIMARY KEY, wide_id int4 NOT NULL REFERENCES wide); CREATE INDEX ON narrow (wide_id)";
    stays::<Wide>(script, &[]).await;
}
