//! Groups A and J: constants, functions and aggregates beside an entity, and beside what is loaded with it.

use relata::prelude::*;

use crate::support::stock::{self, Address, Order, User, ids};

/// Views of whole users with something beside them, and with loads by these strategies.
macro_rules! beside {
    ($($module:ident $strategy:ident)*) => {
        $(mod $module {
            use super::*;

            #[derive(View, Debug)]
            #[view(User)]
            pub struct Constants {
                #[view(expr = User)]
                pub user: User,
                #[view(expr = None::<i32>)]
                pub none: Option<i32>,
                #[view(expr = None::<bool>)]
                pub nothing: Option<bool>,
                #[view(expr = true)]
                pub yes: bool,
                #[view(expr = true)]
                pub again: bool,
                #[view($strategy, order_by = id)]
                pub addresses: Vec<Address>,
            }

            #[derive(View, Debug)]
            #[view(User)]
            pub struct Functions {
                #[view(expr = name.length())]
                pub length: i32,
                #[view(expr = User)]
                pub user: User,
                #[view(expr = name.upper())]
                pub upper: String,
                #[view($strategy, order_by = id)]
                pub addresses: Vec<Address>,
                #[view(expr = name.upper())]
                pub again: String,
            }

            #[derive(View, Debug)]
            #[view(User)]
            pub struct Latest {
                pub id: i32,
                #[view($strategy, order_by = id)]
                pub orders: Vec<Order>,
                #[view(max = orders.id)]
                pub max_order: Option<i32>,
                #[view($strategy, order_by = id)]
                pub addresses: Vec<Address>,
            }
        })*
    };
}

beside!(selected select_in joined joined);

#[tokio::test]
async fn a10_constants_beside_an_entity_keep_their_places_under_a_limit() {
    let world = stock::world().await;
    macro_rules! asserts {
        ($view:ident, $statements:literal) => {
            let query = $view::Constants::query().filter(User.id.eq(8)).limit(10);
            let row = query.one(&world.pool).await.unwrap();
            assert_eq!((row.user.id, row.user.name.as_str()), (8, "ed"));
            assert_eq!((row.none, row.nothing, row.yes, row.again), (None, None, true, true), "{}", query.to_sql());
            assert_eq!(ids!(row.addresses), [2, 3, 4], "{}", query.to_sql());
            assert_eq!(query.plan().statements(), $statements);
        };
    }
    asserts!(selected, 2);
    asserts!(joined, 1);
    // In a selection, also where one value stands on both sides of an entity.
    let query = User::query().filter(User.id.eq(8)).limit(10);
    let query = query.select((1, User, None::<i32>, None::<bool>, true, true, 1, false));
    let ed = User { id: 8, name: "ed".into() };
    assert_eq!(query.all(&world.pool).await.unwrap(), [(1, ed, None, None, true, true, 1, false)]);
}

#[tokio::test]
async fn a11_functions_beside_an_entity_keep_their_places_under_a_limit() {
    let world = stock::world().await;
    let expected = [(2, "ed", "ED", vec![2, 3, 4]), (4, "fred", "FRED", vec![5])];
    macro_rules! asserts {
        ($view:ident, $statements:literal) => {
            let query = $view::Functions::query().order_by(User.name.upper().asc()).limit(2).offset(1);
            let rows = query.all(&world.pool).await.unwrap();
            let found: Vec<_> = rows
                .iter()
                .map(|row| (row.length, row.user.name.as_str(), row.upper.as_str(), ids!(row.addresses)))
                .collect();
            assert_eq!(found, expected, "{}", query.to_sql());
            assert!(rows.iter().all(|row| row.upper == row.again));
            assert_eq!(query.plan().statements(), $statements);
        };
    }
    asserts!(selected, 2);
    asserts!(joined, 1);
    let query = User::query().order_by(User.name.asc()).limit(1).select((User.name.upper(), User, User.name.length()));
    let chuck = User { id: 10, name: "chuck".into() };
    assert_eq!(query.all(&world.pool).await.unwrap(), [("CHUCK".to_owned(), chuck, 5)]);
}

#[tokio::test]
async fn j4_an_aggregate_of_each_user_beside_its_loads() {
    let world = stock::world().await;
    let expected: Vec<(i32, Option<i32>, Vec<i32>, Vec<i32>)> = vec![
        (7, Some(5), vec![1, 3, 5], vec![1]),
        (8, None, vec![], vec![2, 3, 4]),
        (9, Some(4), vec![2, 4], vec![5]),
        (10, None, vec![], vec![]),
    ];
    macro_rules! asserts {
        ($view:ident, $statements:literal) => {
            for limit in [2, 4] {
                let query = $view::Latest::query().order_by(User.id.asc()).limit(limit);
                let rows = query.all(&world.pool).await.unwrap();
                let found: Vec<_> =
                    rows.iter().map(|row| (row.id, row.max_order, ids!(row.orders), ids!(row.addresses))).collect();
                assert_eq!(found, expected[..limit as usize], "{}", query.to_sql());
                assert_eq!(query.plan().statements(), $statements);
            }
        };
    }
    asserts!(selected, 3);
    // Two joined collections would multiply each other, so one stands apart.
    asserts!(joined, 2);
    let query = User::query().order_by(User.id.asc()).select((User, User.orders.max(Order.id)));
    let rows = query.all(&world.pool).await.unwrap();
    let found: Vec<_> = rows.iter().map(|(user, max)| (user.id, *max)).collect();
    assert_eq!(found, [(7, Some(5)), (8, None), (9, Some(4)), (10, None)]);
}
