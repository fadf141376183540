//! An entity needs `Clone` and no more.
use relata::Query;
use relata::prelude::*;

#[derive(Entity, Clone)]
#[entity(table = "users")]
#[has_many(posts: Vec<Post>, by = user_id)]
#[has_one(last: Post, by = user_id)]
pub struct User {
    #[key]
    pub id: i32,
}

#[derive(Entity, Clone)]
#[entity(table = "posts")]
#[belongs_to(author: Option<User>, by = user_id)]
pub struct Post {
    #[key]
    pub id: i32,
    pub user_id: Option<i32>,
}

fn query() -> Query<LoadedUser<Vec<LoadedPost<Option<User>>>>> {
    User::query().with(User.posts.with(Post.author))
}

fn take(user: LoadedUser<Vec<Post>, relata::entity::One<Post>>) -> (Post, Vec<Post>) {
    let (_user, posts, last) = user.clone().into_parts();
    let again: Vec<Post> = user.into_posts();
    let _ = again;
    (last.0, posts)
}

fn main() {
    let _ = (query().clone(), take);
}
