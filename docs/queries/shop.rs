// The shop of the guide, and what compares a query with its SQL: included by each example of docs/queries.md.

pub use relata::prelude::*;
pub use relata::{case, count, exists, literal, outer, raw, raw_predicate, scalar, value};

#[derive(Entity, Debug, Clone)]
#[entity(table = "customers")]
#[has_many(orders: Vec<Order>, by = customer_id)]
pub struct Customer {
    #[key]
    pub id: i32,
    pub name: String,
    pub country: Option<String>,
}

#[derive(Entity, Debug, Clone)]
#[entity(table = "orders")]
#[belongs_to(customer: Customer, by = customer_id)]
#[belongs_to(seller: Option<Seller>, by = seller_id)]
#[has_many(lines: Vec<Line>, by = order_id)]
pub struct Order {
    #[key]
    pub id: i32,
    pub customer_id: i32,
    pub seller_id: Option<i32>,
    pub year: i32,
}

#[derive(Entity, Debug, Clone)]
#[entity(table = "lines")]
#[belongs_to(order: Order, by = order_id)]
pub struct Line {
    #[key]
    pub id: i32,
    pub order_id: i32,
    pub product: String,
    pub price: i32,
    pub quantity: i32,
}

#[derive(Entity, Debug, Clone)]
#[entity(table = "sellers")]
pub struct Seller {
    #[key]
    pub id: i32,
    pub name: String,
}

/// What has SQL: a query, and a condition, an expression or an order as it stands in one.
pub trait Shows {
    fn sql(&self) -> Vec<String>;
}

macro_rules! queries {
    ($([$($generics:tt)*] $query:ty;)*) => {
        $(
            impl<$($generics)*> Shows for $query {
                fn sql(&self) -> Vec<String> {
                    self.to_sql().iter().map(|statement| statement.text().to_owned()).collect()
                }
            }
        )*
    };
}

queries! {
    [T: relata::Shape] relata::Query<T>;
    [E: Entity, S] relata::Select<E, S>;
    [O] relata::Combined<O>;
}

impl<E: Entity> Shows for Predicate<E> {
    fn sql(&self) -> Vec<String> {
        part(&E::query().filter(self.clone()).to_sql(), " WHERE ")
    }
}

impl<E: Entity> Shows for relata::Order<E> {
    fn sql(&self) -> Vec<String> {
        part(&E::query().order_by(self.clone()).to_sql(), " ORDER BY ")
    }
}

fn part(statements: &relata::sql::Statements, begins: &str) -> Vec<String> {
    let text = statements.text();
    text.split_once(begins).map(|(_, part)| part.to_owned()).into_iter().collect()
}

/// The statement of a query, or a part of one.
pub fn shows(what: impl Shows, sql: &str) {
    assert_eq!(in_a_line(&what.sql()[0]), in_a_line(sql));
}

/// All statements of a query.
pub fn shows_all<const N: usize>(what: impl Shows, sql: [&str; N]) {
    let seen: Vec<String> = what.sql().iter().map(|text| in_a_line(text)).collect();
    assert_eq!(seen, sql.map(in_a_line));
}

/// Wherever its lines are broken: between words, after `(` and before `)`.
fn in_a_line(sql: &str) -> String {
    sql.split_whitespace().collect::<Vec<_>>().join(" ").replace("( ", "(").replace(" )", ")")
}
