//! Expressions with parameters that stand in a statement more than once, and orders that a query asks with and does not
//! read.

use relata::prelude::*;
use relata::{count, exists, outer, scalar};

use super::model::{Employee, world};
use crate::support::selected::same;

#[derive(View, Debug, Clone, PartialEq)]
#[view(Employee)]
struct Card {
    name: String,
    #[view(path = boss.name)]
    boss: Option<String>,
    #[view(count = reports)]
    reports: i64,
}

#[tokio::test]
async fn a_query_with_a_limit_is_one_wherever_it_stands() {
    let world = world().await;
    let db = &world.pool;
    let first = || {
        let reports = Employee::query().filter(Employee.boss_id.eq(outer(Employee.id))).order_by(Employee.id.asc());
        scalar(reports.select(Employee.name).limit(1).offset(1))
    };
    let sql = "SELECT n, count(*) FROM employees AS a, LATERAL (SELECT (SELECT name FROM employees AS b WHERE b.boss_id = a.id
        ORDER BY id LIMIT 1 OFFSET 1)) AS x (n) GROUP BY n ORDER BY n";
    let grouped = Employee::query().group_by(first()).select((first(), count())).order_by(first().asc());
    same(db, &grouped, sql, &[]).await;
    let sql = "SELECT DISTINCT (SELECT name FROM employees AS b WHERE b.boss_id = a.id ORDER BY id LIMIT 1 OFFSET 1)
        FROM employees AS a ORDER BY 1";
    same(db, &Employee::query().select((first(),)).distinct().order_by(first().asc()), sql, &[]).await;
    let one = Employee::query().select((first(),)).distinct_on(first()).order_by(first().asc());
    same(db, &one, sql, &[]).await;
}

#[tokio::test]
async fn distinct_groups_are_ordered_by_an_aggregate_with_a_value_in_it() {
    let world = world().await;
    let rich = || count().filter(Employee.salary.gt(90));
    let query = Employee::query().group_by(Employee.boss_id).select((rich(),)).distinct().order_by(rich().desc());
    let sql = "SELECT DISTINCT count(*) FILTER (WHERE salary > 90) FROM employees GROUP BY boss_id ORDER BY 1 DESC";
    same(&world.pool, &query, sql, &[]).await;
}

#[tokio::test]
async fn rows_of_a_view_are_counted_in_whatever_order() {
    let world = world().await;
    let db = &world.pool;
    let cards = || Card::query().order_by(Employee.reports.count().desc()).order_by(Employee.boss.name.asc());
    let all = cards().all(db).await.unwrap().len() as u64;
    assert!(all > 2);
    assert_eq!(cards().limit(2).count(db).await.unwrap(), 2);
    assert_eq!(cards().offset(1).count(db).await.unwrap(), all - 1);
    assert!(cards().limit(2).exists(db).await.unwrap());
    assert_eq!(Employee::query().filter(exists(cards())).count(db).await.unwrap(), all);
    let counted = cards().limit(2).counted(db).await.unwrap();
    assert_eq!((counted.rows.len(), counted.total), (2, all));
}

#[tokio::test]
async fn a_page_of_distinct_rows_reads_its_order_where_it_is_selected() {
    let world = world().await;
    let db = &world.pool;
    for cards in [
        Card::query().distinct().order_by(Employee.boss.name.asc()),
        Card::query().distinct().order_by(Employee.reports.count().desc()),
        Card::query().distinct(),
    ] {
        let mut walked = Vec::new();
        let mut cursor = None;
        loop {
            let page = cards.clone().limit(1).after(cursor).page(db).await.unwrap();
            walked.extend(page.rows);
            cursor = page.next;
            if cursor.is_none() {
                break;
            }
        }
        let whole = cards.clone().limit(100).all(db).await.unwrap();
        assert_eq!(walked, whole);
        assert!(whole.len() > 3, "{whole:?}");
        let sql = cards.limit(1).to_sql();
        assert_eq!(sql.text().matches("COUNT(*)").count(), 1, "ordered by what is selected: {sql}");
    }
}

#[tokio::test]
async fn a_side_with_a_limit_counts_off_the_same_rows_each_time() {
    let some = Employee::query().order_by(Employee.name.asc()).limit(2);
    let sql = some.clone().union(Employee::query().limit(1)).to_sql();
    let text = sql.text();
    assert!(text.contains(r#""name" ASC, "t1"."id" ASC LIMIT"#), "{text}");
    assert_eq!(text.matches(r#""id" ASC LIMIT"#).count(), 2, "{text}");
    // Of a selection they are any: it may have no key.
    let text = some.select(Employee.name).union(Employee::query().select(Employee.name).limit(1)).to_sql();
    assert!(!text.text().contains(r#""id" ASC"#), "{text}");
}

#[tokio::test]
async fn frames_of_a_window_are_parameters() {
    use relata::Window;
    let world = world().await;
    let near = |rows: u32| {
        let window = Window::new().order_by(Employee.id.asc()).rows_between(Some(rows), Some(0));
        Employee::query().select((Employee.id, Employee.salary.sum::<i64>().over(window)))
    };
    assert_eq!(near(1).to_sql().text(), near(2).to_sql().text());
    for rows in [0, 1, 2] {
        let sql = format!(
            "SELECT id, sum(salary) OVER (ORDER BY id ROWS BETWEEN {rows} PRECEDING AND 0 FOLLOWING) FROM employees ORDER BY id"
        );
        same(&world.pool, &near(rows).order_by(Employee.id.asc()), &sql, &[]).await;
    }
}
