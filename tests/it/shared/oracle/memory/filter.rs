//! Filters, both as predicates of the crate and as functions of three-valued logic on rows in memory.

use proptest::prelude::*;
use relata::prelude::*;

use super::super::sides::{Quantifier, quantifier, text};
use super::Data;
use crate::support::blog::{Comment, Post, User};

/// A filter on rows of one kind: a leaf, or leaves joined.
#[derive(Debug, Clone)]
pub enum Filter<L> {
    Leaf(L),
    And(Box<Filter<L>>, Box<Filter<L>>),
    Or(Box<Filter<L>>, Box<Filter<L>>),
    Not(Box<Filter<L>>),
}

#[derive(Debug, Clone)]
pub enum OfUser {
    IdLe(i32),
    NameIn(Vec<String>),
    NameStarts(String),
    BioNull,
    BioNe(String),
    Posts(Quantifier, Box<Filter<OfPost>>),
    PostsComments(Quantifier, Box<Filter<OfComment>>),
}

#[derive(Debug, Clone)]
pub enum OfPost {
    Published(bool),
    TitleContains(String),
    Between(i32, i32),
    AuthorName(String),
    AuthorBio(String),
    Comments(Quantifier, Box<Filter<OfComment>>),
    AuthorComments(Quantifier, Box<Filter<OfComment>>),
}

#[derive(Debug, Clone)]
pub enum OfComment {
    Body(String),
    UserNull,
    UserNotIn(Vec<i32>),
    AuthorName(String),
    AuthorNameNull,
    AuthorNameDistinct(Option<String>),
    SameAsPost,
}

/// What both sides understand.
pub trait Leaf: Clone {
    type Row;
    fn predicate(&self) -> Predicate<Self::Row>;
    /// `None` is SQL's unknown.
    fn holds(&self, row: &Self::Row, data: &Data) -> Option<bool>;
}

impl<L: Leaf> Filter<L> {
    pub fn predicate(&self) -> Predicate<L::Row> {
        match self {
            Filter::Leaf(leaf) => leaf.predicate(),
            Filter::And(one, other) => one.predicate() & other.predicate(),
            Filter::Or(one, other) => one.predicate() | other.predicate(),
            Filter::Not(inner) => !inner.predicate(),
        }
    }

    pub fn holds(&self, row: &L::Row, data: &Data) -> Option<bool> {
        match self {
            Filter::Leaf(leaf) => leaf.holds(row, data),
            Filter::Not(inner) => inner.holds(row, data).map(|value| !value),
            Filter::And(one, other) => match (one.holds(row, data), other.holds(row, data)) {
                (Some(false), _) | (_, Some(false)) => Some(false),
                (Some(true), Some(true)) => Some(true),
                _ => None,
            },
            Filter::Or(one, other) => match (one.holds(row, data), other.holds(row, data)) {
                (Some(true), _) | (_, Some(true)) => Some(true),
                (Some(false), Some(false)) => Some(false),
                _ => None,
            },
        }
    }
}

fn quantified<L: Leaf>(of: Quantifier, rows: impl Iterator<Item = L::Row>, filter: &Filter<L>, data: &Data) -> bool {
    let mut met = rows.map(|row| filter.holds(&row, data) == Some(true));
    match of {
        Quantifier::Any => met.any(|met| met),
        Quantifier::None => !met.any(|met| met),
        Quantifier::Every => met.all(|met| met),
    }
}

fn comments_of(data: &Data, post: i32) -> impl Iterator<Item = Comment> {
    data.comments.iter().filter(move |comment| comment.post_id == post).cloned()
}

fn posts_of(data: &Data, user: i32) -> impl Iterator<Item = Post> {
    data.posts.iter().filter(move |post| post.user_id == user).cloned()
}

fn bio(data: &Data, user: i32) -> Option<&str> {
    data.profiles.iter().find(|profile| profile.user_id == user).map(|profile| profile.bio.as_str())
}

fn name(data: &Data, user: Option<i32>) -> Option<&str> {
    data.users.iter().find(|known| Some(known.id) == user).map(|user| user.name.as_str())
}

impl Leaf for OfUser {
    type Row = User;

    fn predicate(&self) -> Predicate<User> {
        match self {
            OfUser::IdLe(id) => User.id.le(*id),
            OfUser::NameIn(names) => User.name.is_in(names.iter().map(String::as_str)),
            OfUser::NameStarts(text) => User.name.starts_with(text),
            OfUser::BioNull => User.profile.bio.is_null(),
            OfUser::BioNe(bio) => User.profile.bio.ne(bio),
            OfUser::Posts(Quantifier::Any, filter) => User.posts.any(filter.predicate()),
            OfUser::Posts(Quantifier::None, filter) => User.posts.none(filter.predicate()),
            OfUser::Posts(Quantifier::Every, filter) => User.posts.every(filter.predicate()),
            OfUser::PostsComments(Quantifier::Any, filter) => User.posts.comments.any(filter.predicate()),
            OfUser::PostsComments(Quantifier::None, filter) => User.posts.comments.none(filter.predicate()),
            OfUser::PostsComments(Quantifier::Every, filter) => User.posts.comments.every(filter.predicate()),
        }
    }

    fn holds(&self, row: &User, data: &Data) -> Option<bool> {
        match self {
            OfUser::IdLe(id) => Some(row.id <= *id),
            OfUser::NameIn(names) => Some(names.contains(&row.name)),
            OfUser::NameStarts(text) => Some(row.name.starts_with(text)),
            OfUser::BioNull => Some(bio(data, row.id).is_none()),
            OfUser::BioNe(other) => bio(data, row.id).map(|bio| bio != other),
            OfUser::Posts(of, filter) => Some(quantified(*of, posts_of(data, row.id), filter, data)),
            OfUser::PostsComments(of, filter) => {
                let comments = posts_of(data, row.id).flat_map(|post| comments_of(data, post.id).collect::<Vec<_>>());
                Some(quantified(*of, comments, filter, data))
            }
        }
    }
}

impl Leaf for OfPost {
    type Row = Post;

    fn predicate(&self) -> Predicate<Post> {
        match self {
            OfPost::Published(published) => Post.published.eq(*published),
            OfPost::TitleContains(text) => Post.title.contains(text),
            OfPost::Between(low, high) => Post.id.between(*low, *high),
            OfPost::AuthorName(name) => Post.author.name.eq(name),
            OfPost::AuthorBio(bio) => Post.author.profile.bio.eq(bio),
            OfPost::Comments(Quantifier::Any, filter) => Post.comments.any(filter.predicate()),
            OfPost::Comments(Quantifier::None, filter) => Post.comments.none(filter.predicate()),
            OfPost::Comments(Quantifier::Every, filter) => Post.comments.every(filter.predicate()),
            OfPost::AuthorComments(Quantifier::Any, filter) => Post.author.posts.comments.any(filter.predicate()),
            OfPost::AuthorComments(Quantifier::None, filter) => Post.author.posts.comments.none(filter.predicate()),
            OfPost::AuthorComments(Quantifier::Every, filter) => Post.author.posts.comments.every(filter.predicate()),
        }
    }

    fn holds(&self, row: &Post, data: &Data) -> Option<bool> {
        match self {
            OfPost::Published(published) => Some(row.published == *published),
            OfPost::TitleContains(text) => Some(row.title.contains(text.as_str())),
            OfPost::Between(low, high) => Some((*low..=*high).contains(&row.id)),
            OfPost::AuthorName(other) => name(data, Some(row.user_id)).map(|name| name == other),
            OfPost::AuthorBio(other) => bio(data, row.user_id).map(|bio| bio == other),
            OfPost::Comments(of, filter) => Some(quantified(*of, comments_of(data, row.id), filter, data)),
            OfPost::AuthorComments(of, filter) => {
                let posts = posts_of(data, row.user_id);
                let comments = posts.flat_map(|post| comments_of(data, post.id).collect::<Vec<_>>());
                Some(quantified(*of, comments, filter, data))
            }
        }
    }
}

impl Leaf for OfComment {
    type Row = Comment;

    fn predicate(&self) -> Predicate<Comment> {
        match self {
            OfComment::Body(body) => Comment.body.eq(body),
            OfComment::UserNull => Comment.user_id.is_null(),
            OfComment::UserNotIn(ids) => Comment.user_id.is_not_in(ids.iter().copied()),
            OfComment::AuthorName(name) => Comment.author.name.eq(name),
            OfComment::AuthorNameNull => Comment.author.name.is_null(),
            OfComment::AuthorNameDistinct(name) => Comment.author.name.is_distinct_from(name.clone()),
            OfComment::SameAsPost => Comment.user_id.eq(Comment.post.user_id),
        }
    }

    fn holds(&self, row: &Comment, data: &Data) -> Option<bool> {
        let author = name(data, row.user_id);
        match self {
            OfComment::Body(body) => Some(row.body == *body),
            OfComment::UserNull => Some(row.user_id.is_none()),
            OfComment::UserNotIn(ids) if ids.is_empty() => Some(true),
            OfComment::UserNotIn(ids) => row.user_id.map(|id| !ids.contains(&id)),
            OfComment::AuthorName(other) => author.map(|name| name == other),
            OfComment::AuthorNameNull => Some(author.is_none()),
            OfComment::AuthorNameDistinct(other) => Some(author != other.as_deref()),
            OfComment::SameAsPost => {
                let post = data.posts.iter().find(|post| post.id == row.post_id);
                row.user_id.and_then(|user| post.map(|post| post.user_id == user))
            }
        }
    }
}

fn joined<L: Clone + std::fmt::Debug + 'static>(leaf: impl Strategy<Value = L> + 'static) -> BoxedStrategy<Filter<L>> {
    let leaf = leaf.prop_map(Filter::Leaf);
    leaf.prop_recursive(2, 4, 2, |inner| {
        prop_oneof![
            (inner.clone(), inner.clone()).prop_map(|(one, other)| Filter::And(Box::new(one), Box::new(other))),
            (inner.clone(), inner.clone()).prop_map(|(one, other)| Filter::Or(Box::new(one), Box::new(other))),
            inner.prop_map(|inner| Filter::Not(Box::new(inner))),
        ]
    })
    .boxed()
}

pub fn of_comment() -> BoxedStrategy<Filter<OfComment>> {
    joined(prop_oneof![
        1 => text().prop_map(OfComment::Body),
        1 => Just(OfComment::UserNull),
        3 => prop::collection::vec(0..9_i32, 0..3).prop_map(OfComment::UserNotIn),
        3 => text().prop_map(OfComment::AuthorName),
        1 => Just(OfComment::AuthorNameNull),
        1 => prop::option::of(text()).prop_map(OfComment::AuthorNameDistinct),
        1 => Just(OfComment::SameAsPost),
    ])
}

pub fn of_post() -> BoxedStrategy<Filter<OfPost>> {
    joined(prop_oneof![
        any::<bool>().prop_map(OfPost::Published),
        text().prop_map(OfPost::TitleContains),
        (0..9_i32, 0..9_i32).prop_map(|(low, high)| OfPost::Between(low, high)),
        text().prop_map(OfPost::AuthorName),
        text().prop_map(OfPost::AuthorBio),
        (quantifier(), of_comment()).prop_map(|(of, filter)| OfPost::Comments(of, Box::new(filter))),
        (quantifier(), of_comment()).prop_map(|(of, filter)| OfPost::AuthorComments(of, Box::new(filter))),
    ])
}

pub fn of_user() -> BoxedStrategy<Filter<OfUser>> {
    joined(prop_oneof![
        1 => (0..9_i32).prop_map(OfUser::IdLe),
        1 => prop::collection::vec(text(), 0..3).prop_map(OfUser::NameIn),
        1 => text().prop_map(OfUser::NameStarts),
        1 => Just(OfUser::BioNull),
        1 => text().prop_map(OfUser::BioNe),
        3 => (quantifier(), of_post()).prop_map(|(of, filter)| OfUser::Posts(of, Box::new(filter))),
        3 => (quantifier(), of_comment()).prop_map(|(of, filter)| OfUser::PostsComments(of, Box::new(filter))),
    ])
}
