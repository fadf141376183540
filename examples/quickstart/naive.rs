//! The same rows, loaded row by row: what the stories are compared with.
//!
//! Each statement is prepared once, as a careful program would do it; what remains is a round trip a row.

use std::time::Instant;

use deadpool_postgres::{Client, Pool, PoolError};
use tokio_postgres::Row;
use tokio_postgres::types::ToSql;

/// A connection that counts its statements.
struct Counting {
    client: Client,
    statements: usize,
    rows: usize,
    start: Instant,
}

/// What loading row by row cost.
pub struct Cost {
    statements: usize,
    rows: usize,
    millis: f64,
}

impl Cost {
    pub fn print(&self) {
        println!("row by row: statements: {}, {:.1} ms, {} rows\n", self.statements, self.millis, self.rows);
    }
}

impl Counting {
    async fn new(db: &Pool) -> Result<Self, PoolError> {
        Ok(Counting { client: db.get().await?, statements: 0, rows: 0, start: Instant::now() })
    }

    async fn query(&mut self, sql: &str, params: &[&(dyn ToSql + Sync)]) -> Result<Vec<Row>, PoolError> {
        let statement = self.client.prepare_cached(sql).await?;
        let rows = self.client.query(&statement, params).await?;
        self.statements += 1;
        self.rows += rows.len();
        Ok(rows)
    }

    fn cost(self) -> Cost {
        Cost { statements: self.statements, rows: self.rows, millis: self.start.elapsed().as_secs_f64() * 1e3 }
    }
}

pub async fn front_page(db: &Pool) -> Result<Cost, PoolError> {
    let mut db = Counting::new(db).await?;
    let users = "SELECT id, name FROM users u WHERE name <> 'Mallory'
        AND EXISTS (SELECT 1 FROM posts p WHERE p.user_id = u.id AND p.published) ORDER BY id LIMIT 50";
    for user in db.query(users, &[]).await? {
        let user: i32 = user.get(0);
        db.query("SELECT bio FROM profiles WHERE user_id = $1", &[&user]).await?;
        let posts = "SELECT id, title FROM posts WHERE user_id = $1 AND published ORDER BY id DESC";
        for post in db.query(posts, &[&user]).await? {
            let post: i32 = post.get(0);
            let comments = "SELECT id, body, user_id FROM comments WHERE post_id = $1 ORDER BY id";
            for comment in db.query(comments, &[&post]).await? {
                if let Some(author) = comment.get::<_, Option<i32>>(2) {
                    db.query("SELECT id, name FROM users WHERE id = $1", &[&author]).await?;
                }
            }
        }
    }
    Ok(db.cost())
}

pub async fn comments_on(db: &Pool, author: &str) -> Result<Cost, PoolError> {
    let mut db = Counting::new(db).await?;
    for user in db.query("SELECT id FROM users WHERE name = $1", &[&author]).await? {
        for post in db.query("SELECT id FROM posts WHERE user_id = $1", &[&user.get::<_, i32>(0)]).await? {
            db.query("SELECT id, body FROM comments WHERE post_id = $1", &[&post.get::<_, i32>(0)]).await?;
        }
    }
    Ok(db.cost())
}

pub async fn search(db: &Pool, title: Option<&str>, author: Option<&str>) -> Result<Cost, PoolError> {
    let mut db = Counting::new(db).await?;
    let title = format!("%{}%", title.unwrap_or_default());
    let posts = "SELECT id, title, user_id FROM posts WHERE title LIKE $1 ORDER BY id LIMIT $2";
    // Only a condition on the posts themselves can be left to the server with its limit.
    let limit: Option<i64> = author.is_none().then_some(50);
    let mut found = 0;
    for post in db.query(posts, &[&title, &limit]).await? {
        let matches = match author {
            None => true,
            Some(author) => {
                let name = db.query("SELECT name FROM users WHERE id = $1", &[&post.get::<_, i32>(2)]).await?;
                name.first().is_some_and(|row| row.get::<_, &str>(0) == author)
            }
        };
        found += usize::from(matches);
        if found == 50 {
            break;
        }
    }
    Ok(db.cost())
}

pub async fn honours(db: &Pool) -> Result<Cost, PoolError> {
    let mut db = Counting::new(db).await?;
    let courses = "SELECT id, name FROM courses c WHERE EXISTS (SELECT 1 FROM enrollments e
        WHERE e.course_id = c.id AND e.grade IN ('A', 'B')) ORDER BY name, id";
    for course in db.query(courses, &[]).await? {
        let students = "SELECT s.id, s.name FROM students s JOIN enrollments e ON e.student_id = s.id
            WHERE e.course_id = $1 AND e.grade IN ('A', 'B') ORDER BY e.grade, s.name";
        for student in db.query(students, &[&course.get::<_, i32>(0)]).await? {
            let courses = "SELECT c.id, c.name FROM courses c JOIN enrollments e ON e.course_id = c.id
                WHERE e.student_id = $1 ORDER BY c.name, c.id LIMIT 3";
            db.query(courses, &[&student.get::<_, i32>(0)]).await?;
        }
    }
    Ok(db.cost())
}

pub async fn staff(db: &Pool) -> Result<Cost, PoolError> {
    let mut db = Counting::new(db).await?;
    let reports = "SELECT id, name FROM employees WHERE manager_id = $1 ORDER BY name";
    for boss in db.query("SELECT id, name FROM employees WHERE manager_id IS NULL ORDER BY name", &[]).await? {
        for lead in db.query(reports, &[&boss.get::<_, i32>(0)]).await? {
            db.query(reports, &[&lead.get::<_, i32>(0)]).await?;
        }
    }
    Ok(db.cost())
}

pub async fn below(db: &Pool, boss: &str) -> Result<Cost, PoolError> {
    let mut db = Counting::new(db).await?;
    let reports = "SELECT id, name FROM employees WHERE manager_id = $1";
    for boss in db.query("SELECT id FROM employees WHERE name = $1", &[&boss]).await? {
        for lead in db.query(reports, &[&boss.get::<_, i32>(0)]).await? {
            db.query(reports, &[&lead.get::<_, i32>(0)]).await?;
        }
    }
    Ok(db.cost())
}

pub async fn strategies(db: &Pool) -> Result<Cost, PoolError> {
    let mut db = Counting::new(db).await?;
    for student in db.query("SELECT id, name FROM students ORDER BY id", &[]).await? {
        let courses = "SELECT c.id, c.name FROM courses c JOIN enrollments e ON e.course_id = c.id
            WHERE e.student_id = $1 ORDER BY c.name";
        db.query(courses, &[&student.get::<_, i32>(0)]).await?;
    }
    Ok(db.cost())
}
