//! Reports on a shop, on a server that starts and ends with this program: `cargo run --example reports`.
//!
//! Columns along paths, joins that multiply rows, groups, windows, views and pages: each prints its SQL and some rows.

#![allow(clippy::print_stdout)]

mod model;

use deadpool_postgres::{Manager, Pool};
use relata::prelude::*;
use relata::{Cursor, Window, case, count, rank};
use relata_scratch::Scratch;
use tokio_postgres::NoTls;

use model::{Customer, Line, Order, OrderCard};

type Outcome = Result<(), Box<dyn std::error::Error>>;

#[tokio::main]
async fn main() -> Outcome {
    let scratch = Scratch::start()?;
    let db = Pool::builder(Manager::new(scratch.config(), NoTls)).max_size(4).build()?;
    db.get().await?.batch_execute(model::SCRIPT).await?;

    without_orders(&db).await?;
    countries(&db).await?;
    bought_together(&db).await?;
    best_of_each_country(&db).await?;
    cards(&db).await?;
    pages(&db).await
}

/// A question about absence, and a number beside each row.
async fn without_orders(db: &Pool) -> Outcome {
    println!("# Customers without an order in 2023, and how many they have\n");
    let query = Customer::query()
        .filter(Customer.orders.none(Order.year.eq(2023)))
        .order_by(Customer.id.asc())
        .select((Customer.name, Customer.orders.count()));
    println!("{}", query.to_sql());
    let customers: Vec<(String, i64)> = query.all(db).await?;
    for (name, orders) in customers.iter().take(3) {
        println!("{name}: {orders}");
    }
    println!("… {} in all\n", customers.len());
    Ok(())
}

/// Groups along a path, with a filter on one aggregate, and the kind of each group.
async fn countries(db: &Pool) -> Outcome {
    println!("# What each country spent\n");
    let spent = || (Line.quantity * Line.product.price).sum();
    let country = Line.order.customer.country;
    let query = Line::query().group_by(country).having(count().gt(10)).order_by(spent().desc()).select((
        country,
        spent(),
        spent().filter(Line.order.year.eq(2024)),
        Line.order.customer.id.count_distinct(),
        case(count().gt(240), "busy").otherwise("calm"),
    ));
    println!("{}", query.to_sql());
    for (country, all, last, customers, mood) in query.all(db).await? {
        println!("{country} ({mood}): {all:?} by {customers} customers, {last:?} of it in 2024");
    }
    println!();
    Ok(())
}

/// Two rows of one relation side by side, which is said out loud.
async fn bought_together(db: &Pool) -> Outcome {
    println!("# Products that are bought together\n");
    let (one, other) = (Order.lines.each(), Order.lines.alias::<'b'>().each());
    let query = Order::query()
        .filter(one.product_id.lt(other.product_id))
        .group_by((one.product.name, other.product.name))
        .order_by(count().desc())
        .order_by(one.product.name.asc())
        .order_by(other.product.name.asc())
        .limit(3)
        .select((one.product.name, other.product.name, count()));
    println!("{}", query.to_sql());
    for (one, other, times) in query.all(db).await? {
        println!("{one} and {other}: {times} times");
    }
    println!();
    Ok(())
}

/// A window function for each row, over what is counted for each row.
async fn best_of_each_country(db: &Pool) -> Outcome {
    println!("# The customers with the most orders in their country\n");
    let orders = Customer.orders.count();
    let place = rank().over(Window::new().partition_by(Customer.country).order_by(orders.clone().desc()));
    let query = Customer::query().order_by(Customer.country.asc()).order_by(Customer.id.asc()).select((
        Customer.country,
        Customer.name,
        orders,
        place,
    ));
    println!("{}", query.to_sql());
    for (country, name, orders, _) in query.all(db).await?.into_iter().filter(|row| row.3 == 1) {
        println!("{country}: {name}, {orders} orders");
    }
    println!();
    Ok(())
}

/// A struct whose fields are the query, with the first lines of each order.
async fn cards(db: &Pool) -> Outcome {
    println!("# Orders as cards: only what is shown is read\n");
    let query = OrderCard::query().filter(Order.year.eq(2024)).order_by(Order.id.asc()).limit(2);
    print!("{}{}", query.plan(), query.to_sql());
    for card in query.all(db).await? {
        println!("\norder {} of {}, {} lines", card.id, card.customer, card.size);
        for line in &card.lines {
            println!("  {} × {}", line.quantity, line.product);
        }
    }
    println!();
    Ok(())
}

/// A list as a web page has it: a cursor goes out as text and comes back.
async fn pages(db: &Pool) -> Outcome {
    println!("# A page after another, newest year first\n");
    let mut cursor: Option<String> = None;
    for number in 1..=3 {
        let after: Option<Cursor> = cursor.as_deref().map(str::parse).transpose()?;
        let query = Order::query().order_by(Order.year.desc()).limit(4).with(Order.customer).after(after);
        if number < 3 {
            println!("{}", query.to_sql());
        }
        let page = query.page(db).await?;
        for order in &page.rows {
            println!("{} order {} of {}", order.year, order.id, order.customer().name);
        }
        cursor = page.next.map(|next| next.to_string());
        println!("next: {}\n", cursor.as_deref().unwrap_or("none"));
    }
    Ok(())
}
