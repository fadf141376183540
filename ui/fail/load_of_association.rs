//! Conditions and orders on an association want an association entity.
use relata::prelude::*;

#[derive(Entity, Clone)]
#[entity(table = "students")]
#[many_to_many(courses: Vec<Course>, through = Enrollment, by = (student, course))]
#[many_to_many(bare: Vec<Course>, through = "enrollments", by = (student_id, course_id))]
#[has_many(enrollments: Vec<Enrollment>, by = student_id)]
struct Student {
    #[key]
    id: i32,
}

#[derive(Entity, Clone)]
#[entity(table = "courses")]
struct Course {
    #[key]
    id: i32,
}

#[derive(Entity, Clone)]
#[entity(table = "enrollments")]
#[belongs_to(student: Student, by = student_id)]
#[belongs_to(course: Course, by = course_id)]
struct Enrollment {
    #[key]
    student_id: i32,
    #[key]
    course_id: i32,
    term: i32,
}

fn main() {
    let _ = Student::query().with(Student.bare.order_by_through(Enrollment.term.asc()));
    let _ = Student::query().with(Student.enrollments.filter_through(Enrollment.term.eq(1)));
    let _ = Student::query().with(Student.courses.filter_through(Course.id.eq(1)));
}
