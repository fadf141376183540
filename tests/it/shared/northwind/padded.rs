//! Older scripts of this database have `char(n)` keys: the server pads them with blanks, and compares them without.

use relata::Query;
use relata::prelude::*;

use super::model::sales::{Customer, Demographic, Order};
use super::{World, answer, file, list, same, script, statements, with};
use crate::support::twins::{Joined, SelectIn, Under, mixtures};

/// Both sides of each foreign key, and a customer whose key is shorter than its column.
const PADDED: &str = "
ALTER TABLE orders DROP CONSTRAINT fk_orders_customers;
ALTER TABLE customer_customer_demo DROP CONSTRAINT fk_customer_customer_demo_customers,
    DROP CONSTRAINT fk_customer_customer_demo_customer_demographics;
ALTER TABLE customers ALTER customer_id TYPE char(5);
ALTER TABLE orders ALTER customer_id TYPE char(5);
ALTER TABLE customer_demographics ALTER customer_type_id TYPE char(10);
ALTER TABLE customer_customer_demo ALTER customer_id TYPE char(5), ALTER customer_type_id TYPE char(10);
INSERT INTO customers (customer_id, company_name) VALUES ('AB', 'Two letters');
INSERT INTO orders (order_id, customer_id) VALUES (1, 'AB'), (2, 'AB');
INSERT INTO customer_customer_demo VALUES ('AB', 'old'), ('AB', 'far');
ALTER TABLE orders ADD FOREIGN KEY (customer_id) REFERENCES customers;
ALTER TABLE customer_customer_demo ADD FOREIGN KEY (customer_id) REFERENCES customers,
    ADD FOREIGN KEY (customer_type_id) REFERENCES customer_demographics;";

type Account = loaded!(Customer { orders { customer }, demographics { customers } });

#[tokio::test]
async fn northwind_question_accounts_by_padded_keys() {
    let Some(file) = file() else { return };
    let world = World::new(&(script(file) + PADDED)).await;
    let db = &world.pool;
    let orders = "orders o WHERE o.customer_id = c.customer_id";
    let orders = list(&with("to_jsonb(o)", "customer", "to_jsonb(c)"), orders, "o.order_id");
    let members = "customers m JOIN customer_customer_demo d2 USING (customer_id)
        WHERE d2.customer_type_id = k.customer_type_id";
    let kind = with("to_jsonb(k)", "customers", &list("to_jsonb(m)", members, "m.customer_id"));
    let kinds = "customer_demographics k JOIN customer_customer_demo d1 USING (customer_type_id)
        WHERE d1.customer_id = c.customer_id";
    let customer = with("to_jsonb(c)", "orders", &orders);
    let sql = format!(
        "SELECT {} FROM customers c WHERE $1::char(5) IS NULL OR c.customer_id = $1 ORDER BY c.customer_id",
        with(&customer, "demographics", &list(&kind, kinds, "k.customer_type_id"))
    );
    let all = answer(db, &sql, &[&None::<&str>]).await;
    let one = answer(db, &sql, &[&"AB"]).await;
    assert_eq!((all.len(), one.len()), (92, 1));
    assert_eq!(one[0]["orders"][1]["customer_id"], "AB   ");
    assert_eq!(one[0]["demographics"][0]["customer_type_id"], "far       ");
    for mixture in mixtures::<4>() {
        let ask = |query: Query<Customer>| -> Query<Account> {
            let orders = Customer.orders.order_by(Order.order_id.asc()).with(Order.customer.under(mixture[1]));
            let members = Demographic.customers.order_by(Customer.customer_id.asc()).under(mixture[3]);
            let kinds = Customer.demographics.order_by(Demographic.customer_type_id.asc()).with(members);
            query.with(orders.under(mixture[0])).with(kinds.under(mixture[2]))
        };
        // Two collections are never joined side by side.
        let statements = statements(&mixture) + usize::from(mixture[0] == Joined && mixture[2] == Joined);
        same(db, &ask(Customer::query().order_by(Customer.customer_id.asc())), &all, statements).await;
        // A value without the blanks finds its row, and its row finds the others.
        same(db, &ask(Customer::find("AB")), &one, statements).await;
    }
    for strategy in [SelectIn, Joined] {
        let latest = Customer.orders.order_by(Order.order_id.desc()).limit(1).under(strategy);
        let query = Customer::query().filter(Customer.company_name.eq("Two letters")).with(latest);
        let customer = query.one(db).await.unwrap();
        assert_eq!(customer.orders().iter().map(|order| order.order_id).collect::<Vec<_>>(), [2]);
    }
}
