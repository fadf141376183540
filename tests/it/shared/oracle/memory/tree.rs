//! Random rows and random load trees, and the query that a tree stands for.
//!
//! The tree is decided at run time, so every load is a `with_if`: one static type, any subset of its loads.

use proptest::prelude::*;
use relata::prelude::*;
use relata::{Order, Query, Shape};
use serde::Serialize;
use serde_json::Value;

use super::super::sides::text;
use super::super::typed::Told;
use super::Data;
use super::filter::{Filter, Leaf, OfComment, OfPost, OfUser, of_comment, of_post, of_user};
use crate::support::blog::{Comment, Post, Profile, User};
use crate::support::twins;

/// What a query asks for: users, and below them up to three levels more.
#[derive(Debug, Clone)]
pub struct Tree {
    pub filter: Option<Filter<OfUser>>,
    pub order: Vec<(UserBy, bool)>,
    pub limit: Option<u64>,
    pub offset: Option<u64>,
    pub profile: bool,
    pub posts: Option<Posts>,
}

/// How many children a parent is given, and how they are fetched.
#[derive(Debug, Clone, Default)]
pub struct How {
    pub strategy: Option<twins::Strategy>,
    pub limit: Option<u64>,
    pub offset: Option<u64>,
    pub window: bool,
}

impl How {
    pub fn is_limited(&self) -> bool {
        self.limit.is_some() || self.offset.is_some()
    }

    fn tell<L: Told>(&self, load: L) -> L {
        match self.strategy {
            Some(strategy) => load.under(strategy),
            None => load,
        }
    }
}

macro_rules! counted_off {
    ($load:expr, $how:expr) => {{
        let (mut load, how) = ($load, $how);
        if let Some(limit) = how.limit {
            load = load.limit(limit);
        }
        if let Some(offset) = how.offset {
            load = load.offset(offset);
        }
        if how.window {
            load = load.window();
        }
        how.tell(load)
    }};
}

#[derive(Debug, Clone, Default)]
pub struct Posts {
    pub how: How,
    pub filter: Option<Filter<OfPost>>,
    pub order: Vec<(PostBy, bool)>,
    pub author: Option<Author>,
    pub comments: Option<Comments>,
}

#[derive(Debug, Clone, Default)]
pub struct Comments {
    pub how: How,
    pub filter: Option<Filter<OfComment>>,
    pub order: Vec<(CommentBy, bool)>,
    pub author: Option<Author>,
}

/// A to-one load, with loads of its own.
#[derive(Debug, Clone, Default)]
pub struct Author {
    pub how: How,
    pub filter: Option<Filter<OfUser>>,
    pub profile: bool,
    pub posts: bool,
}

#[derive(Debug, Clone, Copy)]
pub enum UserBy {
    Name,
    Bio,
}

#[derive(Debug, Clone, Copy)]
pub enum PostBy {
    Title,
    AuthorName,
}

#[derive(Debug, Clone, Copy)]
pub enum CommentBy {
    Body,
    UserNullsFirst,
    AuthorName,
}

fn directed<E>(column: Order<E>, reversed: Order<E>, descending: bool) -> Order<E> {
    if descending { reversed } else { column }
}

fn condition<L: Leaf>(filter: Option<&Filter<L>>) -> Predicate<L::Row> {
    filter.map_or_else(Predicate::always, Filter::predicate)
}

impl Tree {
    pub fn query(&self) -> Query<impl Shape + Serialize> {
        let mut query = User::query().filter(condition(self.filter.as_ref()));
        for (by, descending) in &self.order {
            query = query.order_by(match by {
                UserBy::Name => directed(User.name.asc(), User.name.desc(), *descending),
                UserBy::Bio => directed(User.profile.bio.asc(), User.profile.bio.desc(), *descending),
            });
        }
        if !self.order.is_empty() {
            query = query.order_by(User.id.asc());
        }
        if let Some(limit) = self.limit {
            query = query.limit(limit);
        }
        if let Some(offset) = self.offset {
            query = query.offset(offset);
        }

        let tree = self.posts.clone().unwrap_or_default();
        let mut posts = counted_off!(User.posts.filter(condition(tree.filter.as_ref())), &tree.how);
        for (by, descending) in &tree.order {
            posts = posts.order_by(match by {
                PostBy::Title => directed(Post.title.asc(), Post.title.desc(), *descending),
                PostBy::AuthorName => directed(Post.author.name.asc(), Post.author.name.desc(), *descending),
            });
        }
        if !tree.order.is_empty() {
            posts = posts.order_by(Post.id.asc());
        }

        let below = tree.comments.clone().unwrap_or_default();
        let mut comments = counted_off!(Post.comments.filter(condition(below.filter.as_ref())), &below.how);
        for (by, descending) in &below.order {
            comments = comments.order_by(match by {
                CommentBy::Body => directed(Comment.body.asc(), Comment.body.desc(), *descending),
                CommentBy::UserNullsFirst => {
                    directed(Comment.user_id.asc(), Comment.user_id.desc(), *descending).nulls_first()
                }
                CommentBy::AuthorName => directed(Comment.author.name.asc(), Comment.author.name.desc(), *descending),
            });
        }
        if !below.order.is_empty() {
            comments = comments.order_by(Comment.id.asc());
        }

        let of_post = tree.author.clone().unwrap_or_default();
        let of_comment = below.author.clone().unwrap_or_default();
        query.with_if(self.profile, User.profile).with_if(
            self.posts.is_some(),
            posts
                .with_if(
                    tree.author.is_some(),
                    of_post
                        .how
                        .tell(Post.author.filter(condition(of_post.filter.as_ref())))
                        .with_if(of_post.profile, User.profile)
                        .with_if(of_post.posts, User.posts.order_by(Post.id.asc())),
                )
                .with_if(
                    tree.comments.is_some(),
                    comments.with_if(
                        below.author.is_some(),
                        of_comment
                            .how
                            .tell(Comment.author.filter(condition(of_comment.filter.as_ref())))
                            .with_if(of_comment.posts, User.posts.order_by(Post.id.asc()))
                            .with_if(of_comment.profile, User.profile),
                    ),
                ),
        )
    }

    /// Sorts what the query left in the database's order.
    pub fn normalize(&self, mut users: Value) -> Value {
        if self.order.is_empty() && self.limit.is_none() && self.offset.is_none() {
            sort(&mut users);
        }
        let rows = users.as_array_mut().into_iter().flatten();
        for posts in rows.filter_map(|user| user.get_mut("posts")) {
            if self.posts.as_ref().is_some_and(|tree| tree.order.is_empty() && !tree.how.is_limited()) {
                sort(posts);
            }
            let below = self.posts.as_ref().and_then(|tree| tree.comments.as_ref());
            if below.is_some_and(|below| below.order.is_empty() && !below.how.is_limited()) {
                let rows = posts.as_array_mut().into_iter().flatten();
                rows.filter_map(|post| post.get_mut("comments")).for_each(sort);
            }
        }
        users
    }
}

fn sort(rows: &mut Value) {
    if let Some(rows) = rows.as_array_mut() {
        rows.sort_by_key(|row| row["id"].as_i64());
    }
}

/// Ids are few, so that they collide between the tables.
fn id() -> impl Strategy<Value = i32> {
    1..9_i32
}

/// More rows the further down the tree, so that every level has parents with several children.
pub fn data() -> impl Strategy<Value = Data> {
    let users = prop::collection::btree_map(id(), text(), 0..7);
    users.prop_flat_map(|names| {
        let users: Vec<User> = names.into_iter().map(|(id, name)| User { id, name }).collect();
        let ids: Vec<i32> = users.iter().map(|user| user.id).collect();
        let most = if ids.is_empty() { 1 } else { 12 };
        let of_user = prop::sample::select(if ids.is_empty() { vec![0] } else { ids });
        let profiles = prop::collection::btree_map(of_user.clone(), text(), 0..most);
        let posts = prop::collection::btree_map(1..15_i32, (text(), any::<bool>(), of_user), 0..most);
        let comments = prop::collection::btree_map(
            1..30_i32,
            (text(), prop::option::of(id()), any::<prop::sample::Index>()),
            0..24,
        );
        (Just(users), profiles, posts, comments).prop_map(|(users, profiles, posts, comments)| {
            let profiles = profiles.into_iter().map(|(user_id, bio)| Profile { user_id, bio }).collect();
            let posts: Vec<Post> = posts
                .into_iter()
                .filter(|(_, (_, _, user_id))| users.iter().any(|user| user.id == *user_id))
                .map(|(id, (title, published, user_id))| Post { id, title, published, user_id })
                .collect();
            let on = |index: prop::sample::Index| (!posts.is_empty()).then(|| index.get(&posts).id);
            let comments = comments
                .into_iter()
                .filter_map(|(id, (body, user_id, post))| Some(Comment { id, body, post_id: on(post)?, user_id }))
                .collect();
            Data { users, profiles, posts, comments }
        })
    })
}

fn order<B: Copy + std::fmt::Debug + 'static>(columns: Vec<B>) -> impl Strategy<Value = Vec<(B, bool)>> {
    prop::collection::vec((prop::sample::select(columns), any::<bool>()), 0..3)
}

fn how() -> impl Strategy<Value = How> {
    let strategy = prop::sample::select(vec![None, None, Some(twins::SelectIn), Some(twins::Joined)]);
    let limit = prop_oneof![2 => Just(None), 1 => (0..4_u64).prop_map(Some)];
    let offset = prop_oneof![3 => Just(None), 1 => (0..3_u64).prop_map(Some)];
    (strategy, limit, offset, any::<bool>()).prop_map(|(strategy, limit, offset, window)| How {
        strategy,
        limit,
        offset,
        window,
    })
}

fn author() -> impl Strategy<Value = Author> {
    (how(), prop::option::of(of_user()), any::<bool>(), any::<bool>())
        .prop_map(|(how, filter, profile, posts)| Author { how, filter, profile, posts })
}

fn comments() -> impl Strategy<Value = Comments> {
    let columns = vec![CommentBy::Body, CommentBy::UserNullsFirst, CommentBy::AuthorName];
    (how(), prop::option::of(of_comment()), order(columns), prop::option::of(author()))
        .prop_map(|(how, filter, order, author)| Comments { how, filter, order, author })
}

fn posts() -> impl Strategy<Value = Posts> {
    let columns = vec![PostBy::Title, PostBy::AuthorName];
    (how(), prop::option::of(of_post()), order(columns), prop::option::of(author()), prop::option::of(comments()))
        .prop_map(|(how, filter, order, author, comments)| Posts { how, filter, order, author, comments })
}

pub fn tree() -> impl Strategy<Value = Tree> {
    let columns = vec![UserBy::Name, UserBy::Bio];
    // One row is a case of its own: keys are then sent as values.
    let limit = prop_oneof![Just(None), Just(Some(1)), (0..6_u64).prop_map(Some)];
    let rows = (limit, prop::option::of(0..3_u64));
    (prop::option::of(of_user()), order(columns), rows, any::<bool>(), prop::option::of(posts())).prop_map(
        |(filter, order, (limit, offset), profile, posts)| Tree { filter, order, limit, offset, profile, posts },
    )
}
