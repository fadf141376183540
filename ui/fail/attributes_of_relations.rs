//! Errors in the attributes of relations.
use relata::prelude::*;

#[derive(Entity, Clone)]
#[entity(table = "users")]
#[has_many(a: Post, by = user_id)]
#[has_many(b: Option<Post>, by = user_id)]
#[has_one(c: Vec<Post>, by = user_id)]
#[belongs_to(d: Vec<Post>, by = post_id)]
#[has_many(e: Vec<Post>)]
#[belongs_to(f: Post)]
#[has_many(g: Vec<Post>, by = (user_id, id))]
#[has_many(h: Vec<Post>, by = (user_id, id), references = (name))]
#[belongs_to(i: Post, by = pots_id)]
#[belongs_to(j: Post, by = maybe_id)]
#[belongs_to(k: Post, by = cached)]
#[belongs_to(l: Post, by = "post_id")]
#[belongs_to(m: Post, by = (post_id, id), references = id)]
#[has_many(n: Vec<Post>, by = user_id, references = nam)]
#[has_many(o: Vec<Post>, by = user_id, onyl = "x")]
#[has_many(p: Vec<Post>, by = user_id, by = user_id)]
#[has_many(q: Vec<Post>, by = ())]
#[has_many(r: Vec<Option<Post>>, by = user_id)]
#[has_many(s: Vec<Post> by = user_id)]
#[belongs_to(t: &'static Post, by = post_id)]
#[has_many(name: Vec<Post>, by = user_id)]
#[has_many(into_parts: Vec<Post>, by = user_id)]
#[has_many(parts: Vec<Post>, by = user_id)]
#[has_many(into_a: Vec<Post>, by = user_id)]
#[has_many(a: Vec<Post>, by = user_id)]
#[has_many]
#[has_many(by = user_id)]
#[has_many("x": Vec<Post>, by = user_id)]
#[has_many(type: Vec<Post>, by = user_id)]
struct User {
    #[key]
    id: i32,
    name: String,
    post_id: i32,
    maybe_id: Option<i32>,
    #[column(skip)]
    cached: i32,
}

#[derive(Entity, Clone)]
#[entity(table = "posts")]
struct Post {
    #[key]
    id: i32,
    user_id: i32,
}

fn main() {
    let _ = User::query().with(User.a).with(User.f).filter(User.j.id.eq(1));
}
