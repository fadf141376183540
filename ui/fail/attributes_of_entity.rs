//! Errors in the attributes of a struct: all of them at once, and nothing that follows from them.
use relata::prelude::*;

#[derive(Entity, Clone)]
#[entity(tabel = "users", schema = "a", schema = "b", rename_all = "camel", vis = pub)]
#[entity(table, crate = "relata")]
#[entity = "users"]
#[key]
struct User {
    #[key]
    id: i32,
}

#[derive(Entity, Clone)]
#[entity(table = users)]
struct Unquoted {
    #[key]
    id: i32,
}

#[derive(Entity, Clone)]
#[entity(table = "" schema = "b", 7)]
struct Empty {
    #[key]
    id: i32,
}

#[derive(Entity, Clone)]
struct Bare {
    id: i32,
}

#[derive(Entity, Clone)]
#[entity(table = "posts")]
#[belongs_to(u: User, by = a)]
#[belongs_to(b: Unquoted, by = a)]
#[belongs_to(c: Empty, by = a)]
#[belongs_to(d: Bare, by = a)]
#[belongs_to(e: Choice, by = a)]
struct Post {
    #[key]
    id: i32,
    a: i32,
}

#[derive(Entity, Clone)]
#[entity(table = "choices")]
enum Choice {
    One,
}

#[derive(Entity, Clone)]
#[entity(table = "tuples")]
struct Tuple(i32);

#[derive(Entity, Clone)]
#[entity(table = "generics")]
struct Generic<T> {
    #[key]
    id: T,
}

fn main() {
    let _ = User::query().filter(User.id.eq(1));
    let _ = Post::query().with(Post.u).filter(Post.d.id.eq(1));
}
