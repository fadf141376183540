//! `each()` and `each_or_null()` behind other steps, NULLs on the way, embedded columns, names for a second join.

use relata::prelude::*;

use super::model::{Employee, Project, world};
use super::same_ids;
use crate::support::selected::{same, same_json};

/// The projects of employee `e`, each once.
const PROJECTS: &str =
    "EXISTS (SELECT 1 FROM members AS m WHERE m.employee_id = e.id AND m.year = p.year AND m.no = p.no)";

#[tokio::test]
async fn what_stands_behind_a_missing_row_is_null_and_counts_nothing() {
    let world = world().await;
    let db = &world.pool;
    let each = Employee.projects.each_or_null();
    let behind = Employee::query().select((Employee.id, each.lead.name, each.tasks.count()));
    let behind = behind.order_by(Employee.id.asc()).order_by(each.year.asc()).order_by(each.no.asc());
    let sql = format!(
        "SELECT e.id, l.name, (SELECT count(*) FROM tasks WHERE project_year = p.year AND project_no = p.no)
            FROM employees AS e LEFT JOIN projects AS p ON {PROJECTS} LEFT JOIN employees AS l ON l.id = p.lead_id
            ORDER BY e.id, p.year, p.no"
    );
    let rows = same(db, &behind, &sql, &[]).await;
    assert_eq!(rows.last(), Some(&(6, None, 0)));
    // A second step of the line, as it says.
    let tasks = "tasks AS t ON t.project_year = p.year AND t.project_no = p.no AND NOT t.done";
    let open = each.open.each();
    let inner = Employee::query().select((Employee.id, open.id)).order_by(Employee.id.asc()).order_by(open.id.asc());
    let sql = format!(
        "SELECT e.id, t.id FROM employees AS e LEFT JOIN projects AS p ON {PROJECTS} JOIN {tasks} ORDER BY e.id, t.id"
    );
    same(db, &inner, &sql, &[]).await;
    let open = each.open.each_or_null();
    let outer = Employee::query().select((Employee.id, each.title, open.id)).order_by(Employee.id.asc());
    let outer = outer.order_by(each.year.asc()).order_by(each.no.asc()).order_by(open.id.asc());
    let sql = format!(
        "SELECT e.id, p.title, t.id FROM employees AS e LEFT JOIN projects AS p ON {PROJECTS} LEFT JOIN {tasks}
            ORDER BY e.id, p.year, p.no, t.id"
    );
    assert_eq!(same(db, &outer, &sql, &[]).await.len(), 10);
}

#[tokio::test]
async fn a_relation_of_an_entity_to_itself_is_each_level_by_itself() {
    let world = world().await;
    let reports = Employee.reports.each();
    let below = reports.reports.each_or_null();
    let levels = Employee::query().select((Employee.name, reports.name, below.name));
    let levels = levels.order_by(Employee.id.asc()).order_by(reports.id.asc());
    let sql = "SELECT a.name, b.name, c.name FROM employees AS a JOIN employees AS b ON b.boss_id = a.id
        LEFT JOIN employees AS c ON c.boss_id = b.id ORDER BY a.id, b.id";
    assert_eq!(same(&world.pool, &levels, sql, &[]).await.len(), 4);
}

#[tokio::test]
async fn optional_steps_come_before_and_behind_each() {
    let world = world().await;
    let db = &world.pool;
    let each = Employee.boss.reports.each();
    let beside = Employee::query().select((Employee.id, each.id)).order_by(Employee.id.asc()).order_by(each.id.asc());
    let sql = "SELECT a.id, c.id FROM employees AS a LEFT JOIN employees AS b ON b.id = a.boss_id
        JOIN employees AS c ON c.boss_id = b.id ORDER BY 1, 2";
    same(db, &beside, sql, &[]).await;
    let each = Employee.boss.reports.each_or_null();
    let beside = Employee::query().select((Employee.id, each.home.zip, each.badge.label));
    let sql = "SELECT a.id, c.zip, d.label FROM employees AS a LEFT JOIN employees AS b ON b.id = a.boss_id
        LEFT JOIN employees AS c ON c.boss_id = b.id LEFT JOIN badges AS d ON d.employee_id = c.id ORDER BY a.id, c.id";
    same(db, &beside.order_by(Employee.id.asc()).order_by(each.id.asc()), sql, &[]).await;
    let cities = (Employee.home.city, Employee.boss.home.city, Employee.boss.home.zip, Employee.boss.boss.home.city);
    let sql = "SELECT a.city, b.city, b.zip, c.city FROM employees AS a LEFT JOIN employees AS b ON b.id = a.boss_id
        LEFT JOIN employees AS c ON c.id = b.boss_id ORDER BY a.id";
    same(db, &Employee::query().select(cities).order_by(Employee.id.asc()), sql, &[]).await;
    let badges = Employee::query().select((Employee.id, Employee.boss.badge, Employee.badge.label));
    let sql = "SELECT json_build_array(a.id, row_to_json(c), d.label) FROM employees AS a
        LEFT JOIN employees AS b ON b.id = a.boss_id LEFT JOIN badges AS c ON c.employee_id = b.id
        LEFT JOIN badges AS d ON d.employee_id = a.id ORDER BY a.id";
    same_json(db, &badges.order_by(Employee.id.asc()), sql, &[]).await;
}

#[tokio::test]
async fn a_name_makes_a_second_join_of_any_relation() {
    let world = world().await;
    let db = &world.pool;
    let second = Employee.boss.alias::<'b'>();
    let twice = Employee::query().select((Employee.id, second.name, Employee.boss.name)).filter(second.salary.gt(90));
    let sql = "SELECT a.id, b.name, b.name FROM employees AS a LEFT JOIN employees AS b ON b.id = a.boss_id
        WHERE b.salary > 90 ORDER BY 1";
    same(db, &twice.order_by(Employee.id.asc()), sql, &[]).await;
    let (one, other) = (Employee.reports.each(), Employee.reports.alias::<'b'>().each());
    let pairs = Employee::query().select((Employee.id, one.id, other.id)).filter(one.id.lt(other.id));
    let sql = "SELECT a.id, b.id, c.id FROM employees AS a JOIN employees AS b ON b.boss_id = a.id
        JOIN employees AS c ON c.boss_id = a.id WHERE b.id < c.id ORDER BY 1";
    assert_eq!(same(db, &pairs.order_by(Employee.id.asc()), sql, &[]).await, [(1, 2, 3)]);
    let (one, other) = (Project.members.each(), Project.members.alias::<'b'>().each_or_null());
    let pairs = Project::query().select((Project.title, one.id, other.id)).order_by(Project.year.asc());
    let pairs = pairs.order_by(Project.no.asc()).order_by(one.id.asc()).order_by(other.id.asc());
    let on = |name: &str| {
        format!(
            "EXISTS (SELECT 1 FROM members AS m WHERE m.year = p.year AND m.no = p.no AND m.employee_id = {name}.id)"
        )
    };
    let sql = format!(
        "SELECT p.title, a.id, b.id FROM projects AS p JOIN employees AS a ON {} LEFT JOIN employees AS b ON {}
            ORDER BY p.year, p.no, a.id, b.id",
        on("a"),
        on("b")
    );
    assert_eq!(same(db, &pairs, &sql, &[]).await.len(), 9);
}

#[tokio::test]
async fn quantifiers_behind_optional_steps_and_own_conditions() {
    let world = world().await;
    let db = &world.pool;
    let by = Employee.id.asc();
    let led = Employee.boss.projects.any(Project.title.eq("one"));
    let sql = "SELECT a.id FROM employees AS a JOIN employees AS e ON e.id = a.boss_id
        WHERE EXISTS (SELECT 1 FROM projects AS p WHERE p.title = 'one' AND EXISTS (SELECT 1 FROM members AS m
            WHERE m.employee_id = e.id AND m.year = p.year AND m.no = p.no)) ORDER BY 1";
    same_ids!(db, Employee::query().filter(led).order_by(by.clone()), sql);
    let sql = "SELECT id FROM employees AS e WHERE NOT EXISTS (SELECT 1 FROM members AS m JOIN projects AS p
        ON m.year = p.year AND m.no = p.no WHERE m.employee_id = e.id AND m.loud AND p.no > 0) ORDER BY 1";
    same_ids!(db, Employee::query().filter(Employee.loud.none(Project.no.gt(0))).order_by(by.clone()), sql);
    let sql = "SELECT id FROM employees AS e WHERE NOT EXISTS (SELECT 1 FROM members AS m
        WHERE m.employee_id = e.id AND m.loud IS NOT TRUE) ORDER BY 1";
    let loud = Employee.memberships.every(super::model::Member.loud.eq(true));
    same_ids!(db, Employee::query().filter(loud).order_by(by.clone()), sql);
    let led = Project.lead.is_absent() | Project.lead.name.eq("Ann");
    let sql = "SELECT id FROM employees AS e WHERE EXISTS (SELECT 1 FROM members AS m JOIN projects AS p
        ON m.year = p.year AND m.no = p.no LEFT JOIN employees AS l ON l.id = p.lead_id
        WHERE m.employee_id = e.id AND (l.id IS NULL OR l.name = 'Ann')) ORDER BY 1";
    same_ids!(db, Employee::query().filter(Employee.memberships.project.any(led)).order_by(by.clone()), sql);
    let sql = "SELECT a.id FROM employees AS a LEFT JOIN badges AS b ON b.employee_id = a.id
        WHERE boss_id IS NULL OR b.id IS NOT NULL ORDER BY 1";
    let found = Employee.boss.is_absent() | !Employee.badge.is_absent();
    same_ids!(db, Employee::query().filter(found).order_by(by.clone()), sql);
    // What is NULL is not true, nor is its contrary.
    let sql = "SELECT a.id FROM employees AS a
        WHERE NOT ((SELECT sum(salary) FROM employees AS b WHERE b.boss_id = a.id) > 100) ORDER BY 1";
    let little = !(Employee.reports.sum::<_, i64>(Employee.salary).gt(100));
    assert_eq!(same_ids!(db, Employee::query().filter(little).order_by(by), sql).len(), 2);
}
