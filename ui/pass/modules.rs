//! Entities in modules, `pub` and `pub(crate)` ones, related to each other.
#![deny(warnings)]
use relata::Query;
use relata::prelude::*;

pub mod users {
    use relata::prelude::*;

    use super::posts;

    #[derive(Entity, Debug, Clone, PartialEq)]
    #[entity(table = "users", vis = pub(crate))]
    #[has_many(posts: Vec<posts::Post>, by = user_id)]
    #[has_many(notes: Vec<Note>, by = user_id)]
    pub struct User {
        #[key]
        pub id: i32,
        pub name: String,
    }

    #[derive(Entity, Debug, Clone, PartialEq)]
    #[entity(table = "notes")]
    #[belongs_to(user: User, by = user_id)]
    pub(crate) struct Note {
        #[key]
        pub(crate) id: i32,
        pub(crate) user_id: i32,
    }

    #[derive(Entity, Debug, Clone, PartialEq)]
    #[entity(table = "secrets")]
    #[belongs_to(user: User, by = user_id)]
    struct Secret {
        #[key]
        id: i32,
        user_id: i32,
    }

    pub fn secrets() -> usize {
        let read = |secret: &loaded!(Secret { user })| secret.user().name.len() as i32 + secret.id + secret.user_id;
        let _ = (read, Secret::query().with(Secret.user));
        0
    }
}

pub mod posts {
    use relata::prelude::*;

    #[derive(Entity, Debug, Clone, PartialEq)]
    #[entity(table = "posts")]
    #[belongs_to(author: super::users::User, by = user_id)]
    pub struct Post {
        #[key]
        pub id: i32,
        pub(super) user_id: i32,
    }
}

use posts::Post;
use users::{LoadedUser, Note, User};

pub fn authors() -> Query<loaded!(posts::Post { author })> {
    Post::query().filter(Post.user_id.eq(1)).with(Post.author)
}

pub(crate) fn users() -> Query<LoadedUser<Vec<Post>, Vec<Note>>> {
    User::query().with(User.posts).with(User.notes)
}

fn main() {
    let _ = (authors(), users(), users::secrets());
    let read = |user: &LoadedUser<Vec<Post>, Vec<Note>>| {
        (user.posts().len(), user.notes().iter().map(|note| note.id + note.user_id).sum::<i32>())
    };
    let _ = read;
}
