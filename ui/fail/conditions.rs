//! A relation's own conditions equal a field of the target to a constant of its kind.
use relata::prelude::*;

#[derive(Entity, Clone)]
#[entity(table = "users")]
#[has_many(unknown: Vec<Post>, by = user_id, only = (publishd = true))]
#[has_many(truth: Vec<Post>, by = user_id, only = (user_id = true))]
#[has_many(number: Vec<Post>, by = user_id, only = (title = 1))]
#[has_many(flag: Vec<Post>, by = user_id, only = (published = 1))]
#[has_many(text: Vec<Post>, by = user_id, only = (user_id = "1", published = "true", title = "x"))]
#[has_many(null: Vec<Post>, by = user_id, only = (title = None))]
#[has_many(relation: Vec<Post>, by = user_id, only = (author = 1))]
#[has_many(sorted: Vec<Post>, by = user_id, order_by = (tilte desc))]
#[many_to_many(tags: Vec<Tag>, through = Post, by = (author, tag), through_only = (published = "no", nmae = 1))]
struct User {
    #[key]
    id: i32,
}

#[derive(Entity, Clone)]
#[entity(table = "posts")]
#[belongs_to(author: User, by = user_id)]
#[belongs_to(tag: Tag, by = tag_id)]
struct Post {
    #[key]
    id: i32,
    title: String,
    published: bool,
    user_id: i32,
    tag_id: i64,
}

#[derive(Entity, Clone)]
#[entity(table = "tags")]
struct Tag {
    #[key]
    id: i64,
}

fn main() {}
