//! The naive loader: it goes from row to row and asks for the children of each by a statement of its own.
//!
//! It uses the client alone. A parent comes back to the server as JSON, filters are those that were written by hand,
//! and a many-to-many is deduplicated and counted off here.

use std::collections::BTreeSet;
use std::future::Future;
use std::pin::Pin;

use futures::future::join_all;
use serde_json::{Map, Value};
use tokio_postgres::Client;

use super::asked::{Link, Load, Reach, Relation, Rows, Sort, Table, Tree};
use super::sides::reached;

/// What was found: the rows, what is wrong with them, and the loads that had a key to ask with.
#[derive(Debug, Default)]
pub struct Found {
    pub rows: Vec<Row>,
    pub wrong: BTreeSet<Wrong>,
    pub asked: BTreeSet<String>,
}

/// What an error is to say: its kind, its path, and the parent's key.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Wrong {
    pub kind: &'static str,
    pub path: String,
    pub key: String,
}

#[derive(Debug, Clone)]
pub struct Row {
    pub own: Map<String, Value>,
    /// The key's columns.
    pub key: &'static [&'static str],
    /// Rows of one collection with equal ties may come in any order.
    pub ties: String,
    pub loads: Vec<(&'static str, Children)>,
}

#[derive(Debug, Clone)]
pub enum Children {
    One(Option<Box<Row>>),
    Many(Vec<Row>),
}

pub async fn load(client: &Client, tree: &Tree) -> Found {
    let mut found = Found::default();
    let table = tree.skeleton.table;
    let mut conditions = conditions(&tree.rows);
    conditions.extend(tree.find.iter().map(|find| find.sql.clone()));
    let conditions = all(conditions.into_iter().map(|condition| condition.replace('@', "t")));
    let (by, order) = order(&tree.rows, None, table);
    let sql = format!(
        "SELECT to_json(t)::text, {by} FROM {} t WHERE {conditions} ORDER BY {order}{}",
        table.name,
        limit(&tree.rows)
    );
    let rows = client.query(&sql, &[]).await.unwrap_or_else(|error| panic!("{error:?}\n{sql}"));
    let ordered = tree.rows.is_limited();
    let rows: Vec<Row> = rows.iter().enumerate().map(|(at, row)| read(table, row, ordered.then_some(at))).collect();
    found.rows =
        with_loads(client, &tree.rows.loads, table.entity.to_owned(), rows, &mut found.wrong, &mut found.asked).await;
    found
}

/// The conditions on the row `@` of a level: its filter, and those of the loads that are given to `with_matching`.
fn conditions(rows: &Rows) -> Vec<String> {
    let mut all: Vec<String> = rows.filter.iter().map(|filter| filter.sql.clone()).collect();
    all.extend(rows.loads.iter().filter(|load| load.matching).map(|load| matching(load, 0)));
    all
}

fn matching(load: &Load, depth: usize) -> String {
    let name = format!("m{depth}");
    let (from, link) = reached(load.relation, "@", &name);
    let mut conditions: Vec<String> = load.rows.filter.iter().map(|filter| filter.sql.replace('@', &name)).collect();
    conditions.extend(load.through.iter().map(|filter| filter.sql.replace('@', &format!("{name}_a"))));
    for below in load.rows.loads.iter().filter(|load| load.matching) {
        conditions.push(matching(below, depth + 1).replace('@', &name));
    }
    conditions.push(link);
    format!("(SELECT count(*) FROM {from} WHERE {}) > 0", all(conditions))
}

fn all(conditions: impl IntoIterator<Item = String>) -> String {
    let all: Vec<String> = conditions.into_iter().map(|condition| format!("({condition})")).collect();
    if all.is_empty() { String::from("true") } else { all.join(" AND ") }
}

/// What ties rows, as one text, and an ORDER BY that leaves no ties.
fn order(rows: &Rows, relation: Option<&Relation>, table: &Table) -> (String, String) {
    let name = |sort: &Sort| if sort.through { "t_a" } else { "t" };
    let mut by: Vec<String> = rows.order.iter().map(|sort| sort.by.replace('@', name(sort))).collect();
    let mut order: Vec<String> =
        by.iter().zip(&rows.order).map(|(by, sort)| format!("{by} {}", sort.direction)).collect();
    if let (true, Some(relation)) = (rows.order.is_empty(), relation) {
        by = relation.order.iter().map(|(by, _)| by.replace("{t}", "t")).collect();
        order = by.iter().zip(relation.order).map(|(by, (_, direction))| format!("{by} {direction}")).collect();
    }
    order.extend(table.key.iter().map(|column| format!("t.{column}")));
    (format!("json_build_array({})::text", by.join(", ")), order.join(", "))
}

fn limit(rows: &Rows) -> String {
    let limit = rows.limit.map_or_else(String::new, |limit| format!(" LIMIT {limit}"));
    let offset = rows.offset.map_or_else(String::new, |offset| format!(" OFFSET {offset}"));
    limit + &offset
}

fn read(table: &'static Table, row: &tokio_postgres::Row, place: Option<usize>) -> Row {
    let Ok(Value::Object(own)) = serde_json::from_str(row.get(0)) else { panic!("a row is an object") };
    let ties = place.map_or_else(|| row.get(1), |place| place.to_string());
    Row { own, key: table.key, ties, loads: Vec::new() }
}

type Loading<'a> = Pin<Box<dyn Future<Output = Vec<Row>> + 'a>>;

/// Puts the loads to rows of one level.
fn with_loads<'a>(
    client: &'a Client,
    loads: &'a [Load],
    path: String,
    mut parents: Vec<Row>,
    wrong: &'a mut BTreeSet<Wrong>,
    asked: &'a mut BTreeSet<String>,
) -> Loading<'a> {
    Box::pin(async move {
        for load in loads {
            let relation = load.relation;
            let path = format!("{path}.{}", relation.name);
            let has_key = |parent: &Row| relation.from.iter().all(|column| !parent.own[*column].is_null());
            if parents.iter().any(has_key) {
                asked.insert(path.clone());
            }
            let mut counts = Vec::with_capacity(parents.len());
            let mut children = Vec::new();
            for (parent, found) in parents.iter().zip(children_of(client, load, &parents).await) {
                let kind = match found.len() {
                    0 if load.promised => Some("MissingTarget"),
                    2.. if relation.reach != Reach::Many => Some("SeveralRows"),
                    _ => None,
                };
                wrong.extend(kind.map(|kind| Wrong { kind, path: path.clone(), key: parent.named(relation.from) }));
                counts.push(found.len());
                children.extend(found);
            }
            let children = with_loads(client, &load.rows.loads, path, children, wrong, asked).await;
            let mut children = children.into_iter();
            for (parent, count) in parents.iter_mut().zip(counts) {
                let mut found: Vec<Row> = children.by_ref().take(count).collect();
                let found = match relation.reach {
                    Reach::Many => Children::Many(found),
                    Reach::Promised | Reach::Maybe => Children::One(found.pop().map(Box::new)),
                };
                parent.loads.push((relation.name, found));
            }
        }
        parents
    })
}

/// The children of each parent, asked for one parent after the other.
async fn children_of(client: &Client, load: &Load, parents: &[Row]) -> Vec<Vec<Row>> {
    if parents.is_empty() {
        return Vec::new();
    }
    let relation = load.relation;
    let (table, through) = (relation.target, matches!(relation.link, Link::Through { .. }));
    let (from, link) = reached(relation, "p", "t");
    let mut conditions: Vec<String> =
        conditions(&load.rows).into_iter().map(|condition| condition.replace('@', "t")).collect();
    conditions.extend(load.through.iter().map(|filter| filter.sql.replace('@', "t_a")));
    conditions.push(link);
    let (by, order) = order(&load.rows, Some(relation), table);
    let sql = format!(
        "SELECT to_json(t)::text, {by} FROM {from}, json_populate_record(NULL::{}, $1::text::json) p WHERE {} ORDER BY {order}{}",
        relation.source.name,
        all(conditions),
        if through { String::new() } else { limit(&load.rows) },
    );
    let statement = client.prepare(&sql).await.unwrap_or_else(|error| panic!("{error:?}\n{sql}"));
    let one = async |parent: &Row| {
        let parent = serde_json::to_string(&parent.own).unwrap();
        client.query(&statement, &[&parent]).await.unwrap_or_else(|error| panic!("{error:?}\n{sql}"))
    };
    let mut all = Vec::with_capacity(parents.len());
    for found in join_all(parents.iter().map(one)).await {
        let mut rows: Vec<Row> = Vec::with_capacity(found.len());
        for row in &found {
            let row = read(table, row, None);
            // The first row of the association counts, and the target comes once.
            if !through || rows.iter().all(|known| known.of_key() != row.of_key()) {
                rows.push(row);
            }
        }
        if through {
            let skipped = rows.into_iter().skip(load.rows.offset.unwrap_or(0) as usize);
            rows = skipped.take(load.rows.limit.unwrap_or(u64::MAX) as usize).collect();
        }
        if load.rows.is_limited() {
            rows.iter_mut().enumerate().for_each(|(at, row)| row.ties = at.to_string());
        }
        all.push(rows);
    }
    all
}

impl Row {
    pub fn of_key(&self) -> Vec<&Value> {
        self.key.iter().map(|column| &self.own[*column]).collect()
    }

    /// These columns, as a message names them.
    fn named(&self, columns: &[&str]) -> String {
        let named: Vec<String> = columns.iter().map(|column| self.own[*column].to_string()).collect();
        if named.len() == 1 { named.concat() } else { format!("({})", named.join(", ")) }
    }
}
