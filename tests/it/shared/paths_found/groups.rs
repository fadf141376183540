//! Groups by nullable paths and by expressions with values in them, wherever those stand a second time.

use relata::prelude::*;
use relata::{case, count};

use super::model::{Employee, world};
use super::same_ids;
use crate::support::selected::same;

#[tokio::test]
async fn rows_without_a_target_are_a_group() {
    let world = world().await;
    let query = Employee::query().group_by(Employee.boss.name).select((
        Employee.boss.name,
        count(),
        Employee.salary.sum::<i64>(),
        Employee.home.zip.array_agg().order_by(Employee.id.asc()),
        count().filter(Employee.boss.boss.name.eq("Ann")),
    ));
    let sql =
        "SELECT b.name, count(*), sum(a.salary), array_agg(a.zip ORDER BY a.id), count(*) FILTER (WHERE c.name = 'Ann')
        FROM employees AS a LEFT JOIN employees AS b ON b.id = a.boss_id LEFT JOIN employees AS c ON c.id = b.boss_id
        GROUP BY b.name ORDER BY 1";
    let rows = same(&world.pool, &query.order_by(Employee.boss.name.asc()), sql, &[]).await;
    assert_eq!(rows.last().unwrap().0, None);
}

#[tokio::test]
async fn an_expression_with_values_is_one_wherever_it_stands() {
    let world = world().await;
    let db = &world.pool;
    let tenths = || Employee.salary / 10 + 1;
    let query =
        Employee::query().group_by(tenths()).having(tenths().gt(2)).select((tenths(), tenths() * 2, count(), tenths()));
    let sql = "SELECT salary / 10 + 1, (salary / 10 + 1) * 2, count(*), salary / 10 + 1 FROM employees GROUP BY salary / 10 + 1
        HAVING salary / 10 + 1 > 2 ORDER BY 1 DESC";
    same(db, &query.clone().order_by(tenths().desc()), sql, &[]).await;
    same(db, &query.order_by((tenths() * 2).desc()), sql, &[]).await;
    // Not selected, but ordered and asked for.
    let hidden = Employee::query().group_by(tenths()).having(tenths().gt(2) & count().ge(1)).select((count(),));
    let sql =
        "SELECT count(*) FROM employees GROUP BY salary / 10 + 1 HAVING salary / 10 + 1 > 2 ORDER BY salary / 10 + 1";
    same(db, &hidden.order_by(tenths().asc()), sql, &[]).await;
    let level = || case(Employee.salary.gt(90), "high").otherwise("low");
    let query = Employee::query().group_by(level()).select((level(), count(), level().length(), level().upper()));
    let sql =
        "SELECT l, count(*), length(l), upper(l) FROM employees, LATERAL (SELECT CASE WHEN salary > 90 THEN 'high'
        ELSE 'low' END) AS x (l) GROUP BY l ORDER BY l";
    same(db, &query.order_by(level().asc()), sql, &[]).await;
    let below = || Employee.reports.count();
    let query = Employee::query().group_by(below()).having(below().gt(0)).select((below(), below() + 1_i64, count()));
    let sql = "SELECT n, n + 1, count(*) FROM employees AS a, LATERAL (SELECT count(*) FROM employees AS b
        WHERE b.boss_id = a.id) AS x (n) GROUP BY n HAVING n > 0 ORDER BY n";
    same(db, &query.order_by(below().asc()), sql, &[]).await;
}

#[tokio::test]
async fn distinct_rows_are_in_the_order_of_an_expression_with_values() {
    let world = world().await;
    let db = &world.pool;
    let rest = || Employee.salary % 20 + 1;
    let rests = Employee::query().select((rest(),)).distinct().order_by(rest().desc());
    same(db, &rests, "SELECT DISTINCT salary % 20 + 1 FROM employees ORDER BY 1 DESC", &[]).await;
    let first = || Employee::query().distinct_on(rest()).order_by(rest().desc()).order_by(Employee.id.desc());
    let sql = "SELECT DISTINCT ON (salary % 20 + 1) id FROM employees ORDER BY salary % 20 + 1 DESC, id DESC";
    same_ids!(db, first(), sql);
    same_ids!(db, first().with(Employee.reports.joined()), sql);
    same_ids!(db, first().with(Employee.reports.select_in()), sql);
    same(db, &first().select((Employee.id,)), sql, &[]).await;
    let sql = format!("{sql} LIMIT 2 OFFSET 1");
    same_ids!(db, first().limit(2).offset(1).with(Employee.reports.joined()), &sql);
    // An order that is shorter, or none: what the rows are distinct on comes first, then the key.
    let on = || Employee::query().distinct_on((Employee.home.city, Employee.name));
    let sql = "SELECT DISTINCT ON (city, name) id FROM employees ORDER BY city DESC, name, id LIMIT 4";
    same_ids!(db, on().order_by(Employee.home.city.desc()).limit(4).with(Employee.reports.joined()), sql);
    same_ids!(db, on().limit(3), "SELECT DISTINCT ON (city, name) id FROM employees ORDER BY city, name, id LIMIT 3");
}

#[tokio::test]
async fn distinct_values_are_aggregated_in_their_order() {
    let world = world().await;
    let db = &world.pool;
    let names = Employee.name.string_agg(", ").distinct().order_by(Employee.name.desc());
    let sql = "SELECT string_agg(DISTINCT name, ', ' ORDER BY name DESC) FROM employees";
    same(db, &Employee::query().select((names,)), sql, &[]).await;
    let next = || Employee.boss_id + 1;
    let sql = "SELECT array_agg(DISTINCT boss_id + 1 ORDER BY boss_id + 1 DESC NULLS LAST) FROM employees";
    let numbers = next().array_agg().distinct().order_by(next().desc().nulls_last());
    same(db, &Employee::query().select((numbers,)), sql, &[]).await;
}

#[tokio::test]
async fn an_order_by_calculations_and_counts_survives_joined_loads_and_limits() {
    let world = world().await;
    let db = &world.pool;
    let ordered = || {
        let rest = (Employee.salary % 20).asc();
        Employee::query().order_by(rest).order_by(Employee.reports.count().desc()).order_by(Employee.id.asc())
    };
    let sql = "SELECT id FROM employees AS a
        ORDER BY salary % 20, (SELECT count(*) FROM employees AS b WHERE b.boss_id = a.id) DESC, id";
    same_ids!(db, ordered(), sql);
    same_ids!(db, ordered().with(Employee.reports.joined()), sql);
    same_ids!(db, ordered().with(Employee.reports.joined()).limit(4), &format!("{sql} LIMIT 4"));
    let far = || {
        let count = Employee.boss.reports.count().desc();
        let name = Employee.boss.boss.name.desc().nulls_last();
        Employee::query().order_by(count).order_by(name).order_by(Employee.id.asc())
    };
    let sql = "SELECT a.id FROM employees AS a LEFT JOIN employees AS b ON b.id = a.boss_id
        LEFT JOIN employees AS c ON c.id = b.boss_id
        ORDER BY (SELECT count(*) FROM employees AS d WHERE d.boss_id = b.id) DESC, c.name DESC NULLS LAST, a.id";
    same_ids!(db, far().with(Employee.boss).with(Employee.projects.joined()), sql);
    same_ids!(db, far().with(Employee.boss).with(Employee.projects.joined()).limit(3), &format!("{sql} LIMIT 3"));
}
