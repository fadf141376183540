//! Who sells, and where: employees, their territories, and the regions of these; the states stand for themselves.

use relata::prelude::*;
use serde::Serialize;

use super::super::values::{Day, bytes};
use super::sales::Order;

#[derive(Entity, Debug, Clone, PartialEq, Serialize)]
#[entity(table = "employees")]
#[belongs_to(manager: Option<Employee>, by = reports_to)]
#[has_many(reports: Vec<Employee>, by = reports_to)]
#[has_many(orders: Vec<Order>, by = employee_id)]
#[has_many(employee_territories: Vec<EmployeeTerritory>, by = employee_id)]
#[many_to_many(territories: Vec<Territory>, through = EmployeeTerritory, by = (employee, territory))]
pub struct Employee {
    #[key]
    pub employee_id: i16,
    pub last_name: String,
    pub first_name: String,
    pub title: Option<String>,
    pub title_of_courtesy: Option<String>,
    pub birth_date: Option<Day>,
    pub hire_date: Option<Day>,
    pub address: Option<String>,
    pub city: Option<String>,
    pub region: Option<String>,
    pub postal_code: Option<String>,
    pub country: Option<String>,
    pub home_phone: Option<String>,
    pub extension: Option<String>,
    #[serde(serialize_with = "bytes")]
    pub photo: Option<Vec<u8>>,
    pub notes: Option<String>,
    pub reports_to: Option<i16>,
    pub photo_path: Option<String>,
}

#[derive(Entity, Debug, Clone, PartialEq, Serialize)]
#[entity(table = "employee_territories")]
#[belongs_to(employee: Employee, by = employee_id)]
#[belongs_to(territory: Territory, by = territory_id)]
pub struct EmployeeTerritory {
    #[key]
    pub employee_id: i16,
    #[key]
    pub territory_id: String,
}

#[derive(Entity, Debug, Clone, PartialEq, Serialize)]
#[entity(table = "territories")]
#[belongs_to(region: Region, by = region_id)]
#[has_many(employee_territories: Vec<EmployeeTerritory>, by = territory_id)]
#[many_to_many(employees: Vec<Employee>, through = EmployeeTerritory, by = (territory, employee))]
pub struct Territory {
    #[key]
    pub territory_id: String,
    pub territory_description: String,
    pub region_id: i16,
}

#[derive(Entity, Debug, Clone, PartialEq, Serialize)]
#[entity(table = "region")]
#[has_many(territories: Vec<Territory>, by = region_id)]
pub struct Region {
    #[key]
    pub region_id: i16,
    pub region_description: String,
}

#[derive(Entity, Debug, Clone, PartialEq, Serialize)]
#[entity(table = "us_states")]
pub struct State {
    #[key]
    pub state_id: i16,
    pub state_name: Option<String>,
    pub state_abbr: Option<String>,
    pub state_region: Option<String>,
}
