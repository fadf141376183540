//! Groups A and Q: row locks beside loads and limits.

use relata::prelude::*;
use relata::{ErrorKind, Query};

use super::paths_limits::{all_of_ids, with_all};
use crate::support::World;
use crate::support::stock::{self, Address, Order, User, ids};
use crate::support::twins::mixtures;

/// What nobody has locked.
async fn free(world: &World) -> (Vec<i32>, Vec<i32>, Vec<i32>) {
    let users = User::query().order_by(User.id.asc()).for_update().skip_locked().all(&world.pool).await.unwrap();
    let addresses = Address::query().order_by(Address.id.asc()).for_update().skip_locked();
    let orders = Order::query().order_by(Order.id.asc()).for_update().skip_locked();
    (ids!(users), ids!(addresses.all(&world.pool).await.unwrap()), ids!(orders.all(&world.pool).await.unwrap()))
}

#[tokio::test]
async fn a16_a_lock_under_a_limit_is_of_the_parents_alone_whatever_is_joined() {
    let world = stock::world().await;
    let (addresses, orders) = (vec![1, 2, 3, 4, 5], vec![1, 2, 3, 4, 5]);
    let mut client = world.client().await;
    for strategies in mixtures() {
        let users = User::query().order_by(User.id.asc()).limit(2).offset(1).for_update();
        let query = with_all(users, strategies);
        let within = client.transaction().await.unwrap();
        let found = stock::all_of(&query.all(&within).await.unwrap());
        assert_eq!(found, all_of_ids(&[8, 9]), "{}", query.to_sql());
        // An offset's rows were looked at, and PostgreSQL locks those, too.
        assert_eq!(free(&world).await, (vec![10], addresses.clone(), orders.clone()), "{}", query.to_sql());
        within.rollback().await.unwrap();
        assert_eq!(free(&world).await.0, [7, 8, 9, 10]);
    }
}

#[tokio::test]
async fn q5_two_transactions_share_out_rows_with_whole_trees_below_them() {
    let world = stock::world().await;
    let (mut one, mut other) = (world.client().await, world.client().await);
    let two = |lock: fn(Query<User>) -> Query<User>| lock(User::query().order_by(User.id.asc()).limit(2));
    for strategies in mixtures() {
        let (one, other) = (one.transaction().await.unwrap(), other.transaction().await.unwrap());
        let query = with_all(two(|users| users.for_update().skip_locked()), strategies);
        assert_eq!(stock::all_of(&query.all(&one).await.unwrap()), all_of_ids(&[7, 8]), "{}", query.to_sql());
        assert_eq!(stock::all_of(&query.all(&other).await.unwrap()), all_of_ids(&[9, 10]), "{}", query.to_sql());
        assert_eq!(stock::all_of(&query.all(&world.pool).await.unwrap()), []);
        // Who does not wait is told so; who does not lock reads on.
        let query = with_all(two(|users| users.for_share().no_wait()), strategies);
        let error = query.all(&world.pool).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Database, "{error:?}");
        assert_eq!(error.sqlstate().map(|state| state.code()), Some("55P03"), "{error:?}");
        let query = with_all(two(|users| users), strategies);
        assert_eq!(stock::all_of(&query.all(&world.pool).await.unwrap()), all_of_ids(&[7, 8]));
        one.rollback().await.unwrap();
        other.rollback().await.unwrap();
    }
    // Locks that two can have at once.
    let (one, other) = (one.transaction().await.unwrap(), other.transaction().await.unwrap());
    for transaction in [&one, &other] {
        let query = User::query().filter(User.orders.exists()).order_by(User.id.asc()).for_share().no_wait();
        assert_eq!(ids!(query.all(transaction).await.unwrap()), [7, 9]);
    }
}
