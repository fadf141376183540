//! What was sold, to whom, and how it got there: customers, orders, their lines, and shippers.

use relata::prelude::*;
use serde::Serialize;

use super::super::values::{Day, real};
use super::goods::Product;
use super::people::Employee;

/// Its demographics are reached through the bare table, which the entity [`CustomerDemo`] maps besides.
#[derive(Entity, Debug, Clone, PartialEq, Serialize)]
#[entity(table = "customers")]
#[has_many(orders: Vec<Order>, by = customer_id)]
#[has_many(customer_demos: Vec<CustomerDemo>, by = customer_id)]
#[many_to_many(
    demographics: Vec<Demographic>,
    through = "customer_customer_demo",
    by = (customer_id, customer_type_id)
)]
pub struct Customer {
    #[key]
    pub customer_id: String,
    pub company_name: String,
    pub contact_name: Option<String>,
    pub contact_title: Option<String>,
    pub address: Option<String>,
    pub city: Option<String>,
    pub region: Option<String>,
    pub postal_code: Option<String>,
    pub country: Option<String>,
    pub phone: Option<String>,
    pub fax: Option<String>,
}

#[derive(Entity, Debug, Clone, PartialEq, Serialize)]
#[entity(table = "customer_demographics")]
#[has_many(customer_demos: Vec<CustomerDemo>, by = customer_type_id)]
#[many_to_many(customers: Vec<Customer>, through = "customer_customer_demo", by = (customer_type_id, customer_id))]
pub struct Demographic {
    #[key]
    pub customer_type_id: String,
    pub customer_desc: Option<String>,
}

#[derive(Entity, Debug, Clone, PartialEq, Serialize)]
#[entity(table = "customer_customer_demo")]
#[belongs_to(customer: Customer, by = customer_id)]
#[belongs_to(demographic: Demographic, by = customer_type_id)]
pub struct CustomerDemo {
    #[key]
    pub customer_id: String,
    #[key]
    pub customer_type_id: String,
}

#[derive(Entity, Debug, Clone, PartialEq, Serialize)]
#[entity(table = "orders")]
#[belongs_to(customer: Option<Customer>, by = customer_id)]
#[belongs_to(employee: Option<Employee>, by = employee_id)]
#[belongs_to(shipper: Option<Shipper>, by = ship_via)]
#[has_many(order_details: Vec<OrderDetail>, by = order_id)]
#[many_to_many(products: Vec<Product>, through = OrderDetail, by = (order, product))]
pub struct Order {
    #[key]
    pub order_id: i16,
    pub customer_id: Option<String>,
    pub employee_id: Option<i16>,
    pub order_date: Option<Day>,
    pub required_date: Option<Day>,
    pub shipped_date: Option<Day>,
    pub ship_via: Option<i16>,
    #[serde(serialize_with = "real")]
    pub freight: Option<f32>,
    pub ship_name: Option<String>,
    pub ship_address: Option<String>,
    pub ship_city: Option<String>,
    pub ship_region: Option<String>,
    pub ship_postal_code: Option<String>,
    pub ship_country: Option<String>,
}

/// A line of an order, whose key is the pair of what it connects.
#[derive(Entity, Debug, Clone, PartialEq, Serialize)]
#[entity(table = "order_details")]
#[belongs_to(order: Order, by = order_id)]
#[belongs_to(product: Product, by = product_id)]
pub struct OrderDetail {
    #[key]
    pub order_id: i16,
    #[key]
    pub product_id: i16,
    #[serde(serialize_with = "real")]
    pub unit_price: f32,
    pub quantity: i16,
    #[serde(serialize_with = "real")]
    pub discount: f32,
}

#[derive(Entity, Debug, Clone, PartialEq, Serialize)]
#[entity(table = "shippers")]
#[has_many(orders: Vec<Order>, by = ship_via)]
pub struct Shipper {
    #[key]
    pub shipper_id: i16,
    pub company_name: String,
    pub phone: Option<String>,
}
