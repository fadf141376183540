//! `with_matching`: the parents that a load's condition leaves, with the children that meet it.

use relata::prelude::*;

use crate::support::stock::{self, Address, Item, ItemKeyword, Keyword, Order, Page, User, ids};
use crate::support::twins::{Joined, SelectIn, Strategy, Under, mixtures};

const FORMS: [(Strategy, bool); 4] = [(SelectIn, false), (SelectIn, true), (Joined, false), (Joined, true)];

#[tokio::test]
async fn b11_only_what_matches_is_loaded_by_the_query_that_asks_for_it() {
    let world = stock::world().await;
    for [strategy] in mixtures() {
        let lala = User.addresses.filter(Address.email_address.eq("ed@lala.com")).under(strategy);
        let users = User::query().with_matching(lala).all(&world.pool).await.unwrap();
        assert_eq!(users.iter().map(|user| (user.id, ids!(user.addresses()))).collect::<Vec<_>>(), [(8, vec![4])]);
        // The next query knows nothing of it.
        let query = User::query().order_by(User.id.asc()).with(User.addresses.under(strategy));
        let users = query.all(&world.pool).await.unwrap();
        let found: Vec<_> = users.iter().map(|user| (user.id, ids!(user.addresses()))).collect();
        assert_eq!(found, stock::user_addresses());
    }
}

#[tokio::test]
async fn a14_a_limit_counts_the_parents_that_match() {
    let world = stock::world().await;
    // All addresses of users that have one, then those of "ed", whichever user's they are.
    let all = [(7, vec![1]), (8, vec![2, 3, 4]), (9, vec![5])];
    let ed = [(8, vec![2, 3, 4]), (9, vec![5])];
    for (strategy, window) in FORMS {
        for page in [Page::ALL, Page::first(1), Page::first(2), Page::part(1, 1), Page::after(1)] {
            for each in [Page::ALL, Page::first(1), Page::part(1, 1)] {
                let cut = |rows: &[(i32, Vec<i32>)]| {
                    let rows = page.cut(rows.to_vec()).into_iter();
                    rows.map(|(id, addresses)| (id, each.cut(addresses))).collect::<Vec<_>>()
                };
                let load = each.of_each(User.addresses.under(strategy), window);
                let query = page.of(User::query().order_by(User.id.asc()).with_matching(load.clone()));
                let users = query.all(&world.pool).await.unwrap();
                let found: Vec<_> = users.iter().map(|user| (user.id, ids!(user.addresses()))).collect();
                assert_eq!(found, cut(&all), "{}", query.to_sql());
                assert_eq!(query.count(&world.pool).await.unwrap(), found.len() as u64);

                let load = load.filter(Address.email_address.like("%ed@%"));
                let query = page.of(User::query().order_by(User.id.asc()).with_matching(load));
                let users = query.all(&world.pool).await.unwrap();
                let found: Vec<_> = users.iter().map(|user| (user.id, ids!(user.addresses()))).collect();
                assert_eq!(found, cut(&ed), "{}", query.to_sql());
            }
        }
    }
}

#[tokio::test]
async fn a_many_to_many_matches_by_its_targets_and_by_its_association() {
    let world = stock::world().await;
    for (strategy, window) in FORMS {
        let load = Item.keywords.filter(Keyword.name.is_in(["red", "green", "blue"])).under(strategy);
        let load = if window { load.limit(9).window() } else { load };
        let items = Item::query().order_by(Item.id.asc()).with_matching(load).all(&world.pool).await.unwrap();
        let found: Vec<_> = items.iter().map(|item| (item.id, ids!(item.keywords()))).collect();
        assert_eq!(found, [(1, vec![2]), (2, vec![2]), (3, vec![3])]);

        let load = Keyword.items.filter_through(ItemKeyword.item_id.ge(2) & ItemKeyword.keyword_id.ne(5));
        let load = load.filter(Item.id.le(2)).order_by(Item.id.asc()).under(strategy);
        let load = if window { load.limit(9).window() } else { load };
        let query = Keyword::query().order_by(Keyword.id.asc()).with_matching(load);
        let keywords = query.all(&world.pool).await.unwrap();
        let found: Vec<_> = keywords.iter().map(|keyword| (keyword.id, ids!(keyword.items()))).collect();
        assert_eq!(found, [(2, vec![2]), (7, vec![2])], "{}", query.to_sql());
    }
}

#[tokio::test]
async fn below_a_load_it_keeps_the_rows_of_the_load() {
    let world = stock::world().await;
    for [orders, items, user] in mixtures() {
        let five = Order.items.filter(Item.id.eq(5)).under(items);
        let query = User::query().order_by(User.id.asc()).with(User.orders.with_matching(five.clone()).under(orders));
        let users = query.all(&world.pool).await.unwrap();
        let orders_of = |user: &loaded!(User { orders { items } })| {
            user.orders().iter().map(|order| (order.id, ids!(order.items()))).collect::<Vec<_>>()
        };
        let found: Vec<_> = users.iter().map(|user| (user.id, orders_of(user))).collect();
        let expected = [(7, vec![(3, vec![5]), (5, vec![5])]), (8, vec![]), (9, vec![(4, vec![5])]), (10, vec![])];
        assert_eq!(found, expected, "{}", query.to_sql());
        // On both levels: users who have such an order.
        let load = User.orders.with_matching(five).filter(Order.isopen.eq(1)).under(orders);
        let query = User::query().order_by(User.id.asc()).with_matching(load);
        let found: Vec<_> = query.all(&world.pool).await.unwrap().iter().map(orders_of).collect();
        assert_eq!(found, [vec![(3, vec![5])], vec![(4, vec![5])]], "{}", query.to_sql());
        // A to-one that has to match reads as an `Option`, and one of the query's own drops the row.
        let ed = Address.user.with_matching(User.addresses.filter(Address.id.eq(3)).under(items)).under(user);
        let query = Address::query().order_by(Address.id.asc()).with(ed.clone());
        let found: Vec<_> = query
            .all(&world.pool)
            .await
            .unwrap()
            .iter()
            .map(|row| row.user().map(|user| (user.id, ids!(user.addresses()))))
            .collect();
        let three = Some((8, vec![3]));
        assert_eq!(found, [None, three.clone(), three.clone(), three, None], "{}", query.to_sql());
        let query = Address::query().order_by(Address.id.asc()).with_matching(ed);
        assert_eq!(ids!(query.all(&world.pool).await.unwrap()), [2, 3, 4], "{}", query.to_sql());
    }
}
