//! Questions about employees: their managers, their territories, and what they sold there.

use relata::Query;
use relata::prelude::*;

use super::model::people::{Employee, Region, Territory};
use super::model::sales::Order;
use super::{answer, list, same, shop, statements, with};
use crate::support::twins::{SelectIn, Strategy, Under, mixtures};

type Posted = loaded!(Employee { territories { region } });
type Staffed = loaded!(Territory { employees { manager }, region });

#[tokio::test]
async fn northwind_question_employees_with_their_territories_and_regions() {
    let Some(db) = shop() else { return };
    let territories = "employee_territories JOIN territories t USING (territory_id) JOIN region r USING (region_id)
        WHERE employee_id = e.employee_id";
    let territory = with("to_jsonb(t)", "region", "to_jsonb(r)");
    let sql = format!(
        "SELECT {} FROM employees e ORDER BY e.last_name",
        with("to_jsonb(e)", "territories", &list(&territory, territories, "t.territory_id"))
    );
    let expected = answer(&db, &sql, &[]).await;
    assert_eq!(expected.len(), 9);
    for mixture in mixtures::<2>() {
        let region = Territory.region.under(mixture[1]);
        let territories = Employee.territories.order_by(Territory.territory_id.asc()).with(region).under(mixture[0]);
        let query: Query<Posted> = Employee::query().order_by(Employee.last_name.asc()).with(territories);
        same(&db, &query, &expected, statements(&mixture)).await;
    }
    // Left to the plan, the region comes with its territory.
    let territories = Employee.territories.order_by(Territory.territory_id.asc()).with(Territory.region);
    same(&db, &Employee::query().order_by(Employee.last_name.asc()).with(territories), &expected, 2).await;
}

#[tokio::test]
async fn northwind_question_territories_with_their_employees() {
    let Some(db) = shop() else { return };
    let employees = "employee_territories JOIN employees e USING (employee_id)
        LEFT JOIN employees m ON m.employee_id = e.reports_to WHERE territory_id = t.territory_id";
    let employee = with("to_jsonb(e)", "manager", "to_jsonb(m)");
    let territory = with("to_jsonb(t)", "employees", &list(&employee, employees, "e.employee_id"));
    let sql = format!(
        "SELECT {} FROM territories t JOIN region r USING (region_id) ORDER BY r.region_description, t.territory_id",
        with(&territory, "region", "to_jsonb(r)")
    );
    let expected = answer(&db, &sql, &[]).await;
    let vacant = expected.iter().filter(|territory| territory["employees"].as_array().unwrap().is_empty());
    assert_eq!((expected.len(), vacant.count()), (53, 4));
    for mixture in mixtures::<3>() {
        let manager = Employee.manager.under(mixture[1]);
        let query: Query<Staffed> = Territory::query()
            .order_by(Territory.region.region_description.asc())
            .order_by(Territory.territory_id.asc())
            .with(Territory.employees.order_by(Employee.employee_id.asc()).with(manager).under(mixture[0]))
            .with(Territory.region.under(mixture[2]));
        same(&db, &query, &expected, statements(&mixture)).await;
    }
}

type Chain = loaded!(Employee { manager { manager }, reports { reports } });

/// Who stands above each employee, two levels up, and who below, two levels down?
fn chains([manager, above, reports, below]: [Strategy; 4]) -> Query<Chain> {
    let below = Employee.reports.order_by(Employee.employee_id.asc()).under(below);
    let reports = Employee.reports.order_by(Employee.last_name.desc()).with(below).under(reports);
    Employee::query()
        .order_by(Employee.employee_id.asc())
        .with(Employee.manager.with(Employee.manager.under(above)).under(manager))
        .with(reports)
}

#[tokio::test]
async fn northwind_question_the_chain_of_managers_up_and_down() {
    let Some(db) = shop() else { return };
    let below = list("to_jsonb(b)", "employees b WHERE b.reports_to = r.employee_id", "b.employee_id");
    let reports = "employees r WHERE r.reports_to = e.employee_id";
    let reports = list(&with("to_jsonb(r)", "reports", &below), reports, "r.last_name DESC");
    // Nobody is above the first, and a missing manager has no manager.
    let manager = with("to_jsonb(m)", "manager", "to_jsonb(a)");
    let sql = format!(
        "SELECT {} FROM employees e LEFT JOIN employees m ON m.employee_id = e.reports_to
        LEFT JOIN employees a ON a.employee_id = m.reports_to WHERE e.country = ANY($1) ORDER BY e.employee_id",
        with(&with("to_jsonb(e)", "manager", &manager), "reports", &reports)
    );
    for (countries, employees) in [(vec!["UK", "USA"], 9), (vec!["UK"], 4)] {
        let expected = answer(&db, &sql, &[&countries]).await;
        assert_eq!(expected.len(), employees);
        for mixture in mixtures() {
            same(
                &db,
                &chains(mixture).filter(Employee.country.is_in(countries.clone())),
                &expected,
                statements(&mixture),
            )
            .await;
        }
    }
    // The same chain as conditions: whose manager's manager is this, and who has somebody two levels below.
    let up = Employee.manager.manager.last_name.eq("Fuller");
    let down = Employee.reports.reports.any(Predicate::always());
    let below = "reports_to IN (SELECT employee_id FROM employees WHERE reports_to = 2)";
    let above =
        "employee_id IN (SELECT m.reports_to FROM employees e JOIN employees m ON m.employee_id = e.reports_to)";
    for (condition, sql, rows) in [(up, below, 3), (down, above, 1)] {
        let sql = format!("SELECT to_jsonb(e) FROM employees e WHERE {sql} ORDER BY employee_id");
        let expected = answer(&db, &sql, &[]).await;
        assert_eq!(expected.len(), rows);
        let query = Employee::query().filter(condition).order_by(Employee.employee_id.asc());
        same(&db, &query, &expected, 1).await;
    }
}

type Map = loaded!(Region { territories { employees { orders { shipper } } } });

/// For each region its territories, who works there, and of each of these the last order that went to this country.
fn map(country: &str, window: bool, [territories, employees, orders, shipper]: [Strategy; 4]) -> Query<Map> {
    let last = Employee
        .orders
        .filter(Order.ship_country.eq(country))
        .order_by(Order.order_date.desc())
        .limit(1)
        .with(Order.shipper.under(shipper))
        .under(orders);
    let last = if window { last.window() } else { last };
    let employees = Territory.employees.order_by(Employee.last_name.asc()).with(last).under(employees);
    let territories = Region.territories.order_by(Territory.territory_id.desc()).with(employees).under(territories);
    Region::query().order_by(Region.region_id.asc()).with(territories)
}

#[tokio::test]
async fn northwind_question_the_last_order_of_whoever_works_in_a_territory() {
    let Some(db) = shop() else { return };
    let last = "(SELECT * FROM orders WHERE employee_id = e.employee_id AND ship_country = $1
        ORDER BY order_date DESC, order_id LIMIT 1) AS o LEFT JOIN shippers s ON s.shipper_id = o.ship_via";
    let orders = list(&with("to_jsonb(o)", "shipper", "to_jsonb(s)"), last, "o.order_id");
    let employees = "employee_territories JOIN employees e USING (employee_id) WHERE territory_id = t.territory_id";
    let employees = list(&with("to_jsonb(e)", "orders", &orders), employees, "e.last_name");
    let territories = "territories t WHERE t.region_id = r.region_id";
    let territories = list(&with("to_jsonb(t)", "employees", &employees), territories, "t.territory_id DESC");
    let sql = format!("SELECT {} FROM region r ORDER BY region_id", with("to_jsonb(r)", "territories", &territories));
    for country in ["Brazil", "Norway"] {
        let expected = answer(&db, &sql, &[&country]).await;
        assert_eq!(expected.len(), 4);
        for mixture in mixtures() {
            same(&db, &map(country, false, mixture), &expected, statements(&mixture)).await;
            same(&db, &map(country, true, mixture), &expected, statements(&mixture)).await;
        }
    }
    // An employee of several territories is loaded once, and so are the orders: nine keys, nine rows at most.
    let trace = crate::support::trace::listen();
    map("Brazil", false, [SelectIn; 4]).all(&db).await.unwrap();
    let ran = trace.take();
    let rows: Vec<_> = ran.iter().map(|ran| (ran.path.as_str(), ran.rows)).collect();
    assert_eq!(rows[0], ("Region", Some(4)));
    assert_eq!(rows[1], ("Region.territories", Some(53)));
    assert_eq!(rows[3], ("Region.territories.employees.orders", Some(9)));
}
