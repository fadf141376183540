//! The table of types as it is written: a row becomes an entity, or two, and a test that puts the questions of `cell`.
//!
//! Where it is used, `cell` and relata's prelude are in scope.

/// Makes the table of types, and a test of each row.
///
/// A row has a name, its SQL type, its Rust type, whether it is a key (`exact`, maybe with the entity `of` another row
/// of the same Rust type; `named` where the field has to say its SQL type; `database` where only the database can
/// compare it, `named_database` for both; or no type of keys but a `column`), maybe a script that makes the type, and
/// values in ascending order, as PostgreSQL reads them and as Rust has them.
#[macro_export]
macro_rules! type_table {
    ($($name:ident: $sql:literal as $rust:ty, $key:ident $(of $like:ident)? $(, after $before:literal)? {
        $($text:literal is $value:expr,)+
    })+) => {
        pub const ROWS: &[cell::Row] =
            &[$(cell::Row { sql: $sql, rust: stringify!($rust), key: stringify!($key) }),+];
        $(
            mod $name {
                use super::*;

                const BEFORE: &str = concat!($($before)?);
                const SQL: &str = $sql;
                const TEXTS: &[&str] = &[$($text),+];

                fn values() -> Vec<$rust> {
                    vec![$($value),+]
                }

                $crate::type_test!($key $rust; $sql $(of $like)?);
            }
        )+
    };
}

/// The entity and the test of one row.
#[macro_export]
macro_rules! type_test {
    (exact $rust:ty; $sql:literal of $like:ident) => {
        $crate::type_test!(exact $rust; = super::$like::Cell);
    };
    (named $rust:ty; $sql:literal) => {
        $crate::type_cell!(Cell LoadedCell $rust [#[column(sql_type = $sql)]]);
        $crate::type_test!(exact $rust; = Cell);
    };
    (exact $rust:ty; $sql:literal) => {
        $crate::type_cell!(Cell LoadedCell $rust []);
        $crate::type_test!(exact $rust; = Cell);
    };
    (exact $rust:ty; = $cell:path) => {
        #[tokio::test]
        async fn is_a_column_and_a_key() {
            let (cells, values) = (cell::Cells::new(BEFORE, SQL, TEXTS).await, values());
            cells.are_columns::<$cell>(&values).await;
            cells.are_compared::<$cell>(&values).await;
            cells.are_keys::<$cell>(&values).await;
        }
    };
    (database $rust:ty; $sql:literal) => {
        $crate::type_test!(by_database $rust; #[column(compare = database)]);
    };
    (named_database $rust:ty; $sql:literal) => {
        $crate::type_test!(by_database $rust; #[column(compare = database, sql_type = $sql)]);
    };
    (by_database $rust:ty; $($attribute:tt)*) => {
        $crate::type_cell!(Cell LoadedCell $rust [$($attribute)*]);

        #[derive(Entity, Debug, Clone)]
        #[entity(table = "cells")]
        #[has_many(children: Vec<ByClient>, by = parent)]
        struct ByClient {
            #[key]
            #[column(compare = client)]
            id: $rust,
            #[column(compare = client)]
            parent: Option<$rust>,
        }

        #[tokio::test]
        async fn is_a_column_and_a_key_that_the_database_compares() {
            let (cells, values) = (cell::Cells::new(BEFORE, SQL, TEXTS).await, values());
            cells.are_columns::<Cell>(&values).await;
            cells.are_compared::<Cell>(&values).await;
            cells.are_keys::<Cell>(&values).await;
            let (query, pool) = (ByClient::query().with(ByClient.children.select_in()), &cells.world.pool);
            cell::differs(query.clone().all(pool).await, "ByClient.children", ("id", SQL));
            let root = query.filter(ByClient.parent.is_null());
            cell::differs(root.one(pool).await, "ByClient.children", ("id", SQL));
        }
    };
    (column $rust:ty; $sql:literal) => {
        #[derive(Entity, Debug, Clone)]
        #[entity(table = "cells")]
        struct Cell {
            #[key]
            n: i32,
            id: $rust,
            parent: Option<$rust>,
            list: Vec<$rust>,
            gaps: Option<Vec<Option<$rust>>>,
        }

        $crate::type_column!(Cell $rust);

        #[tokio::test]
        async fn is_a_column() {
            cell::Cells::new(BEFORE, SQL, TEXTS).await.are_columns::<Cell>(&values()).await;
        }
    };
}

/// What `cell::Cell` asks of an entity.
#[macro_export]
macro_rules! type_column {
    ($cell:ident $rust:ty) => {
        impl cell::Cell for $cell {
            type Value = $rust;

            fn number(&self) -> i32 {
                self.n
            }
            fn id(&self) -> &$rust {
                &self.id
            }
            fn parent(&self) -> Option<&$rust> {
                self.parent.as_ref()
            }
            fn list(&self) -> &[$rust] {
                &self.list
            }
            fn gaps(&self) -> Option<&[Option<$rust>]> {
                self.gaps.as_deref()
            }
            fn all() -> relata::Query<Self> {
                $cell::query().order_by($cell.n.asc())
            }
            fn is_root() -> Predicate<Self> {
                $cell.parent.is_null()
            }
        }
    };
}

/// An entity whose key is of the type.
#[macro_export]
macro_rules! type_cell {
    ($cell:ident $loaded:ident $rust:ty [$($attribute:tt)*]) => {
        #[derive(Entity, Debug, Clone)]
        #[entity(table = "cells")]
        #[has_many(children: Vec<$cell>, by = parent)]
        #[belongs_to(up: Option<$cell>, by = parent)]
        pub(super) struct $cell {
            n: i32,
            #[key]
            $($attribute)*
            id: $rust,
            $($attribute)*
            parent: Option<$rust>,
            list: Vec<$rust>,
            gaps: Option<Vec<Option<$rust>>>,
        }

        $crate::type_column!($cell $rust);

        impl cell::Compare for $cell {
            fn find(id: $rust) -> relata::Query<Self> {
                <$cell as relata::Queryable>::find(id)
            }
            fn eq(id: $rust) -> Predicate<Self> {
                $cell.id.eq(id)
            }
            fn is_distinct(parent: Option<$rust>) -> Predicate<Self> {
                $cell.parent.is_distinct_from(parent)
            }
            fn lt(id: $rust) -> Predicate<Self> {
                $cell.id.lt(id)
            }
            fn between(low: $rust, high: $rust) -> Predicate<Self> {
                $cell.id.between(low, high)
            }
            fn is_in(ids: Vec<$rust>) -> Predicate<Self> {
                $cell.id.is_in(ids)
            }
            fn contains(elements: Vec<$rust>) -> Predicate<Self> {
                $cell.list.contains(elements)
            }
            fn by_id() -> relata::Order<Self> {
                $cell.id.asc()
            }
        }

        impl cell::Keyed for $cell {
            type Tree = $loaded<Vec<$cell>, Option<$cell>>;

            fn ways(query: &relata::Query<Self>) -> Vec<(&'static str, usize, relata::Query<Self::Tree>)> {
                let query = || query.clone();
                let children = || $cell.children.order_by($cell.n.desc());
                let (apart, joined) = (|| children().select_in(), || children().joined());
                vec![
                    ("select-in", 9, query().with(apart()).with($cell.up.select_in())),
                    ("joined", 9, query().with(joined()).with($cell.up.joined())),
                    ("select-in and joined", 9, query().with(apart()).with($cell.up.joined())),
                    ("joined and select-in", 9, query().with(joined()).with($cell.up.select_in())),
                    ("select-in, limited", 1, query().with(apart().limit(1)).with($cell.up)),
                    ("select-in, limited by a window", 1, query().with(apart().limit(1).window()).with($cell.up)),
                    ("joined, limited", 1, query().with(joined().limit(1)).with($cell.up)),
                    ("joined, limited by a window", 1, query().with(joined().limit(1).window()).with($cell.up)),
                ]
            }
            fn tree(tree: &Self::Tree) -> (i32, Vec<i32>, Option<i32>) {
                let children = tree.children().iter().map(|child| child.n).collect();
                (tree.n, children, tree.up().map(|up| up.n))
            }
        }
    };
}
