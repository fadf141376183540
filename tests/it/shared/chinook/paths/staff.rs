//! Questions about the staff: an entity that leads to itself.

use relata::prelude::*;
use relata::{Window, case, count, rank};

use super::super::cents::Cents;
use super::super::model::{Customer, Employee, Invoice, InvoiceLine};
use super::super::shop;
use super::{CUSTOMER, EMPLOYEE};
use crate::support::selected::{same, same_json};

/// What is the revenue of the customers that each employee supports? Through three relations.
#[tokio::test]
async fn question_employees_and_the_revenue_of_their_customers() {
    let Some(db) = shop() else { return };
    let revenue = Employee.customers.invoices.invoice_lines.sum(InvoiceLine.unit_price * InvoiceLine.quantity);
    let employees =
        Employee::query().order_by(revenue.clone().desc().nulls_last()).order_by(Employee.id.asc()).select((
            Employee.last_name,
            Employee.customers.count(),
            revenue.clone().or(Cents(0)),
            revenue.clone().filter(InvoiceLine.track.genre.name.eq("Rock")),
            rank().over(Window::new().order_by(revenue.desc().nulls_last())),
        ));
    let sql = "WITH sales AS (SELECT support_rep_id AS id, sum(l.unit_price * quantity) AS revenue,
                sum(l.unit_price * quantity) FILTER (WHERE g.name = 'Rock') AS rock
            FROM customer JOIN invoice USING (customer_id) JOIN invoice_line l USING (invoice_id)
            JOIN track USING (track_id) JOIN genre g USING (genre_id) GROUP BY 1)
        SELECT last_name, (SELECT count(*) FROM customer WHERE support_rep_id = employee_id), coalesce(revenue, 0), rock,
            1 + (SELECT count(*) FROM employee o LEFT JOIN sales s ON s.id = o.employee_id
                WHERE coalesce(s.revenue, 0) > coalesce(sales.revenue, 0))
        FROM employee LEFT JOIN sales ON id = employee_id ORDER BY coalesce(revenue, 0) DESC, employee_id";
    let rows: Vec<(String, i64, Cents, Option<Cents>, i64)> = same(&db, &employees, sql, &[]).await;
    assert_eq!(rows.len(), 8);
    assert_eq!((rows[0].0.as_str(), rows[0].1, rows[7].2), ("Peacock", 21, Cents(0)));
}

/// Who is above whom, and how many are below? Two steps up and two down one relation.
#[tokio::test]
async fn question_chain_of_command() {
    let Some(db) = shop() else { return };
    let chain = Employee::query().order_by(Employee.id.asc()).select((
        Employee.last_name,
        Employee.manager.last_name.or("nobody"),
        Employee.manager.manager.last_name,
        case(Employee.manager.is_absent(), 0).when(Employee.manager.manager.is_absent(), 1).otherwise(2),
        Employee.staff.count(),
        Employee.staff.staff.count(),
        Employee.manager.staff.count() - 1,
    ));
    let sql = "SELECT e.last_name, coalesce(m.last_name, 'nobody'), g.last_name,
            (m.employee_id IS NOT NULL)::int + (g.employee_id IS NOT NULL)::int,
            (SELECT count(*) FROM employee s WHERE s.reports_to = e.employee_id),
            (SELECT count(*) FROM employee s JOIN employee t ON t.reports_to = s.employee_id
                WHERE s.reports_to = e.employee_id),
            (SELECT count(*) - 1 FROM employee s WHERE s.reports_to = m.employee_id)
        FROM employee e LEFT JOIN employee m ON m.employee_id = e.reports_to
        LEFT JOIN employee g ON g.employee_id = m.reports_to ORDER BY e.employee_id";
    let rows: Vec<(String, String, Option<String>, i32, i64, i64, i64)> = same(&db, &chain, sql, &[]).await;
    assert_eq!((rows[0].1.as_str(), rows[0].5, rows[7].3), ("nobody", 5, 2));
}

/// Who supports whom in this country? One row for each customer, with the employee; those without a customer, too.
#[tokio::test]
async fn question_employees_with_each_of_their_customers() {
    let Some(db) = shop() else { return };
    let customers = Employee.customers.each_or_null();
    let pairs = Employee::query().order_by(Employee.id.asc()).order_by(customers.id.asc()).select((
        Employee,
        customers,
        Employee.manager,
    ));
    let sql = format!(
        "SELECT jsonb_build_array({EMPLOYEE}, CASE WHEN c.customer_id IS NOT NULL THEN {CUSTOMER} END, {})
        FROM employee e LEFT JOIN customer c ON c.support_rep_id = e.employee_id
        LEFT JOIN employee m ON m.employee_id = e.reports_to ORDER BY e.employee_id, c.customer_id",
        format_args!("CASE WHEN m.employee_id IS NOT NULL THEN {} END", EMPLOYEE.replace("e.", "m."))
    );
    let rows: Vec<(Employee, Option<Customer>, Option<Employee>)> = same_json(&db, &pairs, &sql, &[]).await;
    assert_eq!((rows.len(), rows.iter().filter(|row| row.1.is_none()).count()), (64, 5));

    // Without the null ones it is an inner join, and each pair has a customer.
    let pairs = Employee::query()
        .filter(Employee.customers.each().country.eq("Canada"))
        .order_by(Employee.customers.each().id.asc())
        .select((Employee.customers.each(), Employee.customers.each().invoices.sum(Invoice.total), Employee.last_name));
    let sql = format!(
        "SELECT jsonb_build_array({CUSTOMER}, (SELECT (100 * sum(total))::int FROM invoice i
            WHERE i.customer_id = c.customer_id), e.last_name) FROM customer c
        JOIN employee e ON e.employee_id = c.support_rep_id WHERE c.country = 'Canada' ORDER BY c.customer_id"
    );
    let rows: Vec<(Customer, Option<Cents>, String)> = same_json(&db, &pairs, &sql, &[]).await;
    assert_eq!(rows.len(), 8);
}

/// Which managers have staff of so many, and whom? Texts and keys of a group in an order of their own.
#[tokio::test]
async fn question_managers_and_whom_they_lead() {
    let Some(db) = shop() else { return };
    let manager = Employee.manager;
    let teams = Employee::query()
        .filter(!manager.is_absent())
        .group_by((manager.id, manager.last_name))
        .having(count().ge(2))
        .select((
            manager.last_name,
            Employee.first_name.string_agg(", ").order_by(Employee.first_name.desc()),
            Employee.id.array_agg().order_by(Employee.last_name.asc()).filter(Employee.id.ne(4)),
            Employee.title.count_distinct(),
            Employee.customers.exists().bool_or(),
        ))
        .order_by(count().desc())
        .order_by(manager.last_name.asc());
    let sql = "SELECT m.last_name, string_agg(e.first_name, ', ' ORDER BY e.first_name DESC),
            array_agg(e.employee_id ORDER BY e.last_name) FILTER (WHERE e.employee_id <> 4), count(DISTINCT e.title),
            bool_or(e.employee_id IN (SELECT support_rep_id FROM customer))
        FROM employee e JOIN employee m ON m.employee_id = e.reports_to GROUP BY m.employee_id
        HAVING count(*) >= 2 ORDER BY count(*) DESC, m.last_name";
    type Team = (Option<String>, Option<String>, Option<Vec<i32>>, i64, Option<bool>);
    let rows: Vec<Team> = same(&db, &teams, sql, &[]).await;
    assert_eq!(rows.len(), 3);
    assert_eq!(rows[0].2.as_deref(), Some([5, 3].as_slice()));
}
