//! An association entity's relations lead to both sides, one row each, by columns of their own.
use relata::prelude::*;

#[derive(Entity, Clone)]
#[entity(table = "students")]
#[many_to_many(teachers: Vec<Course>, through = Enrollment, by = (student, teacher))]
#[many_to_many(turned: Vec<Course>, through = Enrollment, by = (course, student))]
#[many_to_many(to_many: Vec<Course>, through = Enrollment, by = (student, alternatives))]
#[many_to_many(columns: Vec<Course>, through = Enrollment, by = (student_id, course))]
#[many_to_many(unknown: Vec<Course>, through = Enrollment, by = (student, curse))]
#[many_to_many(no_entity: Vec<Course>, through = String, by = (student, course))]
#[many_to_many(current: Vec<Course>, through = Enrollment, by = (student, open_course))]
struct Student {
    #[key]
    id: i32,
}

#[derive(Entity, Clone)]
#[entity(table = "courses")]
struct Course {
    #[key]
    id: i32,
    open: bool,
}

#[derive(Entity, Clone)]
#[entity(table = "teachers")]
struct Teacher {
    #[key]
    id: i32,
}

#[derive(Entity, Clone)]
#[entity(table = "enrollments")]
#[belongs_to(student: Student, by = student_id)]
#[belongs_to(course: Course, by = course_id)]
#[belongs_to(open_course: Option<Course>, by = course_id, only = (open = true))]
#[belongs_to(teacher: Teacher, by = course_id)]
#[has_many(alternatives: Vec<Course>, by = id, references = course_id)]
struct Enrollment {
    #[key]
    student_id: i32,
    #[key]
    course_id: i32,
}

fn main() {}
