//! What can be said of courses, lecturers, and what stands between them.

use std::rc::Rc;

use super::super::super::asked::Table;
use super::super::super::school::about::{
    BADGE, BADGE_STUDENT, BADGES, CHAIR, CHAIRS, COURSE_STUDENTS, COURSES, ENROLLMENT_COURSE, ENROLLMENT_STUDENT,
    ENROLLMENTS, LECTURER, LECTURER_COURSES, LECTURERS, PASSED, STUDENT_COURSES, STUDENT_ENROLLMENTS, TUTOR, TUTORED,
    VISIT_COURSE, VISIT_STUDENT, VISITED, VISITORS, VISITS, WISHED, WISHERS,
};
use super::super::super::school::model::{Badge, Chair, Course, Enrollment, Lecturer, Visit};
use super::super::across::{path, path_to_one};
use super::super::catalog::{Asked, Catalog, Chosen, small};
use super::super::meaning::{At, Meaning};
use super::super::shapes::{self, Shaped};
use super::super::term::{Term, null, term};
use super::super::values::Val;
use super::super::within::Within;

use super::{inner, lent};

impl Asked for Course {
    const ABOUT: &'static Table = &COURSES;
    const LINES: usize = 4;

    fn catalog(line: Option<usize>) -> Catalog<Self> {
        let at = At::root(&COURSES);
        let of = at.col("lecturer_id");
        let mut terms = course!(Course, at);
        terms.extend([
            term(Course.lecturer_id.or(0), of.or(&Meaning::constant(Val::Int(0)))),
            null!(Course.lecturer.chair.label, at.to(&LECTURER).to(&CHAIR).col("label")),
        ]);
        let mut all = Catalog::new(terms, 1);
        all.paths = vec![
            path(Course.students, &at, [&COURSE_STUDENTS]),
            path(Course.visitors, &at, [&VISITORS]),
            path(Course.wishers, &at, [&WISHERS]),
            path_to_one(Course.lecturer, &at, [&LECTURER]),
            path(Course.lecturer.tutored, &at.to(&LECTURER), [&TUTORED]),
            path(Course.students.passed, &at, [&COURSE_STUDENTS, &PASSED]),
            path(Course.wishers.enrollments, &at, [&WISHERS, &STUDENT_ENROLLMENTS]),
        ];
        all.entities = vec![
            Chosen::entity::<Course, _>(Course, &at),
            Chosen::entity::<Lecturer, _>(Course.lecturer, &at.to(&LECTURER)),
        ];
        match line {
            None => {}
            Some(0) => {
                let step = all.step(&at, &WISHERS, true);
                let wishers = Course.wishers.each_or_null();
                all.behind(student!(wishers, step), 1);
                all.entities.push(Chosen::entity::<Lecturer, _>(wishers.tutor, &step.to(&TUTOR)));
            }
            Some(1) => {
                let step = all.step(&at, &COURSE_STUDENTS, false);
                let students = Course.students.each();
                all.behind(student!(students, step), 1);
                let below = all.step(&step, &WISHED, false);
                let wished = students.wished.each();
                all.behind(course!(wished, below), 1);
            }
            Some(2) => {
                let step = all.step(&at.to(&LECTURER), &LECTURER_COURSES, true);
                let courses = Course.lecturer.courses.each_or_null();
                all.behind(course!(courses, step), 1);
                all.entities.push(Chosen::entity::<Course, _>(courses, &step));
            }
            _ => {
                let step = all.step(&at, &VISITORS, false);
                let visitors = Course.visitors.each();
                all.behind(student!(visitors, step), 1);
                all.paths.push(path(visitors.tutor.courses, &step.to(&TUTOR), [&LECTURER_COURSES]));
            }
        }
        all
    }

    fn shapes() -> Vec<Shaped<Self>> {
        shapes::of_course()
    }

    fn lent(table: &'static str) -> Vec<Term<Self>> {
        lent(table)
    }

    fn inner() -> Vec<Rc<dyn Within<Self>>> {
        inner()
    }
}

impl Asked for Lecturer {
    const ABOUT: &'static Table = &LECTURERS;
    const LINES: usize = 3;

    fn catalog(line: Option<usize>) -> Catalog<Self> {
        let at = At::root(&LECTURERS);
        let terms = vec![
            term(Lecturer.id, at.col("id")),
            term(Lecturer.name, at.col("name")),
            null!(Lecturer.chair.label, at.to(&CHAIR).col("label")),
            term(
                Lecturer.chair.label.or("a"),
                at.to(&CHAIR).col("label").or(&Meaning::constant(Val::Text("a".into()))),
            ),
        ];
        let mut all = Catalog::new(terms, 1);
        all.paths = vec![
            path(Lecturer.courses, &at, [&LECTURER_COURSES]),
            path(Lecturer.tutored, &at, [&TUTORED]),
            path_to_one(Lecturer.chair, &at, [&CHAIR]),
            path(Lecturer.courses.students, &at, [&LECTURER_COURSES, &COURSE_STUDENTS]),
            path(Lecturer.tutored.wished, &at, [&TUTORED, &WISHED]),
            path(Lecturer.tutored.badge, &at, [&TUTORED, &BADGE]),
        ];
        all.entities = vec![
            Chosen::entity::<Lecturer, _>(Lecturer, &at),
            Chosen::entity::<Chair, _>(Lecturer.chair, &at.to(&CHAIR)),
        ];
        match line {
            None => {}
            Some(0) => {
                let step = all.step(&at, &LECTURER_COURSES, true);
                let courses = Lecturer.courses.each_or_null();
                all.behind(course!(courses, step), 1);
                let below = all.step(&step, &COURSE_STUDENTS, true);
                all.behind(student!(courses.students.each_or_null(), below), 1);
            }
            Some(1) => {
                let step = all.step(&at, &TUTORED, false);
                let tutored = Lecturer.tutored.each();
                all.behind(student!(tutored, step), 1);
                let below = all.step(&step, &PASSED, false);
                all.behind(course!(tutored.passed.each(), below), 1);
            }
            _ => {
                let step = all.step(&at, &TUTORED, true);
                let tutored = Lecturer.tutored.each_or_null();
                all.behind(student!(tutored, step), 1);
                all.paths.push(path(tutored.visited, &step, [&VISITED]));
                let other = all.step(&at, &LECTURER_COURSES, false);
                let courses = Lecturer.courses.alias::<'c'>().each();
                all.behind(course!(courses, other), 1);
            }
        }
        all
    }

    fn shapes() -> Vec<Shaped<Self>> {
        shapes::of_lecturer()
    }

    fn lent(table: &'static str) -> Vec<Term<Self>> {
        lent(table)
    }

    fn inner() -> Vec<Rc<dyn Within<Self>>> {
        inner()
    }
}

small!(Chair CHAIRS, at, 1 [
    term(Chair.id, at.col("id")),
    null!(Chair.lecturer_id, at.col("lecturer_id")),
    term(Chair.label, at.col("label")),
] []);

small!(Badge BADGES, at, 1 [
    term(Badge.id, at.col("id")),
    term(Badge.label, at.col("label")),
    term(Badge.student.name, at.to(&BADGE_STUDENT).col("name")),
] [
    path(Badge.student.courses, &at.to(&BADGE_STUDENT), [&STUDENT_COURSES]),
]);

small!(Enrollment ENROLLMENTS, at, 2 [
    term(Enrollment.student_id, at.col("student_id")),
    term(Enrollment.course_id, at.col("course_id")),
    null!(Enrollment.grade, at.col("grade")),
    term(Enrollment.course.active, at.to(&ENROLLMENT_COURSE).col("active")),
    null!(Enrollment.course.lecturer.name, at.to(&ENROLLMENT_COURSE).to(&LECTURER).col("name")),
] [
    path(Enrollment.student.wished, &at.to(&ENROLLMENT_STUDENT), [&WISHED]),
    path(Enrollment.course, &at, [&ENROLLMENT_COURSE]),
]);

small!(Visit VISITS, at, 1 [
    term(Visit.id, at.col("id")),
    term(Visit.day, at.col("day")),
    null!(Visit.note, at.col("note")),
    null!(Visit.course.lecturer_id, at.to(&VISIT_COURSE).col("lecturer_id")),
    term(Visit.student.name, at.to(&VISIT_STUDENT).col("name")),
    term(Visit.student_id, at.col("student_id")),
] [
    path(Visit.course.students, &at.to(&VISIT_COURSE), [&COURSE_STUDENTS]),
    path(Visit.student.visited, &at, [&VISIT_STUDENT, &VISITED]),
]);
