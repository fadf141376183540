//! What can be said of the school's rows.

use std::rc::Rc;

use relata::outer;

use super::super::school::about::{CHAIR, COURSES, LECTURERS, STUDENTS, TUTOR};
use super::super::school::model::{Course, Enrollment, Lecturer, Student, Visit};
use super::catalog::Asked;
use super::meaning::At;
use super::term::{Term, term};
use super::within::{self, Within};

/// What queries around lend.
fn lent<I: Asked>(table: &'static str) -> Vec<Term<I>> {
    let at = match table {
        "students" => At::root(&STUDENTS),
        "courses" => At::root(&COURSES),
        "lecturers" => At::root(&LECTURERS),
        _ => return Vec::new(),
    };
    match table {
        "students" => {
            vec![term(outer(Student.id), at.outer("id")), term(outer(Student.tutor.name), at.to(&TUTOR).outer("name"))]
        }
        "courses" => {
            vec![term(outer(Course.name), at.outer("name")), term(outer(Course.lecturer_id), at.outer("lecturer_id"))]
        }
        _ => vec![
            term(outer(Lecturer.id), at.outer("id")),
            term(outer(Lecturer.chair.label), at.to(&CHAIR).outer("label")),
        ],
    }
}

/// What queries within others start from.
fn inner<E: Asked>() -> Vec<Rc<dyn Within<E>>> {
    vec![
        within::of::<E, Course>(),
        within::of::<E, Student>(),
        within::of::<E, Lecturer>(),
        within::of::<E, Visit>(),
        within::of::<E, Enrollment>(),
    ]
}

macro_rules! student {
    ($in:expr, $at:expr) => {{
        let at: &At = &$at;
        vec![
            term($in.id, at.col("id")),
            term($in.name, at.col("name")),
            term($in.tutor.name, at.to(&TUTOR).col("name")),
            null!($in.tutor.chair.label, at.to(&TUTOR).to(&CHAIR).col("label")),
        ]
    }};
}

macro_rules! course {
    ($in:expr, $at:expr) => {{
        let at: &At = &$at;
        vec![
            term($in.id, at.col("id")),
            term($in.name, at.col("name")),
            null!($in.lecturer_id, at.col("lecturer_id")),
            null!($in.lecturer.name, at.to(&LECTURER).col("name")),
            term($in.active, at.col("active")),
        ]
    }};
}

mod student;
mod others;
