//! A newtype as a column of every kind, as a key, as a foreign key and in filters; its output meets no name and no lint
//! of the user's.
#![deny(warnings, missing_docs, missing_debug_implementations, unreachable_pub)]
#![deny(clippy::all, clippy::pedantic, clippy::nursery)]

use relata::prelude::*;

/// The key of a user.
#[derive(Newtype, Debug, Clone, Copy, PartialEq, Eq)]
pub struct UserId(pub i32);

/// A name, which is text.
#[derive(Newtype, Debug, Clone, PartialEq, Eq)]
pub struct Name(String);

/// A newtype of a newtype, of text still.
#[derive(Newtype, Debug, Clone)]
struct Nick(Name);

/// A newtype of an array.
#[derive(Newtype, Debug, Clone)]
struct Tags(Vec<Option<String>>);

/// A newtype of an array of them.
#[derive(Newtype, Debug, Clone)]
struct Team(Vec<UserId>);

/// A user.
#[derive(Entity, Debug, Clone)]
#[entity(table = "users", vis = pub(crate))]
#[has_many(posts: Vec<Post>, by = user_id)]
#[belongs_to(boss: Option<User>, by = boss_id)]
#[has_many(first_posts: Vec<Post>, by = user_id, only = (user_id = 1))]
pub struct User {
    #[key]
    id: UserId,
    name: Name,
    nick: Option<Nick>,
    tags: Tags,
    team: Option<Team>,
    friends: Vec<UserId>,
    rivals: Option<Vec<Option<UserId>>>,
    boss_id: Option<UserId>,
}

/// A post.
#[derive(Entity, Debug, Clone)]
#[entity(table = "posts", vis = pub(crate))]
#[belongs_to(author: User, by = user_id)]
pub struct Post {
    #[key]
    slug: Name,
    #[key]
    user_id: UserId,
}

/// Text by hand, without the derive.
struct ByHand(String);

impl relata::Text for ByHand {}

mod hidden {
    #![no_implicit_prelude]
    #![allow(missing_docs, missing_debug_implementations, dead_code, unreachable_pub)]

    mod deep {
        pub(crate) use ::relata as orm;
    }

    /// What generated code must not mean.
    pub struct Box;
    pub struct Result;
    pub trait ToSql {}
    mod relata {}

    use self::deep::orm::prelude::*;

    #[derive(Newtype, ::std::fmt::Debug, ::std::clone::Clone)]
    #[newtype(crate = self::deep::orm)]
    pub struct Code(pub(super) ::std::string::String);
}

fn main() {
    let _ = User::find(5).with(User.posts).with(User.boss);
    let _ = User::find(UserId(5));
    let _ = Post::find(("first", 5));
    let _ = Post::find((String::from("first"), UserId(5)));
    let _ = User::query()
        .filter(User.id.is_in([1, 2]) & User.id.is_not_in([UserId(3)]) & User.id.between(UserId(1), UserId(9)))
        .filter(User.id.eq(User.boss_id) | User.id.eq(UserId(1)) | User.boss_id.is_null())
        .filter(User.name.like("A%") | User.nick.contains("b") | User.name.starts_with("C") | User.name.eq("Alice"))
        .filter(
            User.name.ne(Name::from("x")) & User.nick.is_distinct_from("y") & User.nick.is_distinct_from(None::<&str>),
        )
        .filter(User.name.is_in(["a", "b"]) & User.nick.is_in([Name::from("c")]) & User.boss.name.ilike("d"))
        .filter(User.friends.contains([1, 2]) & User.friends.overlaps([UserId(3)]))
        .order_by(User.name.asc())
        .with(User.posts.filter(Post.author.id.eq(UserId(1))));
    assert_eq!((UserId::from(7).0, Name::from("n").0.as_str()), (7, "n"));
    assert_eq!((hidden::Code::from("c").0.as_str(), ByHand(String::from("d")).0.as_str()), ("c", "d"));
}
