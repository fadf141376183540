//! One shape has one text, whatever the values; and a calculation means what its tree says.

use relata::prelude::*;
use relata::{Expression, case, count, exists, literal, outer};

use super::model::{Employee, Project, world};

#[tokio::test]
async fn the_text_follows_from_the_shape_and_not_from_the_values() {
    let asked = |number: i32, name: &str, names: Vec<String>, rows: u64| {
        let rest = || Employee.salary % number + 1;
        [
            Employee::query()
                .filter(Employee.reports.count().filter(Employee.name.eq(name)).gt(i64::from(number)))
                .filter(Employee.name.is_in(names.clone()) | Employee.projects.any(Project.no.gt(number)))
                .order_by(rest().desc())
                .limit(rows)
                .offset(rows)
                .with(Employee.reports.filter(Employee.name.ne(name)).limit(rows))
                .to_sql()
                .to_string(),
            Employee::query().distinct_on(rest()).order_by(rest().asc()).limit(rows).to_sql().to_string(),
            Employee::query()
                .group_by((rest(), case(Employee.salary.gt(number), name).otherwise("none")))
                .having(rest().gt(number) & count().gt(i64::from(number)))
                .select((rest(), rest() * number, case(Employee.salary.gt(number), name).otherwise("none"), count()))
                .order_by(rest().asc())
                .to_sql()
                .to_string(),
            Employee::from_sql("SELECT * FROM employees WHERE id > {} AND name <> {}", (number, name))
                .union(Employee::query().filter(Employee.id.eq(number)).limit(rows))
                .to_sql()
                .to_string(),
            Employee::query()
                .select((
                    literal(number),
                    name.to_owned(),
                    Employee.name.string_agg(name).filter(Employee.name.or(name).ne(name)),
                ))
                .having(count().gt(1))
                .to_sql()
                .to_string(),
            Employee::query()
                .filter(exists(Project::query().filter(Project.lead_id.eq(outer(Employee.id)) & Project.no.gt(number))))
                .to_sql()
                .to_string(),
        ]
    };
    // One row alone is a shape of its own.
    let one = asked(2, "Ann", vec![], 2);
    let other = asked(40, "it's a $1 {} ?", vec!["a".to_owned(), "b".to_owned(), "c".to_owned()], 90);
    assert_eq!(one, other);
}

/// A calculation, its SQL with every parenthesis, and its value for an employee whose salary is 95 and whose id is 4.
fn calculation(random: &mut u64, depth: u32) -> (Expression<Employee, i32>, String, Option<i32>) {
    let mut next = |below: u64| {
        *random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (*random >> 33) % below
    };
    let kind = if depth == 0 { next(2) } else { 2 + next(6) };
    match kind {
        0 => (Employee.salary + 0, "(salary + 0)".to_owned(), Some(95)),
        1 => (Employee.id * 1, "(id * 1)".to_owned(), Some(4)),
        2 => {
            let (of, sql, value) = calculation(random, depth - 1);
            (
                case(of.clone().gt(7), of).otherwise(7),
                format!("(CASE WHEN ({sql}) > 7 THEN ({sql}) ELSE 7 END)"),
                value.map(|value| value.max(7)),
            )
        }
        operator => {
            let (left, left_sql, left_value) = calculation(random, depth - 1);
            let (right, right_sql, right_value) = calculation(random, depth - 1);
            let both = left_value.zip(right_value);
            let sign = ["+", "-", "*", "/", "%"][operator as usize - 3];
            let value = both.and_then(|(left, right)| match operator {
                3 => left.checked_add(right),
                4 => left.checked_sub(right),
                5 => left.checked_mul(right),
                6 => left.checked_div(right),
                _ => left.checked_rem(right),
            });
            let expression = match operator {
                3 => left + right,
                4 => left - right,
                5 => left * right,
                6 => left / right,
                _ => left % right,
            };
            (expression, format!("(({left_sql}) {sign} ({right_sql}))"), value)
        }
    }
}

#[tokio::test]
async fn a_calculation_means_what_its_tree_says() {
    let world = world().await;
    let db = &world.pool;
    let (mut random, mut compared) = (7, 0);
    for round in 0..300 {
        let (expression, sql, value) = calculation(&mut random, 1 + round % 4);
        let Some(value) = value else { continue };
        let query =
            Employee::query().select((expression.clone(), expression.clone().lt(100), Employee.id - expression));
        let query = query.filter(Employee.id.eq(4));
        let told = query.to_sql();
        let Ok(less) = i32::try_from(4 - i64::from(value)) else { continue };
        let row = query.one(db).await.unwrap_or_else(|error| panic!("{error:?}\n{told}\n{sql}"));
        assert_eq!(row, (value, Some(value < 100), less), "{told}\n{sql}");
        compared += 1;
    }
    assert!(compared > 150, "{compared}");
}
