//! Group G: a row that several parents share, columns that are unique and no key, keys of several types.

use relata::prelude::*;

use crate::support::World;
use crate::support::stock::{self, Node, ids};
use crate::support::trace::listen;

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
    let all = A::query().order_by(A.id.asc()).with(A.b).all(&world.pool).await.unwrap();
    assert_eq!(listener.take().last().unwrap().rows, Some(2));
    let (first, second) = (B { id: 1, x: 5, y: 9 }, B { id: 2, x: 10, y: 8 });
    let found: Vec<Option<&B>> = all.iter().map(|a| a.b()).collect();
    assert_eq!(found, [Some(&first), Some(&second), Some(&second), None, Some(&first)]);
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
    let letters = Letter::query().order_by(Letter.id.asc()).with(Letter.to).all(&world.pool).await.unwrap();
    assert_eq!(
        letters.iter().map(|row| row.to().map(|to| to.id)).collect::<Vec<_>>(),
        [Some(2), Some(1), None, Some(2)]
    );
    let query = User::query().order_by(User.id.asc()).with(User.letters.order_by(Letter.id.asc()));
    let users = query.all(&world.pool).await.unwrap();
    let found: Vec<_> = users.iter().map(|user| (user.id, ids!(user.letters()))).collect();
    assert_eq!(found, [(1, vec![2]), (2, vec![1, 4]), (3, vec![]), (4, vec![])]);
    assert_eq!(ids!(Letter::query().filter(Letter.to.id.eq(1)).all(&world.pool).await.unwrap()), [2]);
}

#[tokio::test]
async fn c6_x5_a_null_reference_matches_no_null() {
    use unique::{Letter, User};
    let world = World::new(unique::SCRIPT).await;
    let listener = listen();
    // The user without a name is not the one that a letter without a name goes to.
    let letter = Letter::find(3).with(Letter.to.with(User.letters)).one(&world.pool).await.unwrap();
    assert!(letter.to().is_none());
    let nobody = User::find(3).with(User.letters).one(&world.pool).await.unwrap();
    assert!(nobody.letters().is_empty());
    assert_eq!(listener.take().len(), 2, "a key that is NULL is not asked for");
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
    let all = Wide::query()
        .order_by(Wide.tag.asc())
        .with(Wide.narrow.order_by(Narrow.id.asc()))
        .with(Wide.tagged.order_by(Narrow.id.asc()))
        .with(Wide.first)
        .all(&world.pool)
        .await
        .unwrap();
    let narrow = |rows: &[Narrow]| rows.iter().map(|row| row.id).collect::<Vec<i16>>();
    let found: Vec<_> = all
        .iter()
        .map(|row| (row.tag.as_str(), narrow(row.narrow()), narrow(row.tagged()), row.first().map(|row| row.id)))
        .collect();
    let expected =
        [("", vec![], vec![-3], None), ("a", vec![-3, 1], vec![], Some(2)), ("b", vec![2], vec![1, 2], None)];
    assert_eq!(found, expected);
    let all = Narrow::query().order_by(Narrow.id.asc()).with(Narrow.wide).all(&world.pool).await.unwrap();
    let found: Vec<_> = all.iter().map(|row| row.wide().map(|wide| wide.id)).collect();
    assert_eq!(found, [Some(1), Some(1), Some(-1), None]);
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
    let row = Own::query().with(Own.parent.with(Own.zc)).one(&world.pool).await.unwrap();
    let parent = row.parent().unwrap();
    assert_eq!((parent.id, parent.zc().map(|zc| zc.id)), (1, Some(1)));
}

#[tokio::test]
async fn g19_i6_a_row_that_is_root_and_child_has_its_children_as_root() {
    let world = stock::tree().await;
    let query = Node::query().order_by(Node.id.asc()).with(Node.children.order_by(Node.id.asc()));
    let listener = listen();
    let nodes = query.all(&world.pool).await.unwrap();
    assert_eq!(listener.take().len(), 2);
    let found: Vec<_> = nodes.iter().map(|node| (node.id, ids!(node.children()))).collect();
    let leaf = |id| (id, vec![]);
    let expected = [(1, vec![2, 3, 4]), leaf(2), (3, vec![5, 6, 7]), leaf(4), leaf(5), leaf(6), leaf(7)];
    assert_eq!(found, expected);
}
