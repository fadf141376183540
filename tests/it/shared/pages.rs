//! Pages by a cursor and by an offset: of a query's rows, and of the rows of each parent.

use relata::prelude::*;
use relata::{Cursor, ErrorKind, Order, Page};

use crate::contract::c01_blog::LoadedUser;
use crate::support::blog::{Comment, Post, User, world};
use crate::support::trace;

/// All pages of a query, one after the other.
async fn walk(world: &crate::support::World, orders: &[Order<Post>], size: u64) -> Vec<Vec<i32>> {
    let mut pages = Vec::new();
    let mut cursor: Option<Cursor> = None;
    loop {
        let mut query = Post::query().limit(size).after(cursor);
        for order in orders {
            query = query.order_by(order.clone());
        }
        let page: Page<Post> = query.page(&world.pool).await.unwrap();
        pages.push(page.iter().map(|post| post.id).collect());
        // Over the wire and back, as a web page has it.
        match page.next {
            None => return pages,
            Some(next) => cursor = Some(next.to_string().parse().unwrap()),
        }
    }
}

#[tokio::test]
async fn a_walk_gives_every_row_once_and_ends_without_an_empty_page() {
    let world = world().await;
    let titled = [Post.title.asc()];
    assert_eq!(walk(&world, &titled, 2).await, [vec![2, 4], vec![1, 3], vec![5]]);
    assert_eq!(walk(&world, &[], 5).await, [vec![1, 2, 3, 4, 5]]);
    assert_eq!(walk(&world, &[Post.title.desc(), Post.id.desc()], 2).await, [vec![5, 3], vec![1, 4], vec![2]]);
    // Both directions, and a column behind a path.
    let mixed = [Post.author.name.asc(), Post.published.desc(), Post.id.asc()];
    assert_eq!(walk(&world, &mixed, 2).await, [vec![1, 3], vec![4, 2], vec![5]]);
    assert_eq!(walk(&world, &[Post.comments.count().desc()], 3).await, [vec![1, 5, 2], vec![3, 4]]);
}

#[tokio::test]
async fn null_has_its_place_in_a_walk() {
    let world = world().await;
    for order in [
        Comment.user_id.asc(),
        Comment.user_id.desc(),
        Comment.user_id.asc().nulls_first(),
        Comment.user_id.desc().nulls_last(),
        Comment.author.name.asc(),
        Comment.author.name.desc(),
    ] {
        let whole = Comment::query().order_by(order.clone()).order_by(Comment.id.asc()).all(&world.pool).await.unwrap();
        let mut walked = Vec::new();
        let mut cursor = None;
        loop {
            let query = Comment::query().order_by(order.clone()).limit(1).after(cursor);
            let page = query.page(&world.pool).await.unwrap();
            walked.extend(page.rows);
            cursor = page.next;
            if cursor.is_none() {
                break;
            }
        }
        let ids = |rows: &[Comment]| rows.iter().map(|row| row.id).collect::<Vec<_>>();
        assert_eq!(ids(&walked), ids(&whole), "{order:?}");
    }
}

#[tokio::test]
async fn the_text_of_a_page_does_not_depend_on_its_cursor() {
    let world = world().await;
    let query = Comment::query().order_by(Comment.user_id.desc()).limit(1);
    let null = query.page(&world.pool).await.unwrap().next.unwrap();
    let second = query.clone().after(&null).page(&world.pool).await.unwrap();
    let value = second.next.unwrap();
    let text = |cursor: &Cursor| query.clone().after(cursor).to_sql().text().to_owned();
    assert_eq!(text(&null), text(&value));
}

#[tokio::test]
async fn a_page_loads_as_any_query_does_and_its_extra_row_loads_nothing() {
    let world = world().await;
    for joined in [false, true] {
        let posts = Post.comments.order_by(Comment.id.asc());
        let load = if joined { posts.joined() } else { posts.select_in() };
        let trace = trace::listen();
        let page = Post::query().with(load).with(Post.author).limit(2).page(&world.pool).await.unwrap();
        assert_eq!(trace.take().len(), if joined { 1 } else { 2 });
        let bodies = |at: usize| page[at].comments().iter().map(|comment| comment.id).collect::<Vec<_>>();
        assert_eq!((page.len(), bodies(0), bodies(1)), (2, vec![1, 2], vec![3]));
        let rest = Post::query().with(Post.comments).limit(9).after(page.next).page(&world.pool).await.unwrap();
        assert_eq!(rest.iter().map(|post| post.id).collect::<Vec<_>>(), [3, 4, 5]);
        assert_eq!(rest.next, None);
    }
}

#[tokio::test]
async fn each_parent_has_pages_of_its_own_in_one_statement() {
    let world = world().await;
    let load = || User.posts.order_by(Post.title.desc());
    let trace = trace::listen();
    let first = User::query().order_by(User.id.asc()).with(load().first(1)).all(&world.pool).await.unwrap();
    assert_eq!(trace.take().len(), 2);
    let page = |users: &[LoadedUser<Page<Post>>]| {
        let ids = |user: &LoadedUser<Page<Post>>| user.posts().iter().map(|post| post.id).collect::<Vec<_>>();
        users.iter().map(ids).collect::<Vec<_>>()
    };
    assert_eq!(page(&first), [vec![1], vec![5], vec![4], vec![]]);
    let cursors: Vec<Cursor> = first.iter().filter_map(|user| user.posts().next.clone()).collect();
    assert_eq!(cursors.len(), 2, "Alice and Bob have a second post");
    let second = load().after(cursors.clone()).first(1);
    let trace = trace::listen();
    let second = User::query().order_by(User.id.asc()).with(second).all(&world.pool).await.unwrap();
    assert_eq!(trace.take().len(), 2);
    // Dora's friend has no cursor, so that her page is the first again.
    assert_eq!(page(&second), [vec![3], vec![2], vec![4], vec![]]);
    let dora = second.clone().swap_remove(2).into_posts();
    assert_eq!(dora.rows.len(), 1);
    assert!(second.iter().all(|user| user.posts().next.is_none()));
    // A parent by itself, and the rest without a limit.
    let rest = load().after(cursors);
    let alice = User::find(1).with(rest).one(&world.pool).await.unwrap();
    assert_eq!(alice.posts().iter().map(|post| post.id).collect::<Vec<_>>(), [3]);
}

#[derive(Entity, Debug, Clone)]
#[entity(table = "labels")]
#[has_many(uses: Vec<Use>, by = label, references = label)]
struct Label {
    #[key]
    id: i32,
    #[column(compare = database)]
    label: String,
}

#[derive(Entity, Debug, Clone)]
#[entity(table = "uses")]
struct Use {
    #[key]
    id: i32,
    label: String,
}

#[tokio::test]
async fn parents_whose_keys_are_equal_to_the_database_alone_have_each_row_once() {
    let tables = "CREATE COLLATION loose (provider = icu, locale = 'und-u-ks-level2', deterministic = false);
        CREATE TABLE labels (id int PRIMARY KEY, label text COLLATE loose NOT NULL);
        CREATE TABLE uses (id int PRIMARY KEY, label text COLLATE loose NOT NULL);
        INSERT INTO labels VALUES (1, 'A'), (2, 'a'), (3, 'B');
        INSERT INTO uses VALUES (1, 'a'), (2, 'A'), (3, 'a'), (4, 'B'), (5, 'b')";
    let world = crate::support::World::new(tables).await;
    let page = |cursors: Vec<Cursor>| {
        let load = Label.uses.order_by(Use.id.asc()).after(cursors).first(1);
        Label::query().order_by(Label.id.asc()).with(load)
    };
    let ids = |labels: &[LoadedLabel<Page<Use>>]| {
        labels.iter().map(|label| label.uses().iter().map(|one| one.id).collect()).collect::<Vec<Vec<i32>>>()
    };
    let mut cursors = Vec::new();
    for expected in [[vec![1], vec![1], vec![4]], [vec![2], vec![2], vec![5]], [vec![3], vec![3], vec![4]]] {
        let labels = page(cursors).all(&world.pool).await.unwrap();
        assert_eq!(ids(&labels), expected);
        cursors = labels.iter().filter_map(|label| label.uses().next.clone()).collect();
    }
}

#[tokio::test]
async fn a_cursor_that_is_none_is_refused_before_anything_is_sent() {
    let world = world().await;
    for text in ["", "x", "AAAA", "====", "ä"] {
        let error = text.parse::<Cursor>().unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidCursor);
        assert_eq!(error.to_string(), "the text is no cursor: it was cut off, changed or made up");
    }
    let query = Post::query().order_by(Post.title.asc()).limit(1);
    let cursor = query.page(&world.pool).await.unwrap().next.unwrap();
    let text = cursor.to_string();
    assert!(text.chars().all(|letter| letter.is_ascii_alphanumeric() || "-_".contains(letter)), "{text}");
    for at in 0..text.len() {
        let mut forged = text.clone().into_bytes();
        forged[at] = if forged[at] == b'A' { b'B' } else { b'A' };
        let forged = String::from_utf8(forged).unwrap().parse::<Cursor>();
        assert!(forged.is_err_and(|error| error.kind() == ErrorKind::InvalidCursor), "{at}");
    }
    let trace = trace::listen();
    let other = Post::query().order_by(Post.title.desc()).limit(1).after(&cursor);
    for error in [
        other.page(&world.pool).await.unwrap_err(),
        other.all(&world.pool).await.unwrap_err(),
        User::query().after(&cursor).limit(1).all(&world.pool).await.unwrap_err(),
        User::query().with(User.posts.after([cursor.clone()]).first(1)).all(&world.pool).await.unwrap_err(),
    ] {
        assert_eq!(error.kind(), ErrorKind::InvalidCursor, "{error}");
    }
    assert_eq!(trace.take().len(), 0);
    // Another filter is no obstacle.
    let filtered = query.filter(Post.published.eq(true)).after(&cursor).page(&world.pool).await.unwrap();
    assert_eq!(filtered[0].id, 1);
}

#[tokio::test]
async fn a_page_by_its_offset_comes_with_the_number_of_all_rows_in_one_round_trip() {
    let world = world().await;
    let query = Post::query().filter(Post.published.eq(true)).with(Post.comments).limit(1).offset(1);
    let trace = trace::listen();
    let page = query.counted(&world.pool).await.unwrap();
    assert_eq!(trace.take().len(), 3);
    assert_eq!((page.rows.len(), page.rows[0].id, page.total), (1, 2, 3));
    let beyond = query.offset(7).counted(&world.pool).await.unwrap();
    assert_eq!((beyond.rows.len(), beyond.total), (0, 3));
}

#[tokio::test]
async fn a_cursor_from_before_a_migration_is_an_invalid_cursor() {
    let world = world().await;
    let query = Post::query().order_by(Post.user_id.asc()).limit(1);
    let cursor = query.page(&world.pool).await.unwrap().next.unwrap();
    let client = world.pool.get().await.unwrap();
    client.batch_execute("ALTER TABLE posts ALTER user_id TYPE bigint").await.unwrap();
    let error = query.after(cursor).page(&world.pool).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidCursor, "{error:?}");
    let message = "Post: the cursor's values are not of the types that the rows are ordered by now";
    assert_eq!(error.to_string(), message);
}

#[tokio::test]
async fn a_raw_query_of_tuples_is_read_by_position() {
    let world = world().await;
    let text = "SELECT user_id, COUNT(*), MAX(NULLIF(title, 'Drafts')) FROM posts WHERE id <> {} GROUP BY 1";
    let counts = relata::from_sql::<(i32, i64, Option<String>)>(text, (5,)).order_by_position(1);
    let rows = counts.all(&world.pool).await.unwrap();
    let rust = |title: &str| Some(title.to_owned());
    assert_eq!(rows, [(1, 2, rust("Rust")), (2, 1, rust("Advanced Rust")), (3, 1, None)]);
    assert_eq!(counts.clone().limit(1).count(&world.pool).await.unwrap(), 1);
    let wrong = relata::from_sql::<(i32, String)>("SELECT 1, NULL::text", ()).all(&world.pool).await.unwrap_err();
    assert_eq!(wrong.to_string(), "raw query: column 2 of the selection is NULL, and its type is not an `Option`");
    let wrong = relata::from_sql::<(i32,)>("SELECT {}, {}", (1,)).all(&world.pool).await.unwrap_err();
    assert_eq!(wrong.kind(), ErrorKind::InvalidQuery);
}

#[tokio::test]
async fn a_page_of_no_rows_has_no_next() {
    let world = world().await;
    let page = Post::query().limit(0).page(&world.pool).await.unwrap();
    assert_eq!((page.rows.len(), page.next), (0, None));
    let users = User::query().with(User.posts.first(0)).all(&world.pool).await.unwrap();
    assert!(users.iter().all(|user| user.posts().is_empty() && user.posts().next.is_none()));
}

#[tokio::test]
async fn parents_of_one_key_send_one_cursor_and_two_places_for_one_parent_are_refused() {
    let world = world().await;
    let authors = |first| Post::query().order_by(Post.id.asc()).with(Post.author.with(first));
    let load = || User.posts.order_by(Post.id.asc());
    let posts = authors(load().first(1)).all(&world.pool).await.unwrap();
    // Alice is loaded below two posts, and so is Bob: each cursor twice.
    let cursors: Vec<Cursor> = posts.iter().filter_map(|post| post.author().posts().next.clone()).collect();
    assert_eq!(cursors.len(), 4);
    let next = authors(load().after(cursors.clone()).first(1)).all(&world.pool).await.unwrap();
    let ids: Vec<Vec<i32>> =
        next.iter().map(|post| post.author().posts().iter().map(|post| post.id).collect()).collect();
    assert_eq!(ids, [vec![3], vec![5], vec![3], vec![4], vec![5]]);
    assert!(next.iter().all(|post| post.author().posts().next.is_none()));

    let two = Post::query().with(Post.comments.order_by(Comment.id.asc()).first(1)).all(&world.pool).await.unwrap();
    let one = two.iter().find_map(|post| post.comments().next.clone()).unwrap();
    let bound = Post.comments.order_by(Comment.id.asc()).after([one.clone(), one.clone()]).first(1);
    assert!(Post::query().with(bound).all(&world.pool).await.is_ok());
    let alice = User::find(1);
    let first = |rows| alice.clone().with(User.posts.order_by(Post.title.desc()).order_by(Post.id.asc()).first(rows));
    let place = first(1).one(&world.pool).await.unwrap().posts().next.clone().unwrap();
    let extra = Post { id: 9, title: "A".into(), published: true, user_id: 1 };
    let insert = "INSERT INTO posts VALUES ($1, $2, $3, $4)";
    let client = world.pool.get().await.unwrap();
    client.execute(insert, &[&extra.id, &extra.title, &extra.published, &extra.user_id]).await.unwrap();
    let other = first(2).one(&world.pool).await.unwrap().posts().next.clone().unwrap();
    let load = User.posts.order_by(Post.title.desc()).order_by(Post.id.asc()).after([place, other]).first(5);
    let error = alice.with(load).one(&world.pool).await.unwrap_err();
    assert_eq!(error.to_string(), "User.posts: two cursors begin the page of one parent");
}

#[tokio::test]
async fn a_cursor_of_an_order_by_other_values_is_refused() {
    let world = world().await;
    let by = |least: i32| Post.comments.count().filter(Comment.id.ge(least)).desc();
    let page = Post::query().order_by(by(1)).limit(1).page(&world.pool).await.unwrap();
    let same = Post::query().order_by(by(1)).limit(1).after(page.next.clone());
    assert_eq!(same.page(&world.pool).await.unwrap()[0].id, 5);
    let other = Post::query().order_by(by(2)).limit(1).after(page.next).page(&world.pool).await;
    assert_eq!(other.unwrap_err().kind(), ErrorKind::InvalidCursor);
}
