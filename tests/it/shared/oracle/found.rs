//! What the oracle found, each in its smallest form.

use relata::prelude::*;
use relata::{ErrorKind, count, outer};

use super::school;
use super::school::model::{Badge, Course, Lecturer, Student};
use crate::support::World;
use crate::support::twins::{Under, mixtures};

async fn world(rows: &str) -> World {
    World::new(&format!("{}{rows}", school::TABLES)).await
}

#[tokio::test]
async fn oracle_found_that_a_window_below_one_row_counted_nothing_off() {
    let world = world(
        "
        INSERT INTO lecturers VALUES (1, 'a');
        INSERT INTO students VALUES (1, 'a', 1), (2, 'b', 1), (3, 'c', 1);
        INSERT INTO courses VALUES (1, 'a', true, 1), (2, 'b', true, 1);
        INSERT INTO wishes VALUES (1, 2, 1), (2, 2, 1), (1, 3, 1);
    ",
    )
    .await;
    for [tutored, hoped] in mixtures() {
        let load = Lecturer.tutored.offset(1).limit(1).window().with(Student.hoped.under(hoped)).under(tutored);
        let lecturer = Lecturer::find(1).with(load).one(&world.pool).await.unwrap();
        let found: Vec<(i32, usize)> = lecturer.tutored().iter().map(|one| (one.id, one.hoped().len())).collect();
        assert_eq!(found, [(2, 2)], "{tutored:?} {hoped:?}");
    }
}

#[tokio::test]
async fn oracle_found_that_a_filter_which_all_rows_meet_was_no_filter_when_joined() {
    let world = world("INSERT INTO students VALUES (1, 'a', 7);").await;
    for [tutor] in mixtures() {
        let query = Student::query().with(Student.tutor.filter(Predicate::always()).under(tutor));
        let student = query.one(&world.pool).await.unwrap();
        assert!(student.tutor().is_none(), "{tutor:?}");
        let error = Student::query().with(Student.tutor.under(tutor)).one(&world.pool).await.unwrap_err();
        assert_eq!(error.kind(), relata::ErrorKind::MissingTarget, "{tutor:?}");
    }
}

#[tokio::test]
async fn oracle_found_that_repeated_pairs_repeated_what_is_joined_below_them() {
    let world = world(
        "
        INSERT INTO students VALUES (1, 'a', 1), (2, 'b', 1);
        INSERT INTO courses VALUES (1, 'a', true, NULL);
        INSERT INTO enrollments VALUES (1, 1, 'A'), (2, 1, NULL);
        INSERT INTO visits VALUES (1, 1, 1, 0, NULL), (2, 1, 1, 0, NULL), (3, 1, 1, 2, 'x');
        INSERT INTO wishes VALUES (1, 1, 1), (1, 1, 0);
        INSERT INTO badges VALUES (1, 1, 'x'), (2, 2, 'y');
    ",
    )
    .await;
    for [visited, students, badge, tutor] in mixtures() {
        let below = Course.students.order_by(Student.id.asc()).with(Student.badge.under(badge)).under(students);
        let visits = Student::find(1).with(Student.visited.with(below.clone()).under(visited));
        let student = visits.one(&world.pool).await.unwrap();
        let found: Vec<(i32, i32)> = student.visited()[0]
            .students()
            .iter()
            .map(|student| (student.id, student.badge().map_or(0, |badge| badge.id)))
            .collect();
        assert_eq!((student.visited().len(), found), (1, vec![(1, 1), (2, 2)]), "{visited:?} {students:?} {badge:?}");

        let wishes = Student::find(1).with(Student.wished.with(below).under(visited));
        let student = wishes.one(&world.pool).await.unwrap();
        assert_eq!((student.wished().len(), student.wished()[0].students().len()), (1, 2));

        // One row below repeated ones is no second one.
        let back = Course.visitors.with(Student.badge.under(badge)).under(visited);
        let course = Course::find(1).with(back.with(Student.tutor.filter(Lecturer.id.gt(0)).under(tutor)));
        let course = course.one(&world.pool).await.unwrap();
        assert_eq!(course.visitors().len(), 1);
        assert_eq!(course.visitors()[0].badge().map(|badge| badge.id), Some(1));
    }
}

#[tokio::test]
async fn oracle_found_that_a_second_row_below_one_row_was_not_named_by_its_key() {
    let world = world(
        "
        INSERT INTO students VALUES (7, 'a', 1);
        INSERT INTO badges VALUES (1, 7, 'x'), (2, 7, 'y');
    ",
    )
    .await;
    for [badge, owner] in mixtures() {
        let plain = Student::find(7).with(Student.badge.under(badge)).all(&world.pool).await.unwrap_err();
        let load = Student.badge.with(Badge.student.under(owner)).under(badge);
        let deep = Student::find(7).with(load.clone()).all(&world.pool).await.unwrap_err();
        let many = Student::query().with(load).all(&world.pool).await.unwrap_err();
        for error in [plain, deep, many] {
            let expected = "Student.badge: more than one row for key 7, where the relation allows one";
            assert_eq!(error.to_string(), expected, "{badge:?} {owner:?}");
        }
    }
}

#[tokio::test]
async fn oracle_found_that_what_groups_have_in_common_was_written_twice_with_other_parameters() {
    let world = world(
        "
        INSERT INTO students VALUES (1, 'a', 1), (2, 'b', 1), (3, 'c', 1);
        INSERT INTO courses VALUES (1, 'a', true, 1), (2, 'b', true, 1);
        INSERT INTO enrollments VALUES (1, 1), (1, 2), (2, 1), (3, 2);
    ",
    )
    .await;
    let courses = || Student.courses.count().filter(Course.id.gt(0));
    let groups = Student::query()
        .group_by(courses())
        .having(courses().ge(1))
        .select((courses(), count(), courses() + 1_i64, courses()))
        .order_by(courses().desc());
    assert_eq!(groups.all(&world.pool).await.unwrap(), [(2, 1, 3, 2), (1, 2, 2, 1)]);
    let firsts = Student::query()
        .select(Student.id)
        .distinct_on(courses())
        .order_by(courses().asc())
        .order_by(Student.id.desc());
    assert_eq!(firsts.all(&world.pool).await.unwrap(), [3, 1]);
}

#[tokio::test]
async fn oracle_found_that_a_key_of_rows_which_were_chosen_first_told_nothing_of_their_columns() {
    let world = world("INSERT INTO students VALUES (1, 'a', 1);").await;
    let wished = Student.wished.each_or_null();
    let groups = Student::query().group_by(wished.id).select((wished.id, wished.name));
    assert_eq!(groups.all(&world.pool).await.unwrap_err().kind(), ErrorKind::InvalidQuery);
    // The table itself does.
    let taken = Student.courses.each();
    let groups = Student::query().group_by((Student.id, taken.id)).select((Student.name, taken.name));
    assert_eq!(groups.all(&world.pool).await.unwrap(), []);
}

#[tokio::test]
async fn oracle_found_that_an_aggregate_of_the_row_around_it_was_left_to_the_server() {
    let world = world("").await;
    let query = Lecturer::query().select(Lecturer.chair.count_distinct(outer(Lecturer.id)));
    assert_eq!(query.all(&world.pool).await.unwrap_err().kind(), ErrorKind::InvalidQuery);
}

#[tokio::test]
async fn oracle_found_that_a_walk_ended_where_a_promised_row_was_missing() {
    let world = world(
        "INSERT INTO students VALUES (1, 'a', 7), (2, 'b', 1), (3, 'c', 9); INSERT INTO lecturers VALUES (1, 'x')",
    )
    .await;
    for (order, expected) in [(Student.tutor.name.asc(), [2, 1, 3]), (Student.tutor.name.desc(), [1, 3, 2])] {
        let (mut walked, mut cursor) = (Vec::new(), None);
        loop {
            let page = Student::query().order_by(order.clone()).limit(1).after(cursor).page(&world.pool).await.unwrap();
            walked.extend(page.rows.iter().map(|student| student.id));
            cursor = page.next;
            if cursor.is_none() {
                break;
            }
        }
        assert_eq!(walked, expected);
    }
}

#[tokio::test]
async fn oracle_found_that_two_cursors_of_one_parent_repeated_its_rows() {
    let world = world(
        "INSERT INTO lecturers VALUES (1, 'a'); INSERT INTO students VALUES (1, 'a', 1), (2, 'b', 1), (3, 'c', 1), (4, 'd', 1)",
    )
    .await;
    let load = || Lecturer.tutored.order_by(Student.id.asc());
    let after = async |rows: u64| {
        let lecturer = Lecturer::query().with(load().first(rows)).one(&world.pool).await.unwrap();
        lecturer.tutored().next.clone().unwrap()
    };
    let (one, two) = (after(1).await, after(2).await);
    // As those of several parents that share a key are.
    for query in [Lecturer::query(), Lecturer::find(1)] {
        let same = query.with(load().after([one.clone(), one.clone()]).first(2)).one(&world.pool).await.unwrap();
        let ids: Vec<i32> = same.tutored().iter().map(|student| student.id).collect();
        assert_eq!((ids, same.tutored().next.is_some()), (vec![2, 3], true));
    }
    let error = Lecturer::query().with(load().after([one, two]).first(2)).all(&world.pool).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidCursor);
}

#[tokio::test]
async fn oracle_found_that_a_page_of_no_rows_had_a_next_one_that_was_refused() {
    let world =
        world("INSERT INTO lecturers VALUES (1, 'a'); INSERT INTO students VALUES (1, 'a', 1), (2, 'b', 1)").await;
    let page = Student::query().order_by(Student.name.asc()).limit(0).page(&world.pool).await.unwrap();
    assert_eq!((page.rows.len(), page.next), (0, None));
    let lecturer = Lecturer::query().with(Lecturer.tutored.first(0)).one(&world.pool).await.unwrap();
    assert_eq!((lecturer.tutored().len(), lecturer.tutored().next.clone()), (0, None));
}

#[tokio::test]
async fn oracle_found_that_a_cursor_was_taken_for_one_of_an_order_with_other_values() {
    let world = world(
        "
        INSERT INTO students VALUES (1, 'a', 1), (2, 'b', 1);
        INSERT INTO courses VALUES (1, 'a', true, 1), (2, 'b', true, 1);
        INSERT INTO enrollments VALUES (1, 1), (1, 2), (2, 1);
    ",
    )
    .await;
    let query = |from: i32| {
        let taken = Student.courses.count().filter(Course.id.ge(from));
        Student::query().order_by(taken.desc()).limit(1)
    };
    let cursor = query(1).page(&world.pool).await.unwrap().next.unwrap();
    let error = query(2).after(&cursor).page(&world.pool).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidCursor);
    assert_eq!(query(1).after(&cursor).page(&world.pool).await.unwrap()[0].id, 2);
}
