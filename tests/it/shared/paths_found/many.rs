//! A bare association table with repeated pairs: each target counts, sums and comes once, as in the loaded collection.

use relata::prelude::*;

use super::model::{Employee, Project, Task, world};
use super::same_ids;
use crate::support::selected::{same, same_json};

/// Whether a row of the association leads from employee `e` to project `p`, and meets the condition.
fn leads(condition: &str) -> String {
    format!(
        "EXISTS (SELECT 1 FROM members AS m WHERE m.employee_id = e.id AND m.year = p.year AND m.no = p.no AND ({condition}))"
    )
}

#[tokio::test]
async fn pairs_that_repeat_count_and_sum_once() {
    let world = world().await;
    let by = Employee.id.asc();
    let counted = Employee::query()
        .select((
            Employee.id,
            Employee.projects.count(),
            Employee.loud.count(),
            Employee.live.count(),
            Employee.quiet.count(),
            Employee.projects.count_distinct(Project.title),
        ))
        .order_by(by.clone());
    let (all, loud, quiet) = (leads("true"), leads("m.loud"), leads("m.loud IS NULL"));
    let sql = format!(
        "SELECT id, (SELECT count(*) FROM projects AS p WHERE {all}), (SELECT count(*) FROM projects AS p WHERE {loud}),
            (SELECT count(*) FROM projects AS p WHERE NOT closed AND {all}),
            (SELECT count(*) FROM projects AS p WHERE {quiet}),
            (SELECT count(DISTINCT title) FROM projects AS p WHERE {all}) FROM employees AS e ORDER BY id"
    );
    let counted = same(&world.pool, &counted, &sql, &[]).await;
    assert_eq!(counted[1], (2, 3, 1, 2, 1, 2));
    let summed = Employee::query()
        .select((
            Employee.id,
            Employee.projects.sum::<_, i64>(Project.no),
            Employee.loud.sum::<_, i64>(Project.no),
            Employee.live.max(Project.title),
            Employee.quiet.avg::<_, f64>(Project.no),
            Employee.projects.max(Project.tasks.count()),
        ))
        .order_by(by);
    let sql = format!(
        "SELECT id, (SELECT sum(no) FROM projects AS p WHERE {all}), (SELECT sum(no) FROM projects AS p WHERE {loud}),
            (SELECT max(title) FROM projects AS p WHERE NOT closed AND {all}),
            (SELECT avg(no)::float8 FROM projects AS p WHERE {quiet}),
            (SELECT max((SELECT count(*) FROM tasks WHERE project_year = p.year AND project_no = p.no)) FROM projects AS p
                WHERE {all}) FROM employees AS e ORDER BY id"
    );
    same(&world.pool, &summed, &sql, &[]).await;
}

#[tokio::test]
async fn a_count_is_the_length_of_the_loaded_collection() {
    let world = world().await;
    let db = &world.pool;
    let counts = (Employee.projects.count(), Employee.loud.count(), Employee.live.count(), Employee.quiet.count());
    let counts = Employee::query().select(counts).order_by(Employee.id.asc()).all(db).await.unwrap();
    let employees = || Employee::query().order_by(Employee.id.asc());
    macro_rules! ordered {
        ($relation:ident) => {
            Employee.$relation.order_by(Project.year.asc()).order_by(Project.no.asc())
        };
    }
    macro_rules! lengths {
        ($relation:ident) => {{
            let apart = employees().with(ordered!($relation).select_in()).all(db).await.unwrap();
            let joined = employees().with(ordered!($relation).joined()).all(db).await.unwrap();
            assert_eq!(apart, joined);
            apart.iter().map(|employee| employee.$relation().len() as i64).collect::<Vec<_>>()
        }};
    }
    assert_eq!(lengths!(projects), counts.iter().map(|counts| counts.0).collect::<Vec<_>>());
    assert_eq!(lengths!(loud), counts.iter().map(|counts| counts.1).collect::<Vec<_>>());
    assert_eq!(lengths!(live), counts.iter().map(|counts| counts.2).collect::<Vec<_>>());
    assert_eq!(lengths!(quiet), counts.iter().map(|counts| counts.3).collect::<Vec<_>>());
    assert_eq!(counts.iter().map(|counts| counts.0).sum::<i64>(), 5);
}

#[tokio::test]
async fn each_gives_a_target_once_whatever_its_association_repeats() {
    let world = world().await;
    let db = &world.pool;
    let each = Employee.projects.each();
    let pairs = Employee::query().select((Employee.id, each.year, each.no));
    let pairs = pairs.order_by(Employee.id.asc()).order_by(each.year.asc()).order_by(each.no.asc());
    let sql = |join: &str, on: &str| {
        format!("SELECT e.id, p.year, p.no FROM employees AS e {join} projects AS p ON {on} ORDER BY 1, 2, 3")
    };
    assert_eq!(same(db, &pairs, &sql("JOIN", &leads("true")), &[]).await.len(), 5);
    let loud = Employee.loud.each();
    let pairs = Employee::query().select((Employee.id, loud.year, loud.no));
    let pairs = pairs.order_by(Employee.id.asc()).order_by(loud.year.asc()).order_by(loud.no.asc());
    assert_eq!(same(db, &pairs, &sql("JOIN", &leads("m.loud")), &[]).await, [(1, 1, 1), (2, 1, 2)]);
    let quiet = Employee.quiet.each();
    let pairs = Employee::query().select((Employee.id, quiet.year, quiet.no));
    let pairs = pairs.order_by(Employee.id.asc()).order_by(quiet.year.asc());
    assert_eq!(same(db, &pairs, &sql("JOIN", &leads("m.loud IS NULL")), &[]).await, [(2, 2, 1), (3, 2, 1)]);
    let live = Employee.live.each_or_null();
    let pairs = Employee::query().select((Employee.id, live.year, live.no));
    let pairs = pairs.order_by(Employee.id.asc()).order_by(live.year.asc()).order_by(live.no.asc());
    let on = format!("NOT p.closed AND {}", leads("true"));
    assert_eq!(same(db, &pairs, &sql("LEFT JOIN", &on), &[]).await.len(), 7);

    let whole = Employee.projects.each_or_null();
    let whole_rows = Employee::query().select((Employee.id, whole));
    let whole_rows = whole_rows.order_by(Employee.id.asc()).order_by(whole.year.asc()).order_by(whole.no.asc());
    let sql = format!(
        "SELECT json_build_array(e.id, row_to_json(p)) FROM employees AS e LEFT JOIN projects AS p ON {}
            ORDER BY e.id, p.year, p.no",
        leads("true")
    );
    assert_eq!(same_json(db, &whole_rows, &sql, &[]).await.len(), 8);
}

#[tokio::test]
async fn paths_over_two_relations_to_many_count_targets_of_each_way() {
    let world = world().await;
    let query = Employee::query().select((
        Employee.id,
        Employee.projects.tasks.count(),
        Employee.projects.tasks.sum::<_, i64>(Task.hours),
        Employee.projects.open.exists(),
        Employee.projects.tasks.every(Task.hours.gt(1)),
    ));
    let from = format!(
        "FROM projects AS p JOIN tasks AS t ON t.project_year = p.year AND t.project_no = p.no WHERE {}",
        leads("true")
    );
    let sql = format!(
        "SELECT id, (SELECT count(*) {from}), (SELECT sum(hours) {from}), EXISTS (SELECT 1 {from} AND NOT done),
            NOT EXISTS (SELECT 1 {from} AND (hours > 1) IS NOT TRUE) FROM employees AS e ORDER BY id"
    );
    same(&world.pool, &query.order_by(Employee.id.asc()), &sql, &[]).await;
    let more = Employee::query().filter(Employee.reports.projects.count().gt(Employee.projects.count()));
    let sql = format!(
        "SELECT a.id FROM employees AS a WHERE
            (SELECT count(*) FROM employees AS e, projects AS p WHERE e.boss_id = a.id AND {0})
            > (SELECT count(*) FROM employees AS e, projects AS p WHERE e.id = a.id AND {0}) ORDER BY a.id",
        leads("true")
    );
    assert_eq!(same_ids!(&world.pool, more.order_by(Employee.id.asc()), &sql).len(), 1);
}
