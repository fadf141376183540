//! Relations of an entity to itself, conditions within conditions, and what `outer` means two levels down.

use relata::prelude::*;
use relata::{count, exists, outer, scalar};

use crate::support::World;
use crate::support::selected::same;

#[derive(Entity, Debug, Clone, PartialEq)]
#[entity(table = "people")]
#[belongs_to(boss: Option<Person>, by = boss_id)]
#[has_many(reports: Vec<Person>, by = boss_id)]
#[many_to_many(friends: Vec<Person>, through = "friends", by = (one, other))]
struct Person {
    #[key]
    id: i32,
    boss_id: Option<i32>,
    name: String,
    pay: i32,
}

async fn world() -> World {
    World::new(
        "CREATE TABLE people (id int PRIMARY KEY, boss_id int, name text NOT NULL, pay int NOT NULL);
        CREATE TABLE friends (one int, other int);
        INSERT INTO people VALUES (1, NULL, 'Ann', 9), (2, 1, 'Bob', 5), (3, 1, 'Cid', 7), (4, 2, 'Dan', 5), (5, 2, 'Eve', 3),
            (6, 6, 'Fay', 1);
        INSERT INTO friends VALUES (1, 1), (1, 2), (1, 2), (2, 3), (3, 4), (6, 1);",
    )
    .await
}

async fn ids(world: &World, condition: Predicate<Person>, sql: &str) {
    let query = Person::query().filter(condition).select((Person.id,)).order_by(Person.id.asc());
    same(&world.pool, &query, &format!("SELECT a.id FROM people a WHERE {sql} ORDER BY 1"), &[]).await;
}

#[tokio::test]
async fn conditions_within_conditions_of_one_entity_keep_their_rows_apart() {
    let world = world().await;
    let better = Person.reports.any(Person.reports.any(Person.pay.eq(outer(Person.pay))));
    let sql = "EXISTS (SELECT 1 FROM people b WHERE b.boss_id = a.id AND EXISTS (SELECT 1 FROM people c
        WHERE c.boss_id = b.id AND c.pay = b.pay))";
    ids(&world, better, sql).await;
    // Two levels up: the row around the one around.
    let above = Person.reports.any(Person.reports.any(Person.pay.lt(outer::<_, Person, _>(outer(Person.pay)) - 4)));
    let sql = "EXISTS (SELECT 1 FROM people b WHERE b.boss_id = a.id AND EXISTS (SELECT 1 FROM people c
        WHERE c.boss_id = b.id AND c.pay < a.pay - 4))";
    ids(&world, above, sql).await;
    // A path within `outer` is joined outside.
    let path = Person.reports.any(Person.name.gt(outer(Person.boss.name)) | Person.boss.boss.id.is_null());
    let sql = "EXISTS (SELECT 1 FROM people b LEFT JOIN people c ON c.id = b.boss_id WHERE b.boss_id = a.id
        AND (b.name > (SELECT name FROM people d WHERE d.id = a.boss_id) OR (SELECT id FROM people e WHERE e.id = c.boss_id) IS NULL))";
    ids(&world, path, sql).await;
    // A count within an aggregate's filter within a condition on groups of rows.
    let counts = Person.friends.count().filter(Person.reports.count().gt(Person.friends.count())).ge(1);
    let sql = "1 <= (SELECT count(*) FROM people b WHERE EXISTS (SELECT 1 FROM friends f WHERE (f.one, f.other) = (a.id, b.id))
        AND (SELECT count(*) FROM people c WHERE c.boss_id = b.id) > (SELECT count(DISTINCT other) FROM friends f WHERE f.one = b.id))";
    ids(&world, counts, sql).await;
    let inner = Person::query().filter(Person.boss_id.eq(outer(Person.id))).select(Person.pay.max());
    let most = Person.pay.gt(scalar(inner))
        | exists(
            Person::query()
                .filter(Person.friends.any(Person.id.eq(outer::<_, Person, _>(outer(Person.id)))))
                .filter(Person.id.gt(outer(Person.id))),
        );
    let sql = "a.pay > (SELECT max(pay) FROM people b WHERE b.boss_id = a.id) OR EXISTS (SELECT 1 FROM people b
        JOIN friends f ON f.one = b.id WHERE f.other = a.id AND b.id > a.id)";
    ids(&world, most, sql).await;
}

#[tokio::test]
async fn three_levels_of_one_relation_and_a_name_for_each_second_one() {
    let world = world().await;
    let db = &world.pool;
    let (one, two) = (Person.reports.each(), Person.reports.each().reports.each_or_null());
    let rows = Person::query().select((Person.id, one.id, two.id, two.boss.boss.name, two.reports.count()));
    let rows = rows.filter(two.friends.none(Person.id.eq(outer(Person.id))));
    let sql = "SELECT a.id, b.id, c.id, CASE WHEN c.id IS NOT NULL THEN (SELECT name FROM people e WHERE e.id = b.boss_id) END,
            (SELECT count(*) FROM people d WHERE d.boss_id = c.id)
        FROM people a JOIN people b ON b.boss_id = a.id LEFT JOIN people c ON c.boss_id = b.id
        WHERE NOT EXISTS (SELECT 1 FROM friends f WHERE f.one = c.id AND f.other = a.id) ORDER BY 1, 2, 3";
    let by = [Person.id.asc(), one.id.asc(), two.id.asc()];
    let rows = by.into_iter().fold(rows, |rows, by| rows.order_by(by));
    assert_eq!(same(db, &rows, sql, &[]).await.len(), 6);
    // A name of a name is the last name; the same name behind two paths is two joins.
    let (b, c) = (Person.reports.alias::<'b'>().each(), Person.reports.alias::<'b'>().alias::<'c'>().each());
    let pairs = Person::query().select((Person.id, b.id, c.id, b.boss.alias::<'b'>().name, c.boss.alias::<'b'>().pay));
    let pairs = pairs.filter(b.id.le(c.id)).order_by(Person.id.asc()).order_by(b.id.asc()).order_by(c.id.asc());
    let sql = "SELECT a.id, b.id, c.id, a.name, a.pay FROM people a JOIN people b ON b.boss_id = a.id
        JOIN people c ON c.boss_id = a.id WHERE b.id <= c.id ORDER BY 1, 2, 3";
    same(db, &pairs, sql, &[]).await;
    // Groups behind names.
    let groups = Person::query().filter(c.pay.gt(0)).group_by((Person.id, c.name)).select((
        Person.id,
        c.name,
        c.pay.sum::<i64>(),
        count(),
    ));
    let groups = groups.order_by(Person.id.asc()).order_by(c.name.asc());
    let sql = "SELECT a.id, c.name, sum(c.pay), count(*) FROM people a JOIN people c ON c.boss_id = a.id
        GROUP BY a.id, c.name ORDER BY 1, 2";
    same(db, &groups, sql, &[]).await;
}
