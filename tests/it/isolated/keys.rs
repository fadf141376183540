//! Keys of unlike widths, of text, of bytes; and keys that the database compares in another way.

use std::error::Error as StdError;

use relata::ErrorKind;
use relata::prelude::*;
use tokio_postgres::types::private::BytesMut;
use tokio_postgres::types::{FromSql, IsNull, ToSql, Type, to_sql_checked};

use super::probe::refused;
use crate::support::World;
use crate::support::twins::{Under, mixtures};

#[derive(Entity, Debug, Clone, PartialEq)]
#[entity(table = "wide")]
#[has_many(narrow: Vec<Narrow>, by = wide_id)]
#[has_many(tiny: Vec<Tiny>, by = wide_id)]
struct Wide {
    #[key]
    id: i64,
}

#[derive(Entity, Debug, Clone, PartialEq)]
#[entity(table = "narrow")]
#[belongs_to(wide: Wide, by = wide_id)]
struct Narrow {
    #[key]
    id: i32,
    wide_id: i32,
}

#[derive(Entity, Debug, Clone, PartialEq)]
#[entity(table = "tiny")]
#[belongs_to(wide: Wide, by = wide_id)]
struct Tiny {
    #[key]
    id: i32,
    wide_id: i16,
}

#[tokio::test]
async fn integers_of_every_width_meet() {
    let script = "CREATE TABLE wide (id int8 PRIMARY KEY); CREATE TABLE narrow (id int PRIMARY KEY, wide_id int4);
        CREATE TABLE tiny (id int PRIMARY KEY, wide_id int2);
        INSERT INTO wide VALUES (1), (-1), (32767), (32768), (4294967297), (4294967298), (9223372036854775807), (2147483647);
        INSERT INTO narrow VALUES (1, 1), (2, 2147483647), (3, 32768), (4, -1), (5, 1), (6, 2);
        INSERT INTO tiny VALUES (1, 1), (2, 32767), (3, -1), (4, 2);";
    let world = World::new(script).await;
    let expected = [
        (-1, 1, 1),
        (1, 2, 1),
        (32_767, 0, 1),
        (32_768, 1, 0),
        (2_147_483_647, 1, 0),
        (4_294_967_297, 0, 0),
        (4_294_967_298, 0, 0),
        (i64::MAX, 0, 0),
    ];
    for [first, second] in mixtures() {
        let down = Wide::query().with(Wide.narrow.under(first)).with(Wide.tiny.under(second));
        let all = down.clone().order_by(Wide.id.asc()).all(&world.pool).await.unwrap();
        let found: Vec<_> = all.iter().map(|wide| (wide.id, wide.narrow().len(), wide.tiny().len())).collect();
        assert_eq!(found, expected);
        for (id, narrow, tiny) in expected {
            let one = down.clone().filter(Wide.id.eq(id)).one(&world.pool).await.unwrap();
            assert_eq!((one.narrow().len(), one.tiny().len()), (narrow, tiny), "sent as one value: {id}");
        }
        let up = Narrow::query().filter(Narrow.wide_id.ne(2)).with(Narrow.wide.under(first));
        let up = up.all(&world.pool).await.unwrap();
        assert!(up.iter().all(|narrow| narrow.wide().id == i64::from(narrow.wide_id)));
        let up = Tiny::query().filter(Tiny.wide_id.ne(2_i16)).with(Tiny.wide.under(second));
        let up = up.all(&world.pool).await.unwrap();
        assert_eq!(up.iter().map(|tiny| tiny.wide().id).sum::<i64>(), 32_767);
    }
}

#[derive(Entity, Debug, Clone, PartialEq)]
#[entity(table = "words")]
#[has_many(uses: Vec<Use>, by = word)]
struct Word {
    #[key]
    word: String,
}

#[derive(Entity, Debug, Clone, PartialEq)]
#[entity(table = "uses")]
#[belongs_to(of: Option<Word>, by = word)]
struct Use {
    #[key]
    id: i32,
    word: Option<String>,
}

#[tokio::test]
async fn text_is_a_key_whatever_it_says() {
    let script = "CREATE TABLE words (word text PRIMARY KEY); CREATE TABLE uses (id int PRIMARY KEY, word text);
        INSERT INTO words VALUES (''), (' '), ('NULL'), ('{a,b}'), ('\"'), ('\\'), ('ä'), (E'a\\u0308'), ('🦀'), ('A'), ('a');
        INSERT INTO words VALUES (repeat('x', 2000));
        INSERT INTO uses SELECT row_number() OVER (), word FROM words, generate_series(1, 2);
        INSERT INTO uses VALUES (1000, NULL), (1001, 'unknown');";
    let world = World::new(script).await;
    for [strategy] in mixtures() {
        let words = Word::query().with(Word.uses.under(strategy)).all(&world.pool).await.unwrap();
        assert_eq!(words.len(), 12);
        for word in &words {
            assert_eq!(word.uses().len(), 2, "{:?}", word.word);
            assert!(word.uses().iter().all(|one| one.word.as_ref() == Some(&word.word)));
        }
        let uses = Use::query().with(Use.of.under(strategy)).all(&world.pool).await.unwrap();
        assert_eq!(uses.iter().filter(|one| one.of().is_some()).count(), 24);
        assert!(uses.iter().all(|one| one.of().is_none_or(|word| Some(&word.word) == one.word.as_ref())));
    }
}

/// Sixteen bytes, as a uuid is sent.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Id([u8; 16]);

impl<'a> FromSql<'a> for Id {
    fn from_sql(_: &Type, raw: &'a [u8]) -> Result<Self, Box<dyn StdError + Sync + Send>> {
        Ok(Id(raw.try_into()?))
    }

    fn accepts(ty: &Type) -> bool {
        *ty == Type::UUID
    }
}

impl ToSql for Id {
    fn to_sql(&self, _: &Type, out: &mut BytesMut) -> Result<IsNull, Box<dyn StdError + Sync + Send>> {
        out.extend_from_slice(&self.0);
        Ok(IsNull::No)
    }

    fn accepts(ty: &Type) -> bool {
        *ty == Type::UUID
    }

    to_sql_checked!();
}

#[derive(Entity, Debug, Clone, PartialEq)]
#[entity(table = "things")]
#[has_many(pieces: Vec<Thing>, by = whole)]
#[belongs_to(of: Option<Thing>, by = whole)]
struct Thing {
    #[key]
    id: Id,
    whole: Option<Id>,
}

#[tokio::test]
async fn a_type_of_ones_own_is_a_key() {
    let script = "CREATE TABLE things (id uuid PRIMARY KEY, whole uuid);
        INSERT INTO things SELECT md5(n::text)::uuid, md5(NULLIF(n / 2, 0)::text)::uuid FROM generate_series(1, 999) AS n;";
    let world = World::new(script).await;
    for [down, up] in mixtures() {
        let query = Thing::query().with(Thing.pieces.under(down)).with(Thing.of.under(up));
        let things = query.all(&world.pool).await.unwrap();
        assert_eq!(things.len(), 999);
        assert_eq!(things.iter().map(|thing| thing.pieces().len()).sum::<usize>(), 998);
        assert!(things.iter().all(|thing| thing.pieces().iter().all(|piece| piece.whole == Some(thing.id))));
        assert!(things.iter().all(|thing| thing.of().map(|whole| whole.id) == thing.whole));
        let one = Thing::find(things[0].id).with(Thing.pieces.under(down)).one(&world.pool).await.unwrap();
        assert_eq!(one.pieces().len(), things[0].pieces().len());
        assert!(one.pieces().iter().all(|piece| things[0].pieces().contains(piece)));
    }
}

#[tokio::test]
async fn keys_that_the_database_compares_otherwise_are_an_error() {
    let script = "CREATE COLLATION ci (provider = icu, locale = 'und-u-ks-level2', deterministic = false);
        CREATE TABLE words (word text COLLATE ci PRIMARY KEY); CREATE TABLE uses (id int PRIMARY KEY, word text COLLATE ci);
        INSERT INTO words VALUES ('Rust'), ('go'); INSERT INTO uses VALUES (1, 'Rust'), (2, 'RUST'), (3, 'go');";
    let world = World::new(script).await;
    let nondeterministic = "the database compares key column `word` under a nondeterministic collation, where equal \
                            texts can differ byte by byte, which is how the client compares keys: \
                            `#[column(compare = database)]` on the field leaves the comparison to the database";
    let kind = ErrorKind::KeyEqualityDiffers;
    // On every executor, and each time: whether it is a fresh connection or one that was asked before.
    let mut client = world.client().await;
    for _ in 0..2 {
        let down = Word::query().with(Word.uses).all(&world.pool).await;
        refused(down, kind, &format!("Word.uses: {nondeterministic}"));
        let one = Word::find("Rust").with(Word.uses).all(&client).await;
        refused(one, kind, &format!("Word.uses: {nondeterministic}"));
        let transaction = client.transaction().await.unwrap();
        // The row that comes back is written as one of the two keys; the other one would be without its row.
        let up = Use::query().with(Use.of.select_in()).all(&transaction).await;
        refused(up, kind, &format!("Use.of: {nondeterministic}"));
        assert_eq!(Word::query().all(&transaction).await.unwrap().len(), 2, "the transaction goes on");
    }
    // A join compares in the database alone.
    let uses = Use::query().order_by(Use.id.asc()).with(Use.of.joined()).all(&world.pool).await.unwrap();
    assert_eq!(uses.iter().map(|one| one.of().unwrap().word.as_str()).collect::<Vec<_>>(), ["Rust", "Rust", "go"]);
    let words = Word::query().order_by(Word.word.asc()).with(Word.uses.joined()).all(&world.pool).await.unwrap();
    assert_eq!(words.iter().map(|word| word.uses().len()).collect::<Vec<_>>(), [1, 2]);
    // A deterministic collation that is not the default one is bytes.
    world
        .execute(
            "ALTER TABLE words ALTER word TYPE text COLLATE \"C\"; ALTER TABLE uses ALTER word TYPE text COLLATE \"C\"",
        )
        .await;
    let words = Word::query().with(Word.uses).order_by(Word.word.desc()).all(&world.pool).await.unwrap();
    assert_eq!(words.iter().map(|word| word.uses().len()).collect::<Vec<_>>(), [1, 1]);
}

#[derive(Entity, Debug, Clone, PartialEq)]
#[entity(table = "bags")]
#[has_many(inner: Vec<Bag>, by = of)]
struct Bag {
    #[key]
    id: Vec<Vec<u8>>,
    of: Option<Vec<Vec<u8>>>,
}

#[tokio::test]
async fn an_array_as_a_key_is_an_error() {
    let script = r"CREATE TABLE bags (id bytea[] PRIMARY KEY, of bytea[]);
        INSERT INTO bags VALUES ('{\\x01}', NULL), ('{\\x02}', '{\\x01}');";
    let world = World::new(script).await;
    let one = Bag::query().filter(Bag.of.is_null()).limit(1).with(Bag.inner).all(&world.pool).await;
    let message = "Bag.inner: key column `id` is an array, `_bytea`, and arrays cannot be sent as keys";
    refused(one, ErrorKind::Encode, message);
    assert_eq!(Bag::query().all(&world.pool).await.unwrap().len(), 2);
    // For many parents the server says that it has no array of arrays.
    let many = Bag::query().with(Bag.inner).all(&world.pool).await.unwrap_err();
    assert_eq!(many.kind(), ErrorKind::Database);
    // A join sends no keys.
    let joined = Bag::query().order_by(Bag.id.asc()).with(Bag.inner.joined()).all(&world.pool).await.unwrap();
    assert_eq!(joined.iter().map(|bag| bag.inner().len()).collect::<Vec<_>>(), [1, 0]);
}
