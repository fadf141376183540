//! Loads that a view's field cannot hold.
use relata::prelude::*;
use relata_ui::{Comment, Post, Profile, User};

#[derive(View)]
#[view(User)]
struct Name {
    name: String,
}

#[derive(View)]
#[view(Comment)]
struct Line {
    body: String,
}

#[derive(View)]
#[view(Post)]
struct ViewOfAnotherEntity {
    #[view(load)]
    comments: Vec<Name>,
}

#[derive(View)]
#[view(Post)]
struct AnotherEntity {
    #[view(load)]
    comments: Vec<Profile>,
}

#[derive(View)]
#[view(Post)]
struct ManyForOne {
    #[view(load)]
    author: Vec<Name>,
}

#[derive(View)]
#[view(Post)]
struct OneForMany {
    #[view(load)]
    comments: Line,
}

#[derive(View)]
#[view(Comment)]
struct NoOption {
    #[view(load)]
    author: Name,
}

#[derive(View)]
#[view(Post)]
struct OptionOfAPromise {
    #[view(load)]
    author: Option<Name>,
}

#[derive(View)]
#[view(Post)]
struct FilteredPromise {
    #[view(filter = name.ne(""))]
    author: Name,
}

#[derive(View)]
#[view(Post)]
struct NoPage {
    #[view(first = 2)]
    comments: Vec<Line>,
}

#[derive(View)]
#[view(Post)]
struct LimitOfOne {
    #[view(limit = 2)]
    author: Name,
}

#[derive(View)]
#[view(Post)]
struct OrderOfAnother {
    #[view(order_by = Post.id.desc())]
    comments: Vec<Line>,
}

#[derive(View)]
#[view(Post)]
struct NoAssociation {
    #[view(filter_through = id.eq(1))]
    comments: Vec<Line>,
}

#[derive(View)]
#[view(Post)]
struct NoRelation {
    #[view(load)]
    title: Option<Name>,
}

fn main() {
    let _ = User::query();
}
