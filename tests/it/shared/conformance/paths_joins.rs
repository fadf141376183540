//! Groups B and J: joins that multiply rows, two joins of one relation, and an entity beside its alias.

use relata::prelude::*;

use crate::support::stock::{self, Address, Graph, Node, Order, User, ids};
use crate::support::trace::listen;
use crate::support::twins::{Joined, Under, mixtures};

#[tokio::test]
async fn b8_a_join_that_multiplies_gives_each_row_as_often_as_it_says() {
    let world = stock::world().await;
    let address = User.addresses.each();
    let query = User::query().select((User, address.id)).order_by(User.id.asc()).order_by(address.id.asc());
    let rows = query.all(&world.pool).await.unwrap();
    let found: Vec<_> = rows.iter().map(|(user, address)| (user.id, user.name.as_str(), *address)).collect();
    assert_eq!(found, [(7, "jack", 1), (8, "ed", 2), (8, "ed", 3), (8, "ed", 4), (9, "fred", 5)]);
    // A user without an address has a row of its own where it is asked for.
    let address = User.addresses.each_or_null();
    let query = User::query().select((User.id, address)).order_by(User.id.desc()).order_by(address.id.desc());
    let rows = query.all(&world.pool).await.unwrap();
    let found: Vec<_> = rows.iter().map(|(user, address)| (*user, address.as_ref().map(|row| row.id))).collect();
    assert_eq!(found, [(10, None), (9, Some(5)), (8, Some(4)), (8, Some(3)), (8, Some(2)), (7, Some(1))]);
    // Entities that the program's own text gives more than once are there as often, each with all that is loaded, and their
    // keys are sent once.
    let users = User::from_sql("SELECT users.* FROM users JOIN addresses ON user_id = users.id", ());
    for [addresses] in mixtures() {
        let query = users.clone().order_by(User.id.asc()).with(User.addresses.under(addresses));
        let listener = listen();
        let rows = query.all(&world.pool).await.unwrap();
        let found: Graph = rows.iter().map(|user| (user.id, ids!(user.addresses()))).collect();
        let ed = (8, vec![2, 3, 4]);
        assert_eq!(found, [(7, vec![1]), ed.clone(), ed.clone(), ed, (9, vec![5])], "{}", query.to_sql());
        let ran = listener.take();
        if addresses != Joined {
            assert_eq!(ran.iter().map(|ran| ran.rows).collect::<Vec<_>>(), [Some(5), Some(5)]);
        }
    }
    // The one row of a has-one is no second row where its parent is there twice.
    let addresses = || Address::from_sql("SELECT addresses.* FROM addresses, generate_series(1, 2)", ());
    for [dingaling, user, others] in mixtures() {
        let user = Address.user.under(user).with(User.addresses.under(others));
        let query = addresses().order_by(Address.id.asc()).with(Address.dingaling.under(dingaling)).with(user);
        let rows = query.all(&world.pool).await.unwrap_or_else(|error| panic!("{error:?}"));
        let found: Vec<_> = rows
            .iter()
            .map(|row| (row.id, row.dingaling().map(|ding| ding.id), row.user().map(|user| user.addresses().len())))
            .collect();
        let counts = [1, 3, 3, 3, 1].map(Some);
        let once = stock::ADDRESS_DINGALING.into_iter().zip(counts).map(|((id, ding), count)| (id, ding, count));
        let expected: Vec<_> = once.flat_map(|row| [row, row]).collect();
        assert_eq!(found, expected, "{}", query.to_sql());
    }
}

#[tokio::test]
async fn b14_a_relation_under_two_names_is_two_joins_and_under_one_name_is_one() {
    let world = stock::world().await;
    let joins = |text: &str, table: &str| text.matches(&format!("\"{table}\" AS")).count();
    // A user with an order that has item 3, and with an order to address 1, which may be another one.
    let (one, other) = (User.orders.each(), User.orders.alias::<'b'>().each());
    let query = User::query().filter(one.items.each().id.eq(3) & other.address.id.eq(1));
    let query = query.select((User, one.id, other.id)).order_by(one.id.asc()).order_by(other.id.asc());
    let text = query.to_sql().text().to_owned();
    assert_eq!((joins(&text, "orders"), joins(&text, "items"), joins(&text, "addresses")), (2, 1, 1), "{text}");
    let rows = query.all(&world.pool).await.unwrap();
    let found: Vec<_> = rows.iter().map(|(user, one, other)| (user.id, *one, *other)).collect();
    assert_eq!(found, [(7, 1, 1), (7, 1, 3), (7, 3, 1), (7, 3, 3)]);
    let query = User::query().filter(one.items.each().id.eq(3) & other.address.id.eq(1)).select(User.id).distinct();
    assert_eq!(query.all(&world.pool).await.unwrap(), [7]);
    // Both of one order.
    let query = User::query().filter(one.items.each().id.eq(3) & one.address.id.eq(1));
    let query = query.select((User.id, one.id)).order_by(one.id.asc());
    let text = query.to_sql().text().to_owned();
    assert_eq!((joins(&text, "orders"), joins(&text, "items"), joins(&text, "addresses")), (1, 1, 1), "{text}");
    assert_eq!(query.all(&world.pool).await.unwrap(), [(7, 1), (7, 3)]);
    // Two names below one join, and a third that is like none of them.
    let (low, high) = (one.items.each(), one.items.alias::<'x'>().each());
    let third = other.items.alias::<'x'>().each();
    let query = User::query().filter(User.id.eq(9) & low.id.lt(high.id) & one.id.lt(other.id) & third.id.gt(high.id));
    let query = query.select((one.id, low.id, high.id, other.id, third.id)).order_by(low.id.asc());
    let query = query.order_by(high.id.asc()).order_by(third.id.asc());
    let text = query.to_sql().text().to_owned();
    assert_eq!((joins(&text, "orders"), joins(&text, "items")), (2, 3), "{text}");
    let expected = [(2, 1, 2, 4, 5), (2, 1, 3, 4, 5), (2, 2, 3, 4, 5)];
    assert_eq!(query.all(&world.pool).await.unwrap(), expected);
    // The name of a join to one row.
    let (address, again) = (Order.address, Order.address.alias::<'b'>());
    let query = Order::query().filter(address.id.eq(1) & again.id.eq(1)).select((Order.id, address.id, again.id));
    let text = query.to_sql().text().to_owned();
    assert_eq!(joins(&text, "addresses"), 2, "{text}");
    let rows = query.order_by(Order.id.asc()).all(&world.pool).await.unwrap();
    assert_eq!(rows, [(1, Some(1), Some(1)), (3, Some(1), Some(1))]);
}

#[tokio::test]
async fn j7_an_entity_and_its_alias_in_one_row_are_two() {
    let world = stock::world().await;
    // Pairs of orders of user 7, the first of which is the older.
    let other = Order.user.orders.each();
    let query = Order::query().filter(Order.user_id.eq(7) & Order.id.lt(other.id)).select((Order, other));
    let query = query.order_by(Order.id.asc()).order_by(other.id.asc());
    let text = query.to_sql().text().to_owned();
    for _ in 0..2 {
        let rows = query.all(&world.pool).await.unwrap();
        let of = |two: &Option<Order>| two.as_ref().map(|two| (two.id, two.isopen));
        let found: Vec<_> = rows.iter().map(|(one, two)| (one.id, one.isopen, of(two))).collect();
        let (third, fifth) = (Some((3, Some(1))), Some((5, Some(0))));
        assert_eq!(found, [(1, Some(0), third), (1, Some(0), fifth), (3, Some(1), fifth)], "{text}");
    }
    // What the rows of each lead to, with the alias first.
    let query = Order::query().filter(Order.user_id.eq(7) & Order.id.lt(other.id));
    let query = query.select((other, other.address, Order, Order.address, Order.items.count(), other.address_id));
    let query = query.order_by(Order.id.desc()).order_by(other.id.desc());
    let rows = query.all(&world.pool).await.unwrap();
    let of = |address: &Option<Address>| address.as_ref().map(|address| address.id);
    let id = |two: &Option<Order>| two.as_ref().map(|two| two.id);
    let found: Vec<_> =
        rows.iter().map(|(two, to, one, at, items, to_id)| (id(two), of(to), one.id, of(at), *items, *to_id)).collect();
    let expected = [
        (Some(5), None, 3, Some(1), 3, None),
        (Some(5), None, 1, Some(1), 3, None),
        (Some(3), Some(1), 1, Some(1), 3, Some(1)),
    ];
    assert_eq!(found, expected);
}

#[tokio::test]
async fn j6_what_is_loaded_below_an_entity_is_not_loaded_below_its_alias() {
    let world = stock::tree().await;
    let parents = [(1, None), (2, Some(1)), (3, Some(1)), (4, Some(1)), (5, Some(3)), (6, Some(3)), (7, Some(3))];
    let below = |id: i32| match id {
        1 => vec![2, 3, 4],
        3 => vec![5, 6, 7],
        _ => vec![],
    };
    // Both in one row, with no load at all.
    let query = Node::query().select((Node, Node.parent)).order_by(Node.id.asc());
    for _ in 0..2 {
        let rows = query.all(&world.pool).await.unwrap();
        let found: Vec<_> = rows.iter().map(|(node, parent)| (node.id, parent.as_ref().map(|row| row.id))).collect();
        assert_eq!(found, parents, "{}", query.to_sql());
    }
    for [parent, children] in mixtures() {
        let load = || Node.children.order_by(Node.id.asc()).under(children);
        // Children of the row alone: its parent, an entity as it is, has none to be read.
        let query = Node::query().order_by(Node.id.asc()).with(Node.parent.under(parent)).with(load());
        for _ in 0..2 {
            let listener = listen();
            let rows = query.all(&world.pool).await.unwrap();
            assert_eq!(listener.take().len(), query.plan().statements());
            let parent_of = |row: &loaded!(Node { parent, children })| {
                let parent: Option<&Node> = row.parent();
                parent.map(|parent| parent.id)
            };
            let found: Vec<_> = rows.iter().map(|row| (row.id, parent_of(row), ids!(row.children()))).collect();
            let expected: Vec<_> = parents.iter().map(|(id, parent)| (*id, *parent, below(*id))).collect();
            assert_eq!(found, expected, "{}", query.to_sql());
        }
        // Children of the parent alone.
        let query = Node::query().order_by(Node.id.asc()).with(Node.parent.under(parent).with(load()));
        for _ in 0..2 {
            let listener = listen();
            let rows = query.all(&world.pool).await.unwrap();
            assert_eq!(listener.take().len(), query.plan().statements());
            let found: Vec<_> =
                rows.iter().map(|row| (row.id, row.parent().map(|row| (row.id, ids!(row.children()))))).collect();
            let expected: Vec<_> = parents.iter().map(|(id, above)| (*id, above.map(|id| (id, below(id))))).collect();
            assert_eq!(found, expected, "{}", query.to_sql());
        }
    }
}
