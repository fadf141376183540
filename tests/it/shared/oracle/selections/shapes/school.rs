//! The shapes of the school's rows.

use relata::prelude::*;
use serde::Serialize;

use super::super::super::school::about::{
    CHAIR, COURSE_STUDENTS, COURSES, ENROLLMENTS, LECTURER, LECTURER_COURSES, LECTURERS, STUDENT_COURSES,
    STUDENT_ENROLLMENTS, STUDENTS, TUTOR, TUTORED, VISITED, VISITORS, WISHED,
};
use super::super::super::school::model::{Course, Enrollment, Lecturer, Student};
use super::super::by::Fold;
use super::{ALL, Fields, Shaped, along, entity, fold, many, maybe, shaped, view};

#[derive(View, Serialize)]
#[view(Student)]
struct StudentCard {
    name: String,
    #[view(path = tutor.chair.label)]
    chair: Option<String>,
    #[view(count = courses, filter = active.eq(true))]
    active: i64,
    #[view(max = visited.name)]
    last: Option<String>,
    #[view(relation = wished, order_by = (name, id.desc()), limit = 2)]
    wishes: Vec<CourseCard>,
    #[view(relation = enrollments, order_by = course_id, offset = 1)]
    others: Vec<Enrollment>,
}

#[derive(View, Serialize)]
#[view(Course)]
struct CourseCard {
    name: String,
    #[view(path = lecturer.name)]
    by: Option<String>,
    #[view(count = visitors)]
    visitors: i64,
    #[view(joined)]
    lecturer: Option<Tutor>,
    #[view(order_by = (name.desc(), id))]
    students: Vec<Named>,
}

#[derive(View, Serialize)]
#[view(Lecturer)]
struct Tutor {
    name: String,
    #[view(sum = tutored.id)]
    sum: Option<i64>,
}

#[derive(View, Serialize)]
#[view(Student)]
struct Named {
    name: String,
    #[view(count_distinct = wished.lecturer_id)]
    wished: i64,
}

#[derive(View, Serialize)]
#[view(Lecturer)]
struct Desk {
    #[view(path = chair.label)]
    label: Option<String>,
    #[view(count = tutored.wished)]
    wished: i64,
    // By the order of the relation itself.
    #[view(joined)]
    courses: Vec<CourseCard>,
    #[view(order_by = (name.desc(), id.desc()), limit = 1, offset = 1, window)]
    tutored: Vec<Student>,
}

fn card() -> Fields {
    view(&STUDENTS)
        .columns(["name"])
        .field("chair", along([&TUTOR, &CHAIR], "label"))
        .field("active", fold(Fold::Rows, [&STUDENT_COURSES], "id", Some("active")))
        .field("last", fold(Fold::Max, [&VISITED], "name", None))
        .field("wishes", many(&WISHED, [("name", false), ("id", true)], [0, 2], course()))
        .field("others", many(&STUDENT_ENROLLMENTS, [("course_id", false)], [1, usize::MAX], entity(&ENROLLMENTS)))
}

fn course() -> Fields {
    let tutor = view(&LECTURERS).columns(["name"]).field("sum", fold(Fold::Sum, [&TUTORED], "id", None));
    let named = view(&STUDENTS).columns(["name"]).field("wished", fold(Fold::Distinct, [&WISHED], "lecturer_id", None));
    view(&COURSES)
        .columns(["name"])
        .field("by", along([&LECTURER], "name"))
        .field("visitors", fold(Fold::Rows, [&VISITORS], "id", None))
        .field("lecturer", maybe(&LECTURER, tutor))
        .field("students", many(&COURSE_STUDENTS, [("name", true), ("id", false)], ALL, named))
}

fn desk() -> Fields {
    view(&LECTURERS)
        .field("label", along([&CHAIR], "label"))
        .field("wished", fold(Fold::Rows, [&TUTORED, &WISHED], "id", None))
        .field("courses", many(&LECTURER_COURSES, [("name", true), ("id", false)], ALL, course()))
        .field("tutored", many(&TUTORED, [("name", true), ("id", true)], [1, 1], entity(&STUDENTS)))
}

pub fn of_student() -> Vec<Shaped<Student>> {
    let courses = entity(&COURSES).field("lecturer", maybe(&LECTURER, entity(&LECTURERS)));
    shaped! {
        |query| query.view::<StudentCard>() => card();
        |query| query
            .with(Student.courses.order_by(Course.name.desc()).limit(2).with(Course.lecturer))
            .with(Student.wished.order_by(Course.id.asc()).joined())
            => entity(&STUDENTS)
                .field("courses", many(&STUDENT_COURSES, [("name", true), ("id", false)], [0, 2], courses.clone()))
                .field("wished", many(&WISHED, [("id", false)], ALL, entity(&COURSES)));
        |query| query.with(Student.courses.order_by(Course.id.desc()).joined().view::<CourseCard>())
            => entity(&STUDENTS).field("courses", many(&STUDENT_COURSES, [("id", true)], ALL, course()));
    }
}

pub fn of_course() -> Vec<Shaped<Course>> {
    let lecturer = entity(&LECTURERS).field("tutored", many(&TUTORED, [("id", false)], ALL, entity(&STUDENTS)));
    shaped! {
        |query| query.view::<CourseCard>() => course();
        |query| query.with(Course.lecturer.joined().with(Lecturer.tutored.order_by(Student.id.asc()).joined()))
            => entity(&COURSES).field("lecturer", maybe(&LECTURER, lecturer.clone()));
        |query| query.with(Course.visitors.order_by(Student.id.desc()).limit(1).window().view::<StudentCard>())
            => entity(&COURSES).field("visitors", many(&VISITORS, [("id", true)], [0, 1], card()));
    }
}

pub fn of_lecturer() -> Vec<Shaped<Lecturer>> {
    shaped! {
        |query| query.view::<Desk>() => desk();
        |query| query.with(Lecturer.tutored.order_by(Student.id.desc()).offset(1).joined()).with(Lecturer.courses.view::<CourseCard>())
            => entity(&LECTURERS)
                .field("tutored", many(&TUTORED, [("id", true)], [1, usize::MAX], entity(&STUDENTS)))
                .field("courses", many(&LECTURER_COURSES, [("name", true), ("id", false)], ALL, course()));
    }
}
