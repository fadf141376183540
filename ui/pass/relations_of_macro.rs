//! Relations whose parts come from a macro by example.
#![deny(warnings)]
use relata::entity::Relation;
use relata::prelude::*;
use relata::schema::Constant;

macro_rules! school {
    ($one:ident, $many:ident, $other:ident, $between:ty, $table:literal, $here:ident, $there:ident, $low:literal) => {
        #[derive(Entity, Debug, Clone, PartialEq)]
        #[entity(table = "students")]
        #[many_to_many($many: Vec<$other>, through = $between, by = ($here, $there), only = (level = $low))]
        #[many_to_many(bare: Vec<$other>, through = $table, by = (student_id, course_id), order_by = (level desc))]
        struct $one {
            #[key]
            id: i32,
        }

        #[derive(Entity, Debug, Clone, PartialEq)]
        #[entity(table = $table)]
        #[belongs_to($here: $one, by = student_id)]
        #[belongs_to($there: $other, by = course_id)]
        struct Enrollment {
            #[key]
            student_id: i32,
            #[key]
            course_id: i32,
        }
    };
}

#[derive(Entity, Debug, Clone, PartialEq)]
#[entity(table = "courses")]
struct Course {
    #[key]
    id: i32,
    level: i32,
}

school!(Student, courses, Course, Enrollment, "enrollments", student, course, -3);

fn main() {
    let _ = Student::query().filter(Student.id.eq(1)).with(Student.courses).with(Student.bare);
    let _ = |between: &Enrollment, course: &Course| (between.student_id, between.course_id, course.id, course.level);
    assert_eq!(Student_courses::DEF.only[0].equals, Constant::Integer(-3));
    assert_eq!(Student_bare::DEF.association().unwrap().table, "enrollments");
}
