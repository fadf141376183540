//! `outer` to the row around, two levels up, and to itself; queries within queries and their NULLs.

use relata::prelude::*;
use relata::{exists, outer, scalar};

use super::model::{Employee, Project, Task, world};
use super::same_ids;
use crate::support::selected::same;

#[tokio::test]
async fn outer_of_the_same_entity_is_the_nearest_row_around() {
    let world = world().await;
    let db = &world.pool;
    let more = Employee.reports.any(Employee.salary.gt(outer(Employee.boss.salary.or(0))));
    let sql = "SELECT id FROM employees AS a WHERE EXISTS (SELECT 1 FROM employees AS b WHERE b.boss_id = a.id
        AND b.salary > coalesce((SELECT salary FROM employees AS o WHERE o.id = a.boss_id), 0)) ORDER BY 1";
    same_ids!(db, Employee::query().filter(more).order_by(Employee.id.asc()), sql);
    let more = Employee.salary.gt(outer(Employee.salary));
    let sql = "SELECT id FROM employees AS a WHERE EXISTS (SELECT 1 FROM employees AS b WHERE b.boss_id = a.id
        AND EXISTS (SELECT 1 FROM employees AS c WHERE c.boss_id = b.id AND c.salary > b.salary)) ORDER BY 1";
    let below = Employee.reports.any(Employee.reports.any(more.clone()));
    assert_eq!(same_ids!(db, Employee::query().filter(below).order_by(Employee.id.asc()), sql).len(), 1);
    let sql = "SELECT id, (SELECT count(*) FROM employees AS b WHERE b.boss_id = a.id AND b.salary > a.salary)
        FROM employees AS a ORDER BY 1";
    let counted = Employee::query().select((Employee.id, Employee.reports.count().filter(more)));
    same(db, &counted.order_by(Employee.id.asc()), sql, &[]).await;
}

#[tokio::test]
async fn outer_of_outer_is_two_levels_up() {
    let world = world().await;
    let db = &world.pool;
    let less = Employee.salary.lt(outer(outer::<Employee, Employee, _>(Employee.salary)));
    let sql = "SELECT id FROM employees AS a WHERE EXISTS (SELECT 1 FROM employees AS b WHERE b.boss_id = a.id
        AND EXISTS (SELECT 1 FROM employees AS c WHERE c.boss_id = b.id AND c.salary < a.salary)) ORDER BY 1";
    let below = Employee.reports.any(Employee.reports.any(less));
    assert_eq!(same_ids!(db, Employee::query().filter(below).order_by(Employee.id.asc()), sql).len(), 1);
    // Past another entity: the same entity is around it, and around that.
    let later = Project.year.gt(outer(outer::<Employee, Project, _>(Project.year)));
    let query =
        Project::query().select((Project.year, Project.no)).filter(Project.members.any(Employee.projects.any(later)));
    let sql = "SELECT year, no FROM projects AS p WHERE EXISTS (SELECT 1 FROM members AS m WHERE m.year = p.year AND m.no = p.no
        AND EXISTS (SELECT 1 FROM members AS n JOIN projects AS q ON q.year = n.year AND q.no = n.no
            WHERE n.employee_id = m.employee_id AND q.year > p.year)) ORDER BY 1, 2";
    let query = query.order_by(Project.year.asc()).order_by(Project.no.asc());
    assert_eq!(same(db, &query, sql, &[]).await, [(1, 1), (1, 2)]);
}

#[tokio::test]
async fn outer_sees_what_each_has_multiplied() {
    let world = world().await;
    let each = Employee.projects.each();
    let open = Task::query().filter(Task.done.eq(false) & Task.project_no.eq(outer::<_, Employee, _>(each.no)));
    let hours = scalar(open.clone().select(Task.hours.max()));
    let query = Employee::query().select((Employee.id, each.title, hours)).filter(exists(open));
    let query = query.order_by(Employee.id.asc()).order_by(each.year.asc()).order_by(each.no.asc());
    let sql = "SELECT e.id, p.title, (SELECT max(hours) FROM tasks AS t WHERE NOT t.done AND t.project_no = p.no)
        FROM employees AS e JOIN projects AS p ON EXISTS (SELECT 1 FROM members AS m WHERE m.employee_id = e.id
            AND m.year = p.year AND m.no = p.no)
        WHERE EXISTS (SELECT 1 FROM tasks AS t WHERE NOT t.done AND t.project_no = p.no) ORDER BY e.id, p.year, p.no";
    assert_eq!(same(&world.pool, &query, sql, &[]).await.len(), 4);
}

#[tokio::test]
async fn rows_within_a_query_keep_sqls_nulls() {
    let world = world().await;
    let db = &world.pool;
    let bosses = || Employee::query().select(Employee.boss_id);
    let none = Employee::query().filter(Employee.id.is_not_in_rows(bosses())).order_by(Employee.id.asc());
    assert!(same_ids!(db, none, "SELECT id FROM employees WHERE id NOT IN (SELECT boss_id FROM employees)").is_empty());
    let known = bosses().filter(Employee.boss_id.is_not_null());
    let sql =
        "SELECT id FROM employees WHERE id NOT IN (SELECT boss_id FROM employees WHERE boss_id IS NOT NULL) ORDER BY 1";
    same_ids!(db, Employee::query().filter(Employee.id.is_not_in_rows(known)).order_by(Employee.id.asc()), sql);
    let hours = Task::query().select(Task.hours.sum::<i64>()).filter(Task.project.lead_id.eq(outer(Employee.id)));
    let sql = "SELECT id, (SELECT sum(t.hours) FROM tasks AS t LEFT JOIN projects AS p ON p.year = t.project_year
        AND p.no = t.project_no WHERE p.lead_id = e.id) FROM employees AS e ORDER BY 1";
    same(db, &Employee::query().select((Employee.id, scalar(hours))).order_by(Employee.id.asc()), sql, &[]).await;
    // Rows of a set operation, groups, and distinct rows that are counted off.
    let led = Project::query().union(Project::query()).filter(Project.no.eq(1)).select(Project.lead_id);
    same_ids!(db, Employee::query().filter(Employee.id.is_in_rows(led)).order_by(Employee.id.asc()), "VALUES (1), (4)");
    let own = || Project.lead_id.eq(outer(Employee.id));
    let two =
        Project::query().filter(own()).group_by(Project.lead_id).having(relata::count().gt(1)).select(Project.lead_id);
    assert!(same_ids!(db, Employee::query().filter(exists(two)), "SELECT 1 WHERE false").is_empty());
    let second = Project::query().filter(own()).distinct_on(Project.title).offset(1);
    assert!(same_ids!(db, Employee::query().filter(exists(second)), "SELECT 1 WHERE false").is_empty());
    let twice = Project::from_sql("SELECT * FROM projects UNION ALL SELECT * FROM projects", ()).filter(own());
    assert!(
        same_ids!(db, Employee::query().filter(exists(twice.clone().distinct().offset(1))), "SELECT 1 WHERE false")
            .is_empty()
    );
    let sql = "SELECT DISTINCT lead_id FROM projects WHERE lead_id IS NOT NULL ORDER BY 1";
    same_ids!(db, Employee::query().filter(exists(twice.offset(1))).order_by(Employee.id.asc()), sql);
}
