//! Questions about the shop's own people, who report to each other and look after customers.

use relata::Query;
use relata::prelude::*;

use super::model::{Customer, Employee, Invoice};

pub type Command = loaded!(Customer { support { manager { manager } } });

/// Who looks after the customers in this country, who is above them, and who is above those? Each step leads to one row
/// at most: it is one statement, of four tables joined.
pub fn chain_of_command(country: &str) -> Query<Command> {
    Customer::query()
        .filter(Customer.country.eq(country))
        .order_by(Customer.support.last_name.asc().nulls_last())
        .order_by(Customer.id.asc())
        .with(Customer.support.with(Employee.manager.with(Employee.manager)))
}

pub type Organisation = loaded!(Employee { staff { staff } });

/// Who reports to whom, from the top? Three levels of one table.
pub fn organisation() -> Query<Organisation> {
    let by_name = Employee.staff.order_by(Employee.last_name.asc()).order_by(Employee.id.asc());
    Employee::query()
        .filter(Employee.manager.id.is_null())
        .order_by(Employee.id.asc())
        .with(by_name.clone().with(by_name))
}

pub type Served = loaded!(Employee { customers { invoices } });

/// Whom does each employee look after, and what did these buy last? One invoice for each customer.
pub fn served() -> Query<Served> {
    let last = Customer.invoices.order_by(Invoice.date.desc()).order_by(Invoice.id.desc()).limit(1);
    Employee::query()
        .filter(Employee.customers.any(Predicate::always()))
        .order_by(Employee.id.asc())
        .with(Employee.customers.order_by(Customer.last_name.asc()).order_by(Customer.id.asc()).with(last))
}
