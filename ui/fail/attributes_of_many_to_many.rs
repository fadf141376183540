//! Errors in the attributes of many-to-many relations.
use relata::prelude::*;

#[derive(Entity, Clone)]
#[entity(table = "students")]
#[many_to_many(a: Course, through = Enrollment, by = (student, course))]
#[many_to_many(b: Option<Course>, through = Enrollment, by = (student, course))]
#[many_to_many(c: Vec<Course>)]
#[many_to_many(d: Vec<Course>, by = (student, course))]
#[many_to_many(e: Vec<Course>, through = Enrollment)]
#[many_to_many(f: Vec<Course>, through = "enrollments")]
#[many_to_many(g: Vec<Course>, through = Enrollment, by = student)]
#[many_to_many(h: Vec<Course>, through = Enrollment, by = (student, course, term))]
#[many_to_many(i: Vec<Course>, through = Enrollment, by = ((student_id, term), course))]
#[many_to_many(j: Vec<Course>, through = "enrollments", by = student_id)]
#[many_to_many(k: Vec<Course>, through = "enrollments", by = ((student_id, term), course_id))]
#[many_to_many(l: Vec<Course>, through = Enrollment, through_schema = "app", by = (student, course))]
#[many_to_many(m: Vec<Course>, through = Enrollment, by = ("student", course))]
#[many_to_many(n: Vec<Course>, through = 3, by = (student, course))]
#[many_to_many(o: Vec<Course>, through = Enrollment, by = ())]
#[many_to_many(p: Vec<Course>, through = Enrollment, by = (student, course), references = id)]
#[many_to_many(q: Vec<Course>, throgh = Enrollment, by = (student, course))]
#[many_to_many(r: Vec<Course>, through = "", by = (student, course))]
#[many_to_many(s: Vec<Course>, through = Enrollment, by = (student course))]
#[many_to_many(t: Vec<&'static Course>, through = Enrollment, by = (student, course))]
#[many_to_many]
#[has_many(u: Vec<Enrollment>, by = student_id, through = Enrollment)]
#[has_one(v: Option<Enrollment>, by = student_id, through_only = (term = 1))]
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
    #[many_to_many(courses: Vec<Course>, through = Enrollment, by = (student, course))]
    term: i32,
}

fn main() {
    let _ = Student::query().with(Student.a).with(Student.c);
    let _ = Student::query().with(Student.g.filter_through(Enrollment.term.eq(1)));
}
