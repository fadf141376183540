//! The main job, on a server that starts and ends with this program: `cargo run --example quickstart`.
//!
//! It makes a blog, a school and a firm, then tells their stories: a tree of four levels, a filter along a path, a search
//! built up at run time; many-to-many both ways; a table that leads to itself; one tree under two strategies. Each prints
//! its plan, its SQL, its rows, and what the same rows cost when they are loaded row by row.

#![allow(clippy::print_stdout)]

mod model;
mod naive;

use std::time::Instant;

use deadpool_postgres::{Manager, Pool};
use relata::prelude::*;
use relata::{Query, Shape};
use relata_scratch::Scratch;
use tokio_postgres::NoTls;

use model::{Comment, Course, Employee, Enrollment, Post, Student, User};

type Outcome<T> = Result<T, Box<dyn std::error::Error>>;

#[tokio::main]
async fn main() -> Outcome<()> {
    let scratch = Scratch::start()?;
    println!("{}, {}\n", scratch.server(), if scratch.is_private() { "started for this run" } else { "DATABASE_URL" });
    let db = Pool::builder(Manager::new(scratch.config(), NoTls)).max_size(4).build()?;
    db.get().await?.batch_execute(model::SCRIPT).await?;

    front_page(&db).await?;
    comments_on(&db).await?;
    for (title, author) in [(Some("Rust"), None), (None, Some("Bob")), (Some("Rust"), Some("Alice"))] {
        search(&db, title, author).await?;
    }
    honours(&db).await?;
    staff(&db).await?;
    below(&db, "Alice").await?;
    strategies(&db).await?;
    Ok(())
}

/// Users with their profile, their published posts, the comments on these, and who wrote them.
async fn front_page(db: &Pool) -> Outcome<()> {
    println!("# The front page: four levels, one statement a relation\n");
    let query = User::query()
        .filter(User.name.ne("Mallory") & User.posts.any(Post.published.eq(true)))
        .order_by(User.id.asc())
        .limit(50)
        .with(User.profile)
        .with(
            User.posts
                .filter(Post.published.eq(true))
                .order_by(Post.id.desc())
                .with(Post.comments.order_by(Comment.id.asc()).with(Comment.author)),
        );

    let users = report(db, &query).await?;
    for user in users.iter().take(2) {
        println!("{} ({})", user.name, user.profile().map_or("no profile", |profile| &profile.bio));
        for post in user.posts().iter().take(2) {
            println!("  {}", post.title);
            for comment in post.comments() {
                println!("    {}: {}", comment.author().map_or("anonymous", |author| &author.name), comment.body);
            }
        }
    }
    println!("… {} users in all\n", users.len());

    naive::front_page(db).await?.print();
    Ok(())
}

/// A filter across two relations is two joins, and none is written by hand.
async fn comments_on(db: &Pool) -> Outcome<()> {
    println!("# A filter along a path: comments on Alice's posts\n");
    let query = Comment::query().filter(Comment.post.author.name.eq("Alice")).order_by(Comment.id.asc());
    let comments = report(db, &query).await?;
    for comment in comments.iter().take(3) {
        println!("{}", comment.body);
    }
    println!("… {} comments in all\n", comments.len());

    naive::comments_on(db, "Alice").await?.print();
    Ok(())
}

/// Conditions are values: what the form leaves empty leaves no trace in the SQL.
async fn search(db: &Pool, title: Option<&str>, author: Option<&str>) -> Outcome<()> {
    println!("# A search built up at run time: title {title:?}, author {author:?}\n");
    let mut found = Predicate::always();
    if let Some(title) = title {
        found &= Post.title.contains(title);
    }
    if let Some(author) = author {
        found &= Post.author.name.eq(author);
    }
    let query = Post::query().filter(found).order_by(Post.id.asc()).limit(50);
    let posts = report(db, &query).await?;
    println!("{:?}\n", posts.iter().map(|post| &post.title).take(3).collect::<Vec<_>>());

    naive::search(db, title, author).await?.print();
    Ok(())
}

/// Courses with their best students, and for each of these three courses: the same relation, seen from both ends.
async fn honours(db: &Pool) -> Outcome<()> {
    println!("# Students and courses: many-to-many both ways, three for each student\n");
    let query = Course::query().order_by(Course.name.asc()).with_matching(
        Course
            .students
            .filter_through(Enrollment.grade.is_in(["A", "B"]))
            .order_by_through(Enrollment.grade.asc())
            .order_by(Student.name.asc())
            .with(Student.courses.order_by(Course.name.asc()).limit(3)),
    );

    let courses = report(db, &query).await?;
    for course in courses.iter().take(2) {
        println!("{}", course.name);
        for student in course.students().iter().take(2) {
            println!(
                "  {}: {:?}",
                student.name,
                student.courses().iter().map(|course| &course.name).collect::<Vec<_>>()
            );
        }
    }
    println!("… {} courses in all\n", courses.len());

    naive::honours(db).await?.print();
    Ok(())
}

/// A table that leads to itself: as many levels as are spelled.
async fn staff(db: &Pool) -> Outcome<()> {
    println!("# Employees and managers: three levels of one table\n");
    let by_name = || Employee.reports.order_by(Employee.name.asc());
    let query = Employee::query()
        .filter(Employee.manager_id.is_null())
        .order_by(Employee.name.asc())
        .with(by_name().with(by_name()));

    for boss in report(db, &query).await? {
        println!("{}", boss.name);
        for lead in boss.reports().iter().take(2) {
            println!(
                "  {}: {:?}",
                lead.name,
                lead.reports().iter().map(|worker| &worker.name).take(3).collect::<Vec<_>>()
            );
        }
    }
    println!();

    naive::staff(db).await?.print();
    Ok(())
}

/// The other way round: a path up the same table, by the name at its end.
async fn below(db: &Pool, boss: &str) -> Outcome<()> {
    println!("# Employees by the name of their manager's manager: {boss}\n");
    let query = Employee::query().filter(Employee.manager.manager.name.eq(boss)).order_by(Employee.id.asc());
    let employees = report(db, &query).await?;
    println!("{:?}", employees.iter().map(|employee| &employee.name).take(3).collect::<Vec<_>>());
    println!("… {} employees in all\n", employees.len());

    naive::below(db, boss).await?.print();
    Ok(())
}

/// A strategy changes what a tree costs, and nothing else.
async fn strategies(db: &Pool) -> Outcome<()> {
    println!("# Strategies: one tree, select-in and joined\n");
    let courses = || Student.courses.order_by(Course.name.asc());
    let batched = report(db, &Student::query().order_by(Student.id.asc()).with(courses().select_in())).await?;
    let joined = report(db, &Student::query().order_by(Student.id.asc()).with(courses().joined())).await?;
    assert_eq!(batched, joined, "the strategies give one tree");
    let count: usize = joined.iter().map(|student| student.courses().len()).sum();
    println!("the same {} students with {count} courses\n", joined.len());

    naive::strategies(db).await?.print();
    Ok(())
}

/// Prints the plan and the SQL, then runs the query: once to warm the connection up, once for the time.
async fn report<T: Shape>(db: &Pool, query: &Query<T>) -> Outcome<Vec<T>> {
    println!("{}", query.plan());
    print!("{}", query.to_sql());
    query.all(db).await?;
    let start = Instant::now();
    let rows = query.all(db).await?;
    println!("-- statements: {}, {:.1} ms\n", query.plan().statements(), start.elapsed().as_secs_f64() * 1e3);
    Ok(rows)
}
