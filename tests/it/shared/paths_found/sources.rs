//! Queries of the program's own text, with what it may hold: quotes, dollars, question marks, braces, comments; and what is
//! done with their rows.

use relata::prelude::*;
use relata::{raw, raw_predicate};

use super::model::{Employee, world};
use super::same_ids;
use crate::support::selected::same;

#[tokio::test]
async fn rows_of_raw_queries_are_filtered_ordered_limited_and_loaded() {
    let world = world().await;
    let db = &world.pool;
    let all = || Employee::from_sql("SELECT * FROM employees", ());
    let ordered = || all().order_by(Employee.name.asc()).limit(3);
    let sql = "SELECT id FROM employees ORDER BY name, id LIMIT 3";
    let joined = same_ids!(db, ordered().with(Employee.reports.joined().order_by(Employee.id.desc())), sql);
    assert_eq!(joined, same_ids!(db, ordered().with(Employee.reports.select_in().order_by(Employee.id.desc())), sql));
    assert_eq!(joined[0].reports().iter().map(|report| report.id).collect::<Vec<_>>(), [3, 2]);
    let some = Employee::from_sql("SELECT e.*, 1 AS extra FROM employees AS e ORDER BY id DESC LIMIT {}", (4_i64,));
    let sql = "SELECT x.id FROM (SELECT * FROM employees ORDER BY id DESC LIMIT 4) AS x LEFT JOIN employees AS b
        ON b.id = x.boss_id ORDER BY b.name NULLS FIRST, x.id";
    let some = some.order_by(Employee.boss.name.asc().nulls_first()).order_by(Employee.id.asc());
    same_ids!(db, some, sql);
    let both = Employee::from_sql("SELECT * FROM employees WHERE id < {}", (4,));
    let both = both.union(Employee::from_sql("SELECT * FROM employees WHERE id > {}", (5,)));
    same_ids!(db, both.order_by(Employee.id.asc()).with(Employee.boss), "VALUES (1), (2), (3), (6)");
}

#[tokio::test]
async fn equal_rows_of_a_raw_query_are_given_once() {
    let world = world().await;
    let db = &world.pool;
    let twice = || Employee::from_sql("SELECT * FROM employees UNION ALL SELECT * FROM employees", ()).distinct();
    for offset in [0, 4, 6] {
        let sql = format!("SELECT id FROM employees ORDER BY id OFFSET {offset}");
        same_ids!(db, twice().order_by(Employee.id.asc()).offset(offset), &sql);
        same_ids!(db, twice().order_by(Employee.id.asc()).offset(offset).with(Employee.reports.joined()), &sql);
    }
    let cities = Employee::from_sql("SELECT * FROM employees UNION ALL SELECT * FROM employees", ());
    let cities = cities.distinct_on(Employee.home.city).order_by(Employee.home.city.asc()).order_by(Employee.id.desc());
    same_ids!(db, cities, "SELECT DISTINCT ON (city) id FROM employees ORDER BY city, id DESC");
}

#[tokio::test]
async fn text_of_the_program_stays_as_it_is() {
    let world = world().await;
    let db = &world.pool;
    let odd = "SELECT * FROM employees WHERE '$1' <> '$2' AND \"name\" <> '?' AND $$x$1y{ }$$ <> '{a}' /* '{ */
        AND '{\"a\":1}'::jsonb ? 'a' AND E'it\\'s' = {} AND name <> {} -- all {of} them";
    let found = Employee::from_sql(odd, ("it's", "Bob")).with(Employee.reports.joined());
    let found = found.order_by(Employee.salary.desc()).order_by(Employee.id.asc()).limit(3).filter(Employee.id.ne(1));
    let sql = "SELECT id FROM employees WHERE name <> 'Bob' AND id <> 1 ORDER BY salary DESC, id LIMIT 3";
    same_ids!(db, found, sql);
    let some =
        Employee::from_sql("SELECT * FROM employees WHERE name = ANY({}) OR id = {}", (vec!["Ann".to_owned()], 3));
    same_ids!(db, some.order_by(Employee.id.asc()), "VALUES (1), (3), (6)");
    let few = raw_predicate("{} BETWEEN 1 AND 3 -- few", (Employee.id,)) & Employee.name.ne("Ann");
    same_ids!(db, Employee::query().filter(few).order_by(Employee.id.asc()), "VALUES (2), (3)");
}

#[tokio::test]
async fn a_fragment_is_one_operand_whatever_it_is_made_of() {
    let world = world().await;
    let db = &world.pool;
    let either = || raw_predicate("{} = 1 OR {} = 2", (Employee.id, Employee.id));
    same_ids!(db, Employee::query().filter(either() & Employee.name.eq("Bob")), "VALUES (2)");
    same_ids!(db, Employee::query().filter(!either() & Employee.name.eq("Ann")), "VALUES (6)");
    let sum = || raw::<Employee, i32>("{} + {}", (Employee.salary - Employee.id, 1));
    let query = Employee::query()
        .select((Employee.id, sum() * 2, Employee.salary - sum(), Employee.id - -1))
        .order_by((sum() * 2).desc())
        .order_by(Employee.id.asc());
    let sql = "SELECT id, (salary - id + 1) * 2, salary - (salary - id + 1), id - -1 FROM employees ORDER BY 2 DESC, 1";
    same(db, &query, sql, &[]).await;
}

#[tokio::test]
async fn columns_that_a_text_gives_and_nobody_reads_are_an_error() {
    let world = world().await;
    let db = &world.pool;
    let text = "SELECT id, name, salary FROM employees ORDER BY id";
    assert_eq!(relata::from_sql::<(i32, String, i32)>(text, ()).first(db).await.unwrap().map(|row| row.0), Some(1));
    let fewer = relata::from_sql::<(i32, String)>(text, ()).all(db).await.unwrap_err();
    assert_eq!(fewer.kind(), relata::ErrorKind::Decode);
    assert_eq!(fewer.to_string(), "raw query: the query gives 3 columns, and 2 are read");
    let more = relata::from_sql::<(i32, String, i32, i32)>(text, ()).all(db).await.unwrap_err();
    assert_eq!(more.kind(), relata::ErrorKind::Decode);
    let none = relata::from_sql::<(i32, String)>("SELECT id, name, salary FROM employees WHERE false", ());
    assert_eq!(none.all(db).await.unwrap(), []);
}
