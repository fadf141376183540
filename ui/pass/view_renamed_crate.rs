//! Views where relata has another name, and nothing is in scope.
#![no_implicit_prelude]

extern crate relata as hidden;
extern crate std;

mod deep {
    pub(crate) use ::hidden as orm;
}

mod relata {}

#[derive(deep::orm::Entity, ::std::clone::Clone)]
#[entity(table = "users", crate = crate::deep::orm)]
#[has_many(posts: Vec<Post>, by = user_id)]
pub struct User {
    #[key]
    pub id: i32,
    pub name: ::std::option::Option<::std::string::String>,
}

#[derive(deep::orm::Entity, ::std::clone::Clone)]
#[entity(table = "posts", crate = crate::deep::orm)]
#[belongs_to(author: User, by = user_id)]
pub struct Post {
    #[key]
    pub id: i32,
    pub user_id: i32,
}

#[derive(deep::orm::View)]
#[view(User, crate = crate::deep::orm)]
pub struct Name {
    pub name: ::std::option::Option<::std::string::String>,
    #[view(count = posts, filter = id.gt(1))]
    pub all: i64,
    #[view(relation = posts, order_by = id.desc(), limit = 2)]
    pub last: ::std::vec::Vec<Line>,
    #[view(load)]
    pub posts: ::std::vec::Vec<Post>,
}

#[derive(deep::orm::View)]
#[view(Post, crate = crate::deep::orm)]
pub struct Line {
    pub id: i32,
    #[view(path = author.name)]
    pub author: ::std::option::Option<::std::string::String>,
    #[view(relation = author, filter = name.is_not_null())]
    pub named: ::std::option::Option<User>,
}

fn main() {
    let query = <Name as ::hidden::View>::query();
    ::std::assert_eq!(query.plan().statements(), 4);
}
