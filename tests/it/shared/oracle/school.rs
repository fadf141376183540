//! Students, courses and lecturers: many-to-many through entities and through a bare table, both ways.
//!
//! A pair of `enrollments` is there once, one of `visits` and of `wishes` any number of times. No foreign key is a
//! constraint, so that rows can lead nowhere.

pub mod model;
pub mod about;
mod query;

use std::collections::BTreeMap;

use proptest::collection::{btree_map, vec};
use proptest::option;
use proptest::prelude::*;
use proptest::sample::select;
use serde_json::json;

use super::case::Data;
use super::sides::{some, text};

pub use query::SKELETONS;

pub const TABLES: &str = "
CREATE TABLE lecturers (id int PRIMARY KEY, name text NOT NULL);
CREATE TABLE chairs (id int PRIMARY KEY, lecturer_id int UNIQUE, label text NOT NULL);
CREATE TABLE students (id int PRIMARY KEY, name text NOT NULL, tutor_id int NOT NULL);
CREATE TABLE courses (id int PRIMARY KEY, name text NOT NULL, active bool NOT NULL, lecturer_id int);
CREATE TABLE badges (id int PRIMARY KEY, student_id int NOT NULL, label text NOT NULL);
CREATE TABLE enrollments (student_id int, course_id int, grade text, PRIMARY KEY (student_id, course_id));
CREATE TABLE visits (id int PRIMARY KEY, student_id int NOT NULL, course_id int NOT NULL, day int NOT NULL, note text);
CREATE TABLE wishes (course_id int, student_id int, kind int NOT NULL);
";

type At = prop::sample::Index;

/// What the rows of a table are made of; a place in another table is an index, which is a row's once there are rows.
type Lecturers = BTreeMap<i32, String>;
type Students = BTreeMap<i32, (String, At)>;
type Courses = BTreeMap<i32, (String, bool, Option<i32>)>;

/// The rows that lead from one table to others.
#[derive(Debug, Clone)]
struct Links {
    chairs: BTreeMap<i32, String>,
    badges: Vec<(At, String)>,
    enrollments: Vec<((At, At), Option<&'static str>)>,
    visits: Vec<((At, At), i32, Option<String>)>,
    wishes: Vec<((At, At), i32)>,
    /// Rows may lead nowhere.
    loose: bool,
    /// A student may have two badges.
    double: bool,
    /// A student has at least one.
    all: bool,
}

/// Ids are few, so that they collide between the tables.
fn id() -> std::ops::Range<i32> {
    1..10
}

pub fn data() -> BoxedStrategy<Data> {
    let lecturers = btree_map(id(), text(), 1..5);
    let students = some(9, |size| btree_map(id(), (text(), any::<At>()), size));
    let courses = some(9, |size| btree_map(id(), (text(), any::<bool>(), option::of(id())), size));
    (lecturers, students, courses, links())
        .prop_map(|(lecturers, students, courses, links)| rows(&lecturers, &students, &courses, &links))
        .boxed()
}

fn links() -> impl Strategy<Value = Links> {
    let pair = || (any::<At>(), any::<At>());
    let grade = || option::weighted(0.8, select(vec!["A", "A", "B", ""]));
    (
        btree_map(id(), text(), 0..7),
        vec((any::<At>(), text()), 0..8),
        some(24, |size| vec((pair(), grade()), size)),
        some(30, |size| vec((pair(), 0..3_i32, option::of(text())), size)),
        some(24, |size| vec((pair(), 0..2_i32), size)),
        prop::bool::weighted(0.25),
        prop::bool::weighted(0.3),
        any::<bool>(),
    )
        .prop_map(|(chairs, badges, enrollments, visits, wishes, loose, double, all)| Links {
            chairs,
            badges,
            enrollments,
            visits,
            wishes,
            loose,
            double,
            all,
        })
}

fn rows(lecturers: &Lecturers, students: &Students, courses: &Courses, links: &Links) -> Data {
    let ids = |known: Vec<i32>| {
        let known: Vec<i32> = if links.loose || known.is_empty() { id().collect() } else { known };
        move |at: &At| *at.get(&known)
    };
    let lecturer = ids(lecturers.keys().copied().collect());
    let student = ids(students.keys().copied().collect());
    let course = ids(courses.keys().copied().collect());
    let pair = |(one, other): &(At, At)| (student(one), course(other));

    let mut badges: Vec<(i32, &str)> = Vec::new();
    for (at, label) in &links.badges {
        if links.double || badges.iter().all(|(of, _)| *of != student(at)) {
            badges.push((student(at), label));
        }
    }
    for &of in students.keys().filter(|_| links.all) {
        if badges.iter().all(|(known, _)| *known != of) {
            badges.push((of, "a"));
        }
    }
    let mut enrollments: Vec<((i32, i32), Option<&str>)> = Vec::new();
    for (of, grade) in &links.enrollments {
        if enrollments.iter().all(|(known, _)| *known != pair(of)) {
            enrollments.push((pair(of), *grade));
        }
    }
    let student =
        |(id, (name, tutor)): (&i32, &(String, At))| json!({"id": id, "name": name, "tutor_id": lecturer(tutor)});
    let course = |(id, (name, active, of)): (&i32, &(String, bool, Option<i32>))| json!({"id": id, "name": name, "active": active, "lecturer_id": of});
    let chair = |(id, (of, label)): (usize, (&i32, &String))| json!({"id": id + 1, "lecturer_id": of, "label": label});
    let badge = |(id, (of, label)): (usize, &(i32, &str))| json!({"id": id + 1, "student_id": of, "label": label});
    let enrollment = |((one, other), grade): &((i32, i32), Option<&str>)| json!({"student_id": one, "course_id": other, "grade": grade});
    let visit = |(id, (of, day, note)): (usize, &((At, At), i32, Option<String>))| {
        let (one, other) = pair(of);
        json!({"id": id + 1, "student_id": one, "course_id": other, "day": day, "note": note})
    };
    let wish = |(of, kind): &((At, At), i32)| {
        let (one, other) = pair(of);
        json!({"student_id": one, "course_id": other, "kind": kind})
    };
    Data(vec![
        ("lecturers", lecturers.iter().map(|(id, name)| json!({"id": id, "name": name})).collect()),
        ("chairs", links.chairs.iter().enumerate().map(chair).collect()),
        ("students", students.iter().map(student).collect()),
        ("courses", courses.iter().map(course).collect()),
        ("badges", badges.iter().enumerate().map(badge).collect()),
        ("enrollments", enrollments.iter().map(enrollment).collect()),
        ("visits", links.visits.iter().enumerate().map(visit).collect()),
        ("wishes", links.wishes.iter().map(wish).collect()),
    ])
}
