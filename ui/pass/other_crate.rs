//! Entities of another crate, and an entity here that leads to them.
use relata::Query;
use relata::prelude::*;
use relata_ui::{Address, Comment, Post, User};

#[derive(Entity, Debug, Clone, PartialEq)]
#[entity(table = "bookmarks", rename_all = "camelCase")]
#[belongs_to(user: relata_ui::User, by = user_id)]
#[belongs_to(post: Option<Post>, by = post_id)]
struct Bookmark {
    #[key]
    user_id: i32,
    #[key]
    post_id: i32,
    #[column(embed)]
    address: Address,
    last_seen: Option<String>,
    #[column(skip)]
    cached: usize,
    #[column(name = "n", sql_type = "int2")]
    number: i16,
}

fn bookmarks() -> Query<loaded!(Bookmark { user { posts }, post { comments } })> {
    Bookmark::query()
        .filter(Bookmark.post.author.name.eq("Alice") & Bookmark.address.city.eq("Rome"))
        .filter(Bookmark.address.street.is_null() & Bookmark.number.eq(1_i16) & Bookmark.last_seen.is_null())
        .with(Bookmark.post.with(Post.comments.filter(Comment.author.profile.bio.is_null())))
        .with(Bookmark.user.with(User.posts))
}

fn main() {
    let _ = (bookmarks(), Bookmark::find((1, 2)));
    let table = <Bookmark as Entity>::TABLE;
    let names: Vec<_> = table.columns.iter().map(|column| column.name).collect();
    assert_eq!(names, ["userId", "postId", "city", "street", "lastSeen", "n"]);
    assert_eq!(table.key, [0, 1]);
    let nullable: Vec<_> = table.columns.iter().map(|column| column.nullable).collect();
    assert_eq!(nullable, [false, false, false, true, true, false]);
    assert_eq!(Bookmark.number.column().sql_type, Some("int2"));
    assert_eq!(Bookmark.last_seen.column().name, "lastSeen");
    assert_eq!(Bookmark.last_seen.column().rust_type, "String");
    assert_eq!(format!("{:?}", Bookmark.post.author.name), "Bookmark.post.author.name");
    let read = |bookmark: &loaded!(Bookmark { user, post })| {
        (bookmark.user().name.clone(), bookmark.post().map(|post| post.id), bookmark.cached, bookmark.user_id)
    };
    let _ = read;
}
