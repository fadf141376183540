//! The relations whose rows are paged for each parent, and the queries that do it.

use relata::prelude::*;
use relata::{Cursor, Predicate};

use super::super::asked::Relation;
use super::super::goods::about as goods;
use super::super::goods::model::{Branch, Brand, Item, Stock, Tag};
use super::super::school::about as school;
use super::super::school::model::{Course, Enrollment, Lecturer, Student, Visit};
use super::super::selections::meaning::At;
use super::super::selections::naive::{Naive, Sorted};
use super::super::selections::query::ordered;
use super::super::staff::about as staff;
use super::super::staff::model::{Employee, Follow, Room};
use super::pages::Pages;
use super::parents::Walk;

/// Queries for the pages of each parent, by a size and where they begin.
pub struct Made {
    pub query: Box<dyn Fn(u64, Option<&[Cursor]>) -> Box<dyn Pages>>,
    pub relation: &'static Relation,
    /// The relations to the parents, where they are not the query's own rows.
    pub below: &'static [&'static str],
    pub naive: Naive,
    /// What the children are sorted by: the association's rows, and then themselves.
    pub order: Vec<Sorted>,
    /// What the association's rows are, and the number of the terms that they are sorted by.
    pub through: Option<(Naive, usize)>,
}

pub type Make = fn(&Walk) -> Made;

/// The relation's own order holds where none is asked for.
fn own_order(naive: &mut Naive, relation: &'static Relation) {
    let own = relation.order.iter().map(|(column, direction)| {
        let descending = *direction == "DESC";
        let by = At::root(relation.target).col(column.trim_start_matches("{t}."));
        Sorted { by, descending, nulls_first: descending }
    });
    naive.order.splice(0..0, own.collect::<Vec<_>>());
}

macro_rules! children {
    ($($entity:ident.$relation:ident $about:path, $target:ident $(through $association:ident)?
        $(, below $below:tt |$load:ident| $query:expr)?;)*) => {
        &[$(|walk| {
            let mut asked = ordered::<$target>(&walk.filters, &walk.order);
            let mut load = $entity.$relation.filter(Predicate::always());
            load = asked.filters.into_iter().fold(load, |load, filter| load.filter(filter));
            let (through, mut sorts): (Option<(Naive, usize)>, Vec<Sorted>) = (None, Vec::new());
            $(
                let by = ordered::<$association>(&walk.through_filters, &walk.through);
                load = by.filters.into_iter().fold(load, |load, filter| load.filter_through(filter));
                let terms = by.order.len();
                load = by.order.into_iter().fold(load, |load, order| load.order_by_through(order));
                sorts.extend_from_slice(&by.naive.order[..terms]);
                let through = through.or(Some((by.naive, terms)));
            )?
            if walk.order.is_empty() && sorts.is_empty() {
                own_order(&mut asked.naive, &$about);
            }
            load = asked.order.into_iter().fold(load, |load, order| load.order_by(order));
            sorts.extend(asked.naive.order.iter().cloned());
            let load = match walk.how.of(4) {
                0 => load,
                1 => load.select_in(),
                2 => load.joined(),
                _ => load.window(),
            };
            Made {
                query: Box::new(move |size, after| {
                    let load = load.clone();
                    let load = after.map_or(load.clone(), |after| load.after(after.to_vec())).first(size);
                    Box::new(children!(query $entity load $(, |$load| $query)?))
                }),
                relation: &$about,
                below: children!(below $($below)?),
                naive: asked.naive,
                order: sorts,
                through,
            }
        }),*]
    };
    (query $entity:ident $given:ident) => { $entity::query().with($given) };
    (query $entity:ident $given:ident, |$load:ident| $query:expr) => {{ let $load = $given; $query }};
    (below) => { &[] };
    (below $below:tt) => { &$below };
}

pub const SCHOOL: &[Make] = children! {
    Student.courses school::STUDENT_COURSES, Course through Enrollment;
    Student.visited school::VISITED, Course through Visit;
    Student.passed school::PASSED, Course through Enrollment;
    Student.wished school::WISHED, Course;
    Student.hoped school::HOPED, Course;
    Student.enrollments school::STUDENT_ENROLLMENTS, Enrollment;
    Lecturer.courses school::LECTURER_COURSES, Course;
    Lecturer.tutored school::TUTORED, Student;
    Course.visitors school::VISITORS, Student through Visit;
    Student.visited school::VISITED, Course through Visit, below ["tutored"]
        |load| Lecturer::query().with(Lecturer.tutored.with(load));
    Course.wishers school::WISHERS, Student, below ["wished"] |load| Student::query().with(Student.wished.joined().with(load));
    Lecturer.courses school::LECTURER_COURSES, Course, below ["lecturer"]
        |load| Course::query().with(Course.lecturer.with(load));
};

pub const STAFF: &[Make] = children! {
    Employee.subordinates staff::SUBORDINATES, Employee;
    Employee.seniors staff::SENIORS, Employee;
    Employee.follows staff::FOLLOWED, Employee through Follow;
    Employee.likes staff::LIKES, Employee;
    Employee.loves staff::LOVES, Employee;
    Room.people staff::PEOPLE, Employee;
    Employee.roommates staff::ROOMMATES, Employee;
    Employee.likes staff::LIKES, Employee, below ["manager", "subordinates"] |load| Employee::query()
        .with(Employee.manager.with(Employee.subordinates.with(load)));
};

pub const GOODS: &[Make] = children! {
    Branch.items goods::BRANCH_ITEMS, Item;
    Branch.sold goods::SOLD, Item;
    Branch.at_home goods::AT_HOME, Item;
    Branch.tags goods::BRANCH_TAGS, Tag;
    Branch.stocked goods::STOCKED, Item through Stock;
    Item.successors goods::SUCCESSORS, Item;
    Item.stocked_at goods::STOCKED_AT, Branch through Stock;
    Brand.goods goods::GOODS, Item;
    Tag.branches goods::TAG_BRANCHES, Branch;
    Branch.tags goods::BRANCH_TAGS, Tag, below ["branch"] |load| Item::query().with(Item.branch.joined().with(load));
};
