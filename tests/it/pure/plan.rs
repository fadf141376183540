//! Plans and statements, without a database: what a query costs, and the text of it.

use relata::prelude::*;

use crate::support::blog::{Comment, Post, User};

#[test]
fn a_plan_prints_its_tree_and_its_cost() {
    let query = User::query().filter(User.name.eq("Alice")).limit(20).with(User.profile).with(
        User.posts
            .filter(Post.published.eq(true))
            .order_by(Post.id.desc())
            .with(Post.comments.with(Comment.author))
            .with(Post.author),
    );
    let plan = query.plan();
    assert_eq!((plan.statements(), plan.round_trips(), plan.cold_round_trips()), (4, 3, 4));
    assert_eq!(
        plan.to_string(),
        "\
User: 4 statements in 3 round trips (4 on a fresh connection)
users, filtered, ordered, limited
├─ posts: many of posts, select-in by user_id = ANY(id), filtered, ordered
│  ├─ author: one of users, select-in by id = ANY(user_id)
│  └─ comments: many of comments, select-in by post_id = ANY(id)
│     └─ author: maybe one of users, joined by id = user_id
└─ profile: maybe one of profiles, joined by user_id = id
"
    );
}

#[test]
fn statements_are_listed_each_before_those_below_it() {
    let query = User::query().with(User.posts.with(Post.comments)).with(User.profile.select_in());
    let statements = query.to_sql();
    let paths: Vec<&str> = statements.iter().map(relata::sql::Statement::path).collect();
    assert_eq!(paths, ["User", "User.posts", "User.posts.comments", "User.profile"]);
    assert_eq!(
        statements.to_string().lines().skip(2).take(2).collect::<Vec<_>>(),
        [
            "-- User.posts",
            r#"SELECT "t0"."id", "t0"."title", "t0"."published", "t0"."user_id" FROM "posts" AS "t0" WHERE "t0"."user_id" = ANY($1)"#,
        ]
    );
}

#[test]
fn parameters_are_listed_and_never_in_the_text() {
    let query = Post::query().filter(Post.title.eq("'; DROP") & Post.id.is_in([1, 2])).limit(7).offset(3);
    let statements = query.to_sql();
    let statement = statements.iter().next().unwrap();
    assert!(!statement.text().contains("DROP") && !statement.text().contains('7'), "{}", statement.text());
    assert_eq!(statement.params(), ["\"'; DROP\"", "[1, 2]", "7", "3"]);
    let load = User::query().with(User.posts.filter(Post.title.eq("x")));
    let statements = load.to_sql();
    assert_eq!(statements.iter().last().unwrap().params(), ["\"x\"", "keys"]);
}

#[test]
fn the_text_does_not_depend_on_values() {
    let text = |ids: Vec<i32>, limit: u64| {
        let query = User::query().filter(User.id.is_in(ids)).limit(limit).with(User.posts);
        query.to_sql().to_string()
    };
    assert_eq!(text(vec![1, 2], 2), text((0..70_000).collect(), 1_000_000));
}

#[test]
fn one_parent_is_asked_for_with_equals() {
    let last = |text: String| text.lines().last().unwrap().to_owned();
    let equals = r#"WHERE "t0"."user_id" = $1"#;
    let any = r#"WHERE "t0"."user_id" = ANY($1)"#;
    let single = [
        User::find(1).with(User.posts),
        User::query().filter(User.id.eq(1)).with(User.posts),
        User::query().filter(User.name.eq("x")).filter(User.id.eq(1) & User.name.ne("y")).with(User.posts),
        User::query().limit(1).with(User.posts),
    ];
    for query in single {
        let text = last(query.to_sql().to_string());
        assert!(text.ends_with(equals), "{text}");
    }
    let several = [
        User::query().with(User.posts),
        User::query().filter(User.id.eq(1) | User.id.eq(2)).with(User.posts),
        User::query().filter(!User.id.eq(1)).with(User.posts),
    ];
    for query in several {
        let text = last(query.to_sql().to_string());
        assert!(text.ends_with(any), "{text}");
    }
    // Below a to-one step there is still one row; below a to-many step there may be many.
    let chain = Post::find(1).with(Post.author.select_in().with(User.posts.with(Post.comments)));
    let texts = chain.to_sql().to_string();
    let texts: Vec<&str> = texts.lines().filter(|line| line.starts_with("SELECT")).collect();
    assert!(texts[1].ends_with(r#"WHERE "t0"."id" = $1"#), "{}", texts[1]);
    assert!(texts[2].ends_with(equals), "{}", texts[2]);
    assert!(texts[3].ends_with(r#"WHERE "t0"."post_id" = ANY($1)"#), "{}", texts[3]);
}

#[test]
fn a_counted_order_ends_with_the_key() {
    let order = |text: &str| text.split_once("ORDER BY").map(|(_, order)| order.trim().to_owned());
    let text = |query: relata::Query<User>| order(query.to_sql().text());
    assert_eq!(text(User::query()), None);
    assert_eq!(text(User::query().order_by(User.name.asc())).unwrap(), r#""t0"."name" ASC"#);
    assert_eq!(text(User::query().limit(3)).unwrap(), r#""t0"."id" ASC LIMIT $1"#);
    assert_eq!(text(User::query().offset(3)).unwrap(), r#""t0"."id" ASC OFFSET $1"#);
    let named = User::query().order_by(User.name.desc()).limit(3);
    assert_eq!(text(named).unwrap(), r#""t0"."name" DESC, "t0"."id" ASC LIMIT $1"#);
    let by_key = User::query().order_by(User.id.desc()).limit(3);
    assert_eq!(text(by_key).unwrap(), r#""t0"."id" DESC LIMIT $1"#);
}

#[test]
fn verbs_are_send_static_values_of_one_size() {
    fn assert_send<T: Send>(value: T) -> usize {
        size_of_val(&value)
    }
    fn sizes(pool: &deadpool_postgres::Pool) -> [usize; 2] {
        let flat = User::query().all(pool);
        let deep = User::query().with(User.posts.with(Post.comments.with(Comment.author.with(User.posts)))).all(pool);
        [assert_send(flat), assert_send(deep)]
    }
    let config = "host=/nowhere".parse::<tokio_postgres::Config>().unwrap();
    let [flat, deep] = sizes(&crate::support::pool(&config, 1));
    // What differs is the state of the loads' rows; the engine's part is boxed.
    assert!(deep < flat + 2048, "{flat} and {deep} bytes");
}

#[test]
fn conditions_built_up_in_a_loop_are_no_deeper_than_a_short_one() {
    let ids = || (0..20_000).map(|id| User.id.eq(id));
    let any = Predicate::any(ids());
    let prepended = ids().fold(Predicate::never(), |all, one| one | all);
    let all = Predicate::all(ids().map(|one| !!one));
    for condition in [any, prepended, all] {
        assert!(User::query().filter(condition.clone()).to_sql().text().len() > 20_000);
        assert!(User::query().filter(User.posts.author.any(condition)).to_sql().text().len() > 20_000);
    }
    let filtered = ids().fold(User::query(), relata::Query::filter);
    assert!(filtered.to_sql().text().contains(r#""t0"."id" = $20000"#));
}
