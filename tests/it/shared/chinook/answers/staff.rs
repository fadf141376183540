//! The questions about the shop's own people: chains of managers, and the customers of each employee.

use relata::prelude::*;

use super::super::model::{Customer, Employee, Invoice};
use super::super::{same, shop, staff};
use super::{CUSTOMER, INVOICE, list, with};

/// An employee as JSON, under any alias.
fn employee(alias: &str) -> String {
    format!(
        "jsonb_build_object('id', {alias}.employee_id, 'first_name', {alias}.first_name,
        'last_name', {alias}.last_name, 'title', {alias}.title, 'reports_to', {alias}.reports_to)"
    )
}

/// The same, or null where an outer join found nobody.
fn perhaps(alias: &str, row: &str) -> String {
    format!("CASE WHEN {alias}.employee_id IS NOT NULL THEN {row} END")
}

#[tokio::test]
async fn chinook_question_a_chain_of_command_of_three_levels() {
    let Some(db) = shop() else { return };
    let manager = with(&employee("m"), "manager", &perhaps("a", &employee("a")));
    let support = with(&employee("s"), "manager", &perhaps("m", &manager));
    let joins = "LEFT JOIN employee s ON s.employee_id = c.support_rep_id
        LEFT JOIN employee m ON m.employee_id = s.reports_to LEFT JOIN employee a ON a.employee_id = m.reports_to";
    let customer = with(CUSTOMER, "support", &perhaps("s", &support));
    let sql =
        format!("SELECT {customer} FROM customer c {joins} WHERE c.country = $1 ORDER BY s.last_name, c.customer_id");
    for (country, rows) in [("Brazil", 5), ("USA", 13), ("Atlantis", 0)] {
        let query = staff::chain_of_command(country);
        assert_eq!((query.plan().statements(), query.plan().round_trips()), (1, 1));
        assert_eq!(same(&db, &query, &sql, &[&country]).await, rows, "{country}");
    }

    // From the employees, with nobody above some of them, however each step is fetched.
    let sql = format!(
        "SELECT {} FROM employee s LEFT JOIN employee m ON m.employee_id = s.reports_to
        LEFT JOIN employee a ON a.employee_id = m.reports_to ORDER BY s.employee_id",
        with(&employee("s"), "manager", &perhaps("m", &manager))
    );
    let (apart, joined) = (Employee.manager.select_in(), Employee.manager.joined());
    for (load, statements) in [
        (apart.clone().with(apart.clone()), 3),
        (apart.clone().with(joined.clone()), 2),
        (joined.clone().with(apart), 2),
        (joined.clone().with(joined), 1),
    ] {
        let query = Employee::query().order_by(Employee.id.asc()).with(load);
        assert_eq!(query.plan().statements(), statements);
        assert_eq!(same(&db, &query, &sql, &[]).await, 8);
    }
}

#[tokio::test]
async fn chinook_question_who_reports_to_whom() {
    let Some(db) = shop() else { return };
    let below = list(&employee("w"), "employee w WHERE w.reports_to = m.employee_id", "w.last_name, w.employee_id");
    let managers = "employee m WHERE m.reports_to = h.employee_id";
    let managers = list(&with(&employee("m"), "staff", &below), managers, "m.last_name, m.employee_id");
    let head = with(&employee("h"), "staff", &managers);
    let sql = format!("SELECT {head} FROM employee h WHERE h.reports_to IS NULL ORDER BY h.employee_id");
    assert_eq!(same(&db, &staff::organisation(), &sql, &[]).await, 1);

    let sql = format!("SELECT {head} FROM employee h ORDER BY h.employee_id");
    let staff = || Employee.staff.order_by(Employee.last_name.asc()).order_by(Employee.id.asc());
    for (load, statements) in [
        (staff().select_in().with(staff().select_in()), 3),
        (staff().select_in().with(staff().joined()), 2),
        (staff().joined().with(staff().select_in()), 2),
        (staff().joined().with(staff().joined()), 1),
    ] {
        let query = Employee::query().order_by(Employee.id.asc()).with(load);
        assert_eq!(query.plan().statements(), statements);
        assert_eq!(same(&db, &query, &sql, &[]).await, 8);
    }
}

#[tokio::test]
async fn chinook_question_customers_of_each_support_employee() {
    let Some(db) = shop() else { return };
    let last = "(SELECT * FROM invoice WHERE customer_id = c.customer_id
        ORDER BY invoice_date DESC, invoice_id DESC LIMIT 1) AS i";
    let customers = "customer c WHERE c.support_rep_id = e.employee_id";
    let invoices = list(INVOICE, last, "i.invoice_id");
    let customers = list(&with(CUSTOMER, "invoices", &invoices), customers, "c.last_name, c.customer_id");
    let employee = with(&employee("e"), "customers", &customers);
    let with_customers = "WHERE e.employee_id IN (SELECT support_rep_id FROM customer)";
    let sql = format!("SELECT {employee} FROM employee e {with_customers} ORDER BY e.employee_id");
    let query = staff::served();
    assert_eq!((query.plan().statements(), query.plan().round_trips()), (3, 3));
    assert_eq!(same(&db, &query, &sql, &[]).await, 3);

    // All employees, those without customers too.
    let sql = format!("SELECT {employee} FROM employee e ORDER BY e.employee_id");
    let last = || Customer.invoices.order_by(Invoice.date.desc()).order_by(Invoice.id.desc()).limit(1);
    let customers = || Employee.customers.order_by(Customer.last_name.asc()).order_by(Customer.id.asc());
    for (load, statements) in [
        (customers().select_in().with(last().select_in()), 3),
        (customers().select_in().with(last().joined()), 2),
        (customers().joined().with(last().select_in()), 2),
        (customers().joined().with(last().joined()), 1),
        (customers().joined().with(last().joined().window()), 1),
    ] {
        let query = Employee::query().order_by(Employee.id.asc()).with(load);
        assert_eq!(query.plan().statements(), statements);
        assert_eq!(same(&db, &query, &sql, &[]).await, 8);
    }
}
