//! Group H, and J11: targets that are shared, by two relations, by two paths, by pairs that are there twice.

use relata::prelude::*;

use crate::support::World;
use crate::support::stock::{self, Address, Graph, Item, Keyword, Order, Page, User, ids};
use crate::support::trace::listen;
use crate::support::twins::{SelectIn, Under, mixtures};

mod net {
    use relata::prelude::*;

    /// A transition of a Petri net, with places that it takes from and places that it gives to.
    #[derive(Entity, Debug, Clone, PartialEq)]
    #[entity(table = "transition")]
    #[many_to_many(inputs: Vec<Place>, through = "place_input", by = (transition_id, place_id), order_by = id)]
    #[many_to_many(outputs: Vec<Place>, through = "place_output", by = (transition_id, place_id), order_by = id)]
    pub struct Transition {
        #[key]
        pub id: i32,
    }

    #[derive(Entity, Debug, Clone, PartialEq)]
    #[entity(table = "place")]
    #[many_to_many(taken_by: Vec<Transition>, through = "place_input", by = (place_id, transition_id), order_by = id)]
    pub struct Place {
        #[key]
        pub id: i32,
    }
}

#[tokio::test]
async fn h8_two_many_to_many_relations_that_share_their_targets() {
    use net::{Place, Transition};
    let script = "CREATE TABLE place (id int PRIMARY KEY); CREATE TABLE transition (id int PRIMARY KEY);
        CREATE TABLE place_input (place_id int REFERENCES place, transition_id int REFERENCES transition);
        CREATE TABLE place_output (place_id int REFERENCES place, transition_id int REFERENCES transition);
        INSERT INTO place VALUES (1), (2), (3); INSERT INTO transition VALUES (1), (2), (3);
        INSERT INTO place_input VALUES (1, 1), (2, 1), (2, 2), (3, 2); INSERT INTO place_output VALUES (2, 1), (3, 1), (2, 3);";
    let world = World::new(script).await;
    for [inputs, outputs, takers, of_output] in mixtures() {
        let query = Transition::query()
            .order_by(Transition.id.asc())
            .with(Transition.inputs.under(inputs).with(Place.taken_by.under(takers)))
            .with(Transition.outputs.under(outputs).with(Place.taken_by.under(of_output)));
        let all = query.all(&world.pool).await.unwrap();
        let found: Vec<(i32, Graph, Graph)> = all
            .iter()
            .map(|row| {
                let inputs = row.inputs().iter().map(|place| (place.id, ids!(place.taken_by())));
                let outputs = row.outputs().iter().map(|place| (place.id, ids!(place.taken_by())));
                (row.id, inputs.collect(), outputs.collect())
            })
            .collect();
        let taken = |id: i32| (id, [vec![1], vec![1, 2], vec![2]][id as usize - 1].clone());
        let expected = [
            (1, vec![taken(1), taken(2)], vec![taken(2), taken(3)]),
            (2, vec![taken(2), taken(3)], vec![]),
            (3, vec![], vec![taken(2)]),
        ];
        assert_eq!(found, expected, "{}", query.to_sql());
    }
}

#[tokio::test]
async fn h11_back_over_the_association_and_on_to_one_row() {
    let world = stock::world().await;
    let owner = |order: i32| if [2, 4].contains(&order) { 9 } else { 7 };
    for [orders, user] in mixtures() {
        let query = Item::query().order_by(Item.id.asc()).with(Item.orders.under(orders).with(Order.user.under(user)));
        let listener = listen();
        let items = query.all(&world.pool).await.unwrap();
        let ran = listener.take();
        let found: Vec<(i32, Vec<(i32, Option<i32>)>)> = items
            .iter()
            .map(|item| {
                let orders = item.orders().iter().map(|order| (order.id, order.user().map(|user| user.id)));
                (item.id, orders.collect())
            })
            .collect();
        let with_owners = |orders: Vec<i32>| orders.into_iter().map(|order| (order, Some(owner(order)))).collect();
        let expected: Vec<_> = stock::item_orders().into_iter().map(|(id, orders)| (id, with_owners(orders))).collect();
        assert_eq!(found, expected, "{}", query.to_sql());
        // Twelve orders of items are of two users: each is asked for once.
        if user == SelectIn {
            assert_eq!(ran.last().and_then(|ran| ran.rows), Some(2), "{}", query.to_sql());
        }
        // The shared order 1 is the same row below each of its items.
        let shared: Vec<_> = items[..3].iter().map(|item| &item.orders()[0]).collect();
        assert!(shared.iter().all(|order| *order == shared[0]));
        assert_eq!(shared[0].user(), Some(&User { id: 7, name: "jack".to_owned() }));
    }
}

#[tokio::test]
async fn j11_one_many_to_many_by_two_paths() {
    let world = stock::world().await;
    for [items, keywords, user, orders, others, of_other] in mixtures() {
        let load = User.orders.under(orders).with(Order.items.under(others).with(Item.keywords.under(of_other)));
        let query = Order::query()
            .order_by(Order.id.asc())
            .with(Order.items.under(items).with(Item.keywords.under(keywords)))
            .with(Order.user.under(user).with(load));
        let found = query.all(&world.pool).await.unwrap();
        let everything = stock::chain([stock::Page::ALL; 4]);
        assert_eq!(ids!(found), [1, 2, 3, 4, 5]);
        for order in &found {
            let user = order.user().unwrap();
            let chain = stock::chain_of(std::slice::from_ref(user));
            let expected = everything.iter().find(|(id, _)| *id == user.id).unwrap();
            assert_eq!(&chain[0], expected, "{}", query.to_sql());
            let mut own: Graph = order.items().iter().map(|item| (item.id, ids!(item.keywords()))).collect();
            own.iter_mut().for_each(|(_, keywords)| keywords.sort_unstable());
            let expected = expected.1.iter().find(|(id, _)| *id == order.id).unwrap();
            assert_eq!(own, expected.1, "{}", query.to_sql());
        }
    }
}

#[tokio::test]
async fn a_pair_that_is_there_twice_doubles_nothing_below_it() {
    let world = stock::world().await;
    world.execute("INSERT INTO order_items VALUES (1, 1), (1, 1), (3, 1), (5, 5)").await;
    world.execute("INSERT INTO dingalings VALUES (3, 1, 'ding 3/1')").await;
    for [orders, items, keywords, back, user] in mixtures() {
        for part in [Page::ALL, Page::first(2)] {
            let up = Item
                .orders
                .under(back)
                .with(Order.user.under(user))
                .with(Order.address.under(user).with(Address.dingaling.under(user)));
            let down = part.of_each(Item.keywords.order_by(Keyword.id.asc()).under(keywords), false);
            let load =
                part.of_each(Order.items.under(items), false).with(down.with(Keyword.items.under(back))).with(up);
            let query = User::query().order_by(User.id.asc()).with(User.orders.under(orders).with(load));
            let users = query.all(&world.pool).await.unwrap();
            for order in users.iter().flat_map(|user| user.orders()) {
                let all =
                    stock::user_orders().into_iter().flat_map(|(_, orders)| orders).find(|(id, _)| *id == order.id);
                assert_eq!(ids!(order.items()), part.cut(all.unwrap().1), "{}", query.to_sql());
                for item in order.items() {
                    let at = item.id as usize - 1;
                    assert_eq!(
                        ids!(item.keywords()),
                        part.cut(stock::item_keywords()[at].1.clone()),
                        "{}",
                        query.to_sql()
                    );
                    assert_eq!(ids!(item.orders()), stock::item_orders()[at].1, "{}", query.to_sql());
                    for keyword in item.keywords() {
                        let count = stock::keyword_items()[keyword.id as usize - 1].1.len();
                        assert_eq!(keyword.items().len(), count, "{}", query.to_sql());
                    }
                    for order in item.orders() {
                        assert_eq!(order.user().map(|user| user.id), order.user_id);
                        let found =
                            order.address().map(|address| (address.id, address.dingaling().map(|ding| ding.id)));
                        assert_eq!(
                            found,
                            order.address_id.map(|id| (id, (id == 1).then_some(3))),
                            "{}",
                            query.to_sql()
                        );
                    }
                }
            }
            assert_eq!(users.iter().map(|user| user.orders().len()).collect::<Vec<_>>(), [3, 0, 2, 0]);
        }
    }
}
