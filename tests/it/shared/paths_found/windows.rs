//! Window functions, and what of the query they see.

use relata::prelude::*;
use relata::{Window, count, row_number};

use super::model::{Employee, world};
use crate::support::selected::same;

#[tokio::test]
async fn windows_are_parted_and_ordered_across_paths() {
    let world = world().await;
    let query = Employee::query().select((
        Employee.id,
        row_number().over(Window::new().partition_by(Employee.boss.name).order_by(Employee.salary.desc())),
        Employee.salary.sum::<i64>().over(Window::new().partition_by(Employee.name)),
        count()
            .filter(Employee.salary.gt(90))
            .over(Window::new().order_by(Employee.id.asc()).rows_between(Some(1), Some(1))),
    ));
    let sql = "SELECT a.id, row_number() OVER (PARTITION BY b.name ORDER BY a.salary DESC),
        sum(a.salary) OVER (PARTITION BY a.name),
        count(*) FILTER (WHERE a.salary > 90) OVER (ORDER BY a.id ROWS BETWEEN 1 PRECEDING AND 1 FOLLOWING)
        FROM employees AS a LEFT JOIN employees AS b ON b.id = a.boss_id ORDER BY 1";
    same(&world.pool, &query.order_by(Employee.id.asc()), sql, &[]).await;
}

#[tokio::test]
async fn a_window_sees_the_rows_that_each_has_multiplied() {
    let world = world().await;
    let each = Employee.reports.each();
    let query = Employee::query().select((Employee.id, each.id, count().over(Window::new().partition_by(Employee.id))));
    let sql = "SELECT a.id, b.id, count(*) OVER (PARTITION BY a.id) FROM employees AS a JOIN employees AS b ON b.boss_id = a.id
        ORDER BY 1, 2";
    same(&world.pool, &query.order_by(Employee.id.asc()).order_by(each.id.asc()), sql, &[]).await;
}

#[tokio::test]
async fn a_window_does_not_see_joined_rows() {
    let world = world().await;
    let db = &world.pool;
    let by = row_number().over(Window::new().order_by(Employee.name.asc()).order_by(Employee.id.desc()));
    let numbered = Employee::query().order_by(by.asc());
    let load = || Employee.reports.order_by(Employee.id.desc());
    let apart = numbered.clone().with(load().select_in()).all(db).await.unwrap();
    assert_eq!(numbered.with(load().joined()).all(db).await.unwrap(), apart);
    let by = count().over(Window::new().partition_by(Employee.home.city));
    let counted = Employee::query().order_by(by.desc()).order_by(Employee.id.desc());
    let apart = counted.clone().with(load().select_in()).all(db).await.unwrap();
    assert_eq!(apart.iter().map(|employee| employee.id).collect::<Vec<_>>(), [4, 3, 1, 6, 5, 2]);
    assert_eq!(counted.with(load().joined()).all(db).await.unwrap(), apart);
}
