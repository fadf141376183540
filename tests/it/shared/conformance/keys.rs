//! Group Q and class X12: keys that the database compares in another way than the client.
//!
//! The client compares keys byte by byte. Where the server returns a row for a key that nobody asked for, that is an
//! error with a name, and never a shorter list.

use relata::prelude::*;
use relata::{Error, ErrorKind};

use crate::support::World;

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
    use relata::prelude::*;

    #[derive(Entity, Debug, Clone, PartialEq)]
    #[entity(table = "p")]
    #[has_many(ks: Vec<K>, by = pid)]
    pub struct P {
        #[key]
        pub id: f64,
    }

    #[derive(Entity, Debug, Clone, PartialEq)]
    #[entity(table = "k")]
    pub struct K {
        #[key]
        pub id: i32,
        pub pid: f64,
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
    differs(K::query().with(K.p).all(&world.pool).await, "K.p");
    differs(K::find(1).with(K.p).one(&world.pool).await, "K.p");
    // A path is the database's business.
    assert_eq!(K::query().filter(K.p.id.is_not_null()).count(&world.pool).await.unwrap(), 3);
}

#[tokio::test]
async fn q1_a_statement_that_was_not_checked_is_not_kept_as_if_it_were() {
    let world = caseless().await;
    let client = world.pool.get().await.unwrap();
    let failed = K::query().with(K.p).with(K.gone).all(&client).await.unwrap_err();
    assert_eq!((failed.kind(), failed.path()), (ErrorKind::MissingTable, Some("K.gone")));
    differs(K::query().with(K.p).all(&client).await, "K.p");

    // Dropped while the catalog is asked.
    let connection = relata::Connection::new(world.client().await);
    let mut other = world.client().await;
    let lock = other.transaction().await.unwrap();
    lock.batch_execute("LOCK pg_catalog.pg_collation").await.unwrap();
    let load = K::query().with(K.p).all(&connection);
    tokio::time::timeout(std::time::Duration::from_millis(100), load).await.unwrap_err();
    lock.rollback().await.unwrap();
    differs(K::query().with(K.p).all(&connection).await, "K.p");
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
    let lengths = async || {
        let parents = P::query().order_by(P.id.asc()).with(P.ks).all(&world.pool).await.unwrap();
        parents.iter().map(|parent| parent.ks().len()).collect::<Vec<_>>()
    };
    for pid in ["varchar(5)", "char(5)", "char(9)", "text"] {
        world.execute(&format!("ALTER TABLE k DROP CONSTRAINT IF EXISTS k_pid_fkey, ALTER pid TYPE {pid}")).await;
        assert_eq!(lengths().await, [2, 0], "{pid}");
        let children = K::query().order_by(K.id.asc()).with(K.p).all(&world.pool).await.unwrap();
        let parents: Vec<Option<&str>> = children.iter().map(|k| k.p().map(|p| p.id.as_str())).collect();
        assert_eq!(parents, [Some("ab   "), None, Some("ab   ")], "{pid}");
        assert_eq!(P::find("ab").with(P.ks).one(&world.pool).await.unwrap().ks().len(), 2, "{pid}");
    }
    // To `text` a blank at the end is a character, so the join finds nothing; the batch, which is compared as char(5),
    // finds a row that it did not ask for.
    world.execute("UPDATE k SET pid = 'ab ' WHERE id = 1").await;
    differs(K::query().filter(K.id.eq(1)).with(K.p).all(&world.pool).await, "K.p");
    // Only blanks are padding.
    world.execute(r"INSERT INTO p VALUES (E'ab\n'); INSERT INTO k VALUES (9, E'ab\n')").await;
    let parent = P::query().filter(P.id.like("ab\n%")).with(P.ks).one(&world.pool).await.unwrap();
    assert_eq!(parent.ks().iter().map(|k| k.id).collect::<Vec<_>>(), [9]);
}

#[tokio::test]
async fn x12_a_type_with_equal_values_of_other_bytes_is_refused_as_a_key() {
    use floats::P;
    let script = "CREATE TABLE p (id float8 PRIMARY KEY); CREATE TABLE k (id int PRIMARY KEY, pid float8 NOT NULL);
        INSERT INTO p VALUES (0), (1.5); INSERT INTO k VALUES (1, 1.5), (2, '-0');";
    let world = World::new(script).await;
    let error = P::query().with(P.ks).all(&world.pool).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::KeyEqualityDiffers);
    let message = "P.ks: key column `id` is `float8`, whose values can be equal to the database and differ byte by \
                   byte, which is how the client compares keys";
    assert_eq!(error.to_string(), message);
    assert_eq!(P::query().all(&world.pool).await.unwrap().len(), 2);
}
