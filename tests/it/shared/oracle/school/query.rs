//! The queries of the school: every load that a tree can ask for.

use proptest::prelude::*;
use relata::prelude::*;

use super::super::asked::{Find, Given, Site, Skeleton, Tree};
use super::super::sides::found;
use super::super::typed::{Runs, Told, below, given, many, one, root, site, through};
use super::about::{
    BADGE, BADGE_STUDENT, CARD, CHAIR, COURSE_STUDENTS, COURSES, ENROLLMENT_COURSE, ENROLLMENT_STUDENT, HOPED,
    LECTURER, LECTURER_COURSES, LECTURERS, PASSED, STUDENT_COURSES, STUDENT_ENROLLMENTS, STUDENTS, TUTOR, TUTORED,
    VISITED, VISITORS, WISHED, WISHERS,
};
use super::model::{Badge, Course, Enrollment, Lecturer, Student};

pub static SKELETONS: &[Skeleton] = &[
    Skeleton {
        table: &STUDENTS,
        find: find_student,
        query: by_entities,
        sites: &[
            site!(Promised TUTOR site!(If LECTURER_COURSES site!(If COURSE_STUDENTS))),
            site!(If BADGE site!(Promised BADGE_STUDENT site!(If TUTOR))),
            site!(If STUDENT_ENROLLMENTS site!(Promised ENROLLMENT_COURSE site!(If LECTURER)), site!(If ENROLLMENT_STUDENT)),
            site!(If STUDENT_COURSES site!(If LECTURER site!(If TUTORED)), site!(If COURSE_STUDENTS site!(If BADGE))),
        ],
    },
    Skeleton {
        table: &STUDENTS,
        find: find_student,
        query: by_tables,
        sites: &[
            site!(If PASSED site!(If COURSE_STUDENTS site!(If PASSED))),
            site!(If VISITED site!(If VISITORS site!(Promised TUTOR site!(If TUTORED))), site!(If LECTURER)),
            site!(If WISHED site!(If WISHERS site!(If VISITED))),
            site!(If HOPED site!(If LECTURER)),
        ],
    },
    Skeleton {
        table: &LECTURERS,
        find: || (1..4_i32).prop_map(|id| found(Lecturer::find(id), format!("@.id = {id}"))).boxed(),
        query: of_lecturers,
        sites: &[
            site!(If LECTURER_COURSES site!(If VISITORS site!(If BADGE)), site!(If WISHERS)),
            site!(If TUTORED site!(If HOPED), site!(Promised CARD site!(If BADGE_STUDENT))),
            site!(If CHAIR),
        ],
    },
    Skeleton {
        table: &STUDENTS,
        find: find_student,
        query: matching_students,
        sites: &[
            site!(Always TUTOR site!(Always LECTURER_COURSES)),
            site!(Always VISITED site!(Always LECTURER), site!(If COURSE_STUDENTS)),
        ],
    },
    Skeleton {
        table: &COURSES,
        find: || (1..10_i32).prop_map(|id| found(Course::find(id), format!("@.id = {id}"))).boxed(),
        query: matching_courses,
        sites: &[
            site!(Always LECTURER site!(If TUTORED)),
            site!(Always COURSE_STUDENTS site!(Always BADGE), site!(Always HOPED)),
        ],
    },
];

fn find_student() -> BoxedStrategy<Find> {
    (1..10_i32).prop_map(|id| found(Student::find(id), format!("@.id = {id}"))).boxed()
}

fn by_entities(tree: &Tree) -> Box<dyn Runs> {
    let tutor = tree.rows.load("tutor");
    let tutors_courses = below(tutor, "courses");
    let their_students = below(tutors_courses, "students");
    let badge = tree.rows.load("badge");
    let owner = below(badge, "student");
    let owners_tutor = below(owner, "tutor");
    let enrollments = tree.rows.load("enrollments");
    let (course, student) = (below(enrollments, "course"), below(enrollments, "student"));
    let lecturer = below(course, "lecturer");
    let courses = tree.rows.load("courses");
    let (courses_lecturer, students) = (below(courses, "lecturer"), below(courses, "students"));
    let (tutored, students_badge) = (below(courses_lecturer, "tutored"), below(students, "badge"));
    let query = root::<Student>(tree)
        .with_if(
            tutor.is_some(),
            Student
                .tutor
                .with_if(
                    tutors_courses.is_some(),
                    many(Lecturer.courses, tutors_courses)
                        .with_if(their_students.is_some(), through(Course.students, their_students)),
                )
                .told(tutor),
        )
        .with_if(
            badge.is_some(),
            one(Student.badge, badge).with_if(
                owner.is_some(),
                Badge.student.with_if(owners_tutor.is_some(), one(Student.tutor, owners_tutor)).told(owner),
            ),
        )
        .with_if(
            enrollments.is_some(),
            many(Student.enrollments, enrollments)
                .with_if(
                    course.is_some(),
                    Enrollment.course.with_if(lecturer.is_some(), one(Course.lecturer, lecturer)).told(course),
                )
                .with_if(student.is_some(), one(Enrollment.student, student)),
        )
        .with_if(
            courses.is_some(),
            through(Student.courses, courses)
                .with_if(
                    courses_lecturer.is_some(),
                    one(Course.lecturer, courses_lecturer).with_if(tutored.is_some(), many(Lecturer.tutored, tutored)),
                )
                .with_if(
                    students.is_some(),
                    through(Course.students, students)
                        .with_if(students_badge.is_some(), one(Student.badge, students_badge)),
                ),
        );
    Box::new(query)
}

fn by_tables(tree: &Tree) -> Box<dyn Runs> {
    let passed = tree.rows.load("passed");
    let students = below(passed, "students");
    let theirs = below(students, "passed");
    let visited = tree.rows.load("visited");
    let (visitors, visited_lecturer) = (below(visited, "visitors"), below(visited, "lecturer"));
    let tutor = below(visitors, "tutor");
    let tutored = below(tutor, "tutored");
    let wished = tree.rows.load("wished");
    let wishers = below(wished, "wishers");
    let wishers_visited = below(wishers, "visited");
    let hoped = tree.rows.load("hoped");
    let lecturer = below(hoped, "lecturer");
    let query = root::<Student>(tree)
        .with_if(
            passed.is_some(),
            through(Student.passed, passed).with_if(
                students.is_some(),
                through(Course.students, students).with_if(theirs.is_some(), through(Student.passed, theirs)),
            ),
        )
        .with_if(
            visited.is_some(),
            through(Student.visited, visited)
                .with_if(
                    visitors.is_some(),
                    through(Course.visitors, visitors).with_if(
                        tutor.is_some(),
                        Student.tutor.with_if(tutored.is_some(), many(Lecturer.tutored, tutored)).told(tutor),
                    ),
                )
                .with_if(visited_lecturer.is_some(), one(Course.lecturer, visited_lecturer)),
        )
        .with_if(
            wished.is_some(),
            many(Student.wished, wished).with_if(
                wishers.is_some(),
                many(Course.wishers, wishers)
                    .with_if(wishers_visited.is_some(), through(Student.visited, wishers_visited)),
            ),
        )
        .with_if(
            hoped.is_some(),
            many(Student.hoped, hoped).with_if(lecturer.is_some(), one(Course.lecturer, lecturer)),
        );
    Box::new(query)
}

fn of_lecturers(tree: &Tree) -> Box<dyn Runs> {
    let courses = tree.rows.load("courses");
    let (visitors, wishers) = (below(courses, "visitors"), below(courses, "wishers"));
    let badge = below(visitors, "badge");
    let tutored = tree.rows.load("tutored");
    let (hoped, card) = (below(tutored, "hoped"), below(tutored, "card"));
    let owner = below(card, "student");
    let query = root::<Lecturer>(tree)
        .with_if(
            courses.is_some(),
            many(Lecturer.courses, courses)
                .with_if(
                    visitors.is_some(),
                    through(Course.visitors, visitors).with_if(badge.is_some(), one(Student.badge, badge)),
                )
                .with_if(wishers.is_some(), many(Course.wishers, wishers)),
        )
        .with_if(
            tutored.is_some(),
            many(Lecturer.tutored, tutored)
                .with_if(hoped.is_some(), many(Student.hoped, hoped))
                .with_if(card.is_some(), Student.card.with_if(owner.is_some(), one(Badge.student, owner)).told(card)),
        )
        .with_if(tree.rows.load("chair").is_some(), one(Lecturer.chair, tree.rows.load("chair")));
    Box::new(query)
}

fn matching_students(tree: &Tree) -> Box<dyn Runs> {
    let tutor = tree.rows.load("tutor");
    let courses = below(tutor, "courses");
    let visited = tree.rows.load("visited");
    let (lecturer, students) = (below(visited, "lecturer"), below(visited, "students"));
    let tutors = one(Student.tutor, tutor);
    let tutors = given!(tutors, courses, many(Lecturer.courses, courses));
    let visits = through(Student.visited, visited);
    let visits = given!(visits, lecturer, one(Course.lecturer, lecturer));
    let visits = visits.with_if(students.is_some(), through(Course.students, students));
    let query = given!(root::<Student>(tree), tutor, tutors);
    Box::new(given!(query, visited, visits))
}

fn matching_courses(tree: &Tree) -> Box<dyn Runs> {
    let lecturer = tree.rows.load("lecturer");
    let tutored = below(lecturer, "tutored");
    let students = tree.rows.load("students");
    let (badge, hoped) = (below(students, "badge"), below(students, "hoped"));
    let lecturers = one(Course.lecturer, lecturer).with_if(tutored.is_some(), many(Lecturer.tutored, tutored));
    let enrolled = through(Course.students, students);
    let enrolled = given!(enrolled, badge, one(Student.badge, badge));
    let enrolled = given!(enrolled, hoped, many(Student.hoped, hoped));
    let query = given!(root::<Course>(tree), lecturer, lecturers);
    Box::new(given!(query, students, enrolled))
}
