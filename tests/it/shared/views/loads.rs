//! Relations that are loaded as views: with filters, orders and limits, twice, many to many, and in queries of entities.

use relata::prelude::*;
use relata::{One, Page};
use serde::Serialize;

use super::same;
use crate::contract::c01_blog::LoadedPost;
use crate::support::blog::{self, Comment, Post, Profile, User};
use crate::support::stock::{self, Item, Keyword};
use crate::support::trace;
use crate::support::twins::{Under, mixtures};

/// A writer with two loads of one relation, each with loads of its own, by these strategies.
macro_rules! writers {
    ($($module:ident $outer:ident $inner:ident)*) => {
        $(mod $module {
            use super::*;

            #[derive(View, Debug, Serialize)]
            #[view(User)]
            pub struct Writer {
                pub name: String,
                #[view($outer, relation = posts, filter = published.eq(true), order_by = (title, id.desc()))]
                pub published: Vec<Article>,
                #[view($outer, relation = posts, filter = Post.published.eq(false), order_by = Post.id.asc(), limit = 1)]
                pub drafts: Vec<Draft>,
                #[view($inner)]
                pub profile: Option<Bio>,
            }

            #[derive(View, Debug, Serialize)]
            #[view(Post)]
            pub struct Article {
                pub title: String,
                #[view($inner, order_by = id.desc(), limit = 1)]
                pub comments: Vec<Remark>,
                #[view($inner)]
                pub author: UserName,
            }

            #[derive(View, Debug, Serialize)]
            #[view(Post)]
            pub struct Draft {
                #[view(count = comments)]
                pub replies: i64,
                /// The same relation, as entities.
                #[view($inner, order_by = id)]
                pub comments: Vec<Comment>,
            }
        })*
    };
}

writers!(selected select_in select_in mixed select_in joined turned joined select_in joined joined joined);

#[derive(View, Debug, PartialEq, Serialize)]
#[view(Comment)]
struct Remark {
    body: String,
}

#[derive(View, Debug, PartialEq, Serialize)]
#[view(User)]
struct UserName {
    name: String,
}

#[derive(View, Debug, PartialEq, Serialize)]
#[view(Profile)]
struct Bio {
    bio: String,
}

#[tokio::test]
async fn two_fields_of_one_relation_have_each_its_own_rows() {
    let world = blog::world().await;
    let one = "(SELECT jsonb_build_array(jsonb_build_object('body', body)) FROM comments WHERE post_id = p.id
        ORDER BY id DESC LIMIT 1)";
    let all = "(SELECT coalesce(jsonb_agg(to_jsonb(c) ORDER BY id), '[]') FROM comments c WHERE post_id = p.id)";
    let sql = format!(
        "SELECT jsonb_build_object('name', name,
            'published', (SELECT coalesce(jsonb_agg(jsonb_build_object('title', title, 'comments', coalesce({one}, '[]'),
                'author', jsonb_build_object('name', name)) ORDER BY title, id DESC), '[]')
                FROM posts p WHERE user_id = u.id AND published),
            'drafts', (SELECT coalesce(jsonb_agg(jsonb_build_object(
                'replies', (SELECT count(*) FROM comments WHERE post_id = p.id), 'comments', {all})), '[]')
                FROM (SELECT * FROM posts WHERE user_id = u.id AND NOT published ORDER BY id LIMIT 1) AS p),
            'profile', (SELECT jsonb_build_object('bio', bio) FROM profiles WHERE user_id = u.id))
        FROM users u ORDER BY id"
    );
    // Of loads side by side one collection is joined, and the other has a statement of its own.
    same(&world, &selected::Writer::query().order_by(User.id.asc()), &sql, 7).await;
    same(&world, &mixed::Writer::query().order_by(User.id.asc()), &sql, 3).await;
    same(&world, &turned::Writer::query().order_by(User.id.asc()), &sql, 6).await;
    same(&world, &joined::Writer::query().order_by(User.id.asc()), &sql, 2).await;
}

#[derive(View, Debug, Serialize)]
#[view(Post)]
struct Paged {
    title: String,
    #[view(relation = comments, order_by = id.desc(), limit = 1, offset = 1)]
    second: Vec<Remark>,
    #[view(relation = comments, order_by = (body.desc(), id), limit = 1, window)]
    last: Vec<Remark>,
    #[view(relation = comments, order_by = id, first = 1)]
    comments: Page<Remark>,
}

#[tokio::test]
async fn rows_are_counted_off_for_each_row_of_the_view() {
    let world = blog::world().await;
    let rows = Paged::query().order_by(Post.id.asc()).all(&world.pool).await.unwrap();
    let text = |lines: &[Remark]| lines.iter().map(|line| line.body.clone()).collect::<Vec<_>>().join(" ");
    let found: Vec<_> = rows.iter().map(|row| (text(&row.second), text(&row.last), text(&row.comments))).collect();
    let expected = [
        ("thanks", "thanks", "thanks"),
        ("", "thanks", "thanks"),
        ("", "100%", "100%"),
        ("", "", ""),
        ("hm", "thanks", "hm"),
    ];
    assert_eq!(found, expected.map(|(one, two, three)| (one.to_owned(), two.to_owned(), three.to_owned())));
    let more: Vec<bool> = rows.iter().map(|row| row.comments.next.is_some()).collect();
    assert_eq!(more, [true, false, false, false, true]);
    // The cursors of the first pages lead on from them.
    let cursors = rows.into_iter().filter_map(|row| row.comments.next);
    let next = Post.comments.order_by(Comment.id.asc()).after(cursors).first(1);
    let posts = Post::query().order_by(Post.id.asc()).with(next).all(&world.pool).await.unwrap();
    let found: Vec<_> = posts.iter().map(|post| post.comments().first().map(|comment| comment.id)).collect();
    assert_eq!(found, [Some(2), Some(3), Some(6), None, Some(5)]);
}

#[tokio::test]
async fn a_load_of_entities_gives_views() {
    let world = blog::world().await;
    for [posts, author] in mixtures() {
        let expected = |id: i32| match id {
            1 => vec![(1, "thanks"), (3, "100%")],
            2 => vec![(2, "thanks"), (5, "hm thanks")],
            3 => vec![(4, "")],
            _ => vec![],
        };
        #[derive(View)]
        #[view(Post)]
        struct Line {
            id: i32,
            #[view(relation = comments, filter = body.ne("no"), order_by = id)]
            lines: Vec<Remark>,
        }
        let load = User.posts.order_by(Post.id.asc()).view::<Line>().under(posts);
        let query = User::query().order_by(User.id.asc()).with(load).with(User.profile.view::<Bio>().under(author));
        let users = query.all(&world.pool).await.unwrap();
        for user in &users {
            let found: Vec<(i32, String)> = user
                .posts()
                .iter()
                .map(|line| (line.id, line.lines.iter().map(|line| line.body.as_str()).collect::<Vec<_>>().join(" ")))
                .collect();
            let expected: Vec<_> = expected(user.id).into_iter().map(|(id, text)| (id, text.to_owned())).collect();
            assert_eq!(found, expected, "{}", query.to_sql());
        }
        let bios: Vec<Option<&str>> = users.iter().map(|user| user.profile().map(|bio| bio.bio.as_str())).collect();
        assert_eq!(bios, [Some("writes"), None, Some("reads"), None]);
    }
}

#[tokio::test]
async fn a_load_of_entities_gives_views_where_it_is_decided_matching_and_promised() {
    let world = blog::world().await;
    for [strategy] in mixtures() {
        for decided in [true, false] {
            let query = Post::query().order_by(Post.id.asc());
            let posts =
                query.with_if(decided, Post.author.view::<UserName>().under(strategy)).all(&world.pool).await.unwrap();
            let names: Vec<_> = posts.iter().map(|post| post.author().map(|user| user.name.as_str())).collect();
            let all = ["Alice", "Bob", "Alice", "Alice", "Bob"];
            assert_eq!(names, all.map(|name| decided.then_some(name)));
        }
        let load = Post.comments.filter(Comment.body.eq("thanks")).view::<Remark>().under(strategy);
        let posts = Post::query().order_by(Post.id.asc()).with_matching(load).all(&world.pool).await.unwrap();
        let found: Vec<_> = posts.iter().map(|post| (post.id, post.comments().len())).collect();
        assert_eq!(found, [(1, 1), (2, 1), (5, 1)]);
        // The type of a loaded row names the view.
        let posts: Vec<LoadedPost<One<UserName>>> =
            Post::query().with(Post.author.view::<UserName>().under(strategy)).all(&world.pool).await.unwrap();
        assert_eq!(posts.len(), 5);
    }
}

/// Items with their keywords, which they share, and the keywords' items: through an association entity.
macro_rules! goods {
    ($($module:ident $outer:ident $inner:ident)*) => {
        $(mod $module {
            use super::*;

            #[derive(View, Debug, Serialize)]
            #[view(Item)]
            pub struct Ware {
                pub description: String,
                #[view($outer, order_by = name)]
                pub keywords: Vec<Word>,
            }

            #[derive(View, Debug, Serialize)]
            #[view(Keyword)]
            pub struct Word {
                pub name: String,
                #[view($inner, filter_through = item_id.gt(1), order_by_through = (item_id.desc()))]
                pub items: Vec<Name>,
            }

            #[derive(View, Debug, Serialize)]
            #[view(Item)]
            pub struct Name {
                pub description: String,
            }
        })*
    };
}

goods!(wares select_in select_in wares_mixed select_in joined wares_turned joined select_in wares_joined joined joined);

#[tokio::test]
async fn many_to_many_views_are_shared_by_their_parents() {
    let world = stock::world().await;
    let items = "(SELECT coalesce(jsonb_agg(jsonb_build_object('description', d.description) ORDER BY d.id DESC), '[]')
        FROM item_keywords JOIN items d ON d.id = item_id WHERE keyword_id = k.id AND item_id > 1)";
    let words = format!(
        "(SELECT coalesce(jsonb_agg(jsonb_build_object('name', name, 'items', {items}) ORDER BY name), '[]')
        FROM item_keywords JOIN keywords k ON k.id = keyword_id WHERE item_id = i.id)"
    );
    let sql =
        format!("SELECT jsonb_build_object('description', description, 'keywords', {words}) FROM items i ORDER BY id");
    let rows = same(&world, &wares::Ware::query().order_by(Item.id.asc()), &sql, 3).await;
    let red = |ware: &wares::Ware| ware.keywords.iter().find(|word| word.name == "red").unwrap().items.len();
    assert_eq!((red(&rows[0]), red(&rows[1])), (1, 1), "one keyword, twice");
    same(&world, &wares_mixed::Ware::query().order_by(Item.id.asc()), &sql, 2).await;
    same(&world, &wares_turned::Ware::query().order_by(Item.id.asc()), &sql, 2).await;
    same(&world, &wares_joined::Ware::query().order_by(Item.id.asc()), &sql, 1).await;
}

#[tokio::test]
async fn a_view_without_rows_asks_for_nothing_below_it() {
    let world = blog::world().await;
    let trace = trace::listen();
    let none = selected::Writer::query().filter(User.id.eq(99));
    assert!(none.all(&world.pool).await.unwrap().is_empty());
    assert_eq!(trace.take().len(), 1);
    // Nobody below: two loads are asked for, and what is below them is not.
    let dora = selected::Writer::query().filter(User.id.eq(4)).one(&world.pool).await.unwrap();
    assert_eq!((dora.published.len(), dora.drafts.len(), dora.profile.is_none()), (0, 0, true));
    assert_eq!(trace.take().len(), 4);
    assert!(joined::Writer::query().filter(User.id.eq(99)).all(&world.pool).await.unwrap().is_empty());
    let dora = joined::Writer::query().filter(User.id.eq(4)).one(&world.pool).await.unwrap();
    assert_eq!((dora.published.len(), dora.drafts.len(), dora.profile.is_none()), (0, 0, true));
}

#[derive(View, Debug, Serialize)]
#[view(User)]
struct OnlyLoads {
    #[view(order_by = id)]
    posts: Vec<Post>,
    #[view(load)]
    profile: Option<Profile>,
}

#[tokio::test]
async fn a_view_of_loads_alone_selects_their_keys() {
    let world = blog::world().await;
    let sql = "SELECT jsonb_build_object(
            'posts', (SELECT coalesce(jsonb_agg(to_jsonb(p) ORDER BY id), '[]') FROM posts p WHERE user_id = u.id),
            'profile', (SELECT to_jsonb(p) FROM profiles p WHERE user_id = u.id)) FROM users u ORDER BY id";
    same(&world, &OnlyLoads::query().order_by(User.id.asc()), sql, 2).await;
}

/// The default strategies, and the order that is part of a relation, hold in views, too.
#[derive(View, Debug, Serialize)]
#[view(stock::User)]
struct Buyer {
    name: String,
    #[view(load)]
    orders: Vec<stock::Order>,
    #[view(relation = open_orders)]
    open: Vec<stock::Order>,
}

#[tokio::test]
async fn a_relations_own_conditions_and_order_hold() {
    let world = stock::world().await;
    let sql = "SELECT jsonb_build_object('name', name,
            'orders', (SELECT coalesce(jsonb_agg(to_jsonb(o) ORDER BY id), '[]') FROM orders o WHERE user_id = u.id),
            'open', (SELECT coalesce(jsonb_agg(to_jsonb(o) ORDER BY id), '[]') FROM orders o
                WHERE user_id = u.id AND isopen = 1)) FROM users u ORDER BY id";
    same(&world, &Buyer::query().order_by(stock::User.id.asc()), sql, 3).await;
}
