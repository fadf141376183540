//! Questions whose answer is a struct: the shape is the query.

use relata::prelude::*;
use serde::Serialize;

use super::super::cents::Cents;
use super::super::model::{Customer, Employee, Invoice};
use super::super::{same, shop};

/// An employee's desk: the customers on it, each with what they bought last.
#[derive(View, Debug, PartialEq, Serialize)]
#[view(Employee)]
struct Desk {
    #[view(expr = first_name.concat(" ").concat(Employee.last_name))]
    name: String,
    #[view(path = manager.last_name)]
    manager: Option<String>,
    #[view(sum = customers.invoices.total)]
    revenue: Option<Cents>,
    #[view(order_by = (last_name, id.desc()), filter = country.ne("Brazil"))]
    customers: Vec<Account>,
}

#[derive(View, Debug, PartialEq, Serialize)]
#[view(Customer)]
struct Account {
    last_name: String,
    #[view(count = invoices, filter = total.gt(Cents(500)))]
    large: i64,
    #[view(min = invoices.invoice_lines.unit_price)]
    cheapest: Option<Cents>,
    #[view(relation = invoices, order_by = date.desc(), limit = 2)]
    latest: Vec<Bill>,
    #[view(relation = invoices, order_by = (total.desc(), id), limit = 1, joined)]
    largest: Vec<Bill>,
}

#[derive(View, Debug, PartialEq, Serialize)]
#[view(Invoice)]
struct Bill {
    id: i32,
    total: Cents,
    #[view(count = invoice_lines)]
    lines: i64,
    #[view(path = billing.city)]
    city: Option<String>,
}

/// What is on the desk of each employee of this title? Two fields load one relation.
#[tokio::test]
async fn question_the_desks_of_the_staff() {
    let Some(db) = shop() else { return };
    let bill = "jsonb_build_object('id', i.invoice_id, 'total', (100 * i.total)::int8, 'city', i.billing_city,
        'lines', (SELECT count(*) FROM invoice_line l WHERE l.invoice_id = i.invoice_id))";
    let bills = |order: &str, limit: i32| {
        format!(
            "(SELECT coalesce(jsonb_agg({bill} ORDER BY {order}), '[]')
            FROM (SELECT * FROM invoice i WHERE i.customer_id = c.customer_id ORDER BY {order} LIMIT {limit}) AS i)"
        )
    };
    let account = format!(
        "jsonb_build_object('last_name', c.last_name, 'latest', {}, 'largest', {},
            'large', (SELECT count(*) FROM invoice WHERE customer_id = c.customer_id AND total > 5),
            'cheapest', (SELECT (100 * min(unit_price))::int8 FROM invoice_line JOIN invoice USING (invoice_id)
                WHERE customer_id = c.customer_id))",
        bills("i.invoice_date DESC, i.invoice_id", 2),
        bills("i.total DESC, i.invoice_id", 1)
    );
    let sql = format!(
        "SELECT jsonb_build_object('name', e.first_name || ' ' || e.last_name, 'manager', m.last_name,
            'revenue', (SELECT (100 * sum(total))::int8 FROM invoice JOIN customer USING (customer_id)
                WHERE support_rep_id = e.employee_id),
            'customers', (SELECT coalesce(jsonb_agg({account} ORDER BY c.last_name, c.customer_id DESC), '[]')
                FROM customer c WHERE c.support_rep_id = e.employee_id AND c.country <> 'Brazil'))
        FROM employee e LEFT JOIN employee m ON m.employee_id = e.reports_to
        WHERE e.title LIKE '%' || $1::text || '%' ORDER BY e.employee_id"
    );
    for (title, desks) in [("Support", 3), ("Manager", 3), ("", 8), ("President", 0)] {
        let query = Desk::query().filter(Employee.title.contains(title)).order_by(Employee.id.asc());
        assert_eq!(same(&db, &query, &sql, &[&title]).await, desks, "{title}");
        // The desks, their customers with the largest bill of each, and the latest bills.
        assert_eq!((query.plan().statements(), query.plan().round_trips()), (3, 3));
    }
}
