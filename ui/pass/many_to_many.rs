//! Many-to-many through an entity and through a bare table, over simple and composite keys, several between two tables.
#![deny(warnings)]
use relata::Query;
use relata::entity::Relation;
use relata::prelude::*;
use relata::schema::{KeyPair, RelationDef};

#[derive(Entity, Debug, Clone, PartialEq)]
#[entity(table = "students")]
#[many_to_many(courses: Vec<Course>, through = Enrollment, by = (student, course))]
#[many_to_many(tutored: Vec<Course>, through = Enrollment, by = (tutor, course))]
#[many_to_many(clubs: Vec<Club>, through = "members", through_schema = "app", by = (student_id, (country, club)))]
#[many_to_many(friends: Vec<Student>, through = Friendship, by = (one, other))]
#[many_to_many(befriended: Vec<Student>, through = Friendship, by = (other, one))]
#[many_to_many(followers: Vec<Student>, through = "follows", by = (followed_id, follower_id))]
#[has_many(enrollments: Vec<Enrollment>, by = student_id)]
pub struct Student {
    #[key(generated)]
    pub id: i32,
    pub email: String,
}

#[derive(Entity, Debug, Clone, PartialEq)]
#[entity(table = "courses")]
#[many_to_many(students: Vec<Student>, through = Enrollment, by = (course, student))]
#[many_to_many(tutors: Vec<Student>, through = Enrollment, by = (course, tutor))]
pub struct Course {
    #[key(generated)]
    pub id: i64,
    pub name: String,
}

#[derive(Entity, Debug, Clone, PartialEq)]
#[entity(table = "enrollments", schema = "school")]
#[belongs_to(student: Student, by = student_id)]
#[belongs_to(tutor: Option<Student>, by = tutor_email, references = email)]
#[belongs_to(course: Course, by = course_id)]
pub struct Enrollment {
    #[key]
    pub student_id: i32,
    #[key]
    pub course_id: i64,
    pub tutor_email: Option<String>,
    pub grade: Option<String>,
}

#[derive(Entity, Debug, Clone, PartialEq)]
#[entity(table = "clubs")]
#[many_to_many(members: Vec<Student>, through = "members", through_schema = "app", by = ((country, club), student_id))]
pub struct Club {
    #[key]
    pub country: String,
    #[key]
    pub number: i32,
}

#[derive(Entity, Debug, Clone, PartialEq)]
#[entity(table = "friendships")]
#[belongs_to(one: Student, by = one_id)]
#[belongs_to(other: Student, by = other_id)]
pub struct Friendship {
    #[key]
    pub one_id: i32,
    #[key]
    pub other_id: i32,
}

fn shown(pairs: &[KeyPair]) -> Vec<String> {
    pairs.iter().map(|pair| format!("{} = {}", pair.source.name, pair.target.name)).collect()
}

fn sides(def: &RelationDef) -> (String, Vec<String>, Vec<String>) {
    let between = def.association().unwrap();
    assert_eq!(between.entity.is_some(), between.table != "members" && between.table != "follows");
    (def.key_table(), shown(between.source), shown(between.target))
}

fn main() {
    let query: Query<loaded!(Student { courses { students, tutors }, clubs, friends { befriended } })> =
        Student::query()
            .with(Student.courses.filter_through(Enrollment.grade.eq("A")).with(Course.tutors).with(Course.students))
            .with(Student.clubs.order_by(Club.number.asc()).limit(3))
            .with(Student.friends.order_by_through(Friendship.other_id.desc()).with(Student.befriended));
    let _ = (query, Student::query().filter(Student.tutored.any(Course.name.eq("Rust"))));
    let read = |student: &loaded!(Student { courses { students }, followers })| {
        student.courses().iter().map(|course| course.students().len()).sum::<usize>() + student.followers().len()
    };
    let _ = read;

    let text = |parts: [&str; 3]| (parts[0].to_owned(), vec![parts[1].to_owned()], vec![parts[2].to_owned()]);
    assert_eq!(sides(Student_courses::DEF), text(["school.enrollments", "student_id = id", "course_id = id"]));
    assert_eq!(sides(Student_tutored::DEF), text(["school.enrollments", "tutor_email = email", "course_id = id"]));
    assert_eq!(sides(Course_tutors::DEF), text(["school.enrollments", "course_id = id", "tutor_email = email"]));
    assert_eq!(sides(Student_friends::DEF), text(["friendships", "one_id = id", "other_id = id"]));
    assert_eq!(sides(Student_befriended::DEF), text(["friendships", "other_id = id", "one_id = id"]));
    assert_eq!(sides(Student_followers::DEF), text(["follows", "followed_id = id", "follower_id = id"]));
    let club = ["country = country", "club = number"].map(str::to_owned).to_vec();
    let student = vec!["student_id = id".to_owned()];
    assert_eq!(sides(Student_clubs::DEF), ("app.members".to_owned(), student.clone(), club.clone()));
    assert_eq!(sides(Club_members::DEF), ("app.members".to_owned(), club, student));

    assert!(Student_courses::DEF.association().unwrap().is_distinct());
    assert!(!Student_tutored::DEF.association().unwrap().is_distinct());
    assert!(!Student_followers::DEF.association().unwrap().is_distinct());
    assert_eq!(Student_courses::DEF.reach, relata::schema::Reach::Many);
}
