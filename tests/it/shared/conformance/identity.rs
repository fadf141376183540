//! Group G: a row that several parents share, columns that are unique and no key, keys of several types.

use relata::prelude::*;

use crate::support::World;
use crate::support::stock::{self, Node, ids};
use crate::support::trace::listen;
use crate::support::twins::{Joined, SelectIn, Under, mixtures};

mod shared {
    use relata::prelude::*;

    #[derive(Entity, Debug, Clone, PartialEq)]
    #[entity(table = "a")]
    #[belongs_to(b: Option<B>, by = b_id)]
    pub struct A {
        #[key]
        pub id: i32,
        pub b_id: Option<i32>,
    }

    #[derive(Entity, Debug, Clone, PartialEq)]
    #[entity(table = "b")]
    pub struct B {
        #[key]
        pub id: i32,
        pub x: i32,
        pub y: i32,
    }
}

#[tokio::test]
async fn g1_a_shared_target_is_asked_for_once_and_given_to_each() {
    use shared::{A, B};
    let script = "CREATE TABLE b (id int PRIMARY KEY, x int NOT NULL, y int NOT NULL);
        CREATE TABLE a (id int PRIMARY KEY, b_id int REFERENCES b);
        INSERT INTO b VALUES (1, 5, 9), (2, 10, 8); INSERT INTO a VALUES (1, 1), (2, 2), (3, 2), (4, NULL), (5, 1);";
    let world = World::new(script).await;
    let listener = listen();
    for (strategy, rows) in [(SelectIn, 2), (Joined, 5)] {
        let all = A::query().order_by(A.id.asc()).with(A.b.under(strategy)).all(&world.pool).await.unwrap();
        assert_eq!(listener.take().last().unwrap().rows, Some(rows));
        let (first, second) = (B { id: 1, x: 5, y: 9 }, B { id: 2, x: 10, y: 8 });
        let found: Vec<Option<&B>> = all.iter().map(|a| a.b()).collect();
        assert_eq!(found, [Some(&first), Some(&second), Some(&second), None, Some(&first)]);
    }
}

#[tokio::test]
async fn g3_a_to_one_relation_in_both_forms_of_its_statement() {
    use shared::{A, B};
    let script = "CREATE TABLE b (id int PRIMARY KEY, x int NOT NULL, y int NOT NULL);
        CREATE TABLE a (id int PRIMARY KEY, b_id int REFERENCES b);
        INSERT INTO b VALUES (1, 5, 9), (2, 10, 8); INSERT INTO a VALUES (1, 1), (2, 2), (3, 2), (4, NULL), (5, 1);";
    let world = World::new(script).await;
    let query = A::query().order_by(A.id.asc());
    let (apart, joined) = (query.clone().with(A.b.select_in()), query.clone().with(A.b.joined()));
    let texts = |query: relata::Query<loaded!(A { b })>| query.to_sql().to_string();
    assert!(texts(apart.clone()).contains("= ANY($1)") && !texts(apart.clone()).contains("JOIN"));
    assert!(texts(joined.clone()).contains("LEFT JOIN") && !texts(joined.clone()).contains("ANY"));
    let all = apart.all(&world.pool).await.unwrap();
    assert_eq!(all, joined.all(&world.pool).await.unwrap());
    assert_eq!(all[4].b(), Some(&B { id: 1, x: 5, y: 9 }));
    // The last form that a load is told is the one that it has.
    assert_eq!(texts(query.clone().with(A.b.joined().select_in())), texts(apart));
    assert_eq!(texts(query.with(A.b.select_in().joined())), texts(joined));
}

mod unique {
    use relata::prelude::*;

    #[derive(Entity, Debug, Clone, PartialEq)]
    #[entity(table = "users")]
    #[has_many(letters: Vec<Letter>, by = to_name, references = name)]
    pub struct User {
        #[key]
        pub id: i32,
        pub name: Option<String>,
    }

    #[derive(Entity, Debug, Clone, PartialEq)]
    #[entity(table = "letters")]
    #[belongs_to(to: Option<User>, by = to_name, references = name)]
    pub struct Letter {
        #[key]
        pub id: i32,
        pub to_name: Option<String>,
    }

    /// Names that look like ids, and a user and a letter without one.
    pub const SCRIPT: &str = "CREATE TABLE users (id int PRIMARY KEY, name text UNIQUE);
        CREATE TABLE letters (id int PRIMARY KEY, to_name text REFERENCES users (name));
        INSERT INTO users VALUES (1, '2'), (2, '1'), (3, NULL), (4, 'x');
        INSERT INTO letters VALUES (1, '1'), (2, '2'), (3, NULL), (4, '1');";
}

#[tokio::test]
async fn g12_a_relation_to_a_unique_column_that_is_no_key() {
    use unique::{Letter, User};
    let world = World::new(unique::SCRIPT).await;
    for [one, other] in mixtures() {
        let load = Letter.to.under(one).with(User.letters.order_by(Letter.id.desc()).under(other));
        let letters = Letter::query().order_by(Letter.id.asc()).limit(4).with(load).all(&world.pool).await.unwrap();
        let found: Vec<_> = letters.iter().map(|row| row.to().map(|to| (to.id, ids!(to.letters())))).collect();
        assert_eq!(found, [Some((2, vec![4, 1])), Some((1, vec![2])), None, Some((2, vec![4, 1]))]);
        let load = User.letters.order_by(Letter.id.asc()).under(one).with(Letter.to.under(other));
        let users = User::query().order_by(User.id.asc()).with(load).all(&world.pool).await.unwrap();
        let found: Vec<_> = users.iter().map(|user| (user.id, ids!(user.letters()))).collect();
        assert_eq!(found, [(1, vec![2]), (2, vec![1, 4]), (3, vec![]), (4, vec![])]);
        for (user, letter) in users.iter().flat_map(|user| user.letters().iter().map(move |letter| (user, letter))) {
            assert_eq!(letter.to().map(|to| (to.id, &to.name)), Some((user.id, &user.name)));
        }
    }
    assert_eq!(ids!(Letter::query().filter(Letter.to.id.eq(1)).all(&world.pool).await.unwrap()), [2]);
}

#[tokio::test]
async fn c6_x5_a_null_reference_matches_no_null() {
    use unique::{Letter, User};
    let world = World::new(unique::SCRIPT).await;
    let listener = listen();
    // The user without a name is not the one that a letter without a name goes to.
    for [to, letters] in mixtures() {
        let load = Letter.to.under(to).with(User.letters.under(letters));
        let letter = Letter::find(3).with(load.clone()).one(&world.pool).await.unwrap();
        assert!(letter.to().is_none());
        let nobody = User::find(3).with(User.letters.under(letters)).one(&world.pool).await.unwrap();
        assert!(nobody.letters().is_empty());
        assert_eq!(listener.take().len(), 2, "a key that is NULL is not asked for");
        let all = Letter::query().order_by(Letter.id.asc()).with(load).all(&world.pool).await.unwrap();
        let counts: Vec<_> = all.iter().map(|letter| letter.to().map(|to| to.letters().len())).collect();
        assert_eq!(counts, [Some(2), Some(1), None, Some(2)]);
        listener.take();
    }
    let known = User::query().filter(User.letters.any(Predicate::always())).order_by(User.id.asc());
    assert_eq!(ids!(known.all(&world.pool).await.unwrap()), [1, 2]);
    let unknown = Letter::query().filter(Letter.to.id.is_null());
    assert_eq!(ids!(unknown.all(&world.pool).await.unwrap()), [3]);
}

mod widths {
    use relata::prelude::*;

    #[derive(Entity, Debug, Clone, PartialEq)]
    #[entity(table = "wide")]
    #[has_many(narrow: Vec<Narrow>, by = wide_id)]
    #[has_many(tagged: Vec<Narrow>, by = wide_tag, references = tag)]
    #[belongs_to(first: Option<Narrow>, by = first_id)]
    pub struct Wide {
        #[key]
        pub id: i64,
        pub first_id: Option<i64>,
        pub tag: String,
    }

    #[derive(Entity, Debug, Clone, PartialEq)]
    #[entity(table = "narrow")]
    #[belongs_to(wide: Option<Wide>, by = wide_id)]
    pub struct Narrow {
        #[key]
        pub id: i16,
        pub wide_id: Option<i32>,
        pub wide_tag: Option<String>,
    }
}

#[tokio::test]
async fn g14_keys_of_compatible_types_match() {
    use widths::{Narrow, Wide};
    let script = "CREATE DOMAIN number AS int;
        CREATE TABLE wide (id bigint PRIMARY KEY, first_id bigint, tag text UNIQUE NOT NULL);
        CREATE TABLE narrow (id smallint PRIMARY KEY, wide_id number, wide_tag varchar(9));
        INSERT INTO wide VALUES (1, 2, 'a'), (-1, 65538, 'b'), (4294967297, NULL, '');
        INSERT INTO narrow VALUES (1, 1, 'b'), (2, -1, 'b'), (-3, 1, ''), (4, NULL, 'c');";
    let world = World::new(script).await;
    let narrow_ids = |rows: &[Narrow]| rows.iter().map(|row| row.id).collect::<Vec<i16>>();
    for [narrow, tagged, first] in mixtures() {
        let all = Wide::query()
            .order_by(Wide.tag.asc())
            .with(Wide.narrow.order_by(Narrow.id.asc()).under(narrow))
            .with(Wide.tagged.order_by(Narrow.id.asc()).under(tagged))
            .with(Wide.first.under(first))
            .all(&world.pool)
            .await
            .unwrap();
        let found: Vec<_> = all
            .iter()
            .map(|row| {
                let (narrow, tagged) = (narrow_ids(row.narrow()), narrow_ids(row.tagged()));
                (row.tag.as_str(), narrow, tagged, row.first().map(|row| row.id))
            })
            .collect();
        let expected =
            [("", vec![], vec![-3], None), ("a", vec![-3, 1], vec![], Some(2)), ("b", vec![2], vec![1, 2], None)];
        assert_eq!(found, expected);
        let query = Narrow::query().order_by(Narrow.id.asc()).with(Narrow.wide.under(narrow));
        let all = query.all(&world.pool).await.unwrap();
        let found: Vec<_> = all.iter().map(|row| row.wide().map(|wide| wide.id)).collect();
        assert_eq!(found, [Some(1), Some(1), Some(-1), None]);
    }
}

mod itself {
    use relata::prelude::*;

    #[derive(Entity, Debug, Clone, PartialEq)]
    #[entity(table = "b")]
    #[belongs_to(parent: Option<Own>, by = parent_id)]
    #[belongs_to(zc: Option<Zc>, by = zc_id)]
    pub struct Own {
        #[key]
        pub id: i32,
        pub parent_id: Option<i32>,
        pub zc_id: Option<i32>,
    }

    #[derive(Entity, Debug, Clone, PartialEq)]
    #[entity(table = "zc")]
    pub struct Zc {
        #[key]
        pub id: i32,
    }
}

#[tokio::test]
async fn g16_a_row_that_is_its_own_parent_has_what_is_loaded_below_the_parent() {
    use itself::Own;
    let script = "CREATE TABLE zc (id int PRIMARY KEY);
        CREATE TABLE b (id int PRIMARY KEY, parent_id int REFERENCES b, zc_id int REFERENCES zc);
        INSERT INTO zc VALUES (1); INSERT INTO b VALUES (1, 1, 1);";
    let world = World::new(script).await;
    for [one, two, three, below] in mixtures() {
        let above = Own.parent.under(two).with(Own.parent.under(three)).with(Own.zc.under(below));
        let query = Own::query().with(Own.parent.under(one).with(above).with(Own.zc.under(below)));
        let row = query.one(&world.pool).await.unwrap();
        let parent = row.parent().unwrap();
        assert_eq!((parent.id, parent.zc().map(|zc| zc.id)), (1, Some(1)), "{}", query.to_sql());
        let above = parent.parent().unwrap();
        assert_eq!((above.id, above.zc().map(|zc| zc.id), above.parent().map(|own| own.id)), (1, Some(1), Some(1)));
    }
}

#[tokio::test]
async fn g19_i6_a_row_that_is_root_and_child_has_its_children_as_root() {
    let world = stock::tree().await;
    let leaf = |id| (id, vec![]);
    let expected = [(1, vec![2, 3, 4]), leaf(2), (3, vec![5, 6, 7]), leaf(4), leaf(5), leaf(6), leaf(7)];
    for (strategy, statements) in [(SelectIn, 2), (Joined, 1)] {
        let load = Node.children.order_by(Node.id.asc()).under(strategy);
        let listener = listen();
        let nodes = Node::query().order_by(Node.id.asc()).with(load).all(&world.pool).await.unwrap();
        assert_eq!(listener.take().len(), statements);
        let found: Vec<_> = nodes.iter().map(|node| (node.id, ids!(node.children()))).collect();
        assert_eq!(found, expected);
    }
}
