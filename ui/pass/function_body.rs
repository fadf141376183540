//! Entities in a function, as in every doctest.
use relata::Query;
use relata::prelude::*;

fn main() {
    #[derive(Entity, Clone)]
    #[entity(table = "users")]
    #[has_many(posts: Vec<Post>, by = user_id)]
    struct User {
        #[key]
        id: i32,
        name: String,
    }

    #[derive(Entity, Clone)]
    #[entity(table = "posts")]
    #[belongs_to(author: User, by = user_id)]
    struct Post {
        #[key]
        id: i64,
        user_id: i32,
    }

    let query: Query<loaded!(User { posts { author } })> =
        User::query().filter(User.name.eq("Alice") & User.id.gt(3)).with(User.posts.with(Post.author));
    let _ = query.clone();
    let _ = Post::query().filter(Post.author.name.eq("Alice") & Post.id.gt(3_i64) & Post.user_id.ne(1));
    let read = |user: &loaded!(User { posts { author } })| {
        (user.id, user.name.len(), user.posts().iter().map(|post| (post.id, post.user_id, post.author().id)).count())
    };
    let _ = read;
}
