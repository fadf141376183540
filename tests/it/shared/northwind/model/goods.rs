//! What is sold: products, their categories and their suppliers.

use relata::prelude::*;
use serde::Serialize;

use super::super::values::{bytes, real};
use super::sales::{Order, OrderDetail};

#[derive(Entity, Debug, Clone, PartialEq, Serialize)]
#[entity(table = "categories")]
#[has_many(products: Vec<Product>, by = category_id)]
pub struct Category {
    #[key]
    pub category_id: i16,
    pub category_name: String,
    pub description: Option<String>,
    #[serde(serialize_with = "bytes")]
    pub picture: Option<Vec<u8>>,
}

/// It has two relations to the products: all of them, and those that it no longer makes.
#[derive(Entity, Debug, Clone, PartialEq, Serialize)]
#[entity(table = "suppliers")]
#[has_many(products: Vec<Product>, by = supplier_id)]
#[has_many(
    discontinued_products: Vec<Product>,
    by = supplier_id,
    only = (discontinued = 1),
    order_by = (product_name desc)
)]
pub struct Supplier {
    #[key]
    pub supplier_id: i16,
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
    pub homepage: Option<String>,
}

#[derive(Entity, Debug, Clone, PartialEq, Serialize)]
#[entity(table = "products")]
#[belongs_to(supplier: Option<Supplier>, by = supplier_id)]
#[belongs_to(category: Option<Category>, by = category_id)]
#[has_many(order_details: Vec<OrderDetail>, by = product_id)]
#[many_to_many(orders: Vec<Order>, through = OrderDetail, by = (product, order))]
pub struct Product {
    #[key]
    pub product_id: i16,
    pub product_name: String,
    pub supplier_id: Option<i16>,
    pub category_id: Option<i16>,
    pub quantity_per_unit: Option<String>,
    #[serde(serialize_with = "real")]
    pub unit_price: Option<f32>,
    pub units_in_stock: Option<i16>,
    pub units_on_order: Option<i16>,
    pub reorder_level: Option<i16>,
    pub discontinued: i32,
}
