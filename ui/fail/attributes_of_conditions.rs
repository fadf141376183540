//! Errors in a relation's own conditions and order.
use relata::prelude::*;

#[derive(Entity, Clone)]
#[entity(table = "users")]
#[has_many(a: Vec<Post>, by = user_id, only = published)]
#[has_many(b: Vec<Post>, by = user_id, only = ())]
#[has_many(c: Vec<Post>, by = user_id, only = (published))]
#[has_many(d: Vec<Post>, by = user_id, only = (stars = 1.5))]
#[has_many(e: Vec<Post>, by = user_id, only = (kind = Kind::Open))]
#[has_many(f: Vec<Post>, by = user_id, only = (stars = 1, stars = 2))]
#[has_many(g: Vec<Post>, by = user_id, only = (stars = 1 published = true))]
#[has_many(h: Vec<Post>, by = user_id, only = ("stars" = 1))]
#[has_many(i: Vec<Post>, by = user_id, only = (stars > 1))]
#[has_many(j: Vec<Post>, by = user_id, only = (stars = 9223372036854775808))]
#[has_many(k: Vec<Post>, by = user_id, only)]
#[has_many(l: Vec<Post>, by = user_id, only = (title = Some("x")))]
#[has_one(m: Option<Post>, by = user_id, order_by = (id desc))]
#[belongs_to(n: Post, by = post_id, order_by = id)]
#[has_many(o: Vec<Post>, by = user_id, order_by = (id descending))]
#[has_many(p: Vec<Post>, by = user_id, order_by = "id")]
#[has_many(q: Vec<Post>, by = user_id, order_by = ())]
#[has_many(r: Vec<Post>, by = user_id, order_by = (id.desc()))]
#[has_many(s: Vec<Post>, by = user_id, order_by)]
#[has_many(t: Vec<Post>, by = user_id, order = id)]
struct User {
    #[key]
    id: i32,
    post_id: i32,
}

#[derive(Entity, Clone)]
#[entity(table = "posts")]
struct Post {
    #[key]
    id: i32,
    user_id: i32,
    stars: i32,
    published: bool,
    title: String,
    kind: String,
}

fn main() {}
