//! `#[derive(Newtype)]`: ids and names that are types of their own, wherever what they hold could stand.

use relata::prelude::*;
use relata::{Error, ErrorKind};
use tokio_postgres::types::{FromSql, ToSql, Type};

use super::World;

#[derive(Newtype, Debug, Clone, Copy, PartialEq)]
struct UserId(i32);

#[derive(Newtype, Debug, Clone, Copy, PartialEq)]
struct TeamId(i64);

#[derive(Newtype, Debug, Clone, PartialEq)]
struct Name(String);

/// A newtype of a newtype.
#[derive(Newtype, Debug, Clone, PartialEq)]
struct Nick(Name);

#[derive(Newtype, Debug, Clone, PartialEq)]
struct Tags(Vec<String>);

#[derive(Entity, Debug, Clone, PartialEq)]
#[entity(table = "users")]
#[has_many(posts: Vec<Post>, by = author)]
#[has_many(reports: Vec<User>, by = boss)]
#[belongs_to(head: Option<User>, by = boss)]
#[belongs_to(team: Team, by = (country, team_id))]
struct User {
    #[key(generated)]
    id: UserId,
    name: Name,
    nick: Option<Nick>,
    tags: Tags,
    boss: Option<UserId>,
    friends: Vec<UserId>,
    rivals: Option<Vec<Option<UserId>>>,
    country: Name,
    team_id: TeamId,
}

#[derive(Entity, Debug, Clone, PartialEq)]
#[entity(table = "posts")]
#[belongs_to(writer: User, by = author)]
struct Post {
    #[key]
    slug: Name,
    author: UserId,
}

#[derive(Entity, Debug, Clone, PartialEq)]
#[entity(table = "teams")]
#[has_many(members: Vec<User>, by = (country, team_id))]
struct Team {
    #[key]
    country: Name,
    #[key]
    id: TeamId,
}

async fn world() -> World {
    World::new(
        "CREATE DOMAIN user_id AS int CHECK (value > 0);
        CREATE TABLE teams (country varchar(2), id int8, PRIMARY KEY (country, id));
        CREATE TABLE users (id int PRIMARY KEY, name text NOT NULL, nick text, tags text[] NOT NULL, boss user_id,
            friends user_id[] NOT NULL, rivals int[], country varchar(2) NOT NULL, team_id int8 NOT NULL);
        CREATE TABLE posts (slug varchar(9) PRIMARY KEY, author user_id NOT NULL);
        INSERT INTO teams VALUES ('de', 1), ('fr', 1), ('fr', 2);
        INSERT INTO users VALUES
            (1, 'Alice', NULL, '{}', NULL, '{2,3}', NULL, 'fr', 1),
            (2, 'Bob', 'bobby', '{a,b}', 1, '{}', '{1,NULL}', 'fr', 2),
            (3, 'Carol', 'ca%rol', '{b}', 1, '{1}', '{}', 'fr', 1);
        INSERT INTO posts VALUES ('one', 1), ('two', 1), ('three', 3);",
    )
    .await
}

async fn names(world: &World, condition: Predicate<User>) -> Vec<String> {
    let users = User::query().filter(condition).order_by(User.name.asc()).all(&world.pool).await.unwrap();
    users.into_iter().map(|user| user.name.0).collect()
}

#[tokio::test]
async fn a_newtype_is_read_as_what_it_holds() {
    let world = world().await;
    let bob = User::find(2).one(&world.pool).await.unwrap();
    let expected = User {
        id: UserId(2),
        name: Name("Bob".into()),
        nick: Some(Nick(Name("bobby".into()))),
        tags: Tags(vec!["a".into(), "b".into()]),
        boss: Some(UserId(1)),
        friends: vec![],
        rivals: Some(vec![Some(UserId(1)), None]),
        country: Name("fr".into()),
        team_id: TeamId(2),
    };
    assert_eq!(bob, expected);
    let alice = User::find(UserId(1)).one(&world.pool).await.unwrap();
    assert_eq!((alice.nick, alice.boss, alice.rivals), (None, None, None));
    // An array of a domain.
    assert_eq!(alice.friends, [UserId(2), UserId(3)]);
}

#[tokio::test]
async fn a_newtype_stands_in_every_filter() {
    let world = world().await;
    for (condition, expected) in [
        (User.id.eq(UserId(2)), vec!["Bob"]),
        (User.id.is_in([1, 3]), vec!["Alice", "Carol"]),
        (User.id.is_not_in([UserId(1)]), vec!["Bob", "Carol"]),
        (User.id.between(UserId(2), UserId(9)), vec!["Bob", "Carol"]),
        (User.boss.eq(UserId(1)), vec!["Bob", "Carol"]),
        (User.boss.eq(User.id), vec![]),
        (User.boss.is_distinct_from(UserId(1)), vec!["Alice"]),
        (User.boss.is_null(), vec!["Alice"]),
        (User.friends.contains([3, 2]), vec!["Alice"]),
        (User.friends.overlaps([UserId(1), UserId(2)]), vec!["Alice", "Carol"]),
        (User.rivals.contains(vec![UserId(1)]), vec!["Bob"]),
        (User.tags.eq(Tags(vec!["b".into()])), vec!["Carol"]),
        (User.name.eq("Bob") | User.name.ne(String::from("Bob").as_str()) & User.nick.is_null(), vec!["Alice", "Bob"]),
        (User.name.is_in(["Bob", "Dora"]), vec!["Bob"]),
        (User.name.like("_o%") | User.name.starts_with("Ali"), vec!["Alice", "Bob"]),
        (User.name.ilike("CA%") | User.name.ends_with("lice"), vec!["Alice", "Carol"]),
        (User.nick.contains("%"), vec!["Carol"]),
        (User.nick.not_like("b%"), vec!["Carol"]),
        (User.nick.is_distinct_from("bobby"), vec!["Alice", "Carol"]),
        (User.nick.is_not_distinct_from(None::<&str>), vec!["Alice"]),
        (User.nick.eq("bobby") & User.nick.is_in([Name::from("bobby")]), vec!["Bob"]),
        (User.head.name.eq("Alice") & User.posts.any(Post.slug.eq("three")), vec!["Carol"]),
        (User.team.id.gt(TeamId(1)), vec!["Bob"]),
    ] {
        let says = format!("{condition:?}");
        assert_eq!(names(&world, condition).await, expected, "{says}");
    }
}

#[tokio::test]
async fn a_newtype_is_a_key_under_every_strategy() {
    let world = world().await;
    let users = || User::query().order_by(User.id.asc());
    for (way, query) in [
        ("select-in", users().with(User.posts.order_by(Post.slug.asc()).select_in()).with(User.head.select_in())),
        ("joined", users().with(User.posts.order_by(Post.slug.asc()).joined()).with(User.head.joined())),
        ("limited", users().with(User.posts.order_by(Post.slug.asc()).limit(9)).with(User.head)),
    ] {
        let users = query.all(&world.pool).await.unwrap();
        let found: Vec<(Vec<&str>, Option<UserId>)> = users
            .iter()
            .map(|user| {
                (user.posts().iter().map(|post| post.slug.0.as_str()).collect(), user.head().map(|head| head.id))
            })
            .collect();
        let expected = [(vec!["one", "two"], None), (vec![], Some(UserId(1))), (vec!["three"], Some(UserId(1)))];
        assert_eq!(found, expected, "{way}");
    }
    let post = Post::find("three").with(Post.writer.with(User.reports)).one(&world.pool).await.unwrap();
    assert_eq!((post.writer().id, post.writer().reports().len()), (UserId(3), 0));
    let alice = User::find(1).with(User.reports.select_in()).one(&world.pool).await.unwrap();
    assert_eq!(alice.reports().iter().map(|user| user.id.0).collect::<Vec<_>>(), [2, 3]);
}

#[tokio::test]
async fn newtypes_are_columns_of_a_composite_key() {
    let world = world().await;
    let teams = || Team::query().order_by(Team.country.asc()).order_by(Team.id.asc());
    for query in [teams().with(Team.members.select_in()), teams().with(Team.members.joined())] {
        let teams = query.all(&world.pool).await.unwrap();
        assert_eq!(teams.iter().map(|team| team.members().len()).collect::<Vec<_>>(), [0, 2, 1]);
    }
    let team = Team::find(("fr", 2)).with(Team.members).one(&world.pool).await.unwrap();
    assert_eq!((&team.country, team.id, team.members()[0].id), (&Name("fr".into()), TeamId(2), UserId(2)));
    let user = User::find(3).with(User.team).one(&world.pool).await.unwrap();
    assert_eq!(user.team().id, TeamId(1));
}

#[tokio::test]
async fn a_newtype_of_another_type_is_an_error_that_names_it() {
    #[derive(Entity, Debug, Clone)]
    #[entity(table = "users")]
    struct Wrong {
        #[key]
        id: TeamId,
    }

    #[derive(Entity, Debug, Clone)]
    #[entity(table = "users")]
    struct Null {
        #[key]
        id: UserId,
        boss: UserId,
    }

    let says = |error: Error| (error.kind(), error.to_string());
    let world = world().await;
    let error = Wrong::query().all(&world.pool).await.unwrap_err();
    let message = "Wrong: field `Wrong.id`: column `id` of table `users` is `int4`, which cannot be read as `TeamId`";
    assert_eq!(says(error), (ErrorKind::Decode, message.to_owned()));
    let error = Wrong::find(1).all(&world.pool).await.unwrap_err();
    let message = "Wrong: parameter $1 of the statement is `int4`, and its value cannot be sent as that";
    assert_eq!(says(error), (ErrorKind::Encode, message.to_owned()));
    let error = Null::query().all(&world.pool).await.unwrap_err();
    let message = "Null: field `Null.boss`: column `boss` of table `users` is NULL, and the field is not an `Option`";
    assert_eq!(says(error), (ErrorKind::UnexpectedNull, message.to_owned()));
}

#[test]
fn a_newtype_accepts_what_it_holds_accepts() {
    for ty in [Type::INT4, Type::INT8, Type::TEXT, Type::VARCHAR, Type::TEXT_ARRAY, Type::UUID, Type::UNKNOWN] {
        assert_eq!(<UserId as ToSql>::accepts(&ty), <i32 as ToSql>::accepts(&ty), "{ty}");
        assert_eq!(<UserId as FromSql<'_>>::accepts(&ty), <i32 as FromSql<'_>>::accepts(&ty), "{ty}");
        assert_eq!(<Nick as ToSql>::accepts(&ty), <String as ToSql>::accepts(&ty), "{ty}");
        assert_eq!(<Nick as FromSql<'_>>::accepts(&ty), <String as FromSql<'_>>::accepts(&ty), "{ty}");
        assert_eq!(<Tags as FromSql<'_>>::accepts(&ty), <Vec<String> as FromSql<'_>>::accepts(&ty), "{ty}");
    }
}
