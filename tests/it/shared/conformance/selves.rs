//! Group I and fixture 5.3: trees, cycles and rows that are their own parents, under every mixture of strategies.

use relata::prelude::*;

use crate::support::World;
use crate::support::stock::{self, Graph, Node, Page, ids};
use crate::support::trace::listen;
use crate::support::twins::{SelectIn, Under, mixtures};

/// Rows of `nodes`: an id and a parent's.
type Parents = [(i32, Option<i32>)];

/// Tree B: n1 over (n11 over (n111, n112), n12 over (n121, n122, n123), n13), and n2 over n21 over (n211, n212).
const TREE_B: [(i32, Option<i32>); 13] = [
    (1, None),
    (2, Some(1)),
    (3, Some(1)),
    (4, Some(1)),
    (5, Some(2)),
    (6, Some(2)),
    (7, Some(3)),
    (8, Some(3)),
    (9, Some(3)),
    (10, None),
    (11, Some(10)),
    (12, Some(11)),
    (13, Some(11)),
];

/// Two cycles, of three rows and of two, with rows that lead into them, and two rows that are their own parents.
const CYCLES: [(i32, Option<i32>); 9] = [
    (1, Some(3)),
    (2, Some(2)),
    (3, Some(7)),
    (4, Some(5)),
    (5, Some(4)),
    (6, Some(1)),
    (7, Some(1)),
    (8, Some(8)),
    (9, Some(8)),
];

async fn world(rows: &Parents) -> World {
    let world = stock::world().await;
    let value = |(id, parent): &(i32, Option<i32>)| match parent {
        Some(parent) => format!("({id}, {parent}, 'n{id}')"),
        None => format!("({id}, NULL, 'n{id}')"),
    };
    let values: Vec<String> = rows.iter().map(value).collect();
    world.execute(&format!("INSERT INTO nodes VALUES {}", values.join(", "))).await;
    world
}

fn below(rows: &Parents, id: i32) -> Vec<i32> {
    rows.iter().filter(|(_, parent)| *parent == Some(id)).map(|(id, _)| *id).collect()
}

fn above(rows: &Parents, id: i32) -> Option<i32> {
    rows.iter().find(|(row, _)| *row == id).and_then(|(_, parent)| *parent)
}

/// A row, and what is below it, three levels deep.
type Down = (i32, Vec<(i32, Graph)>);

/// All rows with what is below them, of each parent this part.
fn down(rows: &Parents, part: Page) -> Vec<Down> {
    let children = |id: i32| part.cut(below(rows, id)).into_iter();
    let second = |id: i32| children(id).map(|id| (id, children(id).collect())).collect::<Graph>();
    rows.iter().map(|(id, _)| (*id, children(*id).map(|id| (id, second(id))).collect())).collect()
}

/// A row, and the three above it.
type Up = (i32, Option<(i32, Option<(i32, Option<i32>)>)>);

fn up(rows: &Parents) -> Vec<Up> {
    let second = |id: i32| (id, above(rows, id).map(|id| (id, above(rows, id))));
    rows.iter().map(|(id, parent)| (*id, parent.map(second))).collect()
}

async fn goes_down_and_up(rows: &Parents) {
    let world = world(rows).await;
    for [one, two, three] in mixtures() {
        let child = || Node.children.order_by(Node.id.asc());
        for part in [Page::ALL, Page::first(1), Page::part(1, 1), Page::first(2)] {
            let third = part.of_each(child().under(three), part.offset.is_some());
            let load =
                part.of_each(child().under(one), false).with(part.of_each(child().under(two), false).with(third));
            let query = Node::query().order_by(Node.id.asc()).with(load);
            let nodes = query.all(&world.pool).await.unwrap();
            let second = |node: &loaded!(Node { children { children } })| {
                node.children().iter().map(|node| (node.id, ids!(node.children()))).collect::<Graph>()
            };
            let found: Vec<Down> = nodes
                .iter()
                .map(|node| (node.id, node.children().iter().map(|node| (node.id, second(node))).collect()))
                .collect();
            assert_eq!(found, down(rows, part), "{part:?}\n{}", query.to_sql());
        }

        let load = Node.parent.under(one).with(Node.parent.under(two).with(Node.parent.under(three)));
        let query = Node::query().order_by(Node.id.asc()).with(load);
        let nodes = query.all(&world.pool).await.unwrap();
        let found: Vec<Up> = nodes
            .iter()
            .map(|node| {
                let third = |node: &loaded!(Node { parent })| (node.id, node.parent().map(|node| node.id));
                (node.id, node.parent().map(|node| (node.id, node.parent().map(third))))
            })
            .collect();
        assert_eq!(found, up(rows), "{}", query.to_sql());
    }
}

#[tokio::test]
async fn two_trees_downwards_and_upwards() {
    goes_down_and_up(&TREE_B).await;
}

#[tokio::test]
async fn rows_in_cycles_have_the_levels_that_are_spelled() {
    goes_down_and_up(&CYCLES).await;
}

#[tokio::test]
async fn i1_a_tree_in_as_many_statements_as_loads_stand_apart() {
    let world = stock::tree().await;
    for strategies in mixtures::<3>() {
        let child = |at: usize| Node.children.order_by(Node.id.asc()).under(strategies[at]);
        let query = Node::query().order_by(Node.id.asc()).with(child(0).with(child(1).with(child(2))));
        let apart = strategies.iter().filter(|strategy| **strategy == SelectIn).count();
        assert_eq!(query.plan().statements(), 1 + apart);
        let expected = vec![(2, vec![]), (3, vec![5, 6, 7]), (4, vec![])];
        for first in [false, true] {
            let listener = listen();
            let root = if first {
                query.first(&world.pool).await.unwrap().unwrap()
            } else {
                query.clone().filter(Node.parent_id.is_null()).one(&world.pool).await.unwrap()
            };
            assert_eq!(listener.take().len(), 1 + apart, "{}", query.to_sql());
            let found: Graph = root.children().iter().map(|node| (node.id, ids!(node.children()))).collect();
            assert_eq!((root.id, found), (1, expected.clone()), "{}", query.to_sql());
            let leaves = root.children()[1].children();
            assert!(leaves.iter().all(|leaf| leaf.children().is_empty()));
            assert_eq!(leaves[2].data.as_deref(), Some("n123"));
        }
    }
}

#[tokio::test]
async fn down_and_up_side_by_side() {
    let world = world(&TREE_B).await;
    for [parent, siblings, children, parents] in mixtures() {
        let siblings = Node.children.order_by(Node.id.desc()).under(siblings);
        let children = Node.children.order_by(Node.id.asc()).under(children).with(Node.parent.under(parents));
        let query = Node::query().order_by(Node.id.asc()).with(Node.parent.under(parent).with(siblings)).with(children);
        let nodes = query.all(&world.pool).await.unwrap();
        assert_eq!(nodes.len(), TREE_B.len());
        for node in &nodes {
            let parent = above(&TREE_B, node.id);
            assert_eq!(node.parent().map(|node| node.id), parent, "{}", query.to_sql());
            let mut expected = parent.map_or(vec![], |parent| below(&TREE_B, parent));
            expected.reverse();
            assert_eq!(node.parent().map_or(vec![], |node| ids!(node.children())), expected, "{}", query.to_sql());
            assert_eq!(ids!(node.children()), below(&TREE_B, node.id), "{}", query.to_sql());
            assert!(node.children().iter().all(|child| child.parent().is_some_and(|above| above.id == node.id)));
        }
    }
}

mod staff {
    use relata::prelude::*;

    #[derive(Entity, Debug, Clone, PartialEq)]
    #[entity(table = "employees")]
    #[belongs_to(reports_to: Option<Employee>, by = (company_id, reports_to_id))]
    #[has_many(reports: Vec<Employee>, by = (company_id, reports_to_id), order_by = emp_id)]
    pub struct Employee {
        #[key]
        pub company_id: i32,
        #[key]
        pub emp_id: i32,
        pub name: String,
        pub reports_to_id: Option<i32>,
    }

    /// Two companies whose employees have the same numbers, and other chiefs.
    pub const SCRIPT: &str =
        "CREATE TABLE employees (company_id int, emp_id int, name text NOT NULL, reports_to_id int,
            PRIMARY KEY (company_id, emp_id), FOREIGN KEY (company_id, reports_to_id) REFERENCES employees);
        INSERT INTO employees VALUES (1, 1, 'emp1', NULL), (1, 2, 'emp2', 1), (1, 3, 'emp3', 1), (1, 4, 'emp4', 3),
            (2, 1, 'emp5', NULL), (2, 2, 'emp6', 1), (2, 3, 'emp7', 1);";
}

#[tokio::test]
async fn chiefs_of_chiefs_by_a_key_that_the_company_shares() {
    use staff::Employee;
    let world = World::new(staff::SCRIPT).await;
    let name = |row: &Employee| row.name.clone();
    for [reports, second, chief, of_chief, colleagues] in mixtures() {
        let query = Employee::query()
            .order_by(Employee.name.asc())
            .with(Employee.reports.under(reports).with(Employee.reports.limit(1).under(second)))
            .with(
                Employee
                    .reports_to
                    .under(chief)
                    .with(Employee.reports_to.under(of_chief))
                    .with(Employee.reports.order_by(Employee.name.desc()).under(colleagues)),
            );
        let all = query.all(&world.pool).await.unwrap();
        let found: Vec<_> = all
            .iter()
            .map(|row| {
                let below: Vec<_> = row
                    .reports()
                    .iter()
                    .map(|row| (row.name.clone(), row.reports().iter().map(name).collect()))
                    .collect();
                let above = row.reports_to().map(|chief| {
                    let colleagues = chief.reports().iter().map(name).collect::<Vec<_>>();
                    (chief.name.clone(), chief.reports_to().map(name), colleagues)
                });
                (row.name.clone(), below, above)
            })
            .collect();
        let emp = |number: i32| format!("emp{number}");
        let under_one = Some((emp(1), None, vec![emp(3), emp(2)]));
        let under_five = Some((emp(5), None, vec![emp(7), emp(6)]));
        let expected = [
            (emp(1), vec![(emp(2), vec![]), (emp(3), vec![emp(4)])], None),
            (emp(2), vec![], under_one.clone()),
            (emp(3), vec![(emp(4), vec![])], under_one),
            (emp(4), vec![], Some((emp(3), Some(emp(1)), vec![emp(4)]))),
            (emp(5), vec![(emp(6), vec![]), (emp(7), vec![])], None),
            (emp(6), vec![], under_five.clone()),
            (emp(7), vec![], under_five),
        ];
        assert_eq!(found, expected, "{}", query.to_sql());
    }
}
