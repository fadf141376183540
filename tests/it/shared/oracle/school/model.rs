//! The entities of the school.

use relata::prelude::*;
use serde::Serialize;

#[derive(Entity, Debug, Clone, Serialize)]
#[entity(table = "lecturers")]
#[has_many(courses: Vec<Course>, by = lecturer_id, order_by = (name desc, id))]
#[has_many(tutored: Vec<Student>, by = tutor_id)]
#[has_one(chair: Option<Chair>, by = lecturer_id)]
pub struct Lecturer {
    #[key]
    pub id: i32,
    pub name: String,
}

#[derive(Entity, Debug, Clone, Serialize)]
#[entity(table = "chairs")]
pub struct Chair {
    #[key]
    pub id: i32,
    pub lecturer_id: Option<i32>,
    pub label: String,
}

#[derive(Entity, Debug, Clone, Serialize)]
#[entity(table = "students")]
#[belongs_to(tutor: Lecturer, by = tutor_id)]
#[has_one(badge: Option<Badge>, by = student_id)]
#[has_one(card: Badge, by = student_id)]
#[has_many(enrollments: Vec<Enrollment>, by = student_id)]
#[many_to_many(courses: Vec<Course>, through = Enrollment, by = (student, course))]
#[many_to_many(passed: Vec<Course>, through = Enrollment, by = (student, course), only = (active = true),
    through_only = (grade = "A"), order_by = (name desc))]
#[many_to_many(visited: Vec<Course>, through = Visit, by = (student, course))]
#[many_to_many(wished: Vec<Course>, through = "wishes", by = (student_id, course_id))]
#[many_to_many(hoped: Vec<Course>, through = "wishes", by = (student_id, course_id), through_only = (kind = 1))]
pub struct Student {
    #[key]
    pub id: i32,
    pub name: String,
    pub tutor_id: i32,
}

#[derive(Entity, Debug, Clone, Serialize)]
#[entity(table = "courses")]
#[belongs_to(lecturer: Option<Lecturer>, by = lecturer_id)]
#[many_to_many(students: Vec<Student>, through = Enrollment, by = (course, student))]
#[many_to_many(visitors: Vec<Student>, through = Visit, by = (course, student))]
#[many_to_many(wishers: Vec<Student>, through = "wishes", by = (course_id, student_id))]
pub struct Course {
    #[key]
    pub id: i32,
    pub name: String,
    pub active: bool,
    pub lecturer_id: Option<i32>,
}

#[derive(Entity, Debug, Clone, Serialize)]
#[entity(table = "badges")]
#[belongs_to(student: Student, by = student_id)]
pub struct Badge {
    #[key]
    pub id: i32,
    pub student_id: i32,
    pub label: String,
}

#[derive(Entity, Debug, Clone, Serialize)]
#[entity(table = "enrollments")]
#[belongs_to(student: Student, by = student_id)]
#[belongs_to(course: Course, by = course_id)]
pub struct Enrollment {
    #[key]
    pub student_id: i32,
    #[key]
    pub course_id: i32,
    pub grade: Option<String>,
}

#[derive(Entity, Debug, Clone, Serialize)]
#[entity(table = "visits")]
#[belongs_to(student: Student, by = student_id)]
#[belongs_to(course: Course, by = course_id)]
pub struct Visit {
    #[key]
    pub id: i32,
    pub student_id: i32,
    pub course_id: i32,
    pub day: i32,
    pub note: Option<String>,
}
