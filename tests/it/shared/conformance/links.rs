//! Many-to-many by keys of several columns, and by columns that are no key, or a part of one.

use relata::prelude::*;

use crate::support::World;
use crate::support::stock::{Page, ids};
use crate::support::twins::{Joined, SelectIn, Strategy, Under};

const FORMS: [(Strategy, bool); 4] = [(SelectIn, false), (SelectIn, true), (Joined, false), (Joined, true)];

/// Fixture "M2MOmitJoin", composite: rows whose keys have two columns, in another order than the association has them,
/// and rows with a single key. Every part of a key is also a part of another key.
mod composite {
    use relata::prelude::*;

    #[derive(Entity, Debug, Clone, PartialEq)]
    #[entity(table = "a")]
    #[many_to_many(bs: Vec<B>, through = Both, by = (a, b), order_by = id)]
    #[many_to_many(bare: Vec<B>, through = "a_b", by = ((a2, a1), (b1, b2)), order_by = id)]
    #[many_to_many(cs: Vec<C>, through = "a_c", by = ((a2, a1), c_id), order_by = id)]
    pub struct A {
        #[key]
        pub id2: i64,
        #[key]
        pub id1: i32,
    }

    #[derive(Entity, Debug, Clone, PartialEq)]
    #[entity(table = "b")]
    #[many_to_many(as_: Vec<A>, through = Both, by = (b, a), order_by = (id1, id2))]
    pub struct B {
        #[key]
        pub id1: i32,
        #[key]
        pub id2: String,
        pub id: i32,
    }

    #[derive(Entity, Debug, Clone, PartialEq)]
    #[entity(table = "c")]
    #[many_to_many(as_: Vec<A>, through = "a_c", by = (c_id, (a2, a1)), order_by = (id1, id2))]
    pub struct C {
        #[key]
        pub id: i32,
    }

    #[derive(Entity, Debug, Clone, PartialEq)]
    #[entity(table = "a_b")]
    #[belongs_to(a: A, by = (a2, a1))]
    #[belongs_to(b: Option<B>, by = (b1, b2))]
    pub struct Both {
        #[key]
        pub id: i32,
        pub a1: i32,
        pub b1: Option<i32>,
        pub a2: i32,
        pub b2: Option<String>,
    }

    /// Pairs that are there twice, and one of which a part is NULL.
    pub const SCRIPT: &str = "CREATE TABLE a (id1 int, id2 bigint, PRIMARY KEY (id2, id1));
        CREATE TABLE b (id1 int, id2 text, id int NOT NULL, PRIMARY KEY (id1, id2)); CREATE TABLE c (id int PRIMARY KEY);
        CREATE TABLE a_b (id int PRIMARY KEY, a1 int NOT NULL, a2 int NOT NULL, b1 int, b2 text);
        CREATE TABLE a_c (a1 int NOT NULL, a2 int NOT NULL, c_id int NOT NULL);
        INSERT INTO a VALUES (1, 2), (2, 1), (2, 2), (1, 1);
        INSERT INTO b VALUES (1, 'x', 1), (1, 'y', 2), (2, 'x', 3), (2, 'y', 4); INSERT INTO c VALUES (1), (2), (3);
        INSERT INTO a_b VALUES (1, 1, 2, 2, 'x'), (2, 1, 2, 1, 'x'), (3, 1, 2, 1, 'y'), (4, 2, 1, 1, 'y'), (5, 2, 1, 2, 'x'),
            (6, 1, 2, 1, 'x'), (7, 2, 2, NULL, 'x'), (8, 2, 2, 2, NULL);
        INSERT INTO a_c VALUES (1, 2, 2), (1, 2, 1), (2, 1, 2), (2, 1, 3), (2, 2, 3), (1, 2, 2);";
}

#[tokio::test]
async fn e4_both_sides_or_one_have_keys_of_two_columns() {
    use composite::{A, B, C};
    let world = World::new(composite::SCRIPT).await;
    let bs = [vec![], vec![1, 2, 3], vec![2, 3], vec![]];
    let cs = [vec![], vec![1, 2], vec![2, 3], vec![3]];
    let ids_of = |rows: &[A]| rows.iter().map(|row| (row.id1, row.id2)).collect::<Vec<_>>();
    let parents = || A::query().order_by(A.id1.asc()).order_by(A.id2.asc());
    for (strategy, window) in FORMS {
        for part in [Page::ALL, Page::first(1), Page::first(2), Page::part(1, 1), Page::after(1)] {
            let cut = |ids: &[Vec<i32>]| ids.iter().map(|ids| part.cut(ids.clone())).collect::<Vec<_>>();
            let query = parents().with(part.of_each(A.bs.under(strategy), window));
            let found: Vec<_> = query.all(&world.pool).await.unwrap().iter().map(|a| ids!(a.bs())).collect();
            assert_eq!(found, cut(&bs), "{}", query.to_sql());
            let query = parents().with(part.of_each(A.bare.under(strategy), window));
            let found: Vec<_> = query.all(&world.pool).await.unwrap().iter().map(|a| ids!(a.bare())).collect();
            assert_eq!(found, cut(&bs), "{}", query.to_sql());
            let query = parents().with(part.of_each(A.cs.under(strategy), window));
            let found: Vec<_> = query.all(&world.pool).await.unwrap().iter().map(|a| ids!(a.cs())).collect();
            assert_eq!(found, cut(&cs), "{}", query.to_sql());
            // Of one parent.
            let query = A::find((2_i64, 1)).with(part.of_each(A.bare.under(strategy), window));
            let one = query.one(&world.pool).await.unwrap();
            assert_eq!(ids!(one.bare()), part.cut(bs[1].clone()), "{}", query.to_sql());
            // And back again.
            let query = B::query().order_by(B.id.asc()).with(part.of_each(B.as_.under(strategy), window));
            let found: Vec<_> = query.all(&world.pool).await.unwrap().iter().map(|b| ids_of(b.as_())).collect();
            let back = [vec![(1, 2)], vec![(1, 2), (2, 1)], vec![(1, 2), (2, 1)], vec![]];
            assert_eq!(found, back.map(|ids| part.cut(ids)), "{}", query.to_sql());
            let query = C::query().order_by(C.id.asc()).with(part.of_each(C.as_.under(strategy), window));
            let found: Vec<_> = query.all(&world.pool).await.unwrap().iter().map(|c| ids_of(c.as_())).collect();
            let back = [vec![(1, 2)], vec![(1, 2), (2, 1)], vec![(2, 1), (2, 2)]];
            assert_eq!(found, back.map(|ids| part.cut(ids)), "{}", query.to_sql());
        }
    }
    // There and back again, two levels in one statement or in three.
    for (strategy, window) in FORMS {
        let load = A.cs.under(strategy).with(C.as_.limit(1).under(strategy));
        let load = if window { load.limit(9).window() } else { load };
        let all = parents().with(load).all(&world.pool).await.unwrap();
        let found: Vec<Vec<_>> = all.iter().map(|a| a.cs().iter().map(|c| (c.id, ids_of(c.as_()))).collect()).collect();
        let (one, two, three) = ((1, vec![(1, 2)]), (2, vec![(1, 2)]), (3, vec![(2, 1)]));
        assert_eq!(found, [vec![], vec![one, two.clone()], vec![two, three.clone()], vec![three]]);
    }
}

#[tokio::test]
async fn e9_conditions_across_a_many_to_many_of_composite_keys() {
    use composite::{A, B, C};
    let world = World::new(composite::SCRIPT).await;
    let keys = async |condition: Predicate<A>| {
        let query = A::query().filter(condition).order_by(A.id1.asc()).order_by(A.id2.asc());
        assert_eq!(query.count(&world.pool).await.unwrap() > 0, query.exists(&world.pool).await.unwrap());
        query.all(&world.pool).await.unwrap().iter().map(|row| (row.id1, row.id2)).collect::<Vec<_>>()
    };
    assert_eq!(keys(A.bs.any(B.id2.eq("x") & B.id1.eq(1))).await, [(1, 2)]);
    assert_eq!(keys(A.bare.any(B.id2.eq("y"))).await, [(1, 2), (2, 1)]);
    assert_eq!(keys(A.bs.none(B.id.gt(0))).await, [(1, 1), (2, 2)], "a key with a NULL in it leads to nothing");
    assert_eq!(keys(A.bs.every(B.id.gt(1))).await, [(1, 1), (2, 1), (2, 2)]);
    assert_eq!(keys(A.cs.any(C.id.eq(3)) & A.bs.any(Predicate::always())).await, [(2, 1)]);
    assert_eq!(keys(A.cs.as_.any(A.id1.eq(2) & A.id2.eq(2_i64))).await, [(2, 1), (2, 2)], "two hops");
    let back = B::query().filter(B.as_.any(A.id1.eq(2))).order_by(B.id.asc());
    assert_eq!(ids!(back.all(&world.pool).await.unwrap()), [2, 3]);
}

/// The association names people by a unique code, and documents by a part of their key: each version of one.
mod partial {
    use relata::prelude::*;

    #[derive(Entity, Debug, Clone, PartialEq)]
    #[entity(table = "people")]
    #[many_to_many(documents: Vec<Document>, through = Reading, by = (person, document), order_by = (id, version))]
    pub struct Person {
        #[key]
        pub id: i32,
        pub code: Option<String>,
    }

    #[derive(Entity, Debug, Clone, PartialEq)]
    #[entity(table = "documents")]
    #[many_to_many(readers: Vec<Person>, through = Reading, by = (document, person), order_by = id)]
    pub struct Document {
        #[key]
        pub id: i32,
        #[key]
        pub version: i32,
    }

    #[derive(Entity, Debug, Clone, PartialEq)]
    #[entity(table = "readings")]
    #[belongs_to(person: Option<Person>, by = code, references = code)]
    #[belongs_to(document: Option<Document>, by = document_id, references = id)]
    pub struct Reading {
        #[key]
        pub code: String,
        #[key]
        pub document_id: i32,
    }

    /// Codes that look like the ids of others, and a person without one.
    pub const SCRIPT: &str = "CREATE TABLE people (id int PRIMARY KEY, code text UNIQUE);
        CREATE TABLE documents (id int, version int, PRIMARY KEY (id, version));
        CREATE TABLE readings (code text, document_id int, PRIMARY KEY (code, document_id));
        INSERT INTO people VALUES (1, '2'), (2, '1'), (3, NULL), (4, 'x');
        INSERT INTO documents VALUES (1, 1), (1, 2), (2, 1), (3, 7);
        INSERT INTO readings VALUES ('1', 1), ('1', 2), ('2', 1), ('gone', 3), ('x', 9);";
}

#[tokio::test]
async fn e10_an_association_of_columns_that_are_no_key_or_a_part_of_one() {
    use partial::{Document, Person};
    let world = World::new(partial::SCRIPT).await;
    let people = [vec![(1, 1), (1, 2)], vec![(1, 1), (1, 2), (2, 1)], vec![], vec![]];
    let readers = [vec![1, 2], vec![1, 2], vec![2], vec![]];
    for (strategy, window) in FORMS {
        for part in [Page::ALL, Page::first(1), Page::part(1, 1), Page::after(1)] {
            let query = Person::query().order_by(Person.id.asc());
            let query = query.with(part.of_each(Person.documents.under(strategy), window));
            let found: Vec<Vec<_>> = query
                .all(&world.pool)
                .await
                .unwrap()
                .iter()
                .map(|person| person.documents().iter().map(|row| (row.id, row.version)).collect())
                .collect();
            assert_eq!(found, people.clone().map(|ids| part.cut(ids)), "{}", query.to_sql());

            let query = Document::query().order_by(Document.id.asc()).order_by(Document.version.asc());
            let query = query.with(part.of_each(Document.readers.under(strategy), window));
            let found: Vec<_> = query.all(&world.pool).await.unwrap().iter().map(|row| ids!(row.readers())).collect();
            assert_eq!(found, readers.clone().map(|ids| part.cut(ids)), "{}", query.to_sql());
        }
        // There and back again: each version has its readers, and each of them their documents.
        let load = Person.documents.under(strategy).with(Document.readers.limit(1).under(strategy));
        let load = if window { load.limit(9).window() } else { load };
        let person = Person::find(2).with(load).one(&world.pool).await.unwrap();
        let found: Vec<_> = person.documents().iter().map(|row| (row.id, row.version, ids!(row.readers()))).collect();
        assert_eq!(found, [(1, 1, vec![1]), (1, 2, vec![1]), (2, 1, vec![2])]);
    }
    let some = Person::query().filter(Person.documents.any(Document.version.eq(2))).order_by(Person.id.asc());
    assert_eq!(ids!(some.all(&world.pool).await.unwrap()), [1, 2]);
    let none = Document::query().filter(Document.readers.none(Predicate::always()));
    assert_eq!(none.one(&world.pool).await.unwrap().version, 7);
}
