//! Employees below each other, projects with a key of two columns, and who works in which: rows that are there twice, links
//! that lead nowhere, NULLs wherever there may be some.

use relata::prelude::*;
use serde::Serialize;

use crate::support::World;

#[derive(Embed, Debug, Clone, PartialEq, Serialize)]
pub struct Home {
    pub city: String,
    pub zip: Option<String>,
}

#[derive(Entity, Debug, Clone, PartialEq, Serialize)]
#[entity(table = "employees")]
#[belongs_to(boss: Option<Employee>, by = boss_id)]
#[has_many(reports: Vec<Employee>, by = boss_id)]
#[has_one(badge: Option<Badge>, by = employee_id)]
#[many_to_many(projects: Vec<Project>, through = "members", by = (employee_id, (year, no)))]
#[many_to_many(loud: Vec<Project>, through = "members", by = (employee_id, (year, no)), through_only = (loud = true))]
#[many_to_many(live: Vec<Project>, through = "members", by = (employee_id, (year, no)), only = (closed = false))]
#[many_to_many(quiet: Vec<Project>, through = Member, by = (employee, project), through_only = (loud = None))]
#[has_many(memberships: Vec<Member>, by = employee_id)]
pub struct Employee {
    #[key]
    pub id: i32,
    pub name: String,
    pub salary: i32,
    pub boss_id: Option<i32>,
    #[column(embed)]
    pub home: Home,
}

#[derive(Entity, Debug, Clone, PartialEq, Serialize)]
#[entity(table = "badges")]
#[belongs_to(employee: Employee, by = employee_id)]
pub struct Badge {
    #[key]
    pub id: i32,
    pub employee_id: i32,
    pub label: String,
}

#[derive(Entity, Debug, Clone, PartialEq, Serialize)]
#[entity(table = "projects")]
#[belongs_to(lead: Option<Employee>, by = lead_id)]
#[has_many(tasks: Vec<Task>, by = (project_year, project_no))]
#[has_many(open: Vec<Task>, by = (project_year, project_no), only = (done = false))]
#[many_to_many(members: Vec<Employee>, through = "members", by = ((year, no), employee_id))]
pub struct Project {
    #[key]
    pub year: i32,
    #[key]
    pub no: i32,
    pub title: String,
    pub closed: bool,
    pub lead_id: Option<i32>,
}

/// Its table has no key of its own.
#[derive(Entity, Debug, Clone, PartialEq, Serialize)]
#[entity(table = "members")]
#[belongs_to(project: Option<Project>, by = (year, no))]
#[belongs_to(employee: Option<Employee>, by = employee_id)]
pub struct Member {
    #[key]
    pub id: i32,
    pub year: Option<i32>,
    pub no: Option<i32>,
    pub employee_id: Option<i32>,
    pub loud: Option<bool>,
}

#[derive(Entity, Debug, Clone, PartialEq, Serialize)]
#[entity(table = "tasks")]
#[belongs_to(project: Project, by = (project_year, project_no))]
pub struct Task {
    #[key]
    pub id: i32,
    pub project_year: i32,
    pub project_no: i32,
    pub label: Option<String>,
    pub hours: Option<i32>,
    pub done: bool,
}

const TABLES: &str = "
CREATE TABLE employees (id int PRIMARY KEY, name text NOT NULL, salary int NOT NULL, boss_id int REFERENCES employees,
    city text NOT NULL, zip text);
CREATE TABLE badges (id int PRIMARY KEY, employee_id int NOT NULL UNIQUE REFERENCES employees, label text NOT NULL);
CREATE TABLE projects (year int, no int, title text NOT NULL, closed bool NOT NULL, lead_id int REFERENCES employees,
    PRIMARY KEY (year, no));
CREATE TABLE members (id int PRIMARY KEY GENERATED ALWAYS AS IDENTITY, year int, no int, employee_id int, loud bool);
CREATE TABLE tasks (id int PRIMARY KEY, project_year int NOT NULL, project_no int NOT NULL, label text, hours int,
    done bool NOT NULL);
";

const ROWS: &str = "
INSERT INTO employees VALUES (1, 'Ann', 100, NULL, 'A', NULL), (2, 'Bob', 80, 1, 'B', '1'), (3, 'Cid', 90, 1, 'A', '2'),
    (4, 'Dan', 95, 3, 'A', NULL), (5, 'Eve', 95, 2, 'C', '1'), (6, 'Ann', 10, NULL, 'C', NULL);
INSERT INTO badges VALUES (1, 2, 'x'), (2, 3, 'y');
INSERT INTO projects VALUES (1, 1, 'one', false, 1), (1, 2, 'two', true, NULL), (2, 1, 'one', false, 4),
    (2, 2, 'four', false, 2);
INSERT INTO members (year, no, employee_id, loud) VALUES (1, 1, 1, true), (1, 1, 1, false), (1, 1, 1, true), (1, 1, 2, false),
    (1, 2, 2, true), (1, 2, 2, true), (2, 1, 3, NULL), (2, 1, 2, NULL), (2, 1, 2, NULL), (NULL, NULL, 5, true),
    (2, NULL, 5, true), (2, 2, NULL, true), (9, 9, 4, true), (2, 2, 9, false);
INSERT INTO tasks VALUES (1, 1, 1, 'a', 3, true), (2, 1, 1, NULL, 5, false), (3, 1, 1, 'a', NULL, false),
    (4, 1, 2, 'b', 2, true), (5, 2, 1, NULL, NULL, false), (6, 9, 9, 'z', 7, false);
";

/// The tables with their rows.
pub async fn world() -> World {
    World::new(&format!("{TABLES}{ROWS}")).await
}
