//! A nullable column refers to a row that may not be there; a key is never NULL.
use relata::prelude::*;
use relata_ui::User;

#[derive(Entity, Clone)]
#[entity(table = "posts")]
#[belongs_to(author: User, by = user_id)]
#[belongs_to(editor: User, by = editor_id, references = id)]
struct Post {
    #[key]
    id: Option<i32>,
    user_id: Option<i32>,
    editor_id: Option<i32>,
}

fn main() {
    let _ = Post::query().with(Post.author).filter(Post.editor.name.eq("a"));
}
