//! Conditions and orders that are part of a relation, for every kind and every type of value, and loads that are asked
//! to match, or decided at run time, on several levels.

use relata::ErrorKind;
use relata::prelude::*;

use crate::support::World;
use crate::support::stock::{self, Address, Graph, Item, Order, Page, User, ids};
use crate::support::trace::listen;
use crate::support::twins::{Under, mixtures};

mod tenants {
    use relata::prelude::*;

    #[derive(Entity, Debug, Clone, PartialEq)]
    #[entity(table = "shops")]
    #[has_many(all: Vec<Sale>, by = shop_id, order_by = (weight desc, id))]
    #[has_many(live: Vec<Sale>, by = shop_id, only = (deleted = None), order_by = id)]
    #[has_many(heavy: Vec<Sale>, by = shop_id, only = (state = "paid", weight = -2, deleted = None), order_by = (id desc))]
    #[has_one(latest: Option<Sale>, by = shop_id, only = (last = true))]
    pub struct Shop {
        #[key]
        pub id: i32,
    }

    #[derive(Entity, Debug, Clone, PartialEq)]
    #[entity(table = "sales")]
    #[belongs_to(shop: Shop, by = shop_id)]
    #[belongs_to(clerk: Option<Clerk>, by = clerk_id, only = (active = true))]
    #[belongs_to(promised: Clerk, by = clerk_id, only = (active = true))]
    #[belongs_to(anyone: Clerk, by = clerk_id)]
    pub struct Sale {
        #[key]
        pub id: i32,
        pub shop_id: i32,
        pub clerk_id: i32,
        pub weight: i64,
        #[column(sql_type = "sale_state")]
        pub state: State,
        pub last: bool,
        pub deleted: Option<i16>,
    }

    #[derive(Entity, Debug, Clone, PartialEq)]
    #[entity(table = "clerks")]
    #[has_many(paid: Vec<Sale>, by = clerk_id, only = (state = "paid"), order_by = id)]
    pub struct Clerk {
        #[key]
        pub id: i32,
        pub active: bool,
    }

    /// An enum of the database.
    #[derive(Debug, Clone, Copy, PartialEq)]
    pub enum State {
        Open,
        Paid,
    }

    impl<'a> tokio_postgres::types::FromSql<'a> for State {
        fn from_sql(
            _: &tokio_postgres::types::Type,
            raw: &'a [u8],
        ) -> Result<Self, Box<dyn std::error::Error + Sync + Send>> {
            match raw {
                b"open" => Ok(State::Open),
                b"paid" => Ok(State::Paid),
                _ => Err("no state".into()),
            }
        }

        fn accepts(ty: &tokio_postgres::types::Type) -> bool {
            ty.name() == "sale_state"
        }
    }

    pub const SCRIPT: &str = "CREATE TYPE sale_state AS ENUM ('open', 'paid');
        CREATE TABLE shops (id int PRIMARY KEY); CREATE TABLE clerks (id int PRIMARY KEY, active bool NOT NULL);
        CREATE TABLE sales (id int PRIMARY KEY, shop_id int NOT NULL, clerk_id int NOT NULL, weight bigint NOT NULL,
            state sale_state NOT NULL, last bool NOT NULL, deleted smallint);
        INSERT INTO shops VALUES (1), (2), (3); INSERT INTO clerks VALUES (1, true), (2, false);
        INSERT INTO sales VALUES (1, 1, 1, -2, 'paid', false, NULL), (2, 1, 2, -2, 'paid', true, NULL),
            (3, 1, 1, 2, 'paid', false, NULL), (4, 1, 1, -2, 'open', false, 1), (5, 2, 1, -2, 'paid', false, 0),
            (6, 2, 2, 7, 'open', true, NULL);";
}

use tenants::{Clerk, Sale, Shop};

#[tokio::test]
async fn a_relations_own_conditions_and_order_hold_in_every_load() {
    let world = World::new(tenants::SCRIPT).await;
    let whole: [(Vec<i32>, Vec<i32>, Vec<i32>, Option<i32>); 3] = [
        (vec![3, 1, 2, 4], vec![1, 2, 3], vec![2, 1], Some(2)),
        (vec![6, 5], vec![6], vec![], Some(6)),
        (vec![], vec![], vec![], None),
    ];
    for [all, live, heavy, latest, clerk] in mixtures() {
        for (part, window) in [(Page::ALL, false), (Page::first(1), true), (Page::part(1, 2), false)] {
            let query = Shop::query()
                .order_by(Shop.id.asc())
                .with(part.of_each(Shop.all.under(all), window).with(Sale.clerk.under(clerk)))
                .with(part.of_each(Shop.live.under(live), window).with(Sale.clerk.under(clerk)))
                .with(part.of_each(Shop.heavy.under(heavy), window).with(Sale.anyone.under(clerk)))
                .with(Shop.latest.under(latest).with(Sale.clerk.under(clerk)));
            let shops = query.all(&world.pool).await.unwrap();
            for (shop, (all, live, heavy, latest)) in shops.iter().zip(whole.clone()) {
                assert_eq!(ids!(shop.all()), part.cut(all), "{}", query.to_sql());
                assert_eq!(ids!(shop.live()), part.cut(live), "{}", query.to_sql());
                assert_eq!(ids!(shop.heavy()), part.cut(heavy), "{}", query.to_sql());
                assert_eq!(shop.latest().map(|sale| sale.id), latest, "{}", query.to_sql());
                let sales = shop.all().iter().chain(shop.live()).chain(shop.latest());
                assert!(sales.into_iter().all(|sale| sale.clerk().is_some() == (sale.clerk_id == 1)));
                assert!(shop.heavy().iter().all(|sale| sale.anyone().id == sale.clerk_id));
            }
        }
        // The order of the relation holds only where the load asks for none.
        let query = Shop::query().filter(Shop.id.eq(1)).with(Shop.all.order_by(Sale.id.desc()).limit(3).under(all));
        assert_eq!(ids!(query.one(&world.pool).await.unwrap().all()), [4, 3, 2], "{}", query.to_sql());
        // A row that does not meet the condition is none, so that a promise of it is broken.
        let error =
            Sale::query().filter(Sale.id.eq(2)).with(Sale.promised.under(all)).all(&world.pool).await.unwrap_err();
        assert_eq!((error.kind(), error.path()), (ErrorKind::MissingTarget, Some("Sale.promised")));
        let query = Sale::query().filter(Sale.id.ne(2) & Sale.id.ne(6)).order_by(Sale.id.asc());
        let load = Sale.promised.under(all).with(Clerk.paid.under(live));
        let sales = query.with(load).all(&world.pool).await.unwrap();
        assert_eq!(sales.iter().map(|sale| ids!(sale.promised().paid())).collect::<Vec<_>>(), vec![vec![1, 3, 5]; 4]);
    }
}

#[tokio::test]
async fn a_relations_own_conditions_hold_in_every_filter() {
    let world = World::new(tenants::SCRIPT).await;
    let shops = async |condition: Predicate<Shop>| {
        ids!(Shop::query().filter(condition).order_by(Shop.id.asc()).all(&world.pool).await.unwrap())
    };
    assert_eq!(shops(Shop.live.any(Sale.id.eq(5))).await, [0; 0]);
    assert_eq!(shops(Shop.live.any(Sale.id.eq(5) | Sale.id.eq(6))).await, [2]);
    assert_eq!(shops(Shop.heavy.any(Predicate::always())).await, [1]);
    assert_eq!(shops(Shop.heavy.none(Predicate::always())).await, [2, 3]);
    assert_eq!(shops(Shop.live.every(Sale.id.le(3))).await, [1, 3]);
    assert_eq!(shops(Shop.latest.id.eq(2)).await, [1]);
    assert_eq!(shops(Shop.latest.id.is_null()).await, [3]);
    assert_eq!(shops(Shop.latest.clerk.id.is_null()).await, [1, 2, 3], "the clerk of both latest sales is not active");
    assert_eq!(shops(Shop.latest.anyone.id.is_null()).await, [3]);
    assert_eq!(shops(Shop.live.clerk.any(Predicate::always())).await, [1]);
    assert_eq!(shops(!Shop.live.any(Sale.clerk.active.eq(true))).await, [2, 3]);
    let sorted = Sale::query().order_by(Sale.clerk.id.desc().nulls_last()).order_by(Sale.id.asc());
    assert_eq!(ids!(sorted.all(&world.pool).await.unwrap()), [1, 3, 4, 5, 2, 6]);
}

#[tokio::test]
async fn loads_that_are_asked_to_match_on_several_levels() {
    let world = stock::world().await;
    for [orders, items, address, owner] in mixtures() {
        // Users with an order of item 5, those orders, and of them that item.
        let five = Order.items.filter(Item.id.eq(5)).under(items);
        let query = User::query().order_by(User.id.asc()).with(User.orders.under(orders).with_matching(five.clone()));
        let users = query.all(&world.pool).await.unwrap();
        let rows = |user: &loaded!(User { orders { items } })| {
            user.orders().iter().map(|order| (order.id, ids!(order.items()))).collect::<Graph>()
        };
        let found: Vec<(i32, Graph)> = users.iter().map(|user| (user.id, rows(user))).collect();
        let (seven, nine) = (vec![(3, vec![5]), (5, vec![5])], vec![(4, vec![5])]);
        let expected = [(7, seven.clone()), (8, vec![]), (9, nine.clone()), (10, vec![])];
        assert_eq!(found, expected, "{}", query.to_sql());

        let limited = User.orders.limit(1).under(orders).with_matching(five);
        let query = User::query().order_by(User.id.asc()).with_matching(limited);
        let found: Vec<(i32, Graph)> =
            query.all(&world.pool).await.unwrap().iter().map(|user| (user.id, rows(user))).collect();
        assert_eq!(found, [(7, seven[..1].to_vec()), (9, nine)], "{}", query.to_sql());

        // One row each: the order whose address is of somebody else's.
        let ed = Address.user.filter(User.name.eq("ed")).under(owner);
        let at = Order.address.under(address).with_matching(ed);
        let query = Order::query().order_by(Order.id.asc()).with_matching(at.clone());
        let found: Vec<_> = query.all(&world.pool).await.unwrap();
        let found: Vec<_> = found
            .iter()
            .map(|order| (order.id, order.address().map(|at| (at.id, at.user().map(|user| user.id)))))
            .collect();
        assert_eq!(found, [(2, Some((4, Some(8)))), (4, Some((4, Some(8))))], "{}", query.to_sql());
        let query = Order::query().order_by(Order.id.asc()).with(at);
        let found: Vec<_> = query.all(&world.pool).await.unwrap();
        let found: Vec<_> = found.iter().map(|order| order.address().map(|at| at.id)).collect();
        assert_eq!(found, [None, Some(4), None, Some(4), None], "{}", query.to_sql());
    }
}

#[tokio::test]
async fn loads_that_are_decided_at_run_time_beside_others() {
    let world = stock::world().await;
    for [addresses, orders, items, address] in mixtures() {
        for decided in [[false; 3], [true; 3], [true, false, true], [false, true, false], [true, true, false]] {
            let load = User.orders.under(orders).with_if(decided[1], Order.items.under(items));
            let load = load.with_if(decided[2], Order.address.under(address).with(Address.bounce.under(items)));
            let query = User::query().order_by(User.id.asc()).limit(3);
            let query = query.with_if(decided[0], User.addresses.under(addresses)).with(load);
            let listener = listen();
            let users = query.all(&world.pool).await.unwrap();
            assert!(listener.take().len() <= query.plan().statements());
            for (user, (id, own, orders)) in users.iter().zip(stock::user_all()) {
                assert_eq!((user.id, user.addresses().map(|rows| ids!(rows))), (id, decided[0].then_some(own)));
                assert_eq!(ids!(user.orders()), orders.iter().map(|(id, _)| *id).collect::<Vec<_>>());
                for (order, (_, items)) in user.orders().iter().zip(orders) {
                    assert_eq!(order.items().map(|rows| ids!(rows)), decided[1].then_some(items), "{}", query.to_sql());
                    let at = order.address().map(|row| row.map(|at| (at.id, at.bounce().id)));
                    let expected = decided[2].then(|| order.address_id.map(|id| (id, id)));
                    assert_eq!(at, expected, "{}", query.to_sql());
                }
            }
        }
    }
}
