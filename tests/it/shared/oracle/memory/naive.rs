//! The naive loader: from row to row in memory, a loop a relation.

use std::cmp::Ordering;

use serde_json::{Value, json};

use super::Data;
use super::filter::{Filter, Leaf};
use super::tree::{Author, CommentBy, Comments, How, PostBy, Posts, Tree, UserBy};
use crate::support::blog::{Comment, Post, User};

pub fn load(data: &Data, tree: &Tree) -> Value {
    let mut users = kept(&data.users, tree.filter.as_ref(), data);
    users.sort_by(|one, other| {
        let mut order = Ordering::Equal;
        for (by, descending) in &tree.order {
            order = order.then_with(|| match by {
                UserBy::Name => compare(Some(&one.name), Some(&other.name), *descending, false),
                UserBy::Bio => compare(bio(data, one.id), bio(data, other.id), *descending, false),
            });
        }
        order.then(one.id.cmp(&other.id))
    });
    let users = users.into_iter().skip(tree.offset.unwrap_or(0) as usize);
    let users = users.take(tree.limit.unwrap_or(u64::MAX) as usize);
    users.map(|user| with_relations(data, &user, tree.profile, tree.posts.as_ref())).collect()
}

fn with_relations(data: &Data, user: &User, profile: bool, posts: Option<&Posts>) -> Value {
    let mut row = json!(user);
    if profile {
        row["profile"] = json!(data.profiles.iter().find(|profile| profile.user_id == user.id));
    }
    if let Some(load) = posts {
        row["posts"] = posts_of(data, user.id, load);
    }
    row
}

fn posts_of(data: &Data, user: i32, load: &Posts) -> Value {
    let mut posts = kept(&data.posts, load.filter.as_ref(), data);
    posts.retain(|post| post.user_id == user);
    posts.sort_by(|one, other| {
        let mut order = Ordering::Equal;
        for (by, descending) in &load.order {
            order = order.then_with(|| match by {
                PostBy::Title => compare(Some(&one.title), Some(&other.title), *descending, false),
                PostBy::AuthorName => {
                    compare(name(data, Some(one.user_id)), name(data, Some(other.user_id)), *descending, false)
                }
            });
        }
        order.then(one.id.cmp(&other.id))
    });
    let row = |post: Post| {
        let mut row = json!(post);
        if let Some(author) = &load.author {
            row["author"] = to_one(data, Some(post.user_id), author);
        }
        if let Some(comments) = &load.comments {
            row["comments"] = comments_of(data, post.id, comments);
        }
        row
    };
    counted_off(posts, &load.how).map(row).collect()
}

fn comments_of(data: &Data, post: i32, load: &Comments) -> Value {
    let mut comments = kept(&data.comments, load.filter.as_ref(), data);
    comments.retain(|comment| comment.post_id == post);
    comments.sort_by(|one, other| {
        let mut order = Ordering::Equal;
        for (by, descending) in &load.order {
            order = order.then_with(|| match by {
                CommentBy::Body => compare(Some(&one.body), Some(&other.body), *descending, false),
                CommentBy::UserNullsFirst => compare(one.user_id, other.user_id, *descending, true),
                CommentBy::AuthorName => {
                    compare(name(data, one.user_id), name(data, other.user_id), *descending, false)
                }
            });
        }
        order.then(one.id.cmp(&other.id))
    });
    let row = |comment: Comment| {
        let mut row = json!(comment);
        if let Some(author) = &load.author {
            row["author"] = to_one(data, comment.user_id, author);
        }
        row
    };
    counted_off(comments, &load.how).map(row).collect()
}

fn to_one(data: &Data, id: Option<i32>, load: &Author) -> Value {
    let user = data.users.iter().find(|user| Some(user.id) == id);
    let kept = user.filter(|user| load.filter.as_ref().is_none_or(|filter| filter.holds(user, data) == Some(true)));
    let posts = Posts::default();
    kept.map_or(Value::Null, |user| with_relations(data, user, load.profile, load.posts.then_some(&posts)))
}

fn counted_off<T>(rows: Vec<T>, how: &How) -> impl Iterator<Item = T> {
    rows.into_iter().skip(how.offset.unwrap_or(0) as usize).take(how.limit.unwrap_or(u64::MAX) as usize)
}

fn kept<L: Leaf>(rows: &[L::Row], filter: Option<&Filter<L>>, data: &Data) -> Vec<L::Row>
where
    L::Row: Clone,
{
    let holds = |row: &&L::Row| filter.is_none_or(|filter| filter.holds(row, data) == Some(true));
    rows.iter().filter(holds).cloned().collect()
}

/// As PostgreSQL sorts: NULLs are greater than all values, unless the order says where they stand.
fn compare<T: Ord>(one: Option<T>, other: Option<T>, descending: bool, nulls_first: bool) -> Ordering {
    let order = match (&one, &other) {
        (Some(one), Some(other)) => one.cmp(other),
        (None, None) => return Ordering::Equal,
        (None, Some(_)) if nulls_first => return Ordering::Less,
        (Some(_), None) if nulls_first => return Ordering::Greater,
        (None, Some(_)) => Ordering::Greater,
        (Some(_), None) => Ordering::Less,
    };
    if descending { order.reverse() } else { order }
}

fn bio(data: &Data, user: i32) -> Option<&str> {
    data.profiles.iter().find(|profile| profile.user_id == user).map(|profile| profile.bio.as_str())
}

fn name(data: &Data, user: Option<i32>) -> Option<&str> {
    data.users.iter().find(|known| Some(known.id) == user).map(|user| user.name.as_str())
}
