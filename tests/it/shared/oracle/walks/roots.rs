//! The roots of walks, and what is loaded with their rows.

use relata::Query;
use relata::prelude::*;

use super::super::asked::Table;
use super::super::goods::model::{Branch, Item, Stock, Tag};
use super::super::school::model::{Course, Enrollment, Lecturer, Student, Visit};
use super::super::selections::catalog::Asked;
use super::super::selections::naive::Naive;
use super::super::selections::query::ordered;
use super::super::selections::values::Pick;
use super::super::staff::model::{Employee, Follow, Room};
use super::Walk;
use super::pages::Pages;

/// A query for pages, and what it means.
pub struct Made {
    pub query: Box<dyn Pages>,
    pub naive: Naive,
    pub table: &'static Table,
}

pub type Make = fn(&Walk) -> Made;

fn make<E: Asked>(walk: &Walk, loaded: impl FnOnce(Query<E>, Pick) -> Box<dyn Pages>) -> Made {
    let ordered = ordered::<E>(&walk.filters, &walk.order);
    let query = ordered.filters.into_iter().fold(E::query(), Query::filter);
    let query = ordered.order.into_iter().fold(query, Query::order_by);
    Made { query: loaded(query, walk.loads), naive: ordered.naive, table: E::ABOUT }
}

/// One of the shapes that are written down.
fn shaped<E: Asked>(walk: &Walk) -> Made {
    let shapes = E::shapes();
    let shape = walk.loads.from(&shapes);
    let made = make::<E>(walk, |query, _| (shape.pages)(query));
    Made { naive: Naive { items: vec![shape.is.clone()], ..made.naive }, ..made }
}

/// The shapes of rows, views and loads within each other, whose every value is compared.
pub const SCHOOL_SHAPES: &[Make] = &[shaped::<Student>, shaped::<Course>, shaped::<Lecturer>];
pub const STAFF_SHAPES: &[Make] = &[shaped::<Employee>, shaped::<Room>];
pub const GOODS_SHAPES: &[Make] = &[shaped::<Branch>, shaped::<Item>];

/// One of several queries, each with other loads.
macro_rules! roots {
    ($($entity:ident: |$query:ident| $($loaded:expr),+;)+) => {
        &[$(|walk| {
            make::<$entity>(walk, |$query, pick| {
                let all: &[fn(Query<$entity>) -> Box<dyn Pages>] =
                    &[|$query| Box::new($query), $(|$query| Box::new($loaded)),+];
                pick.from(all)($query)
            })
        }),+]
    };
}

pub const SCHOOL: &[Make] = roots! {
    Student: |query|
        query.with(Student.tutor.filter(Predicate::always())),
        query.with(Student.courses.joined()),
        query.with(Student.visited.with(Course.lecturer)).with(Student.tutor.filter(Predicate::always()).joined()),
        query.with(Student.wished.limit(1).joined().with(Course.students.order_by(Student.id.desc())));
    Course: |query|
        query.with(Course.lecturer.joined().with(Lecturer.tutored)),
        query.with(Course.visitors.joined()).with(Course.lecturer.select_in());
    Lecturer: |query|
        query.with(Lecturer.courses.joined().with(Course.students)).with(Lecturer.chair),
        query.with(Lecturer.tutored.filter(Student.id.gt(2)));
    Visit: |query| query.with(Visit.student.filter(Predicate::always()).with(Student.hoped));
    Enrollment: |query| query.with(Enrollment.course.filter(Predicate::always()).joined().with(Course.students.joined()));
};

pub const STAFF: &[Make] = roots! {
    Employee: |query|
        query.with(Employee.manager),
        query.with(Employee.subordinates.joined()),
        query.with(Employee.likes.with(Employee.manager.joined())).with(Employee.follows.joined());
    Room: |query| query.with(Room.people.joined().with(Employee.seniors)), query.with(Room.people.limit(2).window());
    Follow: |query| query.with(Follow.followed.filter(Predicate::always()).joined());
};

pub const GOODS: &[Make] = roots! {
    Branch: |query|
        query.with(Branch.items.joined()),
        query.with(Branch.tags.with(Tag.branches)).with(Branch.sold);
    Item: |query|
        query.with(Item.branch.with(Branch.tags)).with(Item.successors.joined()),
        query.with(Item.tax).with(Item.predecessor.joined());
    Stock: |query| query.with(Stock.item.filter(Predicate::always()).joined());
};
