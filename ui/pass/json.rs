//! A loaded tree is JSON as it stands, under the names that serde gives the entity's fields.
use relata::prelude::*;
use serde::{Deserialize, Serialize};

#[derive(Entity, Debug, Clone, PartialEq, Serialize, Deserialize)]
#[entity(table = "users")]
#[has_many(blog_posts: Vec<BlogPost>, by = user_id)]
#[has_one(main_profile: Option<BlogPost>, by = user_id)]
#[has_one(r#type: BlogPost, by = user_id)]
#[serde(default, rename_all = "camelCase")]
pub struct User {
    #[key]
    pub id: i32,
    pub full_name: String,
}

impl Default for User {
    fn default() -> Self {
        User { id: 0, full_name: String::new() }
    }
}

#[derive(Entity, Debug, Clone, PartialEq, Serialize, Deserialize)]
#[entity(table = "posts")]
#[serde(rename_all(serialize = "kebab-case", deserialize = "SCREAMING_SNAKE_CASE"))]
#[belongs_to(the_author: User, by = user_id)]
pub struct BlogPost {
    #[key]
    pub id: i32,
    pub user_id: i32,
}

fn main() {
    let text = r#"{"id":1,"fullName":"a","blogPosts":[{"ID":2,"USER_ID":1}],"type":{"ID":3,"USER_ID":1}}"#;
    let user: loaded!(User { blog_posts, r#type }) = serde_json::from_str(text).unwrap();
    assert_eq!((user.full_name.as_str(), user.blog_posts()[0].id, user.r#type().id), ("a", 2, 3));
    let written = r#"{"id":1,"fullName":"a","blogPosts":[{"id":2,"user-id":1}],"type":{"id":3,"user-id":1}}"#;
    assert_eq!(serde_json::to_string(&user).unwrap(), written);

    let perhaps: loaded!(User { blog_posts?, main_profile }) = serde_json::from_str(r#"{"id":1,"fullName":"a"}"#).unwrap();
    assert_eq!((perhaps.blog_posts(), perhaps.main_profile()), (None, None));
    assert!(serde_json::from_str::<LoadedUser>(text).is_err());

    let post: loaded!(BlogPost { the_author }) =
        serde_json::from_str(r#"{"ID":2,"USER_ID":1,"THE_AUTHOR":{"id":1,"fullName":"a"}}"#).unwrap();
    let author: User = post.clone().into_the_author();
    assert_eq!(author, *post.the_author());
    assert_eq!(
        serde_json::to_string(&post).unwrap(),
        r#"{"id":2,"user-id":1,"the-author":{"id":1,"fullName":"a"}}"#
    );
    assert_eq!(
        format!("{post:?}"),
        r#"LoadedBlogPost { entity: BlogPost { id: 2, user_id: 1 }, the_author: One(User { id: 1, full_name: "a" }) }"#
    );
}
