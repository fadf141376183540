//! What the oracle found, each in its smallest form.

use relata::prelude::*;

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
