//! What can be said of students.

use std::rc::Rc;

use relata::case;

use super::super::super::asked::Table;
use super::super::super::school::about::{
    BADGE, CHAIR, COURSE_STUDENTS, COURSES, ENROLLMENT_COURSE, HOPED, LECTURER, LECTURER_COURSES, PASSED,
    STUDENT_COURSES, STUDENT_ENROLLMENTS, STUDENTS, TUTOR, TUTORED, VISITED, VISITORS, WISHED, WISHERS,
};
use super::super::super::school::model::{Chair, Course, Lecturer, Student};
use super::super::across::{path, path_to_one};
use super::super::catalog::{Asked, Catalog, Chosen};
use super::super::meaning::{At, Meaning};
use super::super::shapes::{self, Shaped};
use super::super::term::{Term, null, term};
use super::super::tuple::{Tuple, tuple};
use super::super::values::Val;
use super::super::within::Within;

use super::{inner, lent};

impl Asked for Student {
    const ABOUT: &'static Table = &STUDENTS;
    const LINES: usize = 10;

    fn catalog(line: Option<usize>) -> Catalog<Self> {
        let at = At::root(&STUDENTS);
        let (id, name, tutor_id) = (at.col("id"), at.col("name"), at.col("tutor_id"));
        let tutor = at.to(&TUTOR).col("name");
        let mut terms = student!(Student, at);
        terms.extend([
            term(Student.tutor_id, tutor_id.clone()),
            term(Student.name.lower(), name.lower()),
            term(Student.id + Student.tutor_id, id.plus(&tutor_id)),
            term(Student.id + 1, id.plus(&Meaning::constant(Val::Int(1)))),
            term(Student.name.null_if("a"), name.null_if(Val::Text("a".into()))),
            term(Student.name.concat(Student.tutor.name), name.concat(&tutor)),
            term(
                case(Student.tutor.name.eq("a"), Student.id).otherwise(Student.tutor_id),
                tutor.is(Val::Text("a".into())).choose(&id, &tutor_id),
            ),
        ]);
        let mut all = Catalog::new(terms, 1);
        all.paths = vec![
            path(Student.courses, &at, [&STUDENT_COURSES]),
            path(Student.passed, &at, [&PASSED]),
            path(Student.visited, &at, [&VISITED]),
            path(Student.wished, &at, [&WISHED]),
            path(Student.hoped, &at, [&HOPED]),
            path(Student.enrollments, &at, [&STUDENT_ENROLLMENTS]),
            path_to_one(Student.badge, &at, [&BADGE]),
            path(Student.tutor.courses, &at.to(&TUTOR), [&LECTURER_COURSES]),
            path(Student.tutor.tutored, &at, [&TUTOR, &TUTORED]),
            path(Student.visited.wishers, &at, [&VISITED, &WISHERS]),
            path(Student.wished.lecturer, &at, [&WISHED, &LECTURER]),
            path(Student.hoped.lecturer.tutored, &at, [&HOPED, &LECTURER, &TUTORED]),
        ];
        all.entities = vec![
            Chosen::entity::<Student, _>(Student, &at),
            Chosen::entity::<Lecturer, _>(Student.tutor, &at.to(&TUTOR)),
            Chosen::entity::<Chair, _>(Student.tutor.chair, &at.to(&TUTOR).to(&CHAIR)),
        ];
        macro_rules! to_course {
            ($each:expr, $relation:ident $(, $or_null:literal)?) => {{
                let step = all.step(&at, &$relation, false $(|| $or_null)?);
                all.behind(course!($each, step), 1);
                all.entities.push(Chosen::entity::<Course, _>($each, &step));
                all.entities.push(Chosen::entity::<Lecturer, _>($each.lecturer, &step.to(&LECTURER)));
                all.paths.push(path($each.visitors, &step, [&VISITORS]));
                all.paths.push(path_to_one($each.lecturer, &step, [&LECTURER]));
                step
            }};
        }
        match line {
            None => {}
            Some(0) => drop(to_course!(Student.courses.each(), STUDENT_COURSES)),
            Some(1) => drop(to_course!(Student.courses.each_or_null(), STUDENT_COURSES, true)),
            Some(2) => drop(to_course!(Student.wished.each(), WISHED)),
            Some(3) => drop(to_course!(Student.wished.each_or_null(), WISHED, true)),
            Some(4) => drop(to_course!(Student.passed.each_or_null(), PASSED, true)),
            Some(5) => {
                let course = to_course!(Student.hoped.each(), HOPED);
                let step = all.step(&course.to(&LECTURER), &TUTORED, true);
                let tutored = Student.hoped.each().lecturer.tutored.each_or_null();
                all.behind(student!(tutored, step), 1);
                all.paths.push(path(tutored.courses, &step, [&STUDENT_COURSES]));
            }
            Some(6) => {
                let course = to_course!(Student.courses.each_or_null(), STUDENT_COURSES, true);
                let step = all.step(&course, &VISITORS, true);
                let visitors = Student.courses.each_or_null().visitors.each_or_null();
                all.behind(student!(visitors, step), 1);
                all.entities.push(Chosen::entity::<Student, _>(visitors, &step));
            }
            Some(7) => {
                let step = all.step(&at.to(&TUTOR), &TUTORED, false);
                let tutored = Student.tutor.tutored.each();
                all.behind(student!(tutored, step), 1);
                all.entities.push(Chosen::entity::<Student, _>(tutored, &step));
                all.paths.push(path(tutored.passed, &step, [&PASSED]));
            }
            Some(8) => {
                let course = to_course!(Student.visited.each_or_null(), VISITED, true);
                let step = all.step(&course, &WISHERS, false);
                let wishers = Student.visited.each_or_null().wishers.each();
                all.behind(student!(wishers, step), 1);
            }
            _ => {
                let enrollments = Student.enrollments.each();
                let step = all.step(&at, &STUDENT_ENROLLMENTS, false);
                let course = step.to(&ENROLLMENT_COURSE);
                let terms = vec![
                    term(enrollments.student_id, step.col("student_id")),
                    term(enrollments.course_id, step.col("course_id")),
                    null!(enrollments.grade, step.col("grade")),
                    term(enrollments.course.name, course.col("name")),
                    null!(enrollments.course.lecturer.name, course.to(&LECTURER).col("name")),
                ];
                all.behind(terms, 2);
                all.entities.push(Chosen::entity::<Course, _>(enrollments.course, &course));
                all.paths.push(path(enrollments.course.students, &course, [&COURSE_STUDENTS]));
                let step = all.step(&at, &WISHED, true);
                let wished = Student.wished.alias::<'b'>().each_or_null();
                all.behind(course!(wished, step), 1);
                all.entities.push(Chosen::entity::<Course, _>(wished, &step));
            }
        }
        all
    }

    fn tuples() -> Vec<Rc<dyn Tuple<Self>>> {
        let at = At::root(&STUDENTS);
        let tutor = at.to(&TUTOR);
        let step = At::step(1, &COURSES, "courses.each()");
        let one = Student.courses.each();
        let or_null = Student.courses.each_or_null();
        vec![
            tuple(
                None,
                (Student.id, Student.name, Student.tutor.chair.label, Student.name.null_if("a")),
                [
                    at.col("id"),
                    at.col("name"),
                    tutor.to(&CHAIR).col("label"),
                    at.col("name").null_if(Val::Text("a".into())),
                ],
            ),
            tuple(None, (Student, Student.tutor.chair), [at.entity(), tutor.to(&CHAIR).entity()]),
            tuple(None, (Student.tutor, Student.tutor.name), [tutor.entity(), tutor.col("name")]),
            tuple(
                Some(0),
                (Student, one, one.lecturer, one.lecturer_id.or(Student.id)),
                [at.entity(), step.entity(), step.to(&LECTURER).entity(), step.col("lecturer_id").or(&at.col("id"))],
            ),
            tuple(
                Some(1),
                (or_null.name, Student.id, or_null, or_null.lecturer.name),
                [step.col("name"), at.col("id"), step.entity(), step.to(&LECTURER).col("name")],
            ),
        ]
    }

    fn shapes() -> Vec<Shaped<Self>> {
        shapes::of_student()
    }

    fn lent(table: &'static str) -> Vec<Term<Self>> {
        lent(table)
    }

    fn inner() -> Vec<Rc<dyn Within<Self>>> {
        inner()
    }
}
