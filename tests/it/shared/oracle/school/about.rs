//! The school in SQL: its tables, its relations, and what is asked of its rows.

use proptest::option;
use proptest::prelude::*;
use proptest::sample::select;

use super::super::asked::{Link, Reach, Relation, Sort, Table};
use super::super::sides::{Both, Quantifier, erased, joined, quantifier, quote, sorted, text};
use super::model::{Badge, Chair, Course, Enrollment, Lecturer, Student, Visit};

macro_rules! table {
    ($entity:ident, $name:literal, $key:expr, $filter:ident, $sort:ident) => {
        Table {
            entity: stringify!($entity),
            name: $name,
            key: &$key,
            filter: |depth| erased(joined($filter(depth))),
            sort: $sort,
        }
    };
}

pub static LECTURERS: Table = table!(Lecturer, "lecturers", ["id"], of_lecturer, by_lecturer);
pub static CHAIRS: Table = table!(Chair, "chairs", ["id"], of_chair, by_chair);
pub static STUDENTS: Table = table!(Student, "students", ["id"], of_student, by_student);
pub static COURSES: Table = table!(Course, "courses", ["id"], of_course, by_course);
pub static BADGES: Table = table!(Badge, "badges", ["id"], of_badge, by_badge);
pub static ENROLLMENTS: Table =
    table!(Enrollment, "enrollments", ["student_id", "course_id"], of_enrollment, by_enrollment);
pub static VISITS: Table = table!(Visit, "visits", ["id"], of_visit, by_visit);

const fn direct(
    name: &'static str,
    reach: Reach,
    [source, target]: [&'static Table; 2],
    from: &'static [&'static str],
    link: &'static str,
) -> Relation {
    Relation { name, reach, source, target, from, link: Link::Direct(link), only: None, order: &[] }
}

const fn through(
    name: &'static str,
    [source, target]: [&'static Table; 2],
    table: &'static str,
    [near, far]: [&'static str; 2],
    only: Option<&'static str>,
    entity: Option<&'static Table>,
) -> Relation {
    let link = Link::Through { table, near, far, only, entity };
    Relation { name, reach: Reach::Many, source, target, from: &["id"], link, only: None, order: &[] }
}

const OF_STUDENT: [&str; 2] = ["{a}.student_id = {p}.id", "{a}.course_id = {t}.id"];
const OF_COURSE: [&str; 2] = ["{a}.course_id = {p}.id", "{a}.student_id = {t}.id"];

pub static LECTURER_COURSES: Relation = Relation {
    order: &[("{t}.name", "DESC"), ("{t}.id", "")],
    ..direct("courses", Reach::Many, [&LECTURERS, &COURSES], &["id"], "{t}.lecturer_id = {p}.id")
};
pub static CHAIR: Relation = direct("chair", Reach::Maybe, [&LECTURERS, &CHAIRS], &["id"], "{t}.lecturer_id = {p}.id");
pub static TUTORED: Relation =
    direct("tutored", Reach::Many, [&LECTURERS, &STUDENTS], &["id"], "{t}.tutor_id = {p}.id");
pub static TUTOR: Relation =
    direct("tutor", Reach::Promised, [&STUDENTS, &LECTURERS], &["tutor_id"], "{t}.id = {p}.tutor_id");
pub static BADGE: Relation = direct("badge", Reach::Maybe, [&STUDENTS, &BADGES], &["id"], "{t}.student_id = {p}.id");
pub static CARD: Relation = direct("card", Reach::Promised, [&STUDENTS, &BADGES], &["id"], "{t}.student_id = {p}.id");
pub static STUDENT_ENROLLMENTS: Relation =
    direct("enrollments", Reach::Many, [&STUDENTS, &ENROLLMENTS], &["id"], "{t}.student_id = {p}.id");
pub static STUDENT_COURSES: Relation =
    through("courses", [&STUDENTS, &COURSES], "enrollments", OF_STUDENT, None, Some(&ENROLLMENTS));
pub static PASSED: Relation = Relation {
    only: Some("{t}.active"),
    order: &[("{t}.name", "DESC")],
    ..through("passed", [&STUDENTS, &COURSES], "enrollments", OF_STUDENT, Some("{a}.grade = 'A'"), Some(&ENROLLMENTS))
};
pub static VISITED: Relation = through("visited", [&STUDENTS, &COURSES], "visits", OF_STUDENT, None, Some(&VISITS));
pub static WISHED: Relation = through("wished", [&STUDENTS, &COURSES], "wishes", OF_STUDENT, None, None);
pub static HOPED: Relation = through("hoped", [&STUDENTS, &COURSES], "wishes", OF_STUDENT, Some("{a}.kind = 1"), None);
pub static LECTURER: Relation =
    direct("lecturer", Reach::Maybe, [&COURSES, &LECTURERS], &["lecturer_id"], "{t}.id = {p}.lecturer_id");
pub static COURSE_STUDENTS: Relation =
    through("students", [&COURSES, &STUDENTS], "enrollments", OF_COURSE, None, Some(&ENROLLMENTS));
pub static VISITORS: Relation = through("visitors", [&COURSES, &STUDENTS], "visits", OF_COURSE, None, Some(&VISITS));
pub static WISHERS: Relation = through("wishers", [&COURSES, &STUDENTS], "wishes", OF_COURSE, None, None);
pub static BADGE_STUDENT: Relation =
    direct("student", Reach::Promised, [&BADGES, &STUDENTS], &["student_id"], "{t}.id = {p}.student_id");
pub static ENROLLMENT_STUDENT: Relation =
    direct("student", Reach::Promised, [&ENROLLMENTS, &STUDENTS], &["student_id"], "{t}.id = {p}.student_id");
pub static ENROLLMENT_COURSE: Relation =
    direct("course", Reach::Promised, [&ENROLLMENTS, &COURSES], &["course_id"], "{t}.id = {p}.course_id");
pub static VISIT_STUDENT: Relation =
    direct("student", Reach::Promised, [&VISITS, &STUDENTS], &["student_id"], "{t}.id = {p}.student_id");
pub static VISIT_COURSE: Relation =
    direct("course", Reach::Promised, [&VISITS, &COURSES], &["course_id"], "{t}.id = {p}.course_id");

type Leaf<E> = BoxedStrategy<Both<E>>;

// One chair at most, by a constraint that the crate does not know of.
const CHAIR_LABEL: &str = "(SELECT one.label FROM chairs one WHERE one.lecturer_id = @.id)";
const TUTORS_CHAIR: &str = "(SELECT two.label FROM lecturers one, chairs two
    WHERE one.id = @.tutor_id AND two.lecturer_id = one.id)";

fn of_lecturer(depth: u32) -> Leaf<Lecturer> {
    let own = prop_oneof![
        text().prop_map(|name| Both::new(Lecturer.name.ne(&name), format!("@.name <> {}", quote(&name)))),
        (0..10_i32).prop_map(|id| Both::new(Lecturer.id.le(id), format!("@.id <= {id}"))),
        text().prop_map(|label| Both::new(
            Lecturer.chair.label.ne(&label),
            format!("{CHAIR_LABEL} <> {}", quote(&label))
        )),
    ];
    if depth == 0 {
        return own.boxed();
    }
    let path = [&LECTURER_COURSES, &COURSE_STUDENTS];
    let students = (quantifier(), joined(of_student(depth - 1))).prop_map(move |(of, condition)| {
        let predicate = condition.predicate();
        let predicate = match of {
            Quantifier::Any => Lecturer.courses.students.any(predicate),
            Quantifier::None => Lecturer.courses.students.none(predicate),
            Quantifier::Every => Lecturer.courses.students.every(predicate),
        };
        Both::counted(predicate, &path, of, &condition)
    });
    prop_oneof![2 => own, 1 => students].boxed()
}

fn of_student(depth: u32) -> Leaf<Student> {
    let tutor = "(SELECT one.name FROM lecturers one WHERE one.id = @.tutor_id)";
    let own = prop_oneof![
        text().prop_map(|name| Both::new(Student.name.ne(&name), format!("@.name <> {}", quote(&name)))),
        (0..10_i32).prop_map(|id| Both::new(Student.id.gt(id), format!("@.id > {id}"))),
        text().prop_map(move |name| Both::new(Student.tutor.name.eq(&name), format!("{tutor} = {}", quote(&name)))),
        Just(Both::new(Student.tutor.chair.label.is_null(), format!("{TUTORS_CHAIR} IS NULL"))),
    ];
    if depth == 0 {
        return own.boxed();
    }
    let courses = (quantifier(), 0..4, joined(of_course(depth - 1))).prop_map(|(of, which, condition)| {
        let inner = condition.predicate();
        macro_rules! of {
            ($relation:expr) => {
                match of {
                    Quantifier::Any => $relation.any(inner),
                    Quantifier::None => $relation.none(inner),
                    Quantifier::Every => $relation.every(inner),
                }
            };
        }
        let (predicate, relation) = match which {
            0 => (of!(Student.courses), &STUDENT_COURSES),
            1 => (of!(Student.passed), &PASSED),
            2 => (of!(Student.visited), &VISITED),
            _ => (of!(Student.hoped), &HOPED),
        };
        Both::counted(predicate, &[relation], of, &condition)
    });
    prop_oneof![2 => own, 1 => courses].boxed()
}

fn of_course(depth: u32) -> Leaf<Course> {
    let lecturer = "(SELECT one.name FROM lecturers one WHERE one.id = @.lecturer_id)";
    let own = prop_oneof![
        any::<bool>().prop_map(|active| Both::new(Course.active.eq(active), format!("@.active = {active}"))),
        text().prop_map(|part| {
            Both::new(Course.name.contains(&part), format!("position({} in @.name) > 0", quote(&part)))
        }),
        text().prop_map(move |name| {
            let sql = format!("{lecturer} = {}", quote(&name));
            Both::new(Course.lecturer.name.eq(&name), sql)
        }),
        Just(Both::new(Course.lecturer.name.is_null(), format!("{lecturer} IS NULL"))),
    ];
    if depth == 0 {
        return own.boxed();
    }
    let visitors = (quantifier(), joined(of_student(depth - 1))).prop_map(|(of, condition)| {
        let predicate = condition.predicate();
        let predicate = match of {
            Quantifier::Any => Course.visitors.any(predicate),
            Quantifier::None => Course.visitors.none(predicate),
            Quantifier::Every => Course.visitors.every(predicate),
        };
        Both::counted(predicate, &[&VISITORS], of, &condition)
    });
    prop_oneof![3 => own, 1 => visitors].boxed()
}

fn of_chair(_: u32) -> Leaf<Chair> {
    text().prop_map(|label| Both::new(Chair.label.le(&label), format!("@.label <= {}", quote(&label)))).boxed()
}

fn of_badge(_: u32) -> Leaf<Badge> {
    let owner = "(SELECT one.name FROM students one WHERE one.id = @.student_id)";
    prop_oneof![
        text().prop_map(|label| Both::new(Badge.label.ge(&label), format!("@.label >= {}", quote(&label)))),
        text().prop_map(move |name| Both::new(Badge.student.name.ne(&name), format!("{owner} <> {}", quote(&name)))),
    ]
    .boxed()
}

fn of_enrollment(_: u32) -> Leaf<Enrollment> {
    let course = "(SELECT one.active FROM courses one WHERE one.id = @.course_id)";
    prop_oneof![
        2 => select(vec!["A", "B", ""])
            .prop_map(|grade| Both::new(Enrollment.grade.eq(grade), format!("@.grade = '{grade}'"))),
        1 => Just(Both::new(Enrollment.grade.is_null(), "@.grade IS NULL")),
        1 => Just(Both::new(Enrollment.course.active.eq(true), format!("{course} = true"))),
    ]
    .boxed()
}

fn of_visit(_: u32) -> Leaf<Visit> {
    let name = "(SELECT one.name FROM students one WHERE one.id = @.student_id)";
    prop_oneof![
        (0..3_i32).prop_map(|day| Both::new(Visit.day.ge(day), format!("@.day >= {day}"))),
        option::of(text()).prop_map(|note| {
            let sql = note.as_ref().map_or_else(
                || String::from("@.note IS NOT NULL"),
                |note| format!("@.note IS DISTINCT FROM {}", quote(note)),
            );
            Both::new(Visit.note.is_distinct_from(note), sql)
        }),
        text().prop_map(move |text| Both::new(Visit.student.name.eq(&text), format!("{name} = {}", quote(&text)))),
    ]
    .boxed()
}

fn by_lecturer() -> BoxedStrategy<Sort> {
    sorted(vec![(Lecturer.name.asc(), Lecturer.name.desc(), "@.name"), (Lecturer.id.asc(), Lecturer.id.desc(), "@.id")])
}

fn by_student() -> BoxedStrategy<Sort> {
    let tutor = "(SELECT one.name FROM lecturers one WHERE one.id = @.tutor_id)";
    sorted(vec![
        (Student.name.asc(), Student.name.desc(), "@.name"),
        (Student.id.asc(), Student.id.desc(), "@.id"),
        (Student.tutor.name.asc(), Student.tutor.name.desc(), tutor),
        (Student.tutor.chair.label.asc(), Student.tutor.chair.label.desc(), TUTORS_CHAIR),
    ])
}

fn by_course() -> BoxedStrategy<Sort> {
    let lecturer = "(SELECT one.name FROM lecturers one WHERE one.id = @.lecturer_id)";
    sorted(vec![
        (Course.name.asc(), Course.name.desc(), "@.name"),
        (Course.lecturer_id.asc(), Course.lecturer_id.desc(), "@.lecturer_id"),
        (Course.lecturer.name.asc(), Course.lecturer.name.desc(), lecturer),
    ])
}

fn by_chair() -> BoxedStrategy<Sort> {
    sorted(vec![(Chair.label.asc(), Chair.label.desc(), "@.label")])
}

fn by_badge() -> BoxedStrategy<Sort> {
    sorted(vec![(Badge.label.asc(), Badge.label.desc(), "@.label")])
}

fn by_enrollment() -> BoxedStrategy<Sort> {
    let course = "(SELECT one.name FROM courses one WHERE one.id = @.course_id)";
    sorted(vec![
        (Enrollment.grade.asc(), Enrollment.grade.desc(), "@.grade"),
        (Enrollment.course.name.asc(), Enrollment.course.name.desc(), course),
    ])
}

fn by_visit() -> BoxedStrategy<Sort> {
    let name = "(SELECT one.name FROM students one WHERE one.id = @.student_id)";
    sorted(vec![
        (Visit.day.asc(), Visit.day.desc(), "@.day"),
        (Visit.note.asc(), Visit.note.desc(), "@.note"),
        (Visit.student.name.asc(), Visit.student.name.desc(), name),
    ])
}
