//! Queries of views, and loads as views, of another entity than they are of.
use relata::prelude::*;
use relata_ui::{Comment, LoadedPost, Post, User};

#[derive(View)]
#[view(Comment)]
struct Line {
    body: String,
}

#[derive(View)]
#[view(Post)]
struct Card {
    title: String,
}

fn main() {
    let _ = Post::query().view::<Line>();
    let _ = User.posts.order_by(Post.id.asc()).view::<Line>();
    let _ = Card::query().filter(User.id.eq(1));
    // A view says itself what is loaded.
    let _ = Card::query().with(Post.author);
    // An entity is no view of itself, and neither is a loaded one.
    let _ = Post::query().view::<Post>();
    let _ = User.posts.view::<LoadedPost>();
    let _ = User::query().with(User.posts.with(Post.author).view::<Card>());
}
