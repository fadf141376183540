//! What stands right next to what does not compile: expressions, selections, groups, fragments.
use relata::prelude::*;
use relata::{Combined, Expression, Select, case, count, exists, literal, outer, raw, raw_predicate, scalar, value};
use relata_ui::{Comment, Post, User};

fn main() {
    // Of the query's entity, and of one that a path leads to.
    let _ = User::query().select((User.name, User.posts.each().author)).filter(User.name.eq("a"));
    let _ =
        Post::query().group_by(Post.author.name).having(Post.author.id.max().gt(1)).select((Post.author.name, count()));
    let _ = User::query().filter(User.posts.any(Post.title.eq(outer(User.name))));
    let _ = User::query().select(User.posts.count().filter(Post.comments.any(Comment.body.eq("a"))));
    // Many rows, said out loud.
    let _ = User::query().select((User.name, User.posts.each().title, User.posts.each().comments.each().body));
    let _ = User::query().filter((User.posts.max(Post.id) + 1).gt(User.id)).select(User.posts.each_or_null());
    let _ = Post::query().group_by(Post.comments.each().body).select(Post.comments.each().body.length().max());
    // What compares: one type, and numbers of one family as columns.
    let _ = User::query().filter(User.posts.count().gt(User.id) & User.id.lt(User.posts.count()));
    let _ = User::query().filter(User.id.is_in_rows(Post::query().select(Post.user_id.cast::<i64>())));
    let _ = Post::query().filter(Post.title.eq(Post.author.name) & (Post.id * 2).ne(Post.user_id));
    let _ = Comment::query().filter(Comment.user_id.is_not_distinct_from(None::<i32>));
    let _ = Post::query().select((Post.id + 1, Post.title.concat(Post.id.cast::<String>()), Post.id.abs()));
    // Aggregates of all rows, of groups, and of a relation's rows for each row.
    let _ = Post::query().select((count(), Post.id.max() + 1, 1));
    let _ = Post::query().group_by(Post.title).having(count().gt(1) & Post.title.ne("a")).select(Post.id.max() + 1);
    let _ = User::query().select((User.name, User.posts.count())).order_by(User.posts.count().desc());
    let _ = User::query().select(User.posts.count().max());
    let _: Select<Post, _> =
        Post::query().select((Post.id.sum::<i64>(), Post.id.avg::<f64>(), Post.id.gt(1).bool_and()));
    // Queries within queries, values that stand for others, two queries as one.
    let _ = User::query().select(scalar(Post::query().select(Post.title).limit(1)));
    let _ = User::query().filter(exists(Post::query()) | User.posts.none(Predicate::always()));
    let _ = Comment::query().filter(Comment.author.is_absent() & Comment.author.name.is_null());
    let _ = Comment::query().select((Comment.user_id.or(0), Comment.author.name.or(Comment.body)));
    let _ = Post::query().select(case(Post.id.gt(1), "a").when(Post.id.gt(0), Post.title).otherwise("b"));
    let _: Combined<i32> = Post::query().select(Post.user_id).union(Comment::query().select(Comment.user_id.or(0)));
    let _ = Post::query().union(Post::query().filter(Post.id.gt(1))).with(Post.author);
    // Fragments, and values of the program.
    let _ = User::query().filter(raw_predicate("{} ~ {}", (User.name, "a")) & raw_predicate("now() > now()", ()));
    let raised: Expression<User, i64, _> = raw("{} + {}", (User.id, 1_i64));
    let _ = User::query().select((raised, literal(1) + User.id, value::<_, i32>(1) + User.id, "text", None::<i32>));
    let _ = User::from_sql("SELECT * FROM users WHERE id = {}", (1,));
}
