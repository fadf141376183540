//! Group Q: keys that the database alone compares, in every kind of relation and every mixture of strategies.

use relata::prelude::*;

use crate::support::World;
use crate::support::stock::{Page, ids};
use crate::support::twins::{Under, mixtures};

mod texts {
    use relata::prelude::*;

    #[derive(Entity, Debug, Clone, PartialEq)]
    #[entity(table = "p")]
    #[has_many(ks: Vec<K>, by = pid, order_by = id)]
    #[many_to_many(tags: Vec<Tag>, through = "p_tag", by = (pid, tag_id), order_by = (id desc))]
    pub struct P {
        #[key]
        #[column(compare = database)]
        pub id: String,
    }

    #[derive(Entity, Debug, Clone, PartialEq)]
    #[entity(table = "k")]
    #[belongs_to(p: Option<P>, by = pid)]
    pub struct K {
        #[key]
        pub id: i32,
        pub pid: Option<String>,
    }

    #[derive(Entity, Debug, Clone, PartialEq)]
    #[entity(table = "tag")]
    #[many_to_many(ps: Vec<P>, through = "p_tag", by = (tag_id, pid), order_by = id)]
    pub struct Tag {
        #[key]
        pub id: i32,
    }

    /// Letters are equal in both cases, by the type of the columns.
    pub const SCRIPT: &str = "CREATE TABLE p (id TEXT_OF_ANY_CASE PRIMARY KEY);
        CREATE TABLE k (id int PRIMARY KEY, pid TEXT_OF_ANY_CASE); CREATE TABLE tag (id int PRIMARY KEY);
        CREATE TABLE p_tag (pid TEXT_OF_ANY_CASE, tag_id int REFERENCES tag);
        INSERT INTO p VALUES ('Abc'), ('x');
        INSERT INTO k VALUES (1, 'abc'), (2, 'ABC'), (3, 'Abc'), (4, 'other'), (5, NULL), (6, 'X');
        INSERT INTO tag VALUES (1), (2), (3); INSERT INTO p_tag VALUES ('ABC', 1), ('abc', 2), ('aBC', 1), ('x', 2), ('X', 2);";
}

/// By a collation, as a citext is without its extension, and by a domain that has it.
const TYPES: [&str; 2] = ["text COLLATE caseless", "caseless_text"];

const COLLATION: &str = "CREATE COLLATION caseless (provider = icu, locale = 'und-u-ks-level2', deterministic = false);
    CREATE DOMAIN caseless_text AS text COLLATE caseless;";

#[tokio::test]
async fn q1_keys_that_the_database_compares_match_under_every_strategy() {
    use texts::{K, P, Tag};
    for of_any_case in TYPES {
        let world = World::new(&format!("{COLLATION}{}", texts::SCRIPT.replace("TEXT_OF_ANY_CASE", of_any_case))).await;
        for [one, two, three] in mixtures() {
            for (part, window) in [(Page::ALL, false), (Page::first(2), false), (Page::part(1, 1), true)] {
                // From parents that are written in one way to children that are written in others.
                let load = part.of_each(P.ks.under(one), window).with(K.p.under(two));
                let load_of_tags = part.of_each(P.tags.under(three), window);
                let query = P::query().order_by(P.id.asc()).with(load).with(load_of_tags);
                let all = query.all(&world.pool).await.unwrap();
                let found: Vec<_> = all.iter().map(|p| (p.id.as_str(), ids!(p.ks()), ids!(p.tags()))).collect();
                let cut = |ids: &[i32]| part.cut(ids.to_vec());
                let expected = [("Abc", cut(&[1, 2, 3]), cut(&[2, 1])), ("x", cut(&[6]), cut(&[2]))];
                assert_eq!(found, expected, "{of_any_case}\n{}", query.to_sql());
                for (p, k) in all.iter().flat_map(|p| p.ks().iter().map(move |k| (p, k))) {
                    assert_eq!(k.p().map(|p| &p.id), Some(&p.id));
                }

                // And back; a row without a key and one whose key is nobody's lead to none.
                let load = K.p.under(one).with(part.of_each(P.ks.under(two), window));
                let query = K::query().order_by(K.id.asc()).with(load);
                let found: Vec<_> =
                    query.all(&world.pool).await.unwrap().iter().map(|k| k.p().map(|p| ids!(p.ks()))).collect();
                let abc = Some(cut(&[1, 2, 3]));
                assert_eq!(found, [abc.clone(), abc.clone(), abc, None, None, Some(cut(&[6]))], "{}", query.to_sql());

                let load = part.of_each(Tag.ps.under(one), window).with(P.ks.under(two));
                let query = Tag::query().order_by(Tag.id.asc()).with(load);
                let found: Vec<Vec<_>> = query
                    .all(&world.pool)
                    .await
                    .unwrap()
                    .iter()
                    .map(|tag| tag.ps().iter().map(|p| (p.id.clone(), ids!(p.ks()))).collect())
                    .collect();
                let (abc, x) = (("Abc".to_owned(), vec![1, 2, 3]), ("x".to_owned(), vec![6]));
                let expected = [vec![abc.clone()], vec![abc, x], vec![]].map(|rows| part.cut(rows));
                assert_eq!(found, expected, "{}", query.to_sql());
            }
        }
        // One parent alone, by a key that is written as no row has it.
        for [one, two] in mixtures() {
            let load = P.ks.limit(2).under(one).with(K.p.under(two));
            let p = P::find("aBc").with(load).with(P.tags.under(two)).one(&world.pool).await.unwrap();
            assert_eq!((p.id.as_str(), ids!(p.ks()), ids!(p.tags())), ("Abc", vec![1, 2], vec![2, 1]));
            assert!(p.ks().iter().all(|k| k.p().is_some_and(|back| back.id == p.id)));
        }
    }
}
