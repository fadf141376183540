//! relata under another name.
#![no_implicit_prelude]

extern crate relata as hidden;
extern crate std;

mod deep {
    pub(crate) use ::hidden as orm;
}

use deep::orm::prelude::*;

mod relata {}

#[derive(Entity, ::std::clone::Clone)]
#[entity(table = "users", crate = crate::deep::orm)]
#[has_many(posts: Vec<Post>, by = user_id)]
pub struct User {
    #[key]
    pub id: i32,
    pub name: ::std::option::Option<::std::string::String>,
    #[column(embed)]
    pub address: Address,
}

#[derive(Embed, ::std::clone::Clone)]
#[embed(crate = crate::deep::orm)]
pub struct Address {
    pub city: ::std::string::String,
}

#[derive(Entity, ::std::clone::Clone)]
#[entity(table = "posts", crate = crate::deep::orm)]
#[belongs_to(author: User, by = user_id)]
pub struct Post {
    #[key]
    pub id: i32,
    pub user_id: i32,
}

fn main() {
    let query: ::hidden::Query<loaded!(crate = crate::deep::orm, User { posts { author } })> =
        User::query().with(User.posts.with(Post.author)).filter(User.name.is_null());
    let _ = query;
}
