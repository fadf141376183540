//! Group Q and class X12: keys that the database compares in another way than the client.
//!
//! The client compares keys byte by byte. Where the server returns a row for a key that nobody asked for, that is an
//! error with a name, and never a shorter list.

use relata::prelude::*;
use relata::{Error, ErrorKind};

use crate::support::World;
use crate::support::twins::{Under, mixtures};

mod texts {
    use relata::prelude::*;

    use super::gone::Gone;

    #[derive(Entity, Debug, Clone, PartialEq)]
    #[entity(table = "p")]
    #[has_many(ks: Vec<K>, by = pid)]
    pub struct P {
        #[key]
        pub id: String,
    }

    #[derive(Entity, Debug, Clone, PartialEq)]
    #[entity(table = "k")]
    #[belongs_to(p: Option<P>, by = pid)]
    #[belongs_to(gone: Option<Gone>, by = pid)]
    pub struct K {
        #[key]
        pub id: i32,
        pub pid: Option<String>,
    }
}

mod gone {
    use relata::prelude::*;

    #[derive(Entity, Debug, Clone, PartialEq)]
    #[entity(table = "gone")]
    pub struct Gone {
        #[key]
        pub id: String,
    }
}

mod floats {
    use std::error::Error;

    use relata::prelude::*;
    use tokio_postgres::types::private::BytesMut;
    use tokio_postgres::types::{FromSql, IsNull, ToSql, Type, to_sql_checked};

    #[derive(Entity, Debug, Clone, PartialEq)]
    #[entity(table = "p")]
    #[has_many(ks: Vec<K>, by = pid)]
    pub struct P {
        #[key]
        pub id: f64,
    }

    #[derive(Entity, Debug, Clone, PartialEq)]
    #[entity(table = "k")]
    #[belongs_to(p: P, by = pid)]
    pub struct K {
        #[key]
        pub id: i32,
        pub pid: f64,
    }

    /// A type that the derive does not know as a float.
    #[derive(Debug, Clone, Copy, PartialEq)]
    pub struct Meters(pub f64);

    impl<'a> FromSql<'a> for Meters {
        fn from_sql(ty: &Type, raw: &'a [u8]) -> Result<Self, Box<dyn Error + Sync + Send>> {
            f64::from_sql(ty, raw).map(Meters)
        }

        fn accepts(ty: &Type) -> bool {
            <f64 as FromSql>::accepts(ty)
        }
    }

    impl ToSql for Meters {
        fn to_sql(&self, ty: &Type, out: &mut BytesMut) -> Result<IsNull, Box<dyn Error + Sync + Send>> {
            self.0.to_sql(ty, out)
        }

        fn accepts(ty: &Type) -> bool {
            <f64 as ToSql>::accepts(ty)
        }

        to_sql_checked!();
    }

    #[derive(Entity, Debug, Clone, PartialEq)]
    #[entity(table = "p")]
    #[has_many(ks: Vec<Near>, by = pid)]
    pub struct Place {
        #[key]
        pub id: Meters,
    }

    #[derive(Entity, Debug, Clone, PartialEq)]
    #[entity(table = "k")]
    #[belongs_to(place: Told, by = pid)]
    pub struct Near {
        #[key]
        pub id: i32,
        pub pid: Meters,
    }

    /// The same table, where the derive was told.
    #[derive(Entity, Debug, Clone, PartialEq)]
    #[entity(table = "p")]
    #[has_many(ks: Vec<Near>, by = pid)]
    pub struct Told {
        #[key]
        #[column(compare = database)]
        pub id: Meters,
    }
}

use texts::{K, P};

#[track_caller]
fn differs<T: std::fmt::Debug>(result: Result<T, Error>, path: &str) {
    let error = result.unwrap_err();
    assert_eq!((error.kind(), error.path()), (ErrorKind::KeyEqualityDiffers, Some(path)), "{error}");
    assert!(error.to_string().contains("compares"), "{error}");
}

/// A collation that does not tell upper case from lower: what citext does, without its extension.
async fn caseless() -> World {
    let script = "CREATE COLLATION caseless (provider = icu, locale = 'und-u-ks-level2', deterministic = false);
        CREATE TABLE p (id text COLLATE caseless PRIMARY KEY);
        CREATE TABLE k (id int PRIMARY KEY, pid text COLLATE caseless);
        INSERT INTO p VALUES ('Abc'); INSERT INTO k VALUES (1, 'abc'), (2, 'ABC'), (3, 'Abc'), (4, 'other');";
    World::new(script).await
}

#[tokio::test]
async fn q1_texts_that_are_equal_in_other_bytes_are_an_error_and_no_shorter_list() {
    let world = caseless().await;
    differs(P::query().with(P.ks).all(&world.pool).await, "P.ks");
    differs(P::find("abc").with(P.ks).one(&world.pool).await, "P.ks");
    differs(K::query().with(K.p.select_in()).all(&world.pool).await, "K.p");
    differs(K::find(1).with(K.p.select_in()).one(&world.pool).await, "K.p");
    // A path is the database's business.
    assert_eq!(K::query().filter(K.p.id.is_not_null()).count(&world.pool).await.unwrap(), 3);
    // And so is a join: it gives what the database says that belongs together.
    let children = K::query().order_by(K.id.asc()).with(K.p.joined()).all(&world.pool).await.unwrap();
    let found: Vec<_> = children.iter().map(|k| k.p().map(|p| p.id.as_str())).collect();
    assert_eq!(found, [Some("Abc"), Some("Abc"), Some("Abc"), None]);
    let parent = P::query().with(P.ks.order_by(K.id.asc()).joined()).one(&world.pool).await.unwrap();
    assert_eq!(parent.ks().iter().map(|k| k.id).collect::<Vec<_>>(), [1, 2, 3]);
}

#[tokio::test]
async fn q1_a_statement_that_was_not_checked_is_not_kept_as_if_it_were() {
    let world = caseless().await;
    let client = world.pool.get().await.unwrap();
    let query = K::query().with(K.p.select_in());
    let failed = query.clone().with(K.gone.select_in()).all(&client).await.unwrap_err();
    assert_eq!((failed.kind(), failed.path()), (ErrorKind::MissingTable, Some("K.gone")));
    differs(query.all(&client).await, "K.p");

    // Dropped while the catalog is asked.
    let connection = relata::Connection::new(world.client().await);
    let mut other = world.client().await;
    let lock = other.transaction().await.unwrap();
    lock.batch_execute("LOCK pg_catalog.pg_collation").await.unwrap();
    let load = query.all(&connection);
    tokio::time::timeout(std::time::Duration::from_millis(100), load).await.unwrap_err();
    lock.rollback().await.unwrap();
    differs(query.all(&connection).await, "K.p");
}

async fn padded() -> World {
    let script = "CREATE TABLE p (id char(5) PRIMARY KEY);
        CREATE TABLE k (id int PRIMARY KEY, pid varchar(5) REFERENCES p);
        INSERT INTO p VALUES ('ab'), ('c'); INSERT INTO k VALUES (1, 'ab'), (2, NULL), (3, 'ab');";
    World::new(script).await
}

#[tokio::test]
async fn q2_padded_keys_match_those_that_are_not_as_a_join_has_it() {
    let world = padded().await;
    for pid in ["varchar(5)", "char(5)", "char(9)", "text"] {
        world.execute(&format!("ALTER TABLE k DROP CONSTRAINT IF EXISTS k_pid_fkey, ALTER pid TYPE {pid}")).await;
        for [strategy] in mixtures() {
            let parents = P::query().order_by(P.id.asc()).with(P.ks.under(strategy)).all(&world.pool).await.unwrap();
            assert_eq!(parents.iter().map(|parent| parent.ks().len()).collect::<Vec<_>>(), [2, 0], "{pid}");
            let children = K::query().order_by(K.id.asc()).with(K.p.under(strategy)).all(&world.pool).await.unwrap();
            let parents: Vec<Option<&str>> = children.iter().map(|k| k.p().map(|p| p.id.as_str())).collect();
            assert_eq!(parents, [Some("ab   "), None, Some("ab   ")], "{pid}");
            let one = P::find("ab").with(P.ks.under(strategy)).one(&world.pool).await.unwrap();
            assert_eq!(one.ks().len(), 2, "{pid}");
        }
    }
    // To `text` a blank at the end is a character, so the join finds nothing; the batch, which is compared as char(5),
    // finds a row that it did not ask for.
    world.execute("UPDATE k SET pid = 'ab ' WHERE id = 1").await;
    let padded = K::query().filter(K.id.eq(1));
    differs(padded.clone().with(K.p.select_in()).all(&world.pool).await, "K.p");
    assert_eq!(padded.with(K.p.joined()).one(&world.pool).await.unwrap().p(), None);
    // Only blanks are padding.
    world.execute(r"INSERT INTO p VALUES (E'ab\n'); INSERT INTO k VALUES (9, E'ab\n')").await;
    let parent = P::query().filter(P.id.like("ab\n%")).with(P.ks).one(&world.pool).await.unwrap();
    assert_eq!(parent.ks().iter().map(|k| k.id).collect::<Vec<_>>(), [9]);
}

#[tokio::test]
async fn x12_a_type_with_equal_values_of_other_bytes_is_refused_as_a_key() {
    use floats::Place;
    let world = World::new(FLOATS).await;
    let error = Place::query().with(Place.ks).all(&world.pool).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::KeyEqualityDiffers);
    let message = "Place.ks: key column `id` is `float8`, whose values can be equal to the database and differ byte by \
                   byte, which is how the client compares keys: `#[column(compare = database)]` on the field leaves the \
                   comparison to the database";
    assert_eq!(error.to_string(), message);
    assert_eq!(Place::query().all(&world.pool).await.unwrap().len(), 3);
}

const FLOATS: &str = "CREATE TABLE p (id float8 PRIMARY KEY); CREATE TABLE k (id int PRIMARY KEY, pid float8 NOT NULL);
    INSERT INTO p VALUES (0), (1.5), ('NaN'); INSERT INTO k VALUES (1, 1.5), (2, '-0'), (3, 'NaN'), (4, 1.5);";

/// The children of each parent and the parent of each child, under every strategy, of one parent and of all.
macro_rules! agree {
    ($world:expr, $parent:ident . $down:ident, $child:ident . $up:ident) => {
        let of_each = [vec![2], vec![1, 4], vec![3]];
        let down = $parent.$down.order_by($child.id.asc());
        let forms = [down.clone(), down.clone().limit(2), down.limit(2).window()];
        for load in forms.into_iter().flat_map(|load| [load.clone().select_in(), load.joined()]) {
            let all = $parent::query().order_by($parent.id.asc()).with(load.clone()).all(&$world.pool).await.unwrap();
            let found: Vec<Vec<i32>> = all.iter().map(|row| row.$down().iter().map(|row| row.id).collect()).collect();
            assert_eq!(found, of_each);
            let one = $parent::query().order_by($parent.id.desc()).limit(1).with(load).one(&$world.pool).await.unwrap();
            assert_eq!(one.$down().iter().map(|row| row.id).collect::<Vec<i32>>(), of_each[2]);
        }
        for [strategy] in mixtures() {
            let all = $child::query().order_by($child.id.asc()).with($child.$up.under(strategy));
            let all = all.all(&$world.pool).await.unwrap();
            let found: Vec<String> = all.iter().map(|row| format!("{:?}", row.$up().id)).collect();
            assert!(found.iter().zip(["1.5", "0.0", "NaN", "1.5"]).all(|(id, part)| id.contains(part)), "{found:?}");
        }
    };
}

/// Where the derive knows the type, and where it is told.
#[tokio::test]
async fn x12_a_key_that_the_database_compares_finds_its_rows() {
    let world = World::new(FLOATS).await;
    {
        use floats::{K, P};
        agree!(world, P.ks, K.p);
    }
    use floats::{Near, Told};
    agree!(world, Told.ks, Near.place);
}
