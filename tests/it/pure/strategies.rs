//! Which strategy a plan chooses for a load, what it costs, and the line that it prints.

use relata::prelude::*;
use relata::{Query, Shape};

use crate::contract::c02_kinds::{Course, Employee, Enrollment, Student};
use crate::support::blog::{Comment, Post, Profile, User};
use crate::support::stock::{Item, Order};

/// Statements and round trips.
fn costs<T: Shape>(query: &Query<T>) -> (usize, usize) {
    let plan = query.plan();
    assert_eq!(query.to_sql().iter().count(), plan.statements(), "{plan}");
    (plan.statements(), plan.round_trips())
}

/// The lines of the loads.
fn lines<T: Shape>(query: &Query<T>) -> Vec<String> {
    query.plan().to_string().lines().skip(2).map(str::to_owned).collect()
}

/// The only line.
fn line<T: Shape>(query: &Query<T>) -> String {
    let lines = lines(query);
    assert_eq!(lines.len(), 1, "{lines:?}");
    lines[0].strip_prefix("└─ ").unwrap().to_owned()
}

#[test]
fn to_one_at_the_root_is_joined_and_so_is_to_one_below_it() {
    let query = Comment::query().with(Comment.post.with(Post.author.with(User.profile))).with(Comment.author);
    assert_eq!(costs(&query), (1, 1));
    assert_eq!(
        query.plan().to_string(),
        "\
Comment: 1 statement in 1 round trip (2 on a fresh connection)
comments
├─ post: one of posts, joined by id = post_id
│  └─ author: one of users, joined by id = user_id
│     └─ profile: maybe one of profiles, joined by user_id = id
└─ author: maybe one of users, joined by id = user_id
"
    );
    // Beside a to-many load and above one, too.
    let query = Post::query().with(Post.comments).with(Post.author.with(User.posts));
    assert_eq!(costs(&query), (3, 2));
    let expected = [
        "├─ author: one of users, joined by id = user_id",
        "│  └─ posts: many of posts, select-in by user_id = ANY(id)",
        "└─ comments: many of comments, select-in by post_id = ANY(id)",
    ];
    assert_eq!(lines(&query), expected);
}

#[test]
fn to_one_below_to_many_is_joined_where_that_saves_a_round_trip() {
    let alone = User::query().with(User.posts.with(Post.author));
    assert_eq!(costs(&alone), (2, 2));
    // Beside a load that is fetched apart anyway it saves none.
    let beside = User::query().with(User.posts.with(Post.author).with(Post.comments));
    assert_eq!(costs(&beside), (4, 3));
    assert_eq!(lines(&beside)[1], "   ├─ author: one of users, select-in by id = ANY(user_id)");
    let told = User::query().with(User.posts.with(Post.author).with(Post.comments.joined()));
    assert_eq!(costs(&told), (2, 2));
    // One that was told to be fetched apart counts; one that was told to be joined does not make others join.
    let both = Post::query().with(Post.comments.with(Comment.post).with(Comment.author.select_in()));
    assert_eq!(costs(&both), (4, 3));
    let both = Post::query().with(Post.comments.with(Comment.post).with(Comment.author.joined()));
    assert_eq!(costs(&both), (2, 2));
    // Below a to-one that is fetched apart from the root the same holds.
    let below = Post::query().with(Post.author.select_in().with(User.profile.with(Profile.user)));
    assert_eq!(costs(&below), (2, 2));
    let below = Post::query().with(Post.author.select_in().with(User.profile.with(Profile.user)).with(User.posts));
    assert_eq!(costs(&below), (4, 3));
}

#[test]
fn a_filtered_to_one_and_a_to_many_have_their_own_statement() {
    let filtered = Post::query().with(Post.author.filter(User.name.eq("Bob")));
    assert_eq!(line(&filtered), "author: one of users, select-in by id = ANY(user_id), filtered");
    let joined = Post::query().with(Post.author.filter(User.name.eq("Bob")).joined());
    assert_eq!(
        (costs(&joined), line(&joined).as_str()),
        ((1, 1), "author: one of users, joined by id = user_id, filtered")
    );
    let many = User::query().with(User.posts);
    assert_eq!(line(&many), "posts: many of posts, select-in by user_id = ANY(id)");
    let joined = User::query().with(User.posts.joined());
    assert_eq!((costs(&joined), line(&joined).as_str()), ((1, 1), "posts: many of posts, joined by user_id = id"));
}

#[test]
fn one_line_of_collections_is_joined_and_another_is_fetched_apart() {
    let nested = User::query().with(User.posts.joined().with(Post.comments.joined()));
    assert_eq!(costs(&nested), (1, 1));
    let siblings = Post::query().with(Post.comments.joined()).with(Post.author.with(User.posts.joined()));
    assert_eq!(costs(&siblings), (2, 2));
    // The first in the order of declaration is the one that is joined.
    let expected = [
        "├─ author: one of users, joined by id = user_id",
        "│  └─ posts: many of posts, joined by user_id = id",
        "└─ comments: many of comments, select-in by post_id = ANY(id)",
    ];
    assert_eq!(lines(&siblings), expected);
    // Each statement has a line of its own.
    let apart = Student::query()
        .with(Student.enrollments.joined())
        .with(Student.courses.joined().with(Course.students.joined()));
    let expected = [
        "├─ courses: many of courses through enrollments, joined by student_id = id",
        "│  └─ students: many of students through enrollments, joined by course_id = id",
        "└─ enrollments: many of enrollments, select-in by student_id = ANY(id)",
    ];
    assert_eq!((costs(&apart), lines(&apart)), ((2, 2), expected.map(str::to_owned).to_vec()));
}

#[test]
fn a_many_to_many_names_the_table_it_goes_through() {
    let entity = Student::query().with(Student.courses.filter_through(Enrollment.grade.eq("A")));
    assert_eq!(line(&entity), "courses: many of courses through enrollments, select-in by student_id = ANY(id)");
    let bare = Item::query().with(Item.orders.with(Order.items.joined()));
    let expected = [
        "└─ orders: many of orders through order_items, select-in by item_id = ANY(id), ordered",
        "   └─ items: many of items through order_items, joined by order_id = id, ordered",
    ];
    assert_eq!(lines(&bare), expected);
    let one = Course::find(1).with(Course.students);
    assert_eq!(line(&one), "students: many of students through enrollments, select-in by course_id = id");
}

#[test]
fn a_limit_of_a_load_says_that_it_counts_for_each_parent() {
    let of = |load| line(&User::query().with(load));
    let first = User.posts.order_by(Post.title.asc()).limit(3);
    let select_in = "posts: many of posts, select-in by user_id = ANY(id)";
    assert_eq!(of(first.clone()), format!("{select_in}, for each parent, ordered, limited"));
    assert_eq!(of(first.clone().window()), format!("{select_in}, counted off by a window, ordered, limited"));
    let joined = "posts: many of posts, joined by user_id = id";
    assert_eq!(of(first.clone().joined()), format!("{joined}, for each parent, ordered, limited"));
    assert_eq!(of(first.joined().window()), format!("{joined}, counted off by a window, ordered, limited"));
    // An offset is one, too, and both are by the key where no order was asked for.
    assert_eq!(of(User.posts.offset(2)), format!("{select_in}, for each parent, ordered, from an offset"));
    assert_eq!(
        of(User.posts.limit(1).offset(2)),
        format!("{select_in}, for each parent, ordered, limited, from an offset")
    );
    // Without a limit there is nothing to count off.
    assert_eq!(of(User.posts.filter(Post.published.eq(true)).window()), format!("{select_in}, filtered"));
}

#[test]
fn a_load_matched_by_its_parents_filters_them() {
    let query = User::query().with_matching(User.posts.filter(Post.published.eq(true)));
    let expected = "\
User: 2 statements in 2 round trips (3 on a fresh connection)
users, filtered
└─ posts: many of posts, select-in by user_id = ANY(id), filtered
";
    assert_eq!(query.plan().to_string(), expected);
    // Below a load: the load is filtered, so that a to-one is fetched apart.
    let query = Post::query().with(Post.author.with_matching(User.profile));
    let expected = [
        "└─ author: one of users, select-in by id = ANY(user_id), filtered",
        "   └─ profile: maybe one of profiles, joined by user_id = id",
    ];
    assert_eq!(lines(&query), expected);
}

#[test]
fn what_one_parent_has_is_asked_for_with_one_key() {
    let of = |query: Query<_>| line(&query);
    let equals = "subordinates: many of employees, select-in by manager_id = id";
    assert_eq!(of(Employee::find(1).with(Employee.subordinates)), equals);
    assert_eq!(of(Employee::query().limit(1).with(Employee.subordinates)), equals);
    // One row at most a parent keeps it, be it by a to-one or by a limit.
    let chain =
        Employee::find(1).with(Employee.manager.with(Employee.subordinates.limit(1).with(Employee.subordinates)));
    let expected = [
        "└─ manager: maybe one of employees, joined by id = manager_id",
        "   └─ subordinates: many of employees, select-in by manager_id = id, for each parent, ordered, limited",
        "      └─ subordinates: many of employees, select-in by manager_id = id",
    ];
    assert_eq!((costs(&chain), lines(&chain)), ((3, 3), expected.map(str::to_owned).to_vec()));
}
