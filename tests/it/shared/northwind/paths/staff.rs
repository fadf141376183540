//! Questions about employees: their managers, their territories, and what they sell.

use relata::prelude::*;
use relata::{Query, count, raw};

use super::super::super::chinook::cents::Cents;
use super::super::model::people::{Employee, Region, Territory};
use super::super::model::sales::Order;
use super::super::{answer, list, same as same_rows, shop, with};
use super::numbers::{AMOUNT, amount};
use crate::support::selected::same;

/// Who leads whom, how much older are they, and how much more do they sell? One relation up, and then down two others.
#[tokio::test]
async fn question_employees_beside_their_managers() {
    let Some(db) = shop() else { return };
    let sold = Employee.orders.order_details.sum(amount());
    let led = Employee::query().order_by(sold.clone().desc()).select((
        Employee.first_name.concat(" ").concat(Employee.last_name),
        Employee.manager.first_name.concat(" ").concat(Employee.manager.last_name).or("nobody"),
        Employee.birth_date.year() - Employee.manager.birth_date.year(),
        sold.clone(),
        sold - Employee.manager.orders.order_details.sum(amount()),
        Employee.reports.orders.count(),
        Employee.hire_date.month(),
    ));
    let sql = format!(
        "WITH sales AS (SELECT employee_id, sum({AMOUNT}) AS sold, count(DISTINCT order_id) AS orders
            FROM orders JOIN order_details d USING (order_id) GROUP BY 1)
        SELECT e.first_name || ' ' || e.last_name, coalesce(m.first_name || ' ' || m.last_name, 'nobody'),
            extract(year FROM e.birth_date)::int - extract(year FROM m.birth_date)::int, s.sold, s.sold - t.sold,
            (SELECT coalesce(sum(orders), 0)::int8 FROM sales JOIN employees r USING (employee_id)
                WHERE r.reports_to = e.employee_id),
            extract(month FROM e.hire_date)::int
        FROM employees e JOIN sales s USING (employee_id) LEFT JOIN employees m ON m.employee_id = e.reports_to
        LEFT JOIN sales t ON t.employee_id = m.employee_id ORDER BY s.sold DESC"
    );
    type Row = (String, String, Option<i32>, Option<Cents>, Option<Cents>, i64, Option<i32>);
    let rows: Vec<Row> = same(&db, &led, &sql, &[]).await;
    assert_eq!((rows.len(), rows.iter().filter(|row| row.1 == "nobody").count()), (9, 1));
}

/// Who works in which region, and in how many territories? Across a many-to-many, and up again.
#[tokio::test]
async fn question_regions_and_who_works_there() {
    let Some(db) = shop() else { return };
    let territory = Employee.territories.each();
    let regions = Employee::query()
        .group_by((territory.region_id, territory.region.region_description))
        .select((
            territory.region.region_description.trim(),
            count(),
            Employee.employee_id.count_distinct(),
            Employee.last_name.string_agg(", ").distinct().order_by(Employee.last_name.asc()),
            territory.territory_description.trim().string_agg("|").order_by(territory.territory_id.asc()),
            territory.territory_id.max().filter(Employee.reports_to.is_null()),
        ))
        .order_by(Employee.employee_id.count_distinct().desc())
        .order_by(territory.region_id.asc());
    let sql =
        "SELECT btrim(region_description), count(*), count(DISTINCT employee_id), string_agg(DISTINCT last_name, ', '),
            string_agg(btrim(territory_description), '|' ORDER BY territory_id),
            max(territory_id) FILTER (WHERE reports_to IS NULL)
        FROM region JOIN territories USING (region_id) JOIN employee_territories USING (territory_id)
        JOIN employees USING (employee_id) GROUP BY region_id ORDER BY 3 DESC, region_id";
    let rows: Vec<(String, i64, i64, Option<String>, Option<String>, Option<String>)> =
        same(&db, &regions, sql, &[]).await;
    assert_eq!((rows.len(), rows.iter().map(|row| row.1).sum::<i64>()), (4, 49));

    // The same, for each region, by subqueries.
    let regions = Region::query().order_by(Region.region_id.asc()).select((
        Region.region_id,
        Region.territories.count(),
        Region.territories.count().filter(Territory.employees.exists()),
        Region.territories.employees.count_distinct(Employee.employee_id),
        Region.territories.employees.orders.max(Order.order_date),
    ));
    let sql = "SELECT region_id, count(DISTINCT territory_id), count(DISTINCT t.territory_id) FILTER (
            WHERE employee_id IS NOT NULL), count(DISTINCT employee_id), max(order_date)
        FROM region LEFT JOIN territories t USING (region_id) LEFT JOIN employee_territories USING (territory_id)
        LEFT JOIN orders USING (employee_id) GROUP BY region_id ORDER BY region_id";
    assert_eq!(same(&db, &regions, sql, &[]).await.len(), 4);
}

type Above = loaded!(Employee { manager, reports });

/// Who is above this employee, up to the top, and whom do they lead? A recursive query in SQL gives the rows, loads the
/// rest.
fn above(name: &str) -> Query<Above> {
    Employee::from_sql(
        "WITH RECURSIVE above AS (SELECT e.* FROM employees e WHERE e.last_name = {}
            UNION ALL SELECT e.* FROM employees e JOIN above ON above.reports_to = e.employee_id)
        SELECT * FROM above WHERE last_name <> {}",
        (name, name),
    )
    .order_by(Employee.employee_id.desc())
    .with(Employee.manager)
    .with(Employee.reports.order_by(Employee.employee_id.asc()))
}

#[tokio::test]
async fn question_everyone_above_an_employee() {
    let Some(db) = shop() else { return };
    let employee = with("to_jsonb(e)", "manager", "to_jsonb(m)");
    let reports = list("to_jsonb(r)", "employees r WHERE r.reports_to = e.employee_id", "r.employee_id");
    let sql = format!(
        "SELECT {} FROM employees e LEFT JOIN employees m ON m.employee_id = e.reports_to
        WHERE e.employee_id IN (SELECT reports_to FROM employees WHERE last_name = $1
            UNION SELECT b.reports_to FROM employees a JOIN employees b ON b.employee_id = a.reports_to
                WHERE a.last_name = $1)
        ORDER BY e.employee_id DESC",
        with(&employee, "reports", &reports)
    );
    for (name, chain) in [("Suyama", 2), ("Davolio", 1)] {
        let expected = answer(&db, &sql, &[&name]).await;
        assert_eq!(expected.len(), chain);
        same_rows(&db, &above(name), &expected, 2).await;
    }
    // The rows of such a query can be counted and selected of, too.
    let names = above("King").select((Employee.last_name, Employee.reports.count()));
    assert_eq!(names.all(&db).await.unwrap(), [("Buchanan".to_owned(), 3), ("Fuller".to_owned(), 5)]);
}

/// Who took orders on this day of the week, in which quarters, and how many? Groups of rows by SQL of the program's own.
#[tokio::test]
async fn question_orders_by_quarter_and_employee() {
    let Some(db) = shop() else { return };
    let quarter = raw::<_, String>("to_char({}, {})", (Order.order_date, "YYYY-\"Q\"Q"));
    let taken = |weekday: i32| {
        Order::query()
            .filter(Order.order_date.day_of_week().eq(weekday) & Order.order_date.day().le(15))
            .group_by((quarter.clone(), Order.employee.last_name))
            .select((quarter.clone(), Order.employee.last_name, count(), Order.ship_country.count_distinct()))
            .order_by(quarter.clone().asc())
            .order_by(Order.employee.last_name.asc())
    };
    let sql = "SELECT extract(year FROM order_date) || '-Q' || extract(quarter FROM order_date), last_name, count(*),
            count(DISTINCT ship_country)
        FROM orders LEFT JOIN employees USING (employee_id)
        WHERE extract(dow FROM order_date) = $1::int AND extract(day FROM order_date) < 16
        GROUP BY 1, 2 ORDER BY 1, 2";
    for (weekday, groups) in [(1, 45), (5, 45), (0, 0)] {
        let rows: Vec<(Option<String>, Option<String>, i64, i64)> = same(&db, &taken(weekday), sql, &[&weekday]).await;
        assert_eq!(rows.len(), groups, "{weekday}");
    }
}
