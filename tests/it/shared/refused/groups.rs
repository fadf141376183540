//! Groups: what is selected, ordered and asked of them; aggregates, and what they take.

use relata::prelude::*;
use relata::{Window, count, exists, outer, raw, row_number};

use super::{refused, runs};
use crate::contract::c02_kinds::{Course, Student};
use crate::support::World;
use crate::support::blog::{Comment, Post, User, world};

#[tokio::test]
async fn a_column_of_single_rows_beside_an_aggregate_is_refused() {
    let world = world().await;
    let db = &world.pool;
    refused!(
        Post::query().select(count()).order_by(Post.id.asc()),
        "Post: `Post.id` in `order_by` has a value for each row, beside an aggregate of all rows: `group_by(Post.id)`, or \
         aggregate it as well"
    );
    refused!(
        Post::query().select(Post.title).having(count().gt(1)),
        "Post: `Post.title` has a value for each row, beside an aggregate of all rows: `group_by(Post.title)`, or aggregate \
         it as well"
    );
    refused!(
        Post::query().group_by(Post.title).select((Post.title, Post.id, count())),
        "Post: `Post.id` has a value for each row, and the rows of a group may differ in it: add `Post.id` to `group_by`, \
         or aggregate it"
    );
    refused!(
        Post::query().group_by(Post.title).having(Post.published.eq(true)).select((Post.title, count())),
        "Post: `Post.published` in `having` has a value for each row, and the rows of a group may differ in it: add \
         `Post.published` to `group_by`, or aggregate it"
    );
    refused!(
        Post::query().group_by(Post.title).select((Post.title, count())).distinct_on(Post.id),
        "Post: `Post.id` in `distinct_on` has a value for each row, and the rows of a group may differ in it: add `Post.id` \
         to `group_by`, or aggregate it"
    );
    refused!(
        Post::query().group_by(Post.user_id).select((Post.author, count())),
        "Post: `Post.author.id` has a value for each row, and the rows of a group may differ in it: add `Post.author.id` to \
         `group_by`, or aggregate it"
    );
    refused!(
        Post::query()
            .group_by(Post.user_id)
            .select((Post.user_id, count().filter(Post.published.eq(true)).over(Window::new()))),
        "Post: `Post.published` has a value for each row, and the rows of a group may differ in it: add `Post.published` to \
         `group_by`, or aggregate it"
    );

    assert_eq!(runs!(db, Post::query().select(count()).order_by(Post.id.max().asc())), [5]);
    assert_eq!(runs!(db, Post::query().select(1).having(count().gt(1))), [1]);
    assert!(runs!(db, Post::query().select(1).having(count().gt(5))).is_empty());
    let titled = Post::query().group_by(Post.title).having(Post.published.bool_or().eq(true));
    let titled = titled.select((Post.title, Post.id.min(), count())).order_by(Post.title.asc());
    assert_eq!(runs!(db, titled), [("Advanced Rust".to_owned(), Some(2), 1), ("Rust".to_owned(), Some(1), 3)]);
    // By the whole key of an entity its rows have all of its columns in common.
    let authors = Post::query().group_by(Post.author.id).select((Post.author, count())).order_by(Post.author.id.asc());
    let authors = runs!(db, authors).into_iter().map(|(user, posts)| (user.id, posts)).collect::<Vec<_>>();
    assert_eq!(authors, [(1, 2), (2, 2), (3, 1)]);
    // A window over groups sees what they have in common, and their aggregates.
    let ranked = Post::query().group_by(Post.user_id);
    let ranked = ranked.select((Post.user_id, row_number().over(Window::new().order_by(Post.user_id.desc())), count()));
    assert_eq!(runs!(db, ranked.order_by(Post.user_id.asc())), [(1, 3, 2), (2, 2, 2), (3, 1, 1)]);
}

#[tokio::test]
async fn what_starts_from_single_rows_is_refused_where_there_are_groups() {
    let world = world().await;
    let db = &world.pool;
    refused!(
        User::query().group_by(User.name).select((User.name, User.posts.count())),
        "User: `User.posts` has a value for each row, and the rows of a group may differ in it: add `User.id` to `group_by`, \
         or aggregate it"
    );
    refused!(
        User::query().group_by(User.name).having(User.posts.exists()).select((User.name, count())),
        "User: `User.posts` in `having` has a value for each row, and the rows of a group may differ in it: add `User.id` to \
         `group_by`, or aggregate it"
    );
    refused!(
        Post::query().group_by(Post.title).select((Post.title, Post.author.posts.count())),
        "Post: `Post.author.posts` has a value for each row, and the rows of a group may differ in it: add `Post.user_id` to \
         `group_by`, or aggregate it"
    );
    refused!(
        User::query().group_by(User.posts.each().title).select(User.posts.each().comments.count()),
        "User: `User.posts.each().comments` has a value for each row, and the rows of a group may differ in it: add \
         `User.posts.each().id` to `group_by`, or aggregate it"
    );
    let written = || exists(Post::query().filter(Post.user_id.eq(outer(User.id))));
    refused!(
        User::query().group_by(User.name).select((User.name, written())),
        "User: `User.id` has a value for each row, and the rows of a group may differ in it: add `User.id` to `group_by`, or \
         aggregate it"
    );
    let three_deep = User.posts.any(Post.comments.any(Comment.body.eq(outer(User.name))));
    refused!(
        User::query()
            .group_by(User.id)
            .select(count())
            .filter(three_deep.clone())
            .having(exists(User::query().filter(User.posts.any(Post.title.eq(outer::<_, Comment, _>(Comment.body)))))),
        "User: `outer` names `Comment`, and no query around this one starts from it, but from `User`"
    );
    refused!(
        User::query().group_by(User.posts.count()).select((User.name, User.posts.count())),
        "User: `User.name` has a value for each row, and the rows of a group may differ in it: add `User.name` to `group_by`, \
         or aggregate it"
    );

    let by_key = User::query().group_by(User.id).having(User.posts.exists());
    let by_key = by_key.select((User.name, User.posts.count(), written())).order_by(User.id.asc());
    let (alice, bob) = ("Alice".to_owned(), "Bob".to_owned());
    assert_eq!(runs!(db, by_key), [(alice.clone(), 2, Some(true)), (bob, 2, Some(true)), (alice, 1, Some(true))]);
    let by_count = User::query().group_by(User.posts.count()).select((User.posts.count(), count()));
    assert_eq!(runs!(db, by_count.order_by(User.posts.count().asc())), [(0, 1), (1, 1), (2, 2)]);
    let titled = exists(Post::query().filter(Post.title.eq(outer(User.name))));
    let by_name = User::query().filter(three_deep).group_by(User.name).select((User.name, titled));
    assert_eq!(runs!(db, by_name), []);
    // Rows of the outer query are no concern of a group within it.
    let again = User::query().group_by(User.name).having(count().gt(1)).select(User.name);
    assert_eq!(runs!(db, User::query().filter(User.name.is_in_rows(again))).len(), 2);
}

#[tokio::test]
async fn only_the_key_of_a_table_stands_for_its_other_columns() {
    let world = World::new(
        "CREATE TABLE students (id int PRIMARY KEY, name text NOT NULL);
         CREATE TABLE courses (id int PRIMARY KEY, name text NOT NULL);
         CREATE TABLE enrollments (student_id int, course_id int, grade text, PRIMARY KEY (student_id, course_id));
         INSERT INTO students VALUES (1, 'Alice'), (2, 'Bob'), (3, 'Carol');
         INSERT INTO courses VALUES (1, 'Logic'), (2, 'Optics');
         INSERT INTO enrollments VALUES (1, 1, 'A'), (2, 1, NULL), (2, 2, 'B');",
    )
    .await;
    let db = &world.pool;
    refused!(
        Student::from_sql("SELECT * FROM students", ()).group_by(Student.id).select((
            Student.id,
            Student.name,
            count()
        )),
        "Student: `Student.name` has a value for each row, and the rows of a group may differ in it: add `Student.name` to \
         `group_by`, or aggregate it"
    );
    refused!(
        Student::query().union(Student::query()).group_by(Student.id).select(Student.name),
        "Student: `Student.name` has a value for each row, and the rows of a group may differ in it: add `Student.name` to \
         `group_by`, or aggregate it"
    );
    let or_null = Student.courses.each_or_null();
    refused!(
        Student::query().group_by(or_null.id).select((or_null.name, count())),
        "Student: `Student.courses.each_or_null().name` has a value for each row, and the rows of a group may differ in it: \
         add `Student.courses.each_or_null().name` to `group_by`, or aggregate it"
    );

    let whole = Student::from_sql("SELECT * FROM students", ()).group_by((Student.id, Student.name));
    assert_eq!(runs!(db, whole.select((Student.id, Student.name, count()))).len(), 3);
    let each = Student.courses.each();
    let attended = Student::query().group_by(each.id).select((each.name, count())).order_by(each.id.asc());
    assert_eq!(runs!(db, attended), [("Logic".to_owned(), 2), ("Optics".to_owned(), 1)]);
    let named = Student::query().group_by((or_null.id, or_null.name)).select((or_null.name, count()));
    let named = runs!(db, named.order_by(or_null.id.asc()));
    assert_eq!(named, [(Some("Logic".to_owned()), 2), (Some("Optics".to_owned()), 1), (None, 1)]);
    assert_eq!(runs!(db, Course::query().group_by(Course.id).select(Course)).len(), 2);
}

#[tokio::test]
async fn having_without_groups_is_refused() {
    let world = world().await;
    let message =
        "Post: `having` is a condition on groups, and the rows are not grouped: `filter` them, or `group_by` first";
    refused!(Post::query().select(Post.id).having(Post.id.gt(1)), message);
    let ids = Post::query().select(Post.id).filter(Post.id.gt(4));
    assert_eq!(runs!(&world.pool, ids), [5]);
    let all = Post::query().select(Post.id.sum::<i64>()).having(count().gt(1)).having(Post.id.max().lt(6));
    assert_eq!(runs!(&world.pool, all), [Some(15)]);
}

#[tokio::test]
async fn groups_by_what_never_differs_are_refused() {
    let world = world().await;
    let message = "Post: all rows have `Predicate::always()` and `never()` in common: rows are grouped, and distinct, by \
         something that differs";
    refused!(Post::query().group_by(Predicate::<Post>::always()).select(count()), message);
    refused!(Post::query().distinct_on((Post.id, Predicate::<Post>::never())), message);
    let by_length = Post::query().group_by(Post.title.length().gt(4)).select(count()).order_by(count().asc());
    assert_eq!(runs!(&world.pool, by_length), [2, 3]);
}

#[tokio::test]
async fn aggregates_of_what_they_cannot_take_are_refused() {
    let world = world().await;
    let db = &world.pool;
    refused!(
        Post::query().select(raw::<Post, i64>("{}", (count(),)).sum::<f64>()),
        "Post: `sum` of an aggregate: a query has one level of groups, so aggregate the rows of a relation for each row, \
         `User.posts.count()`, or take the groups by `from_sql`"
    );
    refused!(
        Post::query().select(count().filter(raw::<Post, i64>("{}", (count(),)).gt(1))),
        "Post: `count` of an aggregate: a query has one level of groups, so aggregate the rows of a relation for each row, \
         `User.posts.count()`, or take the groups by `from_sql`"
    );
    refused!(
        Post::query().filter(raw::<Post, i64>("{}", (count(),)).gt(1)),
        "Post: an aggregate has its value when rows are filtered and grouped already, so `filter` and `group_by` cannot use \
         it: conditions on it are for `having`"
    );
    refused!(
        Post::query().select((row_number().over(Window::new()) + Post.id).sum::<f64>()),
        "Post: `sum` of a window function, which has its value only when aggregates have theirs: `from_sql` takes a query \
         that selects it"
    );
    refused!(
        Post::query().select(count().order_by(Post.id.asc())),
        "Post: `count` of rows is the same in any order: leave out its `order_by`"
    );
    refused!(
        User::query().select(User.posts.count().order_by(Post.id.asc())),
        "User: `count` of rows is the same in any order: leave out its `order_by`"
    );
    refused!(
        Post::query().select(count().distinct()),
        "Post: `count` of rows has no values that could differ: `count_distinct` is of a column"
    );
    refused!(
        Post::query().select(Post.title.count_distinct().order_by(Post.id.asc())),
        "Post: `count` of different values can be in their order only: leave out its `order_by`"
    );
    refused!(
        Post::query().select(Post.published.max()),
        "Post: PostgreSQL has no `max` of true and false: `bool_or` says the same"
    );
    refused!(
        User::query().select(User.posts.min(Post.published)),
        "User: PostgreSQL has no `min` of true and false: `bool_and` says the same"
    );

    assert_eq!(runs!(db, User::query().select(User.posts.count().sum::<i64>())), [Some(5)]);
    assert_eq!(runs!(db, Post::query().select(count().filter(Post.comments.count().gt(1)))), [2]);
    assert_eq!(runs!(db, Post::query().select(raw::<Post, i64>("{} + 1", (count(),)))), [Some(6)]);
    let ids = vec![5, 3, 1, 4, 2];
    let sorted = Post.id.array_agg().order_by(Post.title.desc()).order_by(Post.id.desc());
    assert_eq!(runs!(db, Post::query().select(sorted)), [Some(ids)]);
    assert_eq!(runs!(db, Post::query().select(Post.title.count_distinct().order_by(Post.title.asc()))), [3]);
    assert_eq!(runs!(db, Post::query().select(Post.published.bool_or())), [Some(true)]);
}
