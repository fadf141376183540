//! Names that need their quotes: upper case, spaces, quotes, reserved words, what statements call things themselves, and
//! names as long as PostgreSQL has them.

use relata::prelude::*;
use relata::{Window, count, outer, raw, raw_predicate, row_number};

use crate::support::World;

#[derive(Entity, Debug, Clone, PartialEq)]
#[entity(table = "Select \"t0\" {}")]
#[has_many(lines: Vec<Line>, by = order)]
#[many_to_many(tags: Vec<Tag>, through = "my 'link'", by = (FROM, SELECT))]
struct Order {
    #[key]
    #[column(name = "Order")]
    order: i32,
    #[column(name = "with \"quotes\"")]
    quotes: String,
    #[column(name = "c0")]
    c0: i32,
    #[column(name = "ordinal")]
    ordinal: Option<i32>,
    #[column(name = "$1 {} ?")]
    gap: String,
}

#[derive(Entity, Debug, Clone, PartialEq)]
#[entity(table = "arrays")]
#[belongs_to(parent: Order, by = order)]
struct Line {
    #[key]
    #[column(name = "k0")]
    id: i32,
    #[column(name = "GROUP")]
    order: i32,
    #[column(name = "a_name_as_long_as_the_server_has_them_and_not_a_letter_longer_x")]
    long: i32,
    #[column(name = "n0")]
    n0: i32,
    #[column(name = "o0")]
    o0: Option<i32>,
    #[column(name = "h0")]
    h0: i32,
    #[column(name = "b0")]
    b0: i32,
}

#[derive(Entity, Debug, Clone, PartialEq)]
#[entity(table = "t1")]
struct Tag {
    #[key]
    #[column(name = "t0")]
    id: i32,
    #[column(name = "b\\s'")]
    slash: String,
}

#[derive(View, Debug, PartialEq)]
#[view(Order)]
struct Card {
    c0: i32,
    #[view(path = quotes)]
    quotes: String,
    #[view(max = lines.long)]
    most: Option<i32>,
    #[view(order_by = n0.desc(), limit = 2)]
    lines: Vec<LineCard>,
}

#[derive(View, Debug, PartialEq)]
#[view(Line)]
struct LineCard {
    long: i32,
    h0: i32,
    #[view(path = parent.gap)]
    gap: String,
}

async fn world() -> World {
    World::new(
        r#"CREATE TABLE "Select ""t0"" {}" ("Order" int PRIMARY KEY, "with ""quotes""" text NOT NULL, c0 int NOT NULL,
            ordinal int, "$1 {} ?" text NOT NULL);
        CREATE TABLE arrays (k0 int PRIMARY KEY, "GROUP" int NOT NULL,
            a_name_as_long_as_the_server_has_them_and_not_a_letter_longer_x int NOT NULL, n0 int NOT NULL, o0 int,
            h0 int NOT NULL, b0 int NOT NULL);
        CREATE TABLE t1 (t0 int PRIMARY KEY, "b\s'" text NOT NULL);
        CREATE TABLE "my 'link'" ("FROM" int, "SELECT" int);
        INSERT INTO "Select ""t0"" {}" VALUES (1, 'a', 10, 1, 'x'), (2, 'b', 20, NULL, 'y');
        INSERT INTO arrays VALUES (1, 1, 5, 3, 1, 7, 0), (2, 1, 6, 2, NULL, 8, 0), (3, 1, 7, 1, 2, 9, 0), (4, 2, 8, 1, 1, 9, 0);
        INSERT INTO t1 VALUES (1, 'one'), (2, 'two');
        INSERT INTO "my 'link'" VALUES (1, 1), (1, 1), (1, 2), (2, 2);"#,
    )
    .await
}

#[tokio::test]
async fn names_are_quoted_wherever_they_stand() {
    let world = world().await;
    let db = &world.pool;
    let each = Order.lines.each();
    let rows = Order::query().select((Order.quotes, each.long, each.parent.gap)).order_by(each.id.asc()).all(db).await;
    assert_eq!(rows.unwrap().len(), 4);
    let tags = Order::query().select((Order.order, Order.tags.each_or_null())).order_by(Order.order.asc());
    assert_eq!(tags.all(db).await.unwrap().len(), 3);
    let most = Order.lines.max(Line.long).filter(Line.n0.lt(outer(Order.c0)));
    let rows =
        Order::query().select((most, Order.tags.count(), Order.lines.any(Line.h0.eq(9)))).order_by(Order.order.asc());
    assert_eq!(rows.all(db).await.unwrap(), [(Some(7), 2, Some(true)), (Some(8), 1, Some(true))]);
    let groups = Line::query().group_by((Line.parent.gap, Line.order)).having(Line.long.sum::<i64>().gt(8));
    let groups = groups.select((Line.parent.gap, Line.order, count(), Line.long.array_agg().order_by(Line.n0.asc())));
    assert_eq!(groups.all(db).await.unwrap(), [("x".to_owned(), 1, 3, Some(vec![7, 6, 5]))]);
    let number = row_number().over(Window::new().partition_by(Line.parent.quotes).order_by(Line.long.desc()));
    assert_eq!(Line::query().select(number).order_by(Line.id.asc()).all(db).await.unwrap(), [3, 2, 1, 1]);
    let gaps = raw::<_, String>("{} || {} || '{ }'", (Order.gap, Order.quotes));
    let rows = Order::query().filter(raw_predicate("{} ~ {}", (Order.gap, "^[xy]$"))).select(gaps);
    assert_eq!(rows.order_by(Order.order.asc()).all(db).await.unwrap(), [Some("xa{ }".into()), Some("yb{ }".into())]);
    let either = Order::query().filter(Order.gap.eq("x")).union(Order::query().filter(Order.quotes.eq("b")));
    let either = either.order_by(Order.ordinal.asc()).limit(2).with(Order.lines.limit(2)).with(Order.tags);
    let either = either.all(db).await.unwrap();
    assert_eq!(
        either.iter().map(|order| (order.lines().len(), order.tags().len())).collect::<Vec<_>>(),
        [(2, 2), (1, 1)]
    );
}

#[tokio::test]
async fn what_a_statement_names_itself_is_free_to_be_a_column() {
    let world = world().await;
    let db = &world.pool;
    // Joined and limited, so that rows are chosen under names beside the table's own.
    let by = || Line.parent.c0.desc();
    for load in [Order.lines.joined(), Order.lines.select_in()] {
        for window in [false, true] {
            let mut load = load.clone().order_by(by()).order_by(Line.n0.asc()).limit(2).offset(1);
            if window {
                load = load.window();
            }
            let orders = Order::query().order_by(Order.lines.count().desc()).limit(2).with(load).all(db).await.unwrap();
            let lines: Vec<Vec<i32>> =
                orders.iter().map(|order| order.lines().iter().map(|line| line.id).collect()).collect();
            assert_eq!(lines, [vec![2, 1], vec![]]);
        }
    }
    let cards = Card::query().order_by(Order.lines.count().desc()).limit(1).all(db).await.unwrap();
    let line = |long, h0| LineCard { long, h0, gap: "x".into() };
    let expected = Card { c0: 10, quotes: "a".into(), most: Some(7), lines: vec![line(5, 7), line(6, 8)] };
    assert_eq!(cards, [expected]);
    let pages = |load: relata::Load<_, _, _>| Order::query().order_by(Order.order.asc()).with(load);
    let sorted = || Order.lines.order_by(Line.o0.desc()).order_by(Line.h0.asc());
    let first = pages(sorted().first(1)).all(db).await.unwrap();
    let next = first.iter().filter_map(|order| order.lines().next.clone());
    let rest = pages(sorted().after(next).first(5)).all(db).await.unwrap();
    assert_eq!(rest[0].lines().iter().map(|line| line.id).collect::<Vec<_>>(), [3, 1]);
    let by = Order::query().order_by(Order.gap.desc()).order_by(Order.ordinal.asc()).limit(1);
    let first = by.page(db).await.unwrap();
    let second = by.after(first.next).page(db).await.unwrap();
    assert_eq!((second.rows[0].order, second.next), (1, None));
    let locked = Order::query().filter(Order.lines.any(Line.long.gt(1))).limit(1).for_update().skip_locked();
    assert_eq!(locked.all(db).await.unwrap().len(), 1);
}
