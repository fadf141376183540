//! Keys whose equal values differ in their bytes: the client refuses to compare them, and the database does it right.
//!
//! What is right, a naive loader says that asks row by row.

mod cases;

use relata::ErrorKind;
use relata::prelude::*;

use super::World;
use super::cell::{Cells, differs};
use super::own::Raw;
use cases::{CASELESS, CASES, Case};

macro_rules! entities {
    ($module:ident, $compare:ident) => {
        mod $module {
            use relata::prelude::*;

            use crate::shared::types::own::Raw;

            #[derive(Entity, Debug, Clone)]
            #[entity(table = "holders")]
            #[has_many(pieces: Vec<Piece>, by = of, references = id)]
            pub struct Holder {
                #[key]
                pub n: i32,
                #[column(compare = $compare)]
                pub id: Raw,
            }

            #[derive(Entity, Debug, Clone)]
            #[entity(table = "twins")]
            #[has_many(pieces: Vec<Piece>, by = of, references = id)]
            pub struct Twin {
                #[key]
                pub n: i32,
                #[column(compare = $compare)]
                pub id: Raw,
            }

            #[derive(Entity, Debug, Clone)]
            #[entity(table = "pieces")]
            #[belongs_to(holder: Option<Holder>, by = of, references = id)]
            pub struct Piece {
                #[key]
                pub n: i32,
                #[column(compare = $compare)]
                pub of: Option<Raw>,
            }
        }
    };
}

entities!(by_database, database);
entities!(by_client, client);

impl Case {
    async fn world(&self) -> Cells {
        let mut script = String::new();
        for (table, column, values) in
            [("holders", "id", self.unique), ("pieces", "of", self.pieces), ("twins", "id", self.twins)]
        {
            script += &format!("CREATE TABLE {table} (n int PRIMARY KEY, {column} {});", self.sql);
            for (n, value) in values.iter().enumerate() {
                script += &format!("INSERT INTO {table} VALUES ({n}, '{value}');");
            }
        }
        script += "INSERT INTO pieces VALUES (99, NULL)";
        Cells::run(&format!("{}; {script}", self.before)).await
    }
}

/// The naive loader: for each row of a table, the rows of the other one that PostgreSQL finds equal, the last one
/// first.
async fn row_by_row(world: &World, table: &str, column: &str, others: &str, other: &str) -> Vec<(i32, Vec<i32>)> {
    let client = world.pool.get().await.unwrap();
    let mut all = Vec::new();
    for row in client.query(&format!("SELECT n FROM {table} ORDER BY n"), &[]).await.unwrap() {
        let n: i32 = row.get(0);
        let sql = format!(
            "SELECT o.n FROM {others} o WHERE o.{other} = (SELECT t.{column} FROM {table} t WHERE t.n = $1)
             ORDER BY o.n DESC"
        );
        all.push((n, client.query(&sql, &[&n]).await.unwrap().iter().map(|row| row.get(0)).collect()));
    }
    all
}

/// Every way to load a to-many, and how many rows of each parent it loads at most.
macro_rules! ways_down {
    ($query:expr, $pieces:expr, $n:expr) => {{
        let (query, pieces) = (|| $query, || $pieces.order_by($n.desc()));
        [
            ("as the plan has it", 99, query().with(pieces())),
            ("select-in", 99, query().with(pieces().select_in())),
            ("joined", 99, query().with(pieces().joined())),
            ("select-in, limited", 1, query().with(pieces().select_in().limit(1))),
            ("select-in, limited by a window", 1, query().with(pieces().select_in().limit(1).window())),
            ("joined, limited", 1, query().with(pieces().joined().limit(1))),
            ("joined, limited by a window", 1, query().with(pieces().joined().limit(1).window())),
        ]
    }};
}

#[tokio::test]
async fn keys_that_the_database_compares_give_the_tree_of_a_naive_loader() {
    use by_database::{Holder, Piece, Twin};
    for case in CASES {
        let cells = case.world().await;
        let (world, sql) = (&cells.world, case.sql);
        let limited = |all: &[(i32, Vec<i32>)], limit: usize| -> Vec<(i32, Vec<i32>)> {
            all.iter().map(|(n, pieces)| (*n, pieces.iter().copied().take(limit).collect())).collect()
        };
        let expected = row_by_row(world, "holders", "id", "pieces", "of").await;
        assert!(expected.iter().any(|(_, pieces)| !pieces.is_empty()), "{sql}: the case has equal keys");
        for (way, limit, query) in ways_down!(Holder::query().order_by(Holder.n.asc()), Holder.pieces, Piece.n) {
            let found = query.all(&world.pool).await.unwrap_or_else(|error| panic!("{sql}, {way}: {error:?}"));
            let numbers = |pieces: &[Piece]| pieces.iter().map(|part| part.n).collect::<Vec<_>>();
            let found: Vec<_> = found.iter().map(|holder| (holder.n, numbers(holder.pieces()))).collect();
            assert_eq!(found, limited(&expected, limit), "{sql}, {way}");
        }
        for (n, pieces) in &expected {
            for (way, limit, query) in ways_down!(Holder::find(*n), Holder.pieces, Piece.n) {
                let one = query.one(&world.pool).await.unwrap_or_else(|error| panic!("{sql}, {way}: {error:?}"));
                let found: Vec<i32> = one.pieces().iter().map(|part| part.n).collect();
                assert_eq!(found, pieces[..limit.min(pieces.len())], "{sql}, {way}, of {n}");
            }
        }
        // Where two parents have equal keys, both have the children.
        let expected = row_by_row(world, "twins", "id", "pieces", "of").await;
        assert!(expected[0].1 == expected[1].1 && !expected[0].1.is_empty(), "{sql}: the first two are twins");
        for (way, limit, query) in ways_down!(Twin::query().order_by(Twin.n.asc()), Twin.pieces, Piece.n) {
            let found = query.all(&world.pool).await.unwrap_or_else(|error| panic!("{sql}, {way}: {error:?}"));
            let numbers = |pieces: &[Piece]| pieces.iter().map(|part| part.n).collect::<Vec<_>>();
            let found: Vec<_> = found.iter().map(|twin| (twin.n, numbers(twin.pieces()))).collect();
            assert_eq!(found, limited(&expected, limit), "{sql}, {way}");
        }
        let expected = row_by_row(world, "pieces", "of", "holders", "id").await;
        let pieces = || Piece::query().order_by(Piece.n.asc());
        for (way, query) in [
            ("as the plan has it", pieces().with(Piece.holder)),
            ("select-in", pieces().with(Piece.holder.select_in())),
            ("joined", pieces().with(Piece.holder.joined())),
        ] {
            let found = query.all(&world.pool).await.unwrap_or_else(|error| panic!("{sql}, {way}: {error:?}"));
            let found: Vec<_> = found
                .iter()
                .map(|part| (part.n, part.holder().map(|holder| holder.n).into_iter().collect::<Vec<_>>()))
                .collect();
            assert_eq!(found, expected, "{sql}, up, {way}");
        }
        let several = Piece::query().filter(Piece.holder.n.is_not_null()).count(&world.pool).await.unwrap();
        assert_eq!(several, expected.iter().map(|(_, holders)| holders.len() as u64).sum::<u64>(), "{sql}, by a path");
    }
}

#[tokio::test]
async fn keys_that_the_client_would_compare_are_refused_where_it_would() {
    use by_client::{Holder, Piece};
    for case in CASES {
        let Some(name) = case.refused else { continue };
        let cells = case.world().await;
        let pool = &cells.world.pool;
        let down = Holder::query().with(Holder.pieces.select_in());
        differs(down.clone().all(pool).await, "Holder.pieces", ("id", name));
        differs(down.filter(Holder.n.eq(0)).all(pool).await, "Holder.pieces", ("id", name));
        let up = Piece::query().with(Piece.holder.select_in());
        differs(up.clone().all(pool).await, "Piece.holder", ("of", name));
        differs(up.filter(Piece.n.eq(0)).all(pool).await, "Piece.holder", ("of", name));
        // A join compares nothing in the client.
        let joined = Holder::query().order_by(Holder.n.asc()).with(Holder.pieces.order_by(Piece.n.desc()).joined());
        let found = joined.all(pool).await.unwrap();
        let found: Vec<(i32, Vec<i32>)> =
            found.iter().map(|one| (one.n, one.pieces().iter().map(|part| part.n).collect())).collect();
        assert_eq!(found, row_by_row(&cells.world, "holders", "id", "pieces", "of").await, "{name}");
    }
}

/// One column of the key is compared by the database, so all of it is: floats are, without being told to.
#[derive(Entity, Debug, Clone)]
#[entity(table = "prices")]
#[has_many(sales: Vec<Sale>, by = (price, shop))]
struct Price {
    #[key]
    amount: f64,
    #[key]
    shop: String,
}

#[derive(Entity, Debug, Clone)]
#[entity(table = "sales")]
#[belongs_to(tag: Option<Price>, by = (price, shop))]
struct Sale {
    #[key]
    n: i32,
    /// One side is enough.
    #[column(compare = client)]
    price: f64,
    shop: Option<String>,
}

#[tokio::test]
async fn a_key_is_compared_by_the_database_if_one_of_its_columns_is() {
    let world = World::new(
        "CREATE TABLE prices (amount float8, shop text, PRIMARY KEY (amount, shop));
        CREATE TABLE sales (n int PRIMARY KEY, price float8 NOT NULL, shop text);
        INSERT INTO prices VALUES (0, 'a'), (0, 'b'), ('NaN', 'a');
        INSERT INTO sales VALUES (1, '-0', 'a'), (2, 0, 'b'), (3, 'NaN', 'a'), (4, 0, NULL), (5, 1, 'a'), (6, 0, 'a');",
    )
    .await;
    let prices = || Price::query().order_by(Price.amount.asc()).order_by(Price.shop.asc());
    for (way, limit, query) in ways_down!(prices(), Price.sales, Sale.n) {
        let found = query.all(&world.pool).await.unwrap_or_else(|error| panic!("{way}: {error:?}"));
        let found: Vec<Vec<i32>> =
            found.iter().map(|price| price.sales().iter().map(|sale| sale.n).collect()).collect();
        assert_eq!(found, [&[6, 1][..limit.min(2)], &[2], &[3]], "{way}");
    }
    for query in
        [Sale::query().with(Sale.tag), Sale::query().with(Sale.tag.select_in()), Sale::query().with(Sale.tag.joined())]
    {
        let found = query.order_by(Sale.n.asc()).all(&world.pool).await.unwrap();
        let found: Vec<Option<&str>> = found.iter().map(|sale| sale.tag().map(|price| price.shop.as_str())).collect();
        assert_eq!(found, [Some("a"), Some("b"), Some("a"), None, None, Some("a")]);
    }
}

/// Keys of a type of one's own with texts in it, which have the collation that the type says.
#[derive(Entity, Debug, Clone)]
#[entity(table = "words")]
#[has_many(uses: Vec<Use>, by = of)]
struct Word {
    #[key]
    #[column(sql_type = "word")]
    id: Raw,
}

#[derive(Entity, Debug, Clone)]
#[entity(table = "uses")]
#[belongs_to(word: Option<Word>, by = of)]
struct Use {
    #[key]
    n: i32,
    #[column(sql_type = "word")]
    of: Raw,
}

/// The row that comes back is written as one of the two keys; the other one would be without its row.
async fn is_refused(script: &str) {
    let world = World::new(&format!("{CASELESS}; {script}")).await;
    let uses = || Use::query().order_by(Use.n.asc());
    let joined = uses().with(Use.word.joined()).all(&world.pool).await.unwrap();
    assert_eq!(joined.iter().map(|one| one.word().is_some()).collect::<Vec<_>>(), [true, true, false]);
    let differs = |result: Result<(), relata::Error>| {
        let error = result.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::KeyEqualityDiffers, "{error}");
    };
    differs(uses().with(Use.word.select_in()).all(&world.pool).await.map(drop));
    differs(Word::query().with(Word.uses.select_in()).all(&world.pool).await.map(drop));
}

#[tokio::test]
async fn a_composite_key_with_a_caseless_text_is_refused_where_the_client_would_compare_it() {
    is_refused(
        "CREATE TYPE word AS (text text COLLATE caseless, n int);
        CREATE TABLE words (id word PRIMARY KEY); CREATE TABLE uses (n int PRIMARY KEY, of word NOT NULL);
        INSERT INTO words VALUES ('(Rust,1)');
        INSERT INTO uses VALUES (1, '(Rust,1)'), (2, '(RUST,1)'), (3, '(Rust,2)');",
    )
    .await;
}

#[tokio::test]
async fn a_range_of_caseless_texts_is_refused_where_the_client_would_compare_it() {
    is_refused(
        "CREATE TYPE word AS RANGE (subtype = text, collation = caseless);
        CREATE TABLE words (id word PRIMARY KEY); CREATE TABLE uses (n int PRIMARY KEY, of word NOT NULL);
        INSERT INTO words VALUES ('[a,b)'); INSERT INTO uses VALUES (1, '[a,b)'), (2, '[A,b)'), (3, '[a,c)');",
    )
    .await;
}
