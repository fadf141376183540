//! Set operations: operands with joins, limits, groups and aggregates; chains of them; what is done with the result.

use relata::count;
use relata::prelude::*;

use super::model::{Employee, Project, world};
use super::same_ids;
use crate::support::selected::{same, same_combined};

#[tokio::test]
async fn entities_of_both_queries_are_filtered_ordered_and_loaded_further() {
    let world = world().await;
    let db = &world.pool;
    let both = || {
        let near = Employee::query().filter(Employee.boss.name.eq("Ann"));
        near.union(Employee::query().filter(Employee.boss.boss.name.eq("Ann")))
    };
    let query = both().order_by(Employee.boss.salary.desc()).order_by(Employee.id.asc());
    let sql = "SELECT a.id FROM employees AS a JOIN employees AS b ON b.id = a.boss_id
        LEFT JOIN employees AS c ON c.id = b.boss_id WHERE b.name = 'Ann' OR c.name = 'Ann' ORDER BY b.salary DESC, a.id";
    same_ids!(db, query.clone().with(Employee.boss), sql);
    same_ids!(db, query.clone().with(Employee.boss.joined()).with(Employee.reports.joined()), sql);
    same_ids!(db, query.with(Employee.reports.joined()).limit(2), &format!("{sql} LIMIT 2"));
    let names = both().select((Employee.name, Employee.boss.name)).order_by(Employee.id.asc());
    let sql = "SELECT a.name, b.name FROM employees AS a JOIN employees AS b ON b.id = a.boss_id ORDER BY a.id";
    same(db, &names, sql, &[]).await;
    let last = Employee::query().union_all(Employee::query()).distinct_on(Employee.name);
    let sql = "SELECT DISTINCT ON (name) id FROM employees ORDER BY name, id DESC";
    same_ids!(db, last.order_by(Employee.name.asc()).order_by(Employee.id.desc()), sql);
    let both = Employee::query().filter(Employee.id.lt(4)).intersect(Employee::query().filter(Employee.id.gt(1)));
    let both = both.filter(Employee.projects.any(Project.closed.eq(true))).order_by(Employee.id.asc());
    same_ids!(db, both.limit(5), "VALUES (2)");
}

#[tokio::test]
async fn limits_of_the_operands_are_theirs() {
    let world = world().await;
    let db = &world.pool;
    let last = |rows: u64| Employee::query().order_by(Employee.id.desc()).limit(rows);
    let chain = last(3).union_all(Employee::query().order_by(Employee.id.asc()).limit(2));
    let chain = chain.except(Employee::query().filter(Employee.id.eq(5))).order_by(Employee.id.asc());
    same_ids!(db, chain, "VALUES (1), (2), (4), (6)");
    let chain = Employee::query().union(Employee::query()).order_by(Employee.id.desc()).limit(2);
    same_ids!(db, chain.union(last(6).limit(1)).order_by(Employee.id.asc()), "VALUES (5), (6)");
    let ids = |rows: u64| last(rows).select((Employee.id,));
    let sql =
        "(SELECT id FROM employees ORDER BY id DESC LIMIT 3) EXCEPT (SELECT id FROM employees ORDER BY id DESC LIMIT 1)
        ORDER BY 1";
    same_combined(db, &ids(3).except(ids(1)).order_by_position(1), sql, &[]).await;
    let first = Employee::query().select((Employee.id,)).order_by(Employee.id.asc()).offset(2).limit(3);
    let sql = "(SELECT id FROM employees ORDER BY id OFFSET 2 LIMIT 3)
        INTERSECT (SELECT id FROM employees ORDER BY id DESC OFFSET 1 LIMIT 3) ORDER BY 1 DESC";
    same_combined(db, &first.intersect(ids(3).offset(1)).order_by_position_desc(1), sql, &[]).await;
}

#[tokio::test]
async fn selections_are_combined_whatever_they_select() {
    let world = world().await;
    let db = &world.pool;
    let near = Employee::query().select((Employee.name, Employee.boss.name));
    let far = Employee::query().select((Employee.name, Employee.boss.boss.name));
    let sql = "SELECT a.name, b.name FROM employees AS a LEFT JOIN employees AS b ON b.id = a.boss_id
        UNION SELECT a.name, c.name FROM employees AS a LEFT JOIN employees AS b ON b.id = a.boss_id
            LEFT JOIN employees AS c ON c.id = b.boss_id ORDER BY 1, 2";
    same_combined(db, &near.union(far).order_by_position(1).order_by_position(2), sql, &[]).await;
    let totals = Employee::query().select((count(), Employee.salary.max()));
    let totals = totals.union_all(Project::query().select((count(), Project.no.max()))).order_by_position_desc(1);
    let sql =
        "SELECT count(*), max(salary) FROM employees UNION ALL SELECT count(*), max(no) FROM projects ORDER BY 1 DESC";
    same_combined(db, &totals, sql, &[]).await;
    let names = Employee::query().group_by(Employee.name).having(count().gt(1)).select((Employee.name, count()));
    let titles = Project::query().group_by(Project.title).having(count().gt(1)).select((Project.title, count()));
    let sql = "SELECT name, count(*) FROM employees GROUP BY name HAVING count(*) > 1
        UNION ALL SELECT title, count(*) FROM projects GROUP BY title HAVING count(*) > 1 ORDER BY 1";
    same_combined(db, &names.union_all(titles).order_by_position(1), sql, &[]).await;
    let last = Employee::query().distinct_on(Employee.name).order_by(Employee.name.asc()).order_by(Employee.id.desc());
    let led = Employee::query().filter(Employee.id.is_in_rows(Project::query().select(Project.no)));
    let sql = "(SELECT DISTINCT ON (name) id FROM employees ORDER BY name, id DESC)
        UNION ALL SELECT id FROM employees WHERE id IN (SELECT no FROM projects) ORDER BY 1";
    let both = last.select((Employee.id,)).union_all(led.select((Employee.id,)));
    same_combined(db, &both.order_by_position(1), sql, &[]).await;
    let next = Employee::query().select((Employee.salary % 7 + 1, Employee.reports.count()));
    let more = Project::query().select((Project.no * 2, Project.tasks.count())).distinct();
    let sql = "SELECT salary % 7 + 1, (SELECT count(*) FROM employees AS b WHERE b.boss_id = a.id) FROM employees AS a
        EXCEPT (SELECT DISTINCT no * 2, (SELECT count(*) FROM tasks WHERE project_year = year AND project_no = no) FROM projects)
        ORDER BY 2 DESC, 1";
    same_combined(db, &next.except(more).order_by_position_desc(2).order_by_position(1), sql, &[]).await;
}

#[tokio::test]
async fn a_chain_of_selections_is_done_from_the_left() {
    let world = world().await;
    let ids = || Employee::query().select((Employee.id,));
    let chain = ids().union(Project::query().select((Project.no,))).except(Project::query().select((Project.year,)));
    let chain = chain.union_all(ids().filter(Employee.id.gt(5))).intersect(ids().filter(Employee.id.gt(2)));
    let sql =
        "SELECT * FROM ((((SELECT id FROM employees UNION SELECT no FROM projects) EXCEPT SELECT year FROM projects)
        UNION ALL SELECT id FROM employees WHERE id > 5) INTERSECT SELECT id FROM employees WHERE id > 2) AS x
        ORDER BY 1 OFFSET 1 LIMIT 2";
    let rows = same_combined(&world.pool, &chain.order_by_position(1).offset(1).limit(2), sql, &[]).await;
    assert_eq!(rows, [(4,), (5,)]);
}
