//! Conditions and orders, written once for each side: as the crate has them, and as SQL that uses none of its ways.

use std::fmt;
use std::ops::Range;
use std::rc::Rc;

use proptest::prelude::*;
use proptest::sample::select;
use proptest::strategy::Union;
use relata::prelude::*;
use relata::{Order, Query};

use super::asked::{Filter, Find, Link, Relation, Sort};

/// A condition on rows of `E`; the SQL is on the row `@`.
pub struct Both<E> {
    predicate: Predicate<E>,
    sql: String,
    /// The number of subqueries inside each other, which gives each its own names.
    depth: usize,
}

impl<E> Clone for Both<E> {
    fn clone(&self) -> Self {
        Both { predicate: self.predicate.clone(), sql: self.sql.clone(), depth: self.depth }
    }
}

impl<E> fmt::Debug for Both<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.sql)
    }
}

#[derive(Debug, Clone, Copy)]
pub enum Quantifier {
    Any,
    None,
    Every,
}

impl<E> Both<E> {
    pub fn new(predicate: Predicate<E>, sql: impl Into<String>) -> Self {
        Both { predicate, sql: sql.into(), depth: 0 }
    }

    pub fn predicate(&self) -> Predicate<E> {
        self.predicate.clone()
    }

    fn and(self, other: Self) -> Self {
        let sql = format!("({} AND {})", self.sql, other.sql);
        Both { predicate: self.predicate & other.predicate, sql, depth: self.depth.max(other.depth) }
    }

    fn or(self, other: Self) -> Self {
        let sql = format!("({} OR {})", self.sql, other.sql);
        Both { predicate: self.predicate | other.predicate, sql, depth: self.depth.max(other.depth) }
    }

    fn not(self) -> Self {
        Both { predicate: !self.predicate, sql: format!("(NOT {})", self.sql), depth: self.depth }
    }

    /// So many of the rows at the end of a path meet a condition, counted.
    pub fn counted<T>(predicate: Predicate<E>, path: &[&Relation], of: Quantifier, condition: &Both<T>) -> Self {
        let name = |step: usize| if step == 0 { String::from("@") } else { format!("q{}_{step}", condition.depth) };
        let steps = path.iter().enumerate();
        let parts: Vec<(String, String)> =
            steps.map(|(at, relation)| reached(relation, &name(at), &name(at + 1))).collect();
        let from: Vec<&str> = parts.iter().map(|(from, _)| from.as_str()).collect();
        let link: Vec<&str> = parts.iter().map(|(_, link)| link.as_str()).collect();
        let met = format!(
            "(SELECT count(CASE WHEN {} THEN 1 END) FROM {} WHERE {})",
            condition.sql.replace('@', &name(path.len())),
            from.join(", "),
            link.join(" AND "),
        );
        let sql = match of {
            Quantifier::Any => format!("({met} > 0)"),
            Quantifier::None => format!("({met} = 0)"),
            Quantifier::Every => {
                format!("({met} = (SELECT count(*) FROM {} WHERE {}))", from.join(", "), link.join(" AND "))
            }
        };
        Both { predicate, sql, depth: condition.depth + 1 }
    }
}

/// The FROM and the WHERE that lead from the row `parent` over a relation to rows `target`.
pub fn reached(relation: &Relation, parent: &str, target: &str) -> (String, String) {
    let between = format!("{target}_a");
    let fill = |text: &str| text.replace("{p}", parent).replace("{t}", target).replace("{a}", &between);
    let mut from = format!("{} {target}", relation.target.name);
    let mut all = vec![match &relation.link {
        Link::Direct(link) => fill(link),
        Link::Through { table, near, far, only, .. } => {
            from = format!("{from}, {table} {between}");
            let only = only.map_or_else(String::new, |only| format!(" AND {}", fill(only)));
            format!("{} AND {}{only}", fill(near), fill(far))
        }
    }];
    all.extend(relation.only.map(fill));
    (from, all.join(" AND "))
}

/// Conditions of these leaves, joined.
pub fn joined<E: 'static>(leaf: BoxedStrategy<Both<E>>) -> BoxedStrategy<Both<E>> {
    leaf.prop_recursive(2, 3, 2, |inner| {
        prop_oneof![
            (inner.clone(), inner.clone()).prop_map(|(one, other)| one.and(other)),
            (inner.clone(), inner.clone()).prop_map(|(one, other)| one.or(other)),
            inner.prop_map(Both::not),
        ]
    })
    .boxed()
}

/// Hides the type.
pub fn erased<E: 'static>(both: BoxedStrategy<Both<E>>) -> BoxedStrategy<Filter> {
    both.prop_map(|both| Filter { sql: both.sql, predicate: Rc::new(both.predicate) }).boxed()
}

/// Orders by one of these, each a pair of the crate's two orders with the SQL that they sort by.
pub fn sorted<E: 'static>(columns: Vec<(Order<E>, Order<E>, &'static str)>) -> BoxedStrategy<Sort> {
    let direction = select(vec![
        ("ASC", false, None),
        ("DESC", true, None),
        ("ASC NULLS FIRST", false, Some(true)),
        ("DESC NULLS LAST", true, Some(false)),
        ("ASC NULLS LAST", false, Some(false)),
        ("DESC NULLS FIRST", true, Some(true)),
    ]);
    (select(columns), direction)
        .prop_map(|((asc, desc, by), (direction, descending, first))| {
            let order = if descending { desc } else { asc };
            let order = match first {
                None => order,
                Some(true) => order.nulls_first(),
                Some(false) => order.nulls_last(),
            };
            Sort { by: by.to_owned(), direction, order: Rc::new(order), through: false }
        })
        .boxed()
}

/// A query by a key, with the SQL that says the same of the row `@`.
pub fn found<E: Entity>(query: Query<E>, sql: String) -> Find {
    Find { sql, query: Rc::new(query) }
}

/// Rows of a table: seldom hardly any, mostly so many that a row has several children. It shrinks to hardly any.
pub fn some<S: Strategy + 'static>(most: usize, rows: impl Fn(Range<usize>) -> S) -> Union<BoxedStrategy<S::Value>>
where
    S::Value: fmt::Debug,
{
    Union::new_weighted(vec![(1, rows(0..2).boxed()), (9, rows(most / 2..most).boxed())])
}

pub fn quantifier() -> impl Strategy<Value = Quantifier> {
    select(vec![Quantifier::Any, Quantifier::None, Quantifier::Every])
}

/// A text as SQL writes it.
pub fn quote(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

/// Few texts, so that they collide, among them those that `LIKE` and quoting trip over.
pub fn text() -> impl Strategy<Value = String> {
    select(vec!["", "a", "a", "A", "A", "ab", "ab", "a%", "a_", "\\", "'; --", "é"]).prop_map(str::to_owned)
}
