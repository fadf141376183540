//! What is asked of every type: a table whose columns are of it, and an entity whose fields are of its Rust type.
//!
//! The values of a row of the table of types come in ascending order. Value `i` is the `id` of row `i`; its `parent` is
//! value `(i - 1) / 2`, so that the rows are a tree in which most have two children.

use std::fmt::Debug;

use relata::prelude::*;
use relata::{Error, ErrorKind, Order, Query, Shape};
use relata_scratch::Scratch;

use super::{World, connect};

/// A row of the table of types, as `docs/types.md` has it.
#[derive(Debug)]
pub struct Row {
    pub sql: &'static str,
    pub rust: &'static str,
    pub key: &'static str,
}

/// An entity of a table whose columns are of one type.
pub trait Cell: Entity {
    /// The type's Rust type.
    type Value: Clone + Debug;

    fn number(&self) -> i32;
    fn id(&self) -> &Self::Value;
    fn parent(&self) -> Option<&Self::Value>;
    fn list(&self) -> &[Self::Value];
    /// An array with a NULL in it.
    fn gaps(&self) -> Option<&[Option<Self::Value>]>;
    /// All rows, in the order of their numbers.
    fn all() -> Query<Self>;
    fn is_root() -> Predicate<Self>;
}

/// A type whose values the database can compare, and sort.
pub trait Compare: Cell {
    fn find(id: Self::Value) -> Query<Self>;
    fn eq(id: Self::Value) -> Predicate<Self>;
    fn is_distinct(parent: Option<Self::Value>) -> Predicate<Self>;
    fn lt(id: Self::Value) -> Predicate<Self>;
    fn between(low: Self::Value, high: Self::Value) -> Predicate<Self>;
    fn is_in(ids: Vec<Self::Value>) -> Predicate<Self>;
    fn contains(elements: Vec<Self::Value>) -> Predicate<Self>;
    fn by_id() -> Order<Self>;
}

/// A type of keys.
pub trait Keyed: Compare {
    /// A row with its children and the row above it.
    type Tree: Shape<Entity = Self>;

    /// Every way to load these trees: its name, how many children are loaded at most, and the query.
    fn ways(query: &Query<Self>) -> Vec<(&'static str, usize, Query<Self::Tree>)>;
    /// The numbers of the row, of its children and of the row above it.
    fn tree(tree: &Self::Tree) -> (i32, Vec<i32>, Option<i32>);
}

/// A database with the rows; of its own where there are extensions in it.
pub struct Cells {
    pub world: World,
    sql: &'static str,
    _scratch: Option<Scratch>,
}

impl Cells {
    /// Runs the script, then makes the table and fills it with these values.
    pub async fn new(before: &str, sql: &'static str, values: &[&str]) -> Cells {
        let quoted: Vec<String> = values.iter().map(|value| format!("'{}'", value.replace('\'', "''"))).collect();
        let columns = format!("n int NOT NULL, id {sql} NOT NULL, parent {sql}, list {sql}[] NOT NULL, gaps {sql}[]");
        let mut script = format!("{before}; CREATE TABLE cells ({columns});");
        for (at, id) in quoted.iter().enumerate() {
            let parent = above(at).map_or("NULL", |above| &quoted[above]);
            let list = format!("ARRAY[{}]::{sql}[]", quoted.join(", "));
            let gaps = if at == 0 { "NULL".to_owned() } else { format!("ARRAY[{id}, NULL]::{sql}[]") };
            script += &format!("INSERT INTO cells VALUES ({at}, {id}, {parent}, {list}, {gaps});");
        }
        Cells { sql, ..Cells::run(&script).await }
    }

    /// What the script makes; it can make extensions.
    pub async fn run(script: &str) -> Cells {
        let scratch = script.contains("CREATE EXTENSION").then(|| Scratch::start().unwrap());
        if let Some(scratch) = &scratch {
            has_extensions(scratch, script).await;
        }
        let world = World::on(scratch.as_ref().unwrap_or_else(|| relata_scratch::shared()), script).await;
        Cells { world, sql: "", _scratch: scratch }
    }

    /// The rows are read as they were written, NULLs and arrays among them.
    pub async fn are_columns<C: Cell>(&self, values: &[C::Value]) {
        let cells = C::all().all(&self.world.pool).await.unwrap();
        assert_eq!(cells.len(), values.len());
        for (at, cell) in cells.iter().enumerate() {
            same(cell.id(), &values[at]);
            same(&cell.parent(), &above(at).map(|above| &values[above]));
            same(cell.list(), values);
            same(&cell.gaps(), &(at > 0).then_some(&[Some(values[at].clone()), None][..]));
        }
        assert_eq!(self.numbers(C::is_root()).await, [0]);
    }

    /// A value that is sent equals the one that was written, and no other, in every comparison.
    pub async fn are_compared<C: Compare>(&self, values: &[C::Value]) {
        let all: Vec<i32> = (0..).take(values.len()).collect();
        let (first, last) = (&values[0], &values[values.len() - 1]);
        for (at, value) in values.iter().enumerate() {
            assert_eq!(self.numbers(C::eq(value.clone())).await, all[at..=at], "{value:?}");
            let found = C::find(value.clone()).one(&self.world.pool).await.unwrap();
            assert_eq!(found.number(), all[at]);
        }
        // `hstore` has an order, and no operators for it.
        if self.sql != "hstore" {
            assert_eq!(self.numbers(C::lt(last.clone())).await, all[..all.len() - 1]);
            assert_eq!(self.numbers(C::between(first.clone(), last.clone())).await, all);
            assert_eq!(self.numbers(C::between(last.clone(), last.clone())).await, all[all.len() - 1..]);
        }
        assert_eq!(self.numbers(C::is_in(vec![last.clone(), first.clone()])).await, [0, all[all.len() - 1]]);
        assert!(self.numbers(C::is_in(Vec::new())).await.is_empty());
        // Of an array of `ltree`, the extension makes something else of `@>`.
        if self.sql != "ltree" {
            assert_eq!(self.numbers(C::contains(values.to_vec())).await, all);
        }
        assert_eq!(self.numbers(C::is_distinct(None)).await, all[1..]);
        let not_below_first = self.numbers(C::is_distinct(Some(first.clone()))).await;
        assert_eq!(not_below_first, all.iter().copied().filter(|at| !matches!(at, 1 | 2)).collect::<Vec<_>>());
        let sorted = C::query().order_by(C::by_id()).all(&self.world.pool).await.unwrap();
        assert_eq!(sorted.iter().map(C::number).collect::<Vec<_>>(), all);
    }

    /// Children find their parents and parents their children, whichever way they are loaded.
    pub async fn are_keys<C: Keyed>(&self, values: &[C::Value]) {
        for (way, limit, query) in C::ways(&C::all()) {
            let trees = query.all(&self.world.pool).await.unwrap_or_else(|error| panic!("{way}: {error:?}"));
            let trees: Vec<_> = trees.iter().map(C::tree).collect();
            assert_eq!(
                trees,
                (0..values.len()).map(|at| expected(at, limit, values.len())).collect::<Vec<_>>(),
                "{way}"
            );
        }
        for (at, value) in values.iter().enumerate() {
            for (way, limit, query) in C::ways(&C::find(value.clone())) {
                let tree = query.one(&self.world.pool).await.unwrap_or_else(|error| panic!("{way}: {error:?}"));
                assert_eq!(C::tree(&tree), expected(at, limit, values.len()), "{way} of {value:?}");
            }
        }
    }

    async fn numbers<C: Cell>(&self, condition: Predicate<C>) -> Vec<i32> {
        let found = C::all().filter(condition).all(&self.world.pool).await.unwrap();
        found.iter().map(C::number).collect()
    }
}

/// The row above this one in the tree.
fn above(at: usize) -> Option<usize> {
    at.checked_sub(1).map(|at| at / 2)
}

/// The row `at` of so many, with its last children, so many at most, the last one first, and the row above it.
fn expected(at: usize, limit: usize, count: usize) -> (i32, Vec<i32>, Option<i32>) {
    let number = |at: usize| i32::try_from(at).unwrap();
    let children = (0..count).rev().filter(|&child| above(child) == Some(at)).take(limit).map(number);
    (number(at), children.collect(), above(at).map(number))
}

/// Whether they look the same: NaN does, 0 and -0 do not.
#[track_caller]
fn same<T: Debug + ?Sized, U: Debug + ?Sized>(found: &T, expected: &U) {
    assert_eq!(format!("{found:?}"), format!("{expected:?}"));
}

/// Where the client would compare the keys, that is an error which says what to do.
#[track_caller]
pub fn differs<T: Debug>(result: Result<T, Error>, path: &str, (column, sql): (&str, &str)) {
    let error = result.unwrap_err();
    let message = format!(
        "{path}: key column `{column}` is `{sql}`, whose values can be equal to the database and differ byte by byte, \
         which is how the client compares keys: `#[column(compare = database)]` on the field leaves the comparison to \
         the database"
    );
    assert_eq!((error.kind(), error.to_string()), (ErrorKind::KeyEqualityDiffers, message));
}

/// # Panics
/// The server cannot make the extensions that the script makes.
async fn has_extensions(scratch: &Scratch, script: &str) {
    let client = connect(&scratch.config()).await;
    for extension in script.split("CREATE EXTENSION ").skip(1) {
        let name = extension.split([';', ' ']).next().unwrap();
        let known = client.query("SELECT 1 FROM pg_available_extensions WHERE name = $1", &[&name]).await.unwrap();
        assert!(
            !known.is_empty(),
            "the server has no extension `{name}`: install the additional modules of PostgreSQL (contrib), which are a \
             package of their own on some systems"
        );
    }
}
