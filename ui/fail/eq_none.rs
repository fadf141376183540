//! NULL equals nothing.
use relata::prelude::*;
use relata_ui::Comment;

fn main() {
    let _ = Comment::query().filter(Comment.user_id.eq(None));
    let _ = Comment::query().filter(Comment.user_id.eq(None::<i32>));
    let _ = Comment::query().filter(Comment.user_id.eq(Some(1)));
}
