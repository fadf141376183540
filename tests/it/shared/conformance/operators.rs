//! Group O: conditions across relations, several of them in one query.

use relata::prelude::*;

use crate::support::World;
use crate::support::stock::{self, Address, Item, ItemKeyword, Keyword, Order, OrderItem, User, ids};

/// The ids that a condition keeps, in their order.
macro_rules! keeps {
    ($world:expr, $entity:ident, $condition:expr) => {{
        let query = $entity::query().filter($condition).order_by($entity.id.asc());
        ids!(query.all(&$world.pool).await.unwrap())
    }};
}

/// By the many-to-many, and by the entity between.
fn contains(item: i32) -> [Predicate<Order>; 2] {
    [Order.items.any(Item.id.eq(item)), Order.lines.any(OrderItem.item_id.eq(item))]
}

#[tokio::test]
async fn o1_each_condition_across_a_relation_looks_at_all_of_its_rows() {
    let world = stock::world().await;
    let fred = || Address.email_address.eq("fred@fred.com");
    let some = User.addresses.any(Predicate::always());
    assert_eq!(keeps!(world, User, some.clone() & !User.addresses.any(fred())), [7, 8]);
    assert_eq!(keeps!(world, User, some & User.addresses.none(fred())), [7, 8]);
    // Two different addresses can meet one condition each.
    let both = User.addresses.any(Address.id.eq(2)) & User.addresses.any(Address.id.eq(4));
    assert_eq!(keeps!(world, User, both), [8]);
    assert_eq!(keeps!(world, User, User.addresses.any(Address.id.eq(2) & Address.id.eq(4))), [0; 0]);
}

#[tokio::test]
async fn o2_conditions_on_a_to_one_relation() {
    let world = stock::world().await;
    assert_eq!(keeps!(world, Address, Address.user.name.like("%ed%") & Address.user.id.eq(8)), [2, 3, 4]);
    assert_eq!(keeps!(world, Address, Address.user.any(User.name.like("%ed%") & User.id.eq(8))), [2, 3, 4]);
    assert_eq!(keeps!(world, Address, Address.user.name.like("%ed%")), [2, 3, 4, 5]);
}

#[tokio::test]
async fn o3_orders_that_contain_an_item() {
    let world = stock::world().await;
    for (three, five) in contains(3).into_iter().zip(contains(5)) {
        assert_eq!(keeps!(world, Order, three.clone()), [1, 2, 3]);
        assert_eq!(keeps!(world, Order, !three.clone()), [4, 5]);
        assert_eq!(keeps!(world, Order, three & five), [3]);
    }
    // Of one item, both at once; and all of the items.
    assert_eq!(keeps!(world, Order, Order.items.any(Item.id.eq(3) & Item.id.eq(5))), [0; 0]);
    assert_eq!(keeps!(world, Order, Order.items.every(Item.id.ge(3))), [3, 5]);
    assert_eq!(keeps!(world, Item, Item.orders.none(Order.isopen.eq(1))), [2]);
}

#[tokio::test]
async fn o4_an_or_of_two_conditions_gives_each_order_once() {
    let world = stock::world().await;
    for (three, five) in contains(3).into_iter().zip(contains(5)) {
        assert_eq!(keeps!(world, Order, three.clone() | five.clone()), [1, 2, 3, 4, 5]);
        assert_eq!(Order::query().filter(three | five).count(&world.pool).await.unwrap(), 5);
    }
}

#[tokio::test]
async fn o5_rows_without_a_target() {
    let world = stock::world().await;
    assert_eq!(keeps!(world, Order, Order.address_id.is_null()), [5]);
    assert_eq!(keeps!(world, Order, Order.address.id.is_null()), [5]);
    assert_eq!(keeps!(world, Address, Address.dingaling.id.is_null()), [1, 3, 4]);
    assert_eq!(keeps!(world, Address, Address.dingaling.none(Predicate::always())), [1, 3, 4]);
    assert_eq!(keeps!(world, User, User.addresses.none(Predicate::always())), [10]);
    assert_eq!(keeps!(world, Item, Item.tags.none(Predicate::always())), [4, 5]);
    assert_eq!(keeps!(world, Item, Item.keywords.none(Predicate::always())), [4, 5]);
    assert_eq!(keeps!(world, Keyword, Keyword.items.none(Predicate::always())), [1]);
    assert_eq!(keeps!(world, Item, Item.tags.keyword.none(Predicate::always())), [4, 5]);
    assert_eq!(keeps!(world, Address, Address.user_id.ne(8)), [1, 5]);
    assert_eq!(keeps!(world, Address, Address.user.id.ne(8)), [1, 5]);
}

#[tokio::test]
async fn o6_a_table_that_is_named_outside_and_inside_is_two() {
    let world = stock::world().await;
    // Addresses of a user who has address 4, also named outside the EXISTS.
    let condition = Address.user.name.eq("ed")
        & Address.user.addresses.any(Address.email_address.eq("ed@lala.com"))
        & Address.email_address.ne("ed@lala.com");
    assert_eq!(keeps!(world, Address, condition), [2, 3]);
    // Inside: the user of the order's address, not the order's own.
    let condition = Order.user.name.eq("fred") & Order.address.any(Address.user.name.eq("ed"));
    assert_eq!(keeps!(world, Order, condition), [2, 4]);
    // Nested: users with an order of an item that another order of somebody else has, too.
    let elsewhere = OrderItem.item.lines.any(OrderItem.order.user.name.eq("fred"));
    let condition = User.orders.any(Order.lines.any(elsewhere)) & User.name.ne("fred");
    assert_eq!(keeps!(world, User, condition), [7]);
    let elsewhere = Item.orders.any(Order.user.name.eq("fred"));
    let condition = User.orders.items.any(elsewhere) & User.name.ne("fred");
    assert_eq!(keeps!(world, User, condition), [7]);
    let red = Item.tags.any(ItemKeyword.keyword.name.eq("red")) & Item.lines.order.none(Order.id.eq(2));
    assert_eq!(keeps!(world, Item, red), [0; 0]);
    let square = Item.tags.any(ItemKeyword.keyword.name.eq("square")) & Item.lines.order.none(Order.id.eq(4));
    assert_eq!(keeps!(world, Item, square), [2]);
}

async fn addresses_of(world: &World, users: &[i32]) -> Vec<i32> {
    keeps!(world, Address, Predicate::any(users.iter().map(|&id| Address.user.id.eq(id))))
}

#[tokio::test]
async fn o7_conditions_on_several_parents_keep_a_value_each() {
    let world = stock::world().await;
    assert_eq!(addresses_of(&world, &[7]).await, [1]);
    assert_eq!(addresses_of(&world, &[7, 9]).await, [1, 5]);
    assert_eq!(addresses_of(&world, &[9, 8, 10]).await, [2, 3, 4, 5]);
    assert_eq!(addresses_of(&world, &[]).await, [0; 0]);
    let of_user_or_at = Order.user.id.eq(9) | Order.address.user.id.eq(7) & Order.user.id.eq(7);
    assert_eq!(keeps!(world, Order, of_user_or_at), [1, 2, 3, 4]);
}

#[tokio::test]
async fn o8_a_negated_comparison_and_null() {
    let world = stock::world().await;
    assert_eq!(keeps!(world, Order, !Order.address_id.eq(1)), [2, 4], "SQL's `NOT`: a NULL is neither");
    assert_eq!(keeps!(world, Order, Order.address_id.is_distinct_from(1)), [2, 4, 5]);
    assert_eq!(keeps!(world, Order, Order.address.id.is_distinct_from(1)), [2, 4, 5]);
    assert_eq!(keeps!(world, Order, !Order.address.any(Address.id.eq(1))), [2, 4, 5]);
    assert_eq!(keeps!(world, Order, Order.address.none(Address.id.eq(1))), [2, 4, 5]);
}
