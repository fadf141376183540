//! The canned graphs of the stock world, as ids below ids, and the queries that read them.

use relata::prelude::*;

use super::{Address, Item, Order, OrderItem, Page, User};
use crate::support::twins::{Strategy, Under};

/// The ids of rows, in their order.
macro_rules! ids {
    ($rows:expr) => {
        $rows.iter().map(|row| row.id).collect::<Vec<i32>>()
    };
}
pub(crate) use ids;

/// Ids, and below each the ids that it leads to.
pub type Graph = Vec<(i32, Vec<i32>)>;

pub fn user_addresses() -> Graph {
    vec![(7, vec![1]), (8, vec![2, 3, 4]), (9, vec![5]), (10, vec![])]
}

/// The orders of each user, and the items of each order.
pub fn user_orders() -> Vec<(i32, Graph)> {
    vec![
        (7, vec![(1, vec![1, 2, 3]), (3, vec![3, 4, 5]), (5, vec![5])]),
        (8, vec![]),
        (9, vec![(2, vec![1, 2, 3]), (4, vec![1, 5])]),
        (10, vec![]),
    ]
}

/// Both of them: each user's addresses and orders, and the items of each order.
pub fn user_all() -> Vec<(i32, Vec<i32>, Graph)> {
    let both = user_addresses().into_iter().zip(user_orders());
    both.map(|((id, addresses), (_, orders))| (id, addresses, orders)).collect()
}

/// The keywords of each item.
pub fn item_keywords() -> Graph {
    vec![(1, vec![2, 4, 6]), (2, vec![2, 5, 7]), (3, vec![3, 4, 6]), (4, vec![]), (5, vec![])]
}

/// The user of each address.
pub const ADDRESS_USER: [(i32, Option<i32>); 5] =
    [(1, Some(7)), (2, Some(8)), (3, Some(8)), (4, Some(8)), (5, Some(9))];

/// The address of each order.
pub const ORDER_ADDRESS: [(i32, Option<i32>); 5] = [(1, Some(1)), (2, Some(4)), (3, Some(1)), (4, Some(4)), (5, None)];

/// The dingaling of each address.
pub const ADDRESS_DINGALING: [(i32, Option<i32>); 5] = [(1, None), (2, Some(1)), (3, None), (4, None), (5, Some(2))];

/// The orders of each item.
pub fn item_orders() -> Graph {
    vec![(1, vec![1, 2, 4]), (2, vec![1, 2]), (3, vec![1, 2, 3]), (4, vec![3]), (5, vec![3, 4, 5])]
}

/// The items of each keyword.
pub fn keyword_items() -> Graph {
    vec![(1, vec![]), (2, vec![1, 2]), (3, vec![3]), (4, vec![1, 3]), (5, vec![2]), (6, vec![1, 3]), (7, vec![2])]
}

/// The orders of each user, of which those are open (1) or closed (0).
pub fn orders_that_are(isopen: i32) -> Vec<(i32, Graph)> {
    let open = [3, 4];
    let mut all = user_orders();
    all.iter_mut().for_each(|(_, orders)| orders.retain(|(id, _)| open.contains(id) == (isopen == 1)));
    all
}

/// The keywords of the items of the orders of each user.
pub type Chain = Vec<(i32, Vec<(i32, Graph)>)>;

/// A part of the whole chain: these users, and these orders, items and keywords of each.
pub fn chain([users, orders, items, keywords]: [Page; 4]) -> Chain {
    let item = |id: i32| (id, keywords.cut(item_keywords()[id as usize - 1].1.clone()));
    let order = |(id, rows): (i32, Vec<i32>)| (id, items.cut(rows).into_iter().map(item).collect::<Graph>());
    let user = |(id, rows): (i32, Graph)| (id, orders.cut(rows).into_iter().map(order).collect());
    users.cut(user_orders()).into_iter().map(user).collect()
}

/// What [`chain_under`] reads.
pub type Chained = loaded!(User { orders { items { keywords } } });

/// The query of [`chain`], each link under its strategy, by a window where it is asked for.
pub fn chain_under(strategies: [Strategy; 3], pages: [Page; 4], window: bool) -> relata::Query<Chained> {
    let [users, orders, items, keywords] = pages;
    let load = keywords.of_each(Item.keywords.under(strategies[2]), window);
    let load = items.of_each(Order.items.under(strategies[1]), window).with(load);
    let load = orders.of_each(User.orders.under(strategies[0]), window).with(load);
    users.of(User::query().order_by(User.id.asc())).with(load)
}

/// The ids in what [`chain_under`] loaded; keywords have no order, unless a limit gives them that of their ids.
pub fn chain_of(users: &[Chained]) -> Chain {
    let item = |item: &loaded!(Item { keywords })| {
        let mut keywords = ids!(item.keywords());
        keywords.sort_unstable();
        (item.id, keywords)
    };
    let order =
        |order: &loaded!(Order { items { keywords } })| (order.id, order.items().iter().map(item).collect::<Graph>());
    users.iter().map(|user| (user.id, user.orders().iter().map(order).collect())).collect()
}

/// What [`all_under`] reads.
pub type All = loaded!(User { addresses, orders { items } });

/// The query of [`user_all`], with each of addresses, orders and items under its strategy, and the users in no order.
pub fn all_under([addresses, orders, items]: [Strategy; 3]) -> relata::Query<All> {
    let orders = User.orders.under(orders).with(Order.items.under(items));
    User::query().with(User.addresses.under(addresses)).with(orders)
}

/// The ids in what [`all_under`] loaded.
pub fn all_of(users: &[All]) -> Vec<(i32, Vec<i32>, Graph)> {
    let orders = |user: &All| user.orders().iter().map(|order| (order.id, ids!(order.items()))).collect();
    users.iter().map(|user| (user.id, ids!(user.addresses()), orders(user))).collect()
}

/// What [`whole`] reads: [`user_all`], with the rows of the table between orders and items.
pub type Whole = loaded!(User { addresses, orders { lines { item } } });

/// The query of [`user_all`] along that table, every collection in the order of its ids, the users in none.
pub fn whole() -> relata::Query<Whole> {
    User::query().with(User.addresses.order_by(Address.id.asc())).with(
        User.orders.order_by(Order.id.asc()).with(Order.lines.order_by(OrderItem.item_id.asc()).with(OrderItem.item)),
    )
}

/// The ids in what [`whole`] loaded.
pub fn graph_of(users: &[Whole]) -> Vec<(i32, Vec<i32>, Graph)> {
    let items = |order: &loaded!(Order { lines { item } })| {
        order.lines().iter().map(|line| line.item().id).collect::<Vec<i32>>()
    };
    let orders = |user: &Whole| user.orders().iter().map(|order| (order.id, items(order))).collect();
    users.iter().map(|user| (user.id, ids!(user.addresses()), orders(user))).collect()
}
