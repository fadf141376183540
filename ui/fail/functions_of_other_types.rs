//! Functions are of the types that PostgreSQL has them for.
use relata::prelude::*;
use relata_ui::Post;

fn main() {
    let _ = Post::query().select(Post.id.lower());
    let _ = Post::query().select(Post.title.concat(Post.id));
    let _ = Post::query().select(Post.title.abs());
    let _ = Post::query().select(Post.title.year());
    let _ = Post::query().select(Post.title.json_text("a"));
    let _ = Post::query().select(Post.id.bool_and());
}
